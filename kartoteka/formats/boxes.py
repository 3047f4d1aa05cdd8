"""Packed files, opened without trust: names are only names, and sizes are counted while unpacking."""

from __future__ import annotations

import hashlib
import io
import mimetypes
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from kartoteka.formats.base import BundleMedia, Findings, Said, Source, Unreadable

MOST_MEMBERS = 100_000
MOST_OF_ONE = 50 * 1024 * 1024
MOST_OF_ALL = 1024 * 1024 * 1024
MOST_PACKED = 200  # times smaller than what it holds: more is a bomb
SMALL = 2 * 1024 * 1024  # below this how well it packs says nothing
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, struct.error, KeyError)
_LOCAL = b"PK\x03\x04"
_SHOWN = frozenset(
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "tif", "tiff", "ico", "mp3", "ogg", "oga", "opus", "wav", "m4a", "flac", "aac", "mp4", "webm"]
)


def members_in(head: bytes) -> list[str]:
    """The names of a zip's members as far as its beginning shows them; empty where it is no zip."""
    names: list[str] = []
    at = head.find(_LOCAL, 0, 4096)
    while at >= 0 and len(names) < 500:
        size = int.from_bytes(head[at + 26 : at + 28], "little")
        names.append(head[at + 30 : at + 30 + size].decode("utf-8", "replace"))
        at = head.find(_LOCAL, at + 30)
    return names


def mimetype_in(head: bytes) -> bytes:
    """What an OpenDocument file says it is, in its first member; a program that packs anew packs that as well."""
    if not head.startswith(_LOCAL) or head[30:38] != b"mimetype":
        return b""
    said = head[38 + int.from_bytes(head[28:30], "little") :][:200]
    try:
        return said if head[8:10] == b"\0\0" else zlib.decompressobj(-15).decompress(said, 200)
    except zlib.error:
        return b""


class Box:
    """A zip to read from. Every refusal is one sentence."""

    def __init__(self, source: Source, what: str) -> None:
        self.what = what
        self._taken = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.bytes()) if source.path is None else source.path)
            members = self._zip.infolist()
        except _BROKEN as error:
            raise Unreadable(
                Said("This looks like %(what)s, but it is cut or damaged and cannot be unpacked. Save or download it again.", what=what)
            ) from error
        if len(members) > MOST_MEMBERS:
            raise Unreadable(
                Said("This file holds %(members)s files; %(most)s are the most that can be read.", members=f"{len(members):,}", most=f"{MOST_MEMBERS:,}")
            )
        self._members = {member.filename: member for member in members if not member.is_dir()}

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def has(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, most: int = MOST_OF_ONE) -> bytes:
        """A member's bytes. Raises ``Unreadable`` where it is too large, packed like a bomb, locked or broken."""
        return b"".join(self._pieces(name, most))

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        member = self._members.get(name)
        if member is None:
            raise Unreadable(Said("This looks like %(what)s, but “%(name)s” is missing from it. Export it again.", what=self.what, name=name[:80]))
        if member.flag_bits & 1:
            raise Unreadable(Said("This is %(what)s with a password. Save it without one, and bring it in again.", what=self.what))
        size = 0
        try:
            with self._zip.open(member) as file:
                while piece := file.read(65536):
                    size += len(piece)
                    self._taken += len(piece)
                    packed = size > SMALL and size > MOST_PACKED * max(member.compress_size, 1)
                    if size > most or packed or self._taken > MOST_OF_ALL:
                        raise Unreadable(
                            Said("“%(name)s” in this file unpacks to far more than %(what)s holds. It was not read.", name=name[-80:], what=self.what)
                        )
                    yield piece
        except _BROKEN as error:
            raise Unreadable(
                Said("This looks like %(what)s, but “%(name)s” in it is damaged. Save or download it again.", what=self.what, name=name[-80:])
            ) from error

    def media(self, names: dict[str, str], source: Source, findings: Findings) -> tuple[BundleMedia, ...]:
        """Lays members where the reader keeps media: ``names`` are members by the name that cards call them."""
        folder = source.folder
        kept: list[BundleMedia] = []
        for shown, member in names.items():
            name = safe_name(shown)
            if not name or not is_shown(name):
                continue
            try:
                data = self.read(member)
            except Unreadable as fact:
                findings.say("files left out", str(fact), where=name)
                continue
            if folder is None or not data:
                continue
            digest = hashlib.sha256(data).hexdigest()
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / digest
            path.write_bytes(data)
            kept.append(BundleMedia(name, path, digest, len(data), mimetypes.guess_type(name)[0] or ""))
        return tuple(kept)


def is_shown(name: str) -> bool:
    """Whether a card can show a file of this name."""
    return name.rsplit(".", 1)[-1].lower() in _SHOWN


def safe_name(name: str) -> str:
    """The last part of a name, as a card may call a file; empty where nothing is left."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f:*?\"<>|]", "_", last).strip(". ")[:200]
