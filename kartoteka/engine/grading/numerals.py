"""Numbers as people write them."""

from __future__ import annotations

import re

ROMAN = {
    f"{tens}{ones}": 10.0 * n + m
    for n, tens in enumerate(("", "x", "xx"))
    for m, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if n + m
}


DOTTED = frozenset(("de", "es", "it", "pt", "nl", "da", "id", "tr", "el", "ro", "ca"))  # 1.500 is fifteen hundred
COMMA = DOTTED | frozenset(("pl", "fr", "ru", "cs", "sv", "fi", "hu", "uk", "nb", "no", "nn", "sk", "bg"))  # 1,500 is one and a half


def number_of(digits: str, lang: str = "") -> float:
    """The value of a number as people write it: 100,000 · 100.000 · 1 000 · 3.5 · 3,5. What 1.500 and 1,500 are is a matter of the language."""
    text = digits.replace("−", "-").replace("–", "-")
    for space in "\u00a0\u202f '’":
        text = text.replace(space, "")
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        last = max(text.rfind(","), text.rfind("."))
        text = re.sub(r"[.,]", "", text[:last]) + "." + text[last + 1 :]
    elif commas + dots > 1:
        text = re.sub(r"[.,]", "", text)
    elif commas:
        head, tail = text.split(",")
        thousands = len(tail) == 3 and head.lstrip("-") not in ("0", "") and (lang not in COMMA or tail == "000")
        text = head + tail if thousands else f"{head}.{tail}"
    elif dots:
        head, tail = text.split(".")
        thousands = len(tail) == 3 and 1 <= len(head.lstrip("-")) <= 3 and head.lstrip("-")[:1] != "0" and (lang in DOTTED or tail == "000")
        text = head + tail if thousands else text
    try:
        return float(text[:40])
    except ValueError:
        return 0.0


_BEFORE_CHRIST = re.compile(
    r"\b(?:b\.?\s?c\.?(?:\s?e\.?)?(?![\w.]*[a-z])|v\.\s?(?:chr|u\.\s?z)|vor\s(?:christus|unserer)|p\.?\s?n\.?\s?e|przed\snasz|av(?:ant)?\.?\s(?:j\.?-?c|notre)|a\.\s?(?:de\s)?c|antes\sde\scristo|a\.\s?e\.\s?c|до\sн)"
    r"|قبل\sالميلاد|ق\.?\s?م|לפני\sהספירה|לפנה|公元前|纪元前|紀元前|西元前",
    re.IGNORECASE,
)


def before_christ(text: str) -> bool:
    """Whether the years of a text are counted backwards: 44 BC, 44 v. Chr., 公元前44年."""
    return _BEFORE_CHRIST.search(text) is not None
