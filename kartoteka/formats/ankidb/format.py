"""Anki's databases as they lie on a disk: decks of Anki 1 (.anki), and bare collections (.anki2, .anki21)."""

# ruff: noqa: S608  (names of columns of our own are put in)

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kartoteka.formats.anki.bundling import gathered, read_database
from kartoteka.formats.anki.collection import Collection, Logs, Row, logs_of, opened, real_tables
from kartoteka.formats.base import Bundle, Findings, Said, Source, Unreadable

TITLE = Said("Anki database (.anki, .anki2)")
EXTENSIONS = (".anki", ".anki2", ".anki21")
KEEPS = ("fields, byte for byte", "note types and templates", "tags", "suspended", "schedule", "reviews")
DROPS = (
    "pictures and sounds, which lie in a folder beside the file",
    "the look of the cards (CSS) and scripts when they are shown",
)

MAGIC = b"SQLite format 3\0"
NEEDED = {"facts", "fields", "fieldModels", "models", "cardModels", "cards"}
DAY_S = 86_400
DECK = 1
_FIELD = re.compile(r"%\(([^()]{1,200})\)s")


def recognises(head: bytes, name: str) -> float:
    if not head.startswith(MAGIC):
        return 0.6 if name.lower().endswith(EXTENSIONS) else 0.0
    return 0.99 if name.lower().endswith(EXTENSIONS) else 0.8 if b"cardModels" in head or b"CREATE TABLE revlog" in head else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    if not source.head(16).startswith(MAGIC):
        raise Unreadable(Said("This file has the name of an Anki deck, and is none. Nothing was changed. Look whether it is the right file."))
    with tempfile.TemporaryDirectory(prefix="kartoteka-anki-") as folder:
        place = source.path or Path(folder) / "deck"
        if source.path is None:
            place.write_bytes(source.bytes())
        db = opened(place)
        try:
            tables = real_tables(db)
            if not tables >= NEEDED:
                return read_database(place, "ankidb", findings)
            findings.say("media beside the deck", Said("Pictures and sounds of this deck lie in a folder beside it and did not come along."), severity="info")
            deck = _Old(db, tables, " ".join(Path(source.name).stem.split()) or "Anki")
            decks = gathered(deck.collection(), deck.notes(), deck.cards(), deck.reviews(), findings)
        except (sqlite3.Error, UnicodeError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise Unreadable(
                Said("This Anki deck is damaged and cannot be read. Nothing was changed. Open and save it in Anki once more, if you can.")
            ) from error
        finally:
            db.close()
    return Bundle("ankidb", tuple(decks), findings.told())


class _Old:
    """A deck of Anki 1, told in the rows of Anki 2."""

    def __init__(self, db: sqlite3.Connection, tables: set[str], title: str) -> None:
        self.db, self.tables, self.title = db, tables, title
        self.created_s = int(next(iter(db.execute("SELECT created FROM decks LIMIT 1")), (0,))[0] or 0) if "decks" in tables else 0
        self.ordinals = dict(db.execute("SELECT id, ordinal FROM cardModels"))
        self.ids: dict[int, int] = {}
        taken: set[int] = set()
        for fact, created in db.execute("SELECT id, created FROM facts ORDER BY created, id"):
            id = int(float(created or 0) * 1000)
            while id in taken:
                id += 1
            taken.add(id)
            self.ids[fact] = id

    def collection(self) -> Collection:
        types = {}
        for id, name in self.db.execute("SELECT id, name FROM models"):
            fields = [str(one) for (one,) in self.db.execute("SELECT name FROM fieldModels WHERE modelId = ? ORDER BY ordinal", (id,))]
            rows = self.db.execute("SELECT ordinal, name, qformat, aformat FROM cardModels WHERE modelId = ? ORDER BY ordinal", (id,))
            types[abs(id)] = {
                "id": abs(id),
                "name": str(name),
                "type": 0,
                "css": "",
                "flds": [{"name": one, "ord": at} for at, one in enumerate(fields)],
                "tmpls": [{"name": str(title), "ord": at, "qfmt": _template(asked), "afmt": "{{FrontSide}}\n\n<hr id=answer>\n\n" + _template(answered)} for at, title, asked, answered in rows],
            }  # fmt: skip
        return Collection(18, self.created_s, types, {DECK: {"id": DECK, "name": self.title, "mod": 0, "conf": 1, "dyn": 0}}, {})

    def notes(self) -> Iterator[Row]:
        fields: dict[int, list[str]] = {}
        for fact, value in self.db.execute("SELECT factId, value FROM fields ORDER BY factId, ordinal"):
            fields.setdefault(fact, []).append(str(value))
        for id, model, modified, tags in self.db.execute("SELECT id, modelId, modified, tags FROM facts ORDER BY created, id"):
            yield self.ids[id], f"anki1-{id}", abs(model), int(modified or 0), str(tags or "").replace(",", " "), "\x1f".join(fields.get(id, [""]))

    def cards(self) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        names = "id, factId, cardModelId, type, interval, due, factor, reps, noCount"
        for position, (id, fact, model, type_, interval, due, factor, reps, lapses) in enumerate(
            self.db.execute(f"SELECT {names} FROM cards ORDER BY factId, ordinal"), 1
        ):
            suspended, kind = type_ < 0, type_ + 3 if type_ < 0 else type_
            if kind == 2 or not reps:
                values = (0, -1 if suspended else 0, position, 0, 0, 0, 0)
            else:
                days = max(0, int((float(due) - self.created_s) // DAY_S))
                values = (2, -1 if suspended else 2, days, max(1, round(interval)), round(factor * 1000), reps, lapses)
            found.setdefault(self.ids.get(fact, 0), []).append((id, fact, DECK, self.ordinals.get(model, 0), *values, 0, 0, 0, 0, ""))
        return found

    def reviews(self) -> Logs:
        return logs_of(self._log()) if "reviewHistory" in self.tables else {}

    def _log(self) -> Iterator[Row]:
        names = "cardId, time, ease, lastInterval, nextInterval, nextFactor, thinkingTime, reps"
        for card, time_s, ease, last, following, factor, took_s, reps in self.db.execute(f"SELECT {names} FROM reviewHistory ORDER BY time"):
            days = round(following), round(last), round(factor * 1000)
            yield int(time_s * 1000), card, max(1, min(4, int(ease))), *days, int(min(took_s, 3600) * 1000), int(reps > 1)


def _template(text: Any) -> str:
    """``%(Front)s`` as ``{{Front}}``."""
    return _FIELD.sub(lambda found: "{{" + found[1] + "}}", str(text or "")).replace("\n", "<br>")
