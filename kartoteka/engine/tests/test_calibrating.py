"""The calibrator begins in the middle of both curves, learns what a learner is like, and never leaves its bounds."""

from __future__ import annotations

import random
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.calibrating import Beliefs, Calibrator, Mixture, chance, logit
from kartoteka.engine.memory import DAY_MS, Calendar, Columns, Evidence, MemoryState, Model, due_ms, level, levels, recall
from kartoteka.engine.mixed import Answer, learned, ratings_of
from kartoteka.engine.state import LAGS, days_until, s90

CALENDAR = Calendar()
NOON = CALENDAR.begins(20_000) + 8 * 3_600_000
STATE = MemoryState(20.0, 5.0, 20.0, 5.0, NOON, NOON, 2, 20_000, True)
EAGER = Model(beliefs=Beliefs((0.6, 0.5, 0.5, 0.3, 0.4, 0.2), 0.1, 20_001))


def test_at_first_it_is_the_middle_of_both_logits() -> None:
    calibrator = Calibrator()
    x = calibrator.features(logit(0.9), logit(0.8), 0.0, 5)
    assert calibrator.predict(x) == pytest.approx(chance((logit(0.9) + logit(0.8)) / 2))


def test_a_learner_who_forgets_less_is_believed_after_a_while() -> None:
    dice, calibrator = random.Random(2), Calibrator()
    for i in range(1500):
        calibrator.begins(i // 30)
        x = calibrator.features(logit(0.8), logit(0.8), 0.0, 4)
        calibrator.learn(x, float(dice.random() < 0.95), calibrator.predict(x))
    assert calibrator.predict(calibrator.features(logit(0.8), logit(0.8), 0.0, 4)) == pytest.approx(0.95, abs=0.03)


def test_an_answer_that_says_little_moves_little() -> None:
    moved = []
    for weight in (1.0, 0.1):
        calibrator = Calibrator()
        x = calibrator.features(logit(0.9), logit(0.9), 0.0, 4)
        before = calibrator.P[0][0]
        calibrator.learn(x, 0.0, calibrator.predict(x), weight)
        moved.append(before - calibrator.P[0][0])
    assert moved[1] < moved[0]


def test_a_night_halves_the_surprise() -> None:
    calibrator = Calibrator()
    calibrator.begins(1)
    x = calibrator.features(logit(0.9), logit(0.9), 0.0, 4)
    calibrator.learn(x, 0.0, calibrator.predict(x))
    before = calibrator.u
    calibrator.begins(1)
    assert calibrator.u == before
    calibrator.begins(2)
    assert calibrator.u == before / 2


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans(), st.integers(1, 36_500)), max_size=60))
def test_it_stays_finite_whatever_comes(answers: list[tuple[float, float, bool, int]]) -> None:
    calibrator = Calibrator()
    for six, seven, right, lag in answers:
        x = calibrator.features(logit(six), logit(seven), 0.5, lag)
        calibrator.learn(x, float(right), calibrator.predict(x))
    assert all(map(isfinite, calibrator.b))
    assert all(isfinite(value) for row in calibrator.P for value in row)
    assert all(calibrator.P[i][i] > 0 for i in range(6))


def test_the_better_of_two_predictors_is_listened_to() -> None:
    mixture = Mixture()
    assert mixture.shares()[0] > mixture.shares()[1]
    for _ in range(100):
        mixture.learn((0.6, 0.9), 1.0)
    assert mixture.shares()[1] > 0.99


@given(st.floats(0.01, 30_000), st.floats(0.01, 30_000), st.integers(-3, 3), st.integers(0, 4))
def test_calibrated_recall_never_rises_with_waiting(six: float, seven: float, surprise: int, seen: int) -> None:
    state = MemoryState(six, 5, seven, 5, NOON, NOON, surprise=float(surprise), n=seen)
    model = Model(beliefs=Beliefs((0.5, 0.2, 0.3, 0.1, 0.5, 0.6)))
    at_grid = [recall(state, NOON + int(lag) * DAY_MS, CALENDAR, model) for lag in LAGS]
    assert all(a >= b for a, b in zip(at_grid, at_grid[1:], strict=False))


@given(st.floats(0.1, 3000), st.floats(0.1, 3000), st.floats(0.7, 0.97))
def test_a_calibrated_interval_stays_within_half_and_twice_the_curves_own(six: float, seven: float, target: float) -> None:
    state = MemoryState(six, 5, seven, 5, NOON, NOON)
    plain = days_until(state, target)
    assert 0.49 * plain <= days_until(state, target, EAGER) <= 2.01 * plain


def test_who_remembers_more_is_asked_later() -> None:
    assert due_ms(STATE, target=0.9, calendar=CALENDAR, seed="a", model=EAGER) > due_ms(STATE, target=0.9, calendar=CALENDAR, seed="a")
    assert s90(STATE, CALENDAR, EAGER) > s90(STATE, CALENDAR)
    assert level(STATE, NOON + DAY_MS, CALENDAR, EAGER) == "mastered"


def test_the_surprise_of_today_counts_today_only() -> None:
    still = Model(beliefs=Beliefs(EAGER.beliefs.b if EAGER.beliefs else (0, 0, 0, 0, 0, 0)))
    assert recall(STATE, NOON + DAY_MS, CALENDAR, EAGER) > recall(STATE, NOON + DAY_MS, CALENDAR, still)
    assert recall(STATE, NOON + 2 * DAY_MS, CALENDAR, EAGER) == recall(STATE, NOON + 2 * DAY_MS, CALENDAR, still)


@given(st.lists(st.tuples(st.floats(0.01, 3000), st.floats(0.01, 3000), st.integers(0, 400), st.integers(-2, 2)), min_size=1, max_size=8), st.integers(0, 500))
def test_a_set_at_once_is_calibrated_like_its_cards(cards: list[tuple[float, float, int, int]], later: int) -> None:
    states = [MemoryState(six, 5, seven, 5, NOON, NOON - ago * DAY_MS, 2, None, True, surprise=float(c), n=3) for six, seven, ago, c in cards]
    columns, at = Columns.of(states), NOON + later * DAY_MS
    assert columns.recalls(at, CALENDAR, EAGER) == pytest.approx([recall(state, at, CALENDAR, EAGER) for state in states], rel=1e-9)
    near = {state for state in states if abs(s90(state, CALENDAR, EAGER) - 21) < 0.01}
    for state, one, many in zip(states, [level(state, at, CALENDAR, EAGER) for state in states], levels(states, at, CALENDAR, EAGER), strict=True):
        assert one == many or state in near


def test_what_a_learner_answered_becomes_a_model() -> None:
    dice = random.Random(4)
    answers = [Answer(str(i % 40), Evidence("rating", 1.0, "", 3 if dice.random() < 0.97 else 1, at_ms=NOON + i * DAY_MS // 8)) for i in range(900)]
    own = learned(answers, CALENDAR)
    assert own.beliefs is not None
    assert recall(STATE, NOON + 20 * DAY_MS, CALENDAR, own) > recall(STATE, NOON + 20 * DAY_MS, CALENDAR)
    assert len(ratings_of(answers, CALENDAR)) == 900
    assert len(ratings_of([], CALENDAR)) == 0
