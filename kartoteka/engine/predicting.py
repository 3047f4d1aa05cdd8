"""A log of plain ratings, walked in time order: each review predicted from what was strictly before it, and how good that was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.calibrating import LEAST, MOST, Calibrator, Mixture
from kartoteka.engine.fsrs import AGAIN, FSRS6, FSRS7, Floats, Fsrs6, Fsrs7, replay_ratings
from kartoteka.engine.state import DAY_MS, Calendar

Ints = NDArray[np.int64]
Ahead = Literal["now", "day"]
FOLDS = 5
SAFEST = 1e-4  # a prediction is never surer than this


@dataclass(frozen=True, slots=True)
class Ratings:
    """Reviews in time order: ``lag`` in learner-days and ``t`` in days since the card's previous one, 0 for its first."""

    card: Ints
    at_ms: Ints
    grade: Ints
    day: Ints
    lag: Ints
    t: Floats
    first: NDArray[np.bool_]

    @classmethod
    def of(cls, card: Ints, at_ms: Ints, grade: Ints, calendar: Calendar) -> Ratings:
        """From columns in any order; equal times keep their order."""
        order = np.argsort(at_ms, kind="stable")
        card, at_ms, grade = np.unique(card[order], return_inverse=True)[1].astype(np.int64), at_ms[order], grade[order]
        day = calendar.days(at_ms)
        by_card = np.argsort(card, kind="stable")
        first, lag, t = np.ones(len(card), bool), np.zeros(len(card), np.int64), np.zeros(len(card))
        follows = by_card[1:][card[by_card[1:]] == card[by_card[:-1]]]
        before = by_card[:-1][card[by_card[1:]] == card[by_card[:-1]]]
        first[follows] = False
        lag[follows] = np.maximum(day[follows] - day[before], 0)
        t[follows] = (at_ms[follows] - at_ms[before]) / DAY_MS
        return cls(card, at_ms, grade, day, lag, t, first)

    def __len__(self) -> int:
        return len(self.card)

    @property
    def scored(self) -> Ints:
        """The reviews on a later learner-day than the card's previous one."""
        return np.flatnonzero(~self.first & (self.lag >= 1))

    def only(self, rows: NDArray[np.bool_]) -> Ratings:
        """Whole cards of it."""
        return Ratings(*(getattr(self, name)[rows] for name in self.__slots__))

    def head(self, rows: int) -> Ratings:
        return Ratings(*(getattr(self, name)[:rows] for name in self.__slots__))


class Curves(NamedTuple):
    """Weights of both curves."""

    six: Fsrs6 = FSRS6
    seven: Fsrs7 = FSRS7


class Seen(NamedTuple):
    """What the curves say of each review before it happens: R by both, nan for a card's first."""

    six: Floats
    seven: Floats

    @classmethod
    def by(cls, curves: Curves, ratings: Ratings) -> Seen:
        return cls(
            replay_ratings(curves.six, ratings.card, ratings.lag.astype(float), ratings.grade)[2],
            replay_ratings(curves.seven, ratings.card, ratings.t, ratings.grade)[2],
        )


class Folds(NamedTuple):
    """A time-series split over the scored reviews: ``tested`` (their places in the log), the first of each fold, and after the last."""

    tested: Ints
    begins: tuple[int, ...]

    @classmethod
    def of(cls, ratings: Ratings) -> Folds:
        scored = ratings.scored
        size = len(scored) // (FOLDS + 1)
        start = len(scored) - FOLDS * size
        return cls(scored[start:], tuple(start + size * i for i in range(FOLDS + 1)))


def mean_logit(seen: Seen, rows: Ints) -> Floats:
    """The middle of both curves."""
    six, seven = (np.clip(R[rows], LEAST, MOST) for R in seen)
    odds = np.sqrt(six / (1 - six) * seven / (1 - seven))
    return np.asarray(odds / (1 + odds))


class Walk:
    """Calibrators learning through a log, one for each pair of curves; with two, their mixture."""

    def __init__(self, ratings: Ratings, seen: Sequence[Seen], ahead: Ahead = "now") -> None:
        self.ratings, self.ahead = ratings, ahead
        self.calibrators = [Calibrator() for _ in seen]
        self.mixture = Mixture((0.0, -1.0)[: len(seen)])
        cards = int(ratings.card.max()) + 1 if len(ratings) else 0
        self.surprise = [[0.0] * cards for _ in seen]
        self.times = [0] * cards
        scored = ratings.scored
        self.rows = scored
        logits = []
        for one in seen:
            six, seven = (np.clip(R[scored], LEAST, MOST) for R in one)
            logits.append((np.log(six / (1 - six)).tolist(), np.log(seven / (1 - seven)).tolist()))
        self.logits = logits
        self.place = 0
        self.morning: list[tuple[Sequence[float], float]] = []
        self.morning_shares: list[float] = []

    def until(self, stop: int) -> Floats:
        """Predictions of the scored reviews from where the walk stands up to ``stop``, learning from each."""
        ratings, rows = self.ratings, self.rows[self.place : stop]
        card, day, lag = ratings.card[rows].tolist(), ratings.day[rows].tolist(), ratings.lag[rows].tolist()
        right = (ratings.grade[rows] > AGAIN).tolist()
        found = np.empty(len(rows))
        for i in range(len(rows)):
            y, which = float(right[i]), card[i]
            n = self.times[which] + 2
            new_day = day[i] != self.calibrators[0].day
            predicted, ahead = [], []
            if new_day:
                for calibrator in self.calibrators:
                    calibrator.begins(day[i])
                self.morning = [(tuple(calibrator.b), calibrator.u) for calibrator in self.calibrators]
                self.morning_shares = self.mixture.shares()
            for k, calibrator in enumerate(self.calibrators):
                logit6, logit7 = self.logits[k]
                x = calibrator.features(logit6[self.place], logit7[self.place], self.surprise[k][which] / n, lag[i])
                p = calibrator.predict(x)
                predicted.append(p)
                if self.ahead == "day":
                    ahead.append(_as_of(self.morning[k], x))
                calibrator.learn(x, y, p)
                self.surprise[k][which] += y - p
            shares = self.mixture.shares() if self.ahead == "now" else self.morning_shares
            found[i] = sum(share * p for share, p in zip(shares, predicted if self.ahead == "now" else ahead, strict=True))
            if len(predicted) > 1:
                self.mixture.learn(predicted, y)
            self.times[which] += 1
            self.place += 1
        return found


