"""Why this card now: facts without words, for the sentence and the small curve beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from kartoteka.engine.evidence import Evidence
from kartoteka.engine.memory import observe, outcomes
from kartoteka.engine.scheduling import due_ms, leech
from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, MemoryState, Model, recall, s90

Reason = Literal["new", "step", "due", "ahead"]
CURVE_POINTS = 24  # between two answers, and from the last one on


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rating would do: when the card comes back, in how many days, and the recall expected then."""

    rating: int
    due_ms: int
    days: float
    recall_then: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about asking a card now. ``curve``: (ms, recall) from the first answer on; ``future`` from now on."""

    reason: Reason
    seen: int
    last_days: float | None
    recall_now: float | None
    recall_tomorrow: float | None
    s90_days: float | None
    lapses: int
    leech: bool
    outcomes: tuple[Outcome, ...]
    curve: tuple[tuple[int, float], ...] = ()
    future: tuple[tuple[int, float], ...] = ()


def why(
    evidence: Sequence[Evidence], *, now_ms: int, calendar: Calendar, target: float, seed: str, due: int | None = None, model: Model = PLAIN_MODEL
) -> Facts:
    """The facts, from a card's evidence in order of time. ``due``: when it is due, where that is known better than from ``target`` alone."""
    state: MemoryState | None = None
    curve: list[tuple[int, float]] = []
    seen = 0
    for piece in evidence:
        if state is not None:
            curve += falling(state, state.last_ms, piece.at_ms, calendar, model)
        moved = observe(state, piece, calendar, model)
        if moved is not None and moved is not state:
            seen += 1
            curve.append((piece.at_ms, recall(moved, piece.at_ms, calendar, model)))
        state = moved
    after = outcomes(state, now_ms, calendar, model=model)
    found = tuple(_outcome(rating, then, now_ms, calendar, target, seed, model) for rating, then in after.items())
    if state is None:
        return Facts("new", 0, None, None, None, None, 0, False, found)
    due = due_ms(state, target=target, calendar=calendar, seed=seed, model=model) if due is None else due
    curve += falling(state, state.last_ms, now_ms, calendar, model)
    until = max(due, now_ms) + max(7 * DAY_MS, 2 * (due - state.last_ms))
    return Facts(
        "step" if state.fact("step") else "due" if due <= now_ms else "ahead",
        seen,
        max(0, now_ms - state.last_ms) / DAY_MS,
        (now := recall(state, now_ms, calendar, model)),
        min(now, recall(state, now_ms + DAY_MS, calendar, model)),
        s90(state, calendar, model),
        state.lapses,
        leech(state, now_ms, calendar),
        found,
        tuple(curve),
        tuple(falling(state, now_ms, until, calendar, model)),
    )


def _outcome(rating: int, after: MemoryState, now_ms: int, calendar: Calendar, target: float, seed: str, model: Model) -> Outcome:
    due = due_ms(after, target=target, calendar=calendar, seed=seed, model=model)
    days = (due - now_ms) / DAY_MS if due - now_ms < DAY_MS and calendar.day(due) == calendar.day(now_ms) else float(calendar.day(due) - calendar.day(now_ms))
    return Outcome(rating, due, days, recall(after, due, calendar, model))


def falling(state: MemoryState, since_ms: int, until_ms: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> list[tuple[int, float]]:
    """Points of a memory's curve between two moments, both included.

    It never rises: the curve of one day (FSRS-7) and that of whole days (FSRS-6) need not meet, and nobody remembers more for waiting.
    """
    span = until_ms - since_ms
    moments = sorted({since_ms + span * i // CURVE_POINTS for i in range(CURVE_POINTS + 1)}) if span > 0 else [since_ms]
    lowest = accumulate((recall(state, at, calendar, model) for at in moments), min)
    return list(zip(moments, lowest, strict=True))
