"""An exam is planned within minutes a day, says honestly what to expect, and decides what is asked today."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kartoteka.library.models import Card, Deck
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study import exams
from kartoteka.study.choosing import choice_of
from kartoteka.study.desks import rules_of
from kartoteka.study.models import Exam, Mark, Memory
from kartoteka.study.planning import today_in
from kartoteka.study.replaying import replay
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in, make_deck

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 1)
IN_A_MONTH = dt.date(2026, 1, 31)


@pytest.fixture
def big(anna: Person) -> Deck:
    return make_deck(anna, cards=40)


def planned(anna: Person, deck: Deck, **more: Any) -> Exam:
    values = {"date": IN_A_MONTH, "now_ms": NOON, "minutes": 10, "target": 0.8, **more}
    return exams.plan_exam(anna, decks=[deck], **values)


def test_a_learner_day_and_its_date_are_the_same_thing() -> None:
    assert exams.date_of(exams.day_of(IN_A_MONTH)) == IN_A_MONTH


def test_the_plan_says_what_to_expect_and_what_the_goal_needs(anna: Person, big: Deck) -> None:
    view = exams.outlook(planned(anna, big), now_ms=NOON)
    assert (view.date, view.days, view.cards) == (IN_A_MONTH, 30, 40)
    assert 0 <= view.low <= view.recall <= view.high <= 1
    assert view.if_stop < view.recall
    assert view.needed is not None
    assert len(view.loads) == 30
    assert all(minutes <= 10.5 for _date, minutes, _cards, _new in view.loads)


def test_a_goal_that_is_not_to_be_expected_is_said_first_and_can_be_settled_in_three_ways(anna: Person, big: Deck) -> None:
    exam = planned(anna, big, minutes=1, target=0.95, date=TODAY + dt.timedelta(days=6))
    view = exams.outlook(exam, now_ms=NOON)
    assert view.infeasible
    assert view.open
    fine = exams.settle_exam(exam, "fine", now_ms=NOON)
    assert not exams.outlook(fine, now_ms=NOON).open
    if view.needed:
        more = exams.settle_exam(planned(anna, big, minutes=1, target=0.95, date=TODAY + dt.timedelta(days=6), exam=exam), "minutes", now_ms=NOON)
        assert more.minutes >= view.needed


def test_cards_that_are_set_aside_wait_until_the_exam_is_over(anna: Person, big: Deck) -> None:
    exam = planned(anna, big, minutes=2, target=0.9, date=TODAY + dt.timedelta(days=10))
    view = exams.outlook(exam, now_ms=NOON)
    assert view.set_aside
    exams.settle_exam(exam, "aside", now_ms=NOON)
    away = Mark.objects.filter(learner=anna, buried_until_ms__gt=NOON)
    assert away.count() == view.set_aside
    assert exams.outlook(exam, now_ms=NOON).cards == 40 - view.set_aside


def test_what_the_exam_places_today_is_asked_first_and_within_its_minutes(anna: Person, big: Deck) -> None:
    other = make_deck(anna, cards=5)
    exam = planned(anna, big, minutes=3)
    view = exams.outlook(exam, now_ms=NOON)
    choice = choice_of(anna, None, rules_of("due"), {"minutes": 10}, now_ms=NOON, seed=1)
    placed = [one["card"] for one in view.today]
    assert placed
    assert choice.cards[: len(placed)] == placed
    assert set(choice.cards) & {card.hex for card in Card.objects.filter(deck=other).values_list("id", flat=True)}
    assert not set(choice.cards) & ({card.hex for card in Card.objects.filter(deck=big).values_list("id", flat=True)} - set(placed))
    assert today_in(anna, big, NOON).cards == placed


def test_what_was_asked_today_is_not_placed_again_and_what_was_missed_is(anna: Person, big: Deck) -> None:
    exam = planned(anna, big, minutes=5)
    first, second = [one["card"] for one in exams.outlook(exam, now_ms=NOON).today[:2]]
    visit = Visit(anna, big, "plain")
    visit.answer(first, 4, at_ms=NOON + 1000)
    visit.answer(second, 1, at_ms=NOON + 2000)
    again = choice_of(anna, big, rules_of("due"), {"minutes": 10}, now_ms=NOON + 3_600_000, seed=1).cards
    assert first not in again
    assert second in again


def test_days_off_hold_no_work(anna: Person, big: Deck) -> None:
    view = exams.outlook(planned(anna, big, days_off=[5, 6]), now_ms=NOON)
    assert {date.weekday() for date, *_rest in view.loads}.isdisjoint({5, 6})


def test_the_plan_is_made_once_a_day_and_anew_when_its_cards_change(anna: Person, big: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = exams._planned

    def counted(*args: Any) -> Any:
        made.append(1)
        return real(*args)

    monkeypatch.setattr(exams, "_planned", counted)
    exam = planned(anna, big)
    exams.outlook(exam, now_ms=NOON)
    exams.outlook(exams.exam_of(anna, exam.id), now_ms=NOON + 1000)
    assert len(made) == 1
    exams.outlook(exams.exam_of(anna, exam.id), now_ms=NOON + DAY)
    Mark.objects.create(learner=anna, card_id=Card.objects.filter(deck=big)[0].id, deck_id=big.id, suspended=True)
    exams.outlook(exams.exam_of(anna, exam.id), now_ms=NOON + DAY)
    assert len(made) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"date": TODAY},
        {"date": dt.date(2020, 1, 1)},
        {"date": dt.date(2040, 1, 1)},
        {"target": 1.0},
        {"target": 0.1},
        {"minutes": 0},
        {"minutes": 10_000},
        {"days_off": range(7)},
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(anna: Person, big: Deck, wrong: dict[str, Any]) -> None:
    with pytest.raises(exams.NoExam):
        planned(anna, big, **wrong)
    assert not Exam.objects.exists()


def test_after_the_exam_its_cards_go_on_or_rest(anna: Person, deck: Deck) -> None:
    exam = planned(anna, deck, date=TODAY + dt.timedelta(days=2))
    later = NOON + 5 * DAY
    view = exams.outlook(exam, now_ms=later)
    assert view.over
    assert not view.open
    assert exams.first_today(anna, [], now_ms=later).cards == ()
    exams.settle_exam(exam, "rest", now_ms=later)
    assert Mark.objects.filter(learner=anna, suspended=True).count() == len(cards_in(deck))
    assert not Exam.objects.exists()
    kept = planned(anna, make_deck(anna, cards=2))
    exams.settle_exam(kept, "keep", now_ms=NOON)
    assert not Exam.objects.exists()


def test_an_exam_is_its_learners_own(anna: Person, cleo: Person, deck: Deck) -> None:
    exam = planned(anna, deck)
    with pytest.raises(NotThere):
        exams.exam_of(cleo, exam.id)
    assert exams.exams_of(cleo) == []
    assert [one.id for one in exams.exams_of(anna, deck)] == [exam.id]


def test_an_empty_set_can_be_planned_and_expects_nothing(anna: Person) -> None:
    view = exams.outlook(planned(anna, make_deck(anna, cards=0)), now_ms=NOON)
    assert (view.cards, view.recall, view.today) == (0, 0.0, ())


def test_cards_reviewed_yesterday_are_counted_in_what_to_expect(anna: Person, big: Deck) -> None:
    visit = Visit(anna, big, "plain")
    dice = random.Random(3)
    for card in cards_in(big)[:20]:
        visit.answer(card, dice.choice([3, 3, 3, 1]), at_ms=NOON)
    exam = planned(anna, big, now_ms=NOON + DAY)
    assert exams.outlook(exam, now_ms=NOON + DAY).if_stop > 0.05


def test_after_the_exam_its_sets_may_come_more_seldom(anna: Person, big: Deck) -> None:
    other = make_deck(anna, cards=5)
    for deck in (big, other):
        visit = Visit(anna, deck, "plain")
        for card in cards_in(deck)[:5]:
            visit.answer(card, 4, at_ms=NOON)
    before = dict(Memory.objects.filter(learner=anna).values_list("card_id", "due_ms"))
    exam = planned(anna, big, date=TODAY + dt.timedelta(days=1))
    exams.settle_exam(exam, "slow", now_ms=NOON + 2 * DAY)
    assert not Exam.objects.exists()
    anna.refresh_from_db()
    assert anna.retentions == {big.id.hex: 0.8}
    after = dict(Memory.objects.filter(learner=anna).values_list("card_id", "due_ms"))
    slow = {row.card_id for row in Memory.objects.filter(deck_id=big.id)}
    assert all(after[card] - NOON > 2 * (before[card] - NOON) for card in slow)
    assert all(after[card] == before[card] for card in before if card not in slow)
    replay(anna, now_ms=NOON + 2 * DAY)
    assert dict(Memory.objects.filter(learner=anna).values_list("card_id", "due_ms")) == after
    exams.remember(anna, {big.id.hex: None}, now_ms=NOON + 2 * DAY)
    assert dict(Memory.objects.filter(learner=anna).values_list("card_id", "due_ms")) == before


def readings_of_cards(run: Any) -> int:
    """How often the cards of a set are read."""
    with CaptureQueriesContext(connection) as caught:
        run()
    return sum("FROM library_card c JOIN library_note n" in query["sql"] for query in caught.captured_queries)


def test_a_sitting_with_an_exam_reads_the_cards_of_its_set_once(anna: Person, big: Deck) -> None:
    planned(anna, big)
    assert readings_of_cards(lambda: choice_of(anna, big, rules_of("due"), {}, now_ms=NOON, seed=1)) == 1
    assert readings_of_cards(lambda: today_in(anna, big, NOON)) == 1
