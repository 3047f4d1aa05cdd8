"""A collection becomes a Bundle: its decks with their notes, each rendered as its templates say, and everything else kept beside."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kartoteka.formats.anki import occlusion, templates
from kartoteka.formats.anki.collection import LOGGED, MOST_DECK_LEVELS, Collection, Logs, Reader, Row
from kartoteka.formats.anki.container import Package, safe_name
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Findings, Reviews, Source, Unreadable

MOST_FIELDS = 500
DAMAGE = (sqlite3.Error, UnicodeError, TypeError, OverflowError)
MOST_SIGNS = 1_000_000  # of one field; more is no text any more
MOST_DECKS = 2_000
CLOZE = 1
REVIEW, RELEARNING, LEARNING = 2, 3, (1, 3)
SUSPENDED, BURIED = -1, (-2, -3)
_REFERENCE = re.compile(r"""\[sound:([^\]\[]{1,255})\]|\b(?:src|data)\s*=\s*(?:"([^"]{1,255})"|'([^']{1,255})'|([^\s"'>]{1,255}))""", re.IGNORECASE)
_BLANK = re.compile(r"\{\{c(\d+)")


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
            raise Unreadable("The collection in this package is damaged. Nothing was changed. Export the deck again.") from error
        finally:
            reader.close()
        place.unlink()
        if source.folder is not None:
            source.folder.mkdir(parents=True, exist_ok=True)
        media = package.media(source.folder)
    _refuse_update_notice(decks, package)
    return Bundle(
        format, tuple(_with_media(decks, media)), findings.told(), tuple(media), extra={"schema": collection.schema, "generation": package.generation}
    )


def _refuse_update_notice(decks: Sequence[BundleDeck], package: Package) -> None:
    """Newer packages hold a second, old collection with one note that asks to update; where only that is left, the deck is lost."""
    notes = [note for deck in decks for note in deck.notes]
    if len(notes) == 1 and package.generation == 1 and any("update" in html.lower() and "anki" in html.lower() and "version" in html.lower() for html in notes[0].fields.values()):  # fmt: skip
        raise Unreadable(
            "This package holds only Anki's notice to update; the deck itself is missing from it. Nothing was changed. Export the deck again, or ask for the whole file."
        )


def read_database(place: Path, format: str, findings: Findings) -> Bundle:
    """What stands in a bare collection (.anki2, .anki21), without its media."""
    reader = Reader(place, findings)
    try:
        decks, collection = _decks(reader, findings)
    except DAMAGE as error:
        raise Unreadable("This collection is damaged and cannot be read. Nothing was changed. Bring a backup of it, if there is one.") from error
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
        deck.decks.update(making_of.homes)
    return [_deck(deck, collection) for deck in sorted(making.values(), key=lambda deck: (deck.name, deck.id))]


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
        findings.say("cards without a note", f"{lost:,} cards belong to no note of this file; they were left out.", where="cards", severity="refused")
    if lost := sum(map(len, reviews.values())) // LOGGED:
        findings.say(
            "reviews without a card", f"{lost:,} reviews belong to cards that are not in this file; they were left out.", where="revlog", severity="info"
        )
    return decks, collection


