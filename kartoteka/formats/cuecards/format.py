"""CueCards (``.wcu``): cards as XML, a question and an answer each, with pictures and sounds by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.boxes import safe_name
from kartoteka.formats.markup import Element, all_of, name_of, root_in, text_of, tree_of
from kartoteka.formats.prose import html_of

TITLE = Said("CueCards")
EXTENSIONS = (".wcu",)
KEEPS = ("questions", "answers", "line breaks", "pictures and sounds by name")
DROPS = (
    "pictures and sounds themselves, which lie in a folder beside the file",
    "which of the last answers were right",
)


def recognises(head: bytes, name: str) -> float:
    root = root_in(head).lower()
    return 0.98 if root == "cuecards" else 0.9 if root and name.lower().endswith(".wcu") else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    root = tree_of(source.bytes(), Said("a file of CueCards"), findings)
    notes = tuple(_notes(root, findings))
    if not notes and not findings.told():
        raise Unreadable(Said("There are no cards in this file of CueCards. Export it again, with its cards."))
    if len(notes) > tables.MOST_ROWS:
        notes = notes[: tables.MOST_ROWS]
        findings.say("too many cards", Said("Only the first %(most)s cards were read.", most=f"{tables.MOST_ROWS:,}"), severity="refused")
    return Bundle("cuecards", (BundleDeck(tables.title_of(source.name), notes),), findings.told())


def _notes(root: Element, findings: Findings) -> Iterator[BundleNote]:
    for card in all_of(root, "Card", "card"):
        said = {name_of(field).lower(): text_of(field).strip() for field in card if name_of(field)}
        term, definition = _side(said, "question"), _side(said, "answer")
        if not (term or definition):
            what = Said("This card has nothing on either side. It was left out.")
            findings.say("cards with nothing on them", what, card.sourceline, "refused")
            continue
        yield BundleNote({"term": term, "definition": definition}, where=f"line {card.sourceline}", line=card.sourceline)


def _side(said: Mapping[str, str], side: str) -> str:
    """Its words, then its picture and its sound."""
    parts = [html_of(said.get(side, ""))]
    if picture := safe_name(said.get(f"{side}picture", "")):
        parts.append(f'<img src="{escape(picture)}">')
    if sound := safe_name(said.get(f"{side}sound", "")):
        parts.append(f"[sound:{escape(sound, quote=False)}]")
    return "<br>".join(filter(None, parts))
