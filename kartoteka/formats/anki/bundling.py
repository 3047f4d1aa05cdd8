"""A collection becomes a Bundle: its decks with their notes, each rendered as its templates say, and everything else kept beside."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kartoteka.formats.anki import drawings
from kartoteka.formats.anki.collection import LOGGED, MOST_DECK_LEVELS, Collection, Logs, Reader, Row
from kartoteka.formats.anki.container import Package, safe_name
from kartoteka.formats.anki.notes import Notes
from kartoteka.formats.base import Bundle, BundleDeck, BundleMedia, BundleNote, Findings, Said, Source, Unreadable

DAMAGE = (sqlite3.Error, UnicodeError, TypeError, OverflowError)
MOST_DECKS = 2_000
DEFAULT_DECK = 1  # is in every collection
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
        if type_id not in deck.types:
            deck.types[type_id] = making_of.type_of(type_id)
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
