"""A collection becomes a Bundle: its decks with their notes, each rendered as its templates say, and everything else kept beside."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kartoteka.engine.items import HINT
from kartoteka.formats.anki import drawings
from kartoteka.formats.anki.collection import LOGGED, MOST_DECK_LEVELS, Collection, Logs, Reader, Row
from kartoteka.formats.anki.container import Package, safe_name
from kartoteka.formats.anki.note_types import BLANK, MOST_FIELDS, NoteType, covered_sides, made_type, whole_picture
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Findings, Reviews, Said, Sealed, Source, Unreadable

DAMAGE = (sqlite3.Error, UnicodeError, TypeError, OverflowError)
MOST_SIGNS = 1_000_000  # of one field; more is no text any more
MOST_DECKS = 2_000
DEFAULT_DECK = 1  # is in every collection
REVIEW, RELEARNING, LEARNING = 2, 3, (1, 3)
NEW, NEVER = (0, 0), (0,) * 8  # type and queue of a new card, and what else stands in its row
SUSPENDED, BURIED = -1, (-2, -3)
READ_OUT = re.compile(r"\[anki:tts|\[latex\]|<anki-mathjax", re.IGNORECASE)
_quoted = json.encoder.encode_basestring_ascii
_REFERENCE = re.compile(r"""\[sound:([^\]\[]{1,255})\]|\b(?:src|data)\s*=\s*(?:"([^"]{1,255})"|'([^']{1,255})'|([^\s"'>]{1,255}))""", re.IGNORECASE)


def read_package(source: Source, options: Mapping[str, str], format: str) -> Bundle:
    """What stands in an .apkg or .colpkg."""
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="kartoteka-anki-") as folder:
        path = source.path or Path(folder) / "package"
        if source.path is None:
            path.write_bytes(source.bytes())
        package = Package(path, findings)
        place = Path(folder) / "collection"
        package.collection_to(place)
        reader = Reader(place, findings)
        try:
            decks, collection = _decks(reader, findings)
        except DAMAGE as error:
            raise Unreadable(Said("The collection in this package is damaged. Nothing was changed. Export the deck again.")) from error
        finally:
            reader.close()
        place.unlink()
        if source.folder is not None:
            source.folder.mkdir(parents=True, exist_ok=True)
        media = package.media(source.folder)
    _refuse_update_notice(decks, package)
    return Bundle(
        format,
        tuple(drawings.covered(_with_media(decks, media), media)),
        findings.told(),
        tuple(media),
        extra={"schema": collection.schema, "generation": package.generation},
    )


def _refuse_update_notice(decks: Sequence[BundleDeck], package: Package) -> None:
    """Newer packages hold a second, old collection with one note that asks to update; where only that is left, the deck is lost."""
    notes = [note for deck in decks for note in deck.notes]
    if len(notes) == 1 and package.generation == 1 and any("update" in html.lower() and "anki" in html.lower() and "version" in html.lower() for html in notes[0].fields.values()):  # fmt: skip
        raise Unreadable(
            Said(
                "This package holds only Anki's notice to update; the deck itself is missing from it. Nothing was changed. Export the deck again, or ask for the whole file."
            )
        )


def read_database(place: Path, format: str, findings: Findings) -> Bundle:
    """What stands in a bare collection (.anki2, .anki21), without its media."""
    reader = Reader(place, findings)
    try:
        decks, collection = _decks(reader, findings)
    except DAMAGE as error:
        raise Unreadable(Said("This collection is damaged and cannot be read. Nothing was changed. Bring a backup of it, if there is one.")) from error
    finally:
        reader.close()
    return Bundle(format, tuple(decks), findings.told(), extra={"schema": collection.schema})


def gathered(collection: Collection, notes: Iterable[Row], cards: dict[int, list[Row]], reviews: Logs, findings: Findings) -> list[BundleDeck]:
    """The decks that these rows of a collection make."""
    making_of = Notes(collection, findings, reviews)
    making: dict[int, _Making] = {}
    for row in notes:
        made = making_of.note(row, cards.pop(row[0], []))
        if made is None:
            continue
        note, home, type_id = made
        deck = making.get(home)
        if deck is None:
            deck = making[home] = _Making(home, making_of.deck_name(home))
        deck.notes.append(note)
        deck.types.setdefault(type_id, making_of.type_of(type_id))
        if not making_of.homes <= deck.decks:
            deck.decks |= making_of.homes
    ordered = sorted(making.values(), key=lambda deck: (deck.name, deck.id))
    _empty_decks(ordered, collection)
    used = {one.get("conf") for deck in ordered for id in (deck.id, *deck.decks) if (one := collection.decks.get(id))}
    unused = {str(id): one for id, one in collection.presets.items() if id not in used}
    return [_deck(deck, collection, {} if place else unused) for place, deck in enumerate(ordered)]


