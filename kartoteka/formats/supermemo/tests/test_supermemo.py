"""SuperMemo: collections and lists of questions, with what was learnt of them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.supermemo import format as supermemo

SAMPLES = Path(__file__).parent.parent / "samples"


def test_a_collection_keeps_its_topics_as_tags_and_its_intervals() -> None:
    bundle = supermemo.read(Source(name="collection.xml", data=(SAMPLES / "collection.xml").read_bytes()), {})
    (deck,) = bundle.decks
    assert deck.title == "Polish"
    assert [dict(note.fields) for note in deck.notes] == [{"term": "dom", "definition": "<b>house</b>"}, {"term": "kot", "definition": "cat"}]
    assert deck.notes[0].tags == ("Polish::Words",)
    assert dict(deck.notes[0].cards[0].standing) == {"reps": 3, "lapses": 0, "ease": 5.701, "interval_days": 12, "last": "2002-09-19"}
    assert [problem.severity for problem in bundle.problems] == ["refused"]


def test_questions_and_answers_run_over_several_lines() -> None:
    (deck,) = supermemo.read(Source(name="qa.txt", data=(SAMPLES / "qa.txt").read_bytes()), {}).decks
    assert [dict(note.fields) for note in deck.notes] == [
        {"term": "Capital of Poland", "definition": "Warszawa"},
        {"term": "Two lines<br>of a question 至", "definition": "one<br>more <b>bold</b>"},
        {"term": "no answer yet", "definition": ""},
    ]
    assert deck.notes[1].cards[0].standing["last"] == "2006-01-27"


def test_entities_of_its_own_are_not_read() -> None:
    text = '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/hostname">]><SuperMemoCollection><SuperMemoElement>&x;</SuperMemoElement></SuperMemoCollection>'
    with pytest.raises(Unreadable, match="entities"):
        supermemo.read(Source(data=text.encode()), {})


def test_a_deck_of_the_palm_keeps_its_category_and_what_was_learnt() -> None:
    (deck,) = (bundle := supermemo.read(Source(name="palm.xml", data=(SAMPLES / "palm.xml").read_bytes()), {})).decks
    assert [dict(note.fields) for note in deck.notes] == [{"term": "kawa", "definition": "café &amp; coffee"}, {"term": "herbata", "definition": "tea"}]
    assert deck.notes[0].tags == ("Drinks",)
    assert dict(deck.notes[0].cards[0].standing) == {"reps": 5, "lapses": 1, "interval_days": 38, "due": "2004-05-10"}
    assert not deck.notes[1].cards
    assert [problem.severity for problem in bundle.problems] == ["refused"]


def test_questions_that_are_never_answered_take_no_time() -> None:
    started = time.process_time()
    (note,) = supermemo.read(Source(data=b"Q: a\n" * 50_000), {}).decks[0].notes
    assert note.fields["definition"] == ""
    assert time.process_time() - started < 2
