"""Both directions of a note are cards of their own: once one was recalled, a success on the other proves nothing for the rest of the day."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from kartoteka.library import actions as library
from kartoteka.library.models import Card, Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.log import SHOWN, STATE
from kartoteka.study.models import DaySum, Hand, Memory, Progress, Review, Sitting
from kartoteka.study.replaying import remembered
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(deck: Deck) -> tuple[str, str]:
    """The two directions of one note."""
    library.ensure_cards(deck, "reversed")
    forward = Card.objects.filter(deck=deck, kind="forward").order_by("note__position").first()
    assert forward is not None
    return forward.id.hex, Card.objects.get(note=forward.note, kind="reversed").id.hex


def memories(learner: Person) -> dict[str, Any]:
    return {row["card_id"].hex: {**row, "card_id": None} for row in Memory.objects.filter(learner=learner).values(*STATE, "card_id", "due_ms", "upto_ms")}


def sort(anna: Person, deck: Deck) -> Visit:
    return Visit(anna, deck, "sort", answer="both")


def test_the_other_direction_is_no_news_on_the_same_day_and_news_on_the_next(anna: Person, deck: Deck, pair: tuple[str, str]) -> None:
    visit = sort(anna, deck)
    visit.answer(pair[0], 3, at_ms=NOON)
    visit.answer(pair[1], 3, at_ms=NOON + MINUTE)
    assert set(memories(anna)) == {pair[0]}, "new until it proves something"
    assert not list(queries.wrong_memories())
    actions.finish(visit.sitting, now_ms=NOON + HOUR)
    later = Visit(anna, deck, "sort", answer="both", now_ms=NOON + DAY)
    assert later.answer(pair[1], 3, at_ms=NOON + DAY, now_ms=NOON + DAY).status == "stored"
    assert set(memories(anna)) == set(pair)
    assert not list(queries.wrong_memories())


def test_a_miss_counts_all_the_same_and_shows_nothing(anna: Person, deck: Deck, pair: tuple[str, str]) -> None:
    visit = sort(anna, deck)
    visit.answer(pair[0], 1, at_ms=NOON)
    visit.answer(pair[1], 3, at_ms=NOON + MINUTE)
    assert set(memories(anna)) == set(pair)
    again = Visit(anna, deck, "sort", answer="both", now_ms=NOON + HOUR)
    again.answer(pair[0], 1, at_ms=NOON + HOUR)
    assert not memories(anna)[pair[0]]["last_ok"]
    assert not list(queries.wrong_memories())


def test_undoing_the_success_makes_the_other_one_news_again(anna: Person, deck: Deck, pair: tuple[str, str]) -> None:
    visit = sort(anna, deck)
    first = visit.answer(pair[0], 3, at_ms=NOON)
    visit.answer(pair[1], 3, at_ms=NOON + MINUTE)
    actions.answer(anna, actions.Given(uuid7(), visit.sitting.id, client_ms=NOON + 2 * MINUTE, takes_back=first.id), now_ms=NOON + 2 * MINUTE)
    assert set(memories(anna)) == {pair[1]}
    assert not list(queries.wrong_memories())


def test_a_plain_rating_always_counts(anna: Person, deck: Deck, pair: tuple[str, str]) -> None:
    visit = Visit(anna, deck, "plain", answer="both")
    visit.answer(pair[0], 3, at_ms=NOON)
    visit.answer(pair[1], 3, at_ms=NOON + MINUTE)
    assert set(memories(anna)) == set(pair)


def test_any_order_of_arrival_gives_the_same_memory(anna: Person, deck: Deck, pair: tuple[str, str]) -> None:
    visit, plain = sort(anna, deck), Visit(anna, deck, "plain", answer="both")
    givens = [
        visit.given(pair[0], 3, at_ms=NOON),
        visit.given(pair[1], 3, at_ms=NOON + MINUTE),
        plain.given(pair[1], 1, at_ms=NOON + 2 * HOUR),
        plain.given(pair[0], 3, at_ms=NOON + DAY),
    ]
    found = []
    for order in itertools.permutations(givens):
        for model in (Review, Memory, Progress, DaySum):
            model.objects.all().delete()
        for one in order:
            assert actions.answer(anna, one, now_ms=NOON + 2 * DAY).status == "stored"
        found.append((memories(anna), list(Progress.objects.values("answers", "took_ms"))))
        assert remembered(anna).keys() == {row.card_id for row in Memory.objects.all()}
        assert not list(queries.wrong_memories())
    assert all(one == found[0] for one in found)
    kept = memories(anna)
    actions.replay(anna, now_ms=NOON + 2 * DAY)
    assert memories(anna) == kept


def test_a_set_of_single_cards_keeps_no_such_rows(anna: Person, deck: Deck, visit: Visit) -> None:
    visit.answer(Card.objects.filter(deck=deck).first().id.hex, 3)  # type: ignore[union-attr]
    assert not Review.objects.filter(question=SHOWN).exists()
    assert Hand.objects.count() + Sitting.objects.count() == 2
