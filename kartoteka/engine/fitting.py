"""A learner's own weights: fitted to their ratings, drawn towards the published ones, kept only where they predict later reviews better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import AGAIN, WEIGHTS_6, WEIGHTS_7, Floats, Fsrs6, Fsrs7
from kartoteka.engine.predicting import Curves, Ratings, Seen, Walk, log_loss
from kartoteka.engine.slopes import Turns, slopes_6, slopes_7

LEAST, MOST = 64, 400  # scored reviews: below the first no fit, below the second only beginnings and decay
LONGEST = 64  # reviews of one card that count
ROUNDS = 60
STAGES = (10_000, 50_000)  # reviews that large logs are fitted to, first and last
SEED = 1885
HELD_OUT = 0.2
SAME_DAY = 0.3
Slopes = Callable[[Floats, Turns], tuple[float, Floats]]
# fmt: off
SPREAD_6 = np.array([1, 1, 1, 1, .57, .28, .6, .12, .39, .18, .33, .3, .09, .16, .57, .25, 1.03, .31, .32, .14, .27])
SPREAD_7 = np.array([
    1, 1, 1, 1, .523, .253, .433, .297, .214, .289, .186, .083, .175, .381, .301, .91, .323, .245, .327, .184, .154, .174, .461, .311, .864,
    .405, .162, .042, .26, .08, .068, .128, .14, .141, .149,
])
LOW_6 = np.array([.001, .001, .001, .001, 1, .001, .001, .001, 0, 0, .001, .001, .001, .001, 0, 0, 1, 0, 0, .01, .1])
HIGH_6 = np.array([100, 100, 100, 100, 10, 4, 4, .75, 4.5, .8, 3.5, 5, .25, .9, 4, 1, 6, 2, 2, .8, .8])
LOW_7 = np.array([
    .001, .001, .001, .001, 1, .001, .1, 0, 0, .3, .01, .001, .1, 0, 0, 1, 0, 0, .5, .001, .001, .001, 0, 0, 1, 2.5, 0, .01, .01, .5, .5, .01, .1, 0, .1,
])
HIGH_7 = np.array([
    50, 100, 100, 100, 10, 4, 4, 4, 1.2, 3, 1.5, .9, 1, 3.5, 1, 7, 4, 2, 6, 1.5, 2, 1, 5, 1, 7, 15, 1, .25, .95, .85, .99, 1, 1, .9, 1.1,
])
# fmt: on
FEW_6, FEW_7 = (0, 1, 2, 3, 20), (0, 1, 2, 3, 27, 28)


class Fitted(NamedTuple):
    """Weights of both curves and what came of the check: ``kept`` where they predicted held-out later reviews better than ``before``."""

    weights6: tuple[float, ...]
    weights7: tuple[float, ...]
    kept: bool
    why: str
    scored: int
    before: float | None
    after: float | None


class _Scale(NamedTuple):
    """Weights as the optimiser sees them: the first four as logarithms, all in units of how much learners differ, 0 for the published ones."""

    centre: Floats
    spread: Floats
    low: Floats
    high: Floats
    ordered: bool

    @classmethod
    def of(cls, weights: tuple[float, ...], spread: Floats, low: Floats, high: Floats, ordered: bool) -> _Scale:
        centre, low, high = np.array(weights), low.astype(float), high.astype(float)
        for edge in (centre, low, high):
            edge[:4] = np.log(edge[:4])
        return cls(centre, spread, (low - centre) / spread, (high - centre) / spread, ordered)

    def weights(self, z: Floats) -> Floats:
        w = self.centre + self.spread * z
        w[:4] = np.exp(w[:4])
        if self.ordered:
            w[:4] = np.maximum.accumulate(w[:4])
        return w

    def slope(self, w: Floats, by_w: Floats) -> Floats:
        found = by_w * self.spread
        found[:4] *= w[:4]
        return found


SCALE_6 = _Scale.of(WEIGHTS_6, SPREAD_6, LOW_6, HIGH_6, False)
SCALE_7 = _Scale.of(WEIGHTS_7, SPREAD_7, LOW_7, HIGH_7, True)


class Minimum(NamedTuple):
    z: Floats
    value: float
    curvature: Floats
    rounds: int


def least(
    function: Callable[[Floats], tuple[float, Floats]],
    z: Floats,
    low: Floats,
    high: Floats,
    *,
    curvature: Floats | None = None,
    rounds: int = ROUNDS,
    tolerance: float = 1e-6,
) -> Minimum:
    """The minimum within bounds: a projected quasi-Newton (BFGS, curvature kept positive), the step halved until it helps."""
    n = len(z)
    z = np.clip(z, low, high)
    value, slope = function(z)
    fresh = curvature is None
    B = np.eye(n) if curvature is None else curvature
    for done in range(rounds):
        free = ~(((z <= low) & (slope > 0)) | ((z >= high) & (slope < 0)))
        if not free.any() or np.abs(slope[free]).max() < 1e-5 * max(1.0, abs(value)) ** 0.5:
            return Minimum(z, value, B, done)
        step = np.zeros(n)
        step[free] = np.linalg.solve(B[np.ix_(free, free)], -slope[free])
        if fresh:
            step /= max(1.0, float(np.abs(step).max()) / 0.3)
        elif float(np.abs(step).max()) > 3:
            step *= 3 / float(np.abs(step).max())
        for _ in range(20):
            there = np.clip(z + step, low, high)
            moved = there - z
            value_there, slope_there = function(there)
            if np.isfinite(value_there) and value_there <= value + 1e-4 * float(slope @ moved):
                break
            step = step * 0.35
        else:
            return Minimum(z, value, B, done)
        bend = slope_there - slope
        if fresh:
            B, fresh = np.eye(n) * max(1.0, float(bend @ bend) / max(float(bend @ moved), 1e-12)) ** 0.5, False
        B = _bent(B, moved, bend)
        gained = value - value_there
        z, value, slope = there, value_there, slope_there
        if gained < tolerance * max(1.0, abs(value)):
            return Minimum(z, value, B, done + 1)
    return Minimum(z, value, B, rounds)


def _bent(B: Floats, moved: Floats, bend: Floats) -> Floats:
    """The curvature after a step (Powell's damping keeps it positive)."""
    Bs = B @ moved
    along = float(moved @ Bs)
    if along <= 1e-16:
        return B
    sy = float(moved @ bend)
    if sy < 0.2 * along:
        share = 0.8 * along / (along - sy)
        bend = share * bend + (1 - share) * Bs
        sy = float(moved @ bend)
    return np.asarray(B - np.outer(Bs, Bs) / along + np.outer(bend, bend) / sy)


def _weighted(ratings: Ratings) -> tuple[NDArray[np.bool_], Floats]:
    """Which rows count (the first reviews of each card), and how much each by its time: later ones more."""
    order = np.argsort(ratings.card, kind="stable")
    lengths = np.bincount(ratings.card)
    number = np.empty(len(ratings), np.int64)
    number[order] = np.arange(len(ratings)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    counts = number < LONGEST
    rank = np.cumsum(~ratings.first & (ratings.lag >= 1))
    return counts, np.where(ratings.first, 0.0, 0.25 + 0.75 * (rank / max(int(rank[-1]), 1)) ** 3)


def _fit(
    slopes: Slopes, scale: _Scale, turns: Turns, few: tuple[int, ...] | None, start: Minimum | None = None, rounds: int = ROUNDS, tolerance: float = 1e-6
) -> Minimum:
    low, high = scale.low.copy(), scale.high.copy()
    if few is not None:
        still = np.setdiff1d(np.arange(len(low)), few)
        low[still] = high[still] = 0.0

    def function(z: Floats) -> tuple[float, Floats]:
        w = scale.weights(z)
        loss, by_w = slopes(w, turns)
        return loss + 0.5 * float(z @ z), scale.slope(w, by_w) + z

    return least(
        function, start.z if start else np.zeros(len(low)), low, high, curvature=start.curvature if start else None, rounds=rounds, tolerance=tolerance
    )


def turns_of(ratings: Ratings) -> tuple[Turns, Turns]:
    """What FSRS-6 and FSRS-7 are fitted to: later days only, and same-day reviews for a part."""
    counts, weight = _weighted(ratings)
    card, grade, lag = ratings.card[counts], ratings.grade[counts], ratings.lag[counts]
    later, weight = lag >= 1, weight[counts]
    return (
        Turns.of(card, lag.astype(float), grade, np.where(later, weight, 0.0)),
        Turns.of(card, ratings.t[counts], grade, np.where(later, weight, SAME_DAY * weight)),
    )


def curves_for(ratings: Ratings) -> Curves | None:
    """Both curves fitted to these ratings, without any check; ``None`` where there are too few."""
    scored = len(ratings.scored)
    if scored < LEAST:
        return None
    few = scored < MOST
    stages = [turns_of(part) for part in _stages(ratings)]
    z6 = _staged(slopes_6, SCALE_6, [six for six, _ in stages], FEW_6 if few else None)
    z7 = _staged(slopes_7, SCALE_7, [seven for _, seven in stages], FEW_7 if few else None)
    return Curves(Fsrs6(_plain(SCALE_6.weights(z6))), Fsrs7(_plain(SCALE_7.weights(z7))))


def _stages(ratings: Ratings) -> list[Ratings]:
    """A large log is fitted to some of its cards first, then to more of them: enough of both are as good as all."""
    if len(ratings) <= 2 * STAGES[0]:
        return [ratings]
    cards = int(ratings.card.max()) + 1
    place = np.random.default_rng(SEED).permutation(cards)[ratings.card]
    reviews = np.cumsum(np.bincount(place, minlength=cards))
    parts = []
    for size in STAGES:
        chosen = place <= np.searchsorted(reviews, size)
        parts.append(ratings.only(chosen))
        if chosen.all():
            break
    return parts


def _staged(slopes: Slopes, scale: _Scale, stages: list[Turns], few: tuple[int, ...] | None) -> Floats:
    found: Minimum | None = None
    for i, turns in enumerate(stages):
        if found is not None:
            more = turns.weight.sum() / max(stages[i - 1].weight.sum(), 1e-9)
            own = np.eye(len(found.z))
            found = found._replace(curvature=own + (found.curvature - own) * more)
        last = i == len(stages) - 1
        found = _fit(slopes, scale, turns, few, found, tolerance=1e-6 if last and i == 0 else 1e-5)
    return found.z if found else np.zeros(len(scale.low))


def _plain(w: Floats) -> tuple[float, ...]:
    return tuple(float(x) for x in w)


def calibrated_loss(curves: Curves, ratings: Ratings, since: int) -> float:
    """Calibrated log loss of the scored reviews from the ``since``-th on."""
    scored = ratings.scored
    walk = Walk(ratings, (Seen.by(curves, ratings),))
    walk.until(since)
    return log_loss(walk.until(len(scored)), ratings.grade[scored[since:]] > AGAIN)


def fit(ratings: Ratings, in_use: Curves | None = None) -> Fitted:
    """The joint fit with its check: fitted on the first four fifths, compared on the last, refitted on all where that was better."""
    scored = ratings.scored
    kept = in_use or Curves()
    old6, old7 = tuple(kept.six.w), tuple(kept.seven.w)
    if len(scored) < LEAST:
        return Fitted(old6, old7, False, f"There are {len(scored)} reviews on a later day; own weights need {LEAST}.", len(scored), None, None)
    since = len(scored) - max(1, round(len(scored) * HELD_OUT))
    trial = curves_for(ratings.head(int(scored[since])))
    before = min(calibrated_loss(curves, ratings, since) for curves in ((Curves(),) if in_use is None else (Curves(), in_use)))
    after = calibrated_loss(trial, ratings, since) if trial else before
    if trial is None or after >= before:
        return Fitted(old6, old7, False, "Your own weights would not have predicted better yet.", len(scored), before, after)
    curves = curves_for(ratings) or trial
    return Fitted(tuple(curves.six.w), tuple(curves.seven.w), True, "Your own weights predicted your latest reviews better.", len(scored), before, after)


def within_bounds(weights6: Sequence[float], weights7: Sequence[float]) -> bool:
    """Whether these are weights that a fit could have come to."""
    pairs = ((weights6, LOW_6, HIGH_6), (weights7, LOW_7, HIGH_7))
    return all(bool(np.all((np.asarray(w) >= low - 1e-9) & (np.asarray(w) <= high + 1e-9))) for w, low, high in pairs)
