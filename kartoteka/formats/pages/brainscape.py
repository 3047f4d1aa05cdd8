"""Brainscape's page: a number, Q, the question, A, the answer, and a scale from 1 to 5 whose numbers are no cards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.pages.copied import Copied

_SCALE = "how well did you know this?"
_FURNITURE = ("you may prefer our related brainscape-certified flashcards:", "study these flashcards", "flashcards", "decks", "sign up", "log in")


def sure(lines: Sequence[str]) -> float:
    asked = sum(line.lower() == _SCALE for line in lines)
    starts = sum(1 for at in _starts(lines))
    return 0.97 if starts and (asked or starts >= 2) and "A" in lines else 0.0


def _starts(lines: Sequence[str]) -> list[int]:
    """Where cards begin: a number one more than the last, and Q below it."""
    found: list[int] = []
    expected = 0
    for at in range(len(lines) - 1):
        if lines[at + 1] == "Q" and lines[at].isdecimal() and len(lines[at]) < 7 and (not found or int(lines[at]) == expected + 1):
            found.append(at)
            expected = int(lines[at])
    return found


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    starts = _starts(lines)
    head = [line for line in lines[: starts[0]] if line and line.lower() not in _FURNITURE] if starts else []
    page = Copied(title=re.sub(r"\s+Flashcards\s*$", "", head[0]) if head else "")
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        own = list(lines[start + 2 : end])
        scale = next((number for number, line in enumerate(own) if line.lower() == _SCALE), len(own))
        if scale == len(own) and at + 1 == len(starts):
            findings.say("a page cut below", Said("The last card here has no scale below it: the page was cut in it, perhaps."), start + 1)
        own = own[:scale]
        answer = next((number for number, line in enumerate(own) if line == "A" and (number == 0 or not own[number - 1])), len(own))
        page.cards.append(("\n".join(own[:answer]).strip("\n"), "\n".join(own[answer + 1 :]).strip("\n"), "", start + 1))
    return page
