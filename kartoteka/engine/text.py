"""Clean HTML in plain words: lines with their bullets, and words made comparable."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

SOUND = re.compile(r"\[(?:sound|anki:tts)[^\]]{0,400}\]")
CLOZE = re.compile(r"\{\{c(\d{1,9}(?:,\d{1,9})*)::")
_CLOZE_TOKEN = re.compile(r"\{\{c(\d{1,9}(?:,\d{1,9})*)::|\}\}|::")
MOST_BLANKS = 500
RAISED_PARTS = 8  # an exponent of more pieces than this stays as it is written
_SPACE = re.compile(r"[\s\u200b\u2060\ufeff]+")
# fmt: off
_BLOCKS = frozenset((
    "p", "div", "section", "article", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "ul", "ol", "li", "dl", "dt", "dd", "hr",
    "figure", "figcaption", "details", "summary",
))
# fmt: on
_UNREAD = frozenset(("script", "style", "template", "rp"))
_PICTURED = frozenset(("img", "audio", "video", "math", "svg", "object"))
_VOID = frozenset(("br", "hr", "img", "source", "track", "wbr", "col"))
_RAISED = dict(zip("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎", strict=True))
_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´＇", "'"),
        **dict.fromkeys("“”„‟″«»‹›「」『』＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        "\u00ad": None,
        "\u200c": None,
        "\u200d": None,
        "…": "...",
    }
)
_ENDS = " .!?;:,…。！？、"


@dataclass(slots=True)
class Line:
    """One line of a text. ``depth`` 0: outside lists; ``marker``: what stands before it; ``bullet``: the list item it belongs to, 0 for none."""

    depth: int = 0
    marker: str = ""
    bullet: int = 0
    words: bool = False  # holds words of its own, not only a picture, a sound or a formula
    pictured: bool = False
    text: str = ""
    parts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A tag that is open: where its text began, and for lists the number of the last item."""

    tag: str
    since: int = 0
    count: int = 0
    bullet: int = 0
    said: str = ""
    readings: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads clean HTML once, into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = [Line()]
        self.open: list[_Open] = []
        self.lists: list[_Open] = []
        self.opened: Counter[str] = Counter()
        self.bullets = 0
        self.unread = 0
        self.math: list[str] | None = None
        self.tex: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _PICTURED:
            self.lines[-1].pictured = True
        if tag in _BLOCKS:
            self._break()
        if tag == "br":
            self._break()
        elif tag == "img":
            self._add(f" {said.get('alt') or ''} ", words=False)
        if tag in _VOID:
            return
        opened = _Open(tag, len(self.lines[-1].parts), bullet=self._bullet())
        if tag == "li":
            self._begin_item(opened)
        elif tag == "math":
            self.math, opened.said = [], said.get("alttext") or ""
        elif tag == "annotation" and "tex" in (said.get("encoding") or ""):
            self.tex = []
        elif tag == "rt":
            opened.since = len(self.lines[-1].parts)
        elif tag in ("td", "th") and "".join(self.lines[-1].parts).strip():
            self._add(" | ", words=False)
        if tag in _UNREAD:
            self.unread += 1
        self.open.append(opened)
        self.opened[tag] += 1
        if tag in ("ul", "ol"):
            self.lists.append(opened)

    def handle_endtag(self, tag: str) -> None:
        while self.opened[tag]:
            closed = self.open.pop()
            self._close(closed)
            if closed.tag == tag:
                break

    def _close(self, closed: _Open) -> None:
        parts = self.lines[-1].parts
        self.opened[closed.tag] -= 1
        if closed.tag in ("ul", "ol"):
            self.lists.pop()
        if closed.tag in _UNREAD:
            self.unread -= 1
        if closed.tag == "math" and self.math is not None:
            words = closed.said or ("".join(self.tex) if self.tex else "".join(self.math))
            self.math = self.tex = None
            self._add(f" {words} ", words=False)
        elif closed.tag == "rt":
            ruby = next((o for o in reversed(self.open) if o.tag == "ruby"), None)
            if ruby:
                ruby.readings.append("".join(parts[closed.since :]).strip())
                del parts[closed.since :]
        elif closed.tag == "ruby" and any(closed.readings):
            self._add(f"({''.join(closed.readings)})")
        elif closed.tag in ("sup", "sub"):
            signs = _RAISED if closed.tag == "sup" else _LOWERED
            inside = "".join(parts[closed.since : closed.since + RAISED_PARTS])
            if inside and len(parts) - closed.since <= RAISED_PARTS and all(c in signs for c in inside):
                parts[closed.since :] = ["".join(signs[c] for c in inside)]
        if closed.tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self.tex is not None and self.open and self.open[-1].tag == "annotation":
            self.tex.append(data)
        elif self.math is not None:
            self.math.append(data.strip())
        elif not self.unread:
            self._add(data)

    def _bullet(self) -> int:
        return self.open[-1].bullet if self.open else 0

    def _begin_item(self, opened: _Open) -> None:
        lists = self.lists
        self.bullets += 1
        opened.bullet = self.bullets
        line = self.lines[-1]
        line.depth, line.bullet, line.marker = max(1, len(lists)), self.bullets, "•"
        if lists and lists[-1].tag == "ol":
            lists[-1].count += 1
            line.marker = f"{lists[-1].count}."

    def _add(self, words_or_alt: str, *, words: bool = True) -> None:
        line = self.lines[-1]
        line.parts.append(words_or_alt)
        if words and not line.words and any(c.isalnum() for c in SOUND.sub("", words_or_alt)):
            line.words = True

    def _break(self) -> None:
        line = self.lines[-1]
        if line.pictured or "".join(line.parts).strip():
            self.lines.append(Line(len(self.lists), "", self._bullet()))
        else:
            line.depth, line.bullet, line.marker = (
                len(self.lists),
                self._bullet(),
                line.marker if line.bullet == self._bullet() else "",
            )
            line.parts.clear()


