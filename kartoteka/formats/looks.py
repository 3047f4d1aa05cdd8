"""How the cells of a spreadsheet look: the format each number is shown by, or, where the file holds them, the very words."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from kartoteka.formats.base import Findings, Said, Unreadable
from kartoteka.formats.boxes import Box
from kartoteka.formats.markup import Element, all_of, child, children, name_of, tree_of

Looks = Mapping[tuple[int, int], str]  # by row and column from 0: a format of Excel's

MOST_LOOKS = 500_000  # cells; those below are numbers as they are kept
_MOST_BYTES = 60 * 1024 * 1024
_CELL = re.compile(rb"<(?:\w{1,20}:)?c\b([^<>]*)>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    41: "#,##0",
    42: "#,##0",
    43: "#,##0.00",
    44: "#,##0.00",
    48: "##0.0E+0",
}  # Excel never writes these down; other programs go by the same numbers
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OFFICE, _TABLE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_WORDS = ("float", "percentage", "currency", "fraction")


def looks_in(box: Box, kind: str) -> dict[str, Looks]:
    """The looks of each sheet by its name; empty where the file does not tell them."""
    try:
        return dict(_of_opendocument(box) if kind == "ods" else _of_excel(box))
    except (Unreadable, etree.LxmlError, ValueError, KeyError):  # cells come in without
        return {}


def _of_excel(box: Box) -> Iterator[tuple[str, Looks]]:
    formats = _formats_in(box)
    if not formats:
        return
    targets = {found.get("Id"): found.get("Target", "") for found in children(_tree(box, "xl/_rels/workbook.xml.rels"), "Relationship")}
    left = MOST_LOOKS
    for sheet in all_of(_tree(box, "xl/workbook.xml"), "sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        name = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        if not target or not box.has(name):
            continue
        looks: dict[tuple[int, int], str] = {}
        for found in _CELL.finditer(box.read(name, _MOST_BYTES)):
            style, place = _STYLE.search(found[1]), _PLACE.search(found[1])
            if style and place and (look := formats.get(int(style[1]))) and len(looks) < left:
                looks[int(place[2]) - 1, number_of(place[1]) - 1] = look
        left -= len(looks)
        yield sheet.get("name", ""), looks


def _formats_in(box: Box) -> dict[int, str]:
    """The format of each style that has one worth knowing."""
    root = _tree(box, "xl/styles.xml")
    own = {found.get("numFmtId"): found.get("formatCode", "") for found in all_of(root, "numFmt")}
    formats: dict[int, str] = {}
    styles = child(root, "cellXfs")
    for number, style in enumerate(children(styles, "xf") if styles is not None else ()):
        id = style.get("numFmtId", "0")
        code = own.get(id) or (_BUILT_IN.get(int(id), "") if id.isdecimal() else "")
        if code and code.lower() != "general":
            formats[number] = code
    return formats


def _tree(box: Box, name: str) -> Element:
    return tree_of(box.read(name), Said("a spreadsheet"), Findings())


def _of_opendocument(box: Box) -> Iterator[tuple[str, Looks]]:
    """Its cells hold what they show beside what they are; both are counted with what repeats them."""
    looks: dict[tuple[int, int], str] = {}
    row, column, left = 0, 0, MOST_LOOKS
    waiting: list[tuple[int, str]] = []
    content = io.BytesIO(box.read("content.xml", _MOST_BYTES))
    for _event, element in etree.iterparse(content, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False):
        name = name_of(element) if element.tag.__class__ is str and element.tag.startswith(_TABLE) else ""
        if name in ("table-cell", "covered-table-cell"):
            many = _repeated(element, "columns")
            if element.get(f"{_OFFICE}value-type") in _WORDS and (text := _said(element)):
                waiting += [(at, text) for at in range(column, column + min(many, 100))]
            column += many
        elif name == "table-row":
            many = _repeated(element, "rows")
            for at in range(row, row + min(many, 1000)) if waiting else ():
                if len(looks) < left:
                    looks.update(((at, to), text) for to, text in waiting)
            row, column, waiting = row + many, 0, []
            element.clear()
        elif name == "table":
            yield element.get(f"{_TABLE}name", ""), looks
            left -= len(looks)
            looks, row, column, waiting = {}, 0, 0, []
            element.clear()


def _said(cell: Element) -> str:
    words = " ".join("".join(part.itertext()) for part in cell if name_of(part) == "p").strip()[:80]
    return ";".join(['"' + words.replace('"', "") + '"'] * 3) if words else ""


def _repeated(element: Element, what: str) -> int:
    said = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 10 else 1


def number_of(column: bytes) -> int:
    """A column's number by its letters, from 1."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number
