"""StudyStack's page: its buttons, then a table of question and answer, which a browser copies with a tab between the two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.pages.copied import Copied, bare

TABS = True  # between its cells
_SITE = re.compile(
    r"studystack|study stack|(?:un)?known? it\? click below|remaining cards \(\d+\)|embed code - if you would like this activity|snowman|bug match|hungry bug|study table",
    re.I,
)
_SIDES = re.compile(
    r"\|?\s*(?:question|term|front|word|side 1|clue|prompt|[^\t|]{1,40})\s*[\t|]\s*(?:answer|definition|back|meaning|side 2|translation|[^\t|]{1,40})\s*(?:[\t|].{0,80})?$",
    re.I,
)
_RULE = re.compile(r"[\s|:-]+")
_END = re.compile(
    r"(?:created by:?|popular\b.*\bsets|browse|voices|normal size|review the information|©.*|all content copyright.*|copyright.*studystack.*|about studystack|retrieving the data|"
    r"use these flashcards to help memorize.*|to hide a column, click.*|you may also shuffle.*|to (?:save|see how).*|if you know all the data.*)\b.*",
    re.I,
)
_FURNITURE = re.compile(
    r"(?:help!?|options|focusnode|(?:didn't )?kn[oe]w it\?|click below|don't know|know|remaining cards.*|retry|shuffle|restart|share|embed code.*|normal size.*|flashcards?|matching|"
    r"snowman|crossword|type ?in|quiz|test|studystack|study table|bug match|hungry bug|unscramble|chopped|targets|study slide|unsaved|save|sign up.*|log ?in.*|search|upgrade.*|"
    r"\d+:\d+|create.*|browse.*)$",
    re.I,
)


def sure(lines: Sequence[str]) -> float:
    """Two signs of the site and its table: one alone may stand in anybody's notes."""
    signs = len({found[0].lower() for line in lines[:400] if (found := _SITE.search(line))})
    return 0.96 if signs >= 2 and _table(lines) is not None else 0.0


def _table(lines: Sequence[str]) -> int | None:
    """Where the table begins: names of two sides above a row of two cells."""
    for at in range(len(lines) - 1):
        below = next((line for line in lines[at + 1 : at + 4] if line.strip() and not _RULE.fullmatch(line)), "")
        if _SIDES.match(lines[at].strip()) and len(_cells(below)) >= 2:
            return at
    return None


def _cells(line: str) -> list[str]:
    return [bare(cell) for cell in (line.strip("\n").split("\t") if "\t" in line else line.strip().strip("|").split("|"))]


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    at = _table(lines) or 0
    names = len(_cells(lines[at]))
    head = [bare(line) for line in lines[:at] if bare(line) and not _FURNITURE.match(bare(line)) and not _SITE.search(line)]
    page = Copied(title=re.sub(r"^StudyStack\s*[-|:]\s*|\s+(?:Flash ?cards?|- StudyStack)$", "", head[0], flags=re.I) if head else "")
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        cells = _cells(line)
        if not bare(line) or _RULE.fullmatch(line):
            continue
        if _END.match(bare(line)) and len(cells) < 2:
            break
        if len(cells) >= 2:
            hint = "\n".join(cell for cell in cells[2:names] if cell)
            page.cards.append((cells[0], cells[1], hint, number))
        elif page.cards:  # a line within the last cell
            term, definition, hint, begun = page.cards[-1]
            page.cards[-1] = (term, f"{definition}\n{cells[0]}", hint, begun)
    if page.cards and not any(_END.match(bare(line)) for line in lines[page.cards[-1][3] :]):
        findings.say("a page cut below", Said("Nothing stands below the last card here: the page was cut in it, perhaps."), page.cards[-1][3])
    return page
