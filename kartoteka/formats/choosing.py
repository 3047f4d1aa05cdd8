"""Cards to choose from in a document that was not written as cards: rows of tables, lists, headings with what stands below, lines with a dash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from kartoteka.formats import tables
from kartoteka.formats.base import BundleNote, Findings
from kartoteka.formats.headings import columns_of, is_heading
from kartoteka.formats.prose import lines_of

Kind = Literal["heading", "table", "item", "paragraph", "question"]
ORDER = ("tables", "questions", "pairs", "headings", "items")
OUTSTANDING = 3  # times as much as others counts what is plainly meant as two sides
LONGEST_TERM = 300  # signs; what is longer before a dash is a sentence
MOST_TABLE_COLUMNS = 30
_PAIR = re.compile(r"(?P<term>[^\n]{1,300}?)(?:\s++[-–—=→]\s+|\s*(?<![\d\s/]):\s+|\s*+::\s*)(?P<definition>\S.*)", re.S)
_BOLD = re.compile(r"\s*<(?P<tag>strong|b)>(?P<term>.{1,300}?)</(?P=tag)>\s*(?:[-–—=→:.]|&nbsp;)?\s*(?P<definition>\S.*)", re.S)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class Block:
    """A piece of a document. ``html``: its words; ``rows``: a table's cells; ``level``: of a heading, or how deep an item lies.

    ``places``: where each row of a table stands, if not all of them in one place.
    """

    kind: Kind
    html: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    where: str = ""
    line: int | None = None
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """What a document offers: notes by the way they were found."""

    by: dict[str, list[BundleNote]]
    taken: str

    @property
    def notes(self) -> tuple[BundleNote, ...]:
        chosen = ORDER if self.taken == "all" else (self.taken,)
        return tuple(note for name in chosen for note in self.by.get(name, ()))

    @property
    def offers(self) -> Sequence[tuple[str, str]]:
        """How many there are of each kind."""
        there = [name for name in ORDER if self.by.get(name)]
        counted = [(name, f"{len(self.by[name]):,}") for name in there]
        return [*counted, ("all", f"{sum(len(self.by[name]) for name in there):,}")] if len(there) > 1 else counted


def cards_in(blocks: Sequence[Block], options: Mapping[str, str], findings: Findings) -> Found:
    """All that could be cards, and which of it is taken: as chosen (``take``), else what there is most of, where rows of tables and questions count more."""
    by = {
        "tables": list(_rows(blocks, findings)),
        "questions": [_note(block, block.html, below) for block, below in _asked(blocks) if lines_of(below).strip() or "<img" in below],
        "pairs": list(_pairs(blocks)),
        "headings": [
            _note(block, block.html, below)
            for block, below in _below(blocks)
            if block.kind == "heading" and lines_of(block.html).strip() and (lines_of(below).strip() or "<img" in below)
        ],
        "items": [_note(block, block.html, html_of(deeper)) for block, deeper in _with_items(blocks)],
    }
    by = {name: notes[: tables.MOST_ROWS] for name, notes in by.items() if notes}
    taken = options.get("take", "")
    if taken != "all" and taken not in by:
        taken = max(by, key=lambda name: len(by[name]) * (OUTSTANDING if name in ("tables", "questions") else 1), default="")
    return Found(by, taken)


def _note(block: Block, term: str, definition: str) -> BundleNote:
    return BundleNote({"term": term.strip(), "definition": definition.strip()}, where=block.where, line=block.line)


def _rows(blocks: Sequence[Block], findings: Findings) -> Iterator[BundleNote]:
    for block in blocks:
        if block.kind != "table" or max((len(row) for row in block.rows), default=0) < 2:
            continue
        plain = [[lines_of(cell) for cell in row[:MOST_TABLE_COLUMNS]] for row in block.rows]
        header = bool(block.level) or is_heading(plain)
        names = plain[0] if header else ()
        places = block.places or [block.where] * len(block.rows)
        body = [(place, row) for place, row in zip(places, block.rows, strict=True) if any(lines_of(cell).strip() or "<img" in cell for cell in row)]
        body = body[1 if header else 0 :]
        columns = columns_of(names, plain[1:500] if header else plain[:500], {})
        numbered = [(at, row[:MOST_TABLE_COLUMNS]) for at, (_place, row) in enumerate(body)]
        for note in tables.notes_of(numbered, columns, html=True, findings=findings):
            yield BundleNote(note.fields, tags=note.tags, where=body[note.line or 0][0], line=block.line)


def _below(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Each heading with the HTML of what stands below it, up to the next one."""
    for at, block in enumerate(blocks):
        if block.kind == "heading":
            yield block, html_of(_until(blocks, at, lambda below: below.kind in ("heading", "question")))


