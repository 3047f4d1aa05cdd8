"""A deck from outside: once it is new, again it is the same, and history stays."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from kartoteka.formats.base import BundleCard, BundleDeck, BundleMedia, BundleNote
from kartoteka.library import access, actions, adding, queries
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.refusals import TooMuch

NOW = 1_767_268_800_000


def row(term: str, definition: str, **more: Any) -> BundleNote:
    return BundleNote({"term": term, "definition": definition}, **{"where": f"line of {term}", **more})


def add(owner: Person, *notes: BundleNote, into: Deck | None = None, media: Any = None) -> actions.Added:
    return actions.add(owner, BundleDeck("Birds", notes, "<p>All of them</p>", ("zoo",), "src-1", ("la", "en")), into=into, media=media or {}, now_ms=NOW)


def test_a_new_set_has_all_that_the_deck_says(anna: Person) -> None:
    added = add(anna, row("Parus", "<b onclick=x>tit</b>"), row("Larus", "gull"))
    deck = access.deck_to_edit(anna, added.deck.id)
    assert (deck.title, deck.description, deck.tags, deck.source, deck.term_lang, deck.definition_lang) == (
        "Birds",
        "<p>All of them</p>",
        ["zoo"],
        "src-1",
        "la",
        "en",
    )
    assert (added.new, added.same, added.changed, added.cards) == (2, 0, 0, 2)
    first = queries.notes_of(deck)[0]
    assert (first.definition, first.definition_text, first.original) == ("<b>tit</b>", "tit", {"definition": "<b onclick=x>tit</b>"})
    assert {str(id.hex) for id in added.card_ids.values()} == {card.id for card in queries.cards_of(deck)}
    assert [deck.id for deck in access.public_decks("birds")] == []
    assert [one.id for one in queries.find(anna, "birds zoo").mine] == [deck.id]


def test_the_same_again_changes_nothing(anna: Person) -> None:
    notes = row("Parus", "<b onclick=x>tit</b>"), row("Larus", "gull"), row("Larus", "another gull"), row("", "\\(x\\)")
    first = add(anna, *notes)
    again = add(anna, *notes, into=first.deck)
    assert (again.new, again.same, again.changed) == (0, 4, 0)
    assert again.card_ids == first.card_ids
    assert set(Note.objects.values_list("version", flat=True)) == {1}


def test_what_changed_changes_and_keeps_its_cards(anna: Person) -> None:
    first = add(anna, row("Parus", "tit"), row("Larus", "gull"))
    again = add(anna, row("Larus", "a <i>gull</i>", tags=("sea",)), row("Corvus", "crow"), into=first.deck)
    assert (again.new, again.same, again.changed) == (1, 0, 1)
    assert [(note.term, note.definition, note.tags) for note in queries.notes_of(first.deck)] == [
        ("Parus", "tit", []),
        ("Larus", "a <i>gull</i>", ["sea"]),
        ("Corvus", "crow", []),
    ]
    assert again.card_ids["line of Larus", 0] == first.card_ids["line of Larus", 0]


def test_a_note_is_known_by_its_guid_whatever_its_term(anna: Person) -> None:
    first = add(anna, row("Parus", "tit", guid="g1"))
    again = add(anna, row("Parus major", "great tit", guid="g1"), row("Parus", "another", guid="g2"), into=first.deck)
    assert (again.new, again.changed) == (1, 1)
    assert again.card_ids["g1", 0] == first.card_ids["g1", 0]


def test_a_card_that_was_deleted_stays_deleted_and_a_new_one_comes(anna: Person) -> None:
    first = add(anna, row("Parus", "tit"))
    actions.bin_note(queries.notes_of(first.deck)[0])
    assert add(anna, row("Parus", "tit"), into=first.deck).new == 1


def test_blanks_and_both_directions_have_their_cards(anna: Person) -> None:
    cloze = BundleNote({"term": "{{c1::Paris}} is in {{c3::France}}", "definition": "more"}, guid="c", kind="cloze")
    both = row("Parus", "tit", guid="b", cards=(BundleCard(0), BundleCard(1)))
    added = add(anna, cloze, both)
    assert set(added.card_ids) == {("c", 0), ("c", 2), ("b", 0), ("b", 1)}
    items = queries.items_of(added.deck)
    third = items[added.card_ids["c", 2].hex]
    assert third.front.text == "Paris is in […]"
    assert third.back.text.startswith("Paris is in France")
    assert items[added.card_ids["b", 1].hex].direction == "reversed"


def test_files_come_along_and_are_shown(anna: Person, tmp_path: Path) -> None:
    png = bytes.fromhex("89504e470d0a1a0a") + b"rest"
    (tmp_path / "0").write_bytes(png)
    (tmp_path / "1").write_bytes(b"not a picture")
    media = {
        "tit.png": BundleMedia("tit.png", tmp_path / "0", hashlib.sha256(png).hexdigest(), len(png)),
        "unknown.bin": BundleMedia("unknown.bin", tmp_path / "1", hashlib.sha256(b"not a picture").hexdigest(), 13),
    }
    added = add(anna, row("Parus", '<img src="tit.png">'), row("Larus", '<img src="later.png" alt="gull"><img src="unknown.bin">'), media=media)
    first, second = queries.notes_of(added.deck)
    assert f'src="/media/{added.deck.id}/{hashlib.sha256(png).hexdigest()}/"' in first.definition
    assert "src=" not in second.definition
    assert added.media == 2
    assert list(queries.broken_media()) == []
    again = add(anna, row("Parus", '<img src="tit.png">'), into=added.deck, media=media)
    assert (again.same, again.media) == (1, 0)


def test_nobody_adds_to_a_set_of_someone_else(anna: Person, ben: Person) -> None:
    first = add(anna, row("Parus", "tit"))
    with pytest.raises(Deck.DoesNotExist):
        add(ben, row("Larus", "gull"), into=first.deck)


def test_too_many_cards_are_refused_and_nothing_is_kept(guest: Person, settings: Any) -> None:
    settings.ENVIRONMENT = {"GUEST_CARDS": 1}
    with pytest.raises(TooMuch):
        add(guest, row("Parus", "tit"), row("Larus", "gull"))
    assert not Deck.objects.exists()
    assert not Note.objects.exists()


def made_out(deck: Deck, *notes: BundleNote) -> tuple[BundleDeck, adding.Coming]:
    coming = BundleDeck("Birds", notes, source="src-1")
    return coming, actions.make_out(coming, deck, {}, now_ms=NOW)


def test_what_was_made_out_beforehand_is_only_written(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = add(anna, row("Parus", "tit"), row("Larus", "gull")).deck
    coming, ready = made_out(deck, row("Larus", "a gull"), row("Corvus", "crow"))
    monkeypatch.setattr(adding, "_coming", None)  # nothing is compared any more
    added = actions.add(anna, coming, into=deck, media={}, now_ms=NOW, ready=ready)
    assert (added.new, added.same, added.changed) == (1, 0, 1)
    assert [note.definition for note in queries.notes_of(deck)] == ["tit", "a gull", "crow"]
    assert len(queries.cards_of(deck)) == 3


def test_a_set_that_was_changed_meanwhile_is_compared_again(anna: Person) -> None:
    deck = add(anna, row("Parus", "tit"), row("Larus", "gull")).deck
    coming, ready = made_out(deck, row("Larus", "a gull"), row("Corvus", "crow"))
    actions.accept_answer(Note.objects.get(term="Larus"), "mew")  # no edit of the set, but of a note
    actions.ensure_cards(deck, "reversed")
    actions.add_note(deck, term="Corvus", definition="crow")
    added = actions.add(anna, coming, into=deck, media={}, now_ms=NOW, ready=ready)
    assert (added.new, added.same, added.changed) == (0, 1, 1)
    larus = Note.objects.get(term="Larus")
    assert (larus.definition, larus.extra["accepted"]) == ("a gull", ["mew"])
