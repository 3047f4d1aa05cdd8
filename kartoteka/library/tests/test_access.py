"""Anna owns, Ben has the link, Cleo must see nothing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from kartoteka.library import access, actions
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotAllowed, NotThere

Way = Callable[[Person | None, object], Deck]
WAYS = [access.deck_to_see, access.deck_to_study, access.deck_to_export, access.deck_to_copy]


@pytest.mark.parametrize("way", WAYS)
def test_whoever_has_the_link_sees_a_shared_set(way: Way, deck: Deck, anna: Person, ben: Person) -> None:
    assert way(anna, deck.id) == way(ben, deck.id) == way(None, deck.id) == deck


@pytest.mark.parametrize("way", [*WAYS, access.deck_to_edit, access.deck_to_rate])
def test_a_private_set_is_not_there_for_others(way: Way, deck: Deck, cleo: Person) -> None:
    actions.share(deck, Visibility.PRIVATE)
    for person in (cleo, None):
        with pytest.raises(NotThere):
            way(person, deck.id)


@pytest.mark.parametrize("way", [*WAYS, access.deck_to_edit])
def test_a_set_in_the_bin_is_not_there_for_anyone(way: Way, deck: Deck, anna: Person, ben: Person) -> None:
    actions.bin_deck(deck)
    for person in (anna, ben, None):
        with pytest.raises(NotThere):
            way(person, deck.id)


def test_what_does_not_exist_and_what_is_private_look_the_same(deck: Deck, cleo: Person) -> None:
    actions.share(deck, Visibility.PRIVATE)
    said = []
    for id in (deck.id, uuid4()):
        with pytest.raises(NotThere) as refused:
            access.deck_to_see(cleo, id)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_only_the_owner_edits(deck: Deck, anna: Person, ben: Person) -> None:
    assert access.deck_to_edit(anna, deck.id) == deck
    for person in (ben, None):
        with pytest.raises(NotAllowed):
            access.deck_to_edit(person, deck.id)


def test_who_rates_is_signed_in_and_not_the_owner(deck: Deck, anna: Person, ben: Person, guest: Person) -> None:
    assert access.deck_to_rate(ben, deck.id) == deck
    for person in (anna, guest, None):
        with pytest.raises(NotAllowed):
            access.deck_to_rate(person, deck.id)


def test_the_bin_is_its_owners(deck: Deck, anna: Person, ben: Person) -> None:
    with pytest.raises(NotThere):
        access.deck_in_bin(anna, deck.id)
    actions.bin_deck(deck)
    assert access.deck_in_bin(anna, deck.id) == deck
    assert list(access.binned_of(anna)) == [deck]
    assert not access.binned_of(ben).exists()
    for person in (ben, None):
        with pytest.raises(NotThere):
            access.deck_in_bin(person, deck.id)


def test_lists_hold_what_may_be_seen(deck: Deck, anna: Person, ben: Person, cleo: Person) -> None:
    private = actions.make_deck(anna, title="Diary")
    public = actions.make_deck(anna, title="Große Vögel", tags=["Zürich"], visibility=Visibility.PUBLIC)
    assert set(access.decks_of(anna)) == {deck, private, public}
    assert not access.decks_of(cleo).exists()
    assert not access.decks_of(None).exists()
    assert set(access.public_decks()) == {public}
    assert set(access.public_decks("VÖGEL zürich")) == {public}
    assert not access.public_decks("vögel basel").exists()
    ids = [deck.id, private.id, public.id]
    assert set(access.decks_seen(ben, ids)) == set(access.decks_seen(None, ids)) == {deck, public}
    assert set(access.decks_seen(anna, ids)) == {deck, private, public}


def test_a_note_is_reached_through_its_own_set(deck: Deck, anna: Person, ben: Person) -> None:
    other = actions.make_deck(anna, title="Other")
    note = actions.add_note(other, term="a", definition="b")
    assert access.note_to_edit(anna, other.id, note.id) == note
    with pytest.raises(NotThere):
        access.note_to_edit(anna, deck.id, note.id)
    with pytest.raises(NotThere):
        access.note_to_edit(ben, other.id, note.id)