@dataclass(slots=True)
class _Making:
    """A deck while its notes are gathered."""

    id: int
    name: str
    notes: list[BundleNote] = field(default_factory=list)
    types: dict[int, dict[str, Any]] = field(default_factory=dict)
    decks: set[int] = field(default_factory=set)


def _decks(reader: Reader, findings: Findings) -> tuple[list[BundleDeck], Collection]:
    collection = reader.collection()
    cards, reviews = reader.cards(), reader.reviews()
    decks = gathered(collection, reader.notes(), cards, reviews, findings)
    if cards:
        lost = sum(map(len, cards.values()))
        findings.say(
            "cards without a note",
            Said("%(lost)s cards belong to no note of this file; they were left out.", lost=f"{lost:,}"),
            where="cards",
            severity="refused",
        )
    if lost := sum(map(len, reviews.values())) // LOGGED:
        findings.say(
            "reviews without a card",
            Said("%(lost)s reviews belong to cards that are not in this file; they were left out.", lost=f"{lost:,}"),
            where="revlog",
            severity="info",
        )
    return decks, collection


def _empty_decks(made: Sequence[_Making], collection: Collection) -> None:
    """Decks without a note of their own go with those that lie in them or around them, others with the first, so that the whole tree leaves again."""
    if not made:
        return
    homes: defaultdict[str, list[_Making]] = defaultdict(list)
    for deck in made:
        parts = deck.name.split("::")
        for level in range(1, len(parts) + 1):
            homes["::".join(parts[:level])].append(deck)
    known = {id for deck in made for id in (deck.id, *deck.decks)}
    for id, one in list(collection.decks.items())[:MOST_DECKS]:
        if id in known or (id == DEFAULT_DECK and not homes.get(str(one.get("name")))):
            continue
        parts = str(one.get("name") or "").split("::")[:MOST_DECK_LEVELS]
        around = next((found for level in range(len(parts), 0, -1) if (found := homes.get("::".join(parts[:level])))), None)
        (around or made)[0].decks.add(id)


def _deck(deck: _Making, collection: Collection, more: dict[str, Any]) -> BundleDeck:
    """``more``: presets that go along, though none of its decks is studied by them."""
    said = {str(id): collection.decks[id] for id in sorted({deck.id, *deck.decks}) if id in collection.decks}
    presets = {str(one["conf"]): collection.presets[one["conf"]] for one in said.values() if one.get("conf") in collection.presets} | more
    own = collection.decks.get(deck.id, {})
    extra = {"deck": deck.id, "created_s": collection.created_s, "types": {str(id): one for id, one in deck.types.items()}, "decks": said, "presets": presets}
    return BundleDeck(
        deck.name,
        tuple(deck.notes),
        description=str(own.get("desc") or "")[:20_000],
        source=f"anki:{deck.id}:{deck.name}"[:200] if deck.id > 1 else "",
        extra={"anki": extra},
    )


