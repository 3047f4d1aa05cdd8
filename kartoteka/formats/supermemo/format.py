"""SuperMemo: collections as XML, its Palm decks as smconv writes them, and questions and answers as text (``Q:`` and ``A:`` lines)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import safe_name
from kartoteka.formats.markup import Element, child, children, root_in, text_at, text_of, tree_of
from kartoteka.formats.prose import lines_of

TITLE = Said("SuperMemo")
EXTENSIONS = (".xml", ".txt")
KEEPS = ("questions", "answers", "topics as tags", "formatting", "pictures by name", "intervals, repetitions and lapses")
DROPS = (
    "priorities and the course of incremental reading",
    "topics without a question: they become tags",
    "sounds and registries",
)

_SCHEDULE = re.compile(r"\b(REP|LAP|EF|UF|INT|LAST)=(\S+)")
_OURS = {
    "REP": "reps",
    "LAP": "lapses",
    "EF": "ease",
    "INT": "interval_days",
    "LAST": "last",
    "Repetitions": "reps",
    "Lapses": "lapses",
    "AFactor": "ease",
    "Interval": "interval_days",
    "LastRepetition": "last",
}
_STILL_ESCAPED = re.compile(r"&lt;/?[a-z][a-z0-9]*\b[^&<>]{0,400}&gt;|&(?:amp|nbsp|quot);", re.I)
_TAGS = re.compile(r"</?(?:[a-z][a-z0-9]*)\b[^<>]*>", re.I)
_ROOTS = ("SuperMemoCollection", "smconv_pl")
_OF_PALM = {"recalls": "reps", "lapses": "lapses", "interval": "interval_days"}
_SOURCE = re.compile(r"(\bsrc\s*=\s*[\"']?)([^\"'<>\s]{1,500})", re.I)


def recognises(head: bytes, name: str) -> float:
    if root_in(head) in _ROOTS:
        return 0.98
    text = decoding.looks_like(head)
    if "\t" in text[:2000] or not re.match(r"\s*(?:\S.*\n\s*)?Q: ?\S", text):
        return 0.0
    lines = [line for line in text.split("\n")[:3000] if line.strip()]
    if any(re.match(r"I: REP=\d", line) for line in lines):
        return 0.98
    lettered = sum(line.startswith(("Q:", "A:", "I:", "O:")) for line in lines)
    if name.lower().endswith((".md", ".markdown")) or "\nC:" in text or "\n---" in text:
        return 0.0
    return 0.93 if lettered == len(lines) and len(lines) >= 2 else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    if root_in(source.head()) in _ROOTS:
        return _xml(source, findings)
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    notes = tuple(_asked(text, findings))
    if not notes:
        raise Unreadable(Said("There are no questions in this text. A question is a line that begins with Q:, its answer one with A:."))
    choices = {} if encoding == "utf-8" else {"encoding": encoding}
    return Bundle("supermemo", (BundleDeck(tables.title_of(source.name), notes),), findings.told(), choices=choices)


# Questions and answers as text.


def _asked(text: str, findings: Findings) -> Iterator[BundleNote]:
    block: list[tuple[int, str]] = []
    over = False  # whether the next Q: begins another
    for number, line in enumerate([*text.split("\n"), "", "Q:"], start=1):
        if line.startswith("Q:") and over:
            if any(other.strip() for _at, other in block):
                note = _of_block(block, findings)
                if note is not None:
                    yield note
            block, over = [], False
        over |= line.startswith(("A:", "I:", "O:")) or not line.strip()
        block.append((number, line))


def _of_block(block: Sequence[tuple[int, str]], findings: Findings) -> BundleNote | None:
    sides: dict[str, list[str]] = {"Q": [], "A": []}
    said: dict[str, Any] = {}
    last = ""
    for _number, written in block:
        sign, mark, rest = written[:1], written[1:2], written[2:].strip()
        if mark == ":" and sign in "QAIO" and sign:
            last = sign
            if sign in sides:
                sides[sign].append(rest)
            elif sign == "I":
                said = _schedule(dict(_SCHEDULE.findall(rest)))
        elif written.strip() and last in sides:
            sides[last].append(written.strip())
    line = block[0][0]
    if not any("".join(lines).strip() for lines in sides.values()):
        findings.say("blocks without a question", Said("Nothing is asked here. It was left out."), line, "info")
        return None
    fields = {"term": _html("\n".join(sides["Q"])), "definition": _html("\n".join(sides["A"]))}
    return BundleNote(fields, where=f"line {line}", line=line, cards=(BundleCard(0, standing=said),) if said else ())


def _html(text: str) -> str:
    """SuperMemo's text: HTML where it holds tags or entities, else plain lines."""
    text = text.strip()
    if _STILL_ESCAPED.search(text) and not _TAGS.search(text):
        text = unescape(text) if _TAGS.search(unescape(text)) else text
    if not _TAGS.search(text):
        text = escape(unescape(text), quote=False)
    text = _SOURCE.sub(lambda found: found[1] + escape(safe_name(found[2])), text)
    return text.replace("\r", "").replace("\n", "<br>")


