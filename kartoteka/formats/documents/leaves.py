"""A page of a PDF as it is read: text that was turned stands upright, and what runs from right to left comes in the order of its words.

A PDF knows only where each sign stands. For most pages pdfium tells the words well; of a page with Hebrew or Arabic on it, whose words it
gives now in one order and now in the other, the signs are put in order here by their places.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from ctypes import c_double
from itertools import pairwise
from math import pi
from typing import Any, NamedTuple

from pypdfium2 import raw

from kartoteka.formats.documents.grid import Box

MOST_PIECES = 20_000  # boxes of words on a page
MOST_SIGNS = 20_000  # of a page that is put in order sign by sign
LOOKED_AT = 400  # signs, for how a page is turned
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_STRONG = re.compile(r"[^\W_]")
_WORD_GAP = 0.2  # of the height of a sign
_BELOW, _ABOVE = 0.15, 0.55  # of the room of a line, from where its signs stand: fonts that share one leave room as they like


class Sign(NamedTuple):
    box: Box
    text: str


class Leaf:
    """The words of a page: ``pieces`` are boxes that stand upright, ``said`` the words in one. ``leftwards``: most of it runs from right to left."""

    def __init__(self, text: Any) -> None:
        self.signs: int = text.count_chars()
        self._text = text
        self.turned = _turn(text, self.signs)
        self._placed: list[list[Sign]] = []
        self.leftwards = False
        if self.signs <= MOST_SIGNS and (whole := text.get_text_range()) and (many := len(_LEFTWARDS.findall(whole))):
            self.leftwards = many * 3 > 2 * len(_STRONG.findall(whole))
            self._placed = _by_line(_signs(text, self.signs, self.turned))
        if self._placed:
            self.pieces = [box for line in self._placed for box in _words(line)][:MOST_PIECES]
        else:
            self.pieces = [upright(Box(*text.get_rect(at)), self.turned) for at in range(min(text.count_rects(), MOST_PIECES))]

    def said(self, box: Box) -> str:
        if self._placed:
            within = [[sign for sign in line if _holds(box, sign.box)] for line in self._placed]
            return " ".join(filter(None, (_in_order(line, leftwards=self.leftwards) for line in within)))
        place = upright(Box(box.left - 1, box.bottom - 0.5, box.right + 1, box.top + 0.5), -self.turned)
        words: str = self._text.get_text_bounded(place.left, place.bottom, place.right, place.top)
        return " ".join(words.replace("\r", "").split())


def _turn(text: Any, signs: int) -> int:
    """By how many quarters, clockwise, most of a page's text is turned."""
    step = max(1, signs // LOOKED_AT)
    quarters = Counter(
        round(raw.FPDFText_GetCharAngle(text.raw, at) / (pi / 2)) % 4 for at in range(0, signs, step) if raw.FPDFText_GetUnicode(text.raw, at) > 32
    )
    return quarters.most_common(1)[0][0] if quarters else 0


def upright(box: Box, quarters: int) -> Box:
    for _quarter in range(quarters % 4):
        box = Box(-box.top, box.left, -box.bottom, box.right)
    return box


def _signs(text: Any, many: int, turned: int) -> list[Sign]:
    found: list[Sign] = []
    x, y = c_double(), c_double()
    for at in range(many):
        code = raw.FPDFText_GetUnicode(text.raw, at)
        if code > 32 and code not in (0xA0, 0xFFFE, 0xFFFF) and not 0xD800 <= code < 0xE000:
            sign = unicodedata.normalize("NFKC", chr(code)) if 0xFB1D <= code <= 0xFEFC else chr(code)
            raw.FPDFText_GetCharOrigin(text.raw, at, x, y)
            foot = upright(Box(x.value, y.value, x.value, y.value), turned).bottom
            room = upright(Box(*text.get_charbox(at, loose=True)), turned)
            found.append(Sign(Box(room.left, foot - _BELOW * room.height, room.right, foot + _ABOVE * room.height), sign))
    return found


def _by_line(signs: Iterable[Sign]) -> list[list[Sign]]:
    """Signs on one height, from the top down, each line from left to right; a mark stays behind what it marks."""
    lines: list[list[Sign]] = []
    for sign in sorted(signs, key=lambda sign: -sign.box.middle):
        if lines and abs(lines[-1][0].box.middle - sign.box.middle) < 0.5 * max(lines[-1][0].box.height, sign.box.height):
            lines[-1].append(sign)
        else:
            lines.append([sign])
    return [sorted(line, key=lambda sign: sign.box.left + sign.box.right) for line in lines]


def _words(line: list[Sign]) -> list[Box]:
    boxes: list[Box] = []
    for number, sign in enumerate(line):
        if number and not _parted(line[number - 1], sign):
            boxes[-1] = boxes[-1].with_(sign.box)
        else:
            boxes.append(sign.box)
    return boxes


def _parted(before: Sign, sign: Sign) -> bool:
    return sign.box.left - before.box.right > _WORD_GAP * sign.box.height


def _holds(box: Box, sign: Box) -> bool:
    middle = (sign.left + sign.right) / 2
    return box.left - 1 <= middle <= box.right + 1 and box.bottom - 0.5 <= sign.middle <= box.top + 0.5


def _in_order(line: list[Sign], *, leftwards: bool) -> str:
    """A line as it is spoken: from right to left, but for words and numbers that run the other way; or the reverse."""
    if not line:
        return ""
    seen = [line[0].text]
    for before, sign in pairwise(line):
        seen += [" ", sign.text] if _parted(before, sign) else [sign.text]
    ways = ["R" if _LEFTWARDS.match(sign) else "L" if _STRONG.match(sign) else "" for sign in seen]
    mostly = "R" if "R" in ways and (leftwards or ways.count("R") > ways.count("L")) else "L"
    other = "L" if mostly == "R" else "R"
    if mostly == "R":
        seen, ways = seen[::-1], ways[::-1]
    out: list[str] = []
    at = 0
    while at < len(seen):
        end = at + 1
        if ways[at] == other:
            last = at
            while end < len(seen) and ways[end] in (other, ""):
                last = end if ways[end] == other else last
                end += 1
            end = last + 1
        out += seen[at:end][::-1]
        at = end
    return _brackets("".join(out))


def _brackets(text: str) -> str:
    """Brackets that open what follows them: those of a line from right to left are drawn the other way round."""
    opened = False
    out = []
    for sign in text:
        if sign in "()":
            opened = not opened
            sign = "(" if opened else ")"
        out.append(sign)
    return "".join(out)
