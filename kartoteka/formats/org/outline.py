"""Org files as headings with their tags, properties, drawers and bodies; broken drawers are read as far as they go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from kartoteka.formats.base import Said

DEEPEST = 60
_HEADING = re.compile(r"^(\*+)[ \t]+(.*?)(?:[ \t]+(:[\w@#%:]+:))?[ \t]*$")
_DRAWER = re.compile(r"^[ \t]*:([\w-]+):[ \t]*$")
_PROPERTY = re.compile(r"^[ \t]*:([\w+-]+):[ \t]*(.*?)[ \t]*$")
_PLANNING = re.compile(r"^[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):")
_KEYWORD = re.compile(r"^#\+(\w+):[ \t]*(.*?)[ \t]*$")
_TODO = re.compile(r"^(?:TODO|DONE|NEXT|WAITING)[ \t]+")


@dataclass(slots=True)
class Heading:
    """A heading and what stands under it."""

    level: int
    title: str
    line: int
    tags: tuple[str, ...] = ()
    said: dict[str, str] = field(default_factory=dict)
    drawers: dict[str, list[str]] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    below: list[Heading] = field(default_factory=list)
    broken: str = ""
    own: tuple[str, ...] = ()

    def inherits(self, tag: str) -> bool:
        """Whether this tag is not its own, but of a heading above."""
        return tag not in self.own and tag in self.tags

    @property
    def text(self) -> str:
        return _dedented(self.body)


def headings_of(text: str) -> tuple[list[Heading], dict[str, str], tuple[str, ...]]:
    """The headings, each with all tags it inherits; what ``#+KEY:`` lines say; and the file's tags."""
    keywords: dict[str, str] = {}
    filed: list[str] = []
    roots: list[Heading] = []
    path: list[Heading] = []
    drawer, block = "", False
    for number, line in enumerate(text.split("\n"), start=1):
        found = _HEADING.match(line) if not block else None
        if found:
            if drawer and path:
                path[-1].broken = Said("The drawer :%(drawer)s: is not closed", drawer=drawer)
            drawer = ""
            level = min(len(found[1]), DEEPEST)
            while path and path[-1].level >= level:
                path.pop()
            own = tuple(tag for tag in (found[3] or "").split(":") if tag)
            heading = Heading(level, _TODO.sub("", found[2]), number, (*(path[-1].tags if path else ()), *own), own=own)
            (path[-1].below if path else roots).append(heading)
            path.append(heading)
        elif not path:
            if said := _KEYWORD.match(line):
                if said[1].upper() == "FILETAGS":
                    filed += [tag for tag in said[2].split(":") if tag.strip()]
                else:
                    keywords[said[1].upper()] = said[2]
        else:
            block = line.strip().lower().startswith("#+begin_") or (block and not line.strip().lower().startswith("#+end_"))
            drawer = _take(path[-1], line, drawer)
    if drawer and path:
        path[-1].broken = Said("The drawer :%(drawer)s: is not closed", drawer=drawer)
    return roots, keywords, tuple(dict.fromkeys(filed))


def _take(heading: Heading, line: str, drawer: str) -> str:
    """Gives a line to its heading; says which drawer is open after it."""
    if drawer:
        if line.strip().upper() == ":END:":
            return ""
        if drawer != "PROPERTIES" and line.strip() and not line.lstrip().startswith(("|", ":", "-")) and "REVIEW" in drawer:
            heading.broken = Said("The drawer :%(drawer)s: is not closed", drawer=drawer)
            heading.body.append(line)
            return ""
        if drawer == "PROPERTIES" and (found := _PROPERTY.match(line)):
            heading.said[found[1].upper()] = found[2]
        else:
            heading.drawers.setdefault(drawer, []).append(line)
        return drawer
    if (found := _DRAWER.match(line)) and found[1].upper() != "END":
        heading.drawers.setdefault(found[1].upper(), [])
        return found[1].upper()
    if not (_PLANNING.match(line) and not any(map(str.strip, heading.body))):
        heading.body.append(line)
    return ""


