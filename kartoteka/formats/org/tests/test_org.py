"""Org: three ways to write cards, broken drawers, marks as HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.org import format as org
from kartoteka.formats.org.outline import html_of

SAMPLE = Path(__file__).parent.parent / "samples" / "cards.org"


def test_each_way_to_write_a_card() -> None:
    (deck,) = org.read(Source(name="cards.org", data=SAMPLE.read_bytes()), {}).decks
    assert deck.title == "Biology"
    assert [(note.fields["term"], note.fields["definition"]) for note in deck.notes] == [
        ("What makes ATP?", "The <b>mitochondrion</b>."),
        ("The {{c1::heart}} pumps {{c2::blood::a liquid}}.", ""),
        ("What is 2+2?", "4"),
        ("chat", "cat"),
    ]
    first = deck.notes[0]
    assert (first.guid, first.tags) == ("9f80ab65", ("school", "cell"))
    assert [(card.ordinal, card.standing.get("interval")) for card in first.cards] == [(0, 12.0), (1, None)]
    assert deck.notes[3].tags == ("school", "x", "y")


def test_a_drawer_that_never_closes_costs_nothing() -> None:
    text = "* Word :fc:\n:PROPERTIES:\n:FC_TYPE: normal\n:END:\n:REVIEW_DATA:\n| position | due |\n| front | 2020 |\nBody\n* Next :fc:\nb\n"
    bundle = org.read(Source(data=text.encode()), {})
    assert [note.fields["definition"] for note in bundle.decks[0].notes] == ["Body", "b"]
    assert any("not closed" in problem.what for problem in bundle.problems)


def test_a_file_without_cards_says_so() -> None:
    with pytest.raises(Unreadable, match="No heading"):
        org.read(Source(name="x.org", data=b"* Only notes\nwords\n"), {})


def test_marks_become_html() -> None:
    assert html_of("a *b* /c/ =d= [[https://example.org][e]] \\(x_1\\)") == 'a <b>b</b> <i>c</i> <code>d</code> <a href="https://example.org">e</a> \\(x_1\\)'
    assert html_of("- one\n- two") == "<ul><li>one</li><li>two</li></ul>"
