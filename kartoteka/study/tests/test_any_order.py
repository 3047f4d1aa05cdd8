"""Any order of syncing gives the same memories: the log is a set, and its time order is its own."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.log import STATE
from kartoteka.study.models import Chosen, DaySum, Hand, Memory, Progress, Review, Sitting
from kartoteka.study.replaying import remembered
from kartoteka.study.sums import kept_sums
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit, cards_in

pytestmark = pytest.mark.django_db
# Shrinking a failure on a database takes minutes; the first one found says enough.
UNHURRIED = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate))

# What two devices did while neither could reach the server: (sitting, card, rating, minutes later, undone again?, said twice?)
deeds = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 4),
        st.sampled_from([0, 1, 7, 60, 1440, 4000]),
        st.sampled_from([False, False, False, True]),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


def everything(learner: Person) -> tuple[Any, Any, Any]:
    memories = list(Memory.objects.filter(learner=learner).order_by("card_id").values(*STATE, "due_ms", "upto_ms", "card_id"))
    return memories, kept_sums(learner), list(Progress.objects.filter(learner=learner).values("answers", "took_ms", "first_ms", "last_ms"))


def forget_all() -> None:
    for model in (Review, Memory, Progress, DaySum, Hand, Sitting, Chosen):
        model.objects.all().delete()


def told_of(visits: list[Visit], cards: list[str], doings: list[Any]) -> list[actions.Given]:
    """The answers and undos that these doings make, as devices would send them."""
    givens: list[actions.Given] = []
    turns: dict[tuple[int, int], int] = {}
    at_ms = NOON
    for sitting, card, rating, later, undone, twice in doings:
        at_ms += later * MINUTE
        turn = turns.get((sitting, card), 0)
        one = visits[sitting].given(cards[card], rating, at_ms=at_ms, turn=turn)
        givens.append(one)
        if rating == 1 and not undone and visits[sitting].sitting.mode != "look":
            turns[sitting, card] = turn + 1
        if twice:
            givens.append(visits[sitting].given(cards[card], 5 - rating, at_ms=at_ms + 40, turn=turn))
        if undone:
            givens.append(actions.Given(uuid7(), one.sitting, client_ms=at_ms + 900, takes_back=one.id))
    return givens


@UNHURRIED
@given(deeds, st.randoms(use_true_random=False), st.integers(1, 9))
def test_permuted_and_doubled_batches_give_the_same_state_byte_for_byte(anna: Person, deck: Deck, doings: list[Any], dice: random.Random, size: int) -> None:
    forget_all()
    cards = cards_in(deck)
    visits = [Visit(anna, deck, mode) for mode in ("plain", "sort", "look")]
    givens = told_of(visits, cards, doings)
    now_ms = NOON + 60 * DAY
    for one in sorted(givens, key=lambda one: (one.client_ms, one.id)):
        assert actions.answer(anna, one, now_ms=now_ms).status != "refused"
    in_time = everything(anna)
    assert not list(queries.wrong_memories())

    for model in (Review, Memory, Progress, DaySum):
        model.objects.all().delete()
    shuffled = [*givens, *dice.sample(givens, len(givens) // 3)]
    dice.shuffle(shuffled)
    for start in range(0, len(shuffled), size):
        told = actions.answer_many(anna, shuffled[start : start + size], now_ms=now_ms)
        assert all(one.status != "refused" for one in told)
    assert everything(anna) == in_time
    assert {uuid.UUID(hex=str(card).replace("-", "")) for card in remembered(anna)} == {row["card_id"] for row in in_time[0]}
    assert not list(queries.wrong_memories())


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from([1, 30, 1440])), max_size=12))
def test_many_at_once_is_the_same_as_one_by_one(anna: Person, deck: Deck, doings: list[Any]) -> None:
    forget_all()
    cards = cards_in(deck)
    visits = [Visit(anna, deck, "plain")]
    givens = told_of(visits, cards, [(0, card, rating, later, False, False) for card, rating, later in doings])
    now_ms = NOON + 60 * DAY
    singly = [actions.answer(anna, one, now_ms=now_ms) for one in givens]
    state = everything(anna)
    for model in (Review, Memory, Progress, DaySum):
        model.objects.all().delete()
    assert actions.answer_many(anna, givens, now_ms=now_ms) == singly
    assert everything(anna) == state


@UNHURRIED
@given(st.lists(st.tuples(st.sampled_from(["answer", "undo", "late", "day"]), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=25))
def test_a_learner_who_answers_undoes_and_syncs_late_remembers_what_the_log_says(anna: Person, deck: Deck, doings: list[Any]) -> None:
    forget_all()
    cards = cards_in(deck)
    visits = [Visit(anna, deck, "plain"), Visit(anna, deck, "sort")]
    now_ms, outbox = NOON, []
    for n, (deed, card, rating) in enumerate(doings):
        now_ms += HOUR if deed != "day" else DAY
        visit = visits[n % 2]
        if deed == "undo":
            actions.undo(anna, visit.sitting, id=uuid7(), now_ms=now_ms)
        elif deed == "late":
            outbox.append(visit.given(cards[card], rating, at_ms=now_ms, turn=0))
        else:
            open_now = {question.item.id: question.turn for question in queries.next_questions(visit.sitting)}
            if cards[card] in open_now:
                visit.answer(cards[card], rating, at_ms=now_ms, turn=open_now[cards[card]])
        if n % 7 == 6:
            actions.answer_many(anna, outbox, now_ms=now_ms)
    actions.answer_many(anna, outbox, now_ms=now_ms)
    assert not list(queries.wrong_memories())
