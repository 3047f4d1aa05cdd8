"""Plain lines as HTML and back: paragraphs, line breaks, and lists by their bullets and indents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

BULLETS = "•◦▪▫‣●○∙⁃■□➢➤"
DEEPEST = 12  # a list nested deeper than this is an attack or an accident
_BULLET = re.compile(rf"^([ \t\u00a0]*)([{BULLETS}])(?:[ \t\u00a0]+(.*)|)$")
_DASH = re.compile(r"^([ \t\u00a0]*)([-–*])[ \t\u00a0]+(\S.*)$")
_EDGES = " \t\u00a0"
_LINE_SEPARATORS = str.maketrans({"\u2028": "\n", "\u0085": "\n", "\x0b": "\n", "\x0c": "\n", "\u2029": "\n\n"})
# What survives as lines: a field of other tags cannot be written as plain text without loss.
PLAIN_TAGS = frozenset(("p", "div", "br", "ul", "li"))
_NO_TAG = re.compile(r"""<(?!(?:/?[a-z](?:[^<>]*|[^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*)|\?[^<>]*|!doctype[^<>]*)>)""", re.IGNORECASE)
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9:-]*)")


def html_of(text: str) -> str:
    """Plain lines as HTML. One paragraph alone stays bare; a blank line parts two; bullets become nested lists."""
    lines = text.translate(_LINE_SEPARATORS).split("\n") if not text.isprintable() else [text]
    if len(lines) == 1 and not _BULLET.match(lines[0]):
        return escape(lines[0].strip(_EDGES), quote=False)
    return _Shape().of(lines)


@dataclass(slots=True)
class _Item:
    indent: int
    lines: list[str]


@dataclass(slots=True)
class _Shape:
    """Gathers lines into blocks: a paragraph is a list of lines, a list is a list of items."""

    blocks: list[list[str] | list[_Item]] = field(default_factory=list)
    fresh: bool = True  # a blank line came last

    def of(self, lines: list[str]) -> str:
        for at, line in enumerate(lines):
            self._take(line.rstrip(_EDGES), lines, at)
        paragraphs = len(self.blocks) > 1
        return "".join(_list(block) if block and isinstance(block[0], _Item) else _paragraph(block, marked=paragraphs) for block in self.blocks)  # type: ignore[arg-type]

    def _take(self, line: str, lines: list[str], at: int) -> None:
        words = line.strip(_EDGES)
        if not words:
            self.fresh = True
            return
        found = _BULLET.match(line) or (_DASH.match(line) if _is_dashed(lines, at) else None)
        last = self.blocks[-1] if self.blocks else None
        item = last[-1] if last and isinstance(last[-1], _Item) else None
        if found:
            self._add_item(_Item(_width(found[1]), [(found[3] or "").strip(_EDGES)]), in_list=item is not None)
        elif item is not None and (not item.lines[-1] or (not self.fresh and _width(line[: len(line) - len(line.lstrip(_EDGES))]) > item.indent)):
            item.lines.append(words)
        elif last is not None and item is None and not self.fresh:
            last.append(words)  # type: ignore[arg-type]
        else:
            self.blocks.append([words])
        self.fresh = False

    def _add_item(self, item: _Item, *, in_list: bool) -> None:
        if in_list:
            self.blocks[-1].append(item)  # type: ignore[arg-type]
        else:
            self.blocks.append([item])


def _is_dashed(lines: list[str], at: int) -> bool:
    """Two lines in a row that begin with the same dash are a list; one alone may be a minus, an aside, a speaker."""
    own = _DASH.match(lines[at])
    if not own:
        return False
    beside = [_DASH.match(lines[near]) for near in (at - 1, at + 1) if 0 <= near < len(lines)]
    return any(found and found[2] == own[2] for found in beside)


def _width(indent: str) -> int:
    return len(indent.expandtabs(4))


def _paragraph(lines: list[str], *, marked: bool) -> str:
    inner = "<br>".join(escape(line, quote=False) for line in lines)
    return f"<p>{inner}</p>" if marked else inner


def _list(items: list[_Item]) -> str:
    """Items as nested lists: deeper where they stand further in than the open one."""
    out: list[str] = []
    open_at: list[int] = []
    for item in items:
        while len(open_at) > 1 and item.indent < open_at[-1] and item.indent <= open_at[-2]:
            open_at.pop()
            out.append("</li></ul>")
        if not open_at or (item.indent > open_at[-1] and len(open_at) < DEEPEST):
            open_at.append(item.indent)
            out.append("<ul>")
        else:
            if item.indent < open_at[-1]:
                open_at[-1] = item.indent
            out.append("</li>")
        out.append("<li>" + "<br>".join(escape(line, quote=False) for line in item.lines if line))
    out.append("</li></ul>" * len(open_at))
    return "".join(out)


def is_plain(html: str) -> bool:
    """Whether a field can be written as plain lines and read back without loss."""
    return "<" not in html or all(tag.lower() in PLAIN_TAGS for tag in _TAG.findall(html))


def lines_of(html: str) -> str:
    """HTML as plain lines: what ``html_of`` makes of them is the same again, but for marks that plain text lacks."""
    if "<" not in html and "&" not in html and "\n" not in html:
        return html.strip(_EDGES)
    reader = _Lines()
    reader.feed(in_one_pass(html))
    reader.close()
    return reader.text()


def spans_out(html: str, opening: str, closing: str, instead: Callable[[str], str] = lambda _span: "") -> str:
    """A text without what stands from each ``opening`` to its ``closing``, whatever their case. What is never closed stays; looking for it takes no time."""
    lowered = html.lower()
    if len(lowered) != len(html) or opening not in lowered:  # a few letters are two in lower case
        lowered = html
    out, at = list[str](), 0
    while (begin := lowered.find(opening, at)) >= 0 and (end := lowered.find(closing, begin + len(opening))) >= 0:
        end += len(closing)
        out += (html[at:begin], instead(html[begin:end]))
        at = end
    return "".join((*out, html[at:]))


def in_one_pass(html: str) -> str:
    """The same HTML for a parser that looks to the very end for what closes each sign: what begins no whole tag is a sign of text."""
    return _NO_TAG.sub("&lt;", spans_out(html, "<!--", "-->")) if "<" in html else html


class _Lines(HTMLParser):
    """Reads HTML into lines; a paragraph leaves a blank line behind, a list item begins with its bullet."""

    BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "section", "article", "figure", "dl", "hr"))
    LINES = frozenset(("tr", "dt", "dd"))
    UNREAD = frozenset(("script", "style", "template"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.lists: list[list[int]] = []  # of each open list: -1 for bullets, else the number of its last item
        self.items = 0  # open items
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in self.UNREAD:
            self.unread += 1
        elif tag == "br":
            self._line()
        elif tag in ("ul", "ol"):
            self._line(only_if_filled=True)
            self.lists.append([0 if tag == "ol" else -1])
        elif tag == "li":
            self._begin_item()
        elif tag in self.BLOCKS:
            self._part()
        elif tag in self.LINES:
            self._line(only_if_filled=True)
        elif tag in ("td", "th") and self.lines[-1].strip():
            self.lines[-1] += "  "
        elif tag == "img":
            self._say(said.get("alt") or (said.get("src") or "").rsplit("/", 1)[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag in self.UNREAD:
            self.unread = max(0, self.unread - 1)
        elif tag in ("ul", "ol"):
            if self.lists:
                self.lists.pop()
            self._part() if not self.lists else self._line(only_if_filled=True)
        elif tag == "li":
            self.items = max(0, self.items - 1)
        elif tag in self.BLOCKS:
            self._part()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self._say(re.sub(r"[ \t]*[\r\n]+[ \t]*", " ", data))

    def _say(self, words: str) -> None:
        line = self.lines[-1]
        self.lines[-1] = line + (words.lstrip(" ") if not line or line.isspace() else words)

    def _begin_item(self) -> None:
        self._line(only_if_filled=True)
        depth = max(0, min(len(self.lists), DEEPEST) - 1)
        mark = "•"
        if self.lists and self.lists[-1][0] >= 0:
            self.lists[-1][0] += 1
            mark = f"{self.lists[-1][0]}."
        self.lines[-1] = f"{'  ' * depth}{mark} "
        self.items += 1

    def _line(self, *, only_if_filled: bool = False) -> None:
        if only_if_filled and not self.lines[-1].strip():
            self.lines[-1] = ""
            return
        self.lines.append("  " * min(len(self.lists), DEEPEST) if self.items and self.lists else "")

    def _part(self) -> None:
        """A new paragraph; inside a list only a new line."""
        if self.lists:
            if not re.fullmatch(rf"\s*(?:[{BULLETS}]|\d+\.)?\s*", self.lines[-1]):
                self._line()
            return
        self._line(only_if_filled=True)
        if len(self.lines) > 1 and self.lines[-2:] != ["", ""] and any(line.strip() for line in self.lines):
            self.lines += [""] if self.lines[-1] == "" and self.lines[-2] != "" else []

    def text(self) -> str:
        shown: list[str] = []
        for line in (line.rstrip(_EDGES) for line in self.lines):
            if line or (shown and shown[-1]):
                shown.append(line if _BULLET.match(line) or line.startswith("  ") else line.strip(_EDGES))
        return "\n".join(shown).strip("\n")
