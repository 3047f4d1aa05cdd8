"""Where a learner stands: the level of a card, and how much of a set would be recalled."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kartoteka.engine.fsrs import Floats
from kartoteka.engine.state import PLAIN_MODEL, Calendar, Columns, Level, MemoryState, Model, recall, s90

SAFE_RECALL, SAFE_DAYS, SAFE_TIMES = 0.8, 21, 2  # the only place of these three (memory.md §3)
WEAKEST_FIRST: tuple[Level, ...] = ("new", "learning", "fading", "familiar", "mastered")
RECOGNISED_AT_MOST = 0.5  # what was never recalled, only recognised
DRAWS, SEED, SET_WIDE_SD = 400, 1885, 0.25
BINS = 512  # larger sets are drawn by bins of recall


class Mastery(NamedTuple):
    """``likely`` of ``of`` cards would be recalled; in four cases of five between ``low`` and ``high``."""

    percent: int
    likely: int
    of: int
    low: int
    high: int


def level(state: MemoryState | None, now_ms: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> Level:
    """New, learning, mastered, familiar or fading: the first rule that fits."""
    if state is None:
        return "new"
    if not state.last_ok:
        return "learning"
    if recall(state, now_ms, calendar, model) < SAFE_RECALL:
        return "fading"
    return "mastered" if state.days_ok >= SAFE_TIMES and s90(state, calendar, model) >= SAFE_DAYS else "familiar"


def levels(states: Sequence[MemoryState | None] | Columns, now_ms: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> list[Level]:
    """``level`` of every card of a set at once."""
    if isinstance(states, Columns):
        columns, found = states, ["learning"] * len(states)
        places: Sequence[int] = range(len(states))
    else:
        found = ["new"] * len(states)
        places = [i for i, state in enumerate(states) if state is not None]
        columns = Columns.of([state for state in states if state is not None])
    safe = columns.recalls(now_ms, calendar, model) >= SAFE_RECALL
    mastered = (columns.days_ok >= SAFE_TIMES) & columns.safe_for(SAFE_DAYS, model)
    rank = np.where(~columns.last_ok, 0, np.where(~safe, 1, np.where(mastered, 3, 2)))
    words: tuple[Level, ...] = ("learning", "fading", "familiar", "mastered")
    for place, which in zip(places, rank.tolist(), strict=True):
        found[place] = words[which]
    return found  # type: ignore[return-value]


def weakest(found: Iterable[Level]) -> Level:
    """A note's level: that of its weakest card."""
    return min(found, key=WEAKEST_FIRST.index, default="new")


def mastery(states: Iterable[MemoryState | None] | Columns, horizon_ms: int, calendar: Calendar, *, new: int = 0, model: Model = PLAIN_MODEL) -> Mastery:
    """How much would be recalled at the horizon. New cards count nothing; with ``Columns``, ``new`` says how many there are."""
    if not isinstance(states, Columns):
        every = list(states)
        known = [state for state in every if state is not None]
        return mastery(Columns.of(known), horizon_ms, calendar, new=new + len(every) - len(known), model=model)
    of = len(states) + new
    if not of:
        return Mastery(0, 0, 0, 0, 0)
    p = states.recalls(horizon_ms, calendar, model)
    p = np.where(states.days_ok == 0, np.minimum(p, RECOGNISED_AT_MOST), p)
    expected = float(p.sum())
    likely = round(expected)
    low, high = band(p)
    return Mastery(round(100 * expected / of), likely, of, max(0, min(low, likely)), min(of, max(high, likely)))


def band(p: Floats) -> tuple[int, int]:
    """The middle four fifths of how many are recalled: each card's own chance, and an error that all cards of a set share."""
    if not len(p):
        return 0, 0
    p = np.clip(p, 1e-6, 1 - 1e-6)
    logits, cards = np.log(p / (1 - p)), np.ones(len(p))
    if len(p) > BINS:
        counts, edges = np.histogram(logits, BINS)
        logits, cards = (edges[1:] + edges[:-1])[counts > 0] / 2, counts[counts > 0].astype(float)
    shared, own = _draws()
    drawn = 1 / (1 + np.exp(-(logits[None, :] + SET_WIDE_SD * shared[:, None])))
    recalled = drawn @ cards + own * np.sqrt((drawn * (1 - drawn)) @ cards)
    low, high = np.quantile(recalled, (0.1, 0.9))
    return round(float(low)), round(float(high))


@lru_cache(maxsize=1)
def _draws() -> tuple[Floats, Floats]:
    dice = random.Random(SEED)
    return np.array([dice.gauss(0, 1) for _ in range(DRAWS)]), np.array([dice.gauss(0, 1) for _ in range(DRAWS)])
