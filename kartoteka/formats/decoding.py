"""Letters out of bytes: whether a file is text at all, in which encoding, and what of it could not be kept."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from kartoteka.formats import codepages
from kartoteka.formats.base import Findings, Said, Source, Unreadable

MOST_BYTES = 32 * 1024 * 1024  # as text in memory up to four times as much
_BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")

# What a file of another kind begins with, and what it is in words. The longer signs first.
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\0", Said("a database (an Anki or Mnemosyne collection)")),
    (b"--- Mnemosyne Data Base", Said("a Mnemosyne database")),
    (b"%PDF", Said("a PDF document")),
    (b"\x89PNG", Said("a picture")),
    (b"\xff\xd8\xff", Said("a picture")),
    (b"GIF8", Said("a picture")),
    (b"RIFF", Said("a picture or a sound")),
    (b"\x1f\x8b", Said("a compressed file (gzip)")),
    (b"\x28\xb5\x2f\xfd", Said("a compressed file (zstd)")),
    (b"7z\xbc\xaf\x27\x1c", Said("a compressed archive (7z)")),
    (b"Rar!", Said("a compressed archive (RAR)")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Said("an old Office document")),
    (b"{\\rtf", Said("a formatted document (RTF)")),
    (b"ID3", Said("a sound")),
    (b"OggS", Said("a sound")),
    (b"\x00\x00\x00\x18ftyp", Said("a video")),
    (b"\x00\x00\x00\x20ftyp", Said("a video")),
    (b"\x7fELF", Said("a program")),
    (b"MZ\x90\x00", Said("a program")),
)
_ZIPS = (
    (b"collection.anki", Said("an Anki package")),
    (b"[Content_Types].xml", Said("an Office document")),
    (b"word/", Said("a Word document")),
    (b"xl/", Said("an Excel workbook")),
    (b"ppt/", Said("a presentation")),
    (b"mimetypeapplication/vnd.oasis", Said("an OpenDocument file")),
    (b"imsmanifest.xml", Said("a QTI package")),
    (b"data.edn", Said("a Mochi deck")),
    (b"data.json", Said("a Mochi deck")),
    (b"METADATA", Said("a Mnemosyne deck")),
)
_PAGE = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|div|script|meta)\b", re.I | re.S)
_XML = re.compile(rb"\s*<\?xml", re.I)
_JSON = re.compile(r'\s*(?:\{\s*"[^"]{1,200}"\s*:|\[\s*[\[{]\s*["{\[])')


def text_of(source: Source, encoding: str, findings: Findings) -> tuple[str, str]:
    """A file's text with plain line ends, and the encoding it was read in. Raises ``Unreadable`` with one sentence."""
    if source.size > MOST_BYTES:
        raise Unreadable(
            Said(
                "This file has %(size)s MB; a text may have %(most)s. Split it into smaller files.",
                size=f"{source.size / 1_048_576:,.0f}",
                most=MOST_BYTES // 1_048_576,
            )
        )
    data = source.bytes()
    if foreign := foreign_kind(data[:65536]):
        raise Unreadable(foreign)
    encoding = encoding.strip() or guess(data)
    text = _normal(_decoded(data, encoding, findings), findings)
    if not text.strip(" \n\t\u00a0\ufeff\u200b"):
        raise Unreadable(Said("There is nothing in it: the file is empty. One card a line, with a tab between its two sides, works everywhere."))
    if foreign := foreign_kind(text[:2000].encode("utf-8", "replace")):  # XML and pages in UTF-16
        raise Unreadable(foreign)
    if _JSON.match(text[:1000]) and text.rstrip()[-1:] in "}]":
        raise Unreadable(Said("This is JSON, data of another program, of a kind that is not known here. Export it as text or as a table (CSV)."))
    return text, encoding


def foreign_kind(head: bytes) -> str:
    """One sentence where these bytes are no text to read cards from; empty where they may be."""
    if b"PK\x03\x04" in head[:200] or head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        packed = next((named for sign, named in _ZIPS if sign in head), Said("a packed file (zip)"))
        return Said("This is %(kind)s, not a text. Bring the whole file in as it was saved, or export the deck as text or as a table (CSV).", kind=packed)
    for sign, kind in _KINDS:
        if head.startswith(sign):
            return Said("This is %(kind)s, not a list of cards. Export it as text or as a table (CSV), or copy its text and paste it.", kind=kind)
    if _PAGE.match(head):
        return Said("This is the source of a web page, not its text. Open the page, select all of it, copy, and paste it here.")
    if _XML.match(head):
        return Said("This is XML of a kind that is not known here. Export it as text or as a table (CSV).")
    if _is_binary(head):
        return Said("This is not text: it holds bytes that no encoding writes. Export the cards as text or as a table (CSV).")
    return ""


