"""Word documents as pieces: headings by their style, lists, tables, paragraphs, with bold, italics and formulas."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.boxes import Box, safe_name
from kartoteka.formats.choosing import Block
from kartoteka.formats.markup import Element, all_of, child, children, name_of, text_of, tree_of

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def blocks_in(box: Box, findings: Findings) -> Iterator[Block]:
    document = next((name for name in ("word/document.xml", "word/document2.xml") if box.has(name)), "word/document.xml")
    root = tree_of(box.read(document), Said("a Word document"), findings)
    reader = _Reader(_linked(box, document, findings), _styles(box, findings))
    body = child(root, "body")
    if body is not None:
        yield from reader.blocks(body)


def pictures_in(box: Box) -> dict[str, str]:
    return {safe_name(name): name for name in box.names if name.startswith("word/media/")}


def _linked(box: Box, document: str, findings: Findings) -> dict[str, str]:
    """Pictures by the id that the document calls them."""
    name = document.replace("word/", "word/_rels/") + ".rels"
    if not box.has(name):
        return {}
    found = tree_of(box.read(name, 5_000_000), Said("a Word document"), findings)
    return {relation.get("Id") or "": relation.get("Target") or "" for relation in found if relation.get("TargetMode") != "External"}


def _styles(box: Box, findings: Findings) -> dict[str, int]:
    """The level of each style that is a heading: by its outline level, else by its name in English."""
    levels: dict[str, int] = {}
    if not box.has("word/styles.xml"):
        return levels
    for style in children(tree_of(box.read("word/styles.xml"), Said("a Word document"), findings), "style"):
        id = style.get(f"{_W}styleId") or ""
        named = child(style, "name")
        name = (named.get(f"{_W}val") or "").lower() if named is not None else ""
        outline = child(style, "pPr", "outlineLvl")
        if outline is not None and (outline.get(f"{_W}val") or "").isdecimal():
            levels[id] = int(outline.get(f"{_W}val") or 0) + 1
        elif name.startswith("heading ") and name[8:].isdecimal():
            levels[id] = int(name[8:])
        elif name == "title":
            levels[id] = 1
    return {id: level for id, level in levels.items() if level < 10}


class _Reader:
    def __init__(self, linked: dict[str, str], levels: dict[str, int]) -> None:
        self.linked, self.levels = linked, levels
        self.number = 0

    def blocks(self, body: Element) -> Iterator[Block]:
        for part in body:
            name = name_of(part)
            if name == "p":
                yield from self._paragraph(part)
            elif name == "tbl":
                yield self._table(part)
            elif name in ("sdt", "sdtContent", "smartTag", "customXml", "ins"):
                yield from self.blocks(part)

    def _paragraph(self, part: Element) -> Iterator[Block]:
        self.number += 1
        html = self.words(part).strip()
        if not html:
            return
        properties = child(part, "pPr")
        style = child(properties, "pStyle")
        named = style.get(f"{_W}val") or "" if style is not None else ""
        numbered = child(properties, "numPr", "ilvl")
        where = f"paragraph {self.number}"
        if named in self.levels:
            yield Block("heading", html, self.levels[named], where=where)
        elif child(properties, "numPr") is not None or named.lower().startswith("list"):
            level = (numbered.get(f"{_W}val") or "0") if numbered is not None else "".join(sign for sign in named if sign.isdigit()) or "1"
            depth = int(level) - (numbered is None) if level.isdecimal() else 0
            yield Block("item", html, max(0, depth), where=where)
        else:
            yield Block("paragraph", html, where=where)

    def _table(self, table: Element) -> Block:
        self.number += 1
        rows: list[list[str]] = []
        for row in children(table, "tr"):
            cells: list[str] = []
            for cell in children(row, "tc"):
                merged = child(cell, "tcPr", "vMerge")
                goes_on = merged is not None and (merged.get(f"{_W}val") or "continue") == "continue"
                html = "<br>".join(words for part in all_of(cell, "p") if (words := self.words(part).strip()))
                cells.append(rows[-1][len(cells)] if goes_on and rows and len(cells) < len(rows[-1]) else html)
            rows.append(cells)
        heads = any(True for row in list(children(table, "tr"))[:1] for _found in all_of(row, "tblHeader"))
        return Block("table", level=int(heads), rows=rows, where=f"table at paragraph {self.number}")

    def words(self, part: Element) -> str:
        """A paragraph's words with what is bold, italic, above and below the line; deleted words stay out."""
        out: list[str] = []
        for inner in part:
            name = name_of(inner)
            if name == "r":
                out.append(self._run(inner))
            elif name in ("oMath", "oMathPara"):
                out.append(escape(text_of(inner), quote=False))
            elif name not in ("pPr", "del", "moveFrom", ""):
                out.append(self.words(inner))
        return "".join(out).replace("</b><b>", "").replace("</i><i>", "")

    def _run(self, run: Element) -> str:
        out: list[str] = []
        for inner in run:
            name = name_of(inner)
            if name == "t":
                out.append(escape(inner.text or "", quote=False))
            elif name in ("br", "cr"):
                out.append("<br>")
            elif name == "tab":
                out.append("\t")
            elif name in ("drawing", "pict"):
                out += [self._picture(found) for found in all_of(inner, "blip", "imagedata")]
        html = "".join(out)
        if not html.strip():
            return html
        properties = child(run, "rPr")
        for sign, tag in (("b", "b"), ("i", "i")):
            found = child(properties, sign)
            if found is not None and (found.get(f"{_W}val") or "1") not in ("0", "false"):
                html = f"<{tag}>{html}</{tag}>"
        raised = child(properties, "vertAlign")
        if raised is not None and (script := {"superscript": "sup", "subscript": "sub"}.get(raised.get(f"{_W}val") or "")):
            html = f"<{script}>{html}</{script}>"
        return html

    def _picture(self, found: Element) -> str:
        target = self.linked.get(found.get(f"{_R}embed") or found.get(f"{_R}id") or "", "")
        return f'<img src="{escape(safe_name(target))}">' if target else ""
