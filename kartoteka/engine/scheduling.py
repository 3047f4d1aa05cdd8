"""When a card is due: steps after a miss, whole learner-days, a little fuzz, and the leech rule."""

from __future__ import annotations

import random
from collections.abc import Container, Mapping

from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, MemoryState, Model, days_until

STEPS_MS = {1: 60_000, 2: 600_000}  # after a miss or a first meeting: about a minute, then about ten
LONGEST_DAYS = 36_500
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float(LONGEST_DAYS), 0.05))
DAY_OFF_WEIGHT = 0.02
LEECH_LAPSES, LEECH_RECENT, LEECH_DAYS = 6, 3, 7


def due_ms(
    state: MemoryState,
    *,
    target: float,
    calendar: Calendar,
    seed: str,
    busy: Mapping[int, int] | None = None,
    siblings: Container[int] = (),
    off: Container[int] = (),
    model: Model = PLAIN_MODEL,
) -> int:
    """When to ask again so that recall is about ``target``.

    ``seed``: the card's id. ``busy``: learner-day → cards due then; ``siblings``: days on which a sibling is due; ``off``: days off.
    """
    if step := state.fact("step", 0):
        return state.last_ms + STEPS_MS[step]
    today = calendar.day(state.last_ms)
    days = min(days_until(state, target, model), LONGEST_DAYS)
    if days < 1:
        return min(state.last_ms + max(round(days * DAY_MS), STEPS_MS[2]), max(calendar.begins(today + 1), state.last_ms + STEPS_MS[2]))
    low, high = fuzz_range(days)
    if low == high:
        return calendar.begins(today + low)
    choices = range(low, high + 1)
    weights = [(DAY_OFF_WEIGHT if today + d in off else 1.0) / ((busy or {}).get(today + d, 0) + 1) ** 2 if today + d not in siblings else 0.0 for d in choices]
    dice = random.Random(f"{seed}:{state.fact('seen', 0)}")
    return calendar.begins(today + dice.choices(choices, weights if any(weights) else None)[0])


def fuzz_range(days: float) -> tuple[int, int]:
    """The whole days among which an interval may fall."""
    if days < FUZZ[0][0]:
        return round(days), round(days)
    width = 1.0 + sum(share * max(0.0, min(days, until) - since) for since, until, share in FUZZ)
    return max(2, round(days - width)), min(LONGEST_DAYS, round(days + width))


def leech(state: MemoryState, now_ms: int, calendar: Calendar) -> bool:
    """Six lapses in all, or three within seven learner-days: time to do something else about this card."""
    days = state.fact("lapse_days", ())
    recent = len(days) >= LEECH_RECENT and days[-LEECH_RECENT] > calendar.day(now_ms) - LEECH_DAYS
    return state.lapses >= LEECH_LAPSES or recent