def _deck(deck: _Making, collection: Collection) -> BundleDeck:
    said = {str(id): collection.decks[id] for id in sorted({deck.id, *deck.decks}) if id in collection.decks}
    presets = {str(one["conf"]): collection.presets[one["conf"]] for one in said.values() if one.get("conf") in collection.presets}
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
        self.old = collection.schema == 11 and collection.config.get("schedVer", 1) != 2

    def type_of(self, id: int) -> dict[str, Any]:
        return self.types[id].said

    def deck_name(self, id: int) -> str:
        if id not in self.names:
            name = str(self.collection.decks.get(id, {}).get("name") or "")
            parts = [" ".join("".join(sign if sign.isprintable() else " " for sign in part).split()) or "blank" for part in name.split("::")]
            if id not in self.collection.decks:
                self.findings.say(
                    "cards of a deck that is not there", "Some cards are of a deck that is not in this file; they are in “Recovered”.", where="decks"
                )
                parts = ["Recovered"]
            if len(parts) > MOST_DECK_LEVELS or len(name) > 10_000:
                self.findings.say("decks too deep", f"A deck lies {len(parts)} levels deep; its name was shortened.", where="decks")
            self.names[id] = "::".join(parts[:MOST_DECK_LEVELS])[:2000]
        return self.names[id]

    def note(self, row: Row, cards: Sequence[Row]) -> tuple[BundleNote, int, int] | None:
        id, guid, mid, mod, tags, flds = row
        where, mid = f"note {id}", mid if isinstance(mid, int) else 0
        if not isinstance(flds, str) or not isinstance(tags, str):
            flds, tags = self._mended(flds, where, "fields"), self._mended(tags, where, "tags")
        if "\0" in flds:
            self.findings.say("signs that are no text", "This note holds zero bytes; they are kept for export and not shown.", where=where, severity="info")
        texts = flds.split("\x1f")
        if len(flds) > MOST_SIGNS * 10 or len(texts) > MOST_FIELDS * 2:
            self.findings.say("notes too large", "This note is larger than a note may be; it was left out.", where=where, severity="refused")
            return None
        kind = self._type(mid, len(texts), where)
        if len(texts) != len(kind.names):
            self._say_count(len(texts), len(kind.names), where)
        bundled = [one for card in cards if (one := self._card(card, kind, texts)) is not None]
        home = (cards[0][13] or cards[0][2]) if cards else self._home()
        home = home if isinstance(home, int) else self._home()
        fields = dict(zip(kind.names, texts + [""] * (len(kind.names) - len(texts)), strict=False))
        if kind.special:
            fields |= {"Tags": tags.strip(), "Type": kind.said["name"], "Deck": self.deck_name(home), "Subdeck": self.deck_name(home).rpartition("::")[2]}
        covered = kind.cloze and "::image-occlusion:" in flds
        term, definition = _whole_picture(fields) if covered else kind.sides(fields, bundled[0].ordinal if bundled else 0)
        for number, one in enumerate(bundled):
            if covered:
                bundled[number] = BundleCard(one.ordinal, one.reviews, one.suspended, one.standing, _covered_sides(fields, one.ordinal), one.buried)
            elif (sides := kind.own_sides(fields, one.ordinal, term, definition)) is not None:
                bundled[number] = BundleCard(one.ordinal, one.reviews, one.suspended, one.standing, sides, one.buried)
        self.homes = {id for card in cards for id in (card[2], card[13]) if isinstance(id, int)}
        kept: dict[str, Any] = {"id": id, "type": mid, "mod": mod, "fields": flds}
        if cards:
            kept["cards"] = [[card[3], card[0], card[13] or card[2], card[6] if card[4] == 0 and not card[13] else 0] for card in cards]
        kind_of = "cloze" if kind.cloze and _BLANK.search(term) else "basic"
        note = BundleNote(
            {"term": term, "definition": definition},
            guid=self._guid(guid, id),
            kind=kind_of,
            tags=tuple(dict.fromkeys(tags.split())),
            where=where,
            cards=tuple(bundled),
            extra={"anki": kept},
        )
        return note, home, mid

    def _guid(self, guid: Any, id: int) -> str:
        """Real files hold the same guid twice; the second note then goes by its own id."""
        found = str(guid)[:200] if guid not in (None, "") else f"anki-{id}"
        if found in self.seen:
            self.findings.say("two notes of the same guid", f"Two notes go by the guid “{found[:40]}”; both are kept.", where=f"note {id}", severity="info")
            found = f"{found[:170]}#{id}"
        self.seen.add(found)
        return found

    def _home(self) -> int:
        return next((id for id, deck in sorted(self.collection.decks.items()) if not deck.get("dyn")), 1)

    def _mended(self, value: Any, where: str, what: str) -> str:
        if isinstance(value, bytes):
            self.findings.say("bytes that are no text", f"The {what} of this note hold bytes that are no text; they were replaced.", where=where)
            return value.decode("utf-8", "replace")
        return "" if value is None else str(value)

    def _say_count(self, found: int, wanted: int, where: str) -> None:
        if found < wanted:
            what = f"This note has {found} fields and its note type {wanted}; the others are empty."
        else:
            what = f"This note has {found} fields and its note type {wanted}; the others are kept for export and not shown."
        self.findings.say("notes with another number of fields", what, where=where)

    def _type(self, mid: Any, count: int, where: str) -> NoteType:
        key = mid if isinstance(mid, int) else 0
        if key not in self.types:
            said = self.collection.note_types.get(key)
            if said is None or not said["flds"]:
                self.findings.say(
                    "note types that are missing", "The note type of this note is missing from the file; its fields are shown in their order.", where=where
                )
                said = _made_type(key, max(2, count))
            self.types[key] = NoteType(said)
        return self.types[key]

    def _card(self, row: Row, kind: NoteType, texts: Sequence[str]) -> BundleCard | None:
        id, _nid, did, ordinal, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data = row
        numbers = (did, ordinal, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags)
        if any(not isinstance(number, int) for number in numbers) or not 0 <= ordinal < 100_000:
            self.findings.say(
                "cards with damaged numbers", "A card of this note has a schedule that cannot be read; the card is kept as new.", where=f"card {id}"
            )
            return BundleCard(ordinal if isinstance(ordinal, int) and 0 <= ordinal < 100_000 else 0)
        log = self.reviews.pop(id, None)
        if self.old and type_ == REVIEW and queue in LEARNING:
            type_ = RELEARNING
        standing: dict[str, Any] = {}
        if any(numbers[2:4]) or any(numbers[5:]) or (data and data != "{}"):
            data = data if isinstance(data, str) else ""
            standing = {"flag": flags & 7, "anki": [id, did, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data]}
        return BundleCard(ordinal, _reviews(log, old=self.old), queue == SUSPENDED, standing, None, queue in BURIED)


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


