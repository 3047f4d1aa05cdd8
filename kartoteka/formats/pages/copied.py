"""What a copied page gives: its title, how many cards it says it has, and the cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

_EDGES = " \t\u00a0\u200b\ufeff"


@dataclass(slots=True)
class Copied:
    """``cards``: term, definition, hint, line. ``pairing``: how bare lines were paired, where that was the question."""

    title: str = ""
    description: str = ""
    declared: int | None = None
    cards: list[tuple[str, str, str, int]] = field(default_factory=list)
    ambiguous: bool = False
    pairing: str = ""


def bare(line: str) -> str:
    return line.replace("\u2028", " ").replace("\t", " ").strip(_EDGES)


def blocks_in(lines: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Runs of numbered lines without a blank one, each with the number it begins with."""
    found: list[tuple[int, str]] = []
    fresh = True
    for number, line in lines:
        if not line:
            fresh = True
        elif fresh:
            found.append((number, line))
            fresh = False
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
    return found
