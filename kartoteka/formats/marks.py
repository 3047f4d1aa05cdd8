"""Markdown as HTML and back: formulas are taken out first, links of note programs made plain, and size is bounded."""

from __future__ import annotations

import re
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kartoteka.formats.boxes import safe_name
from kartoteka.formats.prose import DEEPEST, html_of, in_one_pass, spans_out

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MOST_SIGNS = 65_536  # of one side; a longer one is shown as plain lines
MOST_BRACKETS = 1_500  # markdown-it takes a second for 5,000 that never close
MOST_STARS = 4_000
_MATH = re.compile(
    r"\$\$(.{1,4000}?)\$\$|(?<![\\$\w])\$(?=[^\s$])([^$\n]{1,1000}?)(?<=[^\s\\])\$(?!\d)|\\\(((?:(?!\\\().){1,2000}?)\\\)|(?<!\\)\\\[((?:(?!(?<!\\)\\\[).){1,4000}?)\\\]",
    re.S,
)
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]{1,500}`", re.S)
_EMBED = re.compile(r"!\[\[([^\[\]\n|]{1,300})(?:\|[^\[\]\n]{0,100})?\]\]")
_LINK = re.compile(r"\[\[([^\[\]\n|]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_TAKEN = re.compile("\ue000(\\d+)\ue001")
_SPECIAL = re.compile(r"[*_`#>|~\[\]()!$\\{}=<&:\n]|^\s*(?:[-+]|\d+[.)])\s|https?:", re.M)
_ONE_PARAGRAPH = re.compile(r"\A<p>((?:(?!</?p>).)*)</p>\Z", re.S)
_PICTURE = re.compile(r'<img src="([^"<>]{1,1000})"')
_HIGHLIGHT = re.compile(r"(?<!=)==(?=\S)([^=\n]{1,2000}?)(?<=\S)==(?!=)")
_SOUNDS = ("mp3", "ogg", "oga", "opus", "wav", "m4a", "flac", "aac")


@cache
def _reader(breaks: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not at every start, and not in a child that reads something else

    return MarkdownIt("commonmark", {"html": True, "breaks": breaks, "maxNesting": 20}).enable(["table", "strikethrough"])


def html_of_markdown(text: str, *, breaks: bool = True) -> str:
    """A side written in Markdown, as HTML. One paragraph alone stays bare. ``breaks``: a line break is one, as note programs show it."""
    text = text.strip("\n").rstrip()
    if not _SPECIAL.search(text):
        return escape(text.strip(), quote=False)
    if len(text) > MOST_SIGNS or text.count("[") + text.count("!") > MOST_BRACKETS or sum(map(text.count, "*_`<~")) > MOST_STARS:
        return html_of(text)
    text, kept = _taken_out(text.replace("\ue000", "").replace("\ue001", ""))
    text = _EMBED.sub(_embedded, text)
    text = _LINK.sub(lambda found: found[2] or found[1], text)
    text = _HIGHLIGHT.sub(r"<mark>\1</mark>", text)
    try:
        html = str(_reader(breaks).render(text)).strip()
    except RecursionError:
        return html_of(text)
    html = re.sub(r">\n<", "><", html).replace("<br />\n", "<br>").replace("<br />", "<br>")
    html = _PICTURE.sub(lambda found: found[0] if "://" in found[1] else f'<img src="{escape(safe_name(unquote(unescape(found[1]))))}"', html)
    html = _ONE_PARAGRAPH.sub(r"\1", html)
    return _TAKEN.sub(lambda found: kept[int(found[1])] if int(found[1]) < len(kept) else "", html)


def _taken_out(text: str) -> tuple[str, list[str]]:
    """The text with marks where its formulas stood, and the formulas; what stands in code is none."""
    kept: list[str] = []

    def formula(found: re.Match[str]) -> str:
        block = found[1] if found[1] is not None else found[4]
        tex = block if block is not None else found[2] if found[2] is not None else found[3]
        kept.append((r"\[{}\]" if block is not None else r"\({}\)").format(escape(tex.strip(), quote=False)))
        return f"\ue000{len(kept) - 1}\ue001"

    if "$" not in text and "\\(" not in text and "\\[" not in text:
        return text, kept
    out, at = [], 0
    for code in _CODE.finditer(text):
        out += [_MATH.sub(formula, text[at : code.start()]), code[0]]
        at = code.end()
    out.append(_MATH.sub(formula, text[at:]))
    return "".join(out), kept


def _embedded(found: re.Match[str]) -> str:
    name = found[1].split("#")[0].strip()
    return f"[sound:{name}]" if name.rsplit(".", 1)[-1].lower() in _SOUNDS else f'<img src="{escape(name)}">'


def masked(text: str) -> str:
    """The same text, as long, with code, formulas and addresses made of spaces: what separates sides never stands in them."""
    for pattern in (_CODE, _MATH, re.compile(r"https?://\S+")):
        if pattern.search(text):
            text = pattern.sub(lambda found: _spaces(found[0]), text)
    return spans_out(text, "<!--", "-->", _spaces)


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


# HTML as Markdown.


def markdown_of(html: str) -> str:
    """HTML as Markdown that reads back the same: what Markdown lacks stays HTML, which Markdown allows."""
    if "<" not in html and "&" not in html:
        return _escaped(html.strip())
    writer = _Writer()
    writer.feed(in_one_pass(html))
    writer.close()
    return writer.text()


_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "s": "~~", "del": "~~", "mark": "=="}
_BLOCKS = frozenset(("p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"))
_WHOLE = frozenset(("table", "pre", "ol", "audio", "ruby", "dl", "math"))
_MUST_ESCAPE = re.compile(r"([\\`*_\[\]<>~]|==)")
_LINE_START = re.compile(r"^([^\S\n]*(?:\d+(?=[.)]))?)([-+.)]|#{1,6})(?=\s|$)", re.M)
_LETTERED_LINE = re.compile(r"^(\s*[QAC]):", re.M)


