"""The fit goes downhill by exact slopes, finds what another optimiser finds, and keeps only what predicts later reviews better."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize

from kartoteka.engine import fitting
from kartoteka.engine.fitting import SCALE_6, SCALE_7, curves_for, fit, turns_of
from kartoteka.engine.fsrs import FSRS6, WEIGHTS_6, WEIGHTS_7, Floats, Fsrs6
from kartoteka.engine.memory import DAY_MS, Calendar
from kartoteka.engine.predicting import Folds, Ratings, auc, figures, predictions
from kartoteka.engine.slopes import Turns, slopes_6, slopes_7

CALENDAR = Calendar(((0, 0),))


def learner(weights: tuple[float, ...] = WEIGHTS_6, cards: int = 150, times: int = 9, seed: int = 3) -> Ratings:
    """Reviews of somebody who forgets by these weights."""
    numbers, curve = np.random.default_rng(seed), Fsrs6(weights)
    day = numbers.integers(0, 60, cards).astype(float)
    grade = numbers.choice([1, 2, 3, 4], cards, p=[0.25, 0.1, 0.5, 0.15])
    S, D = curve.firsts(grade)
    rows = [(np.arange(cards), day * DAY_MS, grade)]
    for _ in range(times - 1):
        lag = np.where(numbers.random(cards) < 0.15, 0.0, np.maximum(np.rint(S * numbers.lognormal(0, 0.6, cards)), 1.0))
        day = day + lag + 0.01
        right = numbers.random(cards) < np.where(lag < 1, 0.9, curve.recalls(lag, S))
        grade = np.where(right, numbers.choice([2, 3, 4], cards, p=[0.15, 0.75, 0.1]), 1)
        S, D = curve.afters(S, D, lag, grade)
        rows.append((np.arange(cards), day * DAY_MS, grade))
    card, at, grade = (np.concatenate(part) for part in zip(*rows, strict=True))
    return Ratings.of(card, at.astype(np.int64), grade, CALENDAR)


STRONG = (0.6, 4.0, 9.0, 25.0, *WEIGHTS_6[4:8], 2.4, *WEIGHTS_6[9:])


@pytest.mark.parametrize(("weights", "slopes", "which"), [(WEIGHTS_6, slopes_6, 0), (WEIGHTS_7, slopes_7, 1)])
def test_slopes_are_what_small_steps_show(weights: tuple[float, ...], slopes: Callable[[Floats, Turns], tuple[float, Floats]], which: int) -> None:
    turns = turns_of(learner())[which]
    w = np.array(weights) * 1.01
    if which:
        w[26], w[29] = 0.9, 0.5
    by_w = slopes(w, turns)[1]
    for i in range(len(w)):
        step = 1e-6 * max(abs(w[i]), 0.01)
        up, down = w.copy(), w.copy()
        up[i] += step
        down[i] -= step
        shown = (slopes(up, turns)[0] - slopes(down, turns)[0]) / 2 / step
        assert by_w[i] == pytest.approx(shown, rel=2e-4, abs=2e-3), i


@pytest.mark.parametrize(("slopes", "scale", "which"), [(slopes_6, SCALE_6, 0), (slopes_7, SCALE_7, 1)])
def test_the_minimum_is_as_low_as_scipys(slopes: Callable[[Floats, Turns], tuple[float, Floats]], scale: fitting._Scale, which: int) -> None:
    turns = turns_of(learner(STRONG))[which]

    def function(z: Floats) -> tuple[float, Floats]:
        w = scale.weights(z)
        loss, by_w = slopes(w, turns)
        return loss + 0.5 * float(z @ z), scale.slope(w, by_w) + z

    mine = fitting._fit(slopes, scale, turns, None, tolerance=1e-8)
    theirs = minimize(function, np.zeros(len(scale.low)), jac=True, method="L-BFGS-B", bounds=list(zip(scale.low, scale.high, strict=True)))
    assert mine.value <= theirs.fun * (1 + 1e-4)
    assert ((mine.z >= scale.low) & (mine.z <= scale.high)).all()


def test_weights_of_another_learner_are_kept() -> None:
    found = fit(learner(STRONG, 200, 10))
    assert found.kept
    assert found.before is not None
    assert found.after is not None
    assert found.after < found.before
    assert found.weights6[2] > WEIGHTS_6[2]


def test_weights_that_predict_no_better_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = learner()
    worse = fitting.Curves(Fsrs6((*(w / 5 for w in WEIGHTS_6[:4]), *WEIGHTS_6[4:])))
    monkeypatch.setattr(fitting, "curves_for", lambda _: worse)
    found = fit(ratings)
    assert not found.kept
    assert (found.weights6, found.weights7) == (WEIGHTS_6, WEIGHTS_7)
    assert "not have predicted better" in found.why


def test_few_reviews_fit_only_beginnings_and_decay() -> None:
    curves = curves_for(learner(STRONG, 20, 9))
    assert curves is not None
    moved = [i for i, (mine, theirs) in enumerate(zip(curves.six.w, WEIGHTS_6, strict=True)) if mine != pytest.approx(theirs)]
    assert moved
    assert set(moved) <= {0, 1, 2, 3, 20}


def test_too_few_reviews_fit_nothing() -> None:
    assert curves_for(learner(STRONG, 4, 5)) is None
    assert not fit(learner(STRONG, 4, 5)).kept
    assert not fit(Ratings.of(*(np.empty(0, np.int64) for _ in range(3)), CALENDAR)).kept


def test_a_large_log_is_fitted_in_stages_to_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = learner(STRONG, 700, 10)
    whole = curves_for(ratings)
    monkeypatch.setattr(fitting, "STAGES", (1500, 3500))
    part = curves_for(ratings)
    assert whole is not None
    assert part is not None
    rows = ratings.scored
    recalls = [fitting.Seen.by(curves, ratings).six[rows] for curves in (whole, part)]
    assert np.abs(recalls[0] - recalls[1]).mean() < 0.02


def test_a_prediction_uses_only_what_came_before() -> None:
    ratings = learner()
    size = len(ratings) * 2 // 3
    for model in ("fsrs6", "default"):
        whole = predictions(ratings, model, "now", curves_for)[1]
        part = predictions(ratings.head(size), model, "now", curves_for)[1]
        assert whole is not None
        assert part is not None
        assert np.array_equal(whole[: len(part)], part)


def test_folds_test_the_last_five_sixths() -> None:
    ratings = learner()
    folds = Folds.of(ratings)
    n = len(ratings.scored)
    assert len(folds.tested) == 5 * (n // 6)
    assert folds.begins[-1] == n


def test_the_area_under_the_curve_is_what_pairs_say() -> None:
    numbers = np.random.default_rng(1)
    p, y = numbers.integers(0, 5, 60) / 5, numbers.random(60) < 0.6
    pairs = [(a > b) + 0.5 * (a == b) for a in p[y] for b in p[~y]]
    assert auc(p, y) == pytest.approx(np.mean(pairs))
    assert auc(p, np.ones(60, bool)) is None


def test_nothing_to_predict_gives_nothing() -> None:
    found = figures(np.empty(0), learner(), np.empty(0, np.int64))
    assert found["log_loss"] is None
    assert FSRS6.w == WEIGHTS_6
