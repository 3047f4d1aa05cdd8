"""Days off: what would fall on them moves, nothing is lost, and taking them back puts everything where it was."""

from __future__ import annotations

import datetime as dt

import pytest

from kartoteka.engine.memory import Calendar
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import actions, exams, queries
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Memory
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in, make_deck

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 1, 1)  # a Thursday


def on(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def known(anna: Person) -> Deck:
    """Forty cards, answered over the last ten days."""
    deck = make_deck(anna, cards=40)
    visit = Visit(anna, deck, "plain")
    for i, card in enumerate(cards_in(deck)):
        actions.answer(anna, visit.given(card, 4, at_ms=NOON - (i % 10) * DAY), now_ms=NOON)
    return deck


def dues(learner: Person) -> dict[str, int]:
    return {row.card_id.hex: row.due_ms for row in Memory.objects.filter(learner=learner)}


def days(learner: Person) -> list[int]:
    """In how many days each card is due."""
    calendar = Calendar()
    return sorted(calendar.day(due) - calendar.day(NOON) for due in dues(learner).values())


def test_a_vacation_empties_its_days_and_taking_it_back_puts_everything_where_it_was(anna: Person, known: Deck) -> None:
    before = dues(anna)
    assert any(2 <= day <= 9 for day in days(anna))
    anna = actions.go_away(anna, on(2), on(9), now_ms=NOON)
    assert not any(2 <= day <= 9 for day in days(anna))
    assert len(dues(anna)) == 40
    anna = actions.come_back(anna, on(2), now_ms=NOON)
    assert dues(anna) == before
    assert not queries.vacations_of(anna, NOON)


def test_answers_given_meanwhile_and_a_replay_keep_out_of_it_too(anna: Person, known: Deck) -> None:
    anna = actions.go_away(anna, on(2), on(9), now_ms=NOON)
    visit = Visit(anna, known, "plain")
    for card in cards_in(known)[:5]:
        actions.answer(anna, visit.given(card, 4, at_ms=NOON + DAY), now_ms=NOON + DAY)
    moved = dues(anna)
    assert not any(2 <= day <= 9 for day in days(anna))
    actions.replay(anna, now_ms=NOON + DAY)
    assert dues(anna) == moved
    assert not list(queries.wrong_memories())


def test_the_forecast_is_empty_on_days_off_and_says_when_it_goes_on(anna: Person, known: Deck) -> None:
    anna = actions.go_away(anna, on(0), on(4), now_ms=NOON)
    today = queries.today_of(anna, NOON)
    assert today.back == on(5)
    assert today.off == (0, 1, 2, 3, 4)
    assert not any(today.forecast[:5])
    assert today.forecast[5]
    assert today.caught_up_days is None or today.caught_up_days >= 5


def test_a_vacation_that_has_begun_ends_with_yesterday(anna: Person, known: Deck) -> None:
    before = dues(anna)
    anna = actions.go_away(anna, on(1), on(20), now_ms=NOON)
    away = queries.vacations_of(anna, NOON + 3 * DAY)
    assert [(one.first, one.last, one.begun, one.back) for one in away] == [(on(1), on(20), True, on(21))]
    anna = actions.come_back(anna, on(1), now_ms=NOON + 3 * DAY)
    assert queries.today_of(anna, NOON + 3 * DAY).back is None
    assert not queries.vacations_of(anna, NOON + 3 * DAY)
    assert {card for card, due in dues(anna).items() if due == before[card]} >= {card for card, due in before.items() if due >= NOON + 4 * DAY}


def test_vacations_that_touch_are_one(anna: Person) -> None:
    anna = actions.go_away(anna, on(5), on(8), now_ms=NOON)
    anna = actions.go_away(anna, on(9), on(12), now_ms=NOON)
    anna = actions.go_away(anna, on(30), on(30), now_ms=NOON)
    assert [(one.first, one.last) for one in queries.vacations_of(anna, NOON)] == [(on(5), on(12)), (on(30), on(30))]


@pytest.mark.parametrize(("first", "last", "why"), [(5, 4, "Swap"), (-9, -2, "are over"), (0, 500, "longer than 400"), (2000, 2001, "three years")])
def test_days_that_cannot_be_meant_are_refused_with_a_sentence(anna: Person, first: int, last: int, why: str) -> None:
    with pytest.raises(actions.NoVacation, match=why):
        actions.go_away(anna, on(first), on(last), now_ms=NOON)
    anna.refresh_from_db()
    assert anna.vacations == []


def test_weekdays_off_stay_free_but_never_all_of_them(anna: Person, known: Deck) -> None:
    anna = actions.rest_on(anna, {5, 6}, now_ms=NOON)
    assert not any(on(day).weekday() in (5, 6) for day in days(anna) if day > 0)
    assert queries.today_of(anna, NOON + 2 * DAY).back == on(4)
    with pytest.raises(actions.NoVacation, match="at least one"):
        actions.rest_on(anna, range(7), now_ms=NOON)


def test_an_exam_is_not_studied_for_on_vacation(anna: Person, known: Deck) -> None:
    exam = exams.plan_exam(anna, decks=[known], date=on(20), now_ms=NOON, minutes=5)
    assert exams.outlook(exam, now_ms=NOON).loads
    anna = actions.go_away(anna, on(3), on(9), now_ms=NOON)
    planned = exams.outlook(exams.exam_of(anna, exam.id), now_ms=NOON)
    assert {date for date, *_rest in planned.loads}.isdisjoint(on(day) for day in range(3, 10))


def test_an_archive_s_nonsense_is_no_day_off(anna: Person) -> None:
    anna.vacations, anna.days_off = [[5, 3, 1], ["a", 2, 3], [1, 2], 7, [1, True, 0]], [0, 1, 2, 3, 4, 5, 6, "x"]
    assert not calendar_of(anna).off
