"""Pictures and sounds as files: known by the hash of their bytes, looked at before they are kept, and placed in cards."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kartoteka.library.maths import quoted
from kartoteka.look.words import in_figures
from kartoteka.store.refusals import Refusal, TooMuch

SVG = "image/svg+xml"
SHOWN = r"^(image/(png|jpeg|gif|webp|avif|svg\+xml)|audio/)"
# An SVG is only ever shown by <img>, where a browser runs nothing of it and fetches nothing. One that could do more elsewhere is not shown at all.
_SVG_START = re.compile(rb"\s*+(?:<\?xml[^>]*\?>\s*+)?(?:(?:<!--[^-]*+(?:-(?!->)[^-]*+)*-->|<!DOCTYPE svg[^>\[]*+>)\s*+)*<svg[\s>/]", re.IGNORECASE | re.DOTALL)
_SVG_DOES_MORE = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe|embed|object|handler)|[\s\"'/]on[a-z]+\s*=|javascript:|<!entity|<!doctype[^<>\[]*\[|<\?xml-stylesheet",
    re.IGNORECASE,
)
MOST_PIXELS = 50_000_000  # a picture of some hundred bytes can unpack to gigabytes
MOST_MOVING_PIXELS = 200_000_000  # all frames of a moving picture together
LONGEST_SIDE = 2560
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp", "AVIF": "image/avif"}
ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    SVG: ".svg",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
    "audio/flac": ".flac",
    "audio/webm": ".weba",
}
_PLACED = re.compile(r'<(img|audio)((?: [a-z-]+="[^"<>]*")*)>')
_NAME = re.compile(r' data-name="([^"<>]*)"')
_SET_HERE = re.compile(r' (?:src|controls|preload|loading|decoding)="[^"<>]*"')


class NoMedia(Refusal):
    """A file that is no picture and no sound that every browser shows."""

    status = 415


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the media folder now."""

    sha256: str
    size: int
    mime: str
    width: int = 0
    height: int = 0


def path_of(sha256: str) -> Path:
    return Path(settings.DATA) / "media" / sha256[:2] / sha256


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def mime_of(head: bytes) -> str:
    """What a file is by its first bytes; empty for what is neither a picture nor a sound we show. Its name is never asked."""
    for start, mime in (
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "audio/webm"),
    ):
        if head.startswith(start):
            return mime
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "image/avif" if head[8:12] in (b"avif", b"avis") else "audio/mp4" if head[8:12] in (b"M4A ", b"mp42", b"isom", b"M4B ", b"iso5") else ""
    return "audio/mpeg" if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 else ""


