"""Mochi: EDN and Transit, sides, blanks, templates, answers; nothing in a file is ever run."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.mochi import format as mochi
from kartoteka.formats.mochi.notation import edn, transit

SAMPLES = Path(__file__).parent.parent / "samples"


def test_a_deck_comes_with_all_it_has() -> None:
    bundle = mochi.read(Source(name="cells.mochi", data=(SAMPLES / "cells.mochi").read_bytes()), {})
    (deck,) = bundle.decks
    assert deck.title == "Biology::Cells"
    first, second, third = deck.notes
    assert dict(first.fields) == {"term": "What makes ATP?", "definition": "<p>The <strong>mitochondrion</strong></p><hr /><p>in all plants</p>"}
    assert [(review.at_ms, review.rating) for review in first.cards[0].reviews] == [(1706745600000, 3), (1707091200000, 1)]
    assert first.tags == ("energy",)
    assert (second.kind, second.fields["term"]) == ("cloze", 'The {{c1::heart}} pumps {{c2::blood}} <img src="a.png" alt="" />')
    assert dict(third.fields) == {"term": "chat", "definition": "cat"}
    assert [problem.severity for problem in bundle.problems] == ["refused"]


def test_transit_with_its_codes_is_the_same_kind_of_deck() -> None:
    (deck,) = mochi.read(Source(name="transit.mochi", data=(SAMPLES / "transit.mochi").read_bytes()), {}).decks
    assert [dict(note.fields) for note in deck.notes] == [{"term": "a", "definition": "b"}, {"term": "c", "definition": "d"}]
    assert deck.notes[0].tags == ("x",)


def test_pictures_are_laid_where_media_wait(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("data.edn", '{:decks [{:id :d :name "D" :cards ({:id :c :content "a ![](@media/a.png)\\n---\\nb"})}]}')
        box.writestr("../../a.png", b"\x89PNG")
    folder = tmp_path / "media"
    (file,) = mochi.read(Source(name="x.mochi", data=out.getvalue(), folder=folder), {}).media
    assert (file.name, file.path.parent) == ("a.png", folder)
    assert [lying.name for lying in tmp_path.iterdir()] == ["media"]


def test_notations_are_values() -> None:
    assert edn('{:a [1 2.5 nil true] :b #{"x"} #_ 7 :c "q\\n\\u0041" ; note\n}') == {":a": [1, 2.5, None, True], ":b": ["x"], ":c": "q\nA"}
    assert transit('["^ ","~:name","~~x","~:n","~i5"]') == {":name": "~x", ":n": 5}


@pytest.mark.parametrize("text", ["#=(eval 1)", "#foo/bar 1", "[" * 5000, "{:a", ")", "", "[" * 5000 + "]" * 5000])
def test_hostile_notation_ends_in_one_sentence(text: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("data.edn", text)
    with pytest.raises(Unreadable) as told:
        mochi.read(Source(name="x.mochi", data=out.getvalue()), {})
    assert str(told.value).endswith(".")


def test_cards_in_the_bin_stay_there() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("data.edn", '{:decks [{:id :d :name "D" :cards ({:id :a :content "x\\n---\\ny"} {:id :b :content "z" :trashed? #inst "2024-01-02"})}]}')
    bundle = mochi.read(Source(name="x.mochi", data=out.getvalue()), {})
    assert [note.guid for note in bundle.decks[0].notes] == ["a"]
    assert [(problem.where, problem.severity) for problem in bundle.problems] == [("card 2", "info")]
