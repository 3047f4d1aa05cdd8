"""Levels and Mastery, one card and whole sets."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.fsrs import FSRS6, FSRS7
from kartoteka.engine.levels import weakest
from kartoteka.engine.memory import DAY_MS, Calendar, Columns, MemoryState, level, levels, mastery, recall

CALENDAR = Calendar()
NOON = CALENDAR.begins(20_000) + 8 * 3_600_000
SAFE = MemoryState(30.0, 5.0, 30.0, 5.0, NOON, NOON, days_ok=2, ok_day=20_000, last_ok=True)


@pytest.mark.parametrize(
    ("state", "days", "found"),
    [
        (None, 0, "new"),
        (replace(SAFE, last_ok=False), 0, "learning"),
        (replace(SAFE, last_ok=False), 400, "learning"),
        (SAFE, 0, "mastered"),
        (SAFE, 30, "mastered"),
        (replace(SAFE, days_ok=1), 0, "familiar"),
        (replace(SAFE, s6=20.9), 0, "familiar"),
        (replace(SAFE, s6=21.0), 0, "mastered"),
        (SAFE, 99, "mastered"),
        (SAFE, 100, "fading"),
        (replace(SAFE, days_ok=1, s6=1.0), 4, "fading"),
    ],
)
def test_the_first_rule_that_fits_gives_the_level(state: MemoryState | None, days: int, found: str) -> None:
    assert level(state, NOON + days * DAY_MS, CALENDAR) == found


def test_recall_is_by_real_time_within_the_day_and_by_learner_days_after_it() -> None:
    assert recall(SAFE, NOON + 3_600_000, CALENDAR) == FSRS7.recall(1 / 24, 30.0)
    assert recall(SAFE, NOON + 20 * 3_600_000, CALENDAR) == FSRS6.recall(1, 30.0)
    assert recall(SAFE, NOON + 30 * DAY_MS, CALENDAR) == pytest.approx(0.9)


states = st.builds(
    MemoryState,
    st.floats(0.001, 1000),
    st.floats(1, 10),
    st.floats(0.0001, 1000),
    st.floats(1, 10),
    st.just(NOON),
    st.integers(NOON, NOON + 100 * DAY_MS),
    st.integers(0, 4),
    last_ok=st.booleans(),
)


@given(st.lists(st.none() | states, max_size=30), st.integers(NOON, NOON + 400 * DAY_MS))
def test_a_set_at_once_has_the_levels_of_its_cards(found: list[MemoryState | None], now: int) -> None:
    travelled = Calendar(((0, 240), (NOON + 50 * DAY_MS, -300)))
    assert levels(found, now, travelled) == [level(state, now, travelled) for state in found]
    known = [state for state in found if state]
    assert levels(Columns.of(known), now, travelled) == [level(state, now, travelled) for state in known]
    assert Columns.of(known).recalls(now, travelled) == pytest.approx([recall(state, now, travelled) for state in known], rel=1e-9)


def test_a_note_is_at_the_level_of_its_weakest_card() -> None:
    assert weakest(["mastered", "learning"]) == "learning"
    assert weakest(["familiar", "new"]) == "new"
    assert weakest(["fading", "familiar"]) == "fading"
    assert weakest([]) == "new"


def test_mastery_is_the_mean_recall_at_the_horizon() -> None:
    at = NOON + 30 * DAY_MS
    found = mastery([SAFE] * 8 + [None] * 2, at, CALENDAR)
    assert (found.percent, found.likely, found.of) == (72, 7, 10)
    assert found.low <= 7 <= found.high <= 8
    assert mastery([], at, CALENDAR) == (0, 0, 0, 0, 0)
    assert mastery([None] * 3, at, CALENDAR) == (0, 0, 3, 0, 0)


def test_what_was_only_recognised_counts_at_most_half() -> None:
    assert mastery([replace(SAFE, days_ok=0, last_ok=False)] * 10, NOON, CALENDAR).percent == 50


def test_the_band_is_the_same_every_time_and_wider_than_chance_alone() -> None:
    fading = [replace(SAFE, s6=1.0)] * 100
    found = mastery(fading, NOON + 10 * DAY_MS, CALENDAR)
    assert found == mastery(list(fading), NOON + 10 * DAY_MS, CALENDAR)
    p = FSRS6.recall(10, 1.0)
    by_chance = 2 * 1.28 * (100 * p * (1 - p)) ** 0.5
    assert by_chance < found.high - found.low < 3 * by_chance


def test_the_band_of_a_large_set_is_that_of_its_cards() -> None:
    dice = random.Random(1)
    some = [replace(SAFE, s6=dice.uniform(1, 100)) for _ in range(500)]
    small, large = mastery(some, NOON + 20 * DAY_MS, CALENDAR), mastery(some * 4, NOON + 20 * DAY_MS, CALENDAR)
    assert large.percent == small.percent
    assert (large.high - large.low) / 4 == pytest.approx(small.high - small.low, rel=0.15)


def test_columns_know_how_many_cards_are_new() -> None:
    assert mastery(Columns.of([SAFE] * 8), NOON, CALENDAR, new=2) == mastery([SAFE] * 8 + [None] * 2, NOON, CALENDAR)
    assert mastery(Columns.of_rows([]), NOON, CALENDAR, new=2).of == 2
