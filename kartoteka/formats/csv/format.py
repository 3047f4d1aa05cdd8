"""Tables of text: comma, semicolon or tab between the columns, quotes around what needs them, in whatever encoding they came."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.headings import Columns, columns_of, is_heading, knows
from kartoteka.formats.prose import is_plain, lines_of

TITLE = Said("Table (CSV, TSV)")
EXTENSIONS = (".csv", ".tsv", ".tab")
KEEPS = ("terms", "definitions", "lists", "line breaks", "tags", "more columns", "formatting (as HTML)")
DROPS = (
    "formulas: their text is kept",
    "quotation marks around cells",
)

SAMPLE_SIGNS = 200_000
# A tie goes to the first: a semicolon stands between columns where commas stand in numbers.
SEPARATORS = ("tab", "semicolon", "pipe", "comma", "colon")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_SAID = re.compile(r'"?sep=(.|\\t)"?$', re.I)
_UNNAMED = re.compile(r"(Unnamed: \d+)?")


def recognises(head: bytes, name: str) -> float:
    text = decoding.looks_like(head)
    if not text.strip():
        return 0.0
    if name.lower().endswith(EXTENSIONS):
        return 0.9
    if _SAID.match(text.split("\n", 1)[0].strip()):
        return 0.95
    if text.startswith("#") or len(text) < 3:
        return 0.05
    separator, share, width, quoted = _likeliest(text)
    if separator != "tab" and knows([cell.strip('" ') for cell in text.split("\n", 1)[0].split(tables.SIGNS[separator])]):
        return 0.75
    if separator in ("tab", "colon") or width < 2:
        return 0.3 if share > 0.9 else 0.05
    return 0.75 if quoted and share > 0.8 else 0.65 if width >= 3 and share > 0.9 and "\n" in text.strip() else 0.3


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
    body, said = _without_sep_line(text)
    separator = options.get("between") or said or _likeliest(body)[0]
    rows = _rows(body, tables.sign_of(separator), findings)
    if len(body) < len(text):
        rows = [(line + 1, cells) for line, cells in rows]
    if not rows:
        raise Unreadable(Said("There is nothing in this table but separators. Look whether it is the right file."))
    rows = tables.below_title(rows, findings)
    shown = [cells for _line, cells in rows[:500]]
    header = _yes(options.get("header"), is_heading(shown))
    names: Sequence[str] = shown[0] if header else ()
    body_rows = rows[1:] if header else rows
    if len(body_rows) > tables.MOST_ROWS:
        tables.say_the_rest(body, body_rows[tables.MOST_ROWS][0], findings)
    columns = columns_of(names, [cells for _line, cells in body_rows[:500]], options)
    html = _yes(options.get("html"), columns.html or tables.is_markup(cell for _line, cells in body_rows for cell in cells))
    columns = _turned(columns, options.get("direction", ""))
    _say_ragged(body_rows, findings)
    notes = tuple(tables.notes_of(body_rows, columns, html=html, findings=findings))
    deck = BundleDeck(tables.title_of(source.name), notes)
    choices = {
        "between": tables.name_of(tables.sign_of(separator)),
        "header": "yes" if header else "no",
        "term": str(columns.term + 1),
        "definition": str(columns.definition + 1),
        "tags": str(columns.tags + 1) if columns.tags >= 0 else "none",
        "html": "yes" if html else "no",
        "encoding": encoding,
    }
    return Bundle("csv", (deck,), findings.told(), choices=choices, offers=_offers(columns))


def _yes(chosen: str | None, found: bool) -> bool:
    return chosen == "yes" if chosen in ("yes", "no") else found


def _turned(columns: Columns, direction: str) -> Columns:
    return replace(columns, term=columns.definition, definition=columns.term) if direction == "backwards" else columns


def _offers(columns: Columns) -> dict[str, list[tuple[str, str]]]:
    numbered = [(str(at), name) for at, name in enumerate(columns.names, start=1)]
    yes_or_no = [("yes", "Yes"), ("no", "No")]
    return {"term": numbered, "definition": numbered, "tags": [("none", "None"), *numbered], "html": yes_or_no}


def _without_sep_line(text: str) -> tuple[str, str]:
    """The table without Excel's line ``sep=;``, and what it says."""
    first, _end, rest = text.partition("\n")
    if found := _SAID.match(first.strip(" \u200b") if first != "sep=\t" else first):
        return rest, tables.name_of(found[1].replace("\\t", "\t"))
    return text, ""


