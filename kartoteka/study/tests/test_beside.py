"""A hand of which everything waits: the next one comes beside it, also a few cards that were beyond the day."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.library.models import Card, Deck
from kartoteka.modes.spaced import rules as spaced
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, dealing, queries
from kartoteka.study.models import Hand, Review, Sitting
from kartoteka.study.tests.conftest import MINUTE, NOON, Visit, cards_in, make_deck

GOT_IT = 3


@pytest.fixture(autouse=True)
def rules(modes: dict[str, Any]) -> None:
    modes["spaced"] = spaced


def beginning(learner: Person, deck: Deck, first: int, **how: Any) -> Visit:
    """A visit to the first cards of a set, of which all were met and wait."""
    visit = Visit(learner, deck, "spaced")
    sitting = actions.sit(learner, deck=deck, mode="spaced", options={}, now_ms=NOON, dice=random.Random(1), only=cards_in(deck)[:first], afresh=True, **how)
    visit.sitting = sitting
    for place, card in enumerate(cards_in(deck)[:first]):
        visit.answer(card, at_ms=NOON + place)
    return visit


def asked(sitting: Sitting, at_ms: int = NOON + 1000) -> list[str]:
    return [one["id"] for one in actions.go_on(Sitting.objects.get(id=sitting.id), now_ms=at_ms)["questions"]]


def test_a_few_more_are_met_meanwhile_and_those_that_wait_come_back_among_them(anna: Person) -> None:
    deck = make_deck(anna, 12)
    cards = cards_in(deck)
    visit = beginning(anna, deck, 3)
    assert queries.counts(visit.sitting)["n"] == 3
    assert [id.split(".")[0] for id in asked(visit.sitting)] == ["0", "0", "0"]
    assert actions.meet_more(visit.sitting, now_ms=NOON + 1000) == 5
    assert actions.meet_more(visit.sitting, now_ms=NOON + 1000) == 5, "pressed twice it gives them once"
    sitting = Sitting.objects.get(id=visit.sitting.id)
    assert (queries.counts(sitting)["n"], queries.counts(sitting)["more"]) == (8, 4)
    questions = asked(sitting)
    assert [id.split(".")[1] for id in questions if id.startswith("1.")] == cards[3:8]
    assert sorted(id.split(".")[1] for id in questions if id.startswith("0.")) == sorted(cards[:3])
    for place, card in enumerate(cards[3:8]):
        visit.answer(card, hand=1, at_ms=NOON + 2000 + place)
    later = NOON + 11 * MINUTE
    for turn, (card, hand) in enumerate([(cards[0], 0), (cards[1], 0), (cards[3], 1)]):
        assert visit.answer(card, hand=hand, turn=1, at_ms=later + turn).status == "stored"
    assert len(asked(sitting, later + 10)) == 5
    assert queries.counts(Sitting.objects.get(id=sitting.id))["done"] == 3


def test_an_undo_finds_the_last_answer_in_whichever_hand_it_lies(anna: Person) -> None:
    deck = make_deck(anna, 12)
    cards = cards_in(deck)
    visit = beginning(anna, deck, 2)
    actions.meet_more(visit.sitting, now_ms=NOON + 1000)
    visit.answer(cards[2], hand=1, at_ms=NOON + 2000)
    visit.answer(cards[0], hand=0, turn=1, at_ms=NOON + 3000)
    sitting = Sitting.objects.get(id=visit.sitting.id)
    for card in (cards[0], cards[2], cards[1]):
        told = actions.undo(anna, sitting, id=uuid7(), now_ms=NOON + 4000)
        assert told is not None
        taken = Review.objects.get(id=told.id)
        assert taken.card_id.hex == card
        sitting.refresh_from_db()
        assert sitting.hand == 1, "both stay on the desk"
    assert asked(sitting)[0].split(".")[:2] == ["0", cards[1]]


def test_the_end_comes_when_nothing_is_left_in_either_hand_and_can_be_taken_back(anna: Person) -> None:
    deck = make_deck(anna, 7)
    cards = cards_in(deck)
    visit = beginning(anna, deck, 2)
    assert actions.meet_more(visit.sitting, now_ms=NOON) == 5
    for place, card in enumerate(cards[2:]):
        visit.answer(card, 4, hand=1, at_ms=NOON + 1000 + place)
    later = NOON + 20 * MINUTE
    for place, card in enumerate(cards[:2]):
        visit.answer(card, GOT_IT, turn=1, at_ms=later + place)
    shown = actions.go_on(Sitting.objects.get(id=visit.sitting.id), now_ms=later + 10)
    assert (shown["over"] or actions.go_on(Sitting.objects.get(id=visit.sitting.id), now_ms=later + 10)["over"], shown["questions"]) == (True, [])
    sitting = Sitting.objects.get(id=visit.sitting.id)
    assert queries.ended(sitting, now_ms=later + 10).cards == 7
    assert queries.counts(sitting)["met"] == 7, "what lay together is counted once"
    assert actions.meet_more(sitting, now_ms=later) == 0
    assert actions.undo(anna, sitting, id=uuid7(), now_ms=later + 20) is not None
    assert [id.split(".")[1] for id in asked(sitting, later + 30)] == [cards[1]]


def test_where_nothing_is_left_to_meet_none_comes(anna: Person) -> None:
    deck = make_deck(anna, 2)
    visit = beginning(anna, deck, 2)
    assert actions.meet_more(visit.sitting, now_ms=NOON) == 0
    assert Hand.objects.filter(sitting=visit.sitting).count() == 1


def test_the_next_hand_of_a_long_visit_does_not_wait_for_the_learning_steps_of_the_one_before(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dealing, "HAND", 3)
    deck = make_deck(anna, 6)
    cards = cards_in(deck)
    visit = Visit(anna, deck, "spaced", minutes=60)
    for place, card in enumerate(cards[:3]):
        visit.answer(card, at_ms=NOON + place)
    assert [id.split(".")[1] for id in asked(visit.sitting)][:3] == cards[3:]
    assert queries.counts(Sitting.objects.get(id=visit.sitting.id))["n"] == 6


def test_what_need_not_wait_is_on_the_page_however_much_waits(anna: Person) -> None:
    deck = make_deck(anna, 40)
    cards = cards_in(deck)
    visit = Visit(anna, deck, "spaced", minutes=240)
    dealt = queries.hand_of(visit.sitting)
    for place, card in enumerate(dealt[:-1]):
        visit.answer(card, 1, at_ms=NOON + place)
    assert dealt[-1] in [id.split(".")[1] for id in asked(visit.sitting, NOON + 500)][:20]
    assert set(dealt) <= set(cards)


def test_no_second_card_of_a_note_is_met_on_a_day(anna: Person) -> None:
    deck = make_deck(anna, 3)
    notes = [card.note for card in Card.objects.filter(deck=deck)]
    Card.objects.bulk_create([Card(note=note, deck=deck, kind="reversed") for note in notes])
    visit = Visit(anna, deck, "spaced", answer="both", new=1)
    first = queries.hand_of(visit.sitting)
    choice = queries.choice_of(anna, deck, spaced, {"answer": "both"}, now_ms=NOON, seed=0, only=first[:1])
    notes_of = {card.id.hex: card.note_id for card in Card.objects.filter(deck=deck)}
    met = [notes_of[one] for one in [*choice.cards, *choice.more]]
    assert len(met) == len(set(met)) == 3
