"""Insights say what the log says: minutes, recalls against what was expected, hard cards."""

from __future__ import annotations

from uuid import UUID

import pytest

from kartoteka.engine.memory import recall
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions
from kartoteka.study.insights import insights
from kartoteka.study.learners import calendar_of
from kartoteka.study.planning import forecast_of, today_of
from kartoteka.study.rows import states
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in

pytestmark = pytest.mark.django_db


def test_a_learner_without_answers_has_an_empty_page(anna: Person) -> None:
    found = insights(anna, NOON)
    assert (found.answers, found.minutes, found.asked, found.bins, found.hardest) == (0, 0, 0, (), ())
    assert len(found.weeks) == 12


def test_recalls_of_a_later_day_are_held_against_what_was_expected(anna: Person, deck: Deck) -> None:
    first, second, third = cards_in(deck)
    visit = Visit(anna, deck, "plain")
    for card in (first, second, third):
        visit.answer(card, 4, at_ms=NOON)
    later = NOON + 3 * DAY
    expected = sum(recall(states(anna.id, [card])[card], later, calendar_of(anna)) for card in (first, second))
    again = Visit(anna, deck, "sort", now_ms=later)
    again.answer(first, 3, at_ms=later)
    again.answer(second, 1, at_ms=later)
    found = insights(anna, later)
    assert (found.asked, found.right) == (2, 1)
    assert found.expected == pytest.approx(expected)
    assert found.answers == 5
    assert [(one.term, one.missed) for one in found.hardest] == [(found.hardest[0].term, 1)]
    assert sum(one.asked for one in found.bins) == 2
    assert found.weeks[-1].asked == 2


def test_what_was_taken_back_is_not_counted(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck, "plain")
    visit.answer(cards_in(deck)[0], 1, at_ms=NOON)
    assert insights(anna, NOON).answers == 1
    actions.undo(anna, visit.sitting, id=uuid7(), now_ms=NOON + 1000)
    found = insights(anna, NOON + 2000)
    assert found.answers == 0
    assert found.hardest == ()


def test_what_is_older_than_twelve_weeks_is_left_out(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck, "plain")
    visit.answer(cards_in(deck)[0], 3, at_ms=NOON)
    assert insights(anna, NOON + 100 * DAY).answers == 0


def test_others_see_none_of_it(anna: Person, cleo: Person, deck: Deck) -> None:
    Visit(anna, deck, "plain").answer(cards_in(deck)[0], 3, at_ms=NOON)
    assert insights(cleo, NOON).answers == 0


def test_the_forecast_alone_is_the_one_of_the_whole_day(anna: Person, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    visit = Visit(anna, deck, "plain")
    visit.answer(first, 3, at_ms=NOON)
    visit.answer(second, 4, at_ms=NOON)
    later = NOON + 2 * DAY
    assert any(forecast_of(anna, later))
    assert forecast_of(anna, later) == today_of(anna, later).forecast
    actions.mark(anna, UUID(first), deck.id, suspended=True)
    assert forecast_of(anna, later) == today_of(anna, later).forecast
