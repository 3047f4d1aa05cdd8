"""A learner's study comes from elsewhere, goes over to an account, or goes altogether."""

from __future__ import annotations

from uuid import UUID

import pytest

from kartoteka.engine.memory import Evidence
from kartoteka.engine.memory import replay as fold
from kartoteka.formats.base import BundleReview
from kartoteka.formats.schedules import Schedule
from kartoteka.library.models import Card, Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import is_uuid7, time_of, uuid7
from kartoteka.study import actions, adopting, queries
from kartoteka.study.models import Chosen, DaySum, Hand, Logged, Mark, Memory, Progress, Review, Sitting
from kartoteka.study.replaying import remembered
from kartoteka.study.tests.conftest import DAY, HOUR, NOON, Visit, cards_in, person

HISTORY = [BundleReview(NOON - 40 * DAY, 3, 5000), BundleReview(NOON - 30 * DAY, 1, 9000), BundleReview(NOON - 30 * DAY, 3), BundleReview(NOON - 20 * DAY, 3)]


def test_foreign_answers_are_replayed_and_counted_once(anna: Person, deck: Deck) -> None:
    first, second = (UUID(card) for card in cards_in(deck)[:2])
    assert actions.adopt(anna, {first: HISTORY, second: HISTORY[:1]}, deck) == 5
    memory = Memory.objects.get(card_id=first)
    calendar = queries.calendar_of(anna)
    right = fold([Evidence("rating", float(one.rating > 1), "imported", one.rating, at_ms=one.at_ms) for one in HISTORY], calendar)
    assert remembered(anna)[first].s6 == memory.s6 == (right.s6 if right else None)
    assert actions.adopt(anna, {first: HISTORY, second: HISTORY[:2]}, deck) == 1
    assert Logged.objects.count() == 6
    assert Progress.objects.get().answers == 6
    assert all(is_uuid7(review.id) and time_of(review.id) == review.at_ms for review in Logged.objects.all())
    assert not list(queries.wrong_memories())


