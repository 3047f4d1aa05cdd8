"""What stands between the sides and between the cards of a pasted text, and where it parts a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from kartoteka.formats.tables import sign_of

LOOKED_AT = 2000  # rows
SURE = 0.5  # a guess below this is no guess
ROWS: Mapping[str, str] = {"newline": "\n", "semicolon": ";", "blank": "\n\n"}
# Counted repeats: a page of blanks may not cost a step for each pair of them.
# By name: how it is found, and how much it is trusted against others that fit as well. A dash with spaces before one without.
_PATTERNS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "tab": ((r"\t", 1.0),),
    "dash": ((r"[ \u00a0]{1,4}[-–—−]{1,3}[ \u00a0]{1,4}", 0.97), (r"[-–—]", 0.75)),
    "arrow": ((r"[ \u00a0]{0,4}(?:→|⇒|=>|->)[ \u00a0]{0,4}", 0.97),),
    "equals": ((r"[ \u00a0]{1,4}={1,2}[ \u00a0]{1,4}", 0.95), (r"=+", 0.85)),
    "double colon": ((r"[ \u00a0]{0,4}::[ \u00a0]{0,4}", 0.96),),
    "pipe": ((r"[ \u00a0]{0,4}\|[ \u00a0]{0,4}", 0.94),),
    "semicolon": ((r";", 0.92),),
    "colon": ((r"[:：][ \u00a0]{1,4}", 0.9), (r"[:：]", 0.8)),
    "comma": ((r"[,，]", 0.88),),
    "spaces": ((r"[ \u00a0\u3000]{3,200}", 0.89), (r"[ \u00a0]{2,200}|\u3000", 0.87)),
    "newline": ((r"\n", 0.86),),
}
OFFERED = (
    ("tab", "Tab"),
    ("comma", "Comma"),
    ("semicolon", "Semicolon"),
    ("dash", "Dash"),
    ("colon", "Colon"),
    ("equals", "Equals sign"),
    ("pipe", "Upright stroke |"),
    ("double colon", "Two colons"),
    ("arrow", "Arrow"),
    ("spaces", "Several spaces"),
    ("newline", "A new line"),
)
OFFERED_ROWS = (("newline", "A new line"), ("semicolon", "Semicolon"), ("blank", "An empty line"))
_PARTING = re.compile(r"(\n(={2,20}|-{2,20}|\*{2,20}|#{2,20})(?=\n))")
# Signs that people choose because no card has them: ``@@``, ``||``, ``##``. Not those that addresses, rows of dots or rulers are made of.
_CHOSEN = re.compile(r"([@#$%&|~^*;,+=_])\1{1,3}(?!\1)")
_CHOSEN_TRUST = 0.93
_IN_TURNS = re.compile(r"([@#$%&|~^*;:,+=_])\1{1,3}(?!\1)")
MOST_PLACES = 200  # where a row could be parted


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of the text, and the line it begins in."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """How a text is parted. ``separator`` empty: nothing fits."""

    separator: str
    rows: str
    score: float = 0.0


def rows_by(text: str, name: str) -> Iterator[Row]:
    """The text in rows; ``name`` one of ``ROWS`` or a separator of one's own. Blank rows stay: they part paragraphs."""
    if name == "blank":
        yield from _blocks(text)
        return
    sign = ROWS.get(name) or sign_of(name)
    at, line = 0, 1
    while at <= len(text):
        end = text.find(sign, at)
        piece = text[at:end] if end >= 0 else text[at:]
        lead = len(piece) - len(piece.lstrip("\n")) if sign != "\n" else 0
        yield Row(line + lead, piece)
        if end < 0:
            return
        line += piece.count("\n") + sign.count("\n")
        at = end + len(sign)


def _blocks(text: str) -> Iterator[Row]:
    lines: list[str] = []
    began = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            began = began or number
            lines.append(line)
        elif lines:
            yield Row(began, "\n".join(lines))
            lines, began = [], 0


