"""Which cards now, in which order, and how much work the coming days hold."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, groupby
from operator import attrgetter
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import GOOD, Floats
from kartoteka.engine.scheduling import STEPS_MS
from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, Columns, MemoryState, Model

DUE_PER_NEW = 4
SIBLINGS_APART = 10
AHEAD_DAYS = 7  # new cards are admitted only while each of these days stays within the minutes
COMES_BACK = {1: 0.3, 2: 0.7}  # a new card's first review: missed ones tomorrow, the others the day after
FIRST_LOOK = 500  # of very many due cards so many are sorted first; a sitting seldom needs more
BURIED_DAYS = 4  # so many days' work is due that there is no room for new cards, whatever the week holds
FORECAST_DAYS = 14
LONGEST_STEP_MS = max(STEPS_MS.values())


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long one answer takes this learner."""

    recall: float = 12.0
    recognition: float = 6.0
    miss: float = 20.0
    new: float = 25.0

    @classmethod
    def learned(cls, took_ms: Mapping[str, Sequence[int]]) -> Seconds:
        """From times by kind: medians, drawn towards the usual ones as long as there are few (worth ten answers); each held to 1…120 s."""
        usual = cls()
        found = {}
        for name in ("recall", "recognition", "miss", "new"):
            times = [min(max(ms / 1000, 1.0), 120.0) for ms in took_ms.get(name, ())]
            found[name] = (len(times) * median(times) + 10 * getattr(usual, name)) / (len(times) + 10) if times else getattr(usual, name)
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card that may be asked. ``seconds``: what it takes by its own history, 0: as such cards usually do. ``state`` ``None``: new."""

    card: str
    note: str
    state: MemoryState | None
    position: float = 0.0
    due_ms: int = 0
    seconds: float = 0.0


class Backlog(NamedTuple):
    """Cards overdue since before today, how many of all that are due fit into today's minutes, and after how many days none is left over."""

    overdue: int
    today: int
    days: int | None


def order(
    waiting: Sequence[Waiting],
    *,
    now_ms: int,
    calendar: Calendar,
    minutes: float,
    new_cap: int,
    seconds: Seconds | None = None,
    dice: random.Random | None = None,
    shuffled: bool = False,
    model: Model = PLAIN_MODEL,
) -> list[str]:
    """The cards to put, in order, as many as fit into the minutes (at least one, where any is due and there is a minute at all).

    Pass every card that is studied, not only those that are due: the others say how full the coming days are and which notes were seen today.
    Relearning steps come first, then due cards by what a day's delay would lose per second, among them new ones in the order of the set
    (``shuffled``: by ``dice``), about one for every four. Of a note's cards only one is asked on a day.
    """
    seconds = seconds or Seconds()
    budget = minutes * 60
    if budget <= 0:
        return []
    steps, later, ready, unknown, turn = _parted(waiting, now_ms, round(budget * 1000), calendar.begins(calendar.day(now_ms)))
    spent = _cost((*steps, *later), now_ms, calendar, seconds, model)
    most_new = 0
    if new_cap > 0 and unknown and len(ready) * seconds.recall < BURIED_DAYS * budget:
        most_new = min(new_cap, _affordable(waiting, now_ms, calendar, budget, seconds, model))
    due = _one_a_note(_by_loss(ready, now_ms, calendar, seconds, model), turn)
    fresh = _one_a_note(((one, one.seconds or seconds.new) for one in _in_order(unknown if most_new else (), dice if shuffled else None)), turn)
    chosen: list[Waiting] = list(steps)
    new = 0
    upcoming, unmet = next(due, None), next(fresh, None)
    while upcoming or unmet:
        new_turn = unmet is not None and new < most_new and (upcoming is None or (len(chosen) - len(steps) + 1) % (DUE_PER_NEW + 1) == 0)
        candidate = unmet if new_turn else upcoming
        if candidate is None:
            break
        one, cost = candidate
        if chosen and spent + cost > budget:
            break
        chosen.append(one)
        spent += cost
        if new_turn:
            new, unmet = new + 1, next(fresh, None)
        else:
            upcoming = next(due, None)
    return [one.card for one in _apart([*chosen, *later])]


