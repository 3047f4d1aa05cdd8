"""An Anki deck comes into a library and leaves it again, with everything."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from kartoteka.formats.anki.tests import making
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.apkg.tests.test_apkg import said
from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.library import queries as library
from kartoteka.library.models import Card, Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Logged, Mark, Memory
from kartoteka.study.replaying import wrong_memories
from kartoteka.transfer import actions

SAMPLE = Path(apkg.__file__).parent / "samples" / "latest.apkg"
NOW_MS = 1_700_100_000_000


def brought(anna: Person, path: Path = SAMPLE) -> actions.Report:
    return actions.accept(actions.propose(anna, name=path.name, path=path), now_ms=NOW_MS)


def read(data: bytes, tmp_path: Path) -> Bundle:
    (tmp_path / "out.apkg").write_bytes(data)
    return apkg.read(Source(name="out.apkg", path=tmp_path / "out.apkg", folder=tmp_path / "media"), {})


@pytest.mark.django_db
def test_an_anki_deck_comes_in_whole(anna: Person) -> None:
    report = brought(anna)
    assert [(deck.title, deck.notes, deck.cards, deck.media, deck.reviews) for deck in report.decks] == [("French", 3, 5, 2, 4), ("French::Verbs", 1, 1, 1, 0)]
    french = Deck.objects.get(owner=anna, title="French")
    assert sorted(Card.objects.filter(deck=french).values_list("kind", flat=True)) == ["cloze-1", "cloze-2", "forward", "forward", "reversed"]
    assert Mark.objects.filter(learner=anna, suspended=True).count() == 1
    assert Mark.objects.get(learner=anna, flag=3).foreign["anki"][5] == 12
    assert Logged.objects.filter(learner=anna, mode="imported").count() == 4
    assert Memory.objects.filter(learner=anna).count() == 2
    assert list(wrong_memories()) == []
    cloze = next(item for item in library.items_of(french).values() if item.back.kind == "cloze" and "[country]" in item.front.html)
    assert "<mark>France</mark>" in cloze.back.html
    assert "<math" in Deck.objects.get(title="French::Verbs").notes.get().term


@pytest.mark.django_db
def test_coming_in_again_changes_nothing(anna: Person) -> None:
    brought(anna)
    before = _rows(anna)
    report = brought(anna)
    assert report.counts == {"new": 0, "same": 4, "changed": 0, "refused": 0}
    assert _rows(anna) == before


def _rows(anna: Person) -> dict[str, Any]:
    models = (Card, Logged, Memory, Mark)
    return {model.__name__: sorted(model.objects.values_list("id", flat=True)) for model in models}


@pytest.mark.django_db
@pytest.mark.parametrize("generation", ["latest", "legacy"])
def test_what_came_from_anki_leaves_as_it_came(anna: Person, generation: str, tmp_path: Path) -> None:
    report = brought(anna)
    there = said(apkg.read(Source(name="x.apkg", path=SAMPLE, folder=tmp_path / "there"), {}))
    for deck in report.decks:
        out = io.BytesIO()
        actions.write(Deck.objects.get(id=deck.id), "apkg", out, {"generation": generation}, learner=anna, now_ms=NOW_MS)
        here = said(read(out.getvalue(), tmp_path))
        assert here["notes"] == {guid: there["notes"][guid] for guid in here["notes"]}
        assert here["media"].items() <= there["media"].items()


@pytest.mark.django_db
def test_nobody_elses_answers_leave_with_a_deck(anna: Person, tmp_path: Path) -> None:
    report = brought(anna)
    out = io.BytesIO()
    actions.write(Deck.objects.get(id=report.decks[0].id), "apkg", out, learner=None, now_ms=NOW_MS)
    bundle = read(out.getvalue(), tmp_path)
    assert not [card for deck in bundle.decks for note in deck.notes for card in note.cards if card.reviews or card.suspended]


def test_a_collection_without_a_note_is_called_empty_and_nobody_speaks_of_tabs_between_sides() -> None:
    with pytest.raises(Unreadable, match=r"^This file was read as Anki package \(\.apkg\) and holds no card\."):
        actions.read(Source(name="empty.apkg", data=making.package(making.collection([], []))), {})


@pytest.mark.django_db
def test_a_card_of_overlapping_blanks_asks_its_own_field_alone(anna: Person, tmp_path: Path) -> None:
    said = making.note_type(5, ("Text1", "Text2", "Full"), [("{{cloze:Text1}}{{cloze:Text2}}", "{{cloze:Text1}}{{cloze:Text2}}<hr>{{Full}}")], cloze=True)
    row = making.note(1, "{{c1::one}} two", "one {{c2::two}}", "one two three", type=5)
    place = tmp_path / "overlapping.apkg"
    place.write_bytes(making.package(making.collection([row], [making.card(1, 1), making.card(2, 1, ord=1)], types=[said])))
    brought(anna, place)
    items = sorted(library.items_of(Deck.objects.get(owner=anna)).values(), key=lambda item: item.front.html)
    assert [item.front.html for item in items] == ["<mark>[…]</mark> two", "one <mark>[…]</mark>"]
    assert [item.back.html for item in items] == ["<mark>one</mark> two<hr>one two three", "one <mark>two</mark><hr>one two three"]
    assert [[point.text for point in item.back.points] for item in items] == [["one"], ["two"]]
