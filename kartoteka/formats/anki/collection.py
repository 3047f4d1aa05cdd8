"""A collection: notes, cards and the review log of Anki's SQLite file, whoever wrote it and whatever its schema."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kartoteka.formats.anki import messages, options
from kartoteka.formats.base import Findings, Said, Unreadable

STEPS = 100_000  # of SQLite's machine between two looks at the time
MOST_STEPS = 10_000  # looks: a thousand million steps, far beyond what any collection needs
MOST_TEXT_BYTES = 64_000_000  # of one row: a column that is computed may claim gigabytes
SCHEMAS = range(11, 19)
MOST_NOTES = 1_000_000
MOST_CARDS_OF_A_NOTE = 1_000
MOST_DECK_LEVELS = 30
NEEDED = {"notes": ("id", "guid", "mid", "mod", "tags", "flds"), "cards": ("id", "nid", "did", "ord", "type", "queue", "due", "ivl", "factor", "reps", "lapses", "left", "odue", "odid", "flags", "data")}  # fmt: skip
REVLOG = ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type")
Row = tuple[Any, ...]
LOGGED = 8  # numbers of a review: those of every review, then ease, interval, the last one, factor and kind
Logs = dict[int, "array[int]"]


@dataclass(slots=True)
class Collection:
    """What stands in a collection besides its rows: note types, decks and presets as Anki's own JSON says them (schema 11)."""

    schema: int
    created_s: int
    note_types: dict[int, dict[str, Any]]
    decks: dict[int, dict[str, Any]]
    presets: dict[int, dict[str, Any]]
    config: dict[str, Any] = field(default_factory=dict)


def opened(path: Path) -> sqlite3.Connection:
    """A strange database, to be looked at only, by a reader that does not wait for ever and trusts nothing in its schema."""
    db = sqlite3.connect(f"file:{path.resolve().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro&immutable=1", uri=True, isolation_level=None)
    db.text_factory = _text
    if hasattr(db, "setlimit"):  # the reading child's own sqlite3 has it; the one that stands in for it in the house has not
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_TEXT_BYTES)
    left = MOST_STEPS

    def tick() -> int:
        nonlocal left
        left -= 1
        return left < 0

    db.set_progress_handler(tick, STEPS)
    db.create_collation("unicase", _unicase)
    db.execute("PRAGMA trusted_schema=OFF")
    db.execute("PRAGMA query_only=ON")
    return db


