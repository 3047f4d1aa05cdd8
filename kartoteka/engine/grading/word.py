"""One word of a text, and how much words of its kind say."""

from __future__ import annotations

from typing import NamedTuple

WEIGHTS = {"function": 0.08, "negation": 0.25, "ordinary": 0.75, "word": 1.0, "number": 1.1, "sign": 0.3}


class Word(NamedTuple):
    """One word of a text. ``norm`` folded, ``bare`` without accents too; ``value`` of a number, ``month`` 1–12; ``says``: its weight."""

    norm: str
    bare: str
    stem: str
    kind: str
    says: float
    start: int
    end: int
    value: float | None = None
    month: int = 0


def number(value: float, start: int, end: int, digits: str) -> Word:
    shown = f"{value:g}" if abs(value) < 1e6 and value == round(value, 4) else repr(value)
    return Word(shown, shown, f"#{shown}", "number", WEIGHTS["number"], start, end, value)
