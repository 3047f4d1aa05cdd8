"""A Bundle becomes an Anki package: what came from Anki leaves as it came, what was made here leaves as simple note types."""

# ruff: noqa: S608  (counts of placeholders are put in; values never are)

from __future__ import annotations

import hashlib
import html as entities
import json
import re
import sqlite3
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from kartoteka.engine.items import HINT
from kartoteka.formats.anki import hints, messages, options, proto, schema
from kartoteka.formats.anki.container import PIECE
from kartoteka.formats.anki.note_types import NoteType
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote
from kartoteka.formats.prose import spans_out

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DAY_S = 86_400
CREATED_S = 1_577_854_800  # the first of January 2020, 5:00 UTC: a collection's day one where nobody has said another
FIRST_ID = 1_577_854_800_000
BASIC, TURNED, CLOZE = FIRST_ID + 1, FIRST_ID + 2, FIRST_ID + 3
DEFAULT, USN = 1, -1
NEW, REVIEW, SUSPENDED = 0, 2, -1
OWN_PRESET = {"id": DEFAULT, "name": "Default", "mod": 0, "easyDaysPercentages": [1.0] * 7}
_MEDIA = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']?([^"'<>\s]{1,2000}+)[^<>]{0,2000}>""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ANSWER = "{{FrontSide}}\n\n<hr id=answer>\n\n"
NOTICE = "Please update to the latest Anki version, then import the .colpkg/.apkg file again."
Row = tuple[Any, ...]


def write_package(bundle: Bundle, file: BinaryIO, *, latest: bool) -> None:
    """Writes all decks of a Bundle with their cards, schedule, answers and media."""
    with tempfile.TemporaryDirectory(prefix="kartoteka-anki-") as folder, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        place = Path(folder) / "collection"
        _collection(_Writing(bundle).gathered(), place, latest=latest)
        dummy = Path(folder) / "dummy"
        _collection(_notice(), dummy, latest=False)
        archive.writestr("meta", bytes((0x08, 3 if latest else 2)))
        if latest:
            archive.writestr(zipfile.ZipInfo("collection.anki21b"), b"".join(_squeezed(place)))
        else:
            archive.write(place, "collection.anki21")
        archive.write(dummy, "collection.anki2")
        media = [one for one in bundle.media if one.path.is_file()]
        for number, one in enumerate(media):
            with archive.open(zipfile.ZipInfo(str(number)), "w", force_zip64=one.size > 1 << 31) as member:
                for piece in _squeezed(one.path) if latest else _pieces(one.path):
                    member.write(piece)
        listed = _latest_map(media) if latest else json.dumps({str(number): one.name for number, one in enumerate(media)}, ensure_ascii=False).encode()
        archive.writestr("media", zstd.compress(listed) if latest else listed)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _squeezed(path: Path) -> Iterator[bytes]:
    press = zstd.ZstdCompressor()
    for piece in _pieces(path):
        if out := press.compress(piece):
            yield out
    yield press.flush()


def _latest_map(media: list[BundleMedia]) -> bytes:
    lines = []
    for one in media:
        sha1 = hashlib.sha1(usedforsecurity=False)
        for piece in _pieces(one.path):
            sha1.update(piece)
        lines.append(proto.message(1, proto.data(1, one.name) + proto.number(2, one.size) + proto.data(3, sha1.digest())))
    return b"".join(lines)


def rows_of(bundle: Bundle) -> Rows:
    """The rows a Bundle makes, for those who write them elsewhere."""
    return _Writing(bundle).gathered()


@dataclass(slots=True)
class Rows:
    """The rows of a collection that is written."""

    created_s: int = CREATED_S
    types: dict[int, dict[str, Any]] = field(default_factory=dict)
    decks: dict[int, dict[str, Any]] = field(default_factory=dict)
    presets: dict[int, dict[str, Any]] = field(default_factory=dict)
    notes: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    reviews: dict[int, Row] = field(default_factory=dict)
    fsrs: bool = False


