"""Org files of Emacs: org-fc, org-drill and anki-editor, with their schedules; headings are cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.org.outline import Heading, headings_of, html_of

TITLE = Said("Org (org-fc, org-drill, anki-editor)")
EXTENSIONS = (".org",)
KEEPS = ("questions", "answers", "both directions", "blanks with hints", "tags", "ids", "schedules", "formatting")
DROPS = (
    "headings that are no cards",
    "drawers of other packages",
    "time clocked and planned",
)

MOST_LINES = 300_000
_CARD_TAGS = ("fc", "drill", "suspended", "leech")
_FC_BLANK = re.compile(r"\{\{([^{}\n]{1,2000}?)\}(?:\{([^{}\n]{0,500})\})?(?:@(-?\d{1,4}))?\}")
_DRILL_BLANK = re.compile(r"(?<!\[)\[(?!\[|[ xX-]\]|fn:)([^\[\]\n|]{1,1000}?)(?:\|\|([^\[\]\n]{0,500}))?\](?!\])")
_NUMBERS = ("ease", "box", "interval", "stability", "difficulty")
_DRILL = {
    "DRILL_LAST_INTERVAL": "interval_days",
    "DRILL_TOTAL_REPEATS": "reps",
    "DRILL_FAILURE_COUNT": "lapses",
    "DRILL_EASE": "ease",
    "DRILL_LAST_QUALITY": "grade",
    "DRILL_LAST_REVIEWED": "last",
}


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.0
    marked = re.search(r"^\*+ .*:(?:fc|drill)(?::[\w@#%]+)*:[^\S\n]*$|^[^\S\n]*:(?:FC_TYPE|ANKI_NOTE_TYPE|DRILL_[A-Z_]+):", text, re.M) is not None
    if marked and re.search(r"^\*+ ", text, re.M):
        return 0.97
    return 0.9 if name.lower().endswith(".org") else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    if text.count("\n") > MOST_LINES:
        raise Unreadable(Said("This file has more than %(most)s lines. Split it.", most=f"{MOST_LINES:,}"))
    roots, keywords, filed = headings_of(text)
    title = keywords.get("TITLE") or tables.title_of(source.name)
    decks: dict[str, list[BundleNote]] = {}
    for heading in _all(roots):
        for deck, note in _notes(heading, filed, keywords, findings):
            decks.setdefault(deck or title, []).append(note)
    if not any(decks.values()) and not findings.told():
        raise Unreadable(Said("No heading in this file is a card: none has the tag :fc: or :drill:, and none an ANKI_NOTE_TYPE."))
    found = tuple(BundleDeck(name[:200], tuple(notes[: tables.MOST_ROWS])) for name, notes in decks.items()) or (BundleDeck(title, ()),)
    return Bundle("org", found, findings.told(), choices={"encoding": encoding} if encoding != "utf-8" else {})


def _all(headings: list[Heading]) -> Iterator[Heading]:
    for heading in headings:
        yield heading
        yield from _all(heading.below)


def _notes(heading: Heading, filed: tuple[str, ...], keywords: Mapping[str, str], findings: Findings) -> Iterator[tuple[str, BundleNote]]:
    own = heading.tags
    tags = tuple(dict.fromkeys(tag for tag in (*filed, *own) if tag not in _CARD_TAGS))
    base = {"where": f"line {heading.line}", "line": heading.line}
    if "ANKI_NOTE_TYPE" in heading.said:
        deck = heading.said.get("ANKI_DECK") or keywords.get("ANKI_DECK", "") or keywords.get("PROPERTY", "").removeprefix("ANKI_DECK ").strip()
        named = (*tags, *heading.said.get("ANKI_TAGS", "").split())
        yield deck, _of_anki(heading, tuple(dict.fromkeys(named)), base)
    elif "drill" in own and not heading.inherits("drill"):
        for note in _of_drill(heading, tags, base):
            yield "", note
    elif "fc" in own and not heading.inherits("fc"):
        if heading.broken:
            findings.say("drawers that never close", Said("%(broken)s; it was read as far as it goes.", broken=heading.broken), heading.line)
        elif "FC_TYPE" not in heading.said:
            findings.say("cards without a type", Said("This card does not say its type; it was read as a normal one."), heading.line, "info")
        yield "", _of_fc(heading, tags, base)


def _field(heading: Heading, *names: str) -> Heading | None:
    return next((below for below in heading.below if below.title.strip().lower() in names), None)


def _whole(heading: Heading) -> str:
    """A heading's text with all that stands below it."""
    parts = [heading.text]
    for below in heading.below:
        parts.append(f"*{below.title}*\n{_whole(below)}")
    return "\n\n".join(part for part in parts if part.strip())


# org-fc.


def _of_fc(heading: Heading, tags: tuple[str, ...], base: Mapping[str, Any]) -> BundleNote:
    kind = heading.said.get("FC_TYPE", "normal").strip().lower()
    guid = heading.said.get("ID", "")[:200]
    rows = _review_data(heading)
    suspended = "suspended" in heading.tags
    if kind == "cloze":
        text = "\n\n".join(part for part in (heading.title if _FC_BLANK.search(heading.title) else "", heading.text or heading.title) if part)
        return BundleNote({"term": html_of(_fc_blanks(text)), "definition": ""}, guid=guid, kind="cloze", tags=tags, cards=_standing(rows, suspended), **base)
    back = _field(heading, "back")
    if back is not None:
        front = f"*{heading.title}*\n\n{heading.text}" if heading.text.strip() else heading.title
        fields = {"term": html_of(front), "definition": html_of(_whole(back))}
    else:
        fields = {"term": html_of(heading.title), "definition": html_of(heading.text)}
    both = kind in ("double", "vocab")
    cards = _standing(rows, suspended) or ((BundleCard(0), BundleCard(1)) if both else ())
    return BundleNote(fields, guid=guid, tags=tags, cards=cards if both or any(card.standing or card.suspended for card in cards) else (), **base)


