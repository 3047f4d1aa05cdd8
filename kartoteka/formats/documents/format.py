"""Documents (Word, PowerPoint, OpenDocument, PDF): rows of tables, lists, headings and slides to choose cards from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleMedia, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import Box, members_in, mimetype_in
from kartoteka.formats.choosing import Block, cards_in
from kartoteka.formats.documents import opendocument, slides, word

TITLE = Said("Document (Word, PowerPoint, OpenDocument, PDF)")
EXTENSIONS = (".docx", ".pptx", ".odt", ".odp", ".pdf")
KEEPS = (
    "rows of tables (in a PDF by the places of their words)",
    "lists",
    "headings with what stands below",
    "slides with their notes",
    "bold and italics",
    "pictures",
    "superscripts",
    "text from right to left and turned text (PDF)",
)
DROPS = (
    "layout, fonts and colours",
    "headers, footers and comments",
    "pages that are only pictures",
)
APART = True  # strangers' PDF is read by code that a bad page may end

NONE_FOUND = Said(
    "There is text in this document, but nothing that looks like cards. Put the terms and what they mean in a table of two columns, or write “term: meaning” lines."
)
_ODF = b"application/vnd.oasis.opendocument."
_PACKED: Mapping[str, tuple[Callable[[Box, Findings], Iterator[Block]], Callable[[Box], dict[str, str]], str]] = {
    "docx": (word.blocks_in, word.pictures_in, Said("a Word document")),
    "pptx": (slides.blocks_in, slides.pictures_in, "a presentation"),
    "odf": (opendocument.blocks_in, opendocument.pictures_in, Said("an OpenDocument file")),
}


def recognises(head: bytes, name: str) -> float:
    return 0.95 if _kind(head, name) else 0.0


def _kind(head: bytes, name: str) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    members = members_in(head)
    if not members:
        return ""
    if (said := mimetype_in(head)).startswith(_ODF):
        return "" if b".spreadsheet" in said else "odf"
    if any(member.startswith("word/") for member in members):
        return "docx"
    if any(member.startswith("ppt/") for member in members):
        return "pptx"
    ending = posixpath.splitext(name.lower())[1]
    return {".docx": "docx", ".pptx": "pptx", ".odt": "odf", ".odp": "odf"}.get(ending, "")


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    kind = _kind(source.head(), source.name)
    box: Box | None = None
    if kind in _PACKED:
        read_blocks, pictures, what = _PACKED[kind]
        box = Box(source, what)
        blocks = list(read_blocks(box, findings))
    elif kind == "pdf":
        from kartoteka.formats.documents import pdf  # noqa: PLC0415 - its library is not loaded at every start

        blocks = list(pdf.blocks_in(source, findings))
    else:
        raise Unreadable(Said("This is none of the documents that can be read: Word (.docx), PowerPoint (.pptx), OpenDocument or PDF."))
    found = cards_in(blocks, options, findings)
    if not found.notes:
        if not any(block.html.strip() or block.rows for block in blocks):
            raise Unreadable(Said("There is no text in this document. If its pages are pictures, let a program recognise their text first."))
        raise Unreadable(NONE_FOUND)
    notes = found.notes[: tables.MOST_ROWS]
    media: tuple[BundleMedia, ...] = ()
    if box is not None:
        words = "\n".join(value for note in notes for value in note.fields.values() if "<img" in value)
        media = box.media({name: member for name, member in pictures(box).items() if name in words}, source, findings)
    deck = BundleDeck(tables.title_of(source.name) or _title(blocks), tuple(notes))
    return Bundle("documents", (deck,), findings.told(), media=media, choices={"take": found.taken}, offers={"take": found.offers})


def _title(blocks: Sequence[Block]) -> str:
    return next((block.html[:200] for block in blocks if block.kind == "heading" and "<" not in block.html), "")
