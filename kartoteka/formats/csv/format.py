"""Tables of text: comma, semicolon or tab between the columns, in whatever encoding they came."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import BinaryIO

from charset_normalizer import from_bytes

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem, Source, Unreadable

TITLE = "Table (CSV, TSV)"
EXTENSIONS = (".csv", ".tsv", ".tab")
KEEPS = ("terms", "definitions", "line breaks", "tags")

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":"}
BOMS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
HEADINGS = {
    "term",
    "definition",
    "front",
    "back",
    "question",
    "answer",
    "word",
    "meaning",
    "translation",
    "tags",
    "begriff",
    "bedeutung",
    "frage",
    "antwort",
    "wort",
}
MOST_ROWS, MOST_COLUMNS = 200_000, 1_000
csv.field_size_limit(50_000_000)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def recognises(head: bytes, name: str) -> float:
    if head[:2] == b"PK" or b"<html" in head[:2000].lower():
        return 0.0
    return 0.85 if name.lower().endswith(EXTENSIONS) else 0.45 if head[:2] in (b"\xff\xfe", b"\xfe\xff") else 0.1


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    data = source.bytes()
    encoding = options.get("encoding") or _encoding(data)
    try:
        text = data.decode(encoding, "replace").lstrip("\ufeff").replace("\0", "")
    except LookupError as error:
        raise Unreadable(f"There is no encoding called “{encoding}”. Choose another.") from error
    if not text.strip():
        raise Unreadable("There is nothing in this table.")
    text, said = _said(text)
    delimiter = options.get("between") or said or _delimiter(text)
    sign = DELIMITERS.get(delimiter, delimiter[:1] or ",")
    rows, problems = _rows(text, sign)
    header = options.get("header") or ("yes" if rows and _is_header(rows[0][1]) else "no")
    body = rows[1:] if header == "yes" else rows
    term, definition, tags = _columns(rows[0][1] if rows and header == "yes" else [], options)
    notes = []
    for line, cells in body:
        cell = cells + [""] * (max(term, definition) + 1 - len(cells))
        found = {"term": _html(cell[term]), "definition": _html(cell[definition])}
        labels = tuple(cells[tags].split()) if 0 <= tags < len(cells) else ()
        notes.append(BundleNote(found, tags=labels, where=f"line {line}", line=line))
    choices = {"encoding": encoding, "between": delimiter, "header": header, "term": str(term + 1), "definition": str(definition + 1)}
    return Bundle("csv", (BundleDeck("", tuple(notes)),), tuple(problems), choices=choices)


def _encoding(data: bytes) -> str:
    for bom, name in BOMS:
        if data.startswith(bom):
            return name
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    head = data[:4096]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    best = from_bytes(data[:200_000]).best()
    return best.encoding if best else "cp1252"


def _said(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        sign = first.strip()[4]
        return rest, next((name for name, known in DELIMITERS.items() if known == sign), sign)
    return text, ""


def _delimiter(text: str) -> str:
    """The separator under which most rows have the same number of columns, two at least."""
    sample = text[:200_000]
    best, most = "comma", 0.0
    for name, sign in DELIMITERS.items():
        widths = [len(row) for row in _parsed(sample, sign, 200) if row]
        if not widths:
            continue
        usual = max(set(widths), key=widths.count)
        score = (widths.count(usual) / len(widths)) * (1 if usual >= 2 else 0) * (0.8 if name == "colon" else 1)
        if score > most + 0.01:
            best, most = name, score
    return best


def _parsed(text: str, sign: str, most: int) -> list[list[str]]:
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
        rows.append(row[:MOST_COLUMNS])
        if len(rows) >= most:
            break
    return rows


def _rows(text: str, sign: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    if "\n" not in text:
        text = text.replace("\r", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((line, row[:MOST_COLUMNS]))
        if len(row) > MOST_COLUMNS:
            problems.append(Problem(f"line {line}", f"Only the first {MOST_COLUMNS:,} of {len(row):,} columns were read.", "warning", line))
        if len(rows) >= MOST_ROWS:
            problems.append(Problem(f"line {line}", f"Only the first {MOST_ROWS:,} rows were read. Bring the rest in separately.", "warning", line))
            break
        line = reader.line_num + 1
    return rows, problems


def _is_header(cells: Sequence[str]) -> bool:
    return sum(cell.strip().lower() in HEADINGS for cell in cells) >= min(2, len(cells))


def _columns(names: Sequence[str], options: Mapping[str, str]) -> tuple[int, int, int]:
    known = [name.strip().lower() for name in names]

    def place(option: str, words: tuple[str, ...], otherwise: int) -> int:
        if options.get(option, "").isdigit():
            return max(0, int(options[option]) - 1)
        return next((known.index(word) for word in words if word in known), otherwise)

    term = place("term", ("term", "front", "question", "word", "begriff", "frage", "wort"), 0)
    definition = place("definition", ("definition", "back", "answer", "meaning", "translation", "bedeutung", "antwort"), 1)
    return term, definition, place("tags", ("tags",), -1)


def _html(cell: str) -> str:
    lines = [line.strip() for line in cell.strip().splitlines() if line.strip()]
    return escape(lines[0]) if len(lines) == 1 else "".join(f"<p>{escape(line)}</p>" for line in lines)


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """RFC 4180 with a heading; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow(["term", "definition", "tags"])
    for deck in bundle.decks:
        for note in deck.notes:
            table.writerow([_safe(note.fields.get("term", "")), _safe(note.fields.get("definition", "")), " ".join(note.tags)])
    text.detach()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
