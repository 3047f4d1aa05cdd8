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
    if starts and (asked or starts >= 2) and "A" in lines:
        return 0.97
    return 0.97 if len(_starts(lines, marked=True)) >= 2 else 0.0


def _starts(lines: Sequence[str], *, marked: bool = False) -> list[int]:
    """Where cards begin: a number one more than the last, and Q below it; ``marked``: a heading below it, as reading views copy the page."""
    found: list[int] = []
    expected = 0
    for at in range(len(lines) - 1):
        if lines[at].isdecimal() and len(lines[at]) < 7 and (not found or int(lines[at]) == expected + 1):
            below = next((line for line in lines[at + 1 : at + 3] if line), "")
            if (below == "##" or below.startswith("## ")) if marked else lines[at + 1] == "Q":
                found.append(at)
                expected = int(lines[at])
    return found


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    marked = not _starts(lines)
    starts = _starts(lines, marked=marked)
    head = [line for line in lines[: starts[0]] if line and line.lower() not in _FURNITURE] if starts else []
    page = Copied(title=re.sub(r"^#+\s*|\s+Flashcards\s*$", "", head[0]) if head else "")
    for at, start in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        own = list(lines[start + 2 : end])
        if marked:
            term, _answer, definition = "\n".join(lines[start + 1 : end]).strip().removeprefix("##").partition("\n###")
            page.cards.append((term.strip(), definition.strip(), "", start + 1))
            continue
        scale = next((number for number, line in enumerate(own) if line.lower() == _SCALE), len(own))
        if scale == len(own) and at + 1 == len(starts):
            findings.say("a page cut below", Said("The last card here has no scale below it: the page was cut in it, perhaps."), start + 1)
        own = own[:scale]
        answer = next((number for number, line in enumerate(own) if line == "A" and (number == 0 or not own[number - 1])), len(own))
        page.cards.append(("\n".join(own[:answer]).strip("\n"), "\n".join(own[answer + 1 :]).strip("\n"), "", start + 1))
    return page
