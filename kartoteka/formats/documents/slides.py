"""Presentations (PowerPoint, OpenDocument) as pieces: each slide's title with what stands below it, its notes as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.boxes import Box, safe_name
from kartoteka.formats.choosing import Block
from kartoteka.formats.markup import Element, all_of, child, children, name_of, text_of, tree_of

MOST_SLIDES = 2_000
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "ftr", "dt", "hdr")


def blocks_in(box: Box, findings: Findings) -> Iterator[Block]:
    numbered = sorted((int(found[1]), name) for name in box.names if (found := re.fullmatch(r"ppt/slides/slide(\d{1,6})\.xml", name)))
    for number, name in numbered[:MOST_SLIDES]:
        root = tree_of(box.read(name), Said("a presentation"), findings)
        linked = _linked(box, name, findings)
        yield from _slide(root, number, linked)
        notes = next((target for target in linked.values() if "notesSlide" in target), "")
        if notes and box.has(place := f"ppt/notesSlides/{notes.rsplit('/', 1)[-1]}"):
            told = tree_of(box.read(place), Said("a presentation"), findings)
            words = [html for shape in all_of(told, "sp") if _kind(shape) == "body" for html, _level in _paragraphs(shape)]
            if any(words):
                yield Block("paragraph", "<br>".join(f"<i>{html}</i>" for html in words if html), where=f"notes of slide {number}")


def pictures_in(box: Box) -> dict[str, str]:
    return {safe_name(name): name for name in box.names if name.startswith("ppt/media/")}


def _linked(box: Box, name: str, findings: Findings) -> dict[str, str]:
    place = name.replace("slides/", "slides/_rels/") + ".rels"
    if not box.has(place):
        return {}
    return {relation.get("Id") or "": relation.get("Target") or "" for relation in tree_of(box.read(place, 5_000_000), Said("a presentation"), findings)}


def _slide(root: Element, number: int, linked: dict[str, str]) -> Iterator[Block]:
    where = f"slide {number}"
    shapes = [shape for shape in all_of(root, "sp") if _kind(shape) not in _FURNITURE]
    titles = [shape for shape in shapes if _kind(shape) in _TITLES]
    title = " ".join(html for shape in titles for html, _level in _paragraphs(shape) if html)
    rest = [shape for shape in shapes if shape not in titles]
    yield Block("heading", title or (f"Slide {number}" if rest else ""), 2, where=where)
    for shape in rest:
        paragraphs = [(html, level) for html, level in _paragraphs(shape) if html]
        listed = len(paragraphs) > 1
        for html, level in paragraphs:
            yield Block("item" if listed else "paragraph", html, level, where=where)
    for table in all_of(root, "tbl"):
        rows = [["<br>".join(html for html, _level in _paragraphs(cell) if html) for cell in children(row, "tc")] for row in children(table, "tr")]
        yield Block("table", rows=rows, where=where)
    for picture in all_of(root, "blip"):
        if target := linked.get(picture.get(f"{_R}embed") or "", ""):
            yield Block("paragraph", f'<img src="{escape(safe_name(target))}">', where=where)


def _kind(shape: Element) -> str:
    place = child(shape, "nvSpPr", "nvPr", "ph")
    return "" if place is None else place.get("type") or "body"


def _paragraphs(shape: Element) -> Iterator[tuple[str, int]]:
    """Each paragraph's words and how deep it lies."""
    for paragraph in all_of(shape, "p"):
        properties = child(paragraph, "pPr")
        level = properties.get("lvl") or "0" if properties is not None else "0"
        yield "".join(_words(paragraph)).strip(), int(level) if level.isdecimal() else 0


def _words(paragraph: Element) -> Iterator[str]:
    for inner in paragraph:
        name = name_of(inner)
        if name in ("r", "fld"):
            words = escape(text_of(child(inner, "t")), quote=False)
            properties = child(inner, "rPr")
            bold = properties is not None and properties.get("b") == "1" and words.strip()
            yield f"<b>{words}</b>" if bold else words
        elif name == "br":
            yield "<br>"
