"""Tables on a page of a PDF, which knows none: columns by drawn lines where there are any, else by the white between them.

Everything is in points from the lower left corner of the page, as the PDF says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

LEAST_ROWS = 3  # fewer are two words that happen to stand apart
FULL_ROWS, FULL_COLUMNS = 8, 4
LEAST_WHITE = 4.0
MOST_COLUMNS = 12
LONG = 60  # rows: where so many are no table, no part of them is tried again
NEAR = 3.0  # two lines drawn this close are one
_MARK = re.compile(r"[^\w]{0,3}|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|[ou§]|\d{1,3}")
_NUMBER = re.compile(r"\d{1,4}")
_LEADERS = re.compile(r"(?:[.…·] ?){6,}")  # a table of contents


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def with_(self, other: Box) -> Box:
        return Box(min(self.left, other.left), min(self.bottom, other.bottom), max(self.right, other.right), max(self.top, other.top))


Said = Callable[[Box], str]


@dataclass(slots=True)
class Row:
    """What stands on one height: the words in it, those near each other as one box."""

    boxes: list[Box]
    of: list[int]

    @property
    def top(self) -> float:
        return max(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        return min(box.bottom for box in self.boxes)


@dataclass(slots=True)
class Table:
    """Cells in rows; ``columns``: where each begins; ``of``: which of the page's pieces it took; ``pages``: on which page each row stands."""

    rows: list[list[str]]
    columns: list[float]
    of: set[int] = field(default_factory=set)
    pages: list[int] = field(default_factory=list)


def tables_in(pieces: Sequence[Box], lines: Sequence[Box], said: Said, *, slide: bool = False) -> list[Table]:
    """The tables of a page. ``pieces``: boxes of words; ``lines``: thin boxes that are drawn; ``said``: the words in a box.

    On a ``slide`` words stand apart for other reasons, and lines are drawn around them: only what is full of rows is a table there.
    """
    found = [table for table in _drawn(pieces, lines, said) if not slide or _is_full(table)]
    taken = set[int]().union(*(table.of for table in found)) if found else set[int]()
    rows = _rows(pieces, taken)
    at = 0
    while at < len(rows):
        run, gutters = _run(rows, at)
        table = _of_run(run, gutters, said) if len(run) >= LEAST_ROWS else None
        if table is not None and (not slide or _is_full(table)):
            found.append(table)
        at += len(run) if table is not None or len(run) > LONG else 1
    return found


# By the white between columns.


def _rows(pieces: Sequence[Box], taken: set[int]) -> list[Row]:
    """Pieces by height, from above; those on one height from the left, joined where only a space parts them."""
    order = sorted((at for at in range(len(pieces)) if at not in taken), key=lambda at: -pieces[at].middle)
    heights: list[list[int]] = []
    for at in order:
        last = max((pieces[other] for other in heights[-1]), key=lambda box: box.height) if heights else None
        if last is not None and abs(last.middle - pieces[at].middle) < 0.5 * max(last.height, pieces[at].height):  # a quotation mark hangs high
            heights[-1].append(at)
        else:
            heights.append([at])
    rows = []
    for own in heights:
        boxes: list[Box] = []
        for at in sorted(own, key=lambda at: pieces[at].left):
            piece = pieces[at]
            if boxes and piece.left - boxes[-1].right < max(LEAST_WHITE, 0.5 * piece.height):
                boxes[-1] = boxes[-1].with_(piece)
            else:
                boxes.append(piece)
        rows.append(Row(boxes, own))
    return rows


def _run(rows: Sequence[Row], begin: int) -> tuple[list[Row], list[tuple[float, float]]]:
    """Rows that leave the same white between their columns, and that white from left to right."""
    if len(rows[begin].boxes) < 2:
        return [rows[begin]], []
    run: list[Row] = []
    filled: list[tuple[float, float]] = []
    gutters: list[tuple[float, float]] = []
    several = 0
    for row in rows[begin:]:
        if run and run[-1].bottom - row.top > 2.6 * max(box.height for box in row.boxes):
            break
        now = _union([*filled, *((box.left, box.right) for box in row.boxes)])
        white = [(a[1], b[0]) for a, b in pairwise(now) if b[0] - a[1] >= LEAST_WHITE]
        if not white or (several >= LEAST_ROWS and len(white) < len(gutters)) or len(white) >= MOST_COLUMNS:
            break
        run.append(row)
        filled, gutters = now, white
        several += len(row.boxes) > 1
    while run and len(run[-1].boxes) == 1 and run[-1].boxes[0].left < gutters[0][0]:
        run.pop()  # a line below the table that happens to be short
    return run or [rows[begin]], gutters


