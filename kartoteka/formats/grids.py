"""Cells out of spreadsheets: numbers and days as people see them, merged cells filled, bombs refused before they are opened."""

from __future__ import annotations

import datetime
import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import python_calamine

from kartoteka.formats import numbers
from kartoteka.formats.base import Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, members_in, mimetype_in
from kartoteka.formats.looks import Looks, looks_in, number_of

MOST_BYTES = 60 * 1024 * 1024  # of a sheet, unpacked
MOST_CELLS = 3_000_000  # between the first and the last cell, empty ones too: the reader makes room for all of them
MOST_SHEETS = 200
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d{1,12})"')
_BROKEN = Said("This spreadsheet is cut or damaged and cannot be read. Open it in its program, save it anew, and bring that in.")


@dataclass(slots=True)
class Grid:
    """A sheet: its rows that hold something, each with its number."""

    name: str
    rows: list[tuple[int, list[str]]]
    hidden: bool = False


def kind_in(head: bytes) -> str:
    """``xlsx``, ``ods`` or ``xls``, as far as a file's beginning shows; empty where it is no spreadsheet."""
    if head.startswith(OLD):
        return "xls"
    members = members_in(head)
    if not members:
        return ""
    if mimetype_in(head).startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    return "xlsx" if any(member.startswith("xl/") for member in members) else ""


def words_in(head: bytes) -> str:
    """The words of an XLSX as far as its beginning holds them."""
    at = head.find(b"xl/sharedStrings.xml")
    at = head.find(b"xl/worksheets/sheet1.xml") if at < 0 else at
    if at < 30 or head[at - 30 : at - 26] != b"PK\x03\x04":
        return ""
    named, extra = int.from_bytes(head[at - 4 : at - 2], "little"), int.from_bytes(head[at - 2 : at], "little")
    packed = head[at + named + extra :]
    try:
        raw = packed[:200_000] if head[at - 22 : at - 20] == b"\0\0" else zlib.decompressobj(-15).decompress(packed, 200_000)
    except zlib.error:
        return ""
    return unescape(re.sub(r"<[^<>]*>", "\n", raw.decode("utf-8", "replace")))


def grids_of(source: Source, findings: Findings) -> list[Grid]:
    """The sheets of a file. Raises ``Unreadable`` with one sentence."""
    data = source.bytes()
    kind = kind_in(data[:65536])
    looks: Mapping[str, Looks] = {}
    if kind != "xls":
        box = Box(source, Said("a spreadsheet"))
        _refuse_bombs(box, kind)
        looks = looks_in(box, kind)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [(sheet.name, sheet.visible != python_calamine.SheetVisibleEnum.Visible, sheet.typ) for sheet in book.sheets_metadata]
    except MemoryError:
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Unreadable(
            _BROKEN if "assword" not in str(error) else Said("This spreadsheet has a password. Save it without one, and bring it in again.")
        ) from error
    grids = []
    for name, hidden, typ in shown[:MOST_SHEETS]:
        if typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(name)
            grids.append(Grid(name, _rows(sheet, looks.get(name, {})), hidden))
        except MemoryError:
            raise
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            findings.say("sheets left out", Said("The sheet “%(name)s” is damaged. It was left out.", name=name[:60]), severity="refused", where=name[:60])
    return grids


def _rows(sheet: Any, looks: Looks) -> list[tuple[int, list[str]]]:
    column = (sheet.start or (0, 0))[1]
    cells = sheet.iter_rows() if sheet.start else ()  # from the first row of the sheet on, but from the first column that holds something
    if looks:
        rows = [[_text(cell, looks.get((at, to))) for to, cell in enumerate(row, start=column)] for at, row in enumerate(cells)]
    else:
        rows = [[_text(cell) for cell in row] for row in cells]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for at in range(top + 1, min(bottom, top + 5000) + 1):
            if at < len(rows) and 0 <= left - column < len(rows[at]):
                rows[at][left - column] = rows[at][left - column] or rows[top][left - column]
    return [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]


def _text(cell: Any, look: str | None = None) -> str:
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return numbers.general(cell) if look is None else numbers.shown(cell, look)
    if isinstance(cell, datetime.datetime):
        return numbers.moment(cell, look or "")
    if isinstance(cell, datetime.time):
        return cell.isoformat("seconds" if cell.second else "minutes")
    if isinstance(cell, datetime.timedelta):
        return numbers.span(cell)
    if isinstance(cell, datetime.date):
        return numbers.moment(datetime.datetime.combine(cell, datetime.time()), look or "")
    return str(cell)


def _refuse_bombs(box: Box, kind: str) -> None:
    """A sheet may say that its last cell is XFD1048576: the reader would ask for room for all of it, and end the process."""
    for name in box.names:
        if kind == "ods" and name == "content.xml":
            data = box.read(name, MOST_BYTES)
            many = {b"columns": 1, b"rows": 1}
            for what, number in _REPEATED.findall(data):
                many[what] = max(many[what], int(number))
            filled = re.search(rb'number-columns-repeated="\d{4,}"[^<>]*value|number-rows-repeated="\d{5,}"[^<>]*>\s*<table:table-cell[^<>]*value', data)
            if filled and many[b"columns"] * many[b"rows"] > MOST_CELLS:
                raise Unreadable(Said("This spreadsheet repeats its cells millions of times. It was not read."))
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            wide = high = 0
            for column, row in _REFERENCE.findall(box.read(name, MOST_BYTES)):
                wide = max(wide, number_of(column))
                high = max(high, int(row))
            if wide * high > MOST_CELLS:
                raise Unreadable(
                    Said(
                        "A sheet here reaches to cell %(wide)s of row %(high)s, far beyond what a set holds. Delete the empty rows and columns, and save it anew.",
                        wide=f"{wide:,}",
                        high=f"{high:,}",
                    )
                )
        elif name == "xl/sharedStrings.xml":
            box.read(name, MOST_BYTES)
