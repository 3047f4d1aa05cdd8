"""Plain ratings of many cards replayed at once: the very memories that ``replay`` makes of them one by one, to the last bit.

Sums and products of arrays are those of single numbers; exp and pow of arrays are not always, so each is taken number by number.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from math import exp, pow

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.evidence import Evidence
from kartoteka.engine.fsrs import AGAIN, EASY, FEW, GOOD, HARD, LONGEST_DAYS, RATINGS, SECOND, Floats, Fsrs6, Fsrs7
from kartoteka.engine.memory import observe
from kartoteka.engine.scheduling import LEECH_RECENT
from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, MemoryState, Model, recall

Ints = NDArray[np.int64]
NONE = -1


def replay_rated(at_ms: Ints, grade: Ints, begins: Ints, calendar: Calendar, *, mode: str, model: Model = PLAIN_MODEL) -> tuple[list[MemoryState], Floats]:
    """The state of each card, and of each rating the recall that was foretold (nan where none was: first ones, and those of the same day).

    A card's ratings are the rows from its place in ``begins`` to the next one's, in order of time; no card is without.
    """
    lengths = np.diff(np.r_[begins, len(at_ms)])
    order = np.argsort(-lengths, kind="stable")
    pile, foretold = _Pile(len(begins), model), np.full(len(at_ms), np.nan)
    if model.beliefs is not None:  # what it believes moves with every answer
        pile.strange[:] = True
        lengths = np.zeros_like(lengths)
    for turn in range(int(lengths.max(initial=0))):
        alive = order[: int(np.searchsorted(-lengths[order], -turn, side="left"))]
        rows = begins[alive] + turn
        if turn and len(alive) <= FEW:
            pile.strange[alive] = True
            break
        foretold[rows] = pile.next(alive, at_ms[rows], grade[rows], calendar.days(at_ms[rows]), turn)
    found = pile.states()
    ends = np.r_[begins[1:], len(at_ms)]
    for card in np.flatnonzero(pile.strange).tolist():
        own = slice(int(begins[card]), int(ends[card]))
        found[card], foretold[own] = _one_by_one(at_ms[own].tolist(), grade[own].tolist(), calendar, mode, model)
    return found, foretold


def _one_by_one(at_ms: list[int], grade: list[int], calendar: Calendar, mode: str, model: Model) -> tuple[MemoryState, list[float]]:
    state: MemoryState | None = None
    foretold = []
    for at, g in zip(at_ms, grade, strict=True):
        later = state is not None and calendar.day(at) > calendar.day(state.last_ms)
        foretold.append(recall(state, at, calendar, model) if state is not None and later else np.nan)
        state = observe(state, Evidence("rating", float(g > AGAIN), mode, g, at_ms=at), calendar, model)
    assert state is not None
    return state, foretold


def _exp(x: Floats) -> Floats:
    return np.fromiter(map(exp, x.tolist()), float, len(x))


def _pow(x: Floats, y: float) -> Floats:
    return np.fromiter(map(pow, x.tolist(), repeat(y)), float, len(x))


def _by_grade(values: Iterable[float]) -> Floats:
    return np.array((0.0, *values))


class _Pile:
    """Cards while they are replayed, each fact a column. ``strange``: what only one by one can say."""

    def __init__(self, n: int, model: Model) -> None:
        self.six, self.seven = _Six(model.six), _Seven(model.seven)
        self.s6, self.d6, self.s7, self.d7, self.surprise, self.floor6, self.floor7 = (np.zeros(n) for _ in range(7))
        self.first_ms, self.last_ms, self.days_ok, self.ok_day, self.lapses, self.n, self.day, self.oks, self.step, self.seen = (
            np.zeros(n, np.int64) for _ in range(10)
        )
        self.missed = np.full(n, NONE, np.int64)
        self.last_ok, self.ever_ok, self.strange = (np.zeros(n, bool) for _ in range(3))
        self.lapse_days: dict[int, tuple[int, ...]] = {}

    def next(self, at: Ints, at_ms: Ints, grade: Ints, day: Ints, turn: int) -> Floats:
        """One rating of each of these cards; gives the recall that was foretold."""
        failed, foretold = grade == AGAIN, np.full(len(at), np.nan)
        if turn == 0:
            self.s6[at], self.d6[at] = self.six.first_s[grade], self.six.first_d[grade]
            self.s7[at], self.d7[at] = self.seven.first_s[grade], self.seven.first_d[grade]
            self.first_ms[at], self.step[at] = at_ms, np.where(failed, 1, np.where(grade < EASY, 2, 0))
        else:
            foretold = self._move(at, at_ms, grade, day, failed)
        new_day = (self.day[at] != day) | (turn == 0)
        self.missed[at] = np.where(failed, at_ms, np.where(new_day, NONE, self.missed[at]))
        self.floor6[at], self.floor7[at] = np.where(failed, self.s6[at], self.floor6[at]), np.where(failed, self.s7[at], self.floor7[at])
        passed = at[~failed]
        again_today = self.ever_ok[passed] & (self.ok_day[passed] == day[~failed])
        self.oks[passed] = np.where(again_today, self.oks[passed] + 1, 1)
        self.days_ok[passed] += ~again_today
        self.ok_day[passed], self.ever_ok[passed] = day[~failed], True
        self.last_ok[at], self.last_ms[at], self.day[at], self.seen[at] = ~failed, at_ms, day, turn + 1
        return foretold

    def _move(self, at: Ints, at_ms: Ints, grade: Ints, day: Ints, failed: NDArray[np.bool_]) -> Floats:
        lag, t = np.maximum(day - self.day[at], 0), (at_ms - self.last_ms[at]) / DAY_MS
        s6, d6, s7, d7, step = self.s6[at], self.d6[at], self.s7[at], self.d7[at], self.step[at]
        r7, later = self.seven.recalls(t, s7), lag >= 1
        r6, p = np.ones(len(at)), r7.copy()
        r6[later] = self.six.recalls(lag[later], s6[later])
        a, b = np.clip(r6[later], 0.001, 0.999), np.clip(r7[later], 0.001, 0.999)
        odds = np.sqrt(a / (1 - a) * b / (1 - b))
        p[later] = odds / (1 + odds)
        self.strange[at[(p >= 1) | (p <= 0) | (t < 0)]] = True
        lapsed = failed & (s6 >= 1) & (later | (step == 0))
        for card, when in zip(at[lapsed].tolist(), day[lapsed].tolist(), strict=True):
            self.lapse_days[card] = (*self.lapse_days.get(card, ()), when)[-LEECH_RECENT:]
        self.lapses[at] += lapsed
        self.surprise[at] = np.where(later, self.surprise[at] + (np.where(failed, 0.0, 1.0) - p), self.surprise[at])
        self.n[at] += later
        over = later | (step == 0) | (grade == EASY)
        self.step[at] = np.where(failed, 1, np.where(over, 0, np.where((step == 1) | (grade < GOOD), 2, 0)))
        self.s6[at], self.d6[at] = self.six.afters(s6, d6, lag, grade, r6)
        self.s7[at], self.d7[at] = self.seven.afters(s7, d7, t, grade, r7)
        return np.where(later, r6, np.nan)

    def states(self) -> list[MemoryState]:
        numbers = zip(
            *(column.tolist() for column in (self.s6, self.d6, self.s7, self.d7, self.first_ms, self.last_ms, self.days_ok, self.ok_day)),
            *(column.tolist() for column in (self.last_ok, self.lapses, self.surprise, self.n, self.ever_ok)),
            strict=True,
        )
        facts = zip(*(column.tolist() for column in (self.missed, self.floor6, self.floor7, self.oks, self.seen, self.day, self.step)), strict=True)
        found = []
        for card, ((s6, d6, s7, d7, first, last, days_ok, ok_day, last_ok, lapses, surprise, n, ever_ok), more) in enumerate(zip(numbers, facts, strict=True)):
            said = self._facts(card, *more, ok_day=ok_day if ever_ok else None, last_ok=last_ok)
            found.append(MemoryState(s6, d6, s7, d7, first, last, days_ok, ok_day if ever_ok else None, last_ok, lapses, surprise, n, said))
        return found

    def _facts(
        self, card: int, missed: int, floor6: float, floor7: float, oks: int, seen: int, day: int, step: int, *, ok_day: int | None, last_ok: bool
    ) -> tuple[tuple[str, object], ...]:
        """What ``MemoryState.more`` says, in the order of its names."""
        said: list[tuple[str, object]] = [("floor", (floor6, floor7))] if missed != NONE else []
        if days := self.lapse_days.get(card):
            said.append(("lapse_days", days))
        if not last_ok:
            said.append(("miss_last", True))
        if missed != NONE:
            said.append(("missed", missed))
        if ok_day is not None:
            said.append(("oks", (ok_day, oks)))
        said += (("seen", seen), ("sitting", str(day)))
        if step:
            said.append(("step", step))
        return tuple(said)


class _Six:
    """``Fsrs6`` for many cards."""

    def __init__(self, curve: Fsrs6) -> None:
        w = curve.w
        self.curve = curve
        self.first_s, self.first_d = (_by_grade(values) for values in zip(*(curve.first(g) for g in RATINGS), strict=True))
        self.same_day = _by_grade(exp(w[17] * (g - 3 + w[18])) for g in RATINGS)
        self.bonus = _by_grade((1.0, w[15], 1.0, w[16]))

    def recalls(self, lag: Ints, S: Floats) -> Floats:
        return _pow(1 + self.curve.factor * lag / S, -self.curve.w[20])

    def afters(self, S: Floats, D: Floats, lag: Ints, g: Ints, R: Floats) -> tuple[Floats, Floats]:
        w, after = self.curve.w, np.empty_like(S)
        same = lag < 1
        lost, kept = ~same & (g == AGAIN), ~same & (g >= HARD)
        if same.any():
            s, factor = S[same], self.same_day[g[same]] * _pow(S[same], -w[19])
            after[same] = s * np.where(g[same] >= HARD, np.maximum(factor, 1.0), factor)
        if lost.any():
            s, d = S[lost], D[lost]
            lapsed = w[11] * _pow(d, -w[12]) * (_pow(s + 1, w[13]) - 1) * _exp(w[14] * (1 - R[lost]))
            after[lost] = np.minimum(lapsed, s / exp(w[17] * w[18]))
        if kept.any():
            s = S[kept]
            growth = exp(w[8]) * (11 - D[kept]) * _pow(s, -w[9]) * (_exp(w[10] * (1 - R[kept])) - 1)
            after[kept] = s * (1 + growth * self.bonus[g[kept]])
        harder = w[7] * self.curve.easy_difficulty + (1 - w[7]) * (D - w[6] * (g - 3) * (10 - D) / 9)
        return np.clip(after, self.curve.least, LONGEST_DAYS), np.clip(harder, 1, 10)


class _Seven:
    """``Fsrs7`` for many cards."""

    def __init__(self, curve: Fsrs7) -> None:
        w = curve.w
        self.curve = curve
        self.first_s, self.first_d = (_by_grade(values) for values in zip(*(curve.first(g) for g in RATINGS), strict=True))
        self.long, self.short = (_by_grade((1.0, w[k], 1.0, w[k + 1])) for k in (14, 23))

    def recalls(self, t: Floats, S: Floats) -> Floats:
        w, scales = self.curve.w, self.curve.scales
        x = np.where(t > SECOND, t, SECOND) / S
        a, b = w[31] * _pow(S, -w[33]), w[32] * _pow(S, w[34])
        return (a * _pow(1 + scales[0] * x, -w[27]) + b * _pow(1 + scales[1] * x, -w[28])) / (a + b)

    def afters(self, S: Floats, D: Floats, t: Floats, g: Ints, R: Floats) -> tuple[Floats, Floats]:
        w = self.curve.w
        lost = 1 - R
        c = 1 - w[26] * _exp(-w[25] * np.where(t > SECOND, t, SECOND))
        after = np.empty_like(S)
        for some in (g == AGAIN, g >= HARD):
            if some.any():
                long, short = (self._branches(k, S[some], D[some], lost[some], g[some], bonus) for k, bonus in ((7, self.long), (16, self.short)))
                after[some] = c[some] * long + (1 - c[some]) * short
        harder = 0.01 * self.curve.easy_difficulty + 0.99 * (D - w[6] * (g - 3) * (10 - D) / 9)
        return np.clip(after, self.curve.least, LONGEST_DAYS), np.clip(harder, 1, 10)

    def _branches(self, k: int, S: Floats, D: Floats, lost: Floats, g: Ints, bonus: Floats) -> Floats:
        w = self.curve.w
        if g[0] == AGAIN:
            return self._missed(k, S, D, lost)
        growth = exp(w[k] - 1.5) * (11 - D) * _pow(S, -w[k + 1]) * (_exp(w[k + 2] * lost) - 1)
        grown = S * (1 + growth * bonus[g])
        return grown if (grown >= S).all() else np.maximum(self._missed(k, S, D, lost), grown)  # a miss never leaves more than S

    def _missed(self, k: int, S: Floats, D: Floats, lost: Floats) -> Floats:
        w = self.curve.w
        return np.minimum(S, w[k + 3] * _pow(D, -w[k + 4]) * (_pow(S + 1, w[k + 5]) - 1) * _exp(w[k + 6] * lost))
