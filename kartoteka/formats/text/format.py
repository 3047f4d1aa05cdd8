"""Pasted text, a card a row: what stands between the sides and between the cards is found, and may be said otherwise."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import BinaryIO

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.headings import Columns, columns_of, is_heading
from kartoteka.formats.prose import html_of, lines_of
from kartoteka.formats.text import separators
from kartoteka.formats.text.anki import Header, header_of
from kartoteka.formats.text.separators import Parter, Row

TITLE = Said("Pasted text")
EXTENSIONS = (".txt",)
KEEPS = ("terms", "definitions", "lists", "line breaks")
DROPS = ("pictures and sounds, which pasted text does not hold",)

DIRECTIONS = (("forwards", "Term"), ("backwards", "Definition"))
YES_OR_NO = (("yes", "Yes"), ("no", "No"))
SPLITS = (("auto", "Where it fits best"), ("first", "The first one"), ("last", "The last one"))


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.02 if head.strip() else 0.0  # what no format knows comes here for its sentence
    if header_of(text):
        return 0.97
    if name.lower().endswith((".csv", ".tsv", ".tab")):
        return 0.2
    found = separators.likeliest(text[:20_000])
    return 0.1 if not found.separator else 0.6 if found.separator == "tab" else 0.5


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    title = tables.title_of(source.name)
    header = header_of(text) if not options.get("between") else None
    if header is not None:
        bundle = _anki(text, header, title, options, findings)
    else:
        found = separators.likeliest(text, rows=options.get("rows", ""), separator=options.get("between", ""))
        if not found.separator:
            return _undecided(text, title, found.rows, encoding, findings)
        if found.separator == "tab" and found.rows == "newline":
            bundle = _columns(text, title, options, findings)
        else:
            bundle = _pairs(text, title, found.separator, found.rows, options, findings)
    return replace(bundle, problems=findings.told(), choices={**bundle.choices, "encoding": encoding})


def _undecided(text: str, title: str, rows: str, encoding: str, findings: Findings) -> Bundle:
    """Nothing parts these lines: a person must say what does."""
    many = sum(bool(line.strip()) for line in text.split("\n"))
    findings.say(
        "no separator",
        Said(
            "Nothing was found that stands between a term and its definition in %(many)s lines. Say what does, or put a tab between the two sides, one card a line.",
            many=f"{many:,}",
        ),
        1,
        "refused",
    )
    choices = {"between": "", "rows": rows, "encoding": encoding}
    return Bundle("text", (BundleDeck(title, ()),), findings.told(), choices=choices, offers=_offers(), ambiguous=True)


def _offers() -> dict[str, Sequence[tuple[str, str]]]:
    return {
        "between": separators.OFFERED,
        "rows": separators.OFFERED_ROWS,
        "direction": DIRECTIONS,
        "quotes": YES_OR_NO,
        "split": SPLITS,
        "html": YES_OR_NO,
    }


def _yes(chosen: str | None, found: bool) -> bool:
    return chosen == "yes" if chosen in ("yes", "no") else found


# Tabs: as Quizlet, Cram, StudyStack, Knowt and spreadsheets copy and export.


def _columns(text: str, title: str, options: Mapping[str, str], findings: Findings) -> Bundle:
    quotes = _yes(options.get("quotes"), tables.quotes_matter(text, "\t"))
    raw = tables.rows_of(text, "\t", quotes=quotes, findings=findings)
    rows = _joined(raw, findings) if not quotes else list(islice(((line, cells) for line, cells in raw if any(map(str.strip, cells))), tables.MOST_ROWS + 2))
    shown = [cells for _line, cells in rows[:500]]
    heading = _yes(options.get("header"), is_heading(shown))
    body = rows[1:] if heading else rows
    names = shown[0] if heading and shown else ()
    columns = columns_of(names, [cells for _line, cells in body[:500]] if heading else [], options)
    if options.get("direction") == "backwards":
        columns = replace(columns, term=columns.definition, definition=columns.term)
    html = options.get("html") == "yes"
    if len(body) > tables.MOST_ROWS:
        tables.say_the_rest(text, body[tables.MOST_ROWS][0], findings)
    notes = tuple(tables.notes_of(body, columns, html=html, findings=findings))
    choices = {"between": "tab", "rows": "newline", "header": "yes" if heading else "no", "direction": options.get("direction") or "forwards"}
    if '"' in text:
        choices["quotes"] = "yes" if quotes else "no"
    return Bundle("text", (BundleDeck(title, notes),), choices=choices, offers=_offers())


def _joined(raw: Iterable[tuple[int, list[str]]], findings: Findings) -> list[tuple[int, list[str]]]:
    """Rows, where a line without a tab goes on with the definition above it: Quizlet exports line breaks as they are."""
    rows: list[tuple[int, list[str]]] = []
    parts: list[list[str]] = []
    for line, cells in raw:
        if len(cells) > 1:
            if len(rows) > tables.MOST_ROWS + 1:
                break
            rows.append((line, cells))
            parts.append([])
        elif rows:
            parts[-1].append(cells[0])
        elif cells[0].strip():
            _say_alone(line, cells[0], findings)
    for (_line, cells), more in zip(rows, parts, strict=True):
        if any(part.strip() for part in more):
            at = max((at for at, cell in enumerate(cells) if at and cell.strip()), default=1)
            cells[at] = "\n".join([cells[at], *more]).strip("\n")
    return rows


def _say_alone(line: int, text: str, findings: Findings) -> None:
    shown = " ".join(text.split())
    what = Said(
        "“%(words)s%(words2)s” has only one side and stands before the first card. It was left out.", words=shown[:60], words2="…" if len(shown) > 60 else ""
    )
    findings.say("lines before the first card", what, line, "refused")


# Any other separator: two sides a row.


@dataclass(slots=True)
class _Pair:
    line: int
    term: str
    definition: str


def _pairs(text: str, title: str, separator: str, rows: str, options: Mapping[str, str], findings: Findings) -> Bundle:
    plain = separators.first_rows(text, rows)
    split = options.get("split") or "auto"
    parter = Parter(separators.pattern_of(separator, plain), "first" if separator == "newline" else split)
    if separator not in ("newline", "tab"):
        parter.learn(plain)
    pairs = _parted(separators.rows_by(text, rows), parter, separator, rows, findings)
    heading = _yes(options.get("header"), is_heading([[pair.term, pair.definition] for pair in pairs[:200]]))
    body = _without_numbers(pairs[1:] if heading else pairs)
    if options.get("direction") == "backwards":
        body = [_Pair(pair.line, pair.definition, pair.term) for pair in body]
    if len(body) > tables.MOST_ROWS:
        tables.say_the_rest(text, body[tables.MOST_ROWS].line, findings)
    cells = ((pair.line, [pair.term, pair.definition]) for pair in body)
    columns = Columns(0, 1, -1, ("term", "definition"))
    notes = tuple(tables.notes_of(cells, columns, html=options.get("html") == "yes", findings=findings))
    choices = {"between": separator, "rows": rows, "header": "yes" if heading else "no", "direction": options.get("direction") or "forwards", "split": split}
    if separator in ("newline", "tab") or not any(len(parter.places(row)) > 1 for row in plain):
        choices.pop("split")
    return Bundle("text", (BundleDeck(title, notes),), choices=choices, offers=_offers())


_COUNTED = re.compile(r"(\d{1,6})[.)]\s+(?=\S)")


def _without_numbers(pairs: list[_Pair]) -> list[_Pair]:
    """Terms without the numbers that only count them: 1., 2., 3. and so on, down to the last."""
    found = [_COUNTED.match(pair.term) for pair in pairs]
    counts = [int(match[1]) for match in found if match]
    if len(counts) < max(2, len(pairs)) or any(after != before + 1 for before, after in pairwise(counts)):
        return pairs
    return [_Pair(pair.line, pair.term[match.end() :] if match else pair.term, pair.definition) for pair, match in zip(pairs, found, strict=True)]


def _parted(pieces: Iterable[Row], parter: Parter, separator: str, rows: str, findings: Findings) -> list[_Pair]:
    pairs: list[_Pair] = []
    gap = ""
    for row in pieces:
        if not row.text.strip():
            gap = "\n"
            continue
        found = parter.part(row.text)
        if found is not None:
            if len(pairs) > tables.MOST_ROWS + 1:
                return pairs
            term, definition, several = found
            pairs.append(_Pair(row.line, term.strip(), definition.rstrip("\n").lstrip(" \t")))
            if several and separator not in ("newline", "tab"):
                what = Said("The separator stands here more than once; the term is taken to be “%(words)s”.", words=" ".join(term.split())[:60])
                findings.say("rows that could be parted elsewhere", what, row.line)
        elif pairs and rows == "newline":
            findings.say("lines joined to the card above", Said("This line has no separator; it was added to the definition above it."), row.line)
            pairs[-1].definition += f"\n{gap}{row.text}"
        elif pairs:
            pairs.append(_Pair(row.line, row.text.strip(), ""))
        else:
            _say_alone(row.line, row.text, findings)
        gap = ""
    return pairs


# Anki's own export.


def _anki(text: str, header: Header, title: str, options: Mapping[str, str], findings: Findings) -> Bundle:
    body = text.split("\n", header.lines)[header.lines] if text.count("\n") >= header.lines else ""
    sign = header.sign
    rows = _anki_rows(body, sign, header.lines, findings)
    if rows and max(len(cells) for _line, cells in rows) < 2 and (other := separators.likeliest(body).separator) in tables.SIGNS:
        findings.say(
            "a header that does not fit",
            Said("The header says “%(named)s” stands between the columns, but “%(other)s” does; it was read so.", named=tables.name_of(sign), other=other),
            1,
        )
        sign = tables.SIGNS[other]
        rows = _anki_rows(body, sign, header.lines, findings)
    if not rows:
        raise Unreadable(Said("This is Anki's text export, but no cards follow its header. Export the deck again."))
    width = max(len(cells) for _line, cells in rows)
    places = header.places(width)
    if not places and any(name.endswith(" column") for name in header.said):
        findings.say("a header that does not fit", Said("The header gives every column another use than a side of a card; that was not believed."), 1)
    own = [at for at in range(width) if at not in places.values()]
    names = [header.columns[at] if at < len(header.columns) else f"field {number}" for number, at in enumerate(own, start=1)]
    columns = Columns(0, 1, -1, tuple(names))
    if options.get("direction") == "backwards":
        columns = replace(columns, term=1, definition=0)
    html = _yes(options.get("html"), header.html)
    if len(rows) > tables.MOST_ROWS:
        tables.say_the_rest(text, rows[tables.MOST_ROWS][0], findings)
    decks: dict[str, list[BundleNote]] = {}
    sides = [(line, [cells[at] if at < len(cells) else "" for at in own]) for line, cells in rows]
    notes = tables.notes_of(sides, columns, html=html, findings=findings)
    kept = [(cells, side) for (_line, cells), (_at, side) in zip(rows, sides, strict=True) if any(cell.strip() for cell in side)]
    for note, (cells, _side) in zip(notes, kept, strict=False):
        deck, dressed = _dressed(note, cells, places, header)
        decks.setdefault(deck or title, []).append(dressed)
    bundled = tuple(BundleDeck(name.replace("\x1f", "::"), tuple(found)) for name, found in decks.items())
    choices = {"direction": options.get("direction") or "forwards", "html": "yes" if html else "no"}
    return Bundle("text", bundled, choices=choices, offers=_offers())


def _anki_rows(body: str, sign: str, before: int, findings: Findings) -> list[tuple[int, list[str]]]:
    rows = tables.rows_of(body, sign, quotes=True, findings=findings)
    return list(islice(((line + before, cells) for line, cells in rows if any(map(str.strip, cells))), tables.MOST_ROWS + 2))


def _dressed(note: BundleNote, cells: Sequence[str], places: Mapping[str, int], header: Header) -> tuple[str, BundleNote]:
    """The deck a note goes into, and the note with its guid, tags and kind."""
    said = {name: cells[at].strip() for name, at in places.items() if at < len(cells)}
    kind = said.get("notetype") or header.said.get("notetype", "")
    cloze = "{{c" in note.fields["term"] and "::" in note.fields["term"]
    tags = tuple(dict.fromkeys(f"{said.get('tags', '')} {header.said.get('tags', '')}".split()))
    extra = {"notetype": kind} if kind else {}
    return (
        said.get("deck") or header.said.get("deck", "").strip(),
        replace(note, guid=said.get("guid", "")[:200], tags=tags, kind="cloze" if cloze else "basic", extra=extra),
    )


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """A card a row, a tab between its sides; further lines of a definition follow without a tab, as Quizlet and Knowt write them.

    Where that would not read back as the same cards (a term of several lines, quotes that look like quoting), the rows
    are quoted and a header says so, as Anki writes and reads it.
    """
    sides = [(lines_of(note.fields.get("term", "")), lines_of(note.fields.get("definition", ""))) for deck in bundle.decks for note in deck.notes]
    sides = [(term.replace("\t", " "), definition.replace("\t", " ")) for term, definition in sides if term or definition]
    plain = "".join(f"{term}\t{definition}\n" for term, definition in sides)
    if not _reads_back(plain, sides):
        plain = "#separator:tab\n#html:false\n" + "".join(f"{_quoted(term)}\t{_quoted(definition)}\n" for term, definition in sides)
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    text.write(plain)
    text.detach()


def _reads_back(plain: str, sides: Sequence[tuple[str, str]]) -> bool:
    if any("\n" in term for term, _definition in sides):
        return False
    try:
        bundle = read(Source(data=plain.encode("utf-8", "replace")), {})
    except Unreadable:
        return False
    return list(_sides(bundle)) == [(html_of(term), html_of(definition)) for term, definition in sides]


def _sides(bundle: Bundle) -> Iterator[tuple[str, str]]:
    return ((note.fields["term"], note.fields["definition"]) for deck in bundle.decks for note in deck.notes)


def _quoted(side: str) -> str:
    return '"' + side.replace('"', '""') + '"' if "\n" in side or '"' in side or side.startswith(("#", " ")) else side