# XML.


def _xml(source: Source, findings: Findings) -> Bundle:
    root = tree_of(source.bytes(), Said("a SuperMemo collection"), findings)
    notes: list[BundleNote] = list(_of_palm(root, findings))
    title = ""
    for element in children(root, "SuperMemoElement"):
        title = title or _heading(element)
        _gather(element, (), notes, findings)
    if not notes and not findings.told():
        raise Unreadable(Said("There are no items in this SuperMemo collection. Export it again with its questions and answers."))
    deck = BundleDeck(title or tables.title_of(source.name), tuple(notes[: tables.MOST_ROWS]))
    return Bundle("supermemo", (deck,), findings.told())


def _of_palm(root: Element, findings: Findings) -> Iterator[BundleNote]:
    """SuperMemo for Palm, as smconv writes it: fields by their number, and what was learnt beside them."""
    for card in children(root, "card"):
        sides = {field.get("idx") or "": text_of(field).strip() for field in children(card, "card_field")}
        line = card.sourceline
        if not (sides.get("1") or sides.get("2")):
            findings.say("items with nothing on them", Said("This item has neither a question nor an answer. It was left out."), line, "refused")
            continue
        learnt = child(card, "card_other")
        standing: dict[str, Any] = {}
        if learnt is not None and (card.get("commit") or "0") != "0":
            for theirs, ours in _OF_PALM.items():
                if (value := learnt.get(theirs) or "").isdecimal():
                    standing[ours] = int(value)
            standing |= {"due": due} if (due := learnt.get("datenexttest") or "") else {}
        more = {f"field {number}": _html(value) for number, value in sides.items() if number not in ("1", "2") and value}
        yield BundleNote(
            {"term": _html(sides.get("1", "")), "definition": _html(sides.get("2", "")), **more},
            tags=tuple(filter(None, ["-".join((card.get("category") or "").split())])),
            where=f"line {line}",
            line=line,
            cards=(BundleCard(0, standing=standing),) if standing.get("interval_days") else (),
        )


def _heading(element: Element) -> str:
    """A topic's title, else the words it shows, else those of the only topic in it."""
    own = text_at(element, "Title") or lines_of(_html(text_at(element, "Content", "Question")))
    if own:
        return " ".join(own.split())[:200]
    below = [found for found in children(element, "SuperMemoElement") if text_at(found, "Type") != "Item"]
    return _heading(below[0]) if len(below) == 1 else ""


def _gather(element: Element, path: tuple[str, ...], notes: list[BundleNote], findings: Findings) -> None:
    question, answer = text_at(element, "Content", "Question"), text_at(element, "Content", "Answer")
    item = text_at(element, "Type") == "Item"
    line = element.sourceline
    if (question and answer) or (item and (question or answer)):
        schedule = _schedule({name: text_at(element, "LearningData", name) for name in _OURS if child(element, "LearningData", name) is not None})
        notes.append(
            BundleNote(
                {"term": _html(question), "definition": _html(answer)},
                guid=text_at(element, "ID")[:200],
                tags=("::".join(path),) if path else (),
                where=f"line {line}",
                line=line,
                cards=(BundleCard(0, standing=schedule),) if schedule.get("reps") else (),
            )
        )
    elif item and not text_at(element, "Title"):
        findings.say("items with nothing on them", Said("This item has neither a question nor an answer. It was left out."), line, "refused")
    title = " ".join(text_at(element, "Title").split())
    below = (*path, re.sub(r"\s+", " ", title)[:80]) if title and not (question or answer) else path
    for inner in children(element, "SuperMemoElement"):
        _gather(inner, below, notes, findings)


def _schedule(said: Mapping[str, str]) -> dict[str, Any]:
    """Numbers as numbers (a comma parts decimals here), the last day as YYYY-MM-DD."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if name not in _OURS:
            continue
        if name in ("LAST", "LastRepetition"):
            if day := re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{2}|\d{4})", value.strip()):
                year = int(day[3]) if len(day[3]) == 4 else 1900 + int(day[3]) if int(day[3]) > 69 else 2000 + int(day[3])
                found["last"] = f"{year:04}-{int(day[2]):02}-{int(day[1]):02}"
            continue
        try:
            found[_OURS[name]] = float(value.replace(",", "."))
        except ValueError:
            continue
    return {name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in found.items()}
