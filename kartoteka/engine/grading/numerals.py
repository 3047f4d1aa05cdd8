"""Numbers as people write them."""

from __future__ import annotations

import re

ROMAN = {
    f"{tens}{ones}": 10.0 * n + m
    for n, tens in enumerate(("", "x", "xx"))
    for m, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if n + m
}


def number_of(digits: str) -> float:
    """The value of a number as people write it: 100,000 · 100.000 · 1 000 · 3.5 · 3,5."""
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
        text = head + tail if len(tail) == 3 and head.lstrip("-") not in ("0", "") else f"{head}.{tail}"
    elif dots:
        head, tail = text.split(".")
        text = head + tail if len(tail) == 3 and 1 <= len(head.lstrip("-")) <= 3 and head.lstrip("-")[:1] != "0" and tail == "000" else text
    try:
        return float(text[:40])
    except ValueError:
        return 0.0