def _fc_blanks(text: str) -> str:
    number = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal number
        number = int(found[3]) + 1 if found[3] and int(found[3]) >= 0 else number + 1
        return f"{{{{c{number}::{found[1]}{'::' + found[2] if found[2] else ''}}}}}"

    return _FC_BLANK.sub(blank, text)


def _review_data(heading: Heading) -> list[dict[str, Any]]:
    """The table of the drawer REVIEW_DATA, a row a card."""
    lines = [
        line.strip().strip("|").split("|")
        for line in heading.drawers.get("REVIEW_DATA", ())
        if line.strip().startswith("|") and not line.strip().startswith("|-")
    ]
    if len(lines) < 2:
        return []
    names = [cell.strip() for cell in lines[0]]
    rows = []
    for cells in lines[1:]:
        row: dict[str, Any] = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        for name in _NUMBERS:
            try:
                row[name] = float(row[name])
            except (KeyError, ValueError):
                row.pop(name, None)
        rows.append(row)
    return rows


def _standing(rows: list[dict[str, Any]], suspended: bool) -> tuple[BundleCard, ...]:
    cards = []
    for at, row in enumerate(rows):
        said = str(row.pop("position", at))
        ordinal = {"front": 0, "back": 1}.get(said, int(said) if said.isdecimal() and len(said) < 4 else at)
        seen = {name: value for name, value in row.items() if value != ""} if row.get("box", 1) or row.get("interval") else {}
        cards.append(BundleCard(ordinal, suspended=suspended, standing=seen))
    return tuple(cards)


# org-drill.


def _of_drill(heading: Heading, tags: tuple[str, ...], base: Mapping[str, Any]) -> Iterator[BundleNote]:
    kind = heading.said.get("DRILL_CARD_TYPE", "").strip().strip('"').lower()
    guid = heading.said.get("ID", "")[:180]
    schedule = _drill_schedule(heading.said)
    cards = (BundleCard(0, standing=schedule),) if schedule else ()
    text = heading.text
    if kind in ("twosided", "multisided") and len(heading.below) > 1:
        sides = heading.below[:2] if kind == "twosided" else heading.below[:6]
        for number, shown in enumerate(sides, start=1):
            hidden = "\n\n".join(_whole(side) for side in sides if side is not shown)
            front = "\n".join(part for part in (text, f"{shown.title}: {_whole(shown)}") if part)
            yield BundleNote(
                {"term": html_of(front), "definition": html_of(hidden)},
                guid=f"{guid}-{number}" if guid else "",
                tags=tags,
                cards=cards if number == 1 else (),
                **base,
            )
        return
    answer = "\n\n".join(_whole(below) for below in heading.below)
    blanks = _DRILL_BLANK.search(text)
    if blanks and (not answer or kind.startswith(("hide", "show"))):
        each = kind.startswith(("hide1", "show", "hide2"))
        yield BundleNote(
            {"term": html_of(_drill_blanks(text, each=each)), "definition": html_of(answer)}, guid=guid, kind="cloze", tags=tags, cards=cards, **base
        )
        return
    question = text if text.strip() else heading.title
    yield BundleNote({"term": html_of(question), "definition": html_of(answer)}, guid=guid, tags=tags, cards=cards, **base)


def _drill_blanks(text: str, *, each: bool) -> str:
    """``[words||hint]``: all hidden at once, or a card ``each``."""
    number = 0

    def blank(found: re.Match[str]) -> str:
        nonlocal number
        number = number + 1 if each or not number else number
        return f"{{{{c{number}::{found[1]}{'::' + found[2] if found[2] else ''}}}}}"

    return _DRILL_BLANK.sub(blank, text)


def _drill_schedule(said: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for theirs, ours in _DRILL.items():
        if not (value := said.get(theirs, "").strip("[]<> ")):
            continue
        try:
            found[ours] = float(value)
        except ValueError:
            found[ours] = value[:40]
    return found if found.get("reps") else {}


# anki-editor.


def _of_anki(heading: Heading, tags: tuple[str, ...], base: Mapping[str, Any]) -> BundleNote:
    kind = heading.said["ANKI_NOTE_TYPE"].strip()
    guid = heading.said.get("ANKI_NOTE_ID", "")[:200]
    fields = {below.title.strip(): html_of(_whole(below)) for below in heading.below}
    cloze = "cloze" in kind.lower() or any("{{c" in value for value in fields.values())
    own = html_of(heading.text)
    if cloze:
        term = fields.pop("Text", "") or own or html_of(heading.title)
        return BundleNote({"term": term, "definition": "<br>".join(fields.values())}, guid=guid, kind="cloze", tags=tags, extra={"notetype": kind}, **base)
    term = fields.pop("Front", "") or (html_of(heading.title) if fields or own else "")
    definition = fields.pop("Back", "") or own
    if not definition and fields:
        definition = fields.pop(next(iter(fields)))
    both = "reversed" in kind.lower()
    named = {name: value for name, value in fields.items() if name.lower() not in ("term", "definition")}
    cards = (BundleCard(0), BundleCard(1)) if both else ()
    return BundleNote({"term": term, "definition": definition, **named}, guid=guid, tags=tags, cards=cards, extra={"notetype": kind}, **base)
