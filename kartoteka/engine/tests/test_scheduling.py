"""When a card is due: steps, whole learner-days, fuzz and balance."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.fsrs import FSRS6
from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, MemoryState, due_ms, observe
from kartoteka.engine.scheduling import _Draw, fuzz_range
from kartoteka.engine.state import DaysOff, Span

CALENDAR = Calendar()
DAY = 20_000
NOON = CALENDAR.begins(DAY) + 8 * 3_600_000
MINUTE = 60_000
KNOWN = MemoryState(30.0, 5.0, 30.0, 5.0, NOON, NOON)


def due(state: MemoryState | None, *, target: float = 0.9, seed: str = "card") -> int:
    assert state is not None
    return due_ms(state, target=target, calendar=CALENDAR, seed=seed)


def rate(state: MemoryState | None, grade: int, at: int) -> MemoryState | None:
    return observe(state, Evidence("rating", float(grade > 1), "spaced", grade, at_ms=at), CALENDAR)


def test_a_missed_new_card_comes_back_after_a_minute_then_ten_then_on_its_curve() -> None:
    state = rate(None, 1, NOON)
    assert due(state) == NOON + MINUTE
    state = rate(state, 3, NOON + 2 * MINUTE)
    assert due(state) == NOON + 12 * MINUTE
    state = rate(state, 3, NOON + 15 * MINUTE)
    assert due(state) > NOON + 60 * MINUTE


def test_a_new_card_got_right_is_asked_once_more_and_an_easy_one_is_not() -> None:
    assert due(rate(None, 3, NOON)) == NOON + 10 * MINUTE
    assert due(rate(None, 4, NOON)) >= CALENDAR.begins(DAY + 6)


def test_a_hard_second_step_is_repeated() -> None:
    assert due(rate(rate(None, 3, NOON), 2, NOON + 10 * MINUTE)) == NOON + 20 * MINUTE


def test_a_night_ends_the_steps() -> None:
    state = rate(rate(None, 1, NOON), 3, NOON + DAY_MS)
    assert due(state) > NOON + DAY_MS + 60 * MINUTE


def test_a_known_card_missed_goes_through_the_steps() -> None:
    state = rate(KNOWN, 1, NOON + 20 * DAY_MS)
    assert due(state) == NOON + 20 * DAY_MS + MINUTE


def test_what_was_recalled_in_another_mode_is_not_stepped() -> None:
    state = observe(None, Evidence("typed", 1.0, "learn", at_ms=NOON), CALENDAR)
    assert due(state) == CALENDAR.begins(DAY + 2)


def test_a_day_or_more_is_due_from_the_start_of_a_learner_day() -> None:
    for S in (1.0, 1.4, 2.4, 10.0, 400.0):
        at = due(replace(KNOWN, s6=S))
        assert at == CALENDAR.begins(CALENDAR.day(at))
        assert CALENDAR.day(at) > DAY


def test_less_than_a_day_is_due_in_minutes_but_no_later_than_the_next_days_start() -> None:
    assert due(replace(KNOWN, s6=0.25)) == NOON + DAY_MS // 4
    assert due(replace(KNOWN, s6=0.9)) == CALENDAR.begins(DAY + 1)
    assert due(replace(KNOWN, s6=0.001)) == NOON + 10 * MINUTE


@pytest.mark.parametrize("target", [0.7, 0.8, 0.9, 0.97])
def test_the_wanted_retention_decides_the_interval(target: float) -> None:
    low, high = fuzz_range(FSRS6.interval(target, 30.0))
    assert DAY + low <= CALENDAR.day(due(KNOWN, target=target)) <= DAY + high


def test_no_interval_passes_a_hundred_years() -> None:
    assert CALENDAR.day(due(replace(KNOWN, s6=36_500.0), target=0.7)) <= DAY + 36_500


@pytest.mark.parametrize(("days", "around"), [(2.4, (2, 2)), (2.5, (2, 4)), (7.0, (5, 9)), (20.0, (17, 23)), (100.0, (93, 107))])
def test_fuzz_grows_with_the_interval(days: float, around: tuple[int, int]) -> None:
    assert fuzz_range(days) == around


def test_fuzz_spreads_cards_and_is_the_same_every_time() -> None:
    found = [due(KNOWN, seed=f"card-{i}") for i in range(200)]
    assert found == [due(KNOWN, seed=f"card-{i}") for i in range(200)]
    assert len(set(found)) == 7
    once_more = replace(KNOWN, more=(("seen", 3),))
    assert found != [due(once_more, seed=f"card-{i}") for i in range(200)]


def away(first: int, last: int, *, said: int = 0) -> DaysOff:
    return DaysOff(spans=(Span(DAY + first, DAY + last, DAY + said),))


def days_of(cards: int = 300, **more: object) -> Counter[int]:
    return Counter(CALENDAR.day(due_ms(KNOWN, target=0.9, calendar=CALENDAR, seed=f"{i}", **more)) - DAY for i in range(cards))  # type: ignore[arg-type]


def test_busy_days_are_spared_and_days_off_empty() -> None:
    assert days_of(busy={DAY + 30: 9})[30] <= 2
    assert days_of(off=away(30, 30))[30] == 0
    assert 15 < days_of()[30] < 70


def test_days_off_move_only_what_falls_on_them() -> None:
    usual = {seed: due(KNOWN, seed=f"{seed}") for seed in range(200)}
    for seed, at in usual.items():
        moved = due_ms(KNOWN, target=0.9, calendar=CALENDAR, seed=f"{seed}", off=away(30, 31))
        assert moved == at or CALENDAR.day(at) - DAY in (30, 31)
        assert CALENDAR.day(moved) - DAY not in (30, 31)


def test_a_vacation_over_the_whole_fuzz_is_worked_ahead_for_where_most_of_the_interval_is_over() -> None:
    assert set(days_of(off=away(25, 45))) <= set(range(20, 25))


def test_and_else_waits_until_it_is_over_spread_over_some_days() -> None:
    found = days_of(off=away(15, 50))
    assert set(found) <= set(range(51, 58))
    assert len(found) > 3


def test_nothing_is_asked_ahead_before_the_vacation_was_known() -> None:
    assert set(days_of(off=away(25, 45, said=23))) <= {23, 24}
    assert min(days_of(off=away(25, 45, said=25))) == 46


def test_weekdays_off_are_free_of_cards() -> None:
    sundays = DaysOff(weekdays=frozenset({6}))
    assert not any((DAY + day + 3) % 7 == 6 for day in days_of(off=sundays))
    one_day = replace(KNOWN, s6=1.0)
    for last in range(7):
        state = replace(one_day, last_ms=NOON + last * DAY_MS)
        assert CALENDAR.day(due_ms(state, target=0.9, calendar=Calendar(off=sundays), seed="card")) % 7 != (6 - 3) % 7


def test_without_a_day_left_the_card_stays_where_it_was() -> None:
    always = DaysOff(weekdays=frozenset(range(7)))
    assert days_of(off=always) == days_of()


def test_siblings_are_never_due_on_the_same_day() -> None:
    assert days_of(siblings={DAY + 30})[30] == 0
    assert sum(days_of(siblings=range(DAY, DAY + 99)).values()) == 300  # nowhere left: rather together than never


@given(st.floats(0.001, 36_500), st.floats(0.7, 0.97), st.text(max_size=5))
def test_what_is_due_lies_ahead(S: float, target: float, seed: str) -> None:
    assert due(replace(KNOWN, s6=S), target=target, seed=seed) > NOON


@given(
    st.text(max_size=12), st.integers(1, 12), st.dictionaries(st.integers(0, 12), st.integers(0, 5), max_size=6), st.frozensets(st.integers(0, 12), max_size=13)
)
def test_a_day_is_drawn_as_dice_seeded_anew_would_draw_it(seed: str, days: int, busy: dict[int, int], siblings: frozenset[int]) -> None:
    weights = [0.0 if day in siblings else 1.0 / (busy.get(day, 0) + 1) ** 2 for day in range(days)]
    for these in (busy, {}):
        drawn = _Draw(seed, these, siblings if these else ())(range(days))
        assert drawn == random.Random(seed).choices(range(days), (weights if any(weights) else None) if these else [1.0] * days)[0]