@lru_cache(maxsize=4)
def looks_like(head: bytes) -> str:
    """The beginning of a file as text, for a first look; empty where it is none."""
    if not head.strip() or foreign_kind(head):
        return ""
    text = head.decode(guess(head), "replace").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return text.rstrip("\ufffd\r")


def guess(data: bytes) -> str:
    """The encoding: by its mark, strict UTF-8, the pattern of its zero bytes, else the likeliest code page."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if wide := _wide(data[:8192]):
        return wide
    if b"\x1b$" in data[:8192]:  # Japanese in seven bits, as old mail wrote it
        return "iso2022_jp"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return "utf-8" if _nearly_utf8(data) else codepages.guess(data)


def _wide(head: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: most signs of a text have a zero byte, always in the same place."""
    zeros = head.count(0)
    if not zeros or len(head) < 4:
        return ""
    if zeros * 2 > len(head):
        for name, places in (("utf-32-le", head[3::4]), ("utf-32-be", head[0::4])):
            if len(head) >= 8 and places.count(0) == len(places) and zeros * 4 >= len(head) * 2.2:
                return name
    odd, even = head[1::2].count(0), head[0::2].count(0)
    breaks = {
        "utf-16-le": sum(head.count(sign) for sign in (b"\n\0", b",\0", b"\t\0", b" \0")),
        "utf-16-be": sum(head.count(sign) for sign in (b"\0\n", b"\0,", b"\0\t", b"\0 ")),
    }
    name = "utf-16-le" if odd > even else "utf-16-be"
    most = max(odd, even)
    if most < 2 or most < 8 * min(odd, even) or most * 100 < len(head) or (most * 8 < len(head) and breaks[name] < 2):
        return ""
    try:
        head[: len(head) // 2 * 2].decode(name)
    except UnicodeDecodeError as error:
        return name if error.start >= len(head) - 4 else ""
    return name


def _nearly_utf8(data: bytes) -> bool:
    """Whether only a few bytes of a UTF-8 text are broken: it was cut, or pasted together."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum("\ud800" <= sign <= "\udfff" for sign in text if sign > "\x7f")
    good = sum(sign > "\x7f" for sign in text) - broken
    return broken * 8 <= good


def _is_binary(head: bytes) -> bool:
    if head.startswith(tuple(mark for mark, _name in _BOMS)) or _wide(head[:8192]):
        return False
    odd = sum(head.count(bytes((byte,))) for byte in (*range(1, 7), *range(14, 27), *range(28, 32)))
    odd += head.count(0)
    return odd > 4 and (odd * 10 > len(head) or head.count(0) * 20 > len(head))


def _decoded(data: bytes, encoding: str, findings: Findings) -> str:
    try:
        found = codecs.lookup(codepages.codec_of(encoding))
        if not getattr(found, "_is_text_encoding", True):
            raise LookupError(encoding)
    except (LookupError, ValueError) as error:
        raise Unreadable(Said("There is no encoding called “%(encoding)s”. Choose another, such as utf-8.", encoding=encoding)) from error
    try:
        return data.decode(found.name)
    except UnicodeDecodeError as error:
        at, bad = error.start, error.object[error.start : error.start + 1]
    text = data.decode(found.name, "replace")
    line = data.count(b"\n", 0, at) + 1 if not found.name.startswith(("utf-16", "utf-32")) else text.count("\n", 0, max(0, text.find("\ufffd"))) + 1
    many = Said("%(number)s signs", number=f"{text.count(chr(0xFFFD)):,}") if text.count("\ufffd") > 1 else Said("one sign")
    findings.say(
        "signs that could not be read",
        Said(
            "This is not all %(encoding)s: %(many)s could not be read (the first is byte %(hex)s) and show as \ufffd. Try another encoding.",
            encoding=encoding,
            many=many,
            hex=bad.hex(),
        ),
        line,
    )
    return text


def _normal(text: str, findings: Findings) -> str:
    """Plain line ends; no signs that cannot be shown. What goes is told with its line."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufeff" in text:
        text = text.removeprefix("\ufeff")
        if (at := text.find("\ufeff")) >= 0:
            line = text.count("\n", 0, at) + 1
            findings.say(
                "marks of files joined together", Said("Byte order marks in the middle of the file were left out: it was joined from several."), line, "info"
            )
            text = text.replace("\ufeff", "")
    if found := _CONTROL.search(text):
        line, sign = text.count("\n", 0, found.start()) + 1, found[0]
        kinds = (
            (Said("zero byte"), Said("zero bytes"))
            if sign == "\0"
            else (Said("half of a sign"), Said("halves of signs"))
            if "\ud800" <= sign <= "\udfff"
            else (Said("control character"), Said("control characters"))
        )
        text, many = _CONTROL.subn("", text)
        findings.say(kinds[1], Said("%(many)s %(kind)s that cannot be shown were left out.", many=f"{many:,}", kind=kinds[many > 1]), line)
    return text