_DUE_MS, _LAST_MS, _S6, _SECONDS = (attrgetter(name) for name in ("due_ms", "state.last_ms", "state.s6", "seconds"))


class _Parted(NamedTuple):
    """Relearning due now, and due within the sitting; due on its curve; new; and by note the card that was asked today."""

    steps: list[Waiting]
    later: list[Waiting]
    ready: list[Waiting]
    unknown: list[Waiting]
    turn: dict[str, str]


def most_pressing(
    columns: Columns, *, now_ms: int, calendar: Calendar, most: int, seconds: Seconds | None = None, model: Model = PLAIN_MODEL
) -> NDArray[np.int64]:
    """The places of the cards that lose most by waiting until tomorrow, per second of work: one pass over all of them and a partial sort."""
    seconds = seconds or Seconds()
    now = columns.recalls(now_ms, calendar, model)
    rate = (now - columns.recalls(now_ms + DAY_MS, calendar, model)) / (now * seconds.recall + (1 - now) * seconds.miss)
    if len(rate) > most:
        chosen = np.argpartition(-rate, most)[:most]
        return np.asarray(chosen[np.lexsort((chosen, -rate[chosen]))], np.int64)
    return np.argsort(-rate, kind="stable")


def _parted(waiting: Sequence[Waiting], now_ms: int, sitting_ms: int, day_began_ms: int) -> _Parted:
    known = [one for one in waiting if one.state is not None]
    due: NDArray[np.int64] = np.fromiter(map(_DUE_MS, known), np.int64, len(known))
    last: NDArray[np.int64] = np.fromiter(map(_LAST_MS, known), np.int64, len(known))
    found = _Parted([], [], [], [one for one in waiting if one.state is None] if len(known) < len(waiting) else [], {})
    for i in np.flatnonzero(last >= day_began_ms).tolist():
        one = known[i]
        found.turn[one.note] = min(one.card, found.turn.get(one.note, one.card))
    ready = due <= now_ms
    for i in np.flatnonzero((due <= now_ms + sitting_ms) & (due - last <= LONGEST_STEP_MS)).tolist():
        one = known[i]
        if one.state is not None and one.state.fact("step"):
            (found.steps if ready[i] else found.later).append(one)
            ready[i] = False
    found.ready.extend(compress(known, ready.tolist()))
    found.turn.update((one.note, "") for one in (*found.steps, *found.later))
    found.steps.sort(key=lambda one: (one.due_ms, one.card))
    found.later.sort(key=lambda one: (one.due_ms, one.card))
    return found


def _recalls(waiting: Sequence[Waiting], at_ms: int, calendar: Calendar, model: Model) -> Floats:
    return Columns.of([one.state for one in waiting if one.state]).recalls(at_ms, calendar, model)


def _costs(waiting: Sequence[Waiting], recalls: Floats, seconds: Seconds) -> Floats:
    own: Floats = np.fromiter(map(_SECONDS, waiting), float, len(waiting))
    return np.where(own > 0, own, recalls * seconds.recall + (1 - recalls) * seconds.miss)


def _by_loss(due: Sequence[Waiting], now_ms: int, calendar: Calendar, seconds: Seconds, model: Model) -> Iterator[tuple[Waiting, float]]:
    """Due cards with their cost, by recall lost until tomorrow per second of work; ties by id."""
    now, then = _now_and_tomorrow(due, now_ms, calendar, model)
    cost = _costs(due, now, seconds)
    rate = np.maximum(now - then, 0) / cost
    first = np.argpartition(-rate, FIRST_LOOK)[:FIRST_LOOK] if len(rate) > 2 * FIRST_LOOK else np.arange(len(rate))
    lowest = float(rate[first].min(initial=np.inf))
    top = np.flatnonzero(rate >= lowest)  # with all that tie with the last of them
    for part in (top, np.flatnonzero(rate < lowest)):
        ranked = part[np.argsort(-rate[part], kind="stable")].tolist()
        for _, tied in groupby(ranked, key=lambda i: rate[i]):
            for i in sorted(tied, key=lambda i: due[i].card):
                yield due[i], float(cost[i])