def blanks_of(text: str) -> tuple[str, list[tuple[int, str]]]:
    """A text with its blanks filled (``{{c1::Paris::city}}`` reads ``Paris``), and (number, filling) of each blank."""
    if "{{c" not in text:
        return text, []
    out: list[str] = []
    open_blanks: list[tuple[str, int]] = []
    found: list[tuple[int, str]] = []
    at, hinting, last_end = 0, False, text.rfind("}}")
    for token in _CLOZE_TOKEN.finditer(text):
        if not hinting:
            out.append(text[at : token.start()])
        at = token.end()
        if token.group() == "}}" and open_blanks:
            hinting = False
            numbers, began = open_blanks.pop()
            filling = "".join(out[began:]) if len(found) < MOST_BLANKS else ""
            found.extend((int(number), filling) for number in numbers.split(",") if filling)
        elif hinting:
            continue
        elif token.group(1):
            open_blanks.append((token.group(1), len(out)))
        elif token.group() == "::" and open_blanks and token.start() < last_end:
            hinting = True
        else:
            out.append(token.group())
    out.append(text[at:])
    return "".join(out), found


def unclozed(text: str) -> str:
    """A text with its blanks filled."""
    return blanks_of(text)[0]


def lines_of(html: str) -> list[Line]:
    """The lines of clean HTML that hold something, with their bullets."""
    reader = _Reader()
    reader.feed(unclozed(html))
    reader.close()
    while reader.open:
        reader._close(reader.open.pop())
    for line in reader.lines:
        sounded = SOUND.sub(" ", "".join(line.parts))
        line.pictured = line.pictured or bool(SOUND.search("".join(line.parts)))
        line.text = _SPACE.sub(" ", sounded).strip()
    return [line for line in reader.lines if line.text or line.pictured]


@lru_cache(maxsize=4096)
def plain(html: str) -> str:
    """Clean HTML in plain words: a line a block, list items as “• ”, nested ones indented, pictures as their alternative text."""
    if "<" not in html and "&" not in html and "[" not in html and "{{" not in html:
        return _SPACE.sub(" ", html).strip()
    shown: list[str] = []
    for line in lines_of(html):
        if line.text:
            indent = "  " * (line.depth - 1)
            shown.append(f"{indent}{line.marker} {line.text}" if line.marker else f"{indent}  {line.text}" if line.depth else line.text)
    return "\n".join(shown)


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Words made comparable: NFKC, case-folded, quotes and dashes as ASCII, single spaces, no punctuation at the end."""
    folded = unicodedata.normalize("NFKC", text.translate(_MARKS)).casefold().translate(_MARKS)
    bare = _SPACE.sub(" ", unicodedata.normalize("NFKC", folded)).strip()
    return bare.rstrip(_ENDS) or bare