def test_it_does_not_matter_in_how_many_lots_answers_come_in(anna: Person, ben: Person, deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [UUID(card) for card in cards_in(deck)]
    given = {card: [one._replace(at_ms=one.at_ms + place) for one in HISTORY] for place, card in enumerate(cards)}
    actions.adopt(anna, given, deck)
    monkeypatch.setattr(adopting, "ANSWERS_AT_ONCE", 2)
    assert actions.adopt(ben, given, deck) == len(cards) * len(HISTORY)
    said = [sorted(map(str, Logged.objects.filter(learner=one).values_list("card_id", "at_ms", "day", "response", "evidence"))) for one in (anna, ben)]
    assert said[0] == said[1]
    sums = [set(DaySum.objects.filter(learner=one).values_list("day", "bin", "answers", "took_ms", "again", "kept", "foretold")) for one in (anna, ben)]
    assert sums[0] == sums[1]
    assert not list(queries.wrong_memories())


def test_what_another_program_says_of_an_answer_is_kept_with_it(anna: Person, deck: Deck) -> None:
    card = UUID(cards_in(deck)[0])
    actions.adopt(anna, {card: [BundleReview(NOON, 3, 5000, (3, -600, 2)), BundleReview(NOON + 1, 0, 0, (0,)), BundleReview(NOON + 2, 2)]}, deck)
    found = Logged.objects.order_by("at_ms").values_list("response", "outcome", "verdict")
    assert list(found) == [({"rating": 3, "more": [3, -600, 2]}, 1.0, "right"), ({"rating": 0, "more": [0]}, None, ""), ({"rating": 2}, 1.0, "right")]


def test_what_comes_in_is_put_before_what_was_answered_here(anna: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    Visit(anna, deck).answer(card, 3)
    actions.adopt(anna, {UUID(card): HISTORY}, deck)
    memory = Memory.objects.get()
    assert (memory.first_ms, memory.last_ms) == (HISTORY[0].at_ms, NOON)
    assert not list(queries.wrong_memories())


def test_nonsense_from_elsewhere_is_passed_over(anna: Person, deck: Deck) -> None:
    card = UUID(cards_in(deck)[0])
    assert actions.adopt(anna, {card: [BundleReview(NOON, 0), BundleReview(NOON, 7), BundleReview(-5, 3)]}, deck) == 0
    assert actions.adopt(anna, {}, deck) == 0


def test_an_account_takes_over_all_that_its_guest_did(anna: Person, deck: Deck) -> None:
    guest = person("guest")
    first, second, third = cards_in(deck)
    Visit(guest, deck).answer(first, 1)
    theirs = Visit(guest, deck, "sort")
    theirs.answer(second, 3, at_ms=NOON + HOUR)
    Visit(anna, deck).answer(first, 3, at_ms=NOON + 2 * DAY)
    actions.mark(guest, UUID(first), deck.id, starred=True)
    actions.mark(guest, UUID(third), deck.id, suspended=True)
    actions.mark(anna, UUID(first), deck.id, suspended=True)
    actions.choose(guest, deck, "plain", {"order": "shuffled"})
    actions.merge(guest, anna, now_ms=NOON + 3 * DAY)
    assert Review.objects.filter(learner=anna).count() == 3
    memory = Memory.objects.get(learner=anna, card_id=first)
    assert (memory.first_ms, memory.last_ms) == (NOON, NOON + 2 * DAY)
    assert Progress.objects.get().answers == 3
    marks = {mark.card_id.hex: (mark.starred, mark.suspended) for mark in Mark.objects.filter(learner=anna)}
    assert marks == {first: (True, True), third: (False, True)}
    assert queries.chosen_by(anna, deck, "plain") == {"order": "shuffled"}
    assert queries.sitting_of(anna, theirs.sitting.id)
    for model in (Review, Memory, Mark, Hand, Sitting, Progress, Chosen):
        assert not model.objects.filter(learner=guest).exists()
    assert not list(queries.wrong_memories())
    actions.merge(anna, anna, now_ms=NOON)
    assert Review.objects.filter(learner=anna).count() == 3


def test_an_answer_from_before_the_merge_that_arrives_after_it_is_kept(anna: Person, deck: Deck) -> None:
    guest = person("guest")
    visit = Visit(guest, deck)
    given = visit.given(cards_in(deck)[0])
    actions.merge(guest, anna, now_ms=NOON)
    assert actions.answer(anna, given, now_ms=NOON + HOUR).status == "stored"


def test_to_forget_is_to_forget_everything_of_one_learner(anna: Person, ben: Person, deck: Deck) -> None:
    for learner in (anna, ben):
        Visit(learner, deck).answer(cards_in(deck)[0])
        actions.mark(learner, UUID(cards_in(deck)[0]), deck.id, starred=True)
        actions.choose(learner, deck, "plain", {})
    actions.forget(anna)
    for model in (Review, Memory, Mark, Hand, Sitting, Progress, Chosen):
        assert not model.objects.filter(learner=anna).exists()
        assert model.objects.filter(learner=ben).exists()
    assert Card.objects.filter(deck=deck).count() == 3


def test_a_memory_begins_with_the_schedule_of_another_program(anna: Person, deck: Deck) -> None:
    card, other, unsaid = (UUID(card) for card in cards_in(deck))
    known, hard = Schedule(30.0, NOON - 10 * DAY, 2.5), Schedule(30.0, NOON - 10 * DAY, 1.3)
    assert actions.begin(anna, {card: known, other: hard, unsaid: Schedule(12.0)}, deck, now_ms=NOON) == 3
    memory = Memory.objects.get(card_id=card)
    assert (memory.s6, memory.last_ms, memory.last_ok) == (30.0, NOON - 10 * DAY, True)
    assert abs(memory.due_ms - (NOON + 20 * DAY)) < 4 * DAY
    assert memory.d6 < Memory.objects.get(card_id=other).d6 <= 10
    assert Memory.objects.get(card_id=unsaid).last_ms == NOON
    assert not Progress.objects.exists()
    assert not queries.answers(anna, deck)
    assert not list(queries.wrong_memories())


def test_a_schedule_comes_in_once_and_answers_go_on_from_it(anna: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    schedule = {UUID(card): Schedule(30.0, NOON - 30 * DAY, 2.5)}
    assert actions.begin(anna, schedule, deck, now_ms=NOON) == 1
    Visit(anna, deck).answer(card, 3)
    grown = Memory.objects.get().s6
    assert grown > 50
    assert actions.begin(anna, schedule, deck, now_ms=NOON + DAY) == 0
    assert Memory.objects.get().s6 == grown
    actions.undo(anna, Sitting.objects.get(), id=uuid7(), now_ms=NOON + HOUR)
    assert Memory.objects.get().s6 == 30.0
    assert actions.begin(anna, {UUID(card): Schedule(90.0, NOON + 2 * DAY, 2.5)}, deck, now_ms=NOON + 3 * DAY) == 1
    assert Memory.objects.get().s6 == 90.0
    actions.replay(anna, now_ms=NOON + 3 * DAY)
    assert Memory.objects.get().s6 == 90.0
    assert not list(queries.wrong_memories())


def test_a_schedule_says_why_and_leaves_as_no_answer(anna: Person, deck: Deck) -> None:
    card = UUID(cards_in(deck)[0])
    actions.begin(anna, {card: Schedule(30.0, NOON - 10 * DAY, 2.5)}, deck, now_ms=NOON)
    assert queries.why(anna, card, NOON).sentence.startswith("Its schedule came from another program.")
    luggage = queries.luggage_of(anna, deck, [card], now_ms=NOON)[card]
    assert luggage.reviews == ()
    assert luggage.standing["memory"]["stability"] == 30.0
    assert queries.insights(anna, NOON).answers == 0
