"""When a person's day begins, and how that moves without moving days that are past."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings

FUTURE_MS = 5 * 60_000  # how far ahead of our clock an answer may lie


@functools.cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(name: str) -> str:
    """This time zone, or the instance's where it is none."""
    return name if name in zones() else str(settings.TIME_ZONE)


def cut_of(zone: str, day_start_min: int, at_ms: int) -> int:
    """Minutes after UTC midnight at which a day begins in this zone at that moment."""
    moment = dt.datetime.fromtimestamp(at_ms / 1000, tz=ZoneInfo(zone))
    ahead = moment.utcoffset() or dt.timedelta()
    return day_start_min - round(ahead.total_seconds() / 60)


def calendar_with(cuts: Sequence[Sequence[int]], now_ms: int, zone: str, day_start_min: int) -> list[list[int]]:
    """The cuts with today's added, where travel, summer time or a new day start moved it.

    A new cut begins after every moment an answer may have by now, so that no answer kept already changes its day.
    """
    cut = cut_of(zone_of(zone), day_start_min, now_ms)
    kept = [list(pair) for pair in cuts]
    if not kept:
        return [[0, cut]]
    if kept[-1][1] == cut:
        return kept
    return [*kept, [max(now_ms + FUTURE_MS + 1, kept[-1][0] + 1), cut]]
