"""Sets and cards change, and nothing is lost on the way."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from kartoteka.library import access, actions, queries
from kartoteka.library.models import Card, Deck, Note, Rating, Visibility
from kartoteka.people.models import Person
from kartoteka.store.refusals import Refusal, TooMuch


def terms(deck: Deck) -> list[str]:
    return [note.term_text for note in queries.notes_of(deck)]


def note(deck: Deck, term: str) -> Note:
    return queries.notes_of(deck).get(term_text=term)


def test_a_new_set_is_private_and_tidy(anna: Person) -> None:
    deck = actions.make_deck(anna, title="  Birds \n of Europe ", tags=["Zoology", "zoology ", " #Birds", ""], description="<p onclick=x>Hi</p>")
    assert (deck.title, deck.tags, deck.visibility, deck.description) == ("Birds of Europe", ["Zoology", "Birds"], "private", "<p>Hi</p>")
    assert deck.description_original == "<p onclick=x>Hi</p>"


def test_a_set_without_a_title_is_refused(anna: Person) -> None:
    with pytest.raises(Refusal, match="title"):
        actions.make_deck(anna, title=" \n ")


def test_a_card_comes_after_another_or_at_the_end(deck: Deck) -> None:
    actions.add_note(deck, term="Diffusion", definition="spreads", after=note(deck, "Osmosis"))
    actions.add_note(deck, term="Cell", definition="small")
    assert terms(deck) == ["Osmosis", "Diffusion", "Enzyme", "Ribosome", "Cell"]


def test_between_two_neighbours_there_is_always_room(deck: Deck) -> None:
    first = note(deck, "Osmosis")
    for number in range(80):
        actions.add_note(deck, term=f"n{number}", definition="x", after=first)
    assert terms(deck) == ["Osmosis", *(f"n{number}" for number in reversed(range(80))), "Enzyme", "Ribosome"]


def test_cards_move(deck: Deck) -> None:
    actions.move_note(note(deck, "Ribosome"), after=None)
    assert terms(deck) == ["Ribosome", "Osmosis", "Enzyme"]
    actions.move_note(note(deck, "Ribosome"), after=note(deck, "Osmosis"))
    assert terms(deck) == ["Osmosis", "Ribosome", "Enzyme"]
    actions.step_note(note(deck, "Enzyme"), -1)
    assert terms(deck) == ["Osmosis", "Enzyme", "Ribosome"]
    actions.step_note(note(deck, "Ribosome"), 1)
    actions.step_note(note(deck, "Osmosis"), -1)
    actions.step_note(note(deck, "Osmosis"), 2)
    assert terms(deck) == ["Enzyme", "Ribosome", "Osmosis"]


def test_editing_a_card_keeps_its_cards_and_so_their_history(deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    before = set(Card.objects.filter(note=mine).values_list("id", flat=True))
    changed = actions.edit_note(mine, version=mine.version, term="<b>Osmosis</b>", definition="<p onclick=x>Water</p>")
    assert (changed.term, changed.definition, changed.definition_text, changed.version) == ("<b>Osmosis</b>", "<p>Water</p>", "Water", mine.version + 1)
    assert set(Card.objects.filter(note=mine).values_list("id", flat=True)) == before


def test_who_saves_second_is_told_and_nothing_is_lost(deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    actions.edit_note(mine, version=1, term="Osmosis", definition="from the first window")
    with pytest.raises(actions.ChangedNote) as told:
        actions.edit_note(mine, version=1, term="Osmosis", definition="from the second window")
    assert told.value.now.definition == "from the first window"
    assert note(deck, "Osmosis").definition == "from the first window"
    kept = actions.edit_note(mine, version=told.value.now.version, term="Osmosis", definition="from the second window")
    assert kept.definition == "from the second window"


def test_saving_the_same_text_twice_is_no_conflict(deck: Deck) -> None:
    mine = note(deck, "Osmosis")
    once = actions.edit_note(mine, version=1, term="Osmosis", definition="anew")
    assert actions.edit_note(mine, version=1, term="Osmosis", definition="anew").version == once.version


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told() -> None:
    deck = actions.make_deck(Person.objects.create(name="Dora"), title="Race")
    mine = actions.add_note(deck, term="a", definition="b")
    came: list[Any] = []

    def save(words: str) -> None:
        try:
            came.append(actions.edit_note(mine, version=1, term="a", definition=words).definition)
        except actions.ChangedNote as told:
            came.append(told.now.definition)
        finally:
            connections.close_all()  # this thread's own

    both = [threading.Thread(target=save, args=(words,)) for words in ("first", "second")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(set(came)) == 1
    assert Note.objects.get(id=mine.id).version == 2


def test_the_original_leaves_as_it_came_until_it_is_edited(anna: Person) -> None:
    deck = actions.make_deck(anna, title="x")
    mine = actions.add_note(deck, term=r"\(a<b\)", definition="<i>x</i>")
    assert mine.original == {"term": r"\(a&lt;b\)"}
    changed = actions.edit_note(mine, term=r"\(a<b\)", definition="y")
    assert changed.original == {"term": r"\(a&lt;b\)"}


def test_a_deleted_card_comes_back_to_its_place(deck: Deck) -> None:
    mine = note(deck, "Enzyme")
    cards = queries.items_of(deck).keys()
    actions.bin_note(mine)
    assert terms(deck) == ["Osmosis", "Ribosome"]
    assert len(queries.cards_of(deck)) == len(queries.items_of(deck)) == 2
    assert [one.id for one in queries.binned_notes(deck)] == [mine.id]
    actions.restore_note(mine)
    assert terms(deck) == ["Osmosis", "Enzyme", "Ribosome"]
    assert queries.items_of(deck).keys() == cards


def test_the_bin_waits_its_days_and_is_then_emptied(deck: Deck, anna: Person) -> None:
    other = actions.make_deck(anna, title="Other")
    late, early = actions.add_note(other, term="a", definition="b"), actions.add_note(other, term="c", definition="d")
    actions.bin_note(late)
    actions.bin_deck(deck)
    now = timezone.now()
    assert actions.empty_bin(now + timedelta(days=29)) == 0
    assert access.deck_in_bin(anna, deck.id)
    assert actions.empty_bin(now + timedelta(days=31)) == 1
    assert list(Deck.objects.all()) == [other]
    assert list(Note.objects.all()) == [early]
    assert Card.objects.count() == 1


def test_a_restored_set_is_as_it_was(deck: Deck, anna: Person) -> None:
    before = terms(deck)
    actions.bin_deck(deck)
    actions.restore_deck(access.deck_in_bin(anna, deck.id))
    assert terms(access.deck_to_edit(anna, deck.id)) == before


def test_what_is_said_of_a_set_changes_and_is_found(deck: Deck, anna: Person) -> None:
    actions.edit_deck(deck, version=1, title="Zellen", tags=["Größe"], licence="CC BY 4.0", term_lang="de", definition_lang="en")
    assert list(access.decks_of(anna).values_list("title", "licence")) == [("Zellen", "CC BY 4.0")]
    assert [one.title for one in queries.find(anna, "GRÖSSE zellen").mine] == ["Zellen"]
    with pytest.raises(actions.ChangedDeck) as told:
        actions.edit_deck(deck, version=1, title="Cells")
    assert told.value.now.title == "Zellen"


def test_a_copy_is_ones_own_and_the_first_stays(deck: Deck, ben: Person) -> None:
    actions.set_points(note(deck, "Enzyme"), [{"text": "a protein", "must_have": True}])
    copy = actions.copy_deck(ben, deck)
    assert (copy.owner, copy.title, copy.visibility, copy.copied_from) == (ben, "Cell biology", "private", deck.id)
    assert terms(copy) == terms(deck)
    assert note(copy, "Enzyme").points[0]["must_have"] is True
    assert len(queries.cards_of(copy)) == 3
    actions.edit_note(note(copy, "Osmosis"), term="x", definition="y")
    assert terms(deck)[0] == "Osmosis"
    assert actions.copy_deck(deck.owner, deck).title == "Copy of Cell biology"


def test_every_note_has_one_card_and_others_on_demand(deck: Deck) -> None:
    assert [row.kind for row in queries.cards_of(deck)] == ["forward"] * 3
    assert actions.ensure_cards(deck, "reversed") == 3
    assert actions.ensure_cards(deck, "reversed") == 0
    assert sorted(item.direction for item in queries.items_of(deck).values()) == ["forward"] * 3 + ["reversed"] * 3
    assert set(queries.cards_per_note(deck).values()) == {2}


def test_a_rating_is_shown_from_three_votes(deck: Deck, ben: Person, cleo: Person) -> None:
    actions.rate(ben, deck, 5)
    actions.rate(ben, deck, 4)
    actions.rate(cleo, deck, 5)
    assert (queries.rating_of(deck).stars, queries.rating_of(deck).votes) == (None, 2)
    actions.rate(Person.objects.create(name="Dora"), deck, 2)
    assert (queries.rating_of(deck).stars, queries.rating_of(deck).votes) == (3.7, 3)
    assert queries.vote_of(ben, deck) == 4
    with pytest.raises(Refusal):
        actions.rate(ben, deck, 6)


def test_a_guest_brings_their_sets_to_their_account(guest: Person, ben: Person, deck: Deck) -> None:
    mine = actions.make_deck(guest, title="Mine")
    actions.rate(ben, deck, 5)
    assert actions.give_decks(guest, ben) == 1
    assert list(access.decks_of(ben)) == [mine]
    assert Rating.objects.count() == 1


def test_a_guest_stores_no_more_than_this_instance_lets_them(guest: Person, settings: Any) -> None:
    deck = actions.make_deck(guest, title="Mine")
    settings.ENVIRONMENT = {"GUEST_CARDS": 1}
    actions.add_note(deck, term="a", definition="b")
    with pytest.raises(TooMuch, match="account"):
        actions.add_note(deck, term="c", definition="d")
    assert terms(deck) == ["a"]


def test_an_empty_side_is_empty_and_is_not_asked(deck: Deck) -> None:
    actions.add_note(deck, term="Half", definition="<p><br></p>&nbsp;")
    row = queries.cards_of(deck)[-1]
    assert not row.askable
    assert not queries.items_of(deck)[row.id].askable


def test_twins_are_found(deck: Deck) -> None:
    twin = actions.add_note(deck, term="<b>osmosis</b>", definition="something else")
    other = actions.add_note(deck, term="Different", definition="Builds  proteins.")
    twins = queries.twins_of(deck)
    assert twins[twin.id] == [note(deck, "Osmosis").id]
    assert twins[other.id] == [note(deck, "Ribosome").id]
    assert note(deck, "Enzyme").id not in twins


def test_a_search_finds_ones_own_cards_and_what_is_public(deck: Deck, anna: Person, cleo: Person) -> None:
    actions.make_deck(cleo, title="Cells for all", visibility=Visibility.PUBLIC)
    found = queries.find(anna, "PROTEIN used")
    assert [one.term_text for one in found.cards] == ["Enzyme"]
    assert [one.title for one in queries.find(anna, "cell").public] == ["Cells for all"]
    assert not queries.find(cleo, "protein")
    assert not queries.find(anna, "  ")


def test_a_hint_is_written_kept_changed_and_taken_away(deck: Deck) -> None:
    made = actions.add_note(deck, term="Cell", definition="small", hint="<b>a room</b><script>x</script>")
    assert made.fields == {"hint": "<b>a room</b>"}
    kept = actions.edit_note(made, term="Cell", definition="very small")
    assert kept.fields == {"hint": "<b>a room</b>"}, "who says nothing of it changes nothing of it"
    changed = actions.edit_note(kept, version=kept.version, term="Cell", definition="very small", hint="a monk's room")
    assert (changed.fields, changed.version) == ({"hint": "a monk's room"}, kept.version + 1)
    with pytest.raises(actions.ChangedNote):
        actions.edit_note(changed, version=kept.version, term="Cell", definition="very small", hint="another")
    Note.objects.filter(id=made.id).update(fields={"hint": "a", "example": "b"}, original={"example": "c", "hint": "d"})
    gone = actions.edit_note(Note.objects.get(id=made.id), term="Cell", definition="very small", hint="")
    assert (gone.fields, gone.original) == ({"example": "b"}, {"example": "c"})
