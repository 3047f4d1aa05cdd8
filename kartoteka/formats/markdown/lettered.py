"""hashcards, and everyone who writes ``Q:`` and ``A:``: question and answer over any lines, ``C:`` with blanks in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.markdown.written import FENCE, Written, front_matter
from kartoteka.formats.marks import masked

NAME = "hashcards"
_BEGINS = re.compile(r"(Q|A|C): ?(.*)\Z|(Q|A|C):\Z", re.S)
_RULER = re.compile(r"-{3,}\s*\Z")
_TAGS = re.compile(r"<!-- tags: (.{1,2000}?) -->")
_BLANK = re.compile(r"(?<![\\!\]])\[([^\[\]\n]{1,2000})\](?![(\[])(?!:\s*\S+://)")


def sure(text: str, name: str) -> float:
    found = [line[:1] for line in text.split("\n")[:5000] if re.match(r"[QC]:(?:\s|\Z)", line)]
    if not found:
        return 0.0
    answered = re.search(r"^A:", text, re.M) is not None
    blank = "C" in found and _BLANK.search(masked(text)) is not None
    if not (answered or blank):
        return 0.0
    named = name.lower().endswith((".md", ".markdown"))
    return 0.93 if named or blank or re.search(r"^---\s*$", text, re.M) else 0.5


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    said, begin = front_matter(text)
    deck = (said.get("name") or [""])[0]
    for card in lettered(text, begin=begin):
        card.deck = deck
        if card.kind == "cloze" and "{{c" not in card.term:
            findings.say("blanks without a blank", Said("This card says C: and has no [blank] in it. It was left out."), card.line, "refused")
        elif card.kind == "basic" and not card.definition.strip():
            findings.say("questions without an answer", Said("“%(words)s” has no answer here.", words=" ".join(card.term.split())[:60]), card.line)
            yield card
        else:
            yield card


def lettered(text: str, *, begin: int = 0, marks_end: bool = False) -> Iterator[Written]:
    """Cards as they stand; ``marks_end``: a blank line ends an answer whose words stood before it, a comment any card."""
    sides: dict[str, list[str]] = {}
    open_side, line_at, fence = "", 0, ""
    tags: tuple[str, ...] = ()
    for number, line in enumerate([*text.split("\n")[begin:], "---"], start=begin + 1):
        if found := FENCE.match(line):
            fence = "" if fence else found[1]
        starts = None if fence else _BEGINS.match(line)
        sign = (starts[1] or starts[3]) if starts else ""
        ends = not fence and (_RULER.match(line) or (marks_end and line.lstrip().startswith("<!--") and "ID:" not in line))
        ends = ends or (marks_end and not line.strip() and open_side == "A" and any(map(str.strip, sides["A"])))
        if sign in ("Q", "C") or ends:
            if sides.get("Q") or sides.get("C"):
                yield _card(sides, line_at, tags)
                tags = ()
            sides, open_side, line_at = {}, "", number
        if found := _TAGS.match(line.strip()):
            tags = tuple(tag.strip() for tag in found[1].split(",") if tag.strip())
        elif sign and not (sign == "A" and not sides.get("Q")):
            open_side = sign
            sides.setdefault(sign, []).append((starts[2] or "") if starts else "")
        elif open_side and not ends:
            sides[open_side].append(line)


def _card(sides: dict[str, list[str]], line: int, tags: tuple[str, ...]) -> Written:
    if "C" in sides:
        return Written(_with_blanks("\n".join(sides["C"]).strip()), "", line, kind="cloze", tags=tags)
    return Written("\n".join(sides["Q"]).strip(), "\n".join(sides.get("A", ())).strip(), line, tags=tags)


def _with_blanks(text: str) -> str:
    """``[words]`` as blanks; what stands in code, in formulas, in links and pictures is none, but a blank may hold a formula."""
    hidden = re.sub(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,500}\)", lambda found: " " * len(found[0]), masked(text))
    number, out, at = 0, [], 0
    for found in _BLANK.finditer(hidden):
        number += 1
        out += [text[at : found.start()], f"{{{{c{number}::{text[found.start() + 1 : found.end() - 1]}}}}}"]
        at = found.end()
    return ("".join(out) + text[at:]).replace("\\[", "[").replace("\\]", "]") if number else text
