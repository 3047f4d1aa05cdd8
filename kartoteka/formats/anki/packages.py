"""What Anki's two kinds of packages have in common: what they keep, how they are known, how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from kartoteka.formats.anki.writing import write_package
from kartoteka.formats.base import Bundle

MIME = "application/octet-stream"
KEEPS = (
    "fields, byte for byte",
    "note types and templates",
    "cloze",
    "tags",
    "deck tree",
    "deck options",
    "media",
    "flags",
    "suspended, buried",
    "schedule",
    "FSRS state and parameters",
    "reviews",
)
DROPS = (
    "the look of the cards (CSS) and scripts when they are shown; both leave again in exports",
    "filtered decks: their cards go to the deck they came from",
    "Anki's own settings",
)


def sure_of(head: bytes, name: str, endings: tuple[str, ...], *, unnamed: float) -> float:
    """How sure one is of a package by its first bytes and its name; ``unnamed``: where only the bytes say so."""
    named = name.lower().endswith(endings)
    if not head.startswith(b"PK"):
        return 0.9 if named else 0.0
    return 0.99 if named else unnamed if b"collection.anki2" in head else 0.0


def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None:
    """Option ``generation``: ``latest`` (Anki 2.1.50 and later), or ``legacy`` for every Anki since 2.1."""
    write_package(bundle, file, latest=options.get("generation", "latest") != "legacy")
