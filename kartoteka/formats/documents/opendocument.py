"""OpenDocument texts and presentations as pieces: headings, lists, tables, paragraphs, a slide's title with what stands below it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.boxes import Box, safe_name
from kartoteka.formats.choosing import Block
from kartoteka.formats.markup import Element, all_of, children, name_of, tree_of

MOST_REPEATED = 50
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_CLASS = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}class"


def blocks_in(box: Box, findings: Findings) -> Iterator[Block]:
    root = tree_of(box.read("content.xml"), Said("an OpenDocument file"), findings)
    pages = list(all_of(root, "page"))
    if pages:
        for number, page in enumerate(pages, start=1):
            yield from _slide(page, number)
        return
    for text in all_of(root, "text"):
        yield from _blocks(text, _Count())
        return


def pictures_in(box: Box) -> dict[str, str]:
    return {safe_name(name): name for name in box.names if name.startswith(("Pictures/", "media/"))}


class _Count:
    number = 0


def _blocks(part: Element, count: _Count, depth: int = -1) -> Iterator[Block]:
    for inner in part:
        name = name_of(inner)
        count.number += name in ("h", "p")
        where = f"paragraph {count.number}"
        if name == "h":
            level = inner.get(f"{_TEXT}outline-level") or "1"
            yield Block("heading", _words(inner).strip(), int(level) if level.isdecimal() else 1, where=where)
        elif name == "p":
            if html := _words(inner).strip():
                yield Block("item" if depth >= 0 else "paragraph", html, max(depth, 0), where=where)
        elif name == "list" and depth < 60:
            yield from _blocks(inner, count, depth + 1)
        elif name == "table":
            yield Block(
                "table", level=int(any(True for _found in children(inner, "table-header-rows"))), rows=_rows(inner), where=f"table at paragraph {count.number}"
            )
        elif name in ("list-item", "section", "list-header", "index-body") or (name == "frame" and depth < 0):
            yield from _blocks(inner, count, depth)


def _rows(table: Element) -> list[list[str]]:
    rows = []
    for row in all_of(table, "table-row"):
        cells: list[str] = []
        for cell in children(row, "table-cell", "covered-table-cell"):
            html = "<br>".join(words for part in all_of(cell, "p", "h") if (words := _words(part).strip()))
            many = cell.get(f"{_TABLE}number-columns-repeated") or "1"
            cells += [html] * (min(int(many), MOST_REPEATED) if many.isdecimal() and len(many) < 9 else 1)
        rows.append(cells[:MOST_REPEATED])
    return rows


def _slide(page: Element, number: int) -> Iterator[Block]:
    where = f"slide {number}"
    frames = list(children(page, "frame", "custom-shape"))
    titled = [frame for frame in frames if frame.get(_CLASS) == "title"]
    title = " ".join(_words(part) for frame in titled for part in all_of(frame, "p")).strip()
    yield Block("heading", title or f"Slide {number}", 2, where=where)
    for frame in frames:
        if frame in titled:
            continue
        for box in [*children(frame, "text-box"), *([frame] if name_of(frame) == "custom-shape" else [])]:
            for block in _blocks(box, _Count()):
                block.where = where
                yield block
        for table in children(frame, "table"):
            yield Block("table", rows=_rows(table), where=where)
        for picture in children(frame, "image"):
            if target := picture.get(f"{_XLINK}href") or "":
                yield Block("paragraph", f'<img src="{escape(safe_name(target))}">', where=where)


def _words(part: Element) -> str:
    out = [escape(part.text or "", quote=False)]
    for inner in part:
        name = name_of(inner)
        if name == "s":
            many = inner.get(f"{_TEXT}c") or "1"
            out.append(" " * (min(int(many), 100) if many.isdecimal() and len(many) < 6 else 1))
        elif name == "line-break":
            out.append("<br>")
        elif name == "tab":
            out.append("\t")
        elif name == "image":
            target = inner.get(f"{_XLINK}href") or ""
            out.append(f'<img src="{escape(safe_name(target))}">' if target and "://" not in target else "")
        elif name not in ("note", "annotation", "tracked-changes", ""):
            out.append(_words(inner))
        out.append(escape(inner.tail or "", quote=False))
    return "".join(out)
