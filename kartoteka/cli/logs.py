"""Review logs as files: CSV, Parquet and JSON lines, read into columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.cli import parquet
from kartoteka.engine.predicting import Ratings
from kartoteka.engine.state import Calendar

NEEDED = ("card_id", "review_time", "review_rating")
LATEST_MS = 100_000_000_000_000  # the year 5138: what lies beyond is no time in milliseconds
MIXED = ("card_id", "at", "mode", "correct")


class Unreadable(ValueError):
    """A file that is no log. The sentence may be shown."""


class Log(NamedTuple):
    """A log as read: ``dropped`` rows had no rating 1–4, no card or no time."""

    path: Path
    ratings: Ratings
    names: NDArray[Any]  # the file's own card ids, by the number they have in ``ratings``
    cut_utc_min: int
    dropped: int


def read_log(path: Path, cut: int | None) -> Log:
    """A review log; the learner's day begins at ``cut``, else where an index.json beside it says, else at midnight UTC."""
    columns = _columns(path)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise Unreadable(f"{path.name} is no review log: it has no column {missing[0]}.")
    at, grade = (_numbers(columns[name]) for name in NEEDED[1:])
    card = columns["card_id"]
    known = _numbers(card)
    words = card.dtype == object and not np.isfinite(known).all()
    good = (
        (np.array([bool(str(word).strip()) for word in card], bool) if words else np.isfinite(known)) & (np.abs(at) < LATEST_MS) & np.isin(grade, (1, 2, 3, 4))
    )
    names, number = np.unique(card[good].astype(str) if words else known[good].astype(np.int64), return_inverse=True)
    cut = cut if cut is not None else cut_beside(path)
    ratings = Ratings.of(number.astype(np.int64), at[good].astype(np.int64), grade[good].astype(np.int64), Calendar(((0, cut),)))
    return Log(path, ratings, names, cut, int((~good).sum()))


def cut_beside(path: Path) -> int:
    """Where the learner's day begins, in minutes after midnight UTC, if an index.json beside the file says so."""
    try:
        index = json.loads((path.parent / "index.json").read_text("utf-8"))
        return next(int(entry["cut_utc_min"]) for entry in index if entry["file"] == path.name)
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        return 0


def read_mixed(path: Path) -> dict[str, NDArray[Any]]:
    """Mixed evidence: Parquet, CSV, or JSON lines with the same names."""
    columns = _columns(path)
    missing = [name for name in MIXED if name not in columns]
    if missing:
        raise Unreadable(f"{path.name} holds no answers: it has no column {missing[0]}.")
    return columns


def read_truth(path: Path) -> NDArray[np.float64]:
    """The true chance of a right mark, row by row."""
    columns = _columns(path)
    if "p_correct" not in columns:
        raise Unreadable(f"{path.name} holds no truth: it has no column p_correct.")
    return _numbers(columns["p_correct"])


def _columns(path: Path) -> dict[str, NDArray[Any]]:
    try:
        data = path.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"{path} cannot be read: {wrong.strerror or wrong}.") from wrong
    if data[:4] == parquet.MAGIC:
        try:
            return parquet.read(data)
        except parquet.Unreadable as wrong:
            raise Unreadable(f"{path.name}: {wrong}") from wrong
    if path.suffix == ".parquet":
        raise Unreadable(f"{path.name} is no Parquet file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{path.name} is neither Parquet nor text in UTF-8.") from wrong
    return _lines(path, text) if text.lstrip().startswith("{") else _csv(path, text)


def _csv(path: Path, text: str) -> dict[str, NDArray[Any]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as wrong:
        raise Unreadable(f"{path.name} is no CSV file: {wrong}.") from wrong
    if not rows:
        raise Unreadable(f"{path.name} is empty.")
    head, width = [name.strip() for name in rows[0]], len(rows[0])
    body = [row + [""] * (width - len(row)) for row in rows[1:] if row]
    return {name: _words([row[i] for row in body]) for i, name in enumerate(head)}


def _lines(path: Path, text: str) -> dict[str, NDArray[Any]]:
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as wrong:
            raise Unreadable(f"{path.name}, line {number}: no JSON.") from wrong
        if not isinstance(row, dict):
            raise Unreadable(f"{path.name}, line {number}: no JSON object.")
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: _words([row.get(name, "") for row in rows]) for name in names}


def _words(values: Sequence[Any]) -> NDArray[Any]:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _numbers(column: NDArray[Any]) -> NDArray[np.float64]:
    """A column as numbers, nan where it holds none. Milliseconds since 1970 are exact in 53 bits."""
    if column.dtype != object:
        return column.astype(np.float64)
    try:
        return column.astype(np.float64)
    except (ValueError, TypeError, OverflowError):
        return np.array([_number(value) for value in column], np.float64)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        return float("nan")
