"""Both forgetting curves against numbers worked out once, against the public package, and as laws."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pytest
from fsrs import Card, Rating, Scheduler, State
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.fsrs import FSRS6, FSRS7, Fsrs6, Fsrs7, replay_ratings

# (t, g): S, D, R before it; default weights (memory.md §1)
GOLDEN_6: list[list[tuple[float, int, float, float, float | None]]] = [
    [(0, 3, 2.3065, 2.11810397, None), (1, 3, 7.31530074, 2.111214236, 0.946847499), (3, 3, 19.8334735, 2.104331391, 0.949225883), (9, 3, 51.1434698, 2.097455429, 0.944832596), (25, 3, 124.522078, 2.090586343, 0.941415235)],
    [(0, 1, 0.212, 6.4133, None), (0, 3, 0.246689188, 6.402115069, 1.0), (1, 3, 2.02147725, 6.390941324, 0.780850277), (4, 1, 0.57489456, 8.798955324, 0.846806135), (0, 3, 0.626461591, 8.785384738, 1.0), (2, 3, 2.27702167, 8.771827722, 0.803570368), (6, 2, 4.92050871, 9.169910379, 0.821354755)],
    [(0, 4, 8.2956, 1, None), (10, 4, 75.3479343, 1, 0.88665722), (40, 1, 3.49652466, 7.026989569, 0.937433489), (1, 3, 5.7120122, 7.015190949, 0.962605814)],
    [(0, 2, 1.2931, 5.112170706, None), (0, 2, 1.2931, 6.740459511, 1.0), (2, 2, 3.59102909, 7.821393498, 0.867367502), (5, 3, 9.82964673, 7.808800474, 0.875700127)],
]  # fmt: skip
GOLDEN_7: list[list[tuple[float, int, float, float, float | None]]] = [
    [(0, 3, 4.1283, 4.194588083, None), (0.0069, 3, 5.28189845, 4.180821488, 0.969371205), (1, 3, 10.6341396, 4.167192559, 0.934445933), (3.2, 3, 19.1881093, 4.153699919, 0.943336947), (12, 3, 34.5289312, 4.140342206, 0.938132291)],
    [(0, 1, 0.041, 5.6385, None), (0.0007, 1, 0.00485631925, 8.740281146, 0.78363735), (0.007, 3, 0.124133669, 8.68105762, 0.553298998), (0.9, 3, 0.752999753, 8.622426329, 0.620739982), (4, 1, 0.187093396, 9.552983321, 0.73000303), (0.007, 3, 0.393505801, 9.485632773, 0.829228594), (2, 2, 0.89630398, 9.60352098, 0.70246157)],
    [(0, 4, 11.9709, 2.817928572, None), (10, 4, 32.7510131, 1, 0.921074528), (40, 1, 4.61943089, 7.476939286, 0.922346255), (1, 3, 7.30948916, 7.430349179, 0.929056559)],
    [(0, 2, 2.4175, 5.075198392, None), (0.02, 2, 3.16315413, 6.819743007, 0.945364414), (2, 2, 5.56686212, 7.920864677, 0.89549457), (5, 4, 10.8251052, 7.123799979, 0.901069548)],
]  # fmt: skip
HISTORIES = [(FSRS6, h) for h in GOLDEN_6] + [(FSRS7, h) for h in GOLDEN_7]
Curve = Fsrs6 | Fsrs7

stabilities = st.floats(0.0001, 36_500)
difficulties = st.floats(1, 10)
times = st.floats(0, 36_500)
ratings = st.integers(1, 4)
curves = st.sampled_from([FSRS6, FSRS7])


@pytest.mark.parametrize(("curve", "history"), HISTORIES)
def test_a_history_leaves_the_numbers_worked_out_for_it(curve: Curve, history: list[Any]) -> None:
    S = D = 0.0
    for turn, (t, g, want_S, want_D, want_R) in enumerate(history):
        R = curve.recall(t, S) if turn else None
        S, D = curve.after(S, D, t, g) if turn else curve.first(g)
        assert pytest.approx(want_S, rel=1e-8) == S
        assert pytest.approx(want_D, rel=1e-8) == D
        assert R is None if want_R is None else pytest.approx(want_R, abs=1e-8) == R


@pytest.mark.parametrize(
    ("curve", "S", "days"),
    [
        (FSRS6, 10, (4.025587, 10, 33.1596, 92.87911)),
        (FSRS6, 0.1, (0.04025587, 0.1, 0.331596, 0.9287911)),
        (FSRS7, 10, (1.707362, 13.07339, 59.99515, 179.2336)),
        (FSRS7, 100, (77.51137, 228.6425, 801.994, 2225.756)),
    ],
)
def test_intervals_for_a_wanted_recall(curve: Curve, S: float, days: tuple[float, ...]) -> None:
    for target, want in zip((0.95, 0.9, 0.8, 0.7), days, strict=True):
        assert curve.interval(target, S) == pytest.approx(want, rel=1e-6)
        assert curve.intervals(target, [S, S]) == pytest.approx([want, want], rel=1e-6)


def test_stability_means_nine_in_ten_for_fsrs_6_only() -> None:
    assert FSRS6.recall(20, 20) == pytest.approx(0.9)
    assert [round(FSRS7.recall(S, S), 3) for S in (0.1, 1, 20, 365)] == [0.707, 0.835, 0.924, 0.948]


def test_the_public_package_agrees_on_random_histories() -> None:
    """py-fsrs counts whole 24-hour periods, so the histories are spaced by whole days or lie within one."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    dice = random.Random(6)
    for _ in range(100):
        now = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
        card = Card(card_id=1, state=State.Learning, due=now)
        S = D = 0.0
        for turn in range(8):
            t = dice.choice([0, 0, 1, 2, 5, 30, 400]) if turn else 0
            g = dice.randint(1, 4)
            now += dt.timedelta(days=t)
            card, _log = scheduler.review_card(card, Rating(g), now)
            S, D = FSRS6.after(S, D, t, g) if turn else FSRS6.first(g)
            assert pytest.approx(card.stability, rel=1e-10) == S
            assert pytest.approx(card.difficulty, rel=1e-10) == D