def _as_of(morning: tuple[Sequence[float], float], x: Sequence[float]) -> float:
    """The prediction that could be made when the day began."""
    b, u = morning
    still = Calibrator.__new__(Calibrator)
    still.b = list(b)
    return still.predict((1.0, x[1], x[2], u, x[4], x[5]))


Fit = Callable[[Ratings], Curves | None]


def predictions(ratings: Ratings, model: str, ahead: Ahead, fit: Fit) -> tuple[Floats, Floats | None, list[Curves]]:
    """(of the tested reviews, of all scored ones where no fit is in it, the curves fitted for each fold)."""
    folds, scored = Folds.of(ratings), ratings.scored
    if model == "fsrs6":
        every = Seen.by(Curves(), ratings).six[scored]
        return every[folds.begins[0] :], every, []
    default = Seen.by(Curves(), ratings)
    if model == "default":
        every = Walk(ratings, (default,), ahead).until(len(scored))
        return every[folds.begins[0] :], every, []
    found: list[Floats] = []
    curves: list[Curves] = []
    for since, until in pairwise(folds.begins):
        if until == since:
            continue
        fitted = fit(ratings.head(int(scored[since])))
        curves.append(fitted or Curves())
        upto = ratings.head(int(scored[until - 1]) + 1)
        own = Seen.by(fitted, upto) if fitted else default
        if model == "fit":
            found.append(mean_logit(own, scored[since:until]))
            continue
        walk = Walk(upto, (Seen(default.six[: len(upto)], default.seven[: len(upto)]), own) if fitted else (default,), ahead)
        walk.until(since)
        found.append(walk.until(until))
    return np.concatenate([np.empty(0), *found]), None, curves


def log_loss(p: Floats, y: NDArray[np.bool_]) -> float:
    p = np.clip(p, SAFEST, 1 - SAFEST)
    return float(-np.where(y, np.log(p), np.log(1 - p)).mean())


def auc(p: Floats, y: NDArray[np.bool_]) -> float | None:
    """The chance that a recalled review was given more than a missed one; ties count half."""
    right = int(y.sum())
    wrong = len(y) - right
    if not right or not wrong:
        return None
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    return float((ranks[y].sum() - right * (right + 1) / 2) / (right * wrong))


def rmse_bins(p: Floats, y: NDArray[np.bool_], ratings: Ratings, rows: Ints) -> float:
    """How far predicted and real recall lie apart in groups of like reviews: by lag, by how often asked, by lapses."""
    scored = ratings.scored
    order = scored[np.argsort(ratings.card[scored], kind="stable")]
    card, missed = ratings.card[order], ratings.grade[order] == AGAIN
    begins = np.r_[True, card[1:] != card[:-1]] if len(card) else np.empty(0, bool)
    start = np.maximum.accumulate(np.where(begins, np.arange(len(card)), 0)) if len(card) else np.empty(0, np.int64)
    number, lapses = np.zeros(len(ratings)), np.zeros(len(ratings))
    number[order] = np.arange(len(card)) - start + 2
    before = np.r_[0, np.cumsum(missed)][: len(card)]
    lapses[order] = before - before[start]
    bins = np.stack(
        [
            2.48 * 3.62 ** np.floor(np.log(ratings.lag[rows]) / np.log(3.62)),
            1.99 * 1.89 ** np.floor(np.log(number[rows]) / np.log(1.89)),
            np.where(lapses[rows] > 0, 1.65 * 1.73 ** np.floor(np.log(np.maximum(lapses[rows], 1)) / np.log(1.73)), 0),
        ],
        axis=1,
    ).round(4)
    _, place = np.unique(bins, axis=0, return_inverse=True)
    place = place.ravel()
    n = np.bincount(place)
    apart = (np.bincount(place, y) - np.bincount(place, np.clip(p, SAFEST, 1 - SAFEST))) / n
    return float(np.sqrt((n * apart**2).sum() / n.sum()))


def figures(p: Floats, ratings: Ratings, rows: Ints) -> dict[str, float | int | None]:
    """log loss, RMSE(bins), AUC and bias of predictions; all ``None`` where there is nothing to predict."""
    if not len(rows):
        return {"log_loss": None, "rmse_bins": None, "auc": None, "bias": None, "reviews": 0}
    y = ratings.grade[rows] > AGAIN
    p = np.clip(p, SAFEST, 1 - SAFEST)
    return {"log_loss": log_loss(p, y), "rmse_bins": rmse_bins(p, y, ratings, rows), "auc": auc(p, y), "bias": float(p.mean() - y.mean()), "reviews": len(rows)}
