"""Days without study: weekdays of every week, and vacations, as a person's row keeps them."""

from __future__ import annotations

from typing import Any

MOST_KEPT = 60  # vacations; the oldest go first
LONGEST = 400  # days of one vacation


def weekdays_in(value: Any) -> list[int]:
    """Weekdays (0 = Monday) out of whatever a row or an archive says; never all seven."""
    found = sorted({day for day in value if isinstance(day, int) and not isinstance(day, bool) and 0 <= day <= 6}) if isinstance(value, list) else []
    return found if len(found) < 7 else []


def vacations_in(value: Any) -> list[list[int]]:
    """Vacations as [first learner-day, last, the day on which it was said], in order."""
    found = [list(one) for one in value if _is_vacation(one)] if isinstance(value, list) else []
    return sorted(found)[-MOST_KEPT:]


def _is_vacation(one: Any) -> bool:
    return isinstance(one, list) and len(one) == 3 and all(type(day) is int for day in one) and 0 <= one[1] - one[0] < LONGEST