class Notes:
    """Makes notes of rows, one by one: a bad row costs itself and nothing else."""

    def __init__(self, collection: Collection, findings: Findings, reviews: Logs) -> None:
        self.collection, self.findings, self.reviews = collection, findings, reviews
        self.types: dict[int, NoteType] = {}
        self.names: dict[int, str] = {}
        self.seen: set[str] = set()
        self.homes: set[int] = set()
        self.tags: dict[str, tuple[str, ...]] = {"": ()}
        self.plain = [BundleCard(ordinal) for ordinal in range(8)]
        self.old = collection.schema == 11 and collection.config.get("schedVer", 1) != 2

    def type_of(self, id: int) -> dict[str, Any]:
        return self.types[id].said

    def deck_name(self, id: int) -> str:
        if id not in self.names:
            name = str(self.collection.decks.get(id, {}).get("name") or "")
            parts = [" ".join("".join(sign if sign.isprintable() else " " for sign in part).split()) or "blank" for part in name.split("::")]
            if id not in self.collection.decks:
                self.findings.say(
                    "cards of a deck that is not there", Said("Some cards are of a deck that is not in this file; they are in “Recovered”."), where="decks"
                )
                parts = ["Recovered"]
            if len(parts) > MOST_DECK_LEVELS or len(name) > 10_000:
                self.findings.say("decks too deep", Said("A deck lies %(parts)s levels deep; its name was shortened.", parts=len(parts)), where="decks")
            self.names[id] = "::".join(parts[:MOST_DECK_LEVELS])[:2000]
        return self.names[id]

    def note(self, row: Row, cards: Sequence[Row]) -> tuple[BundleNote, int, int] | None:
        id, guid, mid, mod, tags, flds = row
        where, mid = f"note {id}", mid if isinstance(mid, int) else 0
        if not isinstance(flds, str) or not isinstance(tags, str):
            flds, tags = self._mended(flds, where, "fields"), self._mended(tags, where, "tags")
        if "\0" in flds:
            self.findings.say(
                "signs that are no text", Said("This note holds zero bytes; they are kept for export and not shown."), where=where, severity="info"
            )
        texts = flds.split("\x1f")
        if len(flds) > MOST_SIGNS * 10 or len(texts) > MOST_FIELDS * 2:
            self.findings.say("notes too large", Said("This note is larger than a note may be; it was left out."), where=where, severity="refused")
            return None
        kind = self._type(mid, len(texts), where)
        if len(texts) != len(kind.names):
            self._say_count(len(texts), len(kind.names), where)
        bundled = [self._card(card) for card in cards]
        home = (cards[0][13] or cards[0][2]) if cards else self._home()
        home = home if isinstance(home, int) else self._home()
        self.homes = {id for card in cards for id in (card[2], card[13]) if isinstance(id, int)}
        if kind.plain and len(texts) == len(kind.names) and len(bundled) == 1 and bundled[0].ordinal == 0 and not READ_OUT.search(flds):
            term, definition, kind_of = texts[kind.plain[0]], texts[kind.plain[1]], "basic"
        else:
            term, definition, kind_of = self._sides(kind, texts, flds, tags, home, bundled)
        note = BundleNote(
            {"term": term, "definition": definition, **({HINT: texts[at] if (at := kind.names.index(kind.hint)) < len(texts) else ""} if kind.hint else {})},
            guid=self._guid(guid, id),
            kind=kind_of,
            tags=self._tags(tags),
            where=where,
            cards=(bundled[0],) if len(bundled) == 1 else tuple(bundled),
            extra=_kept(id, mid, mod, flds, cards),
        )
        return note, home, mid

    def _sides(self, kind: NoteType, texts: list[str], flds: str, tags: str, home: int, bundled: list[BundleCard]) -> tuple[str, str, str]:
        """Term, definition and kind of a note as its templates say; cards with sides of their own get them."""
        fields = kind.with_special(dict(zip(kind.names, texts + [""] * (len(kind.names) - len(texts)), strict=False)), tags.strip(), self.deck_name(home))
        covered = kind.cloze and "::image-occlusion:" in flds
        term, definition = whole_picture(fields) if covered else kind.sides(fields, bundled[0].ordinal if bundled else 0)
        for number, one in enumerate(bundled):
            sides = covered_sides(fields, one.ordinal) if covered else kind.own_sides(fields, one.ordinal, term, definition)
            if sides is not None:
                bundled[number] = BundleCard(one.ordinal, one.reviews, one.suspended, one.standing, sides, one.buried)
        return term, definition, "cloze" if kind.cloze and BLANK.search(term) else "basic"

    def _tags(self, tags: str) -> tuple[str, ...]:
        if tags not in self.tags:
            self.tags[tags] = tuple(dict.fromkeys(tags.split()))
        return self.tags[tags]

    def _guid(self, guid: Any, id: int) -> str:
        """Real files hold the same guid twice; the second note then goes by its own id."""
        found = str(guid)[:200] if guid not in (None, "") else f"anki-{id}"
        if found in self.seen:
            self.findings.say(
                "two notes of the same guid",
                Said("Two notes go by the guid “%(found)s”; both are kept.", found=found[:40]),
                where=f"note {id}",
                severity="info",
            )
            found = f"{found[:170]}#{id}"
        self.seen.add(found)
        return found

    def _home(self) -> int:
        return next((id for id, deck in sorted(self.collection.decks.items()) if not deck.get("dyn")), 1)

    def _mended(self, value: Any, where: str, what: str) -> str:
        if isinstance(value, bytes):
            self.findings.say(
                "bytes that are no text", Said("The %(what)s of this note hold bytes that are no text; they were replaced.", what=what), where=where
            )
            return value.decode("utf-8", "replace")
        return "" if value is None else str(value)

    def _say_count(self, found: int, wanted: int, where: str) -> None:
        if found < wanted:
            what = Said("This note has %(found)s fields and its note type %(wanted)s; the others are empty.", found=found, wanted=wanted)
        else:
            what = Said(
                "This note has %(found)s fields and its note type %(wanted)s; the others are kept for export and not shown.", found=found, wanted=wanted
            )
        self.findings.say("notes with another number of fields", what, where=where)

    def _type(self, mid: Any, count: int, where: str) -> NoteType:
        key = mid if isinstance(mid, int) else 0
        if key not in self.types:
            said = self.collection.note_types.get(key)
            if said is None or not said["flds"]:
                self.findings.say(
                    "note types that are missing",
                    Said("The note type of this note is missing from the file; its fields are shown in their order."),
                    where=where,
                )
                said = made_type(key, max(2, count))
            self.types[key] = NoteType(said)
        return self.types[key]

    def _card(self, row: Row) -> BundleCard:
        id, _nid, did, ordinal, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data = row
        if row[4:6] == NEW and row[7:15] == NEVER and ordinal in range(8) and isinstance(due, int) and data in ("", "{}") and id not in self.reviews:
            return self.plain[ordinal]
        if set(map(type, row[2:15])) != {int} or not 0 <= ordinal < 100_000:
            self.findings.say(
                "cards with damaged numbers", Said("A card of this note has a schedule that cannot be read; the card is kept as new."), where=f"card {id}"
            )
            return BundleCard(ordinal if isinstance(ordinal, int) and 0 <= ordinal < 100_000 else 0)
        log = self.reviews.pop(id, None)
        if self.old and type_ == REVIEW and queue in LEARNING:
            type_ = RELEARNING
        standing: dict[str, Any] = {}
        if type_ or queue or any(row[7:15]) or (data and data != "{}"):
            data = data if isinstance(data, str) else ""
            standing = {"flag": flags & 7, "anki": [id, did, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data]}
        return BundleCard(ordinal, _reviews(log, old=self.old), queue == SUSPENDED, standing, None, queue in BURIED)


