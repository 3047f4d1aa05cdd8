"""What is remembered of one card, and the learner's days it is counted in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from math import exp, log, sqrt
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.calibrating import Beliefs, logit
from kartoteka.engine.evidence import Noises
from kartoteka.engine.fsrs import FSRS6, FSRS7, LONGEST_DAYS, Floats, Fsrs6, Fsrs7

DAY_MS = 86_400_000
MOST_OFF = 1500  # no days off are looked at beyond so many days
KNOWN_BEFORE = 0.25  # the share of cards a learner knows before the first question
Level = Literal["new", "learning", "familiar", "mastered", "fading"]


class Span(NamedTuple):
    """Learner-days off in a row, and the day on which that was said: what falls into them may be asked ahead, but not before anyone knew."""

    first: int
    last: int
    said: int = 0


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Learner-days without study: ``weekdays`` (0 = Monday) of every week, and whole ``spans``."""

    weekdays: frozenset[int] = frozenset()
    spans: tuple[Span, ...] = ()

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and ((day + 3) % 7 in self.weekdays or any(first <= day <= last for first, last, _said in self.spans))

    def __bool__(self) -> bool:
        return bool(self.weekdays or self.spans)

    def said(self, day: int) -> int:
        """The day on which it was said that this one is off."""
        return max((span.said for span in self.spans if span.first <= day <= span.last), default=0)

    def next_free(self, day: int) -> int:
        """The first day from this one on that is not off; the day itself where none comes for years."""
        return next((one for one in range(day, day + MOST_OFF) if one not in self), day)


NO_DAYS_OFF = DaysOff()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a learner's day begins: ``cuts`` are (from_ms, minutes after UTC midnight), oldest first; later cuts never move past reviews.

    ``off``: the days on which nothing shall fall due. They decide nothing about what is remembered.
    """

    cuts: tuple[tuple[int, int], ...] = ((0, 240),)
    off: DaysOff = NO_DAYS_OFF

    def day(self, at_ms: int) -> int:
        """The learner-day of a moment: floor((ms/60000 − cut_utc_min)/1440)."""
        cuts = self.cuts
        cut = cuts[0][1] if len(cuts) == 1 else cuts[max(0, bisect_right(cuts, at_ms, key=lambda c: c[0]) - 1)][1]
        return (at_ms // 60_000 - cut) // 1440

    def days(self, at_ms: NDArray[np.int64]) -> NDArray[np.int64]:
        """The learner-days of many moments."""
        since = np.asarray([since for since, _ in self.cuts], np.int64)
        cut = np.asarray([minutes for _, minutes in self.cuts], np.int64)[np.maximum(np.searchsorted(since, at_ms, side="right") - 1, 0)]
        return np.asarray((at_ms // 60_000 - cut) // 1440, np.int64)

    def begins(self, day: int) -> int:
        """The first millisecond of a learner-day, by the latest cut."""
        return (day * 1440 + self.cuts[-1][1]) * 60_000


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What is remembered of one card. S in days, D 1…10; times in ms since 1970 UTC.

    ``more``: the few facts that the rules of one sitting and one day need (memory.md §2), by name, in order; absent means nothing to say:
    ``seen`` evidence counted · ``sitting`` of the last one · ``missed`` when the miss came whose leavings are ``floor`` (s6, s7) ·
    ``miss_last`` the last one failed · ``oks`` (day, successes that day) · ``step`` of relearning · ``lapse_days`` the last three ·
    ``intruded`` the day another card's question last drew this card's answer · ``weak`` only as dealt: points that are due by themselves (`lacking.py`).
    """

    s6: float
    d6: float
    s7: float
    d7: float
    first_ms: int
    last_ms: int
    days_ok: int = 0
    ok_day: int | None = None
    last_ok: bool = False
    lapses: int = 0
    surprise: float = 0.0
    n: int = 0
    more: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> MemoryState:
        """The state a row keeps; ``more`` may come as JSON gives it back."""
        return cls(**{name: row[name] for name in PLAIN}, more=facts_of(row["more"]))

    def row(self) -> dict[str, Any]:
        """The state as a row keeps it: ``MemoryState.of(state.row()) == state``, also through JSON."""
        return {name: getattr(self, name) for name in PLAIN} | {"more": dict(self.more)}

    def fact(self, name: str, default: Any = None) -> Any:
        for key, value in self.more:
            if key == name:
                return value
        return default


PLAIN = tuple(field.name for field in fields(MemoryState) if field.name != "more")  # everything but ``more``, which stands last


