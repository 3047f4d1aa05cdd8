"""CrowdAnki's decks: a tree of decks in ``deck.json``, alone or in a zip with its folder of media."""

from __future__ import annotations

import json
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from kartoteka.formats.anki import messages
from kartoteka.formats.anki.bundling import gathered
from kartoteka.formats.anki.collection import Collection, Row
from kartoteka.formats.anki.loose import card_rows, media_in, opened_zip
from kartoteka.formats.anki.writing import LEGACY_NOTHING, rows_of
from kartoteka.formats.base import Bundle, BundleDeck, Findings, Said, Source, Unreadable

TITLE = Said("CrowdAnki deck")
EXTENSIONS = (".json", ".zip")
KEEPS = ("fields, byte for byte", "note types and templates", "tags", "deck tree", "media")
DROPS = (
    "schedule, answers, flags and suspended cards, which the format does not hold",
    "options of decks",
)
WHOLE = True
MIME = "application/zip"

MOST_BYTES = 200_000_000
DEEPEST = 30
NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")


def recognises(head: bytes, name: str) -> float:
    if head.startswith(b"PK"):
        return 0.7 if b"deck.json" in head[:4096] else 0.0
    start = head.lstrip()[:1] == b"{"
    return 0.97 if start and b'"__type__"' in head and (b'"Deck"' in head or b"crowdanki_uuid" in head) else 0.5 if start and b"crowdanki_uuid" in head else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="kartoteka-crowd-") as folder:
        path = source.path or Path(folder) / "source"
        if source.path is None:
            path.write_bytes(source.bytes())
        if source.head(2) != b"PK":
            if source.size > MOST_BYTES:
                raise Unreadable(Said("This file is larger than a deck in JSON may be (200 MB). Nothing was changed. Split the deck, and export it again."))
            return _bundle(path.read_bytes(), (), findings)
        with opened_zip(path) as archive:
            name = next((name for name in archive.namelist() if name.lower().endswith(".json") and "media/" not in name), "")
            if not name or archive.getinfo(name).file_size > MOST_BYTES:
                raise Unreadable(Said("There is no CrowdAnki deck in this zip. Nothing was changed. Look whether it is the right file."))
            return _bundle(archive.read(name), media_in(archive, f"{name.rpartition('/')[0]}/media/".lstrip("/"), source.folder, findings), findings)


def _bundle(raw: bytes, media: Any, findings: Findings) -> Bundle:
    try:
        tree = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(Said("This CrowdAnki deck is damaged: it is no whole JSON. Nothing was changed. Download or export it again.")) from error
    if not isinstance(tree, dict) or not isinstance(tree.get("notes", tree.get("children")), list):
        raise Unreadable(Said("This JSON is no deck of CrowdAnki: it holds no notes. Nothing was changed."))
    reading = _Reading(findings)
    reading.walk(tree, "", 0)
    decks = gathered(reading.collection(), reading.notes, reading.cards, {}, findings)
    if tree.get("media_files") and not media:
        findings.say(
            "media beside the deck",
            Said("The pictures and sounds lie in a folder beside this file: put both into a zip, and they come along."),
            severity="info",
        )
    named = tuple(BundleDeck(deck.title, deck.notes, deck.description, deck.tags, reading.sources.get(deck.title, ""), extra=deck.extra) for deck in decks)
    return Bundle("crowdanki", named, findings.told(), tuple(media))


class _Reading:
    """The tree as rows of a collection."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.types: dict[str, tuple[int, dict[str, Any]]] = {}
        self.decks: dict[int, dict[str, Any]] = {}
        self.sources: dict[str, str] = {}
        self.notes: list[Row] = []
        self.cards: dict[int, list[Row]] = {}

    def collection(self) -> Collection:
        return Collection(18, 0, dict(self.types.values()), self.decks, {})

    def walk(self, deck: Mapping[str, Any], above: str, depth: int) -> None:
        if depth > DEEPEST:
            self.findings.say(
                "decks too deep", Said("Decks lie more than %(most)s levels deep; the rest was left out.", most=DEEPEST), where=above[:80], severity="refused"
            )
            return
        name = f"{above}::{deck.get('name')}" if above else str(deck.get("name") or "Deck")
        id = len(self.decks) + 2
        self.decks[id] = {"id": id, "name": name, "mod": 0, "conf": 1, "dyn": 0, "desc": str(deck.get("desc") or "")}
        if deck.get("crowdanki_uuid"):
            self.sources[name] = f"crowdanki:{deck['crowdanki_uuid']}"[:200]
        for said in _mappings(deck.get("note_models")):
            key = str(said.get("crowdanki_uuid") or said.get("name"))
            number = len(self.types) + 1_000_000
            self.types.setdefault(key, (number, messages.tidy_type(number, said)))
        for said in _mappings(deck.get("notes")):
            self._note(said, id)
        for child in _mappings(deck.get("children")):
            self.walk(child, name, depth + 1)

    def _note(self, said: Mapping[str, Any], deck: int) -> None:
        id = len(self.notes) + 1
        fields = said.get("fields")
        if not isinstance(fields, list) or not fields:
            self.findings.say("notes without fields", Said("This note has no fields; it was left out."), where=f"note {id}", severity="refused")
            return
        mid, type_ = self.types.get(str(said.get("note_model_uuid")), (0, None))
        texts = [str(one) for one in fields]
        tags = said.get("tags")
        self.notes.append((id, str(said.get("guid") or ""), mid, 0, " ".join(map(str, tags)) if isinstance(tags, list) else "", "\x1f".join(texts)))
        self.cards[id] = card_rows(type_, texts, id, deck)


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else iter(())


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """A zip of ``deck.json`` and ``media``: no schedule and no answers, which CrowdAnki has no place for."""
    rows = rows_of(bundle)
    home = {row[1]: row[2] for row in reversed(rows.cards)}
    types = {id: {**LEGACY_NOTHING, **one, "__type__": "NoteModel", "crowdanki_uuid": _uuid("type", id)} for id, one in rows.types.items()}
    trees = []
    for id, deck in rows.decks.items():
        notes = [row for row in rows.notes if home.get(row[0]) == id]
        if not notes:
            continue
        used = {row[2] for row in notes}
        trees.append(
            {
                "__type__": "Deck",
                "children": [],
                "crowdanki_uuid": _uuid("deck", id),
                "deck_config_uuid": _uuid("preset", 1),
                "deck_configurations": [],
                "desc": str(deck.get("desc") or ""),
                "dyn": 0,
                "media_files": sorted(one.name for one in bundle.media),
                "name": deck["name"],
                "note_models": [one for type_id, one in types.items() if type_id in used],
                "notes": [_note_of(row) for row in notes],
            }
        )
    tree = (
        trees[0] if len(trees) == 1 else {"__type__": "Deck", "name": bundle.decks[0].title, "crowdanki_uuid": _uuid("tree", 0), "notes": [], "children": trees}
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deck.json", json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True))
        for one in bundle.media:
            if one.path.is_file():
                archive.write(one.path, f"media/{one.name}")


def _note_of(row: Row) -> dict[str, Any]:
    return {
        "__type__": "Note",
        "data": "",
        "fields": row[6].split("\x1f"),
        "flags": 0,
        "guid": row[1],
        "note_model_uuid": _uuid("type", row[2]),
        "tags": row[5].split(),
    }


def _uuid(what: str, id: int) -> str:
    return str(uuid.uuid5(NAMES, f"kartoteka {what} {id}"))
