"""Formulas as one reads them in a line: where they are shown, never where answers are marked."""

from __future__ import annotations

from kartoteka.engine import asking
from kartoteka.engine.formulas import in_words
from kartoteka.engine.items import Item
from kartoteka.engine.notes import side_of
from kartoteka.engine.text import plain

FRACTION = '<math alttext="\\frac{b}{c}"><mfrac><mi>b</mi><mi>c</mi></mfrac></math>'


def test_a_source_is_read_out_where_it_was_taken_from_this_markup_alone() -> None:
    assert in_words("gives \\frac{b}{c} here", f"<p>gives {FRACTION} here</p>") == "gives b/c here"
    assert in_words("gives \\frac{b}{c} here", "<p>gives it here</p>") == "gives \\frac{b}{c} here"
    assert in_words("left as it is", "<math><broken") == "left as it is"


def test_a_point_asked_alone_reads_its_formulas_out() -> None:
    html = f"<ul><li>the quotient rule gives {FRACTION} here</li><li>the other point</li></ul>"
    card = Item("a" * 32, "b" * 32, "d" * 32, side_of("Rules", "Rules", term=True), side_of(html, plain(html)))
    question = asking.points(card, {card.id: card}, point=0)
    assert question is not None
    assert question.answer.html == "<p>the quotient rule gives b/c here</p>"
    assert question.rubric is not None
    assert "\\frac{b}{c}" in question.rubric.accepted[0], "it is marked by its source"