def _escaped(text: str) -> str:
    """Words that Markdown would take for marks, written so that it does not; formulas stay as they are."""
    out, at = [], 0
    for found in _MATH.finditer(text):
        out += [_MUST_ESCAPE.sub(r"\\\1", text[at : found.start()]), found[0]]
        at = found.end()
    out.append(_MUST_ESCAPE.sub(r"\\\1", text[at:]))
    return _LETTERED_LINE.sub(r"\1&#58;", _LINE_START.sub(r"\1\\\2", "".join(out)))


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.lists = 0
        self.raw = 0  # open elements that are written as they are
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if self.raw or tag in _WHOLE:
            self.raw += tag in _WHOLE
            if self.raw == 1 and tag in _WHOLE and tag in ("table", "pre", "ol", "dl"):
                self._part()
            self.out.append(self.get_starttag_text() or "")
        elif tag == "br":
            self.out.append("<br>" if self.lists else "\\\n")
        elif tag in _MARKS:
            self.out.append(_MARKS[tag])
        elif tag == "ul":
            self._part() if not self.lists else None
            self.lists += 1
        elif tag == "li" and self.lists:
            self._line()
            self.out.append("    " * (min(self.lists, DEEPEST) - 1) + "- ")
        elif tag in _BLOCKS:
            self._part() if not self.lists else None
        elif tag == "img":
            self.out.append(f"![{_escaped(said.get('alt') or '')}](<{(said.get('src') or '').replace('<', '').replace('>', '')}>)")
        elif tag == "a" and said.get("href"):
            self.links.append(said["href"] or "")
            self.out.append("[")
        elif tag not in ("span", "font"):
            self.out.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.raw:
            self.raw -= tag in _WHOLE
            self.out.append(f"</{tag}>")
            if not self.raw and tag in ("table", "pre", "ol", "dl"):
                self._part()
        elif tag in _MARKS:
            self.out.append(_MARKS[tag])
        elif tag == "ul":
            self.lists = max(0, self.lists - 1)
            self._part() if not self.lists else None
        elif tag in _BLOCKS:
            self._part() if not self.lists else None
        elif tag == "a":
            self.out.append(f"](<{self.links.pop()}>)" if self.links else "")
        elif tag not in ("span", "font", "li", "img", "br"):
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.raw:
            self.out.append(escape(data, quote=False))
        else:
            self.out.append(_escaped(re.sub(r"\s*\n\s*", " ", data)))

    def _line(self) -> None:
        if self.out and not "".join(self.out[-3:]).endswith("\n"):
            self.out.append("\n")

    def _part(self) -> None:
        if self.out:
            self.out.append("\n\n")

    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "".join(self.out)).strip()
