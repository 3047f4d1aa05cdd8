"""Formulas as one reads them in a line of text: x², (a + b)/2, √2, lim n→∞. For lists and titles, where no formula can be drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import lru_cache
from html import unescape

_MATH = re.compile(r"<math\b[^>]*>.*?</math>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_HIDDEN = re.compile("[\u200b\u2060-\u2064]")  # invisible operators
_PLAIN = re.compile(r"[\w.,∂′°²³¹⁰-⁹₀-₉ᵃ-ᶻ∞]+\Z")
_RAISED = dict(zip("0123456789+-−=()abcdefghijklmnoprstuvwxyzTNβγδθ′″∘", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴺᵝᵞᵟᶿ′″°", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_OVER = {"→": "\u20d7", "⃗": "\u20d7", "¯": "\u0304", "‾": "\u0304", "―": "\u0304", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "˙": "\u0307"}
_APART = frozenset("=≠<>≤≥≪≫≈≃≅≡∼∝→←↔⇒⇐⇔↦∈∉∋⊂⊃⊆⊇∪∩∧∨+−±∓×·⋅÷∗∘⊕⊗∣∥⊥∖≔")
_LARGE = re.compile(r"[∑∏∫∬∮⋃⋂][^\w(\s]*[⁰-₟ᵢᵣᵤᵥₓⁱ-ⁿ¹²³]*\Z")
_SILENT = {"mspace": " ", "mphantom": "", "annotation": "", "annotation-xml": ""}
_SIGNS = frozenset("+−±∓")  # before a first number they are its sign


def in_words(text: str, html: str) -> str:
    """A text that was taken from this clean HTML (all of it or a part), with its formulas as one reads them instead of their source."""
    if "<math" not in html:
        return text
    read = {source: words for source, words in map(_read, _MATH.findall(html)) if source and source != words}
    if not read:
        return text
    sources = sorted(map(re.escape, read), key=len, reverse=True)
    return re.sub("|".join(sources), lambda found: read[found[0]], text)


@lru_cache(maxsize=4096)
def _read(math: str) -> tuple[str, str]:
    """A formula's source as a text holds it, and its words; without words where it cannot be read."""
    try:
        root = ET.fromstring(math)  # noqa: S314  (cleaned: no entities, no document type)
    except ET.ParseError:
        return "", ""
    source = root.get("alttext") or "".join(text.strip() for text in root.itertext())
    return _SPACE.sub(" ", unescape(source)).strip(), linear(root)


def linear(element: ET.Element) -> str:
    """An element of MathML in one line."""
    return _SPACE.sub(" ", _HIDDEN.sub("", _said(element))).strip()


def _said(element: ET.Element) -> str:
    tag = element.tag.rpartition("}")[2]
    parts = list(element)
    if tag in _SILENT:
        return _SILENT[tag]
    if tag == "mfrac" and element.get("linethickness", "")[:1] == "0":
        return " ".join(linear(part) for part in parts)  # a binomial: its brackets stand around it
    if shape := _SHAPES.get(tag):
        return shape(parts) if len(parts) >= _NEEDS.get(tag, 0) else _row(parts)
    if parts:
        return _row(parts)
    text = _HIDDEN.sub("", element.text or "")
    return text if tag == "mtext" else text.strip()


def _row(parts: list[ET.Element]) -> str:
    """Parts after one another: relations and operators between two of them stand apart."""
    said = ""
    for part in parts:
        words, tag = _said(part), part.tag.rpartition("}")[2]
        sign = "−" if tag == "mo" and words == "-" else words
        before = said.rstrip()
        if sign in _APART and (sign not in _SIGNS or (before and before[-1] not in "([{,;|" and before[-1] not in _APART)):
            said = f"{before} {sign} "
        elif tag == "mo" and sign in (",", ";"):
            said = f"{before}{sign} "
        elif said[-1:].isalpha() and len(words) > 1 and words.isalpha() and tag in ("mi", "mo"):
            said = f"{said} {words}"  # a function after a letter: n log n
        elif _LARGE.search(said) or (_named(said) and (words[:1].isalnum() or words[:1] in "√∑∏∫")):
            said = f"{said} {words}"
        else:
            said += sign
    return said


def _named(said: str) -> bool:
    """Whether what was said ends with the name of a function, perhaps with something raised or lowered."""
    return bool(re.search(r"(?:\b[a-z]{3,}|\bln|\blg)[⁰-⁹₀-₉⁻²³¹ₐ-ₜ]*\Z", said))


def _held(part: ET.Element) -> str:
    """Kept together where it is more than a name or a number."""
    words = linear(part)
    return words if _PLAIN.match(words) or (words[:1] == "(" and words[-1:] == ")" and words.count("(") == 1) else f"({words})"


def _moved(part: ET.Element, letters: dict[str, str], mark: str) -> str:
    words = linear(part)
    tight = words.replace(" ", "")
    if not tight or all(sign in letters for sign in tight):
        return "".join(letters[sign] for sign in tight)
    return f"{mark}{tight}" if len(tight) == 1 else f"{mark}({tight})"


def _up(part: ET.Element) -> str:
    return _moved(part, _RAISED, "^")


def _down(part: ET.Element) -> str:
    words = linear(part)
    return _moved(part, _LOWERED, "_") if "→" not in words else f" {words.replace(' ', '')} "


def _over(parts: list[ET.Element]) -> str:
    base, mark = linear(parts[0]), linear(parts[1])
    if mark in _OVER:
        return base + _OVER[mark] if len(base) == 1 else base
    return base + _up(parts[1])


def _fraction(parts: list[ET.Element]) -> str:
    return f"{_held(parts[0])}/{_held(parts[1])}"


def _table(parts: list[ET.Element]) -> str:
    return "; ".join("  ".join(linear(cell) for cell in row) for row in parts)


_SHAPES: dict[str, Callable[[list[ET.Element]], str]] = {
    "mfrac": _fraction,
    "msup": lambda parts: _base(parts[0]) + _up(parts[1]),
    "msub": lambda parts: _base(parts[0]) + _down(parts[1]),
    "msubsup": lambda parts: _base(parts[0]) + _down(parts[1]) + _up(parts[2]),
    "munder": lambda parts: _base(parts[0]) + _down(parts[1]),
    "mover": _over,
    "munderover": lambda parts: _base(parts[0]) + _down(parts[1]) + _up(parts[2]) + " ",
    "msqrt": lambda parts: f"√{_held(parts[0])}" if len(parts) == 1 else f"√({_row(parts).strip()})",
    "mroot": lambda parts: f"{_up(parts[1]).lstrip('^')}√{_held(parts[0])}",
    "mtable": _table,
}
_NEEDS = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mroot": 2, "msqrt": 1}


def _base(part: ET.Element) -> str:
    words = _said(part).strip()
    return words if len(part) == 0 or _PLAIN.match(words) or words[-1:] in ")]}|" else f"({words})"
