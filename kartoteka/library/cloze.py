"""A note with blanks, dressed as one question: the blank asked is hidden, the others are filled."""

from __future__ import annotations

import re
from html import escape

from kartoteka.engine.text import CLOZE, plain

DEEPEST = 5  # blanks within blanks; deeper ones are shown as they are written
_EDGE = re.compile(r"\{\{c\d+(?:,\d+)*::|\}\}")
_EDGE_OR_HINT = re.compile(_EDGE.pattern + "|::")


def dressed(html: str, number: int) -> tuple[str, str]:
    """Clean HTML with blanks, as it is asked for blank ``number`` and as it is answered.

    Braces inside tags are escaped by the cleaner, so a blank can begin and end in text only.
    """
    return _dressed(html, number, hidden=True), _dressed(html, number, hidden=False)


def _dressed(html: str, number: int, *, hidden: bool, depth: int = 0) -> str:
    if depth == DEEPEST:
        return html
    out: list[str] = []
    at = 0
    while opened := CLOZE.search(html, at):
        end = _end(html, opened.end())
        if end < 0:
            break
        inside, hint = _parted(html[opened.end() : end])
        out += (html[at : opened.start()], _blank(opened, inside, hint, number, hidden=hidden, depth=depth + 1))
        at = end + 2
    out.append(html[at:])
    return "".join(out)


def _blank(opened: re.Match[str], inside: str, hint: str, number: int, *, hidden: bool, depth: int) -> str:
    if number in map(int, opened.group(1).split(",")):
        return f"<mark>[{escape(plain(hint)) or '…'}]</mark>" if hidden else f"<mark>{_dressed(inside, number, hidden=hidden, depth=depth)}</mark>"
    return _dressed(inside, number, hidden=hidden, depth=depth)


def _end(html: str, at: int) -> int:
    depth = 1
    for found in _EDGE.finditer(html, at):
        depth += -1 if found.group() == "}}" else 1
        if not depth:
            return found.start()
    return -1


def _parted(inside: str) -> tuple[str, str]:
    """What stands in a blank, and its hint: after the last ``::`` that is not in a blank within."""
    depth, last = 0, -1
    for found in _EDGE_OR_HINT.finditer(inside):
        if found.group() == "::":
            last = found.start() if depth == 0 else last
        else:
            depth += -1 if found.group() == "}}" else 1
    return (inside[:last], inside[last + 2 :]) if last >= 0 else (inside, "")


def number_of(kind: str) -> int | None:
    """2 for ``cloze-2``; ``None`` for other kinds of card."""
    return int(kind[6:]) if kind.startswith("cloze-") and kind[6:].isdigit() else None