def keep_upload(file: BinaryIO, *, name: str = "") -> Kept:
    """Keeps a picture or a sound that a person chose. Pictures are drawn anew, without the place where they were taken.

    Raises ``NoMedia`` or ``TooMuch`` with one sentence.
    """
    most = settings.ENVIRONMENT["UPLOAD_MB"] * 1_000_000
    data = file.read(most + 1)
    if len(data) > most:
        raise TooMuch(_("“%(name)s” is larger than %(mb)s MB. Make it smaller, or cut it into pieces.") % {"name": name, "mb": in_figures(most // 1_000_000)})
    mime = mime_of(data[:64])
    if mime.startswith("image/"):
        return _picture(data, name)
    if mime.startswith("audio/"):
        return keep(data, mime)
    if safe_svg(data):
        return keep(data, SVG)
    if b"<svg" in data[:1000].lower():
        raise NoMedia(_("“%(name)s” is an SVG drawing that carries programs. Save it as PNG, and choose that.") % {"name": name})
    raise NoMedia(
        _("“%(name)s” is not a picture (PNG, JPEG, GIF, WebP, AVIF, SVG) or a sound (MP3, OGG, WAV, M4A, FLAC). Nothing was changed.") % {"name": name}
    )


def _picture(data: bytes, name: str) -> Kept:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _drawn_anew(data, name)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, ArithmeticError, EOFError, Image.DecompressionBombError) as error:
        raise NoMedia(_("The picture “%(name)s” cannot be read; it may be damaged or cut off. Nothing was changed.") % {"name": name}) from error


def _drawn_anew(data: bytes, name: str) -> Kept:
    with Image.open(io.BytesIO(data), formats=list(PICTURES)) as image:
        kind = image.format or "PNG"
        frames = getattr(image, "n_frames", 1)
        pixels = image.width * image.height
        if pixels > MOST_PIXELS or pixels * frames > MOST_MOVING_PIXELS:
            raise TooMuch(_("The picture “%(name)s” has too many pixels. Make it smaller, and choose it again.") % {"name": name})
        out = io.BytesIO()
        if frames > 1:
            image.save(out, format=kind, save_all=True)
            return keep(out.getvalue(), PICTURES[kind], image.width, image.height)
        drawn = ImageOps.exif_transpose(image)
        drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        if kind == "JPEG" and drawn.mode not in ("RGB", "L"):
            drawn = drawn.convert("RGB")
        bare = Image.new(drawn.mode, drawn.size)
        if drawn.mode == "P":
            bare.putpalette(drawn.getpalette() or [])
        bare.paste(drawn)
        how = {"quality": 88} if kind in ("JPEG", "WEBP", "AVIF") else {"optimize": True}
        if "transparency" in drawn.info:
            how["transparency"] = drawn.info["transparency"]
        bare.save(out, format=kind, **how)
        return keep(out.getvalue(), PICTURES[kind], bare.width, bare.height)


def keep(data: bytes, mime: str, width: int = 0, height: int = 0) -> Kept:
    """Lays bytes into the media folder under their hash; there already: it is only fresh again. On the disk when it returns."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.is_file() and path.stat().st_size == len(data):
        os.utime(path)  # wanted again: what takes lost files away leaves it alone
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
    return Kept(sha256, len(data), mime, width, height)


def keep_file(source: Path) -> Kept:
    """Lays a file that came with a deck into the media folder, byte for byte; what we do not show is kept all the same."""
    with source.open("rb") as file:
        data = file.read()
    return keep(data, mime_of(data[:64]) or (SVG if safe_svg(data) else "application/octet-stream"))


def safe_svg(data: bytes) -> bool:
    """Whether this is an SVG drawing and nothing more: no program, no page within, no entities."""
    return _SVG_START.match(data.removeprefix(b"\xef\xbb\xbf")) is not None and _SVG_DOES_MORE.search(data) is None


def file_name(name: str, mime: str) -> str:
    """A name that a deck can know a file by, with the ending of what it is."""
    stem = unicodedata.normalize("NFC", Path(name.replace("\\", "/")).name).rsplit(".", 1)[0]
    stem = re.sub(r"[^\w .()+-]+", "-", stem).strip(" .-")[:80] or "file"
    return stem + ENDINGS.get(mime, "")


def address(deck_id: UUID, sha256: str) -> str:
    """Where a file of a deck is shown; the web door serves this address."""
    return f"/media/{deck_id}/{sha256}/"


def placed(html: str, known: Mapping[str, str], deck_id: UUID) -> str:
    """Clean HTML whose pictures and sounds have the addresses of this deck's files; what the deck does not know has none."""
    if "data-name=" not in html:
        return html

    def place(found: re.Match[str]) -> str:
        tag, rest = found.group(1), _SET_HERE.sub("", found.group(2))
        named = _NAME.search(rest)
        sha256 = known.get(unescape(named.group(1))) if named else None
        if not sha256:
            return f"<{tag}{rest}>"
        more = ' loading="lazy" decoding="async"' if tag == "img" else ' controls="" preload="none"'
        return f'<{tag}{rest} src="{address(deck_id, sha256)}"{more}>'

    return _PLACED.sub(place, html)


_MATHS = re.compile(r'<math display="(inline|block)" alttext="([^"<>]*)">.*?</math>', re.DOTALL)


def editable(html: str) -> str:
    """Clean HTML as a person edits it: formulas as they are written, pictures in sight."""

    def written(found: re.Match[str]) -> str:
        tex = quoted(unescape(found.group(2))).replace("&#123;", "{").replace("&#125;", "}")
        return f"\\[{tex}\\]" if found.group(1) == "block" else f"\\({tex}\\)"

    return _MATHS.sub(written, html) if "<math" in html else html


def portable(html: str) -> str:
    """Clean HTML as other programs read it: formulas as they are written, files by their names."""

    def named(found: re.Match[str]) -> str:
        rest = _SET_HERE.sub("", found.group(2))
        name = _NAME.search(rest)
        if found.group(1) == "audio":
            return f"[sound:{name.group(1)}]" if name else ""
        return f"<img{rest.replace(' data-name=', ' src=')}>"

    return _PLACED.sub(named, editable(html)).replace("</audio>", "")
