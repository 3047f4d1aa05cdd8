"""Insights say what the log says: minutes, recalls against what was expected, hard cards."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kartoteka.engine.memory import recall
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions
from kartoteka.study.insights import insights, insights_in
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Review
from kartoteka.study.planning import forecast_of, today_in, today_of
from kartoteka.study.rows import states
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in, make_deck

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


def test_of_one_set_the_same_is_said_and_nothing_of_another(anna: Person, deck: Deck) -> None:
    other = make_deck(anna)
    for one in (deck, other):
        visit = Visit(anna, one, "plain")
        for card in cards_in(one):
            visit.answer(card, 4, at_ms=NOON)
    later = NOON + 3 * DAY
    Visit(anna, deck, "sort", now_ms=later).answer(cards_in(deck)[0], 1, at_ms=later)
    Visit(anna, other, "sort", now_ms=later).answer(cards_in(other)[1], 3, at_ms=later)
    first, second, _third = cards_in(deck)
    Review.objects.filter(card_id=first, outcome=0).update(mistaken_for=second)
    found, whole = insights_in(anna, deck, later), insights(anna, later)
    assert [day.answers for day in found.days if day.answers] == [3, 1]
    assert [day.answers for day in whole.days if day.answers] == [6, 2]
    assert sum(one.asked for one in found.bins) == 1
    assert [(one.one, one.other, one.times) for one in found.confused] == [("term 0", "term 1", 1)]
    assert found.forecast == tuple(today_in(anna, deck, later).forecast)
    assert sum(found.forecast) < sum(whole.forecast)


def test_a_larger_set_costs_no_more_statements(anna: Person) -> None:
    asked = []
    for many in (3, 30):
        deck = make_deck(anna, many)
        visit = Visit(anna, deck, "plain")
        for card in cards_in(deck):
            visit.answer(card, 1, at_ms=NOON)
        Review.objects.filter(deck_id=deck.id).update(mistaken_for=cards_in(deck)[0])
        with CaptureQueriesContext(connection) as caught:
            insights_in(anna, deck, NOON + DAY)
        asked.append(len(caught))
    assert asked[0] == asked[1]
