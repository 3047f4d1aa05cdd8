"""Small packages of our own writing, of each generation, with whatever rows a test wants."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TABLES = """
CREATE TABLE col (id integer primary key, crt integer, mod integer, scm integer, ver integer, dty integer, usn integer, ls integer,
 conf text, models text, decks text, dconf text, tags text);
CREATE TABLE notes (id integer primary key, guid text, mid integer, mod integer, usn integer, tags text, flds text, sfld integer, csum integer, flags integer, data text);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, mod integer, usn integer, type integer, queue integer, due integer, ivl integer,
 factor integer, reps integer, lapses integer, left integer, odue integer, odid integer, flags integer, data text);
CREATE TABLE revlog (id integer primary key, cid integer, usn integer, ease integer, ivl integer, lastIvl integer, factor integer, time integer, type integer);
"""
CREATED_S = 1_700_000_000
BASIC, TURNED, CLOZE = 1001, 1002, 1003
ANSWER = "{{FrontSide}}\n\n<hr id=answer>\n\n"


def note_type(id: int, fields: Sequence[str], templates: Sequence[tuple[str, str]], *, cloze: bool = False, name: str = "") -> dict[str, Any]:
    return {
        "id": id,
        "name": name or f"Type {id}",
        "type": int(cloze),
        "css": ".card { color: teal }",
        "flds": [{"name": name, "ord": at} for at, name in enumerate(fields)],
        "tmpls": [{"name": f"Card {at + 1}", "ord": at, "qfmt": question, "afmt": answer} for at, (question, answer) in enumerate(templates)],
    }


TYPES = (
    note_type(BASIC, ("Front", "Back"), [("{{Front}}", ANSWER + "{{Back}}")], name="Basic"),
    note_type(TURNED, ("Front", "Back"), [("{{Front}}", ANSWER + "{{Back}}"), ("{{Back}}", ANSWER + "{{Front}}")], name="Basic (and reversed card)"),
    note_type(CLOZE, ("Text", "Back Extra"), [("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}")], cloze=True, name="Cloze"),
)


def card(id: int, note: int, *, deck: int = 10, ord: int = 0, **more: Any) -> tuple[Any, ...]:
    said = {"type": 0, "queue": 0, "due": 1, "ivl": 0, "factor": 0, "reps": 0, "lapses": 0, "left": 0, "odue": 0, "odid": 0, "flags": 0, "data": "", **more}
    return (id, note, deck, ord, 0, 0, *said.values())


def note(id: int, *fields: str, type: int = BASIC, tags: str = "", guid: str | None = None) -> tuple[Any, ...]:
    return (id, guid or f"guid{id}", type, 0, 0, f" {tags} " if tags else "", "\x1f".join(fields), fields[0], 0, 0, "")


def collection(
    notes: Iterable[Sequence[Any]],
    cards: Iterable[Sequence[Any]],
    reviews: Iterable[Sequence[Any]] = (),
    *,
    types: Iterable[Mapping[str, Any]] = TYPES,
    decks: Mapping[int, str] | None = None,
    more: str = "",
) -> bytes:
    """A collection of schema 11 as bytes; ``more``: further SQL, for what an attacker would add."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "collection"
        with sqlite3.connect(place) as db:
            db.executescript(TABLES)
            named = {10: "French", 11: "French::Verbs", 12: "Filtered"} if decks is None else decks
            said = {
                str(id): {"id": id, "name": name, "dyn": int(id == 12), "conf": 1, "desc": "<b>About</b> it" if id == 10 else ""} for id, name in named.items()
            }
            presets = {"1": {"id": 1, "name": "Default", "mod": 0, "new": {"perDay": 20}, "rev": {"perDay": 200}}}
            models = {str(one["id"]): one for one in types}
            db.execute(
                "INSERT INTO col VALUES (1, ?, 0, 0, 11, 0, 0, 0, '{\"schedVer\": 2}', ?, ?, ?, '{}')",
                (CREATED_S, json.dumps(models), json.dumps(said), json.dumps(presets)),
            )
            db.executemany(f"INSERT INTO notes VALUES ({', '.join('?' * 11)})", notes)
            db.executemany(f"INSERT INTO cards VALUES ({', '.join('?' * 18)})", cards)
            db.executemany(f"INSERT INTO revlog VALUES ({', '.join('?' * 9)})", reviews)
            db.executescript(more)
        db.close()
        return place.read_bytes()


def package(collection: bytes, *, generation: int = 1, media: Mapping[str, bytes] | None = None, more: Mapping[str, bytes] | None = None) -> bytes:
    """A package around it. ``more``: further members of the zip."""
    out = io.BytesIO()
    files = dict(media or {})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if generation > 1:
            archive.writestr("collection.anki2", DUMMY)
        archive.writestr({1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}[generation], _packed(collection, generation))
        if generation == 3:
            archive.writestr("meta", b"\x08\x03")
            listed = b"".join(_entry(name.encode(), len(data)) for name, data in files.items())
        else:
            listed = json.dumps({str(at): name for at, name in enumerate(files)}).encode()
        archive.writestr("media", _packed(listed, generation))
        for at, data in enumerate(files.values()):
            archive.writestr(str(at), _packed(data, generation))
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def _entry(name: bytes, size: int) -> bytes:
    inside = b"\x0a" + bytes([len(name)]) + name + (b"\x10" + bytes([size]) if 0 < size < 128 else b"")
    return b"\x0a" + bytes([len(inside)]) + inside


def _packed(data: bytes, generation: int) -> bytes:
    return zstd.compress(data) if generation == 3 else data


DUMMY = collection([note(1, "Please update to the latest Anki version, then import the .colpkg/.apkg file again.", "")], [card(1, 1)])


def french(generation: int) -> bytes:
    """A deck with a bit of everything."""
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
    notes = [
        note(101, "le chat <img src='cat.png'>", "the cat", tags="animals pets"),
        note(102, "le chien", "the dog", type=TURNED),
        note(103, "Paris is the {{c1::capital}} of {{c2::France::country}}.", "Since 987", type=CLOZE),
        note(104, "\\(a<b\\)", "[sound:bonjour.mp3]"),
    ]
    cards = [
        card(201, 101, type=2, queue=2, due=30, ivl=12, factor=2500, reps=2, flags=3, data='{"s":12.5,"d":5.1}'),
        card(202, 102, queue=-1),
        card(203, 102, ord=1, deck=11),
        card(204, 103),
        card(205, 103, ord=1, type=2, queue=-2, due=40, ivl=3, reps=1, deck=12, odid=11, odue=44),
        card(206, 104, deck=11, due=7),
    ]
    reviews = [
        (1_699_000_000_000, 201, 0, 3, -600, 0, 0, 4000, 0),
        (1_699_090_000_000, 201, 0, 4, 12, 1, 2500, 3000, 1),
        (1_699_090_000_500, 205, 0, 1, 3, 1, 2500, 9000, 1),
        (1_699_099_000_000, 205, 0, 0, 0, 3, 0, 0, 4),
    ]
    return package(
        collection(notes, cards, reviews), generation=generation, media={"cat.png": picture, "bonjour.mp3": b"ID3" + b"\0" * 20, "alone.txt": b"kept"}
    )