def _union(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if out and left <= out[-1][1] + LEAST_WHITE / 2:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((left, right))
    return out


def _of_run(run: Sequence[Row], gutters: Sequence[tuple[float, float]], said: Said) -> Table | None:
    ends = [(left + right) / 2 for left, right in gutters]
    cells = [[[box for box in row.boxes if sum(end < box.left for end in ends) == at] for at in range(len(ends) + 1)] for row in run]
    if sum(bool(row[0]) and any(row[1:]) for row in cells) < LEAST_ROWS or _is_prose(cells, ends):
        return None
    rows: list[list[str]] = []
    leaders = 0
    for row, new in zip(cells, _begins(run, cells), strict=True):
        words = [_joined(said(box) for box in cell) for cell in row]
        if any(_LEADERS.search(cell) for cell in words):
            leaders += 1
        elif new:
            rows.append(words)
        elif rows:
            rows[-1] = [_joined((before, after)) for before, after in zip(rows[-1], words, strict=True)]
    rows = [row for row in rows if sum(map(bool, row)) > 1]  # a line alone is a heading between them
    if len(rows) < LEAST_ROWS or leaders * 3 > len(run) or _is_list(rows) or _is_scattered(rows):
        return None
    begins = [min(box.left for row in run for box in row.boxes), *(right for _left, right in gutters)]
    if _is_folded(gutters, rows):
        rows, begins = [two for half in (0, 2) for whole in rows if any(two := whole[half : half + 2])], begins[:2]
    return Table(rows, begins, {at for row in run for at in row.of})


def _begins(run: Sequence[Row], cells: Sequence[Sequence[Sequence[Box]]]) -> list[bool]:
    """Which rows begin an entry: those with something in the first column, unless they stand closer than entries do."""
    gaps = [0.0, *(above.top - row.top for above, row in pairwise(run))]
    within = max((gap for gap, row in zip(gaps, cells, strict=True) if not row[0]), default=0.0) * 1.1
    first = [gap for gap, row in zip(gaps[1:], cells[1:], strict=True) if row[0]]
    spaced = bool(within) and sum(gap > within for gap in first) * 10 >= len(first) * 6
    return [
        bool(row[0]) and (any(row[1:]) or gap > 1.6 * run[at].boxes[0].height) and not (spaced and 0 < gap <= within)
        for at, (gap, row) in enumerate(zip(gaps, cells, strict=True))
    ]


def _is_prose(cells: Sequence[Sequence[Sequence[Box]]], ends: Sequence[float]) -> bool:
    """Columns of a newspaper: the first is filled to its edge in most lines."""
    first = [row[0] for row in cells if row[0]]
    left = min(box.left for cell in first for box in cell)
    widths = [(cell[-1].right - cell[0].left) / max(ends[0] - left, 1.0) for cell in first]
    return len(ends) < 3 and median(widths) > 0.8 and ends[0] - left > 120


def _is_scattered(rows: Sequence[Sequence[str]]) -> bool:
    """Words here and there: too many cells are empty, or hold a sign or two."""
    cells = [cell for row in rows for cell in row]
    said = sum(len(cell) > 1 or cell.isdecimal() for cell in cells)
    return sum(map(bool, cells)) * 2 < len(cells) or said * 3 < len(cells) or sum(len(row[0]) > 1 for row in rows) * 2 < len(rows)


def _is_folded(gutters: Sequence[tuple[float, float]], rows: Sequence[Sequence[str]]) -> bool:
    """A list of two columns that goes on beside itself: the white in the middle is the widest by far."""
    if len(gutters) != 3:
        return False
    first, middle, last = (right - left for left, right in gutters)
    return middle > 1.8 * max(first, last) and all(all(row) for row in rows[:-1])


def _is_full(table: Table) -> bool:
    cells = [cell for row in table.rows for cell in row]
    return len(table.rows) >= FULL_ROWS and len(table.columns) <= FULL_COLUMNS and sum(len(cell) > 1 for cell in cells) * 10 >= len(cells) * 9


def _is_list(rows: Sequence[Sequence[str]]) -> bool:
    """Bullets or numbers with what they stand before, or a table of contents: no table."""
    marks = sum(bool(_MARK.fullmatch(row[0])) for row in rows)
    if len(rows[0]) == 2 and marks * 10 >= len(rows) * 7:
        return True
    last = [int(row[-1]) for row in rows if _NUMBER.fullmatch(row[-1])]
    return len(rows[0]) == 2 and len(last) * 10 >= len(rows) * 8 and last == sorted(last)


_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad\u2010\u2011\ufffe\x02]\Z")