def _collection(rows: Rows, place: Path, *, latest: bool) -> None:
    db = sqlite3.connect(place, isolation_level=None)
    try:
        db.create_collation("unicase", lambda a, b: (a.casefold() > b.casefold()) - (a.casefold() < b.casefold()))
        db.execute("PRAGMA page_size=4096")
        db.execute("PRAGMA journal_mode=OFF")
        db.executescript(schema.LATEST if latest else schema.LEGACY)
        db.execute("BEGIN")
        _settings(db, rows, latest=latest)
        db.executemany(f"INSERT INTO notes VALUES ({_places(11)})", rows.notes)
        db.executemany(f"INSERT INTO cards VALUES ({_places(18)})", rows.cards)
        db.executemany(f"INSERT INTO revlog VALUES ({_places(9)})", rows.reviews.values())
        db.execute("COMMIT")
    finally:
        db.close()


def _places(number: int) -> str:
    return ", ".join("?" * number)


def _settings(db: sqlite3.Connection, rows: Rows, *, latest: bool) -> None:
    """Note types, decks, presets and settings: as JSON in one row, or each in its table."""
    config = {**schema.CONFIG, **({"fsrs": True} if rows.fsrs else {})}
    mod = rows.created_s * 1000
    if not latest:
        decks = {str(id): options.legacy_deck(one) for id, one in rows.decks.items()}
        presets = {str(id): options.legacy_preset(one) for id, one in rows.presets.items()}
        said = [json.dumps(one, ensure_ascii=False) for one in (config, {str(id): _legacy_type(one) for id, one in rows.types.items()}, decks, presets, {})]
        db.execute(f"INSERT INTO col VALUES ({_places(13)})", (1, rows.created_s, mod, mod, 11, 0, 0, 0, *said))
        return
    db.execute(f"INSERT INTO col VALUES ({_places(13)})", (1, rows.created_s, mod, mod, 18, 0, 0, 0, "", "", "", "", ""))
    db.executemany("INSERT INTO config VALUES (?, 0, 0, ?)", ((name, json.dumps(value).encode()) for name, value in config.items()))
    for id, one in rows.types.items():
        db.execute("INSERT INTO notetypes VALUES (?, ?, ?, ?, ?)", (id, one["name"], _int(one.get("mod")), USN, messages.note_type_message(one)))
        db.executemany("INSERT INTO fields VALUES (?, ?, ?, ?)", ((id, at, part["name"], messages.field_message(part)) for at, part in enumerate(one["flds"])))
        db.executemany(
            "INSERT INTO templates VALUES (?, ?, ?, 0, ?, ?)", ((id, part["ord"], part["name"], USN, messages.template_message(part)) for part in one["tmpls"])
        )
    for id, one in rows.decks.items():
        row = (id, one["name"].replace("::", "\x1f"), _int(one.get("mod")), USN, *options.deck_messages(one, _int(one.get("conf")) or DEFAULT))
        db.execute("INSERT INTO decks VALUES (?, ?, ?, ?, ?, ?)", row)
    for id, one in rows.presets.items():
        db.execute(
            "INSERT INTO deck_config VALUES (?, ?, ?, ?, ?)", (id, str(one.get("name") or "Default"), _int(one.get("mod")), USN, options.preset_message(one))
        )