def _picture_of(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """Of a note with a covered picture: what says where the covers are, the picture, and what stands above it."""
    shapes = next((html for html in fields.values() if "::image-occlusion:" in html), "")
    picture = next((html for html in fields.values() if "<img" in html.lower()), "")
    return shapes, picture, fields.get("Header", "")


def _more_of(fields: Mapping[str, str]) -> str:
    shapes, picture, header = _picture_of(fields)
    return "<br>".join(html for name, html in fields.items() if html and html not in (shapes, picture, header) and name not in templates.SPECIAL)


def _whole_picture(fields: Mapping[str, str]) -> tuple[str, str]:
    _shapes, picture, header = _picture_of(fields)
    return "<br>".join(html for html in (header, picture) if html), _more_of(fields)


def _covered_sides(fields: Mapping[str, str], ordinal: int) -> tuple[str, str]:
    """The picture with its covers, and without that which is asked."""
    said, picture, header = _picture_of(fields)
    shapes = occlusion.shapes_in(said)
    front, back = (occlusion.covered(picture, shapes, ordinal, answer=answer) for answer in (False, True))
    return "<br>".join(html for html in (header, front) if html), "<br>".join(html for html in (back, _more_of(fields)) if html)


class NoteType:
    """A note type at work: which fields make which side."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.names = [one["name"] for one in said["flds"]]
        self.cloze = said["type"] == CLOZE
        self.templates = {one["ord"]: one for one in said["tmpls"]}
        self.special = any(
            name in ("Tags", "Type", "Deck", "Subdeck") for one in said["tmpls"] for side in ("qfmt", "afmt") for name in templates.puts(one[side])
        )
        self.simple = self._simple()
        self.turned = self._turned()

    def _simple(self) -> tuple[str, str] | None:
        """The two fields that are the two sides, for the many note types that are no more than that."""
        first = self.templates.get(0)
        if first is None or self.cloze:
            return None
        pair = templates.only_field(first["qfmt"]), templates.only_answer(first["afmt"])
        return pair if all(name in self.names for name in pair) else None

    def _turned(self) -> bool:
        """Whether the second card asks the first one's sides the other way round."""
        second = self.templates.get(1)
        if second is None or self.simple is None:
            return False
        return (templates.only_answer(second["afmt"]), _asked(second["qfmt"])) == self.simple

    def sides(self, fields: Mapping[str, str], ordinal: int) -> tuple[str, str]:
        """A note's own term and definition: the sides of its first card, else of its first two fields."""
        if self.simple and ordinal in (0, 1):
            return templates.spoken_out(fields[self.simple[0]]), templates.spoken_out(fields[self.simple[1]])
        template = self.templates.get(0 if self.cloze else ordinal) or next(iter(self.templates.values()), None)
        if template is None:
            return self._first_fields(fields)
        if self.cloze:
            front, back = templates.cloze_sides(template["qfmt"], template["afmt"], fields)
        else:
            front, back = templates.sides(template["qfmt"], template["afmt"], {**fields, "Card": template["name"]}, ordinal)
        if templates.is_empty(front) or (templates.is_empty(back) and not self.cloze):
            first, second = self._first_fields(fields)
            front, back = (first if templates.is_empty(front) else front), (second if templates.is_empty(back) else back)
        return front, back

    def _first_fields(self, fields: Mapping[str, str]) -> tuple[str, str]:
        filled = [html for html in (fields.get(name, "") for name in self.names) if not templates.is_empty(html)]
        return (filled[0] if filled else "", "<br>".join(filled[1:]))

    def ordinals(self, fields: Mapping[str, str]) -> list[int]:
        """Which cards these fields give rise to, where no card says so: every blank, or every template that has something to ask."""
        if self.cloze:
            blanks = {min(int(number), 500) - 1 for number in _BLANK.findall("".join(fields.values()))} - {-1}
            return sorted(blanks) or [0]
        nothing = dict.fromkeys(fields, "")
        asked = [
            ordinal
            for ordinal, one in self.templates.items()
            if not templates.is_empty(front := templates.sides(one["qfmt"], "", fields)[0]) and front != templates.sides(one["qfmt"], "", nothing)[0]
        ]
        return asked or [0]

    def own_sides(self, fields: Mapping[str, str], ordinal: int, term: str, definition: str) -> tuple[str, str] | None:
        """The sides of a further card, where they are not the note's."""
        template = self.templates.get(ordinal)
        if self.cloze or template is None or (self.simple and (ordinal == 0 or (ordinal == 1 and self.turned))):
            return None
        found = templates.sides(template["qfmt"], template["afmt"], {**fields, "Card": template["name"]}, ordinal)
        return None if found == (term, definition) or (not found[0] and not found[1]) else found


def _asked(template: str) -> str:
    """The field a question asks, also where it asks only under a condition."""
    if found := templates.only_field(template):
        return found
    nodes = [node for node in templates.parsed(template) if not (isinstance(node, str) and not node.strip())]
    inside = (
        [node for node in nodes[0].inside if not (isinstance(node, str) and not node.strip())]
        if len(nodes) == 1 and isinstance(nodes[0], templates.When)
        else []
    )
    return inside[0].name if len(inside) == 1 and isinstance(inside[0], templates.Put) and not inside[0].filters else ""


def _made_type(id: int, count: int) -> dict[str, Any]:
    """A note type for notes whose own is missing."""
    fields = [{"name": f"Field {number + 1}", "ord": number} for number in range(min(count, MOST_FIELDS))]
    rest = "<br>".join(f"{{{{{one['name']}}}}}" for one in fields[1:])
    template = {"name": "Card 1", "ord": 0, "qfmt": "{{Field 1}}", "afmt": f"{{{{FrontSide}}}}<hr id=answer>{rest}"}
    return {"id": id, "name": "Recovered", "type": 0, "css": "", "flds": fields, "tmpls": [template]}


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