def _joined(parts: Sequence[str] | Iterator[str]) -> str:
    text = ""
    for part in parts:
        words = part.strip()
        if not words:
            continue
        glued = _HYPHEN.search(text) if words[:1].islower() else None
        text = text[: glued.start()] + words if glued else f"{text} {words}".strip()
    return text


# By drawn lines.


def _drawn(pieces: Sequence[Box], lines: Sequence[Box], said: Said) -> list[Table]:
    flat = _lanes([(line.middle, line.left, line.right) for line in lines if line.right - line.left >= line.top - line.bottom])
    upright = _lanes([((line.left + line.right) / 2, line.bottom, line.top) for line in lines if line.right - line.left < line.top - line.bottom])
    if len(flat) < 2 or not upright:
        return []
    tables: list[Table] = []
    open_: list[tuple[list[list[Box]], list[float], list[int]]] = []
    for (above, spans), (below, _spans) in pairwise(sorted(flat.items(), reverse=True)):
        middle = (above + below) / 2
        edges = _apart(
            sorted([x for x, ups in upright.items() if any(low - 1 <= middle <= high + 1 for low, high in ups)] + [edge for span in spans for edge in span])
        )
        if len(edges) < 3 or len(edges) > MOST_COLUMNS + 1:
            _close(open_, tables, said)
            continue
        of = [at for at, piece in enumerate(pieces) if below - 1 < piece.middle < above + 1 and edges[0] - 1 < (piece.left + piece.right) / 2 < edges[-1] + 1]
        row: list[list[Box]] = [[] for _edge in edges[1:]]
        for at in of:
            row[min(sum(edge < pieces[at].left + 1 for edge in edges[1:]), len(edges) - 2)].append(pieces[at])
        if open_ and not _same(open_[-1][1], edges):
            _close(open_, tables, said)
        open_.append((row, edges, of))
    _close(open_, tables, said)
    return tables


def _close(open_: list[tuple[list[list[Box]], list[float], list[int]]], tables: list[Table], said: Said) -> None:
    """The rows gathered so far as a table, where they are one."""
    rows = [[_joined(said(box) for box in _by_line(cell)) for cell in row] for row, _edges, _of in open_]
    rows = [row for row in rows if any(row)]
    if len(rows) >= 2 and sum(sum(map(bool, row)) > 1 for row in rows) >= 2:
        tables.append(Table(rows, list(open_[0][1][:-1]), {at for _row, _edges, of in open_ for at in of}))
    open_.clear()


def _by_line(cell: Sequence[Box]) -> list[Box]:
    return [box for row in _rows(cell, set()) for box in row.boxes]


def _lanes(strokes: Sequence[tuple[float, float, float]]) -> dict[float, list[tuple[float, float]]]:
    """Strokes on one height (or one side) as lanes: where they lie, and the spans that are drawn."""
    lanes: dict[float, list[tuple[float, float]]] = {}
    at = float("-inf")
    for place, begin, end in sorted(strokes):
        if place - at > NEAR:
            at = place
        lanes.setdefault(at, []).append((begin, end))
    return {place: _union(spans) for place, spans in lanes.items()}


def _apart(edges: Sequence[float]) -> list[float]:
    out: list[float] = []
    for edge in edges:
        if not out or edge - out[-1] > NEAR:
            out.append(edge)
    return out


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    return len(a) == len(b) and all(abs(x - y) <= NEAR for x, y in zip(a, b, strict=True))
