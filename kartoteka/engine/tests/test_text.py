"""Clean HTML in plain words, and words made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.text import normal, plain, unclozed


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("two  words", "two words"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<p>One <b>bold</b> word.</p><p>Two.</p>", "One bold word.\nTwo."),
        ("first<br>second", "first\nsecond"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("<p>Why:</p><ul><li>War<ul><li>hunger</li><li>debt</li></ul></li><li>Luck</li></ul>", "Why:\n• War\n  • hunger\n  • debt\n• Luck"),
        ("<ul><li>War</li><ul><li>hunger</li></ul></ul>", "• War\n  • hunger"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ("<ul><li><p>one</p><p>more of it</p></li></ul>", "• one\n  more of it"),
        ('<img src="cat.png" alt="A cat"> sleeps', "A cat sleeps"),
        ('<img src="cat.png">', ""),
        ('<math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math> grows', "x^2 grows"),
        ("<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>\\frac12</annotation></semantics></math>", "\\frac12"),
        ("<math><mi>x</mi><mo>+</mo><mn>1</mn></math>", "x+1"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>です", "漢字(かんじ)です"),
        ("H<sub>2</sub>O, x<sup>2</sup>, the 19<sup>th</sup>", "H₂O, x², the 19th"),
        ("dog [sound:dog.mp3]", "dog"),
        ("{{c1::Paris::city}} lies in {{c2::{{c3::northern}} France}}", "Paris lies in northern France"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"),
        ("std::vector and {{c1::std::vector}}", "std::vector and std"),
        ("{{c1::never closed", "never closed"),
        ("{{c1::a::hint with {{ and {{c2::}} b", "a b"),
        ("<b>never closed", "never closed"),
        ("</ul></p>stray", "stray"),
        ("<p>כלב</p><p>dog</p>", "כלב\ndog"),
    ],
)
def test_clean_html_reads_as_plain_words(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paris", " paris. "),
        ("Don’t", "don't"),
        ("“Peace”", '"peace"'),
        ("1917–1924", "1917-1924"),
        ("ﬁsh", "fish"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("Straße", "STRASSE"),
        ("a\u00a0b", "a b"),
        ("co\u00adop", "coop"),
        ("東京。", "東京"),
        ("e\u0301te\u0301", "été"),
    ],
)
def test_texts_that_say_the_same_are_normal_alike(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_punctuation_alone_is_still_something() -> None:
    assert normal("?") == "?"
    assert normal("!") != normal("?")


@given(st.text())
def test_normal_is_settled_after_once(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text(alphabet="{}c1:: ab<>/ulip&;"))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    assert isinstance(plain(text), str)
    assert len(unclozed(text)) <= len(text)
