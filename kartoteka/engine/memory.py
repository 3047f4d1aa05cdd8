"""What an observation would do to a memory: evidence from every mode moves one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

DAY_MS = 86_400_000
Kind = Literal["rating", "typed", "sorting", "choice", "tf", "matching", "near_miss", "points", "game", "exposure"]
Level = Literal["new", "learning", "familiar", "mastered", "fading"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a learner's day begins: ``cuts`` are (from_ms, minutes after UTC midnight), oldest first; later cuts never move past reviews."""

    cuts: tuple[tuple[int, int], ...] = ((0, 240),)

    def day(self, at_ms: int) -> int:
        """The learner-day of a moment: floor((ms/60000 − cut_utc_min)/1440)."""
        cut = next((minutes for since, minutes in reversed(self.cuts) if at_ms >= since), self.cuts[0][1])
        return (at_ms // 60_000 - cut) // 1440

    def begins(self, day: int) -> int:
        """The first millisecond of a learner-day, by the latest cut."""
        return (day * 1440 + self.cuts[-1][1]) * 60_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer proves (memory.md §2). A mode fills what it knows; ``study`` adds when and in which sitting.

    ``outcome`` 1 right, 0 wrong, between for key points. ``grade``: the pressed rating (kind "rating"), else the grade a success counts as.
    """

    kind: Kind
    outcome: float
    mode: str
    grade: int = 3
    options: int = 0
    pairs_left: int = 0
    hint_rungs: int = 0
    revealed: bool = False
    contradicted: bool = False
    at_ms: int = 0
    sitting: str = ""

    def facts(self) -> dict[str, Any]:
        """Every fact as JSON keeps it; ``Evidence(**facts)`` is the same evidence."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What is remembered of one card. S in days, D 1…10; times in ms since 1970 UTC.

    The last three serve the rules of one sitting and one day (memory.md §2).
    """

    s6: float
    d6: float
    s7: float
    d7: float
    first_ms: int
    last_ms: int
    days_ok: int = 0
    ok_day: int | None = None
    last_ok: bool = False
    lapses: int = 0
    surprise: float = 0.0
    n: int = 0
    more: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> MemoryState:
        return cls(**{f.name: row[f.name] for f in fields(cls)})


def observe(state: MemoryState | None, evidence: Evidence, calendar: Calendar) -> MemoryState | None:
    raise NotImplementedError


def replay(evidence: Sequence[Evidence], calendar: Calendar) -> MemoryState | None:
    raise NotImplementedError
