"""An Anki package as a zip: which member is the collection, what its media are called, and how all of it comes out within bounds."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import re
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kartoteka.formats.anki import proto
from kartoteka.formats.base import BundleMedia, Findings, Said, Unreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_COLLECTION_BYTES = 500_000_000
MOST_MEDIA_BYTES = 4_000_000_000
MOST_MEMBER_BYTES = 50_000_000  # of one picture or sound
MOST_PACKED = 100  # times smaller than what it unpacks to: more is a bomb
SMALL_BYTES = 64_000_000  # a collection up to here may be packed as well as it likes: real ones full of the same words are
MOST_MEDIA = 100_000
MOST_MAP_BYTES = 16_000_000
LARGEST_WINDOW = 27  # zstd: 128 MB, its own default
PIECE = 1 << 18
COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
ZSTD = b"\x28\xb5\x2f\xfd"
_BAD = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    AttributeError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the media map: the member's name in the zip, what the file is called, and the SHA-1 it is said to have."""

    member: str
    name: str
    sha1: bytes = b""


class Package:
    """An opened package. ``generation``: 1 (anki2), 2 (anki21) or 3 (anki21b, everything packed with zstd)."""

    def __init__(self, path: Path, findings: Findings) -> None:
        self.findings = findings
        try:
            self.zip = zipfile.ZipFile(path)
        except DAMAGE as error:
            raise Unreadable(_no_zip(path)) from error
        self.names = self._names()
        self.generation, self.collection = self._collection()

    def _names(self) -> dict[str, zipfile.ZipInfo]:
        """The members by name; of a package that was packed within a folder, without it."""
        infos = {info.filename: info for info in self.zip.infolist() if info.filename and not info.is_dir()}
        if any(info.flag_bits & 1 for info in infos.values()):
            raise Unreadable(Said("This package is locked with a password. Unpack it with that password, and choose the file again. Nothing was changed."))
        if not any(name in infos for name in COLLECTIONS):
            folders = {name.rsplit("/", 1)[0] + "/" for name in infos if name.rsplit("/", 1)[-1] in COLLECTIONS and "/" in name}
            if len(folders) == 1:
                prefix = folders.pop()
                return {name.removeprefix(prefix): info for name, info in infos.items() if name.startswith(prefix)}
        return infos

    def _collection(self) -> tuple[int, str]:
        said = self._meta()
        found = [name for name in COLLECTIONS if name in self.names]
        if not found:
            inside = next((name for name in self.names if name.lower().endswith((".apkg", ".colpkg"))), "")
            if inside:
                raise Unreadable(
                    Said("This zip holds an Anki package, “%(inside)s”. Unpack the zip, and choose that file. Nothing was changed.", inside=inside[:80])
                )
            raise Unreadable(
                Said("There is no Anki collection in this file. Nothing was changed. Look whether it is the right file, or export the deck again.")
            )
        name = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}.get(said, found[0])
        if name not in self.names:
            name = found[0]
            self.findings.say("a package that says it is another", Said("The package says it is of another generation than it is; it was read as it is."))
        return {"collection.anki2": 1, "collection.anki21": 2, "collection.anki21b": 3}[name], name

    def _meta(self) -> int:
        """The generation the package says it has; 0 where it says nothing that is known."""
        if "meta" not in self.names:
            return 0
        try:
            said = proto.Message(self.member("meta", 10_000)).number(1)
        except DAMAGE:
            said = 0
        if said > 3:
            raise Unreadable(
                Said(
                    "This package was made by an Anki that is newer than what can be read here (version %(said)s). Nothing was changed. Export it again from an up-to-date Anki.",
                    said=said,
                )
            )
        if said == 0 and len([name for name in COLLECTIONS if name in self.names]) == 1 and self.names.get("collection.anki2"):
            return 0
        if said == 0:
            self.findings.say(
                "a package that does not say what it is", Said("The package does not say of which generation it is; it was read as it looks."), severity="info"
            )
        return said

    def member(self, name: str, most: int) -> bytes:
        """A small member, unpacked by zip alone."""
        with self.zip.open(self.names[name]) as file:
            found = file.read(most + 1)
        if len(found) > most:
            raise ValueError("a member is larger than it may be")
        return found

    def pieces(self, name: str, most: int, *, ratio: int = 0, least: int = 1_000_000) -> Iterator[bytes]:
        """A member unpacked to its last coat, piece by piece. Raises ``ValueError`` once it is more than it may be."""
        info = self.names[name]
        most = min(most, max(ratio * info.compress_size, least)) if ratio else most
        total = 0
        with self.zip.open(info) as packed:
            source: Any = packed
            if self.generation == 3:
                source = zstd.ZstdFile(packed, options={zstd.DecompressionParameter.window_log_max: LARGEST_WINDOW})
            while piece := source.read(PIECE):
                total += len(piece)
                if total > most:
                    raise ValueError("a member unpacks to more than it may")
                yield piece

    def collection_to(self, place: Path) -> None:
        """Lays the collection into a file. Raises ``Unreadable``."""
        total = 0
        try:
            with place.open("wb") as file:
                for piece in self.pieces(self.collection, MOST_COLLECTION_BYTES, ratio=MOST_PACKED, least=SMALL_BYTES):
                    total += file.write(piece)
        except DAMAGE as error:
            if "more than it may" in str(error):
                raise Unreadable(Said("This package unpacks to far more than a collection holds. Nothing was changed.")) from error
            if total < 1024:
                raise Unreadable(
                    Said("The collection in this package is damaged: it cannot be unpacked. Nothing was changed. Export it again from an up-to-date Anki.")
                ) from error
            self.findings.say("a collection that is cut off", Said("The package is cut off or damaged; what could be read of it was read."), severity="warning")

    def entries(self) -> list[Entry]:
        """The media map; empty where there is none or it cannot be read, which is said."""
        if "media" not in self.names:
            if any(name.isdecimal() for name in self.names):
                self._say_map(Said("The package does not say what its pictures and sounds are called; they were left out."))
            return []
        try:
            raw = b"".join(self.pieces("media", MOST_MAP_BYTES))
            found = _latest_map(raw) if self.generation == 3 else _legacy_map(raw)
        except DAMAGE:
            self._say_map(Said("The list of pictures and sounds in this package is damaged; they were left out."))
            return []
        if len(found) > MOST_MEDIA:
            self._say_map(
                Said("The package lists %(found)s pictures and sounds; the first %(most)s were taken.", found=f"{len(found):,}", most=f"{MOST_MEDIA:,}")
            )
        return found[:MOST_MEDIA]

    def _say_map(self, what: str) -> None:
        self.findings.say("media that cannot be named", what, where="media")

    def media(self, folder: Path | None) -> list[BundleMedia]:
        """All media, each laid into ``folder`` under its hash (``None``: only looked at), by safe names."""
        found: dict[str, BundleMedia] = {}
        total = 0
        for entry in self.entries():
            name = safe_name(entry.name)
            if not name or entry.member not in self.names:
                self._say_left_out(entry, Said("its name is no name of a file") if not name else Said("it is not in the package"))
                continue
            if name != unicodedata.normalize("NFC", entry.name):
                self.findings.say(
                    "media with changed names",
                    Said("“%(words)s” is kept as “%(words2)s”.", words=_shown(entry.name), words2=_shown(name)),
                    where="media",
                    severity="info",
                )
            try:
                one = self._one(entry, name, folder)
            except DAMAGE as error:
                self._say_left_out(entry, Said("it is larger than it may be") if "more than it may" in str(error) else Said("it is damaged"))
                continue
            total += one.size
            if total > MOST_MEDIA_BYTES:
                self._say_map(Said("The pictures and sounds of this package are more than 4 GB; the rest was left out."))
                break
            _put(found, one)
        return list(found.values())

    def _say_left_out(self, entry: Entry, why: str) -> None:
        self.findings.say("media left out", Said("“%(words)s” was left out: %(why)s.", words=_shown(entry.name), why=why), where="media")

    def _one(self, entry: Entry, name: str, folder: Path | None) -> BundleMedia:
        sha256, sha1, size = hashlib.sha256(), hashlib.sha1(usedforsecurity=False), 0
        unfinished = (folder or Path(os.devnull).parent) / "unfinished"
        file: IO[bytes] | None = unfinished.open("wb") if folder else None
        try:
            for piece in self.pieces(entry.member, MOST_MEMBER_BYTES, ratio=MOST_PACKED):
                sha256.update(piece)
                if entry.sha1:
                    sha1.update(piece)
                size += len(piece)
                if file:
                    file.write(piece)
        finally:
            if file:
                file.close()
        if entry.sha1 and entry.sha1 != sha1.digest():
            self.findings.say(
                "media that are not as listed", Said("“%(words)s” is not the file the package lists; it was kept as it is.", words=_shown(name)), where="media"
            )
        place = Path(sha256.hexdigest())
        if folder:
            place = folder / place
            unfinished.replace(place)
        return BundleMedia(name, place, sha256.hexdigest(), size)


