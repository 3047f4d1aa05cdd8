"""Mnemosyne: XML, pickles that are never run, exchange files, and collections with their history."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.mnemosyne import format as mnemosyne

SAMPLES = Path(__file__).parent.parent / "samples"
HEADER = b"--- Mnemosyne Data Base --- Format Version 3 ---\n"


def sample(name: str) -> Source:
    return Source(name=name, data=(SAMPLES / name).read_bytes())


def test_two_directions_and_three_sides_are_one_note_each() -> None:
    (deck,) = mnemosyne.read(sample("first.xml"), {}).decks
    first, second = deck.notes
    assert (dict(first.fields), first.tags) == ({"term": "chat", "definition": "cat"}, ("French",))
    assert [card.ordinal for card in first.cards] == [0, 1]
    assert first.cards[0].standing["due_day"] == 20
    assert (dict(second.fields), second.tags) == ({"term": "eau", "definition": "oh<br>water"}, ())


def test_a_pickle_is_read_and_never_run() -> None:
    (note,) = mnemosyne.read(sample("first.mem"), {}).decks[0].notes
    assert (dict(note.fields), note.tags, note.guid) == ({"term": "chat", "definition": "cat"}, ("French",), "a1")


@pytest.mark.parametrize("body", [b"cposix\nsystem\n(S'true'\ntR.", b"(lp1\n", b"", b"\x80\x04\x95\xff", b"c__builtin__\neval\n.", b"(i__builtin__\neval\n."])
def test_a_pickle_that_would_run_something_ends_in_a_sentence(body: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        mnemosyne.read(Source(data=HEADER + body), {})
    assert str(told.value).endswith(".")


def test_an_exchange_file_has_both_directions_and_blanks() -> None:
    bundle = mnemosyne.read(sample("second.cards"), {})
    (deck,) = bundle.decks
    assert deck.title == "Animals"
    first, second = deck.notes
    assert [(card.ordinal, card.standing.get("reps")) for card in first.cards] == [(0, 3.0), (1, None)]
    assert (second.kind, second.fields["term"]) == ("cloze", "The {{c1::heart}} pumps {{c2::blood::a liquid}}.")
    assert len(bundle.problems) == 1


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    path = tmp_path / "default.db"
    rows = sqlite3.connect(path)
    rows.executescript(
        """CREATE TABLE facts(_id integer primary key, id text);
        CREATE TABLE data_for_fact(_fact_id integer, key text, value text);
        CREATE TABLE cards(_id integer primary key, id text, card_type_id text, _fact_id integer, fact_view_id text, grade integer, next_rep integer,
            last_rep integer, easiness real, acq_reps integer, ret_reps integer, lapses integer, active boolean);
        CREATE TABLE tags(_id integer primary key, id text, name text);
        CREATE TABLE tags_for_card(_card_id integer, _tag_id integer);
        CREATE TABLE log(_id integer primary key, event_type integer, timestamp integer, object_id text, grade integer, thinking_time integer);
        INSERT INTO facts VALUES (1, 'f1'), (2, 'f2');
        INSERT INTO data_for_fact VALUES (1, 'f', 'chat'), (1, 'b', 'cat');
        INSERT INTO cards VALUES (1, 'c1', '1', 1, '1.1', 4, 1700000000, 1690000000, 2.5, 1, 3, 0, 0), (2, 'c2', '1', 9, '1.1', -1, -1, -1, 2.5, 0, 0, 0, 1);
        INSERT INTO tags VALUES (1, 't', 'French');
        INSERT INTO tags_for_card VALUES (1, 1);
        INSERT INTO log VALUES (1, 9, 1600000000, 'c1', 4, 3), (2, 9, 1610000000, 'c1', 1, 5), (3, 6, 1610000000, 'c1', NULL, NULL);"""
    )
    rows.close()
    return path


def test_a_collection_brings_its_answers(collection: Path) -> None:
    bundle = mnemosyne.read(Source(name="default.db", path=collection), {})
    (note,) = bundle.decks[0].notes
    (card,) = note.cards
    assert [(review.at_ms, review.rating, review.took_ms) for review in card.reviews] == [(1600000000000, 3, 3000), (1610000000000, 1, 5000)]
    assert card.suspended
    assert card.standing["due_s"] == 1700000000
    assert note.tags == ("French",)
    assert len(bundle.problems) == 2


def test_a_view_in_place_of_a_table_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "evil.db"
    rows = sqlite3.connect(path)
    rows.executescript(
        "CREATE TABLE data_for_fact(_fact_id, key, value); CREATE TABLE cards(_id); CREATE VIEW facts AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS _id, x AS id FROM n;"
    )
    rows.close()
    with pytest.raises(Unreadable, match="no facts"):
        mnemosyne.read(Source(name="evil.db", path=path), {})


def test_half_a_collection_ends_in_a_sentence(collection: Path) -> None:
    data = collection.read_bytes()
    with pytest.raises(Unreadable):
        mnemosyne.read(Source(data=data[: len(data) // 3]), {})