def facts_of(more: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """Facts in their one form: sorted by name, lists as tuples."""
    if not more:
        return ()
    pairs = more.items() if isinstance(more, Mapping) else more
    return tuple(sorted((str(pair[0]), tuple(pair[1]) if isinstance(pair[1], list | tuple) else pair[1]) for pair in pairs))


@dataclass(frozen=True, slots=True)
class Model:
    """A learner's own numbers: the weights of both curves, the calibrator as it stood when they came into use, what their kinds of answers are worth, and
    the share of cards they know beforehand.

    Frozen on purpose: a replay with the same model gives the same memory to the last bit. Without ``beliefs`` recall is the curves' own.
    """

    six: Fsrs6 = FSRS6
    seven: Fsrs7 = FSRS7
    beliefs: Beliefs | None = None
    kinds: Noises = ()
    known: float = KNOWN_BEFORE

    @classmethod
    def of(cls, weights6: Sequence[float], weights7: Sequence[float], beliefs: Beliefs | None = None, kinds: Noises = (), known: float = KNOWN_BEFORE) -> Model:
        return cls(Fsrs6(tuple(weights6)), Fsrs7(tuple(weights7)), beliefs, kinds, known)


PLAIN_MODEL = Model()  # the published weights, nothing learned of the learner
LAGS = tuple(float(x) for x in np.unique(np.rint(np.geomspace(1, LONGEST_DAYS, 24))))
NEAR, FAR = 0.5, 2.0  # calibrated intervals stay within these of the plain FSRS-6 one
STEPS, CLOSE = 30, 1e-6  # towards an interval at most, and how near its logit must come


def recall(state: MemoryState, at_ms: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> float:
    """The chance of recalling it at a moment: within the day of the last evidence FSRS-7's, later calibrated (FSRS-6's where nothing is calibrated)."""
    day = calendar.day(at_ms)
    lag = day - calendar.day(state.last_ms)
    if lag < 1:
        return model.seven.recall((at_ms - state.last_ms) / DAY_MS, state.s7)
    if model.beliefs is None:
        return model.six.recall(lag, state.s6)
    return _calibrated(state, lag, model, model.beliefs, model.beliefs.u if day == model.beliefs.day else 0.0)


def _calibrated(state: MemoryState, lag: float, model: Model, beliefs: Beliefs, u: float = 0.0) -> float:
    """Calibrated recall after whole days; it never rises with waiting."""
    c = state.surprise / (state.n + 2)
    found = beliefs.recall(model.six.recall(lag, state.s6), model.seven.recall(lag, state.s7), lag, c, u)
    if beliefs.falling:
        return found
    return min(found, *(beliefs.recall(model.six.recall(one, state.s6), model.seven.recall(one, state.s7), one, c, u) for one in LAGS if one < lag), 1.0)


def prior(state: MemoryState, t_days: float, lag: int, model: Model = PLAIN_MODEL) -> tuple[float, float, float]:
    """The chance of recall that an answer is read by, and both curves' own.

    Within a day FSRS-7's; later the mean of both logits, where a calibrator that has seen nothing stands, or what the learner's own says.
    """
    r7 = model.seven.recall(t_days, state.s7)
    if lag < 1:
        return r7, 1.0, r7
    r6 = model.six.recall(lag, state.s6)
    if model.beliefs is not None:
        return model.beliefs.recall(r6, r7, lag, state.surprise / (state.n + 2)), r6, r7
    a = 0.001 if r6 < 0.001 else 0.999 if r6 > 0.999 else r6
    b = 0.001 if r7 < 0.001 else 0.999 if r7 > 0.999 else r7
    odds = sqrt(a / (1 - a) * b / (1 - b))
    return odds / (1 + odds), r6, r7


def days_until(state: MemoryState, target: float, model: Model = PLAIN_MODEL) -> float:
    """Days from the last evidence until recall falls to ``target``, held within ½ and 2 of FSRS-6's own interval."""
    plain = model.six.interval(target, state.s6)
    if model.beliefs is None:
        return plain
    return _days_until(state, target, model, model.beliefs, NEAR * plain, FAR * plain)


def _days_until(state: MemoryState, target: float, model: Model, beliefs: Beliefs, low: float, high: float) -> float:
    """Where calibrated recall falls to ``target`` between two times: by false position on ln days and the logit, on which it is nearly straight."""
    wanted, c = logit(target), state.surprise / (state.n + 2)

    def at(days: float) -> float:
        return beliefs.recall(model.six.recall(days, state.s6), model.seven.recall(days, state.s7), days, c)

    lags = () if beliefs.falling else tuple(one for one in LAGS if one < high)
    lowest = tuple(accumulate((at(one) for one in lags), min))  # what recall has fallen to by then, and does not rise above again

    def above(days: float) -> float:
        here = at(max(days, 1e-3))
        if earlier := bisect_left(lags, days):
            here = min(here, lowest[earlier - 1])
        return logit(here) - wanted

    at_low, at_high = above(low), above(high)
    if at_low <= 0:
        return low
    if at_high > 0:
        return high
    left, right, side = log(low), log(high), 0
    for _ in range(STEPS):
        middle = (left * at_high - right * at_low) / (at_high - at_low)
        here = above(exp(middle))
        if abs(here) < CLOSE:
            return exp(middle)
        if here > 0:
            left, at_low = middle, here
            at_high = at_high / 2 if side == 1 else at_high
            side = 1
        else:
            right, at_high = middle, here
            at_low = at_low / 2 if side == -1 else at_low
            side = -1
    return exp((left + right) / 2)


def s90(state: MemoryState, calendar: Calendar, model: Model = PLAIN_MODEL) -> float:
    """Days from the last evidence until recall falls to .9: by FSRS-6 that is its stability."""
    return state.s6 if model.beliefs is None else days_until(state, 0.9, model)


_S6, _S7, _LAST_MS, _DAYS_OK, _LAST_OK = (attrgetter(name) for name in ("s6", "s7", "last_ms", "days_ok", "last_ok"))


@dataclass(frozen=True, slots=True)
class Columns:
    """Many states as arrays, for whole sets at once."""

    s6: Floats
    s7: Floats
    last_ms: NDArray[np.int64]
    days_ok: NDArray[np.int64]
    last_ok: NDArray[np.bool_]
    c: Floats | None = None  # each card's surprise, for a learner's own calibrator

    @classmethod
    def of(cls, states: Sequence[MemoryState]) -> Columns:
        """Read from states; who has rows builds the columns from them without making states first."""
        n = len(states)
        return cls(
            np.fromiter(map(_S6, states), float, n),
            np.fromiter(map(_S7, states), float, n),
            np.fromiter(map(_LAST_MS, states), np.int64, n),
            np.fromiter(map(_DAYS_OK, states), np.int64, n),
            np.fromiter(map(_LAST_OK, states), bool, n),
            np.fromiter((state.surprise / (state.n + 2) for state in states), float, n),
        )

    @classmethod
    def of_rows(cls, rows: Sequence[tuple[float, float, int, int, bool, float, int]]) -> Columns:
        """From (s6, s7, last_ms, days_ok, last_ok, surprise, n) of each card."""
        return cls(
            np.array([row[0] for row in rows], float),
            np.array([row[1] for row in rows], float),
            np.array([row[2] for row in rows], np.int64),
            np.array([row[3] for row in rows], np.int64),
            np.array([row[4] for row in rows], bool),
            np.array([row[5] / (row[6] + 2) for row in rows], float),
        )

    def __len__(self) -> int:
        return len(self.s6)

    def at(self, places: NDArray[np.int64]) -> Columns:
        """Some of them."""
        c = None if self.c is None else self.c[places]
        return Columns(self.s6[places], self.s7[places], self.last_ms[places], self.days_ok[places], self.last_ok[places], c)

    def recalls(self, at_ms: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> Floats:
        """``recall`` of every state at one moment."""
        day = calendar.day(at_ms)
        lag = day - calendar.days(self.last_ms)
        same = lag < 1
        if model.beliefs is None:
            found = model.six.recalls(np.maximum(lag, 0), self.s6)
        else:
            found = self.calibrated(np.maximum(lag, 1).astype(float), model, model.beliefs, model.beliefs.u if day == model.beliefs.day else 0.0)
        if same.any():
            found[same] = model.seven.recalls((at_ms - self.last_ms[same]) / DAY_MS, self.s7[same])
        return found

    def calibrated(self, lag: Floats, model: Model, beliefs: Beliefs, u: float = 0.0) -> Floats:
        """Calibrated recall after whole days; it never rises with waiting."""
        lowest = beliefs.recalls(model.six.recalls(lag, self.s6), model.seven.recalls(lag, self.s7), lag, self.c, u)
        for one in () if beliefs.falling else LAGS:
            longer = np.flatnonzero(lag > one)
            if not len(longer):
                break
            days, c = np.full(len(longer), one), None if self.c is None else self.c[longer]
            earlier = beliefs.recalls(model.six.recalls(days, self.s6[longer]), model.seven.recalls(days, self.s7[longer]), days, c, u)
            lowest[longer] = np.minimum(lowest[longer], earlier)
        return lowest

    def safe_for(self, days: float, model: Model = PLAIN_MODEL) -> NDArray[np.bool_]:
        """Whether ``s90`` of each is so many days or more."""
        if model.beliefs is None:
            return np.asarray(self.s6 >= days)
        safe = np.asarray(NEAR * self.s6 >= days)
        open_ = np.flatnonzero(~safe & (FAR * self.s6 >= days))
        safe[open_] = self.at(open_).calibrated(np.full(len(open_), float(days)), model, model.beliefs) >= 0.9
        return safe