def _now_and_tomorrow(due: Sequence[Waiting], now_ms: int, calendar: Calendar, model: Model) -> tuple[Floats, Floats]:
    if model.beliefs is not None:
        columns = Columns.of([one.state for one in due if one.state])
        return columns.recalls(now_ms, calendar, model), columns.recalls(now_ms + DAY_MS, calendar, model)
    lag = (calendar.day(now_ms) - calendar.days(np.fromiter(map(_LAST_MS, due), np.int64, len(due)))).astype(float)
    S: Floats = np.fromiter(map(_S6, due), float, len(due))
    now = model.six.recalls(np.maximum(lag, 0), S)
    if (same := np.flatnonzero(lag < 1)).size:
        now[same] = _recalls([due[i] for i in same.tolist()], now_ms, calendar, model)
    return now, model.six.recalls(np.maximum(lag + 1, 0), S)


def _in_order(unknown: Iterable[Waiting], dice: random.Random | None) -> list[Waiting]:
    found = sorted(unknown, key=lambda one: (one.position, one.card))
    if dice:
        dice.shuffle(found)
    return found


def _one_a_note(cards: Iterable[tuple[Waiting, float]], turn: dict[str, str]) -> Iterator[tuple[Waiting, float]]:
    """Only one card of each note: the one whose ``turn`` it is today, else the first."""
    put: set[str] = set()
    for one, cost in cards:
        if turn.setdefault(one.note, one.card) == one.card and one.card not in put:
            put.add(one.card)
            yield one, cost


def _apart(cards: Sequence[Waiting]) -> list[Waiting]:
    """The same cards, each kept back until ten others lie between it and its sibling; where there are not so many, at the end."""
    out: list[Waiting] = []
    held: list[Waiting] = []
    last: dict[str, int] = {}

    def place(one: Waiting) -> bool:
        if len(out) - last.get(one.note, -SIBLINGS_APART) <= SIBLINGS_APART and one.note in last:
            return False
        last[one.note] = len(out)
        out.append(one)
        return True

    for one in cards:
        held = [back for back in held if not place(back)]
        if not place(one):
            held.append(one)
    return out + held


def _cost(waiting: Sequence[Waiting], now_ms: int, calendar: Calendar, seconds: Seconds, model: Model) -> float:
    """The seconds that these take."""
    known = [one for one in waiting if one.state]
    fresh = sum(one.seconds or seconds.new for one in waiting if one.state is None)
    return float(_costs(known, _recalls(known, now_ms, calendar, model), seconds).sum()) + fresh


def minutes_for(waiting: Sequence[Waiting], *, now_ms: int, calendar: Calendar, seconds: Seconds | None = None, model: Model = PLAIN_MODEL) -> float:
    """About how many minutes these cards take."""
    return _cost(waiting, now_ms, calendar, seconds or Seconds(), model) / 60


def _affordable(waiting: Sequence[Waiting], now_ms: int, calendar: Calendar, budget: float, seconds: Seconds, model: Model) -> int:
    """How many new cards the coming week has room for."""
    loads = _loads(waiting, AHEAD_DAYS + 1, now_ms, calendar, model=model)[1] @ np.array([seconds.recall, seconds.miss])
    today = calendar.day(now_ms)
    studied = [day for day in range(1, AHEAD_DAYS + 1) if today + day not in calendar.off]
    if len(studied) < len(COMES_BACK):
        return 0  # what is met before a long absence is met in vain
    room = float("inf")
    left_over = max(0.0, float(loads[0]) - budget)
    for day, on in enumerate(studied, 1):
        load = float(loads[on]) + left_over
        left_over = max(0.0, load - budget)
        room = min(room, max(0.0, budget - load) / (COMES_BACK[day] * seconds.recall)) if day in COMES_BACK else room if load <= budget else 0.0
    return int(room)


