"""A new set is made ready before anybody has to wait for it: its files laid down, its notes clean, its rows as the database keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from kartoteka.engine.notes import cards_of as kinds_of
from kartoteka.formats.base import BundleCard, BundleDeck, BundleMedia, BundleNote, Sealed
from kartoteka.library import files, limits
from kartoteka.library.fields import is_words, shown_form, written
from kartoteka.people.models import Person
from kartoteka.store.keys import hexes, reserve, uuid7

READY_NOTE = ("id", "guid", "kind", "position", "term", "definition", "term_text", "definition_text", "fields", "original", "sides", "tags", "extra")
READY_CARD = ("id", "note_id", "kind")
GROUP = 200  # notes that are looked at in one piece
_FORWARD = (("forward", 0),)


@dataclass(slots=True)
class Ready:
    """A set that is nowhere yet. Of each card, side by side: its note, its kind, its note's guid (else its ``where``) and its ordinal there."""

    id: UUID
    files: dict[str, files.Kept]
    notes: list[tuple[Any, ...]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    first: int = 0  # the number of the first card's id

    def ids(self) -> Iterator[str]:
        return hexes(self.first, len(self.kinds))

    def cards(self) -> Iterator[tuple[str, str, str]]:
        return zip(self.ids(), self.owners, self.kinds, strict=True)

    def card_ids(self) -> dict[tuple[str, int], UUID]:
        return {name: UUID(id) for name, id in zip(zip(self.names, self.ordinals, strict=True), self.ids(), strict=True)}


def make_ready(owner: Person, deck: BundleDeck, media: Mapping[str, BundleMedia]) -> Ready:
    """Makes a new set ready. Writes files, which are nobody's until a set names them, and nothing else; raises ``TooMuch`` where there is no room."""
    if media:
        limits.room_for_media(owner, sum(file.size for file in media.values()))
    ready = Ready(uuid7(), {name[:255]: files.keep_file(file.path) for name, file in media.items()})
    known = {name: kept.sha256 for name, kept in ready.files.items() if re.match(files.SHOWN, kept.mime)}
    ids, notes, position = hexes(reserve(len(deck.notes)), len(deck.notes)), iter(deck.notes), 0
    tags_said: dict[tuple[str, ...], str] = {(): "[]"}
    while group := list(islice(notes, GROUP)):
        words = _only_words(group)
        for raw in group:
            id, position = next(ids), position + 1
            term, definition = (raw.fields["term"], raw.fields["definition"]) if words else ("", "")
            values = (term, definition, term, definition, "{}", "{}") if words and not raw.original else _shown(raw, ready.id, known)
            own = _text(sides(raw, ready.id, known)) if raw.cards and any(card.sides for card in raw.cards) else "{}"
            if (tags := tags_said.get(raw.tags)) is None:
                tags = tags_said[raw.tags] = json.dumps(raw.tags)
            ready.notes.append((id, raw.guid[:200], raw.kind[:20], float(position), *values, own, tags, _text(raw.extra)))
            found = kinds(raw, raw.kind, f"{values[0]}\n{values[1]}" if raw.kind == "cloze" else "")
            for kind, ordinal in found if len(found) < 2 else {kind: (kind, ordinal) for kind, ordinal in found}.values():
                ready.owners.append(id)
                ready.kinds.append(kind)
                ready.names.append(raw.guid or raw.where)
                ready.ordinals.append(ordinal)
    ready.first = reserve(len(ready.kinds))
    return ready


def _only_words(notes: Sequence[BundleNote]) -> bool:
    """Whether these notes have two sides each, and nothing on any side but words and single spaces: looked at in one piece, in which an empty side shows as well."""
    sides: list[str] = []
    for note in notes:
        if len(note.fields) != 2 or "term" not in note.fields or "definition" not in note.fields:
            return False
        sides += note.fields.values()
    return is_words(" ".join(sides))


def _shown(raw: BundleNote, deck_id: UUID, known: Mapping[str, str]) -> tuple[str, str, str, str, str, str]:
    """What is kept of a note's fields: its sides, clean and in plain words, the others, and the originals."""
    shown = written(raw.fields, deck_id, known)
    return shown.term, shown.definition, shown.term_text, shown.definition_text, _text(shown.fields), _text({**shown.original, **raw.original})


def _text(value: Mapping[str, Any]) -> str:
    return value.text if isinstance(value, Sealed) else json.dumps(dict(value)) if value else "{}"


def sides(raw: BundleNote, deck_id: UUID, known: Mapping[str, str]) -> dict[str, list[str]]:
    """The clean sides of those cards of a note that have their own."""
    return {kind_of(raw, card): [shown_form(side, deck_id, known) for side in card.sides] for card in raw.cards if card.sides} if raw.cards else {}


def kind_of(note: BundleNote, card: BundleCard) -> str:
    """The kind of a card that came with its note."""
    if note.kind == "cloze":
        return f"cloze-{card.ordinal + 1}"
    if card.sides or card.ordinal > 1:
        return f"template-{card.ordinal}"
    return "reversed" if card.ordinal == 1 else "forward"


def kinds(raw: BundleNote, kind: str, html: str) -> Sequence[tuple[str, int]]:
    """The kinds of card an incoming note has, each with its ordinal there. ``html``: all that its blanks can stand in."""
    if raw.cards:
        if raw.kind != "cloze" and len(raw.cards) == 1 and not raw.cards[0].ordinal and not raw.cards[0].sides:
            return _FORWARD
        return [(kind_of(raw, card), card.ordinal) for card in raw.cards]
    if kind != "cloze":
        return _FORWARD
    found = kinds_of(kind, {"all": html}, directions=("forward",))
    return [(kind, int(kind[6:]) - 1 if kind.startswith("cloze-") else 0) for kind in found]
