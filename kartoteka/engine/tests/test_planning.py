"""The exam plan keeps its minutes, says honestly what to expect, and is no worse than other ways to spend them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kartoteka.engine.fsrs import FSRS6
from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, MemoryState, replay
from kartoteka.engine.planning import Candidate, Exam, plan
from kartoteka.engine.prospects import prospects
from kartoteka.engine.simulating import POLICIES, simulate

CALENDAR = Calendar()
TODAY = 20_000
NOW = CALENDAR.begins(TODAY) + 8 * 3_600_000


def cards_of(known: int, new: int, seed: int = 1) -> list[Candidate]:
    dice = random.Random(seed)
    found = []
    for i in range(known):
        last = NOW - DAY_MS * dice.randrange(1, 25)
        found.append(Candidate(f"k{i}", MemoryState(dice.lognormvariate(1.5, 1), dice.uniform(1, 10), 5, 5, last, last, 1, None, True), f"n{i}"))
    return found + [Candidate(f"x{i}", None, f"m{i}") for i in range(new)]


def exam_in(days: int, minutes: float, **more: object) -> Exam:
    return Exam(NOW + days * DAY_MS, minutes, **more)  # type: ignore[arg-type]


def test_the_days_hold_no_more_minutes_than_were_given() -> None:
    found = plan(cards_of(60, 60), exam_in(20, 6), now_ms=NOW, calendar=CALENDAR)
    assert len(found.loads) == 20
    assert sum(load.minutes for load in found.loads) <= 20 * 6 + 1e-6
    assert max(load.minutes for load in found.loads) <= 6.5
    assert sum(one.minutes for one in found.today) <= 6 + 1e-6


def test_days_off_hold_nothing() -> None:
    off = frozenset((TODAY, TODAY + 3))
    found = plan(cards_of(30, 10), exam_in(8, 5, days_off=off), now_ms=NOW, calendar=CALENDAR)
    assert found.today == ()
    assert off.isdisjoint(load.day for load in found.loads)


def test_more_minutes_never_promise_less_by_much() -> None:
    recalls = [plan(cards_of(50, 50), exam_in(15, minutes), now_ms=NOW, calendar=CALENDAR).forecast.recall for minutes in (0, 1, 3, 6, 12)]
    assert all(b >= a - 0.01 for a, b in zip(recalls, recalls[1:], strict=False))


def test_an_impossible_target_is_said_with_what_it_needs() -> None:
    found = plan(cards_of(20, 80), exam_in(10, 2), now_ms=NOW, calendar=CALENDAR)
    assert found.infeasible
    assert found.forecast.recall < 0.9
    assert found.minutes_for_target is not None
    assert found.set_aside is not None
    enough = plan(cards_of(20, 80), exam_in(10, found.minutes_for_target), now_ms=NOW, calendar=CALENDAR)
    assert not enough.infeasible
    fewer = plan(cards_of(20, 80 - found.set_aside) if found.set_aside <= 80 else [], exam_in(10, 2), now_ms=NOW, calendar=CALENDAR)
    assert fewer.forecast.recall >= 0.86


def test_the_last_days_look_at_every_card_once_more_where_the_minutes_allow_it() -> None:
    found = plan(cards_of(20, 0), exam_in(1, 30), now_ms=NOW, calendar=CALENDAR)
    unsure = {f"k{i}" for i, one in enumerate(cards_of(20, 0)) if one.state and FSRS6.recall(1 + TODAY - CALENDAR.day(one.state.last_ms), one.state.s6) < 0.97}
    assert unsure <= {one.card for one in found.today}


def test_what_was_just_missed_comes_first_and_an_old_miss_as_any_card() -> None:
    def missed(ago_ms: int) -> MemoryState:
        state = replay([Evidence("rating", 1.0, "", 3, at_ms=NOW - 9 * DAY_MS), Evidence("rating", 0.0, "", 1, at_ms=NOW - ago_ms)], CALENDAR)
        assert state is not None
        return state

    found = plan([Candidate("old", missed(5 * DAY_MS)), Candidate("just", missed(60_000))], exam_in(5, 9), now_ms=NOW, calendar=CALENDAR)
    assert [(one.card, one.why) for one in found.today if one.why == "step"] == [("just", "step")]


def test_a_note_is_asked_once_a_day() -> None:
    cards = [Candidate(f"c{i}", None, f"n{i // 2}") for i in range(20)]
    found = plan(cards, exam_in(20, 30), now_ms=NOW, calendar=CALENDAR)
    assert len(found.today) == 10


@pytest.mark.parametrize("days", [-3, 0])
def test_an_exam_that_has_come_places_nothing(days: int) -> None:
    found = plan(cards_of(5, 5), exam_in(days, 10), now_ms=NOW, calendar=CALENDAR)
    assert (found.today, found.loads, found.minutes_for_target) == ((), (), None)
    assert found.forecast == found.if_stop


@pytest.mark.parametrize(("known", "new", "days", "minutes"), [(0, 0, 5, 5), (1, 0, 5, 5), (0, 1, 400, 1), (3, 3, 5, 0), (0, 400, 2, 1)])
def test_odd_piles_give_numbers(known: int, new: int, days: int, minutes: float) -> None:
    found = plan(cards_of(known, new), exam_in(days, minutes), now_ms=NOW, calendar=CALENDAR)
    assert 0 <= found.if_stop.recall <= found.forecast.recall + 1e-9 <= 1 + 1e-9
    assert found.forecast.low <= found.forecast.recall <= found.forecast.high


def test_the_same_cards_give_the_same_plan() -> None:
    one, two = (plan(cards_of(40, 40), exam_in(12, 5), now_ms=NOW, calendar=CALENDAR) for _ in range(2))
    assert one == two


def test_a_dearer_minute_is_never_spent_more() -> None:
    tables = prospects()
    minutes = [tables.begun(price, 20)[1] for price in range(24)]
    assert np.all(np.diff(minutes) <= 1e-9)


@pytest.mark.parametrize("minutes", [1.0, 2.0, 5.0])
def test_ours_is_no_worse_than_another_policy(minutes: float) -> None:
    found = {name: simulate(name, cards=60, days=20, minutes=minutes, count=6) for name in POLICIES}
    best = max(result.recall for result in found.values())
    assert found["ours"].recall >= best - 0.005
    assert all(result.minutes_used <= 20 * minutes + 1e-6 for result in found.values())
