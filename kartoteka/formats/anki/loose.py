"""Notes of Anki outside a database: which cards they make, and the media that lie beside them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kartoteka.formats.anki import messages
from kartoteka.formats.anki.collection import Row
from kartoteka.formats.anki.container import MOST_MEDIA, MOST_MEDIA_BYTES, MOST_MEMBER_BYTES, MOST_PACKED, PIECE, safe_name
from kartoteka.formats.anki.note_types import NoteType
from kartoteka.formats.base import BundleMedia, Findings, Said, Unreadable


def card_rows(said: Mapping[str, Any] | None, texts: Sequence[str], note: int, deck: int) -> list[Row]:
    """New cards for a note that says none: a row each, as a collection has them."""
    if said is None:
        ordinals = [0]
    else:
        kind = NoteType(messages.tidy_type(0, said))
        ordinals = kind.ordinals(dict(zip(kind.names, [*texts, *[""] * len(kind.names)], strict=False)))
    return [(note * 1000 + ordinal, note, deck, ordinal, 0, 0, note, *[0] * 8, "") for ordinal in ordinals]


def opened_zip(path: Path) -> zipfile.ZipFile:
    """Raises ``Unreadable`` for what is no whole zip."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(Said("This zip is cut off or damaged. Nothing was changed. Download or pack it again.")) from error


def media_in(archive: zipfile.ZipFile, prefix: str, folder: Path | None, findings: Findings) -> list[BundleMedia]:
    """The files below a folder of a zip, each laid into ``folder`` under its hash."""
    found: dict[str, BundleMedia] = {}
    total = 0
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    for info in [one for one in archive.infolist() if one.filename.startswith(prefix) and not one.is_dir()][:MOST_MEDIA]:
        name = safe_name(info.filename[len(prefix) :])
        if not name or info.file_size > min(MOST_MEMBER_BYTES, max(1_000_000, MOST_PACKED * info.compress_size)) or total > MOST_MEDIA_BYTES:
            findings.say(
                "media left out", Said("“%(filename)s” was left out: it is larger than it may be, or has no name.", filename=info.filename[-80:]), where="media"
            )
            continue
        try:
            with archive.open(info) as file:
                data = b"".join(iter(lambda: file.read(PIECE), b""))
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
            findings.say("media left out", Said("“%(name)s” was left out: it is damaged.", name=name[:80]), where="media")
            continue
        total += len(data)
        sha256 = hashlib.sha256(data).hexdigest()
        place = (folder or Path()) / sha256
        if folder is not None:
            place.write_bytes(data)
        found[name] = BundleMedia(name, place, sha256, len(data))
    return list(found.values())
