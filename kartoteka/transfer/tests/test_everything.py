"""A whole library leaves in one file for Anki."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from kartoteka.formats.anki.tests import making
from kartoteka.formats.base import Source
from kartoteka.formats.colpkg import format as colpkg
from kartoteka.library import access
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.transfer import actions, everything

NOW = 1_767_268_800_000
BIRD, CAT = (b"\x89PNG\r\n\x1a\n" + sign * 40 for sign in (b"b", b"c"))


def _bring(owner: Person, number: int, picture: bytes, log: bool) -> None:
    notes = [making.note(number, "<img src='a.png'>", f"what {number} is"), making.note(number + 1, f"word {number}", "[sound:none.mp3]")]
    cards = [making.card(number, number, deck=number, type=2, queue=2, ivl=9, reps=2), making.card(number + 1, number + 1, deck=number)]
    reviews = [(1_700_000_000_000 + number + at * 86_400_000, number, 0, 3, 4, 1, 2500, 900, 1) for at in range(2)] if log else []
    data = making.package(making.collection(notes, cards, reviews, decks={number: f"Deck {number}"}), media={"a.png": picture}, generation=3)
    actions.accept(actions.propose(owner, name="deck.apkg", data=data), now_ms=NOW)


@pytest.fixture
def library(anna: Person) -> Person:
    _bring(anna, 100, BIRD, log=True)
    _bring(anna, 200, CAT, log=False)
    actions.accept(actions.propose(anna, data=b"own term\town definition"), now_ms=NOW)
    return anna


@pytest.mark.parametrize("generation", ["latest", "legacy"])
def test_all_sets_leave_for_anki_with_answers_and_files_of_the_same_name(library: Person, tmp_path: Path, generation: str) -> None:
    place = tmp_path / "all.colpkg"
    with place.open("wb") as file:
        actions.write_all(library, "colpkg", file, {"generation": generation}, now_ms=NOW)
    bundle = colpkg.read(Source(name=place.name, path=place, folder=tmp_path / "media"), {})
    decks = {deck.title: deck for deck in bundle.decks}
    assert {"Deck 100", "Deck 200"} < set(decks)
    assert len(decks) == access.decks_of(library).count() == 3
    (bird,) = (card for note in decks["Deck 100"].notes for card in note.cards if card.reviews)
    assert [(review.at_ms, review.rating) for review in bird.reviews] == [(1_700_000_000_100, 3), (1_700_086_400_100, 3)]
    files = {one.name: one.sha256 for one in bundle.media}
    assert set(files.values()) == {hashlib.sha256(data).hexdigest() for data in (BIRD, CAT)}
    for title, data in (("Deck 100", BIRD), ("Deck 200", CAT)):
        name = next(name for name, sha256 in files.items() if sha256 == hashlib.sha256(data).hexdigest())
        assert f"src='{name}'" in decks[title].notes[0].fields["term"]


def test_only_a_format_that_holds_it_all_is_written(library: Person) -> None:
    with pytest.raises(NotThere):
        actions.write_all(library, "csv", io.BytesIO(), now_ms=NOW)


def test_nothing_of_anyone_else_goes_along(library: Person, cleo: Person) -> None:
    assert everything.library_of(cleo, now_ms=NOW).decks == ()
