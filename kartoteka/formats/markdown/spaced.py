"""Obsidian's Spaced Repetition: ``::``, ``:::``, ``?``, ``??`` and blanks, with the schedules it writes beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kartoteka.formats.base import Findings
from kartoteka.formats.markdown.written import HASHTAG, Written, blocks_of, front_matter
from kartoteka.formats.marks import masked

NAME = "Obsidian Spaced Repetition"
_COMMENT = re.compile(r"<!--SR:(.{0,5000}?)-->", re.S)
_DECK = re.compile(r"(?:(?<=\s)|\A)#(flashcards(?:/[^\s#]{1,200})?)", re.I)
_DECK_AT_END = re.compile(r"\s+#(flashcards(?:/[^\s#]{1,200})?)\s*$", re.I)
_DECK_OF_HEADING = re.compile(r"^#{1,6}[ \t][^\n]{0,500}?[ \t]#(flashcards(?:/[^\s#]{1,200})?)[ \t]*$", re.I | re.M)
_BLANK = re.compile(r"==(?=\S)([^=\n]{1,2000}?)(?<=\S)==|\{\{([^{}\n]{1,2000}?)\}\}")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*\*")
_ITEM = re.compile(r"^\s*(?:>\s*)?(?:(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]\]\s+)?)?")  # a card in a list is no list
_MARKED = re.compile(r"==(?=\S)[^=\n]{1,2000}?(?<=\S)==|\{\{[^{}\n]{1,2000}?\}\}")


def sure(text: str, name: str) -> float:
    if "<!--SR:" in text:
        return 0.97
    said, _lines = front_matter(text)
    tagged = any(tag.lower().startswith("flashcards") for tag in said.get("tags", ())) or _DECK.search(masked(text[:50_000]))
    if tagged:
        return 0.96
    if "sr-due" in said:
        return 0.94
    if not name.lower().endswith((".md", ".markdown")):
        return 0.0
    plain = masked(text[:50_000])
    separated = len(re.findall(r"^(?![^\S\n]*[-*] ).*\S ?::{1,2} ?\S", plain, re.M)) + len(re.findall(r"^\?\??$", plain, re.M))
    return 0.9 if separated else 0.0


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    said, begin = front_matter(text)
    deck = next((tag for tag in said.get("tags", ()) if tag.lower().startswith("flashcards")), "")
    if not deck and (found := _DECK_OF_HEADING.search(text)):
        deck = found[1]
    tags = tuple(tag for tag in said.get("tags", ()) if not tag.lower().startswith("flashcards") and tag.lower() != "review")
    lines = text.split("\n")
    blocks = list(blocks_of(lines, begin))
    hidden = masked(text).split("\n")
    at = 0
    while at < len(blocks):
        start, own = blocks[at]
        at += 1
        if own[0].lstrip().startswith(("```", "~~~")):
            continue
        if (found := _DECK.fullmatch(own[0].strip())) or ((found := _DECK.match(own[0])) and own[0].strip() == found[0]):
            deck, own, start = found[1], own[1:], start + 1
            if not own:
                continue
        marks = [number for number, _line in enumerate(own) if hidden[start + number].strip() in ("?", "??")]
        if marks and marks[0] > 0:
            more = _goes_on(blocks, at, hidden)
            own = [*own, *(line for _start, block in blocks[at : at + more] for line in ["", *block])]
            at += more
            yield _dressed(_of_lines(own, marks[0], start), deck, tags)
            continue
        yield from _of_block(own, start, hidden, deck, tags, options)


def _goes_on(blocks: list[tuple[int, list[str]]], at: int, hidden: list[str]) -> int:
    """How many blocks after a card of several lines still belong to it: those up to its schedule, if no other card comes first."""
    if at and any("<!--SR:" in line for line in blocks[at - 1][1]):
        return 0
    for many, (start, block) in enumerate(blocks[at : at + 20], start=1):
        shown = hidden[start : start + len(block)]
        if any(line.strip() in ("?", "??") or "::" in line or line.startswith("#") for line in shown):
            return 0
        if any("<!--SR:" in line for line in block):
            return many
    return 0


def _of_lines(own: list[str], mark: int, start: int) -> Written:
    return Written("\n".join(own[:mark]), "\n".join(own[mark + 1 :]), start + 1, both=own[mark].strip() == "??")


def _of_block(own: list[str], start: int, hidden: list[str], deck: str, tags: tuple[str, ...], options: Mapping[str, str]) -> Iterator[Written]:
    """Cards of one line each; else blanks in the whole block."""
    rest: list[str] = []
    first = start
    for number, line in enumerate(own):
        if not line.strip() or (line.strip().startswith("<!--SR:") and not rest):
            continue
        shown = hidden[start + number]
        place = shown.find("::")
        if place > 0 and shown[:place].strip() and (shown[place:].strip(": ") or line[place:].strip(": ")):
            width = 3 if shown.startswith(":::", place) else 2
            below = own[number + 1] if number + 1 < len(own) and own[number + 1].strip().startswith("<!--SR:") else ""
            card = Written(_ITEM.sub("", line[:place]), line[place + width :] + (f"\n{below}" if below else ""), start + number + 1, both=width == 3)
            yield _dressed(card, deck, tags)
        else:
            first = start + number if not rest else first
            rest.append(line)
    words = "\n".join(rest)
    blanks = _MARKED.search(masked(words)) or (options.get("bold") == "yes" and _BOLD.search(masked(words)))
    if (rest and blanks and not words.lstrip().startswith(("#", "|", ">"))) or (rest and blanks and _DECK.match(words)):
        card = _dressed(Written(words, "", first + 1, kind="cloze"), deck, tags)
        card.term = _with_blanks(card.term)
        yield card


def _with_blanks(text: str) -> str:
    """Marks as blanks, numbered in their order; bold counts where something else is marked too."""
    out, at = [], 0
    for number, found in enumerate(re.finditer(f"{_BLANK.pattern}|{_BOLD.pattern}", masked(text)), start=1):
        inner = next(part for part in range(1, 4) if found[part] is not None)
        out += [text[at : found.start()], f"{{{{c{number}::{text[found.start(inner) : found.end(inner)]}}}}}"]
        at = found.end()
    return "".join(out) + text[at:]


def _dressed(card: Written, deck: str, tags: tuple[str, ...]) -> Written:
    """The card with its schedule, its deck and its tags taken out of its words."""
    scheduled = _COMMENT.search(card.definition) or _COMMENT.search(card.term)
    card.standing = tuple(_schedules(scheduled[1])) if scheduled else ()
    card.term, card.definition = _COMMENT.sub("", card.term).strip(), _COMMENT.sub("", card.definition).strip()
    if found := _DECK.match(card.term):
        deck, card.term = found[1], card.term[found.end() :].strip()
    for name in ("term", "definition"):
        if found := _DECK_AT_END.search(getattr(card, name)):
            deck = found[1]
            setattr(card, name, getattr(card, name)[: found.start()])
    own: list[str] = []
    while found := HASHTAG.match(card.term):
        own.append(found[1])
        card.term = card.term[found.end() :].strip()
    card.deck, card.tags = deck, (*tags, *own)
    return card


def _schedules(said: str) -> Iterator[dict[str, Any]]:
    """One part a card: ``!day,interval,ease``, or FSRS with its numbers."""
    for part in said.split("!"):
        if not part.strip():
            continue
        values = [value.strip() for value in part.split(",")]
        if values[0].lower() == "fsrs":
            names = ("due", "interval_days", "stability", "difficulty", "state", "reps", "lapses", "steps", "last")
            yield {name: _number(value) for name, value in zip(names, values[1:], strict=False)}
        else:
            found = {name: _number(value) for name, value in zip(("due", "interval_days", "ease"), values, strict=False)}
            yield found if str(found.get("due", "")) != "2000-01-01" else {}


def _number(value: str) -> Any:
    try:
        number = float(value)
    except ValueError:
        return value[:40]
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
