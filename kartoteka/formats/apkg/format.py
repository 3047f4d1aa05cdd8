"""Anki's packages of decks (.apkg), of every generation: notes, cards, media, schedule and review log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from kartoteka.formats.anki.bundling import read_package
from kartoteka.formats.anki.writing import write_package
from kartoteka.formats.base import Bundle, Source

TITLE = "Anki package (.apkg)"
WHOLE = True
MIME = "application/octet-stream"
EXTENSIONS = (".apkg",)
KEEPS = (
    "fields, byte for byte",
    "note types and templates",
    "cloze",
    "tags",
    "deck tree",
    "media",
    "flags",
    "suspended, buried",
    "schedule",
    "FSRS state and parameters",
    "reviews",
)


def recognises(head: bytes, name: str) -> float:
    if not head.startswith(b"PK"):
        return 0.9 if name.lower().endswith(EXTENSIONS) else 0.0
    anki = b"collection.anki2" in head or name.lower().endswith(EXTENSIONS)
    return 0.0 if not anki else 0.99 if name.lower().endswith(EXTENSIONS) else 0.9


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    return read_package(source, options, "apkg")


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """Option ``generation``: ``latest`` (Anki 2.1.50 and later), or ``legacy`` for every Anki since 2.1."""
    write_package(bundle, file, latest=options.get("generation", "latest") != "legacy")