def _rows(text: str, sign: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """The rows that hold something; apostrophes that guard against formulas are taken away again."""
    rows: list[tuple[int, list[str]]] = []
    guarded = guarded_at = 0
    for line, cells in tables.rows_of(text, sign, quotes=True, findings=findings):
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        for at, cell in enumerate(cells):
            if cell.startswith("'") and _GUARDED.match(cell):
                cells[at] = cell[1:]
                guarded, guarded_at = guarded + 1, guarded_at or line
        rows.append((line, cells))
        if len(rows) > tables.MOST_ROWS + 2:
            break
    while rows and sum(_UNNAMED.fullmatch(cell.strip()) is not None for cell in rows[0][1]) * 2 > len(rows[0][1]) > 2 and "Unnamed" in "".join(rows[0][1]):
        rows.pop(0)  # a title over the table, as pandas saves it
    if guarded:
        findings.say(
            "apostrophes before formulas",
            Said("%(guarded)s cells began with an apostrophe that guards against formulas; it was taken away.", guarded=f"{guarded:,}"),
            guarded_at,
            "info",
        )
    return rows


def _likeliest(text: str) -> tuple[str, float, int, bool]:
    """The separator under which most rows have the same number of columns (two at least), how many do, and whether quotes help."""
    sample = text if len(text) <= SAMPLE_SIGNS else text[: text.rfind("\n", 0, SAMPLE_SIGNS) + 1] or text[:SAMPLE_SIGNS]
    best, most = ("comma", 0.0, 0, False), 0.0
    for name in SEPARATORS:
        sign = tables.SIGNS[name]
        if sign not in sample:
            continue
        score, share, width, quoted = _score(sample, sign)
        score *= 0.7 if name == "colon" else 1.0
        if score > most + 0.02:
            best, most = (name, share, width, quoted), score
    return best


def _score(sample: str, sign: str) -> tuple[float, float, int, bool]:
    rows = [cells for _line, cells in islice(tables.rows_of(sample, sign, quotes=True), 500) if any(cell.strip() for cell in cells)]
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    if not widths:
        return 0.0, 0.0, 1, False
    width, many = widths.most_common(1)[0]
    share = many / len(rows)
    named = 1.0 if sum(bool(cell.strip()) for cell in rows[0]) > 1 and knows(rows[0]) else 0.0
    quoted = re.search(rf'"[ ]*{re.escape(sign)}|{re.escape(sign)}[ ]*"(?:[^"]|"")*"[ ]*(?:\n|$|{re.escape(sign)})', sample[:20_000]) is not None
    return share + named + 0.2 * quoted + 0.01 * min(width, 10), share, width, quoted


def _say_ragged(rows: Sequence[tuple[int, Sequence[str]]], findings: Findings) -> None:
    widths = Counter(len(cells) for _line, cells in rows)
    usual = widths.most_common(1)[0][0] if widths else 0
    if len(widths) == 1 or widths[usual] * 2 < len(rows):
        return
    for line, cells in rows:
        if len(cells) > usual:
            findings.say(
                "rows with more columns than the others",
                Said("This row has %(cells)s columns, most have %(usual)s. Nothing of it was left out.", cells=len(cells), usual=usual),
                line,
                "info",
            )


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """RFC 4180 with a heading. Plain text where that keeps everything, else HTML, and the heading says so.

    Options: ``bom`` yes (for Excel), ``html`` yes or no, ``between``. A cell that a spreadsheet would run as a formula
    gets an apostrophe before it, which ``read`` takes away.
    """
    notes = [note for deck in bundle.decks for note in deck.notes]
    html = _yes(options.get("html"), not _are_plain(notes))
    more = [name for name in dict.fromkeys(name for note in notes for name in note.fields) if name not in ("term", "definition")]
    fields = ["term", "definition", *more]
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="", write_through=True)
    if options.get("bom") == "yes":
        text.write("\ufeff")
    table = csv.writer(text, delimiter=tables.sign_of(options.get("between") or "comma")[:1], lineterminator="\r\n")
    table.writerow([*(_safe(f"{name} (html)" if html else name) for name in fields), "tags"])
    for note in notes:
        cells = [note.fields.get(name, "") for name in fields]
        table.writerow([*(_safe(cell if html else lines_of(cell)) for cell in cells), _safe(tables.cell_of_tags(note.tags))])
    text.detach()


def _are_plain(notes: Sequence[BundleNote]) -> bool:
    """Whether plain text keeps all of it, and would not be taken for HTML when it comes back."""
    if not all(is_plain(html) for note in notes for html in note.fields.values()):
        return False
    return not tables.is_markup(lines_of(html) for note in notes for html in note.fields.values() if "&lt;" in html)


def _safe(cell: str) -> str:
    cell = cell.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if cell.startswith(FORMULA) or _GUARDED.match(cell) else cell