def real_tables(db: sqlite3.Connection) -> set[str]:
    """Tables that are tables: a view or a virtual table under such a name is an attack."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {str(name) for name, sql in rows if "virtual" not in str(sql or "").lower()[:40]}


class Reader:
    """An opened collection. Only real tables with the names and columns that are expected are ever asked."""

    def __init__(self, path: Path, findings: Findings) -> None:
        self.findings = findings
        with path.open("rb") as file:
            head = file.read(20)
        if not head.startswith(b"SQLite format 3"):
            raise Unreadable(Said("The collection in this package is no Anki collection. Nothing was changed. Export the deck again."))
        self.db = opened(path)
        self.tables = self._tables()

    def close(self) -> None:
        self.db.close()

    def _tables(self) -> dict[str, set[str]]:
        """Tables that are tables, each with its columns."""
        try:
            found = real_tables(self.db)
            tables = {name: {str(row[1]) for row in self.db.execute(f"PRAGMA table_info({_quoted(name)})")} for name in found if name in KNOWN}
        except (sqlite3.DatabaseError, UnicodeError) as error:
            raise Unreadable(Said("The collection in this package is damaged. Nothing was changed. Export the deck again.")) from error
        for name, columns in NEEDED.items():
            if not set(columns) <= tables.get(name, set()):
                raise Unreadable(Said("This database is no Anki collection: it lacks what Anki keeps its notes and cards in. Nothing was changed."))
        if not {"crt", "ver"} <= tables.get("col", set()):
            raise Unreadable(Said("This database is no Anki collection: it does not say of which kind it is. Nothing was changed."))
        return tables

    def collection(self) -> Collection:
        """Raises ``Unreadable`` for a schema of the future, or of long ago."""
        try:
            row = self.db.execute("SELECT ver, crt FROM col LIMIT 1").fetchone()
            schema, created = int(row[0]), int(row[1])
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise Unreadable(Said("The collection in this package does not say of which kind it is. Nothing was changed. Export the deck again.")) from error
        if schema not in SCHEMAS and not (schema < 11 and {"models", "decks"} <= self.tables["col"]):
            known = "notetypes" in self.tables or {"models", "decks"} <= self.tables["col"]
            if (schema > 18 and not known) or schema > 100 or not known:
                raise Unreadable(
                    Said("This collection was made by another Anki than those that can be read here (schema %(schema)s). Nothing was changed.", schema=schema)
                )
            self.findings.say(
                "a schema that is not known", Said("The collection says it has schema %(schema)s, which is not known; it was read as it looks.", schema=schema)
            )
        said = self._col()
        if "notetypes" in self.tables:
            types, decks, presets = self._tables_of_types(), self._table_of_decks(), self._table_of_presets()
        else:
            types, decks, presets = (
                {_int(key): dict(value) for key, value in said[name].items() if isinstance(value, Mapping)} for name in ("models", "decks", "dconf")
            )
        return Collection(schema, created, {id: messages.tidy_type(id, one) for id, one in types.items()}, decks, presets, said["conf"])

    def _col(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name in ("models", "decks", "dconf", "conf"):
            value: Any = {}
            if name in self.tables["col"]:
                raw = self.db.execute(f"SELECT {name} FROM col LIMIT 1").fetchone()  # noqa: S608  (names of our own)
                try:
                    value = json.loads(raw[0]) if raw and raw[0] else {}
                except (ValueError, TypeError, RecursionError):
                    self.findings.say(
                        "parts of the collection that are damaged",
                        Said("The collection's list of %(parts)s is damaged.", parts=PARTS[name]),
                        where="the collection",
                    )
            found[name] = value if isinstance(value, dict) else {}
        return found

    def _rows(self, sql: str, *values: Any) -> Iterator[Row]:
        """Rows as far as they can be read; a damaged page ends them, and that is said."""
        try:
            yield from self.db.execute(sql, values)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise Unreadable(Said("This collection keeps its reader busy without end. Nothing was changed.")) from error
            self._say_damaged()
        except (sqlite3.DatabaseError, UnicodeError):
            self._say_damaged()

    def _say_damaged(self) -> None:
        self.findings.say("a damaged collection", Said("A part of the collection is damaged; what could be read of it was read."), where="the collection")

    def _tables_of_types(self) -> dict[int, dict[str, Any]]:
        types = {_int(id): messages.note_type(_int(id), str(name), _int(mtime), _bytes(config)) for id, name, mtime, config in self._rows("SELECT id, name, mtime_secs, config FROM notetypes")}  # fmt: skip
        for id, at, name, config in self._rows("SELECT ntid, ord, name, config FROM fields ORDER BY ntid, ord"):
            if id in types:
                types[id]["flds"].append(messages.field_of(_int(at), str(name), _bytes(config)))
        for id, at, name, config in self._rows("SELECT ntid, ord, name, config FROM templates ORDER BY ntid, ord"):
            if id in types:
                types[id]["tmpls"].append(messages.template_of(_int(at), str(name), _bytes(config)))
        return types

    def _table_of_decks(self) -> dict[int, dict[str, Any]]:
        rows = self._rows("SELECT id, name, mtime_secs, common, kind FROM decks")
        return {
            _int(id): options.deck(_int(id), str(name).replace("\x1f", "::"), _int(mtime), _bytes(common), _bytes(kind))
            for id, name, mtime, common, kind in rows
        }

    def _table_of_presets(self) -> dict[int, dict[str, Any]]:
        rows = self._rows("SELECT id, name, mtime_secs, config FROM deck_config") if "deck_config" in self.tables else ()
        return {_int(id): options.preset(_int(id), str(name), _int(mtime), _bytes(config)) for id, name, mtime, config in rows}

    def notes(self) -> Iterator[Row]:
        yield from self._rows(f"SELECT {', '.join(NEEDED['notes'])} FROM notes ORDER BY id LIMIT {MOST_NOTES}")  # noqa: S608

    def cards(self) -> dict[int, list[Row]]:
        """All cards by note, in their order."""
        found: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self._rows(f"SELECT {', '.join(NEEDED['cards'])} FROM cards ORDER BY nid, ord, id"):  # noqa: S608
            if isinstance(row[1], int) and isinstance(row[3], int) and len(found[row[1]]) < MOST_CARDS_OF_A_NOTE:
                found[row[1]].append(row)
        return found

    def reviews(self) -> Logs:
        """The review log by card, in its order."""
        if not set(REVLOG) <= self.tables.get("revlog", set()):
            return {}
        return logs_of(self._rows(f"SELECT {', '.join(REVLOG)} FROM revlog ORDER BY id"))  # noqa: S608


def logs_of(rows: Iterable[Row]) -> Logs:
    """Rows of a review log (see ``REVLOG``) by card. One that holds anything but whole numbers is passed over."""
    found: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
    for row in rows:
        at_ms, card, ease, ivl, last, factor, took, kind = row
        if isinstance(ivl, float) or isinstance(last, float) or isinstance(factor, float):
            ivl, last, factor = (_int(number) for number in (ivl, last, factor))
        try:
            found[card].extend((at_ms, ease if kind < 4 and 1 <= ease <= 4 else 0, took if took > 0 else 0, ease, ivl, last, factor, kind))
        except (TypeError, ValueError, OverflowError):  # what was put in before it broke goes again
            del found[card][len(found[card]) // LOGGED * LOGGED :]
    return dict(found)


KNOWN = ("col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "deck_config", "tags", "config", "graves")
PARTS = {"models": Said("note types"), "decks": Said("decks"), "dconf": Said("presets"), "conf": Said("settings")}


def _text(raw: bytes) -> str | bytes:
    """Text as it is; bytes that are no UTF-8 stay bytes, and who reads them says so."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _unicase(one: Any, other: Any) -> int:
    a, b = str(one).casefold(), str(other).casefold()
    return (a > b) - (a < b)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _int(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode() if value else b""
