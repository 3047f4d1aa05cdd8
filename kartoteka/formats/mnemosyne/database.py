"""Mnemosyne 2's collection: an SQLite file of a stranger's, opened to read only, with every answer that was given."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kartoteka.formats.base import BundleReview, Findings, Said, Source, Unreadable
from kartoteka.formats.mnemosyne.facts import RATINGS, Fact

MOST_ROWS = 2_000_000
_NEEDED = ("facts", "data_for_fact", "cards")
_REPETITION = 9
_STEPS = 100_000_000  # of SQLite's machine: a hostile schema could let it run for ever


def facts_in(source: Source, findings: Findings) -> list[Fact]:
    try:
        with _opened(source) as rows:
            return _facts(rows, findings)
    except (sqlite3.Error, OverflowError, ValueError) as error:
        raise Unreadable(Said("This Mnemosyne collection is cut or damaged. Open it in Mnemosyne and export the cards, or bring in an older copy.")) from error


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder:
        path = source.path
        if path is None:
            path = Path(folder) / "source"
            path.write_bytes(source.bytes())
        rows = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        left = [_STEPS // 100_000]

        def step() -> int:
            left[0] -= 1
            return left[0] < 0

        try:
            rows.set_progress_handler(step, 100_000)
            rows.execute("PRAGMA trusted_schema=OFF")
            rows.execute("PRAGMA cell_size_check=ON")
            rows.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield rows
        finally:
            rows.close()


def _facts(rows: sqlite3.Connection, findings: Findings) -> list[Fact]:
    tables = {name for kind, name in rows.execute("SELECT type, name FROM sqlite_master") if kind == "table"}
    if missing := [name for name in _NEEDED if name not in tables]:
        raise Unreadable(
            Said("This looks like a Mnemosyne collection, but it has no %(missing)s. Export the cards from Mnemosyne, and bring that in.", missing=missing[0])
        )
    facts: dict[int, Fact] = {number: Fact(str(id or "")) for number, id in rows.execute("SELECT _id, id FROM facts ORDER BY _id LIMIT ?", (MOST_ROWS,))}
    for number, key, value in rows.execute("SELECT _fact_id, key, value FROM data_for_fact LIMIT ?", (MOST_ROWS,)):
        if number in facts and isinstance(value, str | int | float):
            facts[number].data[str(key)] = str(value)
    asks = _cards(rows, facts, tables, findings)
    if "log" in tables:
        _history(rows, asks)
    kept = []
    for number, fact in facts.items():
        fact.where = f"card {number}"
        if any(value.strip() for value in fact.data.values()):
            kept.append(fact)
        else:
            findings.say(
                "cards with nothing on them",
                Said("Card %(number)s has nothing on any side. It was left out.", number=number),
                severity="refused",
                where=fact.where,
            )
    return kept


def _cards(rows: sqlite3.Connection, facts: dict[int, Fact], tables: set[str], findings: Findings) -> dict[str, list[tuple[Fact, int]]]:
    """Each fact's cards with their schedules and tags; who asks what, by the card's id."""
    tags: dict[int, list[str]] = {}
    if {"tags", "tags_for_card"} <= tables:
        named = "SELECT _card_id, name FROM tags_for_card JOIN tags ON tags._id = tags_for_card._tag_id LIMIT ?"
        for card, name in rows.execute(named, (MOST_ROWS,)):
            tags.setdefault(card, []).append(str(name))
    asks: dict[str, list[tuple[Fact, int]]] = {}
    query = "SELECT _id, id, card_type_id, _fact_id, fact_view_id, grade, next_rep, last_rep, easiness, acq_reps, ret_reps, lapses, active FROM cards ORDER BY _id LIMIT ?"
    for number, id, kind, of, view, grade, due, last, ease, acquired, reps, lapses, active in rows.execute(query, (MOST_ROWS,)):
        fact = facts.get(of)
        if fact is None:
            findings.say(
                "cards without a fact", Said("Card %(number)s belongs to a fact that is not there. It was left out.", number=number), where=f"card {number}"
            )
            continue
        fact.kind = str(kind or "1")
        fact.tags += tags.get(number, ())
        last_part = str(view or "").rsplit(".", 1)[-1]
        at = len(fact.views) + 1 if fact.kind.startswith("5") else int(last_part) if last_part.isdecimal() and len(last_part) < 4 else 1
        said: dict[str, Any] = {"grade": grade, "due_s": due, "last_s": last, "ease": ease, "acquired": acquired, "reps": reps, "lapses": lapses}
        seen = isinstance(grade, int) and grade >= 0
        fact.views[at] = {
            **({key: value for key, value in said.items() if isinstance(value, int | float)} if seen else {}),
            **({} if active else {"suspended": True}),
        }
        asks.setdefault(str(id), []).append((fact, at))
    return asks


def _history(rows: sqlite3.Connection, asks: dict[str, list[tuple[Fact, int]]]) -> None:
    """Every answer of the log. An id that two cards share says nothing about either."""
    query = "SELECT object_id, timestamp, grade, thinking_time FROM log WHERE event_type = ? ORDER BY _id LIMIT ?"
    for id, at_s, grade, thought_s in rows.execute(query, (_REPETITION, MOST_ROWS)):
        found = asks.get(str(id), ())
        rating = RATINGS.get(grade) if isinstance(grade, int) else None
        if len(found) != 1 or rating is None or not isinstance(at_s, int | float) or not 0 < at_s < 2**33:
            continue
        fact, view = found[0]
        took_ms = int(thought_s * 1000) if isinstance(thought_s, int | float) and 0 <= thought_s < 86_400 else 0
        fact.reviews.setdefault(view, []).append(BundleReview(int(at_s * 1000), rating, took_ms))


__all__ = ["facts_in"]
