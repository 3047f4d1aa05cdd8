"""The archive: everything that is kept of a person in one zip of JSON lines and media, written while it is sent."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.formats.kartoteka.format import MANIFEST, VERSION
from kartoteka.library import files
from kartoteka.people import privacy
from kartoteka.people.models import Person
from kartoteka.transfer import proposals

AT_ONCE = 64 * 1024  # bytes collected before they are sent


class _Pipe:
    """A file that can only be written to; what came in since is handed on."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data = bytes(self.waiting)
        self.waiting.clear()
        return data


def pieces(person: Person, *, now_ms: int) -> Iterator[bytes]:
    """The archive, piece by piece: what it is, a file of JSON lines for each table, the media under their hashes, and a page that says what is what."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(MANIFEST, json.dumps({"archive": VERSION, "of": person.shown_name, "made": datetime.fromtimestamp(now_ms / 1000, UTC).isoformat()}))
        archive.writestr("READ-ME.txt", _about(person))
        for name, rows in privacy.exported(person):
            with archive.open(f"{name}.jsonl", "w", force_zip64=True) as file:
                for row in rows:
                    file.write(_line(row))
                    if len(pipe.waiting) > AT_ONCE:
                        yield pipe.taken()
        for sha256 in list(privacy.rows_of(person, "library.media").values_list("sha256", flat=True)):
            yield from _copied(archive, pipe, files.path_of(sha256), f"media/{sha256}")
        for id in list(privacy.rows_of(person, "transfer.proposal").values_list("id", flat=True)):
            yield from _copied(archive, pipe, proposals.source(id), f"imports/{id}")
    yield pipe.taken()


def _copied(archive: zipfile.ZipFile, pipe: _Pipe, place: Path, name: str) -> Iterator[bytes]:
    if not place.is_file():
        return
    with place.open("rb") as source, archive.open(name, "w", force_zip64=True) as file:
        while piece := source.read(AT_ONCE):
            file.write(piece)
            yield pipe.taken()


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, default=_plain, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> str:
    """Moments to the microsecond, so that what comes back is what went."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{value!r} has no form in an archive")


def _about(person: Person) -> str:
    return _(
        "Everything Kartoteka keeps of %(name)s. Any Kartoteka takes it in again: drop this file on its page, or: kartoteka import FILE\n\n"
        "Each file ending in .jsonl holds one JSON object a line. Times ending in _ms are milliseconds since 1970 UTC.\n"
        "person: yourself and your settings. decks, notes, cards: your sets; term and definition are HTML, original is what you brought in.\n"
        "media: your names for the files in the folder media, which are named by their SHA-256. reviews: every answer you gave, for ever.\n"
        "sittings, hands: your visits to the study modes. marks: stars, cards set aside. options: what you chose for each mode. ratings: your votes.\n"
        "imports: what came in, and in the folder imports what you have not decided on yet.\n"
        "What you remember of a card is not here: it follows from the reviews.\n"
    ) % {"name": person.shown_name}
