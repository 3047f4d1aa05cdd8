"""PDF as pieces: lines by their size and place; larger ones are headings, signs at their beginning make lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pypdfium2

from kartoteka.formats.base import Findings, Said, Source, Unreadable
from kartoteka.formats.choosing import Block

MOST_PAGES = 600
MOST_BYTES = 100 * 1024 * 1024
MOST_SIGNS = 2_000_000
FEW_SIGNS = 40  # on a page with a picture: it was scanned
_BULLET = re.compile(r"^\s*(?:[•◦▪‣●○∙⁃■□➢➤–-]|\d{1,2}[.)]|[a-z]\))\s+(.*)$")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad\u2011\ufffe\x02]\Z")
_LEADERS = re.compile(r"(?:[.…] ?){6,}")  # a table of contents


@dataclass(slots=True)
class _Line:
    text: str
    page: int
    top: float
    size: float


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
    signs = scanned = 0
    for number in range(min(pages, MOST_PAGES)):
        try:
            page = document[number]
            text = page.get_textpage()
            found = list(_lines_of(text, number + 1))
            text.close()
            page.close()
        except (pypdfium2.PdfiumError, ValueError, OSError):
            findings.say(
                "pages left out", Said("Page %(number)s is damaged. It was left out.", number=number + 1), severity="refused", where=f"page {number + 1}"
            )
            continue
        many = sum(len(line.text) for line in found)
        scanned += many < FEW_SIGNS
        signs += many
        yield from found
        if signs > MOST_SIGNS:
            findings.say("too many pages", Said("Only the first %(number)s pages were read.", number=number + 1), severity="refused")
            break
    if pages and signs < FEW_SIGNS * min(pages, 3):
        raise Unreadable(Said("There is no text in this PDF: its pages are pictures. Let a program recognise their text (OCR), and bring in what it writes."))
    if scanned:
        findings.say(
            "pages without text",
            Said("%(scanned)s of %(pages)s pages hold hardly any text; they may be pictures.", scanned=f"{scanned:,}", pages=f"{min(pages, MOST_PAGES):,}"),
            severity="info",
        )


def _lines_of(text: Any, page: int) -> Iterator[_Line]:
    """The lines of a page where they stand: rectangles on one height are one line, whose spaces pdfium knows best."""
    rows: list[list[float]] = []
    for at in range(min(text.count_rects(), 20_000)):
        left, bottom, right, top = text.get_rect(at)
        last = rows[-1] if rows else None
        if last is not None and abs(last[3] - top) < 0.7 * max(top - bottom, last[3] - last[1], 1) and left >= last[2] - 2:
            rows[-1] = [last[0], min(last[1], bottom), max(last[2], right), max(last[3], top)]
        else:
            rows.append([left, bottom, right, top])
    for left, bottom, right, top in rows:
        words = " ".join(text.get_text_bounded(left - 1, bottom - 0.5, right + 1, top + 0.5).replace("\r", "").split())
        if words:
            yield _Line(words, page, top, top - bottom)


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    """Lines joined to paragraphs and items; what repeats on most pages (a running head, a number) is left out."""
    pages = max((line.page for line in lines), default=0)
    seen = Counter(key for key, _page in {(re.sub(r"\d+", "#", line.text), line.page) for line in lines})
    body = Counter(round(line.size) for line in lines for _sign in line.text[:200]).most_common(1)
    usual = body[0][0] if body else 0
    open_block: Block | None = None
    last: _Line | None = None
    for line in lines:
        if _LEADERS.search(line.text):
            continue
        if pages > 3 and len(line.text) < 120 and seen[re.sub(r"\d+", "#", line.text)] * 2 > pages:
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
