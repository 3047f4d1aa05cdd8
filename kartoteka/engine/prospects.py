"""What a card is worth on exam day: tables over stability, difficulty and days left, for a range of prices of a minute.

Dynamic programming backwards from the exam: after a review at ``left`` days before it, a card is either left alone (worth its recall
on the day) or studied once more on a later day, at the price of the time that takes. Follow-ups are chosen by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import AGAIN, EASY, GOOD, WEIGHTS_6, Floats, Fsrs6
from kartoteka.engine.queue import Seconds

S_GRID = np.linspace(np.log(0.05), np.log(400.0), 24)
D_GRID = np.linspace(1.0, 10.0, 10)
LEFT = np.array([1, 2, 3, 4, 6, 8, 11, 15, 20, 27, 36, 50, 70, 100])
PRICES = np.r_[0.0, np.geomspace(0.004, 3.0, 23)]  # recalled cards a minute must bring
FIRST_GRADES = np.array([0.24, 0.094, 0.495, 0.171])  # how first meetings go: again, hard, good, easy
PLACES = len(S_GRID) * len(D_GRID)


@dataclass(frozen=True, slots=True)
class Prospects:
    """``value[price, left, place]`` of a card just reviewed, and the ``minutes`` still spent on it; a place is (ln S, D) on the grid."""

    curve: Fsrs6
    seconds: Seconds
    value: Floats
    minutes: Floats
    beginnings: dict[tuple[int, float], tuple[float, float]] = field(default_factory=dict, compare=False)  # of ``begun``, once read

    def cost(self, R: Floats) -> Floats:
        """Expected minutes of a review."""
        return np.asarray((R * self.seconds.recall + (1 - R) * self.seconds.miss) / 60)

    def read(self, table: Floats, price: int, left: float, S: Floats, D: Floats) -> Floats:
        """The table between its grid points."""
        at, share = _between(LEFT.astype(float), np.array([float(left)]))
        places, weights = _corners(S, D)
        low, high = table[price, at[0]], table[price, at[0] + 1]
        mixed = low + share[0] * (high - low)
        return np.asarray((mixed[places] * weights).sum(axis=1))

    def begun(self, price: int, left: float) -> tuple[float, float]:
        """(worth with the time paid, minutes) of a new card begun ``left`` days before the exam."""
        if (price, left) not in self.beginnings:
            S, D = begins(self.curve)
            minutes = self.seconds.new / 60
            worth = float(FIRST_GRADES @ self.read(self.value, price, left, S, D)) - float(PRICES[price]) * minutes
            self.beginnings[price, left] = worth, minutes + float(FIRST_GRADES @ self.read(self.minutes, price, left, S, D))
        return self.beginnings[price, left]

    def begun_best(self, price: int, left: float) -> tuple[float, float]:
        """The best of ``begun`` on any day later than ``left`` before the exam; nothing, where no day pays."""
        return max(((0.0, 0.0), *(self.begun(price, then) for then in LEFT[left > LEFT].tolist())), key=lambda found: found[0])

    def begun_alone(self, left: float) -> float:
        """Recall on exam day of a card begun now and never seen again."""
        S, _ = begins(self.curve)
        return float(FIRST_GRADES @ self.curve.recalls(left, S))

    def studied_alone(self, left: float, S: Floats, D: Floats, t: Floats) -> Floats:
        """Recall on exam day of cards studied now and never again, over both answers."""
        R, passed, missed = _steps(self.curve, S, D, t)
        return np.asarray(R * self.curve.recalls(left, passed[0]) + (1 - R) * self.curve.recalls(left, missed[0]))


class Outlook:
    """Cards with a past, ``left`` days before the exam: what studying today, or on each later day, or not at all is worth at any price."""

    def __init__(self, tables: Prospects, left: float, S: Floats, D: Floats, t: Floats) -> None:
        self.tables, self.cards = tables, len(S)
        self.alone = tables.curve.recalls(t + left, S)
        (at,), (share,) = _between(LEFT.astype(float), np.array([float(left)]))
        later = np.flatnonzero(left > LEFT)
        rows = np.r_[at, at + 1, later]  # today lies between two rows of the tables
        then = np.r_[left, left, LEFT[later]]
        self.share = share
        lag = (t[None, :] + (left - then)[:, None]).ravel()
        S, D = np.tile(S, len(rows)), np.tile(D, len(rows))
        self.R, passed, missed = _steps(tables.curve, S, D, lag)
        self.cost = tables.cost(self.R)
        offset = np.repeat(rows * PLACES, self.cards)[:, None]
        (places, self.passed_shares), (back, self.missed_shares) = _corners(*passed), _corners(*missed)
        self.passed, self.missed = places + offset, back + offset

    def _read(self, table: Floats, price: int) -> Floats:
        flat = table[price].ravel()
        ahead, back = (flat[self.passed] * self.passed_shares).sum(1), (flat[self.missed] * self.missed_shares).sum(1)
        found = (self.R * ahead + (1 - self.R) * back).reshape(-1, self.cards)
        return np.concatenate([found[:1] + self.share * (found[1:2] - found[:1]), found[2:]])

    def _costs(self) -> Floats:
        return self.cost.reshape(-1, self.cards)[1:]

    def gains(self, price: int) -> Floats:
        """What studying each card today brings more than its best later day."""
        worth = self._read(self.tables.value, price) - PRICES[price] * self._costs()
        return np.asarray(worth[0] - np.maximum(self.alone, worth[1:].max(axis=0, initial=-np.inf)))

    def minutes(self, price: int) -> float:
        """The minutes that all these cards would take from today on."""
        worth = np.concatenate([self.alone[None, :], self._read(self.tables.value, price) - PRICES[price] * self._costs()])
        spent = np.concatenate([np.zeros((1, self.cards)), self._read(self.tables.minutes, price) + self._costs()])
        return float(np.take_along_axis(spent, worth.argmax(axis=0)[None, :], 0).sum())


def begins(curve: Fsrs6) -> tuple[Floats, Floats]:
    """(S, D) after a first meeting, by its grade; a missed one is shown again the same day."""
    grades = np.arange(AGAIN, EASY + 1)
    S, D = curve.firsts(grades)
    S[0:1], D[0:1] = curve.afters(S[0:1], D[0:1], np.zeros(1), np.array([GOOD]))
    return S, D


def relearned(curve: Fsrs6, S: Floats, D: Floats, t: Floats) -> tuple[Floats, Floats]:
    """(S, D) after a miss and the look after it on the same day."""
    S, D = curve.afters(S, D, t, np.full(len(S), AGAIN))
    return curve.afters(S, D, np.zeros(len(S)), np.full(len(S), GOOD))


def _steps(curve: Fsrs6, S: Floats, D: Floats, t: Floats) -> tuple[Floats, tuple[Floats, Floats], tuple[Floats, Floats]]:
    return curve.recalls(t, S), curve.afters(S, D, t, np.full(len(S), GOOD)), relearned(curve, S, D, t)


def _between(grid: Floats, x: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The grid point below, and how far it is to the next one."""
    at = np.clip(np.searchsorted(grid, x, side="right") - 1, 0, len(grid) - 2)
    return at, np.clip((x - grid[at]) / (grid[at + 1] - grid[at]), 0.0, 1.0)


