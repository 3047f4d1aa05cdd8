"""Lines become HTML and come back as the same lines."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.formats import marks
from kartoteka.formats.markdown import format as markdown
from kartoteka.formats.markdown import plain
from kartoteka.formats.prose import html_of, is_plain, lines_of


@pytest.mark.parametrize(
    ("lines", "html"),
    [
        ("Stroma", "Stroma"),
        ("  a < b & c > d  ", "a &lt; b &amp; c &gt; d"),
        ("one\ntwo", "one<br>two"),
        ("one\n\ntwo\nthree", "<p>one</p><p>two<br>three</p>"),
        ("  • a\n\n    • b\n\n    • c\n\n  • d", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"),
        ("• a\n  • b\n    • c\n• d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("    • in\n\n  • out", "<ul><li>in</li><li>out</li></ul>"),
        ("\u00a0\u00a0•\u00a0a\n\u00a0\u00a0\u00a0\u00a0• b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("Before\n• a\n\nAfter", "<p>Before</p><ul><li>a</li></ul><p>After</p>"),
        ("• a\n  goes on\n• b", "<ul><li>a<br>goes on</li><li>b</li></ul>"),
        ("•\nits text below\n•\nb", "<ul><li>its text below</li><li>b</li></ul>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- 5", "- 5"),
        ("a\u2028b\u2029c", "<p>a<br>b</p><p>c</p>"),
        ("", ""),
        (" \n\n ", ""),
    ],
)
def test_lines_become_paragraphs_and_nested_lists(lines: str, html: str) -> None:
    assert html_of(lines) == html


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<div>a</div><div>b</div>", "a\n\nb"),
        ("<ul>\n <li><p>a</p><p>b</p></li>\n <li>c</li>\n</ul>", "• a\n  b\n• c"),
        ("x<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>y", "x\n1. a\n2. b\n  • c\n\ny"),
        ("<b>a</b>&nbsp;&lt;b<script>alert(1)</script>", "a\u00a0<b"),
        ('<img src="a/b.png"><img alt="a cell" src="c.png">', "b.pnga cell"),
        ("<p></p><p><br></p>", ""),
        ("</ul></li></p>a", "a"),
        ("a\n  b", "a b"),
    ],
)
def test_any_html_has_lines(html: str, lines: str) -> None:
    assert lines_of(html) == lines


def test_only_what_plain_lines_can_say_is_plain() -> None:
    assert is_plain("a &lt;b&gt; c")
    assert is_plain("<p>a</p><UL><li>b<br/></li></UL>")
    assert not is_plain("<b>a</b>")
    assert not is_plain("<img src=x>")


def test_a_list_of_a_thousand_levels_stays_shallow() -> None:
    html = html_of("\n".join(f"{' ' * level}• {level}" for level in range(1000)))
    assert html.count("<ul>") == html.count("</ul>") == 12
    assert html.count("<li>") == html.count("</li>") == 1000


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=12).filter(
    lambda word: word[0] not in "•◦▪▫‣●○∙⁃■□➢➤-–*"
)
lines_drawn = st.lists(words, min_size=1, max_size=3).map(" ".join)
items = st.lists(st.tuples(st.integers(0, 3), lines_drawn), min_size=1, max_size=5).map(
    lambda drawn: "\n".join("  " * depth + "• " + line for depth, line in drawn)
)
text_drawn = st.lists(st.one_of(lines_drawn, items, st.tuples(lines_drawn, lines_drawn).map("\n".join)), min_size=1, max_size=4).map("\n\n".join)


@given(text_drawn)
def test_what_lines_became_comes_back_the_same(text: str) -> None:
    html = html_of(text)
    assert html_of(lines_of(html)) == html


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    html = html_of(text)
    again = html_of(lines_of(html))
    assert again.count("<ul>") == again.count("</ul>")
    assert lines_of(again).split() == lines_of(html).split()


UNITS = ("<!--", "<a", "<a ", "<a b='", "</", "<?", "<![CDATA[", "<ul><li>", "<script>", "&#", "\\\\[", "\\\\(", "$$", "==a", " ", "- ", "|-", "```\n~~~\n")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "work",
    [lines_of, marks.markdown_of, marks.masked, lambda text: list(plain.blocks_in(text)), lambda text: markdown.recognises(text.encode()[:65536], "x.md")],
)
def test_signs_that_are_never_closed_take_no_time(work: Callable[[str], object], unit: str) -> None:
    started = time.process_time()
    work(unit * (100_000 // len(unit)) + "!")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <!-- said --> b <!-- never closed", "a b <!-- never closed"),
        ('<a href="x>y">z</a>', "z"),
        ("<p title=it's>q</p>", "q"),
        ("a <b", "a <b"),
    ],
)
def test_what_is_no_tag_is_text(html: str, lines: str) -> None:
    assert " ".join(lines_of(html).split()) == lines