def _kept(id: Any, type: int, mod: Any, flds: str, cards: Sequence[Row]) -> Sealed:
    """What only an export needs, as text: the note as it stood, and of each card its ordinal, id, deck and place among the new ones."""
    places = [[card[3], card[0], card[13] or card[2], card[6] if card[4] == 0 and not card[13] else 0] for card in cards]
    if len(places) == 1 and {one.__class__ for one in (id, mod, *places[0])} == {int}:
        return Sealed(f'{{"anki": {{"id": {id}, "type": {type}, "mod": {mod}, "fields": {_quoted(flds)}, "cards": {places}}}}}')
    said: dict[str, Any] = {"id": id, "type": type, "mod": mod, "fields": flds}
    return Sealed(json.dumps({"anki": {**said, "cards": places} if cards else said}, default=str))


def _reviews(log: array[int] | None, *, old: bool) -> Sequence[BundleReview]:
    """The answers of a card: rating 0 is what Anki itself did to it (rescheduled, reset).

    ``old``: of Anki's first scheduler, whose learning had three buttons: its 2 is good and its 3 is easy.
    """
    if not log:
        return ()
    if old:
        for at in range(3, len(log), LOGGED):
            if log[at] in (2, 3) and log[at + 4] in (0, 2):
                log[at] += 1
                log[at - 2] = log[at]
    return Reviews(log, LOGGED)


def _with_media(decks: Sequence[BundleDeck], media: Sequence[BundleMedia]) -> list[BundleDeck]:
    """Each deck with the files its notes name; files that none names go with the first, so that nothing is lost."""
    if len(decks) < 2 or not media:
        return list(decks)
    known = {one.name for one in media}
    named: list[set[str]] = [set(references(note.extra["anki"]["fields"] for note in deck.notes)) & known for deck in decks]
    named[0] |= known.difference(*named)
    return [BundleDeck(deck.title, deck.notes, deck.description, deck.tags, deck.source, deck.languages, deck.extra, tuple(sorted(names))) for deck, names in zip(decks, named, strict=True)]  # fmt: skip


def references(texts: Iterable[str]) -> set[str]:
    """The names of files that are called in these fields."""
    found: set[str] = set()
    for text in texts:
        if "[" not in text and "<" not in text:
            continue
        for groups in _REFERENCE.findall(text):
            name = next((name for name in groups if name), "")
            found.update((safe_name(name), safe_name(unquote(name))))
    return found


__all__ = ["read_package", "references"]