def _corners(S: Floats, D: Floats) -> tuple[NDArray[np.int64], Floats]:
    """The four places around each (S, D), and their shares."""
    s = np.clip((np.log(S) - S_GRID[0]) / (S_GRID[1] - S_GRID[0]), 0.0, len(S_GRID) - 1.000001)
    d = np.clip(D - 1.0, 0.0, len(D_GRID) - 1.000001)
    i, j = s.astype(np.int64), d.astype(np.int64)
    a, b = s - i, d - j
    place = i * len(D_GRID) + j
    places = np.stack([place, place + 1, place + len(D_GRID), place + len(D_GRID) + 1], axis=1)
    return places, np.stack([(1 - a) * (1 - b), (1 - a) * b, a * (1 - b), a * b], axis=1)


@lru_cache(maxsize=16)
def prospects(weights: tuple[float, ...] = WEIGHTS_6, seconds: Seconds | None = None) -> Prospects:
    """The tables for a learner's curve and times: computed once, then only read."""
    curve, seconds = Fsrs6(weights), seconds or Seconds()
    S, D = np.repeat(np.exp(S_GRID), len(D_GRID)), np.tile(D_GRID, len(S_GRID))
    value, minutes = np.empty((len(PRICES), len(LEFT), PLACES)), np.zeros((len(PRICES), len(LEFT), PLACES))
    found = Prospects(curve, seconds, value, minutes)
    steps = {}
    for at, left in enumerate(LEFT.tolist()):
        best, spent = np.tile(curve.recalls(left, S), (len(PRICES), 1)), np.zeros((len(PRICES), PLACES))
        for earlier, then in enumerate(LEFT[:at].tolist()):
            lag = left - then
            if lag not in steps:
                R, passed, missed = _steps(curve, S, D, np.full(PLACES, float(lag)))
                steps[lag] = R, found.cost(R), _corners(*passed), _corners(*missed)
            R, cost, (ahead, shares), (back, parts) = steps[lag]
            worth, more = value[:, earlier], minutes[:, earlier]
            studied = R * (worth[:, ahead] * shares).sum(2) + (1 - R) * (worth[:, back] * parts).sum(2) - PRICES[:, None] * cost
            takes = cost + R * (more[:, ahead] * shares).sum(2) + (1 - R) * (more[:, back] * parts).sum(2)
            better = studied > best
            best, spent = np.where(better, studied, best), np.where(better, takes, spent)
        value[:, at], minutes[:, at] = best, spent
    return found
