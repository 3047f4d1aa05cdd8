"""What a card's standing says about its memory, in whichever program's words: where a schedule comes without the answers that made it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

DAY_MS = 86_400_000
LATEST_MS = 4_102_444_800_000  # 2100: what claims to be later is damage
LONGEST_DAYS = 36_500.0
MOST_DAYS = 1_000_000  # what is due at a larger number is due at a second, not on a day
_WHEN = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](?:[^\W\d]+\.? ?)?(\d\d):(\d\d))?")
_PERMILLE, _PERCENT = 1000, 20  # an ease above this is written in thousandths, or in hundredths
_DUE_TYPES = (2, 3)  # Anki: in review, relearning


class Schedule(NamedTuple):
    """``days`` until it is nine in ten; ``ease``, ``difficulty`` (1 to 10) and ``last_ms``: 0 where nothing says so."""

    days: float
    last_ms: int = 0
    ease: float = 0.0
    difficulty: float = 0.0


def schedule_of(standing: Mapping[str, Any], *, begun_s: Any = 0) -> Schedule | None:
    """The schedule a card brings along; ``None`` where it was never learned, or where nothing can be made of it.

    Understood: ``interval_days`` or ``interval``, ``stability``, ``difficulty``, ``ease`` (2.5, 250 or 2500), ``due`` and ``last`` as days,
    ``due_s`` and ``last_s`` as seconds since 1970, ``due_day`` and ``last_day`` as days since a start nobody knows, and ``anki``, a row of
    its cards, whose days count from ``begun_s``.
    """
    said = {**standing, **_of_anki(standing, _number(begun_s))}
    if said.get("state") == 0 or said.get("grade") in (0, 1):  # FSRS: new; Mnemosyne: not learned, or forgotten
        return None
    interval = _number(said.get("interval_days")) or _number(said.get("interval"))
    due, last = (_moment(said.get(name), said.get(f"{name}_s")) for name in ("due", "last"))
    if not interval and due > last > 0:
        interval = (due - last) / DAY_MS
    interval = interval or max(0.0, _number(said.get("due_day")) - _number(said.get("last_day")))
    stability = _number(said.get("stability"))
    days = min(stability or interval, LONGEST_DAYS)
    if days < 1 and not stability:
        return None
    if not last and due and interval:
        last = max(0, int(due - interval * DAY_MS))
    ease = _number(said.get("ease"))
    ease = ease / 1000 if ease >= _PERMILLE else ease / 100 if ease > _PERCENT else ease
    difficulty = _number(said.get("difficulty"))
    return Schedule(days, last, ease, difficulty if stability and 1 <= difficulty <= 10 else 0.0)


def _of_anki(standing: Mapping[str, Any], begun_s: float) -> dict[str, Any]:
    row = standing.get("anki")
    if not isinstance(row, list) or len(row) < 14 or row[2] not in _DUE_TYPES:
        return {}
    found: dict[str, Any] = {"interval_days": row[5], "ease": row[6]}
    due = _number(row[10] if row[11] else row[4])
    if due and begun_s:
        found["due_s"] = due if due > MOST_DAYS else begun_s + due * DAY_MS / 1000
    try:
        data = json.loads(row[13] or "{}")
    except (ValueError, TypeError):
        return found
    if isinstance(data, dict):
        found |= {ours: data[theirs] for theirs, ours in (("s", "stability"), ("d", "difficulty"), ("lrt", "last_s")) if theirs in data}
    return found


def _number(said: Any) -> float:
    """A number above 0, or 0."""
    try:
        value = float(said)
    except (TypeError, ValueError):
        return 0.0
    return value if 0 < value < 1e12 else 0.0


def _moment(day: Any, seconds: Any) -> int:
    """A moment in ms since 1970; a day alone is its noon, which lies on that day almost everywhere. 0: not said."""
    at = 0
    if value := _number(seconds):
        at = int(value * 1000)
    elif isinstance(day, str) and (found := _WHEN.search(day)):
        year, month, of_month, hour, minute = (int(part) if part else None for part in found.groups())
        try:
            at = int(datetime(year or 1, month or 1, of_month or 1, 12 if hour is None else hour, minute or 0, tzinfo=UTC).timestamp() * 1000)
        except ValueError:
            return 0
    return at if 0 < at < LATEST_MS else 0


__all__ = ["Schedule", "schedule_of"]
