"""A learner's calendar, kept as it moves, and the lock under which their log grows."""

from __future__ import annotations

from django.conf import settings

from kartoteka.engine.memory import Calendar
from kartoteka.people.models import Person
from kartoteka.study import clocks


def zone_of(learner: Person) -> str:
    return learner.time_zone if clocks.is_zone(learner.time_zone) else str(settings.TIME_ZONE)


def calendar_of(learner: Person) -> Calendar:
    """When this learner's days begin. Before the first answer: as it would be if it were given on 1 January 1970."""
    return clocks.calendar(learner.calendar, zone=zone_of(learner), day_start_min=learner.day_start_min, now_ms=0)


def at_the_desk(learner: Person, *, now_ms: int, time_zone: str = "") -> Person:
    """The learner, locked until the action ends, with a calendar that knows where they are now.

    The lock is what lets two tabs, two devices and two sittings answer the same card at once and lose nothing.
    """
    locked = Person.objects.select_for_update(no_key=True).get(id=learner.id)
    zone = time_zone if clocks.is_zone(time_zone) else ""
    changed = []
    if zone and zone != locked.time_zone:
        locked.time_zone = zone
        changed.append("time_zone")
    cuts = clocks.moved(locked.calendar, zone=zone_of(locked), day_start_min=locked.day_start_min, now_ms=now_ms)
    if cuts != locked.calendar:
        locked.calendar = cuts
        changed.append("calendar")
    if changed:
        locked.save(update_fields=changed)
    learner.time_zone, learner.calendar = locked.time_zone, locked.calendar
    return locked
