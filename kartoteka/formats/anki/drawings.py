"""Notes of the old add-on for covered pictures (Image Occlusion Enhanced): its drawings lie among the media, and become covers here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from kartoteka.formats.anki import occlusion
from kartoteka.formats.base import BundleDeck, BundleMedia, BundleNote

PICTURE, ASKED, ANSWERED = "Image", "Question Mask", "Answer Mask"
UNSHOWN = ("id", "id (hidden)", "original", "original mask", "header")  # and the three above


def covered(decks: Sequence[BundleDeck], media: Sequence[BundleMedia]) -> list[BundleDeck]:
    """These decks, with the covers of such notes on their pictures instead of a drawing beside them."""
    files = {one.name: one.path for one in media}
    return [_deck(deck, files) for deck in decks]


def _deck(deck: BundleDeck, files: Mapping[str, Path]) -> BundleDeck:
    names = {int(id): [one["name"] for one in said["flds"]] for id, said in deck.extra["anki"]["types"].items()}
    names = {id: fields for id, fields in names.items() if {PICTURE, ASKED, ANSWERED} <= set(fields)}
    if not names:
        return deck
    return replace(deck, notes=tuple(_note(note, names.get(note.extra["anki"]["type"]), files) for note in deck.notes))


def _note(note: BundleNote, names: Sequence[str] | None, files: Mapping[str, Path]) -> BundleNote:
    fields = dict(zip(names or (), note.extra["anki"]["fields"].split("\x1f"), strict=False))
    before, after = (_drawn(fields.get(name, ""), files) for name in (ASKED, ANSWERED))
    if "<img" not in fields.get(PICTURE, "") or not before or after is None:
        return note
    asked = [form for form in before if form not in after]
    front = occlusion.under(fields[PICTURE], asked, [form for form in before if form in after])
    more = [html for name, html in fields.items() if html.strip() and name not in (PICTURE, ASKED, ANSWERED) and name.lower() not in UNSHOWN]
    header = [fields["Header"]] if fields.get("Header", "").strip() else []
    definition = "<br>".join([occlusion.under(fields[PICTURE], [], after), *more])
    return replace(note, fields={**note.fields, "term": "<br>".join([*header, front]), "definition": definition})


def _drawn(html: str, files: Mapping[str, Path]) -> list[str] | None:
    """The covers of the drawing that a field shows; none where it shows nothing."""
    if not html.strip():
        return []
    name = occlusion.name_in(html)
    place = files.get(name) or files.get(unquote(unescape(name)))
    if place is None or not place.is_file() or place.stat().st_size > occlusion.MOST_DRAWN:
        return None
    return occlusion.drawn(place.read_text("utf-8", "replace"))