def forecast(
    waiting: Sequence[Waiting], *, now_ms: int, calendar: Calendar, days: int = FORECAST_DAYS, target: float = 0.9, model: Model = PLAIN_MODEL
) -> list[int]:
    """How many cards each of the coming learner-days will ask, today (with all that is overdue) first, if everything due is studied.

    Follow-ups count: what is recalled comes back on its curve, what is missed the next day. New cards not yet met do not. Days off hold nothing: what
    would fall on them waits for the next day that is none.
    """
    return [round(count) for count in _loads(waiting, days, now_ms, calendar, target, model)[0].tolist()]


def _loads(waiting: Sequence[Waiting], days: int, now_ms: int, calendar: Calendar, target: float = 0.9, model: Model = PLAIN_MODEL) -> tuple[Floats, Floats]:
    """By day: expected cards, and of these (recalled, missed)."""
    until = calendar.begins(calendar.day(now_ms) + days)
    soon = [(one.state.s6, one.state.d6, one.state.last_ms, one.due_ms) for one in waiting if one.state and one.due_ms < until]
    return _loads_of(soon, days, now_ms, calendar, target, model)


def forecast_of(
    soon: Sequence[tuple[float, float, int, int]],
    *,
    now_ms: int,
    calendar: Calendar,
    days: int = FORECAST_DAYS,
    target: float = 0.9,
    model: Model = PLAIN_MODEL,
) -> list[int]:
    """``forecast`` of cards as rows: (s6, d6, when last answered, when due), of those due in these days."""
    return [round(count) for count in _loads_of(soon, days, now_ms, calendar, target, model)[0].tolist()]


def _loads_of(soon: Sequence[tuple[float, float, int, int]], days: int, now_ms: int, calendar: Calendar, target: float, model: Model) -> tuple[Floats, Floats]:
    today, off, recalled, missed = calendar.day(now_ms), calendar.off, np.zeros(days + 1), np.zeros(days + 1)
    s, d = np.array([row[0] for row in soon], float), np.array([row[1] for row in soon], float)
    last = calendar.days(np.array([row[2] for row in soon], np.int64)) - today
    at = np.maximum(calendar.days(np.array([row[3] for row in soon], np.int64)) - today, 0)
    for day in range(days):
        here = at == day
        if not here.any():
            continue
        if off and today + day in off:
            at[here] = off.next_free(today + day) - today
            continue
        lag = np.maximum(day - last[here], 0).astype(float)
        p = model.six.recalls(lag, s[here])
        recalled[day] += p.sum()
        missed[day] += (1 - p).sum()
        recalled[min(off.next_free(today + day + 1) - today, days) if off else day + 1] += (1 - p).sum()
        s[here], d[here] = model.six.afters(s[here], d[here], lag, np.full(int(here.sum()), GOOD))
        last[here] = day
        at[here] = day + np.maximum(np.rint(model.six.intervals(target, s[here])), 1).astype(np.int64)
    parts = np.stack([recalled[:days], missed[:days]], axis=1)
    return np.asarray(parts.sum(axis=1)), parts


def backlog(
    waiting: Sequence[Waiting],
    *,
    now_ms: int,
    calendar: Calendar,
    minutes: float,
    seconds: Seconds | None = None,
    horizon: int = 120,
    model: Model = PLAIN_MODEL,
) -> Backlog:
    """How the overdue cards stand against the minutes: what today covers, and when nothing is left over (``None``: not within the horizon)."""
    seconds, budget = seconds or Seconds(), minutes * 60
    dues: NDArray[np.int64] = np.sort(np.array([one.due_ms for one in waiting if one.state], np.int64))
    overdue = int(np.searchsorted(dues, calendar.begins(calendar.day(now_ms))))
    today = order(waiting, now_ms=now_ms, calendar=calendar, minutes=minutes, new_cap=0, seconds=seconds, model=model)
    left_over, first = 0.0, calendar.day(now_ms)
    for day, load in enumerate((_loads(waiting, horizon, now_ms, calendar, model=model)[1] @ np.array([seconds.recall, seconds.miss])).tolist()):
        if first + day in calendar.off:
            continue
        left_over = max(0.0, left_over + load - budget)
        if left_over == 0:
            return Backlog(overdue, len(today), day)
    return Backlog(overdue, len(today), None)
