"""A learner's own memory model: everything goes by it, nobody else does, and a replay in time order says the same."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.evidence import Noise
from kartoteka.engine.fsrs import WEIGHTS_6, WEIGHTS_7
from kartoteka.engine.memory import due_ms, recall
from kartoteka.engine.state import PLAIN_MODEL, Model
from kartoteka.formats.base import BundleReview
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.log import STATE
from kartoteka.study.models import Fit, Memory
from kartoteka.study.own import kept_of, model_in, model_of
from kartoteka.study.rows import states
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit, cards_in

pytestmark = pytest.mark.django_db
UNHURRIED = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate))
STRONG = Model.of(
    (0.9, 5.0, 12.0, 40.0, *WEIGHTS_6[4:]),
    (0.2, 4.0, 9.0, 30.0, *WEIGHTS_7[4:]),
    Beliefs((0.3, 0.6, 0.5, 0.2, 0.4, -0.05), 0.1, 20_454),
    (("choice", Noise(0.1, 0.02, 0.8)), ("sorting", Noise(0.4, 0.05, 0.5))),
    0.4,
)


def give(learner: Person, model: Model = STRONG) -> Fit:
    """Puts a model in use, as a fit that was kept long ago."""
    number = Fit.objects.filter(learner=learner).count() + 1
    fit = Fit.objects.create(learner=learner, number=number, state=Fit.State.KEPT, at_ms=NOON - DAY, **kept_of(model))
    Person.objects.filter(id=learner.id).update(fit_id=fit.id)
    learner.fit_id = fit.id
    return fit


def test_a_model_comes_back_from_its_row_to_the_last_bit(anna: Person) -> None:
    fit = give(anna)
    assert model_in(Fit.objects.get(id=fit.id)) == STRONG
    assert model_of(anna) == STRONG
    assert model_of(None) == PLAIN_MODEL


def test_everything_that_is_said_of_a_card_goes_by_the_model_in_use(anna: Person, deck: Deck) -> None:
    give(anna)
    visit, card = Visit(anna, deck), cards_in(deck)[0]
    promised = queries.put(visit.sitting, now_ms=NOON)[0]["buttons"]["4"]["days"]
    visit.answer(card, 4)
    state = states(anna.id, [card])[card]
    assert state.s6 == pytest.approx(40.0)
    row = Memory.objects.get(learner=anna)
    calendar = queries.calendar_of(anna)
    assert row.due_ms == due_ms(state, target=0.9, calendar=calendar, seed=card, model=STRONG)
    assert calendar.day(row.due_ms) - calendar.day(NOON) == promised > 16
    later = NOON + 30 * DAY
    told = queries.why(anna, card, later)
    assert told.recall_now == recall(state, later, calendar, STRONG)
    assert queries.standing_of(anna, deck, later).recall_of_note == {
        row.note: pytest.approx(told.recall_now) for row in queries.cards_with_figures(anna, deck, later) if row.recall is not None
    }
    assert [row.recall for row in queries.cards_with_figures(anna, deck, later) if row.card == card] == [told.recall_now]
    assert not list(queries.wrong_memories())


def test_two_learners_of_one_set_do_not_see_each_others_numbers(anna: Person, ben: Person, deck: Deck) -> None:
    give(anna)
    card = cards_in(deck)[0]
    for learner in (anna, ben):
        Visit(learner, deck).answer(card, 3)
    own, other = (states(learner.id, [card])[card] for learner in (anna, ben))
    assert (own.s6, other.s6) == (pytest.approx(12.0), pytest.approx(WEIGHTS_6[2]))
    assert queries.why(ben, card, NOON + 9 * DAY).recall_now == recall(other, NOON + 9 * DAY, queries.calendar_of(ben))
    assert not list(queries.wrong_memories())


def test_an_answer_sent_by_a_browser_that_knew_another_model_goes_by_the_one_in_use(anna: Person, deck: Deck) -> None:
    visit, card = Visit(anna, deck), cards_in(deck)[0]
    stale = Person.objects.get(id=anna.id)
    give(anna)
    actions.answer(stale, visit.given(card, 4), now_ms=NOON)
    assert states(anna.id, [card])[card].s6 == pytest.approx(40.0)


def test_a_hand_is_asked_by_the_model_it_was_dealt_by(anna: Person, deck: Deck) -> None:
    visit, card = Visit(anna, deck), cards_in(deck)[0]
    visit.answer(card, 3)
    give(anna)
    actions.replay(anna, now_ms=NOON + HOUR)
    assert queries.desk_of(visit.sitting).model == PLAIN_MODEL
    assert queries.desk_of(Visit(anna, deck, "look", now_ms=NOON + HOUR).sitting).model == STRONG


def test_a_guests_model_comes_along_to_an_account_that_has_none(anna: Person, ben: Person, deck: Deck) -> None:
    card, other = cards_in(deck)[:2]
    fit = give(ben)
    Visit(ben, deck).answer(card, 3)
    Visit(anna, deck).answer(other, 3)
    actions.merge(ben, anna, now_ms=NOON + HOUR)
    assert Person.objects.get(id=anna.id).fit_id == fit.id
    assert [state.s6 for state in states(anna.id, [card, other]).values()] == pytest.approx([12.0, 12.0])
    assert not list(queries.wrong_memories())


def test_an_accounts_own_model_stays_when_a_guest_is_merged_into_it(anna: Person, ben: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    own, brought = give(anna), give(ben, Model())
    Visit(ben, deck).answer(card, 3)
    actions.merge(ben, anna, now_ms=NOON + HOUR)
    assert Person.objects.get(id=anna.id).fit_id == own.id
    assert Fit.objects.get(id=brought.id).learner == anna
    assert states(anna.id, [card])[card].s6 == pytest.approx(12.0)
    assert not list(queries.wrong_memories())


@UNHURRIED
@given(
    st.lists(
        st.tuples(st.sampled_from(["answer", "sort", "undo", "late", "day", "model", "start", "import"]), st.integers(0, 2), st.integers(1, 4)), max_size=24
    )
)
def test_whatever_comes_in_whichever_order_is_what_a_replay_in_time_order_says(anna: Person, deck: Deck, doings: list[Any]) -> None:
    for model in (Memory, Fit):
        model.objects.all().delete()
    actions.forget(anna)
    anna.refresh_from_db()
    cards = cards_in(deck)
    visits = {"answer": Visit(anna, deck, "plain"), "sort": Visit(anna, deck, "sort")}
    now_ms, outbox, dice = NOON, [], random.Random(3)
    for deed, place, rating in doings:
        now_ms += dice.choice((MINUTE, HOUR, DAY, 5 * DAY))
        visit = visits.get(deed, visits["answer"])
        if deed == "undo":
            actions.undo(anna, visit.sitting, id=uuid7(), now_ms=now_ms)
        elif deed == "late":
            outbox.append(visit.given(cards[place], rating, at_ms=now_ms - 2 * HOUR))
        elif deed == "model":
            give(anna, STRONG if rating > 2 else Model.of((0.1 * rating, 1.0, 2.0, 3.0, *WEIGHTS_6[4:]), WEIGHTS_7))
            actions.replay(anna, now_ms=now_ms)
        elif deed == "start":
            anna.day_start_min = 60 * rating
            Person.objects.filter(id=anna.id).update(day_start_min=60 * rating)
        elif deed == "import":
            past = [BundleReview(NOON - (40 - n) * DAY, 1 + (rating + n) % 4, 3000, ()) for n in range(4)]
            actions.adopt(anna, {UUID(cards[place]): past}, deck)
        else:
            open_now = {question.item.id: question.turn for question in queries.next_questions(visit.sitting)}
            if cards[place] in open_now:
                visit.answer(cards[place], rating, at_ms=now_ms, turn=open_now[cards[place]])
    actions.answer_many(anna, outbox, now_ms=now_ms)
    anna.refresh_from_db()
    assert not list(queries.wrong_memories())
    kept = list(Memory.objects.filter(learner=anna).order_by("card_id").values("card_id", *STATE))
    actions.replay(anna, now_ms=now_ms)
    assert list(Memory.objects.filter(learner=anna).order_by("card_id").values("card_id", *STATE)) == kept
