"""Spreadsheets (Excel, OpenDocument): a set a sheet, the columns by their headings, numbers and days as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.grids import Grid, grids_of, kind_in
from kartoteka.formats.headings import Columns, columns_of, is_heading
from kartoteka.formats.prose import is_plain, lines_of

TITLE = Said("Spreadsheet (Excel, OpenDocument)")
EXTENSIONS = (".xlsx", ".xlsm", ".ods", ".xls")
KEEPS = (
    "terms",
    "definitions",
    "line breaks",
    "tags",
    "more columns",
    "sheets as sets",
    "numbers as they are shown (percent, decimals, currency)",
    "days and hours",
    "merged cells",
)
DROPS = (
    "formulas: what they show is kept",
    "hidden sheets (named in the preview)",
    "colours, fonts and charts",
)
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
APART = True  # a bad cell ends the process that reads it

_YES_OR_NO = (("yes", "Yes"), ("no", "No"))


def recognises(head: bytes, name: str) -> float:
    kind = kind_in(head)
    if kind == "xls":
        return 0.8 if name.lower().endswith(".xls") else 0.3
    return 0.95 if kind else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    grids = grids_of(source, findings)
    shown = [grid for grid in grids if not grid.hidden] or grids
    chosen = [grid for grid in shown if grid.name == options.get("sheet")] or shown
    title = tables.title_of(source.name)
    decks: list[BundleDeck] = []
    choices: dict[str, str] = {}
    offers: dict[str, Sequence[tuple[str, str]]] = {}
    for grid in chosen:
        notes, columns, header = _notes(grid, options, findings)
        if not notes:
            continue
        decks.append(BundleDeck(title if len(chosen) == 1 and title else grid.name, notes))
        if not choices:
            numbered = [(str(at), name) for at, name in enumerate(columns.names, start=1)]
            choices = {"header": "yes" if header else "no", "term": str(columns.term + 1), "definition": str(columns.definition + 1)}
            choices["tags"] = str(columns.tags + 1) if columns.tags >= 0 else "none"
            offers = {"header": _YES_OR_NO, "term": numbered, "definition": numbered, "tags": [("none", "None"), *numbered]}
    if hidden := [grid.name for grid in grids if grid.hidden and grid not in chosen]:
        findings.say("hidden sheets", Said("Hidden sheets were left out: %(words)s.", words=", ".join(hidden)[:200]), severity="info")
    if len(shown) > 1:
        choices["sheet"] = options.get("sheet", "") if len(chosen) == 1 else "all"
        offers["sheet"] = [("all", "All sheets"), *((grid.name, grid.name) for grid in shown)]
    if not decks:
        raise Unreadable(Said("There are no rows with two columns in this spreadsheet. Put the terms in one column and what they mean in the next."))
    return Bundle("sheets", tuple(decks), findings.told(), choices=choices, offers=offers)


def _notes(grid: Grid, options: Mapping[str, str], findings: Findings) -> tuple[tuple[BundleNote, ...], Columns, bool]:
    rows = [(number, cells[: tables.MOST_COLUMNS]) for number, cells in grid.rows[: tables.MOST_ROWS + 1]]
    rows = tables.below_title(rows, findings, grid.name[:60])
    cells = [row for _number, row in rows[:500]]
    header = options["header"] == "yes" if options.get("header") in ("yes", "no") else is_heading(cells)
    body = rows[1:] if header else rows
    columns = columns_of(cells[0] if header and cells else (), [row for _number, row in body[:500]], options)
    if options.get("direction") == "backwards":
        columns = replace(columns, term=columns.definition, definition=columns.term)
    if max((len(row) for _number, row in body), default=0) < 2:
        return (), columns, header
    if len(grid.rows) > tables.MOST_ROWS + 1:
        findings.say(
            "too many rows",
            Said("“%(name)s” has %(rows)s rows; the first %(most)s were read.", name=grid.name[:60], rows=f"{len(grid.rows):,}", most=f"{tables.MOST_ROWS:,}"),
            severity="refused",
        )
    found = tables.notes_of(body, columns, html=columns.html, findings=findings)
    return tuple(replace(note, where=f"{grid.name[:60]}, row {note.line}") for note in found), columns, header


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """A sheet a set, with a heading. Cells are always text, so that a spreadsheet never runs one as a formula."""
    import xlsxwriter  # noqa: PLC0415 - 70 ms of every start, for a file that is seldom written

    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    used: set[str] = set()
    for deck in bundle.decks or (BundleDeck("Kartoteka", ()),):
        sheet = book.add_worksheet(_sheet_name(deck.title, used))
        html = options.get("html") == "yes" or not all(is_plain(value) for note in deck.notes for value in note.fields.values())
        more = [name for name in dict.fromkeys(name for note in deck.notes for name in note.fields) if name not in ("term", "definition")]
        names = ["term", "definition", *more]
        for at, name in enumerate([*(f"{name} (html)" if html else name for name in names), "tags"]):
            sheet.write_string(0, at, name[:200], bold)
        sheet.set_column(0, 1, 40)
        for row, note in enumerate(deck.notes, start=1):
            cells = [note.fields.get(name, "") for name in names]
            for at, cell in enumerate([*(cell if html else lines_of(cell) for cell in cells), tables.cell_of_tags(note.tags)]):
                if cell:
                    sheet.write_string(row, at, cell[:32_767], wrapped)
    book.close()


def _sheet_name(title: str, used: set[str]) -> str:
    """At most 31 signs, none of those a sheet may not have, and no other sheet's."""
    bare = "".join(" " if sign in "[]:*?/\\" else sign for sign in " ".join(title.split())).strip("' ")[:31] or "Sheet"
    name, number = bare, 2
    while name.casefold() in used or name.casefold() == "history":
        name, number = f"{bare[:27]} {number}", number + 1
    used.add(name.casefold())
    return name