def _asked(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """What stands out as a question with what stands below it; an item of a list that asks, up to the next one."""
    for at, block in enumerate(blocks):
        if block.kind == "question":
            yield block, html_of(_until(blocks, at, lambda below: below.kind in ("heading", "question")))
        elif block.kind == "item" and lines_of(block.html).rstrip().endswith(("?", "？")):
            own = _until(blocks, at, _beside(block.level))
            yield block, html_of(_as_own_list(own))


def _as_own_list(blocks: Sequence[Block]) -> list[Block]:
    """The same, with the outermost of its items at the margin, whether they were indented by two signs or by four."""
    least = min((block.level for block in blocks if block.kind == "item"), default=0)
    return [replace(block, level=block.level - least) if block.kind == "item" else block for block in blocks]


def _beside(level: int) -> Callable[[Block], bool]:
    """What ends an item of this level: the next one, or a heading."""
    return lambda below: below.kind in ("heading", "question") or (below.kind == "item" and below.level <= level)


def _until(blocks: Sequence[Block], at: int, ends: Callable[[Block], bool]) -> list[Block]:
    own = list(blocks[at + 1 : at + 400])
    return own[: next((number for number, below in enumerate(own) if ends(below)), len(own))]


def _with_items(blocks: Sequence[Block]) -> Iterator[tuple[Block, list[Block]]]:
    """The outermost items of lists that have deeper items below them."""
    for at, block in enumerate(blocks):
        if block.kind != "item" or (block.level and at and blocks[at - 1].kind == "item"):
            continue
        deeper = _deeper(blocks, at)
        if deeper and lines_of(block.html).strip():
            yield block, deeper


def _deeper(blocks: Sequence[Block], at: int) -> list[Block]:
    """The items that belong to one, as a list of their own."""
    own = _until(blocks, at, lambda below: below.kind != "item" or below.level <= blocks[at].level)
    return _as_own_list(own)


def html_of(blocks: Sequence[Block]) -> str:
    """Blocks as one field."""
    out: list[str] = []
    depth = 0
    for block in blocks:
        level = min(block.level, 8) + 1 if block.kind == "item" else 0
        out += ["<ul>"] * (level - depth) if level > depth else ["</ul>"] * (depth - level)
        depth = level
        if block.kind == "table":
            out.append("<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in block.rows) + "</table>")
        elif block.kind == "item":
            out.append(f"<li>{block.html}</li>")
        elif block.html.strip():
            out.append(block.html if block.html.lstrip().startswith(("<pre", "<table", "<p>")) else f"<p>{block.html}</p>")
    out += ["</ul>"] * depth
    html = "".join(out)
    return html[3:-4] if html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>") and not depth else html


def _pairs(blocks: Sequence[Block]) -> Iterator[BundleNote]:
    """Items and paragraphs that begin with what they explain; deeper items below belong to the definition."""
    for at, block in enumerate(blocks):
        if block.kind not in ("item", "paragraph") or ("<" in block.html[:1] and not block.html.startswith(("<strong", "<b>", "<em", "<i>", "<code"))):
            continue
        found = _BOLD.match(block.html) or _PAIR.match(block.html)
        if not found or not _whole(found["term"]) or not lines_of(found["definition"]).strip():
            continue
        deeper = _deeper(blocks, at) if block.kind == "item" else []
        definition = found["definition"].strip()
        yield _note(block, found["term"], definition + html_of(deeper) if deeper else definition)


def _whole(term: str) -> bool:
    """Whether a term cuts no tag in two and is short enough for one."""
    opened = re.findall(r"<([a-z]+)\b[^<>]*>", term)
    closed = re.findall(r"</([a-z]+)>", term)
    words = _TAG.sub("", term).strip()
    return sorted(name for name in opened if name not in ("br", "img")) == sorted(closed) and 0 < len(words) <= LONGEST_TERM and len(words.split()) <= 12
