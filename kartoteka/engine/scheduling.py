"""When a card is due: steps after a miss, whole learner-days, a little fuzz, and the leech rule."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import ceil, floor
from typing import NamedTuple

from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, DaysOff, MemoryState, Model, days_until

STEPS_MS = {1: 60_000, 2: 600_000}  # after a miss or a first meeting: about a minute, then about ten
LONGEST_DAYS = 36_500
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float(LONGEST_DAYS), 0.05))
EARLIEST = 2 / 3  # so much of an interval must be over when a card is asked ahead of days off
LEECH_LAPSES, LEECH_RECENT, LEECH_DAYS = 6, 3, 7


def due_ms(
    state: MemoryState,
    *,
    target: float,
    calendar: Calendar,
    seed: str,
    busy: Mapping[int, int] | None = None,
    siblings: Container[int] = (),
    off: DaysOff | None = None,
    model: Model = PLAIN_MODEL,
) -> int:
    """When to ask again so that recall is about ``target``.

    ``seed``: the card's id. ``busy``: learner-day → cards due then; ``siblings``: days on which a sibling is due; ``off``: days off,
    those of the calendar unless said otherwise.
    """
    if step := state.fact("step", 0):
        return state.last_ms + STEPS_MS[step]
    today = calendar.day(state.last_ms)
    days = min(days_until(state, target, model), LONGEST_DAYS)
    shut = calendar.off if off is None else off
    if days < 1:
        soon = min(state.last_ms + max(round(days * DAY_MS), STEPS_MS[2]), max(calendar.begins(today + 1), state.last_ms + STEPS_MS[2]))
        return calendar.begins(shut.next_free(day)) if shut and (day := calendar.day(soon)) > today and day in shut else soon
    low, high = fuzz_range(days)
    draw = _Draw(f"{seed}:{state.fact('seen', 0)}", busy or {}, siblings)
    chosen = draw(range(today + low, today + high + 1)) if low < high else today + low
    return calendar.begins(_clear_of(shut, today, range(today + low, today + high + 1), chosen, draw) if shut and chosen in shut else chosen)


class _Draw(NamedTuple):
    """Chooses a day for a card, always the same: seldom a busy one, never a sibling's while there is another."""

    seed: str
    busy: Mapping[int, int]
    siblings: Container[int]

    def __call__(self, days: Sequence[int]) -> int:
        luck = luck_of(self.seed)
        if not self.busy and not self.siblings:
            return days[bisect(range(1, len(days)), luck * len(days))]
        weights = list(accumulate(0.0 if day in self.siblings else 1.0 / (self.busy.get(day, 0) + 1) ** 2 for day in days))
        return days[bisect(weights, luck * weights[-1], 0, len(days) - 1) if weights[-1] else floor(luck * len(days))]


@lru_cache(20_000)
def luck_of(seed: str) -> float:
    """The first number that dice give which were seeded by this: dear to make, and asked for again with every look at a card."""
    return random.Random(seed).random()


def _clear_of(off: DaysOff, today: int, fuzz: range, chosen: int, draw: _Draw) -> int:
    """A day that is not off, for a card that would fall on one: within the fuzz, else before the days off, else after them.

    Before, if most of the interval is over by then. Other cards draw as if there were no days off: taking them back puts everything where it was.
    """
    free = [day for day in fuzz if day not in off]
    if not free:
        least = max(today + ceil(EARLIEST * (chosen - today)), today + 1, off.said(chosen))
        free = [day for day in range(fuzz.start - 1, least - 1, -1) if day not in off][: len(fuzz)]
    if not free:
        after = off.next_free(chosen)
        free = [day for day in range(after, after + len(fuzz)) if day not in off] or [chosen]
    return draw(free)


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