def first_rows(text: str, name: str) -> list[str]:
    """The first rows that hold something, for a look at what parts them."""
    return list(islice((row.text.strip() for row in rows_by(text, name) if row.text.strip()), LOOKED_AT))


def pattern_of(name: str, rows: Sequence[str]) -> re.Pattern[str]:
    """How a separator is found: of its forms the one that most rows have; a separator of one's own as it stands."""
    forms = _PATTERNS.get(name)
    if forms is None:
        return re.compile(re.escape(sign_of(name)))
    patterns = [re.compile(form) for form, _trust in forms]
    counts = [sum(bool(pattern.search(row)) for row in rows[:LOOKED_AT]) for pattern in patterns]
    enough = [pattern for pattern, count in zip(patterns, counts, strict=True) if count * 5 >= max(counts) * 4]
    return enough[0] if enough else patterns[0]


def likeliest(text: str, *, rows: str = "", separator: str = "") -> Found:
    """The pair of separators that parts most of the text in two; what was chosen already stays."""
    if not rows and not separator and (own := _own_marks(text)):
        return own
    if rows in ("", "newline") and (separator == "tab" or (not separator and _has_tabs(text))):
        return Found("tab", "semicolon" if not rows and _tab_and_semicolon(text) else "newline", 1.0)
    if separator and rows:
        return Found(separator, rows, 1.0)
    names = [separator] if separator else [*(name for name in _PATTERNS if name != "tab" or rows), *_chosen_in(text)]
    best = Found(separator, rows or "newline")
    for row_name in [rows] if rows else list(ROWS):
        pieces = first_rows(text, row_name)
        if not rows and row_name != "newline" and len(pieces) < 2:
            continue
        for name in names:
            score = _score(pieces, name, row_name, chosen=bool(rows or separator))
            if score > best.score + 0.001:
                best = Found(name, row_name, score)
    return best if best.score >= SURE or separator else Found("", best.rows, best.score)


def _score(pieces: Sequence[str], name: str, row_name: str, *, chosen: bool) -> float:
    if not pieces or name == row_name or (name == "newline") != (row_name == "blank"):
        return 0.0
    forms = _PATTERNS.get(name) or ((re.escape(sign_of(name)), _CHOSEN_TRUST),)
    return max(_share(pieces, re.compile(form), name, row_name, chosen=chosen) * trust for form, trust in forms)


def _share(pieces: Sequence[str], pattern: re.Pattern[str], name: str, row_name: str, *, chosen: bool) -> float:
    """How well a pattern parts these rows: how many have it with something on both sides, and how many exactly once."""
    counts = [sum(1 for found in pattern.finditer(piece, 0, 5000) if found.start() > 0 and found.end() < len(piece)) for piece in pieces]
    parted = sum(count > 0 for count in counts) / len(pieces)
    if not chosen and row_name != "newline" and parted < 1:
        return 0.0  # a semicolon inside a definition parts nothing
    once = sum(count == 1 for count in counts) / len(pieces)
    if name == "newline":
        return parted
    if once * 2 < parted and len(pieces) > 1:
        return 0.4 * parted
    return parted * (0.6 + 0.4 * once) * (0.98 if row_name != "newline" else 1.0)


def _has_tabs(text: str) -> bool:
    """A tab anywhere near the beginning of a pasted text is there for a reason."""
    lines = [line for line in text[:200_000].split("\n") if line.strip()][:LOOKED_AT]
    with_tab = sum("\t" in line for line in lines)
    return with_tab * 5 >= len(lines) or any("\t" in line.strip(" ") for line in lines[:2])


def _tab_and_semicolon(text: str) -> bool:
    """Whether semicolons part the cards: each piece has its tab, and the lines do not."""
    pieces = [piece for piece in text.strip().split(";") if piece.strip()]
    lines = [line for line in text.strip().split("\n") if line.strip()]
    return len(pieces) > 1 and all(piece.count("\t") == 1 for piece in pieces) and any(line.count("\t") != 1 for line in lines)


