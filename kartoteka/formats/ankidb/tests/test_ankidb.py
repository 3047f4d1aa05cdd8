"""Decks of Anki 1 and bare collections."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.anki.tests import making
from kartoteka.formats.ankidb import format as ankidb
from kartoteka.formats.base import Source, Unreadable

SAMPLE = Path(__file__).parents[1] / "samples" / "old.anki"


def test_a_deck_of_anki_1_keeps_its_cards_schedule_and_answers() -> None:
    bundle = ankidb.read(Source(name="Birds.anki", path=SAMPLE), {})
    kite, wren = bundle.decks[0].notes
    assert ankidb.recognises(SAMPLE.read_bytes()[:65536], "Birds.anki") > 0.9
    assert bundle.decks[0].title == "Birds"
    assert wren.fields == {"term": "wren", "definition": "a small bird"}
    assert wren.tags == ("birds", "song")
    assert [(card.ordinal, card.suspended, card.sides) for card in wren.cards] == [(0, False, None), (1, True, None)]
    assert [(one.at_ms, one.rating, one.took_ms) for one in wren.cards[0].reviews] == [(1_300_000_100_250, 3, 4500), (1_300_200_000_500, 4, 2000)]
    assert wren.cards[0].standing["anki"][2:6] == [2, 2, 10, 6]
    assert kite.cards[0].reviews == ()


def test_a_bare_collection_is_read_like_a_package(tmp_path: Path) -> None:
    (tmp_path / "collection.anki2").write_bytes(making.collection([making.note(1, "a", "b")], [making.card(1, 1)]))
    assert ankidb.read(Source(name="collection.anki2", path=tmp_path / "collection.anki2"), {}).notes == 1


@pytest.mark.parametrize("data", [b"", b"nothing", ankidb.MAGIC + b"\0" * 500, SAMPLE.read_bytes()[:3000]])
def test_what_is_no_deck_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        ankidb.read(Source(name="x.anki", data=data), {})