def _put(found: dict[str, BundleMedia], one: BundleMedia) -> None:
    """Keeps a file under its name; another file of the same name gets a number."""
    name, number = one.name, 2
    while name in found and found[name].sha256 != one.sha256:
        stem, dot, ending = one.name.rpartition(".")
        name, number = f"{stem or ending}-{number}{dot if stem else ''}{ending if stem else ''}", number + 1
    found[name] = BundleMedia(name, one.path, one.sha256, one.size)


def safe_name(name: str) -> str:
    """The name of a file and nothing else: no folder, no control sign, NFC; empty where nothing is left."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = _BAD.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip().lstrip(".")
    stem, dot, ending = name.rpartition(".")
    while len(name.encode()) > 240:
        stem = stem[:-1]
        name = f"{stem}{dot}{ending[:20]}"
        if not stem:
            return ""
    return name


def _shown(name: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in name[:80])


def _legacy_map(raw: bytes) -> list[Entry]:
    said = json.loads(raw.decode("utf-8")) if raw.strip() else {}
    if not isinstance(said, dict):
        raise ValueError("the media map is no object")
    return [Entry(str(member), name) for member, name in said.items() if isinstance(name, str)]


def _latest_map(raw: bytes) -> list[Entry]:
    found = []
    for position, (number, _kind, value) in enumerate(proto.fields(raw)):
        if number != 1 or not isinstance(value, bytes) or position > MOST_MEDIA:
            break
        entry = proto.Message(value)
        member = str(entry.number(255)) if 255 in entry else str(position)
        found.append(Entry(member, entry.raw(1).decode("utf-8", "replace"), entry.raw(3)))
    return found


def _no_zip(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"SQLite format 3"):
        return Said("This is a bare collection, not a package. Give it the ending .anki2, and choose it again.")
    if head.startswith(b"PK"):
        return Said("This Anki package is cut off: the end of the zip is missing. Nothing was changed. Download or export it again.")
    if head.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return Said("This is a web page, not an Anki package: the download failed, perhaps because it needs you to sign in. Nothing was changed.")
    return Said("This is not an Anki package. Nothing was changed. Export it again from an up-to-date Anki.")
