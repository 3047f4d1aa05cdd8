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
    r"get a hint|don't know\?|created by:?|teacher|upgrade to remove ads|only \$[\d.]+/(?:month|year)|term|definition|(?:hide|show) (?:terms|definitions)|"
    r"sort(?:ed)? by.*|your original order|group by|leave the first rating|preview|flip|home|subjects|explanations|flashcard sets|study guides|practice tests|expert solutions|"
    r"still learning(?: \(\d+\))?|not studied(?: \(\d+\))?|mastered(?: \(\d+\))?|you've (?:begun|started) learning these terms.*|keep it up!?|select these \d+|"
    r"you haven't studied these terms yet!?|you know these terms well!?|terms in this set \(\d+\)|sets found in the same folder|other sets by this creator|"
    r"students also (?:studied|viewed)|"
    r"verified questions|recommended textbook solutions|other quizlet sets|this set is often saved in the same folder as\.*|\d+ / \d+|\d+ terms(?: by .*)?|\d(?:\.\d)? ?\(\d+ reviews?\))$",
    re.I,
)
_OF_PROGRESS = re.compile(r"(?:still learning|not studied|mastered|you've (?:begun|started)|you haven't studied|you know these)\b.*", re.I)
_END = re.compile(
    r"(?:students also (?:studied|viewed|learned)|sets found in the same folder|other sets by this creator|verified questions?|recommended textbook (?:solutions|explanations)|"
    r"other quizlet sets|this set is often.*|related questions|related (?:flashcard|study) ?sets|about us|about quizlet|quizlet for (?:schools|teachers).*|you might also like.*|"
    r"sets with similar terms|flashcard sets|recommended (?:sets|for you)|features|quick links|popular (?:sets|flashcard sets).*|"
    r"ähnliche (?:lernsets|karteikarten-?sets)|andere lernsets dieses autors|das könnte dir auch gefallen.*)$",
    re.I,
)

Numbered = tuple[int, str]
Card = tuple[str, str, str, int]


def sure(lines: Sequence[str]) -> float:
    return 0.96 if any(_COUNT.fullmatch(line) for line in lines) else 0.0


def page_of(lines: Sequence[str], options: Mapping[str, str], findings: Findings) -> Copied:
    at = next(number for number, line in enumerate(lines) if _COUNT.fullmatch(line))
    declared = int(_COUNT.fullmatch(lines[at])[1])  # type: ignore[index]
    title = next((line for line in lines[:at] if line and not _FURNITURE.match(line)), "")
    page = Copied(title=re.sub(r"\s+(?:Flashcards|Karteikarten)(?:\s*\|.*)?$", "", title), declared=declared)
    ends = [number for number in range(at + 1, len(lines)) if _END.match(lines[number])]
    for end in [*ends, len(lines)]:  # a term may be called like the page's foot: the count says which it is
        own = _own(lines, at + 1, end)
        if paired := _paired(own, declared):
            page.cards, page.pairing = paired
            return page
    own = [(line, text) for line, text in _own(lines, at + 1, ends[0] if ends else len(lines)) if text]
    if options.get("pairing") == "lines":
        page.pairing, page.cards = "lines", _by_twos(own)
        return page
    page.pairing, page.ambiguous = "none", True
    what = Said(
        "The page says %(declared)s terms, which would be %(declared2)s pieces of text, and %(own)s are here: some are missing or have several lines, and which belong together cannot be told. Use Quizlet's own export (the three dots, Export), or pair the lines as they come.",
        declared=f"{declared:,}",
        declared2=f"{2 * declared:,}",
        own=f"{len(own):,}",
    )
    findings.say("pieces that do not pair", what, at + 1, "refused")
    return page


def _own(lines: Sequence[str], begin: int, end: int) -> list[Numbered]:
    """The numbered lines between the count and the foot, without what the page says of its own."""
    body = [(number + 1, lines[number]) for number in range(begin, end) if not _OF_PROGRESS.match(lines[number])]
    while body and (not body[0][1] or _FURNITURE.match(body[0][1])):
        body.pop(0)
    return body


def _paired(body: Sequence[Numbered], declared: int) -> tuple[list[Card], str] | None:
    """The cards, and how bare lines were paired; ``None`` where the count does not bear it out."""
    blocks = blocks_in(body)
    own = [(line, text) for line, text in body if text]
    if len(blocks) == 2 * declared:
        return _by_twos(blocks), ""
    if len(blocks) == declared and all("\n" in text for _line, text in blocks):
        return [(*_two(text), "", line) for line, text in blocks], ""
    if len(own) == 2 * declared:
        return _by_twos(own), "lines"
    fewer = declared < len(blocks) < 2 * declared and len(blocks) % 2 == 0
    if fewer and all("\n" not in text or at % 2 for at, (_line, text) in enumerate(blocks)):
        return _by_twos(blocks), ""
    return None


def _by_twos(pieces: Sequence[Numbered]) -> list[Card]:
    return [(term, definition, "", line) for (line, term), (_line, definition) in zip(pieces[::2], pieces[1::2], strict=False)]


def _two(text: str) -> tuple[str, str]:
    term, _end, definition = text.partition("\n")
    return term, definition