def _dedented(lines: list[str]) -> str:
    while lines and not lines[0].strip():
        lines = lines[1:]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines).strip()


# Org's own marks as HTML.

_MATH = re.compile(r"\\\(((?:(?!\\\().){1,2000}?)\\\)|(?<!\\)\\\[((?:(?!(?<!\\)\\\[).){1,4000}?)\\\]|\$\$(.{1,4000}?)\$\$", re.S)
_LINK = re.compile(r"\[\[([^\[\]\n]{1,1000})\](?:\[([^\[\]\n]{1,1000})\])?\]")
_MARK = re.compile(r"(?<![^\s({'\"\-])([*/_+=~])(?=\S)([^\n]{1,1000}?)(?<=\S)\1(?![^\s)}.,:;!?'\"\-])")
_TAGS = {"*": "b", "/": "i", "_": "u", "+": "s", "=": "code", "~": "code"}
_ITEM = re.compile(r"^([ \t]*)(?:[-+]|\d+[.)])[ \t]+(.*)$")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


def html_of(text: str) -> str:
    """Org text as HTML: paragraphs, lists, tables, code, marks, links, formulas."""
    out: list[str] = []
    lines = text.strip("\n").split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        if found := re.match(r"\s*#\+begin_(\w+)", line, re.I):
            end = next((other for other in range(at + 1, len(lines)) if re.match(r"\s*#\+end_", lines[other], re.I)), len(lines))
            inner = "\n".join(lines[at + 1 : end])
            out.append(
                f"<pre><code>{escape(inner, quote=False)}</code></pre>"
                if found[1].lower() in ("src", "example")
                else f"<blockquote>{_inline(inner)}</blockquote>"
            )
            at = end + 1
            continue
        kind = "table" if line.lstrip().startswith("|") else "list" if _ITEM.match(line) else "text"
        end = at + 1
        while end < len(lines) and lines[end].strip() and not re.match(r"\s*#\+begin_", lines[end], re.I):
            is_table, is_item = lines[end].lstrip().startswith("|"), bool(_ITEM.match(lines[end]))
            if (kind == "table") != is_table or (kind == "text" and is_item):
                break
            end += 1
        own = lines[at:end]
        out.append(_table(own) if kind == "table" else _list(own) if kind == "list" else f"<p>{_inline(chr(10).join(own))}</p>")
        at = end
    html = "".join(out)
    return html[3:-4] if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1 else html


def _table(lines: list[str]) -> str:
    rows = [line.strip().strip("|").split("|") for line in lines if not re.match(r"\s*\|-", line)]
    return "<table>" + "".join("<tr>" + "".join(f"<td>{_inline(cell.strip())}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if found := _ITEM.match(line):
            items.append(found[2])
        elif items:
            items[-1] += f"\n{line.strip()}"
    return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"


def _inline(text: str) -> str:
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\ue000{len(kept) - 1}\ue001"

    def formula(found: re.Match[str]) -> str:
        block = found[2] if found[2] is not None else found[3]
        return keep(rf"\[{escape(block, quote=False)}\]" if block is not None else rf"\({escape(found[1], quote=False)}\)")

    def link(found: re.Match[str]) -> str:
        target = found[1].removeprefix("file:")
        if target.lower().endswith(_PICTURES):
            return keep(f'<img src="{escape(target.rsplit("/", 1)[-1])}">')
        shown = escape(found[2] or found[1], quote=False)
        return keep(f'<a href="{escape(target)}">{shown}</a>' if target.startswith(("https://", "http://", "mailto:")) else shown)

    text = _LINK.sub(link, _MATH.sub(formula, text.replace("\ue000", "").replace("\ue001", "")))
    html = escape(text, quote=False)
    html = _MARK.sub(lambda found: f"<{_TAGS[found[1]]}>{found[2]}</{_TAGS[found[1]]}>", html)
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], html).replace("\n", "<br>")