def _chosen_in(text: str) -> list[str]:
    """Doubled signs that stand in most lines of a text."""
    seen = Counter(found[0] for found in _CHOSEN.finditer(text[:200_000]))
    return [sign for sign, many in seen.most_common(4) if many * 2 >= min(text.count("\n", 0, 200_000), LOOKED_AT)]


def _own_marks(text: str) -> Found | None:
    """Lines of signs alone, as people choose when their cards have several lines: ``==`` between sides, ``---`` between cards."""
    marks = Counter(found[2] for found in _PARTING.finditer(text[:500_000]))
    if not marks:
        return _in_turns([found[0] for found in _IN_TURNS.finditer(text[:500_000])])
    if len(marks) != 2:
        return None
    (first, many), (second, fewer) = marks.most_common()
    side, row = (first, second) if many > fewer or text.find(f"\n{first}\n") < text.find(f"\n{second}\n") else (second, first)
    if not 0 <= marks[side] - marks[row] <= 1 or min(marks.values()) * 3 < max(marks.values()):
        return None
    return Found(f"\\n{side}\\n", f"\\n{row}\\n", 1.0)


def _in_turns(signs: Sequence[str]) -> Found | None:
    """Two signs that come by turns: the first parts sides, the second cards."""
    if len(signs) < 3 or len(set(signs)) != 2 or len(set(signs[::2])) != 1 or len(set(signs[1::2])) != 1:
        return None
    return Found(signs[0], signs[1], 1.0)


@dataclass(slots=True)
class Parter:
    """Parts rows in two. Where the separator comes several times, the place that looks as in the other rows is taken."""

    pattern: re.Pattern[str]
    split: str  # auto, first, last
    usual: tuple[Counter[str], ...] = ()

    def learn(self, rows: Sequence[str]) -> None:
        """What stands around the separator in the rows that have it once."""
        usual = tuple(Counter[str]() for _ in range(4))
        for row in rows[:LOOKED_AT]:
            found = self.places(row)
            if len(found) == 1:
                for counter, seen in zip(usual, _around(row, found[0]), strict=True):
                    counter[seen] += 1
        self.usual = usual

    def part(self, row: str) -> tuple[str, str, bool] | None:
        """Both sides, and whether another place was possible; ``None`` where the row has no separator."""
        found = self.places(row) or list(self.pattern.finditer(row))[:1]
        if not found:
            return None
        place = found[0]
        if len(found) > 1 and self.split == "last":
            place = found[-1]
        elif len(found) > 1 and self.split != "first":
            place = max(found, key=lambda place: (self._fits(row, place), -place.start()))
        return row[: place.start()], row[place.end() :], len(found) > 1

    def places(self, row: str) -> list[re.Match[str]]:
        """Where the separator has something on both sides."""
        first, last = len(row) - len(row.lstrip()), len(row.rstrip())
        return list(islice((found for found in self.pattern.finditer(row) if found.start() > first and found.end() < last), MOST_PLACES))

    def _fits(self, row: str, place: re.Match[str]) -> int:
        return sum(counter[seen] for counter, seen in zip(self.usual, _around(row, place), strict=False))


def _around(row: str, place: re.Match[str]) -> tuple[str, str, str, str]:
    before, after = row[max(0, place.start() - 8) : place.start()], row[place.end() : place.end() + 8]
    return _kind(before[-1:]), _kind(after[:1]), _script(before.rstrip()[-1:]), _script(after.lstrip()[:1])


def _kind(sign: str) -> str:
    return "space" if sign.isspace() else "sign"


def _script(sign: str) -> str:
    return "" if not sign else "latin" if sign < "\u0370" else f"block {ord(sign) >> 9}"
