"""Any order of syncing gives the same memories: the log is a set, and its time order is its own."""

from __future__ import annotations

import dataclasses
import random
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.log import STATE
from kartoteka.study.models import Chosen, DaySum, Hand, Memory, Progress, Review, Sheet, Sitting
from kartoteka.study.replaying import remembered
from kartoteka.study.sheets import card_sums
from kartoteka.study.sums import kept_sums
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit, cards_in

pytestmark = pytest.mark.django_db
PROMISED = settings.get_current_profile_name() == "promise"  # as large as promised: see conftest.py of the house
EXAMPLES, STEPS = (settings().max_examples, settings().stateful_step_count) if PROMISED else (12, 25)
# Shrinking a failure on a database takes minutes; the first one found says enough.
UNHURRIED = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)

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
    max_size=50 if PROMISED else 14,
)


def everything(learner: Person) -> tuple[Any, Any, Any]:
    memories = list(Memory.objects.filter(learner=learner).order_by("card_id").values(*STATE, "due_ms", "upto_ms", "card_id"))
    return memories, kept_sums(learner), list(Progress.objects.filter(learner=learner).values("answers", "took_ms", "first_ms", "last_ms"))


def forget_all() -> None:
    for model in (Review, Memory, Progress, DaySum, Sheet, Hand, Sitting, Chosen):
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
@given(st.lists(st.tuples(st.sampled_from(["answer", "undo", "late", "day"]), st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=STEPS))
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


SKEWS = (0, 3 * HOUR, -DAY)  # how wrong the clocks of the devices are
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")


class Devices(RuleBasedStateMachine):
    """Three devices with wrong clocks, one learner: each answers, answers twice, takes back and syncs as it likes, in batches, out of order, again."""

    learner: Person
    deck: Deck

    def __init__(self) -> None:
        super().__init__()
        forget_all()
        Person.objects.filter(id=self.learner.id).update(calendar=[], time_zone="")
        self.learner.refresh_from_db()
        self.cards = cards_in(self.deck)
        self.visits = [Visit(self.learner, self.deck, mode) for mode in ("plain", "sort", "look")]
        self.now_ms = NOON
        self.outbox: list[list[actions.Given]] = [[], [], []]
        self.turns: list[dict[tuple[int, int], int]] = [{}, {}, {}]
        self.last: list[actions.Given | None] = [None, None, None]
        self.all: list[actions.Given] = []
        self.travelled = False

    def _say(self, device: int, given: actions.Given) -> None:
        self.all.append(given)
        self.outbox[device].append(given)

    @rule(device=st.integers(0, 2), sitting=st.integers(0, 2), card=st.integers(0, 2), rating=st.integers(1, 4), later=st.sampled_from([0, 1, 7, 60, 700]))
    def answer(self, device: int, sitting: int, card: int, rating: int, later: int) -> None:
        self.now_ms += later * MINUTE
        turn = self.turns[device].get((sitting, card), 0)
        one = self.visits[sitting].given(self.cards[card], rating, at_ms=self.now_ms, turn=turn)
        if rating == 1 and sitting != 2:
            self.turns[device][sitting, card] = turn + 1
        self.last[device] = one
        self._say(device, one)

    @precondition(lambda self: any(self.last))
    @rule(device=st.integers(0, 2), rating=st.integers(1, 4))
    def answer_the_same_again(self, device: int, rating: int) -> None:
        if last := self.last[device]:
            response = dataclasses.replace(last.response, rating=rating)
            self._say(device, dataclasses.replace(last, id=uuid7(), response=response, client_ms=last.client_ms + 40))

    @precondition(lambda self: any(self.last))
    @rule(device=st.integers(0, 2))
    def take_back(self, device: int) -> None:
        if last := self.last[device]:
            self.last[device] = None
            self._say(device, actions.Given(uuid7(), last.sitting, client_ms=self.now_ms, takes_back=last.id))

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.now_ms += days * DAY

    @rule(device=st.integers(0, 2), size=st.integers(1, 9), dice=st.randoms(use_true_random=False))
    def sync(self, device: int, size: int, dice: random.Random) -> None:
        waiting, self.outbox[device] = self.outbox[device], []
        dice.shuffle(waiting)
        self._send(device, waiting, size)

    @precondition(lambda self: self.all)
    @rule(device=st.integers(0, 2), dice=st.randoms(use_true_random=False))
    def send_again(self, device: int, dice: random.Random) -> None:
        sent = {one.id for some in self.outbox for one in some}
        known = [one for one in self.all if one.id not in sent]
        self._send(device, dice.sample(known, min(len(known), 5)), 5)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: str) -> None:
        self.travelled = True
        actions.answer_many(self.learner, [], now_ms=self.now_ms, time_zone=zone)

    @rule()
    def look(self) -> None:
        given = queries.answers(self.learner, self.deck)
        seen = card_sums(self.learner, self.deck.id, self.now_ms)
        assert {card: (one.asked, one.right) for card, one in seen.items()} == {
            card: (len(mine), sum(one.passed for one in mine)) for card in {one.card for one in given} if (mine := [one for one in given if one.card == card])
        }
        assert not list(queries.wrong_memories())

    def _send(self, device: int, givens: list[actions.Given], size: int) -> None:
        skew = SKEWS[device]
        for start in range(0, len(givens), size):
            some = [dataclasses.replace(one, client_ms=one.client_ms + skew) for one in givens[start : start + size]]
            told = actions.answer_many(self.learner, some, now_ms=self.now_ms, sent_ms=self.now_ms + skew)
            assert all(one.status != "refused" for one in told)

    def teardown(self) -> None:
        for device in range(3):
            self._send(device, self.outbox[device], 9)
        assert not list(queries.wrong_memories())
        if self.travelled:  # when a device tells where it is decides which day an answer belongs to
            return
        state = everything(self.learner)
        for model in (Review, Memory, Progress, DaySum, Sheet):
            model.objects.all().delete()
        ordered = sorted(self.all, key=lambda one: (one.client_ms, one.id))
        for start in range(0, len(ordered), 20):
            actions.answer_many(self.learner, ordered[start : start + 20], now_ms=self.now_ms)
        assert everything(self.learner) == state


def test_whatever_three_devices_do_memories_and_sums_are_what_the_log_says_and_the_order_does_not_matter(anna: Person, deck: Deck) -> None:
    machine = type("TheseDevices", (Devices,), {"learner": anna, "deck": deck})
    run_state_machine_as_test(machine, settings=UNHURRIED)
