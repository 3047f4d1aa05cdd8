"""Kartoteka's own archive: one zip of JSON lines and media that holds a whole library with every answer."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, Any

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem, Said, Source, Unreadable

TITLE = Said("Kartoteka archive")
EXTENSIONS = (".zip",)
KEEPS = ("everything: sets, cards, media, answers, levels, visits, stars, options",)
DROPS = ("what signs one in: passwords, tokens and devices do not come in",)
LETTERS = False
MANIFEST = "kartoteka.json"
VERSION = 1
LONGEST_LINE = 8_000_000  # bytes; the longest field is 64 KB, a hand holds 100 memories
MOST_BYTES = 4_000_000_000  # of all lines together, unpacked
MOST_PACKED = 200  # times smaller than its lines: more is a bomb


def recognises(head: bytes, name: str) -> float:
    """A zip whose first member is the manifest."""
    return 1.0 if head.startswith(b"PK\x03\x04") and head[30 : 30 + len(MANIFEST)] == MANIFEST.encode() else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    """The sets of an archive to be looked at; accepting it takes in everything else that stands in it as well."""
    if source.path is None:
        raise Unreadable(Said("An archive is read from a file. Save it, and choose the file."))
    try:
        with zipfile.ZipFile(source.path) as archive:
            check(archive)
            decks = {row["id"]: row for row in rows(archive, "decks") if row.get("binned_at") is None}
            notes: dict[str, list[BundleNote]] = {id: [] for id in decks}
            for number, row in enumerate(rows(archive, "notes"), 1):
                if row["deck"] in notes and row.get("binned_at") is None:
                    notes[row["deck"]].append(_note(row, number))
            answers = sum(1 for _row in rows(archive, "reviews"))
            kept = [name for name in archive.namelist() if name.startswith("media/")]
            found = tuple(_deck(row, notes[id]) for id, row in decks.items())
    except (OSError, EOFError, KeyError, TypeError, AttributeError, ValueError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise Unreadable(Said("This archive is damaged: it cannot be read to its end. Nothing was changed. Try another copy of it.")) from error
    said = Said(
        "A whole library. Sets: %(decks)s, notes: %(notes)s, files: %(kept)s, answers: %(answers)s.",
        decks=f"{len(decks):,}",
        notes=f"{sum(map(len, notes.values())):,}",
        kept=f"{len(kept):,}",
        answers=f"{answers:,}",
    )
    return Bundle("kartoteka", found, (Problem("the file", said, "info"),), extra={"archive": VERSION})


def check(archive: zipfile.ZipFile) -> None:
    """Raises ``Unreadable`` for an archive of a newer Kartoteka, and for one that unpacks to more than it may."""
    manifest = json.loads(archive.read(MANIFEST)[:100_000])
    if not isinstance(manifest.get("archive"), int):
        raise Unreadable(Said("This file says it is an archive of Kartoteka, and does not say of which kind. Nothing was changed."))
    if manifest["archive"] > VERSION:
        raise Unreadable(Said("This archive was made by a newer Kartoteka. Upgrade this one, then bring it in again. Nothing was changed."))
    lines = [member for member in archive.infolist() if member.filename.endswith(".jsonl")]
    unpacked = sum(member.file_size for member in lines)
    if unpacked > MOST_BYTES or any(member.file_size > 1_000_000 and member.file_size > MOST_PACKED * member.compress_size for member in lines):
        raise Unreadable(Said("This archive unpacks to far more than a library holds. Nothing was changed."))


def rows(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one table, none where the archive has no such file. Raises ``ValueError`` for a line that is no row."""
    try:
        member = archive.open(f"{name}.jsonl")
    except KeyError:
        return
    with member:
        yield from _lines(member, name)


def _lines(member: IO[bytes], name: str) -> Iterator[dict[str, Any]]:
    number = 0
    while line := member.readline(LONGEST_LINE):
        number += 1
        row = json.loads(line, parse_constant=_no_number)
        if not isinstance(row, dict):
            raise ValueError(f"line {number} of {name}.jsonl is no row")
        yield row


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of a row")


def _note(row: Mapping[str, Any], number: int) -> BundleNote:
    return BundleNote(
        fields={"term": row["term"], "definition": row["definition"], **row["fields"], **row["original"]},
        guid=row["guid"] or row["id"],
        kind=row["kind"],
        tags=tuple(row["tags"]),
        where=f"notes.jsonl, line {number}",
        extra={**row["extra"], "id": row["id"]},
    )


def _deck(row: Mapping[str, Any], notes: list[BundleNote]) -> BundleDeck:
    return BundleDeck(
        row["title"],
        tuple(notes),
        row["description_original"] or row["description"],
        tuple(row["tags"]),
        row["source"] or row["id"],
        (row["term_lang"], row["definition_lang"]),
        row["extra"],
    )