def _legacy_type(said: Mapping[str, Any]) -> dict[str, Any]:
    field = {"sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
    template = {"bqfmt": "", "bafmt": "", "did": None}
    return {
        "sortf": 0, "did": None, "latexPre": messages.LATEX_PRE, "latexPost": messages.LATEX_POST, "usn": USN, "mod": 0, "tags": [], "vers": [], "req": [],
        **said,
        "flds": [{**field, **one} for one in said["flds"]],
        "tmpls": [{**template, **one} for one in said["tmpls"]],
    }  # fmt: skip


LEGACY_NOTHING: dict[str, Any] = {"latexPre": messages.LATEX_PRE, "latexPost": messages.LATEX_POST, "sortf": 0, "tags": [], "vers": [], "req": []}


def _int(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


class _Writing:
    """Gathers the rows of all decks of a Bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.rows = Rows()
        self.types: dict[int, NoteType] = {}
        self.note_ids: set[int] = set()
        self.card_ids: set[int] = set()
        self.names: set[str] = set()
        self.homes = set(map(_home, bundle.decks))

    def gathered(self) -> Rows:
        for deck in self.bundle.decks:
            said = messages.mapping(deck.extra.get("anki"))
            self.rows.created_s = _int(said.get("created_s")) or self.rows.created_s
            self._decks(deck, said)
            for id, one in (said.get("types") or {}).items():
                self._add_type(int(id), one)
        for deck in self.bundle.decks:  # a card may lie in any of them
            for note in deck.notes:
                self._note(note, _home(deck))
        for id, one in list(self.rows.decks.items()):
            if one.get("conf", DEFAULT) not in self.rows.presets and not one.get("dyn"):
                self.rows.presets.setdefault(DEFAULT, OWN_PRESET)
                self.rows.decks[id] = {**one, "conf": DEFAULT} if one.get("conf", DEFAULT) != DEFAULT else one
        self.rows.presets.setdefault(DEFAULT, OWN_PRESET)
        self.rows.decks.setdefault(DEFAULT, {"id": DEFAULT, "name": self._free("Default"), "mod": 0, "conf": DEFAULT, "dyn": 0})
        return self.rows

    def _decks(self, deck: BundleDeck, said: Mapping[str, Any]) -> None:
        home = _home(deck)
        for key, one in (said.get("decks") or {}).items():
            if int(key) not in self.rows.decks and int(key) not in self.homes:
                self.rows.decks[int(key)] = {**one, "name": self._free(str(one.get("name") or "Deck"))}
        own = (said.get("decks") or {}).get(str(home)) or {"id": home, "mod": 0, "conf": DEFAULT, "dyn": 0, "desc": deck.description}
        self.rows.decks.setdefault(home, {**own, "name": self._free(deck.title or "Deck")})
        self.rows.presets |= {int(id): one for id, one in (said.get("presets") or {}).items()}

    def _free(self, name: str) -> str:
        free, number = name, 2
        while free.casefold() in self.names:
            free, number = f"{name} {number}", number + 1
        self.names.add(free.casefold())
        return free

    def _add_type(self, id: int, said: Mapping[str, Any]) -> NoteType:
        if id not in self.types:
            tidy = messages.tidy_type(id, said)
            names = {one["name"].casefold() for one in self.rows.types.values()}
            tidy["name"] = next(name for number in range(1, 10_000) if (name := tidy["name"] + (f" {number}" if number > 1 else "")).casefold() not in names)
            self.rows.types[id] = tidy
            self.types[id] = NoteType(tidy)
        return self.types[id]

    def _type_of(self, note: BundleNote, kept: Mapping[str, Any]) -> tuple[int, NoteType]:
        id = _int(kept.get("type"))
        if id not in self.types:
            turned = any(card.ordinal == 1 for card in note.cards)
            id = CLOZE if note.kind == "cloze" else TURNED if turned else BASIC
        said = self.types[id].said if id in self.types else OWN[id]
        if not note.fields.get(HINT) or hints.hint_in(said):
            return id, self._add_type(id, said)
        while (id := id + hints.APART) in self.types and not self.types[id].hint:
            pass
        return id, self._add_type(id, hints.with_hint(said))

    def _note(self, note: BundleNote, home: int) -> None:
        kept = messages.mapping(note.extra.get("anki"))
        type_id, kind = self._type_of(note, kept)
        fields, changed = _fields_of(note, kept, kind, str(self.rows.decks[home]["name"]))
        id = _free_id(_int(kept.get("id")) or FIRST_ID + len(self.rows.notes), self.note_ids)
        texts = fields.split("\x1f")
        first = _bare(texts[0])
        sort = _bare(texts[min(_int(kind.said.get("sortf")), len(texts) - 1)])
        csum = int(hashlib.sha1(first.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(tag.replace(' ', '_') for tag in note.tags)} " if note.tags else ""
        guid = note.guid.removesuffix(f"#{kept.get('id')}") or f"k{id}"
        self.rows.notes.append((id, guid, type_id, _int(kept.get("mod")) + changed, USN, tags, fields, sort, csum, 0, ""))
        places = {one[0]: tuple(one) for one in kept.get("cards") or () if isinstance(one, list | tuple) and len(one) == 4}
        for card in note.cards or _own_cards(note, kind):
            self._card(card, places.get(card.ordinal), id, home)

    def _card(self, card: BundleCard, place: Row | None, note: int, home: int) -> None:
        stood = card.standing.get("anki")
        memory = card.standing.get("memory")
        position = len(self.rows.notes)
        id = _free_id(_int(place[1]) if place else _int(stood[0]) if stood else FIRST_ID + len(self.rows.cards), self.card_ids)
        did = _int(place[2]) if place and _int(place[2]) in self.rows.decks else home
        values: tuple[Any, ...]
        if stood and not (memory and card.standing.get("moved")):
            _id, shown_in, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, _flags, data = stood
            did = shown_in if shown_in in self.rows.decks else did
            values = (type_, queue, due, ivl, factor, reps, lapses, left, odue, odid if odid in self.rows.decks else 0)
        elif memory:
            due = max(0, (int(memory["due_ms"]) // 1000 - self.rows.created_s) // DAY_S)
            ivl = max(1, round((memory["due_ms"] - memory["last_ms"]) / 1000 / DAY_S))
            data = json.dumps({"s": round(memory["stability"], 4), "d": round(memory["difficulty"], 3), "lrt": memory["last_ms"] // 1000})
            values = (REVIEW, REVIEW, due, ivl, 2500, memory["reps"], memory["lapses"], 0, 0, 0)
        else:
            data, values = "", (NEW, NEW, _int(place[3]) if place else position, 0, 0, 0, 0, 0, 0, 0)
        values = (values[0], _queue(card, values[0], values[1]), *values[2:])
        self.rows.fsrs = self.rows.fsrs or '"s":' in data
        flag = _int(card.standing.get("flag")) or (_int(stood[12]) if stood else 0)
        self.rows.cards.append((id, note, did, card.ordinal, 0, USN, *values, flag, data))
        self._reviews(card, id)

    def _reviews(self, card: BundleCard, id: int) -> None:
        last_ms = 0
        for review in sorted(card.reviews, key=lambda one: one.at_ms):
            at = review.at_ms
            while at in self.rows.reviews:
                at += 1
            if len(review.more) == 5:
                ease, ivl, last, factor, kind = review.more
            else:
                days = (review.at_ms - last_ms) // 1000 // DAY_S if last_ms else 0
                ease, ivl, last, factor, kind = review.rating, max(1, days), days, 2500, 1 if last_ms else 0
            if ease or kind > 3:
                self.rows.reviews[at] = (at, id, USN, ease, ivl, last, factor, review.took_ms, kind)
            last_ms = review.at_ms


def _home(deck: BundleDeck) -> int:
    """The id of a deck, there or here."""
    return _int(messages.mapping(deck.extra.get("anki")).get("deck")) or FIRST_ID + zlib.crc32((deck.source or deck.title).encode())


def _queue(card: BundleCard, type_: int, queue: int) -> int:
    """Suspended and set aside as it is here; else as it was there."""
    if card.suspended:
        return SUSPENDED
    if queue == SUSPENDED or (queue in (-2, -3) and not card.buried):
        return {0: 0, 1: 1, 2: 2, 3: 1}.get(type_, 0)
    return queue


def _free_id(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    taken.add(wanted)
    return wanted


def _own_cards(note: BundleNote, kind: NoteType) -> tuple[BundleCard, ...]:
    if note.kind != "cloze":
        return (BundleCard(),)
    numbers = {int(number) for number in re.findall(r"\{\{c(\d{1,3})", note.fields.get("term", ""))}
    return tuple(BundleCard(number - 1) for number in sorted(numbers) if number) or (BundleCard(),)


def _fields_of(note: BundleNote, kept: Mapping[str, Any], kind: NoteType, deck: str) -> tuple[str, bool]:
    """The fields of a note as one text, and whether they were changed here since they came."""
    term, definition = (note.fields.get(name, "").replace("\x1f", "") for name in ("term", "definition"))
    if not isinstance(kept.get("fields"), str):
        more = [note.fields.get(HINT if name == kind.hint else name, "") for name in kind.names[2:]]
        return "\x1f".join([term, definition, *more][: max(2, len(kind.names))]), False
    texts = kept["fields"].split("\x1f")
    padded = texts + [""] * (len(kind.names) - len(texts))
    fields = kind.with_special(dict(zip(kind.names, padded, strict=False)), " ".join(note.tags), deck)
    before = kind.sides(fields, min((card.ordinal for card in note.cards), default=0))
    hint = note.fields.get(HINT, "").replace("\x1f", "")
    hint_at = kind.names.index(kind.hint) if kind.hint else -1
    if before == (term, definition) and (hint_at < 0 or padded[hint_at] == hint):
        return kept["fields"], False
    came = list(padded)
    for was, now, place in ((before[0], term, 0), (before[1], definition, 1)):
        if was == now:
            continue
        at = kind.names.index(kind.simple[place]) if kind.simple else padded.index(was) if was and was in padded else -1
        if at >= 0:
            padded[at] = now
        elif not was and len(padded) > 1:
            padded[next((number for number, text in enumerate(padded) if number not in (0, hint_at) and not text), 1)] = now
    if hint_at >= 0:
        padded[hint_at] = hint
    return "\x1f".join(padded), padded != came


def _bare(html: str) -> str:
    """A field without its tags, as Anki compares and sorts it; pictures count by their names."""
    if "<" not in html:
        return entities.unescape(html)
    html = _MEDIA.sub(r" \1 ", html)
    for opening, closing in (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")):
        html = spans_out(html, opening, closing)
    return entities.unescape(_TAG.sub("", html))


def _own_type(id: int, name: str, fields: tuple[str, ...], templates: tuple[tuple[str, str], ...], *, cloze: bool = False) -> dict[str, Any]:
    css = ".card {\n    font-family: arial;\n    font-size: 20px;\n    text-align: center;\n    color: black;\n    background-color: white;\n}\n"
    made = [{"name": f"Card {at + 1}", "ord": at, "qfmt": question, "afmt": answer} for at, (question, answer) in enumerate(templates)]
    more = ".cloze {\n    font-weight: bold;\n    color: blue;\n}\n" if cloze else ""
    return {
        "id": id,
        "name": name,
        "type": int(cloze),
        "mod": 0,
        "css": css + more,
        "flds": [{"name": one, "ord": at} for at, one in enumerate(fields)],
        "tmpls": made,
    }


_FORWARD, _BACKWARD = ("{{Front}}", _ANSWER + "{{Back}}"), ("{{Back}}", _ANSWER + "{{Front}}")
OWN = {
    BASIC: _own_type(BASIC, "Kartoteka", ("Front", "Back"), (_FORWARD,)),
    TURNED: _own_type(TURNED, "Kartoteka (both ways)", ("Front", "Back"), (_FORWARD, _BACKWARD)),
    CLOZE: _own_type(CLOZE, "Kartoteka (blanks)", ("Text", "Back Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),), cloze=True),
}


def _notice() -> Rows:
    """The old collection that tells an old Anki to update."""
    note = BundleNote({"term": NOTICE, "definition": ""}, guid="update-anki")
    return _Writing(Bundle("apkg", (BundleDeck("Default", (note,), extra={"anki": {"deck": 1}}),))).gathered()
