"""PDF as pieces: tables by the places of their words, lines by their size and place; larger ones are headings, signs at their beginning make lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pypdfium2
from pypdfium2 import raw

from kartoteka.formats.base import Findings, Said, Source, Unreadable
from kartoteka.formats.choosing import Block
from kartoteka.formats.documents.grid import Box, Table, tables_in
from kartoteka.formats.documents.leaves import MOST_PIECES, Leaf, upright

MOST_PAGES = 600
MOST_BYTES = 100 * 1024 * 1024
MOST_SIGNS = 2_000_000
MOST_LOOKED_AT = 150_000_000  # signs: pdfium walks over all of a page for the words in each box, some 20,000 in a ms
MOST_DRAWN = 6_000  # a page with more lines than that shows a picture
FEW_SIGNS = 40  # on a page with a picture: it was scanned
_BULLET = re.compile(r"^\s*(?:[•◦▪‣●○∙⁃■□➢➤–-]|\d{1,2} ?[.)]|[a-z]\))\s+(.*)$")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad\u2011\ufffe\x02]\Z")
_LEADERS = re.compile(r"(?:[.…] ?){6,}")  # a table of contents


@dataclass(slots=True)
class _Line:
    text: str
    page: int
    top: float
    size: float
    table: Table | None = None


def blocks_in(source: Source, findings: Findings) -> Iterator[Block]:
    if source.size > MOST_BYTES:
        raise Unreadable(
            Said("This PDF has %(size)s MB; %(most)s are the most. Split it.", size=f"{source.size / 1_048_576:,.0f}", most=MOST_BYTES // 1_048_576)
        )
    try:
        document = pypdfium2.PdfDocument(source.bytes())
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable(Said("This PDF has a password. Save it without one, and bring it in again.")) from error
        raise Unreadable(Said("This PDF is cut or damaged and cannot be opened. Save or download it again.")) from error
    try:
        lines = list(_lines(document, findings))
    finally:
        document.close()
    yield from _blocks(lines)


def _lines(document: Any, findings: Findings) -> Iterator[_Line]:
    pages = len(document)
    if pages > MOST_PAGES:
        findings.say(
            "too many pages", Said("This PDF has %(pages)s pages; the first %(most)s were read.", pages=f"{pages:,}", most=MOST_PAGES), severity="refused"
        )
    signs = scanned = looked = 0
    for number in range(min(pages, MOST_PAGES)):
        try:
            page = document[number]
            text = page.get_textpage()
            found, many_looked = _lines_of(text, number + 1, page, MOST_LOOKED_AT - looked)
            looked += many_looked
            pictured = not found or any(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2))
            text.close()
            page.close()
        except (pypdfium2.PdfiumError, ValueError, OSError):
            findings.say(
                "pages left out", Said("Page %(number)s is damaged. It was left out.", number=number + 1), severity="refused", where=f"page {number + 1}"
            )
            continue
        many = sum(len(line.text) for line in found)
        scanned += many < FEW_SIGNS and pictured
        signs += many
        yield from found
        if signs > MOST_SIGNS or looked >= MOST_LOOKED_AT:
            findings.say("too many pages", Said("Only the first %(number)s pages were read.", number=number + 1), severity="refused")
            break
    if pages and signs < FEW_SIGNS * min(pages, 3) and scanned * 2 >= min(pages, MOST_PAGES):
        raise Unreadable(Said("There is no text in this PDF: its pages are pictures. Let a program recognise their text (OCR), and bring in what it writes."))
    if scanned:
        findings.say(
            "pages without text",
            Said("%(scanned)s of %(pages)s pages hold hardly any text; they may be pictures.", scanned=f"{scanned:,}", pages=f"{min(pages, MOST_PAGES):,}"),
            severity="info",
        )


def _lines_of(text: Any, number: int, page: Any, most: int) -> tuple[list[_Line], int]:
    """The lines of a page where they stand, and how many signs were looked at for them.

    Boxes on one height are one line, whose spaces pdfium knows best; a table is a line of its own.
    """
    leaf, looked = Leaf(text), 0

    def said(box: Box) -> str:
        nonlocal looked
        looked += leaf.signs
        return leaf.said(box) if looked <= most else ""

    pieces = leaf.pieces
    slide = not leaf.turned and (page.get_width() > page.get_height()) != (page.get_rotation() in (90, 270))
    drawn = [upright(line, leaf.turned) for line in _drawn(page)]
    tables = tables_in(pieces, drawn, said, slide=slide) if len(pieces) < MOST_PIECES else []
    for table in tables if leaf.leftwards else ():
        table.rows = [row[::-1] for row in table.rows]
    for table in tables:
        table.pages = [number] * len(table.rows)
    within = {at: table for table in tables for at in table.of}
    found: list[tuple[Box, Table | None]] = []
    told: set[int] = set()
    for at, piece in enumerate(pieces):
        table_here, last = within.get(at), found[-1] if found else None
        if table_here is None and last is not None and last[1] is None and _goes_on(last[0], piece):
            found[-1] = (last[0].with_(piece), None)
        elif table_here is None or id(table_here) not in told:
            found.append((piece, table_here))
            told.add(id(table_here))
    lines = [_Line("".join(map("".join, table.rows)) if table else said(box), number, box.top, box.height, table) for box, table in found]
    return [line for line in lines if line.text], looked


def _goes_on(line: Box, piece: Box) -> bool:
    """Whether a piece stands to the right on the same line; a point or a quotation mark is low, or hangs."""
    high = max(line.height, piece.height)
    return piece.left >= line.right - 2 and (abs(line.top - piece.top) < 0.7 * high or abs(line.middle - piece.middle) < 0.55 * high)


def _drawn(page: Any) -> list[Box]:
    """The straight lines of a page, and the edges of its boxes, as thin boxes."""
    lines: list[Box] = []
    for many, shape in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3)):
        if many >= MOST_DRAWN:
            return []
        left, bottom, right, top = shape.get_bounds()
        if right - left <= 2.5 or top - bottom <= 2.5:
            lines.append(Box(left, bottom, right, top))
        elif raw.FPDFPath_CountSegments(shape.raw) in (4, 5):
            lines += [Box(left, bottom, left, top), Box(right, bottom, right, top), Box(left, bottom, right, bottom), Box(left, top, right, top)]
    return lines


def _key(line: _Line) -> str:
    """A line as it stands on other pages too, whatever their number."""
    return re.sub(r"\d+", "#", line.text)


def _with_whole_tables(lines: Iterable[_Line]) -> list[_Line]:
    """A table that goes on over the next page is one, with its heading once."""
    out: list[_Line] = []
    for line in lines:
        table, above = line.table, out[-1].table if out else None
        if table is not None and above is not None and len(above.columns) == len(table.columns) and line.page == above.pages[-1] + 1:
            rows = table.rows[1:] if table.rows[0] == above.rows[0] else table.rows
            above.rows += rows
            above.pages += [line.page] * len(rows)
        else:
            out.append(line)
    return out


def _of_table(table: Table) -> Block:
    rows = [[escape(cell, quote=False) for cell in row] for row in table.rows]
    places = [f"page {page}" for page in table.pages]
    return Block("table", rows=rows, where=places[0], places=places)


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    """Lines joined to paragraphs and items; what repeats on most pages (a running head, a number) is left out."""
    pages = max((line.page for line in lines), default=0)
    seen = Counter(key for key, _page in {(_key(line), line.page) for line in lines if not line.table})
    body = Counter(round(line.size) for line in lines for _sign in line.text[:200]).most_common(1)
    usual = body[0][0] if body else 0
    open_block: Block | None = None
    last: _Line | None = None
    own = [line for line in lines if line.table or not (_LEADERS.search(line.text) or (pages > 3 and len(line.text) < 120 and seen[_key(line)] * 2 > pages))]
    for line in _with_whole_tables(own):
        if line.table is not None:
            if open_block is not None:
                yield open_block
                open_block = None
            yield _of_table(line.table)
            last = line
            continue
        where = f"page {line.page}"
        html = escape(line.text, quote=False)
        bullet = _BULLET.match(line.text)
        large = usual and line.size > usual * 1.25 and len(line.text) < 200
        joins = (
            open_block is not None and last is not None and last.page == line.page and not bullet and 0 < last.top - line.top < 2.1 * max(line.size, last.size)
        )
        if joins and open_block is not None and (open_block.kind == "heading") == bool(large):
            glued = _HYPHEN.search(open_block.html) if html[:1].islower() else None
            open_block.html = open_block.html[: glued.start()] + html if glued else f"{open_block.html} {html}"
        else:
            if open_block is not None:
                yield open_block
            kind = "heading" if large else "item" if bullet else "paragraph"
            words = escape(bullet[1], quote=False) if bullet and not large else html
            open_block = Block(kind, words, where=where)  # type: ignore[arg-type]
        last = line
    if open_block is not None:
        yield open_block
