"""Formulas in a line of text: in lists and titles nobody meets their source."""

from __future__ import annotations

import pytest

from kartoteka.engine.formulas import in_words
from kartoteka.engine.notes import side_of
from kartoteka.engine.text import plain
from kartoteka.library import actions, queries
from kartoteka.library.clean import clean
from kartoteka.library.maths import read_out
from kartoteka.people.models import Person


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"x^2", "x²"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{a+b}{2a}", "(a + b)/2a"),
        (r"x_{1,2}=\frac{-b\pm\sqrt{b^2-4ac}}{2a}", "x_(1,2) = (−b ± √(b² − 4ac))/2a"),
        (r"e^{i\pi}+1=0", "e^(iπ) + 1 = 0"),
        (r"\sum_{k=1}^n k", "∑ₖ₌₁ⁿ k"),
        (r"\int_0^1 x\,dx", "∫₀¹ x dx"),
        (r"\lim_{n\to\infty}\left(1+\frac{1}{n}\right)^n", "lim n→∞ (1 + 1/n)ⁿ"),
        (r"(f\circ g)'(x)=f'(g(x))\cdot g'(x)", "(f ∘ g)′(x) = f′(g(x)) · g′(x)"),
        (r"\sin^2\alpha+\cos^2\alpha", "sin² α + cos² α"),
        (r"n\log n", "n log n"),
        (r"\vec{v}", "v⃗"),
        (r"\sqrt[3]{x+1}", "³√(x + 1)"),
        (r"\binom{n}{k}", "(n k)"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
        (r"H_2O", "H₂O"),
        (r"10^{-3}", "10⁻³"),
        (r"90^\circ", "90°"),
        (r"\text{if } x<0", "if x < 0"),
        (r"a=-1", "a = −1"),
    ],
)
def test_a_formula_is_read_in_a_line(tex: str, words: str) -> None:
    html = clean(rf"<p>Before \({tex}\) after</p>")
    assert in_words(plain(html), html) == f"Before {words} after"
    assert read_out(rf"Before \({tex}\) after") == f"Before {words} after"


def test_what_is_no_formula_stays_as_it_was_written() -> None:
    for text in ("snake_case^2", "$5 and $6", r"C:\temp", "a < b & c", r"\(unclosed", ""):
        assert read_out(text) == text
        assert in_words(text, "<p>no formula</p>") == text
    assert in_words("snake_case x^2", clean(r"<p>snake_case \(x^2\)</p>")) == "snake_case x²"


def test_the_points_of_a_list_are_read_too() -> None:
    html = clean(r"<ul><li>\(a^2\) first</li><li>then \(\frac{b}{c}\)</li></ul>")
    side = side_of(html, plain(html))
    assert [in_words(point.alone, side.html) for point in side.points] == ["a² first", "then b/c"]
    assert "\\" not in side.said


@pytest.mark.django_db
def test_a_set_and_its_cards_are_listed_in_words() -> None:
    deck = actions.make_deck(Person.objects.create(name="Anna"), title=r"Analysis \(x^2\)")
    note = actions.add_note(deck, term=r"Half of \(x^2\)", definition=r"\[\frac{x^2}{2}\]")
    assert (deck.title, deck.shown_title) == (r"Analysis \(x^2\)", "Analysis x²")
    assert (note.shown_term, note.shown_definition) == ("Half of x²", "x²/2")
    assert list(queries.terms_of(deck, [card.id for card in queries.cards_of(deck)]).values()) == ["Half of x²"]
