"""Clocks lie: when an answer was really given, and when a learner's day begins."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from zoneinfo import ZoneInfo, available_timezones

from kartoteka.engine.memory import Calendar

MINUTE_MS = 60_000
TRUSTED_MS = 2 * MINUTE_MS  # a device clock this near to ours is left alone
FUTURE_MS = 5 * MINUTE_MS  # how far ahead of ours an answer may lie
LATEST_MS = 32_503_680_000_000  # the year 3000: a number beyond it is no time


def corrected(client_ms: int, *, offset_ms: int, now_ms: int) -> int:
    """When an answer was given, by our clock. ``offset_ms``: ours less the device's, measured when it sent."""
    at_ms = client_ms + offset_ms if abs(offset_ms) > TRUSTED_MS else client_ms
    return max(0, at_ms if at_ms <= now_ms + FUTURE_MS else now_ms)


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _zones()


def cut_of(zone: str, day_start_min: int, at_ms: int) -> int:
    """Minutes after UTC midnight at which a day begins in this zone at that moment."""
    moment = dt.datetime.fromtimestamp(at_ms / 1000, tz=ZoneInfo(zone))
    ahead = moment.utcoffset() or dt.timedelta()
    return day_start_min - round(ahead.total_seconds() / 60)


def calendar(cuts: Sequence[Sequence[int]], *, zone: str, day_start_min: int, now_ms: int) -> Calendar:
    """A learner's calendar; where none is kept yet, what it would be if kept now."""
    if cuts:
        return Calendar(tuple((since, minutes) for since, minutes in cuts))
    return Calendar(((0, cut_of(zone, day_start_min, now_ms)),))


def moved(cuts: Sequence[Sequence[int]], *, zone: str, day_start_min: int, now_ms: int) -> list[list[int]]:
    """The cuts with today's added, where travel, summer time or a new day start moved it.

    A new cut begins after every moment an answer may have by now, so that no answer kept already changes its day.
    """
    cut = cut_of(zone, day_start_min, now_ms)
    kept = [list(pair) for pair in cuts]
    if not kept:
        return [[0, cut]]
    if kept[-1][1] == cut:
        return kept
    return [*kept, [max(now_ms + FUTURE_MS + 1, kept[-1][0] + 1), cut]]
