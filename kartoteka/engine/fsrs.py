"""Two forgetting curves and their weights, for one card and for arrays of cards.

FSRS-6 counts whole learner-days, FSRS-7 real time as a fraction of days. D is difficulty 1…10, S stability in days, g the rating
(1 again, 2 hard, 3 good, 4 easy). Formulas and default weights: open-spaced-repetition (FSRS-6: py-fsrs; FSRS-7: srs-benchmark).
The two forms of one formula agree to 1e-9 (their exp and pow may differ in the last bit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, log, pow
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# fmt: off
WEIGHTS_6 = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729,
    0.5425, 0.0912, 0.0658, 0.1542,
)
WEIGHTS_7 = (
    0.041, 2.4175, 4.1283, 11.9709, 5.6385, 0.4468, 3.262, 2.3054, 0.1688, 1.3325, 0.3524, 0.0049, 0.7503, 0.0896, 0.6625, 1.3,
    0.882, 0.3072, 3.5875, 0.303, 0.0107, 0.2279, 2.6413, 0.5594, 1.3, 2.5, 1.0, 0.0723, 0.1634, 0.5, 0.9555, 0.2245, 0.6232, 0.1362, 0.3862,
)
# fmt: on
LONGEST_DAYS = 36_500.0
SECOND = 1 / 86_400  # the shortest time FSRS-7 knows, in days
AGAIN, HARD, GOOD, EASY = RATINGS = 1, 2, 3, 4
FEW = 12  # cards whose last reviews are replayed one by one


def clip(x: float, low: float, high: float) -> float:
    return low if x < low else high if x > high else x


@dataclass(frozen=True, slots=True)
class Fsrs6:
    """FSRS-6: t in whole learner-days, so R(S, S) is .9."""

    w: Sequence[float] = WEIGHTS_6
    factor: float = field(init=False)
    easy_difficulty: float = field(init=False)
    least: float = 0.001

    def __post_init__(self) -> None:
        if len(self.w) != len(WEIGHTS_6):
            raise ValueError(f"FSRS-6 takes {len(WEIGHTS_6)} weights, not {len(self.w)}.")
        object.__setattr__(self, "factor", 0.9 ** (-1 / self.w[20]) - 1)
        object.__setattr__(self, "easy_difficulty", self.w[4] - exp(self.w[5] * 3) + 1)  # not clipped

    def recall(self, t: float, S: float) -> float:
        return pow(1 + self.factor * t / S, -self.w[20])

    def interval(self, target: float, S: float) -> float:
        """Days until recall has fallen to ``target``."""
        return S / self.factor * (pow(target, -1 / self.w[20]) - 1)

    def first(self, g: int) -> tuple[float, float]:
        return clip(self.w[g - 1], self.least, LONGEST_DAYS), clip(self.w[4] - exp(self.w[5] * (g - 1)) + 1, 1, 10)

    def after(self, S: float, D: float, t: float, g: int, R: float | None = None) -> tuple[float, float]:
        """(S', D') of a review; both come from the old S and the old D. ``R``: recall before it, where it is known already."""
        if t < 1:
            after = self._same_day(S, pow(S, -self.w[19]), g)
        else:
            lost = 1 - (self.recall(t, S) if R is None else R)
            after = self._lapsed(S, D, lost) if g == AGAIN else self._grown(S, self._growth(S, D, lost), g)
        return clip(after, self.least, LONGEST_DAYS), self._harder(D, g)

    def each(self, S: float, D: float, t: float, R: float) -> dict[int, tuple[float, float]]:
        """``after`` for all four ratings; what they share is computed once."""
        if t < 1:
            power = pow(S, -self.w[19])
            found = {g: self._same_day(S, power, g) for g in RATINGS}
        else:
            growth = self._growth(S, D, 1 - R)
            found = {g: self._lapsed(S, D, 1 - R) if g == AGAIN else self._grown(S, growth, g) for g in RATINGS}
        return {g: (clip(after, self.least, LONGEST_DAYS), self._harder(D, g)) for g, after in found.items()}

    def pair(self, S: float, D: float, t: float, g: int, R: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """``after`` for a pass ``g`` and for a miss; what they share is computed once."""
        if t < 1:
            power = pow(S, -self.w[19])
            passed, missed = self._same_day(S, power, g), self._same_day(S, power, AGAIN)
        else:
            lost = 1 - R
            passed, missed = self._grown(S, self._growth(S, D, lost), g), self._lapsed(S, D, lost)
        return (clip(passed, self.least, LONGEST_DAYS), self._harder(D, g)), (clip(missed, self.least, LONGEST_DAYS), self._harder(D, AGAIN))

    def _same_day(self, S: float, power: float, g: int) -> float:
        factor = exp(self.w[17] * (g - 3 + self.w[18])) * power
        return S * (max(factor, 1.0) if g >= HARD else factor)

    def _lapsed(self, S: float, D: float, lost: float) -> float:
        w = self.w
        return min(w[11] * pow(D, -w[12]) * (pow(S + 1, w[13]) - 1) * exp(w[14] * lost), S / exp(w[17] * w[18]))

    def _growth(self, S: float, D: float, lost: float) -> float:
        w = self.w
        return exp(w[8]) * (11 - D) * pow(S, -w[9]) * (exp(w[10] * lost) - 1)

    def _grown(self, S: float, growth: float, g: int) -> float:
        return S * (1 + growth * (self.w[15] if g == HARD else self.w[16] if g == EASY else 1.0))

    def _harder(self, D: float, g: int) -> float:
        w = self.w
        return clip(w[7] * self.easy_difficulty + (1 - w[7]) * (D - w[6] * (g - 3) * (10 - D) / 9), 1, 10)

    def recalls(self, t: ArrayLike, S: ArrayLike) -> Floats:
        return np.asarray((1 + self.factor * np.asarray(t, float) / np.asarray(S, float)) ** -self.w[20])

    def intervals(self, target: float, S: ArrayLike) -> Floats:
        return np.asarray(np.asarray(S, float) / self.factor * (target ** (-1 / self.w[20]) - 1))

    def firsts(self, g: NDArray[Any]) -> tuple[Floats, Floats]:
        S = np.asarray(self.w[:4])[g - 1]
        return np.clip(S, self.least, LONGEST_DAYS), np.clip(self.w[4] - np.exp(self.w[5] * (g - 1)) + 1, 1, 10)

    def afters(self, S: Floats, D: Floats, t: Floats, g: NDArray[Any]) -> tuple[Floats, Floats]:
        """``after`` for many cards at once; each branch is computed only where it is taken."""
        w = self.w
        after = np.empty_like(S)
        same = t < 1
        lost, kept = ~same & (g == AGAIN), ~same & (g >= HARD)
        if same.any():
            s, r = S[same], g[same]
            factor = np.exp(w[17] * (r - 3 + w[18])) * s ** -w[19]
            after[same] = s * np.where(r >= HARD, np.maximum(factor, 1.0), factor)
        if lost.any():
            s, d = S[lost], D[lost]
            lapsed = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * np.exp(w[14] * (1 - self.recalls(t[lost], s)))
            after[lost] = np.minimum(lapsed, s / np.exp(w[17] * w[18]))
        if kept.any():
            s, r = S[kept], g[kept]
            bonus = np.where(r == HARD, w[15], np.where(r == EASY, w[16], 1.0))
            after[kept] = s * (1 + exp(w[8]) * (11 - D[kept]) * s ** -w[9] * (np.exp(w[10] * (1 - self.recalls(t[kept], s))) - 1) * bonus)
        harder = w[7] * self.easy_difficulty + (1 - w[7]) * (D - w[6] * (g - 3) * (10 - D) / 9)
        return np.clip(after, self.least, LONGEST_DAYS), np.clip(harder, 1, 10)


@dataclass(frozen=True, slots=True)
class Fsrs7:
    """FSRS-7: t in real days, at least a second. R(S, S) is *not* .9 here, so S is never shown as days."""

    w: Sequence[float] = WEIGHTS_7
    scales: tuple[float, float] = field(init=False)
    easy_difficulty: float = field(init=False)
    least: float = 0.0001

    def __post_init__(self) -> None:
        w = self.w
        if len(w) != len(WEIGHTS_7):
            raise ValueError(f"FSRS-7 takes {len(WEIGHTS_7)} weights, not {len(w)}.")
        object.__setattr__(self, "scales", (w[29] ** (-1 / w[27]) - 1, w[30] ** (-1 / w[28]) - 1))
        object.__setattr__(self, "easy_difficulty", w[4] - exp(w[5] * 3) + 1)  # not clipped

    def recall(self, t: float, S: float) -> float:
        w = self.w
        x = (t if t > SECOND else SECOND) / S
        a, b = w[31] * pow(S, -w[33]), w[32] * pow(S, w[34])
        return (a * pow(1 + self.scales[0] * x, -w[27]) + b * pow(1 + self.scales[1] * x, -w[28])) / (a + b)

    def interval(self, target: float, S: float) -> float:
        """Days until recall has fallen to ``target``, by halving ln t between 1e-5 and 36,500 days."""
        low, high = log(1e-5), log(LONGEST_DAYS)
        for _ in range(40):
            middle = (low + high) / 2
            if self.recall(exp(middle), S) > target:
                low = middle
            else:
                high = middle
        return exp((low + high) / 2)

    def first(self, g: int) -> tuple[float, float]:
        return clip(self.w[g - 1], self.least, LONGEST_DAYS), clip(self.w[4] - exp(self.w[5] * (g - 1)) + 1, 1, 10)

    def after(self, S: float, D: float, t: float, g: int, R: float | None = None) -> tuple[float, float]:
        """(S', D') of a review; both come from the old S and the old D. ``R``: recall before it, where it is known already."""
        w = self.w
        t = t if t > SECOND else SECOND
        lost = 1 - (self.recall(t, S) if R is None else R)
        c = 1 - w[26] * exp(-w[25] * t)
        long, short = self._branch(7, S, D, lost, g > AGAIN), self._branch(16, S, D, lost, g > AGAIN)
        return self._joined(c, S, D, long, short, g)

    def each(self, S: float, D: float, t: float, R: float) -> dict[int, tuple[float, float]]:
        """``after`` for all four ratings; what they share is computed once."""
        t = t if t > SECOND else SECOND
        c = 1 - self.w[26] * exp(-self.w[25] * t)
        long, short = self._branch(7, S, D, 1 - R, True), self._branch(16, S, D, 1 - R, True)
        return {g: self._joined(c, S, D, long, short, g) for g in RATINGS}

    def pair(self, S: float, D: float, t: float, g: int, R: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """``after`` for a pass ``g`` and for a miss; what they share is computed once."""
        t = t if t > SECOND else SECOND
        c = 1 - self.w[26] * exp(-self.w[25] * t)
        long, short = self._branch(7, S, D, 1 - R, True), self._branch(16, S, D, 1 - R, True)
        return self._joined(c, S, D, long, short, g), self._joined(c, S, D, long, short, AGAIN)

    def _joined(self, c: float, S: float, D: float, long: tuple[float, float], short: tuple[float, float], g: int) -> tuple[float, float]:
        """Both branches together, each (S after a miss, growth after a pass)."""
        if g == AGAIN:
            after = c * long[0] + (1 - c) * short[0]
        else:
            w = self.w
            one, two = (w[14], w[23]) if g == HARD else (w[15], w[24]) if g == EASY else (1.0, 1.0)
            after = c * max(long[0], S * (1 + long[1] * one)) + (1 - c) * max(short[0], S * (1 + short[1] * two))
        return clip(after, self.least, LONGEST_DAYS), self._harder(D, g)

    def _branch(self, k: int, S: float, D: float, lost: float, passed: bool) -> tuple[float, float]:
        w = self.w
        fail = min(S, w[k + 3] * pow(D, -w[k + 4]) * (pow(S + 1, w[k + 5]) - 1) * exp(w[k + 6] * lost))
        return fail, exp(w[k] - 1.5) * (11 - D) * pow(S, -w[k + 1]) * (exp(w[k + 2] * lost) - 1) if passed else 0.0

    def _harder(self, D: float, g: int) -> float:
        return clip(0.01 * self.easy_difficulty + 0.99 * (D - self.w[6] * (g - 3) * (10 - D) / 9), 1, 10)

    def recalls(self, t: ArrayLike, S: ArrayLike) -> Floats:
        w, s = self.w, np.asarray(S, float)
        x = np.maximum(np.asarray(t, float), SECOND) / s
        a, b = w[31] * s ** -w[33], w[32] * s ** w[34]
        return np.asarray((a * (1 + self.scales[0] * x) ** -w[27] + b * (1 + self.scales[1] * x) ** -w[28]) / (a + b))

    def intervals(self, target: float, S: ArrayLike) -> Floats:
        s = np.asarray(S, float)
        low, high = np.full(s.shape, log(1e-5)), np.full(s.shape, log(LONGEST_DAYS))
        for _ in range(40):
            middle = (low + high) / 2
            above = self.recalls(np.exp(middle), s) > target
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return np.asarray(np.exp((low + high) / 2))

    def firsts(self, g: NDArray[Any]) -> tuple[Floats, Floats]:
        S = np.asarray(self.w[:4])[g - 1]
        return np.clip(S, self.least, LONGEST_DAYS), np.clip(self.w[4] - np.exp(self.w[5] * (g - 1)) + 1, 1, 10)

    def afters(self, S: Floats, D: Floats, t: Floats, g: NDArray[Any]) -> tuple[Floats, Floats]:
        """``after`` for many cards at once."""
        w, t = self.w, np.maximum(t, SECOND)
        lost = 1 - self.recalls(t, S)
        c = 1 - w[26] * np.exp(-w[25] * t)
        after = c * self._branches(7, S, D, lost, g) + (1 - c) * self._branches(16, S, D, lost, g)
        harder = 0.01 * self.easy_difficulty + 0.99 * (D - w[6] * (g - 3) * (10 - D) / 9)
        return np.clip(after, self.least, LONGEST_DAYS), np.clip(harder, 1, 10)

    def _branches(self, k: int, S: Floats, D: Floats, lost: Floats, g: NDArray[Any]) -> Floats:
        w = self.w
        fail = np.minimum(S, w[k + 3] * D ** -w[k + 4] * ((S + 1) ** w[k + 5] - 1) * np.exp(w[k + 6] * lost))
        bonus = np.where(g == HARD, w[k + 7], np.where(g == EASY, w[k + 8], 1.0))
        grown = S * (1 + exp(w[k] - 1.5) * (11 - D) * S ** -w[k + 1] * (np.exp(w[k + 2] * lost) - 1) * bonus)
        return np.where(g == AGAIN, fail, np.maximum(fail, grown))


FSRS6 = Fsrs6()
FSRS7 = Fsrs7()


def replay_ratings(curve: Fsrs6 | Fsrs7, card: NDArray[Any], t: Floats, g: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    """Plain ratings of many cards, replayed: (S, D) after each row and R before it (nan for a first one).

    Rows are in order of time within a card; ``t`` is days since the card's previous row (whole learner-days for FSRS-6).
    All first rows are computed together, then all second ones, and so on.
    """
    order = np.argsort(card, kind="stable")
    sorted_card = card[order]
    begins = np.flatnonzero(np.r_[True, sorted_card[1:] != sorted_card[:-1]]) if len(card) else np.empty(0, int)
    lengths = np.diff(np.r_[begins, len(card)])
    longest_first = np.argsort(-lengths, kind="stable")
    begins, lengths = begins[longest_first], lengths[longest_first]
    S_all, D_all, R_all = (np.full(len(card), np.nan) for _ in range(3))
    S = D = np.empty(0)
    for turn in range(int(lengths[0]) if len(lengths) else 0):
        alive = int(np.searchsorted(-lengths, -turn, side="left"))
        if turn and alive <= FEW:
            for one in range(alive):
                rows = order[begins[one] + turn : begins[one] + lengths[one]]
                S_all[rows], D_all[rows], R_all[rows] = _one_card(curve, float(S[one]), float(D[one]), t[rows].tolist(), g[rows].tolist())
            break
        rows = order[begins[:alive] + turn]
        if turn == 0:
            S, D = curve.firsts(g[rows])
        else:
            R_all[rows] = curve.recalls(t[rows], S[:alive])
            S, D = curve.afters(S[:alive], D[:alive], t[rows], g[rows])
        S_all[rows], D_all[rows] = S, D
    return S_all, D_all, R_all


def _one_card(curve: Fsrs6 | Fsrs7, S: float, D: float, t: list[float], g: list[int]) -> tuple[list[float], list[float], list[float]]:
    """The rest of one card's reviews, one by one: for a handful of cards quicker than arrays."""
    after: tuple[list[float], list[float], list[float]] = ([], [], [])
    for days, rating in zip(t, g, strict=True):
        R = curve.recall(days, S)
        S, D = curve.after(S, D, days, rating)
        for kept, value in zip(after, (S, D, R), strict=True):
            kept.append(value)
    return after
