"""Two curves and what is known of the learner become one chance of recall, learned answer by answer.

    p = 1 / (1 + e^−b·x)      x = (1, logit R6, logit R7, u, c, ln lag − 1.5)

b starts in the middle of both curves. u is the learner's surprise of late, c the card's. Each answer moves b by a Kalman-like step whose
uncertainty P shrinks with evidence and is let grow again slowly, so that old answers count less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from kartoteka.engine.fsrs import Floats

LEAST, MOST = 0.001, 0.999  # a curve's recall is held within these before its logit is taken
EDGE = 9.0
FORGET = 0.999  # of P at each answer, while its trace is below ``ROOM``
ROOM = 4.0
U_KEEP, U_GAIN, NIGHT = 0.95, 0.25, 0.5
START = (0.0, 0.5, 0.5, 0.0, 0.0, 0.0)
SPREAD = (0.25, 0.09, 0.09, 1.0, 1.0, 0.0225)
MIXTURE_KEEP = 0.998
Features = tuple[float, float, float, float, float, float]


def logit(p: float) -> float:
    p = LEAST if p < LEAST else MOST if p > MOST else p
    return log(p / (1 - p))


def chance(z: float) -> float:
    z = -EDGE if z < -EDGE else EDGE if z > EDGE else z
    return 1 / (1 + exp(-z))


@dataclass(frozen=True, slots=True)
class Beliefs:
    """A calibrator as it stands: ``b`` and the learner's surprise ``u`` on its ``day``. Less than 2 kB, and never changed."""

    b: Features = START
    u: float = 0.0
    day: int = 0

    @property
    def falling(self) -> bool:
        """Waiting longer surely lowers recall, without looking."""
        return self.b[1] >= 0 and self.b[2] >= 0 and self.b[5] <= 0

    def recall(self, r6: float, r7: float, lag: float, c: float, u: float = 0.0) -> float:
        """Calibrated recall ``lag`` ≥ 1 days on; ``u`` 0 where it is planned for, the learner's surprise where it is shown as of now."""
        b = self.b
        return chance(b[0] + b[1] * logit(r6) + b[2] * logit(r7) + b[3] * u + b[4] * c + b[5] * (log(lag) - 1.5))

    def recalls(self, r6: Floats, r7: Floats, lag: Floats, c: Floats | None, u: float = 0.0) -> Floats:
        """``recall`` of many cards at once."""
        b = self.b
        six, seven = np.clip(r6, LEAST, MOST), np.clip(r7, LEAST, MOST)
        z = b[0] + b[1] * np.log(six / (1 - six)) + b[2] * np.log(seven / (1 - seven)) + b[3] * u + b[5] * (np.log(lag) - 1.5)
        return np.asarray(1 / (1 + np.exp(-np.clip(z if c is None else z + b[4] * c, -EDGE, EDGE))))


class Calibrator:
    """The one that learns. ``predict`` on a scored answer's features, then ``learn`` what came of it."""

    __slots__ = ("P", "b", "day", "u")

    def __init__(self) -> None:
        self.b = list(START)
        self.P = [[SPREAD[i] if i == j else 0.0 for j in range(6)] for i in range(6)]
        self.u, self.day = 0.0, -(1 << 60)

    def begins(self, day: int) -> None:
        """A learner-day begins: yesterday's surprise counts half."""
        if day != self.day:
            self.u *= NIGHT
            self.day = day

    def features(self, logit6: float, logit7: float, c: float, lag: float) -> Features:
        return 1.0, logit6, logit7, self.u, c, log(lag) - 1.5

    def predict(self, x: Features) -> float:
        b = self.b
        return chance(b[0] + b[1] * x[1] + b[2] * x[2] + b[3] * x[3] + b[4] * x[4] + b[5] * x[5])

    def learn(self, x: Features, y: float, p: float, weight: float = 1.0) -> None:
        """``y``: 1, 0, or for a noisy answer the chance that it was known; ``weight``: how much such an answer says, (1 − g − s)²."""
        _, x1, x2, x3, x4, x5 = x
        P, b = self.P, self.b
        Px = [q[0] + q[1] * x1 + q[2] * x2 + q[3] * x3 + q[4] * x4 + q[5] * x5 for q in P]
        v = p * (1 - p)
        v = (v if v > 1e-4 else 1e-4) * weight
        spread = 1 + v * (Px[0] + Px[1] * x1 + Px[2] * x2 + Px[3] * x3 + Px[4] * x4 + Px[5] * x5)
        step, shrink = (y - p) / spread, v / spread
        trace = 0.0
        for i in range(6):
            own, row = Px[i], P[i]
            b[i] += step * own
            less = shrink * own
            P[i] = row = [
                row[0] - less * Px[0],
                row[1] - less * Px[1],
                row[2] - less * Px[2],
                row[3] - less * Px[3],
                row[4] - less * Px[4],
                row[5] - less * Px[5],
            ]
            trace += row[i]
        if trace < ROOM:
            for i in range(6):
                q = P[i]
                P[i] = [q[0] / FORGET, q[1] / FORGET, q[2] / FORGET, q[3] / FORGET, q[4] / FORGET, q[5] / FORGET]
        self.u = U_KEEP * self.u + U_GAIN * (y - p)

    def beliefs(self) -> Beliefs:
        b = self.b
        return Beliefs((b[0], b[1], b[2], b[3], b[4], b[5]), self.u, self.day)


class Mixture:
    """Several predictions of one answer, weighted by how well each has done of late."""

    __slots__ = ("merits",)

    def __init__(self, merits: Sequence[float] = (0.0, -1.0)) -> None:
        self.merits = list(merits)

    def shares(self) -> list[float]:
        best = max(self.merits)
        raw = [exp(merit - best) for merit in self.merits]
        total = sum(raw)
        return [one / total for one in raw]

    def learn(self, predictions: Sequence[float], y: float) -> None:
        self.merits = [MIXTURE_KEEP * merit + y * log(p) + (1 - y) * log(1 - p) for merit, p in zip(self.merits, predictions, strict=True)]
