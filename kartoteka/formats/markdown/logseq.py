"""Logseq's ``#card`` blocks: what stands below is the answer, properties hold the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.markdown.outlines import BULLET, PROPERTY, Node, answer, nodes_of, walk, without_properties
from kartoteka.formats.markdown.written import Written
from kartoteka.formats.marks import masked

NAME = "Logseq"
_CARD = re.compile(r"(?:#card\b|#\[\[card\]\]|\[\[card\]\])")
_CLOZE = re.compile(r"\{\{(?:cloze|c\d+)\s+(.{1,2000}?)\}\}", re.S)
_TAG = re.compile(r"(?:(?<=\s)|\A)#(?:\[\[([^\[\]\n]{1,100})\]\]|([^\s#\[\]]{1,100}))")
_SCHEDULE: Mapping[str, str] = {
    "card-last-interval": "interval_days",
    "card-repeats": "reps",
    "card-ease-factor": "ease",
    "card-next-schedule": "due",
    "card-last-reviewed": "last",
    "card-last-score": "grade",
}


def sure(text: str, name: str) -> float:
    hidden = masked(text)
    if not any(BULLET.match(line) for line in hidden.split("\n")[:2000]):
        return 0.0
    return 0.97 if _CARD.search(hidden) or "{{cloze " in text else 0.0


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    title = next((found[2].strip() for line in text.split("\n", 20)[:20] if (found := PROPERTY.match(line)) and found[1] == "title"), "")
    for node, _above in walk(nodes_of(text)):
        words = [node.text, *node.own]
        if not _CARD.search(masked("\n".join(without_properties(words)))):
            continue
        yield _card(node, words, title, findings)


def _card(node: Node, words: list[str], title: str, findings: Findings) -> Written:
    said = {found[1].lower(): found[2].strip() for line in words if (found := PROPERTY.match(line))}
    text = re.sub(r"[ \t]+(?=\n|\Z)", "", _CARD.sub("", "\n".join(without_properties(words)))[:60_000]).strip()
    tags = tuple(found[1] or found[2] for found in _TAG.finditer(masked(text)))
    text = _TAG.sub(lambda found: "" if (found[1] or found[2]) in tags else found[0], text).strip()
    tags += tuple(tag.strip("#[] ") for tag in said.get("tags", "").split(",") if tag.strip())
    card = Written(text, answer(node.below), node.line, tags=tags, deck=said.get("deck", "").strip("[]# ") or title, guid=said.get("id", ""))
    if _CLOZE.search(text):
        card.kind, card.term = "cloze", _with_blanks(text)
    elif not node.below:
        findings.say(
            "questions without an answer", Said("“%(words)s” has nothing below it that would answer it.", words=" ".join(text.split())[:60]), node.line
        )
    standing: dict[str, Any] = {ours: said[theirs] for theirs, ours in _SCHEDULE.items() if said.get(theirs)}
    for name in ("interval_days", "reps", "ease", "grade"):
        try:
            standing[name] = float(standing[name])
        except (KeyError, ValueError):
            standing.pop(name, None)
    card.standing = (standing,) if standing.get("reps") else ()
    return card


def _with_blanks(text: str) -> str:
    number = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        words, _mark, hint = found[1].partition("\\\\")
        return f"{{{{c{number}::{words.strip()}{'::' + hint.strip() if hint.strip() else ''}}}}}"

    return _CLOZE.sub(blank, text)
