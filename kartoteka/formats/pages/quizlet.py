"""Quizlet's page: "Terms in this set (N)", then the sides; older pages part them by blank lines. Counted against N, never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.pages.copied import Copied, blocks_in

_COUNT = re.compile(
    r"(?:Terms in this set|Termini in questo set|Begriffe in diesem (?:Set|Lernset)|Termes de l'ensemble|Términos en este set|Termos neste conjunto|Термины в модуле)\s*\((\d{1,6})\)",
    re.I,
)
_FURNITURE = re.compile(
    r"(?:flashcards|learn|test|match|blast|blocks|q-chat|write|spell|gravity|live|save|share|edit|studied \d+ (?:times|terms).*|original|alphabetical|your stats|"
    r"get a hint|don't know\?|created by|teacher|students also (?:studied|viewed)|upgrade to remove ads|only \$[\d.]+/(?:month|year)|term|definition|"
    r"still learning(?: \(\d+\))?|not studied(?: \(\d+\))?|mastered(?: \(\d+\))?|you've (?:begun|started) learning these terms.*|keep it up!?|select these \d+|"
    r"you haven't studied these terms yet!?|you know these terms well!?|terms in this set \(\d+\)|sets found in the same folder|other sets by this creator|"
    r"verified questions|recommended textbook solutions|other quizlet sets|this set is often saved in the same folder as\.*|\d+ / \d+|\d(?:\.\d)? ?\(\d+ reviews?\))$",
    re.I,
)
_END = re.compile(
    r"(?:students also (?:studied|viewed)|sets found in the same folder|other sets by this creator|verified questions|recommended textbook solutions|other quizlet sets|this set is often.*|related questions|about us|quizlet for (?:schools|teachers).*)$",
    re.I,
)


def sure(lines: Sequence[str]) -> float:
    return 0.96 if any(_COUNT.fullmatch(line) for line in lines) else 0.0


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    at = next(number for number, line in enumerate(lines) if _COUNT.fullmatch(line))
    declared = int(_COUNT.fullmatch(lines[at])[1])  # type: ignore[index]
    title = next((line for line in lines[:at] if line and not _FURNITURE.match(line)), "")
    end = next((number for number in range(at + 1, len(lines)) if _END.match(lines[number])), len(lines))
    body = [(number + 1, lines[number]) for number in range(at + 1, end)]
    while body and (not body[0][1] or _FURNITURE.match(body[0][1])):
        body.pop(0)
    page = Copied(title=re.sub(r"\s+(?:Flashcards|Karteikarten)(?:\s*\|.*)?$", "", title), declared=declared)
    body = [
        (line, text)
        for line, text in body
        if not text or not re.match(r"(?:still learning|not studied|mastered|you've (?:begun|started)|you haven't studied|you know these).*", text, re.I)
    ]
    blocks = blocks_in(body)
    own = [(line, text) for line, text in body if text]
    if len(blocks) == 2 * declared:
        page.cards = [(term, definition, "", line) for (line, term), (_line, definition) in zip(blocks[::2], blocks[1::2], strict=True)]
    elif len(blocks) == declared and all("\n" in text for _line, text in blocks):
        page.cards = [(*_two(text), "", line) for line, text in blocks]
    elif len(own) == 2 * declared or options.get("pairing") == "lines":
        page.pairing = "lines"
        page.cards = [(term, definition, "", line) for (line, term), (_line, definition) in zip(own[::2], own[1::2], strict=False)]
    elif (
        len(blocks) > declared
        and len(blocks) % 2 == 0
        and len(blocks) < 2 * declared
        and all("\n" not in text or at % 2 for at, (_line, text) in enumerate(blocks))
    ):
        page.cards = [(term, definition, "", line) for (line, term), (_line, definition) in zip(blocks[::2], blocks[1::2], strict=True)]
    else:
        page.pairing, page.ambiguous = "none", True
        what = Said(
            "The page says %(declared)s terms, which would be %(declared2)s pieces of text, and %(own)s are here: some are missing or have several lines, and which belong together cannot be told. Use Quizlet's own export (the three dots, Export), or pair the lines as they come.",
            declared=f"{declared:,}",
            declared2=f"{2 * declared:,}",
            own=f"{len(own):,}",
        )
        findings.say("pieces that do not pair", what, at + 1, "refused")
    return page


def _two(text: str) -> tuple[str, str]:
    term, _end, definition = text.partition("\n")
    return term, definition