@given(curves, stabilities, difficulties, times, ratings)
def test_arrays_give_what_one_card_gives(curve: Curve, S: float, D: float, t: float, g: int) -> None:
    many = [np.array([x, x]) for x in (S, D, t)]
    found_S, found_D = curve.afters(*many, np.array([g, g]))
    want_S, want_D = curve.after(S, D, t, g)
    assert found_S == pytest.approx([want_S, want_S], rel=1e-9)
    assert found_D == pytest.approx([want_D, want_D], rel=1e-9)
    assert curve.recalls(many[2], many[0]) == pytest.approx([curve.recall(t, S)] * 2, rel=1e-9)


@given(curves, stabilities, difficulties, times, ratings)
def test_memory_stays_within_its_bounds(curve: Curve, S: float, D: float, t: float, g: int) -> None:
    after_S, after_D = curve.after(S, D, t, g)
    assert curve.least <= after_S <= 36_500
    assert 1 <= after_D <= 10
    assert 0 < curve.recall(t, S) <= 1


@given(curves, stabilities, difficulties, times, st.integers(2, 4))
def test_a_pass_and_a_miss_reckoned_together_are_the_same_to_the_last_bit(curve: Curve, S: float, D: float, t: float, g: int) -> None:
    R = curve.recall(t, S)
    assert curve.pair(S, D, t, g, R) == (curve.after(S, D, t, g, R), curve.after(S, D, t, 1, R))


@given(curves, stabilities, difficulties, times)
def test_a_better_rating_never_leaves_less(curve: Curve, S: float, D: float, t: float) -> None:
    if curve is FSRS6:
        S, t = max(S, curve.least), float(int(t))
    left = [curve.after(S, D, t, g)[0] for g in (1, 2, 3, 4)]
    assert left == sorted(left)
    harder = [curve.after(S, D, t, g)[1] for g in (1, 2, 3, 4)]
    assert harder == sorted(harder, reverse=True)


@given(curves, stabilities, times, times)
def test_recall_only_falls_with_time(curve: Curve, S: float, one: float, other: float) -> None:
    assert curve.recall(max(one, other), S) <= curve.recall(min(one, other), S)


@given(curves, st.floats(0.01, 1000), st.floats(0.7, 0.97))
def test_after_its_interval_recall_is_the_target(curve: Curve, S: float, target: float) -> None:
    days = curve.interval(target, S)
    if curve is FSRS6 or 1e-4 < days < 36_000:
        assert curve.recall(days, S) == pytest.approx(target, abs=1e-6)


@pytest.mark.parametrize("curve", [FSRS6, FSRS7])
def test_many_cards_are_replayed_as_each_alone(curve: Curve) -> None:
    dice = random.Random(7)
    rows = [(dice.randrange(30), dice.choice([0.0, 1.0, 3.0, 40.0]), dice.randint(1, 4)) for _ in range(400)]
    card, t, g = (np.array(column) for column in zip(*rows, strict=True))
    S, D, R = replay_ratings(curve, card, t, g)
    alone: dict[int, tuple[float, float]] = {}
    for row, (which, days, rating) in enumerate(rows):
        if which in alone:
            assert R[row] == pytest.approx(curve.recall(days, alone[which][0]), rel=1e-9)
            alone[which] = curve.after(*alone[which], days, rating)
        else:
            assert np.isnan(R[row])
            alone[which] = curve.first(rating)
        assert (S[row], D[row]) == pytest.approx(alone[which], rel=1e-9)


def test_nothing_replayed_is_nothing() -> None:
    S, _, _ = replay_ratings(FSRS6, np.array([], int), np.array([]), np.array([], int))
    assert len(S) == 0


@pytest.mark.parametrize("curve", [Fsrs6, Fsrs7])
def test_a_wrong_number_of_weights_is_refused(curve: type[Fsrs6 | Fsrs7]) -> None:
    with pytest.raises(ValueError, match="weights, not 3"):
        curve((1.0, 2.0, 3.0))
