"""Where the bytes of a proposal lie until it is decided: a folder each in the data folder's ``proposals``."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kartoteka.formats.base import Bundle
from kartoteka.transfer import wire


def folder(id: UUID) -> Path:
    return _root() / id.hex


def source(id: UUID) -> Path:
    """The bytes as they came in."""
    return folder(id) / "source"


def media(id: UUID) -> Path:
    """Where its pictures and sounds lie until they are kept."""
    return folder(id) / "media"


def keep_source(id: UUID, data: bytes) -> Path:
    folder(id).mkdir(parents=True, exist_ok=True, mode=0o700)
    source(id).write_bytes(data)
    return source(id)


def keep_pieces(id: UUID, pieces: Iterable[bytes]) -> Path:
    """The same for what is too large to be held at once."""
    folder(id).mkdir(parents=True, exist_ok=True, mode=0o700)
    with source(id).open("wb") as file:
        for piece in pieces:
            file.write(piece)
    return source(id)


def keep_file(id: UUID, path: Path) -> Path:
    """A file on this machine, as it came in."""
    folder(id).mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(path, source(id))
    return source(id)


def what_was_read(id: UUID) -> Path:
    """What was read."""
    return folder(id) / "bundle"


def keep_bundle(id: UUID, bundle: Bundle) -> None:
    """Keeps what was read, so that a page over 50,000 cards does not read them anew."""
    folder(id).mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder(id) / "bundle.unfinished"
    with unfinished.open("w", encoding="utf-8", errors="surrogatepass") as lines:
        wire.dump(bundle, lines)
    unfinished.replace(what_was_read(id))


def bundle_of(id: UUID) -> Bundle | None:
    """What was read, or ``None`` where it is gone."""
    try:
        with what_was_read(id).open(encoding="utf-8", errors="surrogatepass") as lines:
            return wire.load(lines)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def forget(id: UUID) -> None:
    shutil.rmtree(folder(id), ignore_errors=True)


def forget_others(known: Collection[str], *, older_than_s: float, now_s: float) -> None:
    """Takes away folders that belong to no proposal any more: left behind by a kill, or by an account that is gone."""
    for lying in _root().glob("*"):
        if lying.name not in known and lying.stat().st_mtime < now_s - older_than_s:
            shutil.rmtree(lying, ignore_errors=True)


def _root() -> Path:
    return Path(settings.DATA) / "proposals"
