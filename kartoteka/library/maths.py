"""Formulas: taken out of a field before it is cleaned, and made into MathML of our own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from latex2mathml.converter import convert_to_element

from kartoteka.engine.formulas import linear

LONGEST = 2_000  # signs of one formula; a longer one is shown as it was written
MOST = 200  # formulas of one field
DEEPEST = 40  # braces within braces

_OPEN = re.compile(r"\\\(|\\\[|\[\$\$?\]|\[latex\]|(?<![\\$\w])\$\$?(?=[^\s$])", re.IGNORECASE)
_CLOSE = {r"\(": r"\)", r"\[": r"\]", "[$]": "[/$]", "[$$]": "[/$$]", "[latex]": "[/latex]", "$": "$", "$$": "$$"}
_BLOCKS = {r"\[", "[$$]", "$$"}
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)\b[^<>]*>")
_LINES = re.compile(r"<br\s*/?>|</(?:div|p)>", re.IGNORECASE)
_FORMATTING = {"br", "b", "i", "u", "em", "strong", "span", "div", "p", "font", "sub", "sup", "a", "wbr", "anki-mathjax"}
_CODE = re.compile(r"<(pre|code)\b", re.IGNORECASE)
_LOOKS_LIKE_MATHS = re.compile(r"[\\^_=<>+{}|*/]|&[lg]t;")
_WRAPS = re.compile(
    r"\A(?:\$\$(?P<a>.*)\$\$|\$(?P<b>.*)\$|\\\[(?P<c>.*)\\\]|\\begin\{(?P<n>equation\*?|displaymath|math)\}(?P<d>.*)\\end\{(?P=n)\})\Z", re.DOTALL
)
_CLOZE = re.compile(r"\{\{c\d")

_ELEMENTS = (
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd mstyle mpadded mphantom menclose "
    "mmultiscripts mprescripts none"
)
_SAID = (
    "accent accentunder columnalign columnlines columnspacing depth displaystyle fence form frame height largeop linethickness lspace mathcolor "
    "mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric width"
)
_TAGS, _ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_SAID.split())
_VALUE = re.compile(r"[A-Za-z0-9 .#%+-]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula where it stood: from ``start`` to ``end``; ``source`` as written, ``tex`` alone, ``block`` on a line of its own."""

    start: int
    end: int
    source: str
    tex: str
    block: bool

    @property
    def html(self) -> str:
        """MathML, else the formula as it was written."""
        return mathml(self.tex, block=self.block) or escape(unescape(_TAG.sub("", self.source)))


def formulas(html: str) -> Iterator[Formula]:
    """The formulas of a field, in order; none in code. Bounded: looking for an end never goes further than a formula may be long."""
    code = _code(html)
    at = found = 0
    while found < MOST and (opened := _OPEN.search(html, at)):
        sign = opened.group().lower()
        at = opened.end()
        end = html.find(_CLOSE[sign], at, at + LONGEST + 8)
        if end <= at or any(start < at < stop for start, stop in code):
            continue
        inside = html[at:end]
        if not _is_formula(sign, inside, html[end + len(_CLOSE[sign]) :][:1]):
            continue
        found, end = found + 1, end + len(_CLOSE[sign])
        tex = _tex(inside)
        yield Formula(opened.start(), end, html[opened.start() : end], tex, sign in _BLOCKS or (sign == "[latex]" and r"\begin{" in inside))
        at = end


def _is_formula(sign: str, inside: str, after: str) -> bool:
    if _CLOZE.search(inside) or {tag.lower() for tag in _TAG.findall(inside)} - _FORMATTING:
        return False
    if sign != "$":
        return bool(inside.strip())
    # Money is not mathematics: “$5 and $6” stays text.
    if inside[-1:].isspace() or inside[-1:] == "\\" or after.isdigit() or "\n" in inside or _TAG.search(inside):
        return False
    return " " not in inside or bool(_LOOKS_LIKE_MATHS.search(inside))


def _code(html: str) -> list[tuple[int, int]]:
    """Where code stands, in which nothing is a formula."""
    spans: list[tuple[int, int]] = []
    lowered = html.lower() if "<pre" in html.lower() or "<code" in html.lower() else ""
    at = 0
    while lowered and (opened := _CODE.search(html, at)):
        end = lowered.find(f"</{opened.group(1).lower()}", opened.end())
        spans.append((opened.start(), end if end >= 0 else len(html)))
        at = spans[-1][1]
        if end < 0:
            break
    return spans


def _tex(inside: str) -> str:
    tex = unescape(_TAG.sub("", _LINES.sub("\n", inside))).replace("\xa0", " ").strip()
    while wrapped := _WRAPS.match(tex):
        tex = next(part for name, part in wrapped.groupdict().items() if name != "n" and part is not None).strip()
    return tex


@lru_cache(maxsize=4096)
def mathml(tex: str, *, block: bool = False) -> str:
    """A formula as MathML, with its source as the words for those who hear it; empty where it cannot be read."""
    # What holds the end of a formula could not be written as one again.
    if not tex or len(tex) > LONGEST or _depth(tex) > DEEPEST or ("\\]" if block else "\\)") in tex:
        return ""
    try:
        root = convert_to_element(tex)
        shown = "".join(_written(child) for child in root)
    except (Exception, RecursionError):  # a library that reads what a stranger wrote may fail in any way
        return ""
    display = "block" if block else "inline"
    return f'<math display="{display}" alttext="{quoted(tex)}">{shown}</math>'


@lru_cache(maxsize=4096)
def read_out(text: str) -> str:
    """A plain text, such as a title, with its formulas as one reads them: “The parabola x²”."""
    out, at, html = "", 0, escape(text, quote=False)
    for formula in formulas(html) if "\\" in text or "$" in text else ():
        if drawn := mathml(formula.tex):
            out += unescape(html[at : formula.start]) + linear(ET.fromstring(drawn))  # noqa: S314  (our own)
            at = formula.end
    return out + unescape(html[at:])


def _depth(tex: str) -> int:
    depth = deepest = 0
    for sign in tex:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest + tex.count(r"\left") + tex.count(r"\begin")


def _written(element: ET.Element) -> str:
    """An element of the formula, of known tags and attributes only; anything else is a plain row."""
    tag = element.tag if element.tag in _TAGS and element.tag != "math" else "mrow"
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items() if name in _ATTRIBUTES and _VALUE.match(value))
    inside = quoted(unescape(element.text or "")) + "".join(_written(child) for child in element)
    return f"<{tag}{attributes}>{inside}</{tag}>"


def quoted(text: str) -> str:
    """Escaped for text and attributes; braces too, so that no blank of a cloze can begin or end in it."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
