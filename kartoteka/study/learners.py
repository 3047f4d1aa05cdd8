"""A learner's calendar, kept as it moves, their pace, and the lock under which their log grows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np

from kartoteka.engine.memory import DAY_MS, Calendar
from kartoteka.engine.pricing import minutes_a_day
from kartoteka.engine.queue import Seconds
from kartoteka.engine.state import NO_DAYS_OFF, DaysOff, Span
from kartoteka.people import absences, days
from kartoteka.people.models import Person
from kartoteka.study import rows
from kartoteka.study.log import OUTCOMES
from kartoteka.study.models import Memory, Past, Progress, Review
from kartoteka.study.own import model_of

LEAST, MOST = 0.7, 0.97  # what may be wished to be remembered
LOOKED_AT, SETS_LOOKED_AT = 400, 10  # answers that say how quick a learner is, and of how many sets at most
PASTS_AT_ONCE = 50


def calendar_of(learner: Person) -> Calendar:
    """When this learner's days begin; before the first answer, as they would if it were given now."""
    cuts = learner.calendar or [[0, days.cut_of(days.zone_of(learner.time_zone), learner.day_start_min, 0)]]
    return Calendar(tuple((since, minutes) for since, minutes in cuts), _off(learner) if learner.days_off or learner.vacations else NO_DAYS_OFF)


def _off(learner: Person) -> DaysOff:
    return DaysOff(frozenset(absences.weekdays_in(learner.days_off)), tuple(Span(*one) for one in absences.vacations_in(learner.vacations)))


def retention_of(learner: Person, deck: UUID | str | None) -> float:
    """How much of a set this learner wants to remember: as said for it, else as for all."""
    said = learner.retentions.get(deck if isinstance(deck, str) else deck.hex) if learner.retentions and deck else None
    return float(said) if isinstance(said, int | float) and LEAST <= said <= MOST else learner.retention


def at_the_desk(learner: Person, *, now_ms: int, time_zone: str = "", here: bool = True) -> Person:
    """The learner, locked until the action ends, with a calendar that knows where they are now (``here``; else as it was, if there is one).

    The lock is what lets two tabs, two devices and two sittings answer the same card at once and lose nothing.
    """
    rows.lock(learner)
    changed = []
    if time_zone != learner.time_zone and time_zone in days.zones():
        learner.time_zone = time_zone
        changed.append("time_zone")
    cuts = days.calendar_with(learner.calendar, now_ms, learner.time_zone, learner.day_start_min) if here or not learner.calendar else learner.calendar
    if cuts != learner.calendar:
        learner.calendar = cuts
        changed.append("calendar")
    if changed:
        Person.objects.filter(id=learner.id).update(**{name: getattr(learner, name) for name in changed})
    return learner


def price_of(learner: Person | None, targets: Iterable[float], *, now_ms: int) -> dict[float, float]:
    """Minutes a day that each desired retention costs with what this learner remembers now; empty before the first answer."""
    rows = list(Memory.objects.filter(learner=learner).values_list("s6", "d6", "last_ms")) if learner else []
    if learner is None or not rows:
        return {}
    S, D, last_ms = np.array(rows, float).T
    seconds = pace_of(learner)
    return {
        target: minutes_a_day(S, D, np.maximum(0.0, (now_ms - last_ms) / DAY_MS), target, seconds=seconds, curve=model_of(learner).six) for target in targets
    }


def pace_of(learner: Person) -> Seconds:
    """How long answers take this learner, from the latest of them in the sets last studied."""
    took: dict[str, list[int]] = {"recall": [], "recognition": [], "miss": []}
    looked = 0
    for deck in Progress.objects.filter(learner=learner).order_by("-last_ms").values_list("deck_id", flat=True)[:SETS_LOOKED_AT]:
        for _at_ms, outcome, took_ms, qtype in _timed(learner, deck)[: LOOKED_AT - looked]:
            looked += 1
            if outcome is not None:
                took["miss" if outcome < 0.5 else "recall" if qtype in ("self", "typed", "points") else "recognition"].append(took_ms)
        if looked == LOOKED_AT:
            break
    return Seconds.learned(took)


def _timed(learner: Person, deck: UUID) -> list[Any]:
    """The latest answers in a set of which it is known how long they took, the last first: (when, outcome, how long, kind of question)."""
    given = Review.objects.filter(learner=learner, deck_id=deck, took_ms__gt=0).exclude(qtype="match").order_by("-at_ms")
    latest = list(given.values_list("at_ms", "outcome", "took_ms", "qtype")[:LOOKED_AT])
    for past in Past.objects.filter(learner=learner, deck_id=deck).order_by("-last_ms").only("last_ms", "numbers").iterator(PASTS_AT_ONCE):
        if len(latest) == LOOKED_AT and past.last_ms <= latest[-1][0]:
            break
        latest += [(at_ms, OUTCOMES[rating], took_ms, "self") for at_ms, rating, took_ms, *_more in reversed(past.numbers) if took_ms]
        latest = sorted(latest, key=lambda one: -one[0])[:LOOKED_AT]
    return latest
