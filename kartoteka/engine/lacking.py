"""Points of a list that were missed more than once: from the second miss on each has a memory of its own, kept by nobody and counted from the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from kartoteka.engine.evidence import Evidence
from kartoteka.engine.grading.verdicts import PASSED
from kartoteka.engine.memory import due_ms, observe
from kartoteka.engine.state import PLAIN_MODEL, Calendar, MemoryState, Model, recall

TWICE = 2  # misses after which a point is remembered by itself


class Heard(NamedTuple):
    """An answer that says something of a list's points: of ``point`` alone, else of all, of which ``missed`` were lacking. ``outcome`` 0…1."""

    at_ms: int
    sitting: str
    mode: str
    outcome: float
    point: int | None = None
    missed: tuple[int, ...] = ()
    hints: int = 0


def memories_of_points(heard: Iterable[Heard], calendar: Calendar, model: Model = PLAIN_MODEL) -> dict[int, MemoryState]:
    """What is remembered of the points that were missed twice and more, by their places; ``heard`` in the order of time."""
    misses: Counter[int] = Counter()
    states: dict[int, MemoryState] = {}
    for one in heard:
        asked = {one.point: one.outcome >= PASSED} if one.point is not None else {place: place not in one.missed for place in {*misses, *one.missed}}
        for place, held in sorted(asked.items()):
            misses[place] += not held
            if misses[place] < TWICE:
                continue
            evidence = Evidence("typed", float(held), one.mode, hint_rungs=one.hints, at_ms=one.at_ms, sitting=one.sitting)
            state = observe(states.get(place), evidence, calendar, model)
            if state is not None:
                states[place] = state
    return states


def first_due(heard: Iterable[Heard], *, card: str, target: float, calendar: Calendar, model: Model = PLAIN_MODEL) -> int | None:
    """When the first of a card's points is to be asked alone; ``None``: none is remembered by itself."""
    states = memories_of_points(heard, calendar, model)
    return min((due_ms(state, target=target, calendar=calendar, seed=f"{card}.{place}", model=model) for place, state in states.items()), default=None)


def points_due(heard: Iterable[Heard], now_ms: int, *, card: str, target: float, calendar: Calendar, model: Model = PLAIN_MODEL) -> tuple[int, ...]:
    """The places of the points that are to be asked by now, the least likely recalled first."""
    states = memories_of_points(heard, calendar, model)
    due = [place for place, state in states.items() if due_ms(state, target=target, calendar=calendar, seed=f"{card}.{place}", model=model) <= now_ms]
    return tuple(sorted(due, key=lambda place: (recall(states[place], now_ms, calendar, model), place)))
