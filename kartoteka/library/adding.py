"""A deck from outside comes into a library: new notes are made, known ones changed, and none loses its history."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from kartoteka.engine.text import normal, plain
from kartoteka.formats.base import BundleDeck, BundleMedia, BundleNote
from kartoteka.library import bulk, limits, media, queries
from kartoteka.library.clean import CLEANER, clean
from kartoteka.library.fields import Lazily, Written
from kartoteka.library.files import SHOWN, keep_file
from kartoteka.library.making import READY_CARD, READY_NOTE, Ready, kinds, make_ready, sides
from kartoteka.library.models import Card, Deck, Note
from kartoteka.library.pairing import KnownNote, Pairs, Twins
from kartoteka.people.models import Person
from kartoteka.store.columns import hex_of, key
from kartoteka.store.keys import uuid7
from kartoteka.store.sql import each
from kartoteka.store.writer import action

CHANGED_FIELDS = (
    "term",
    "definition",
    "term_text",
    "definition_text",
    "fields",
    "original",
    "sides",
    "cleaner",
    "tags",
    "guid",
    "extra",
    "version",
    "changed_at",
)
NOTE = (
    *("id", "deck_id", "guid", "kind", "position", "term", "definition", "term_text", "definition_text", "fields", "original", "sides", "cleaner"),
    *("points", "tags", "extra", "version", "made_at", "changed_at", "binned_at"),
)
CARD = ("id", "note_id", "deck_id", "kind", "made_at")


@dataclass(frozen=True)
class Added:
    """What came of it. ``card_ids``: by the incoming note's guid (else its ``where``) and the ordinal of its card."""

    deck: Deck
    new: int
    same: int
    changed: int
    cards: int
    media: int
    named: Callable[[], Mapping[tuple[str, int], UUID]]

    @cached_property
    def card_ids(self) -> Mapping[tuple[str, int], UUID]:
        return self.named()


@dataclass(slots=True)
class Coming:
    """What comes into a set that is there, made out before anybody has to wait: rows as they will be written, as long as the set is at its ``state``.

    Of each card of an incoming note, side by side: by what it goes (see ``Added.card_ids``) and its id in hex digits.
    """

    state: tuple[Any, ...]
    notes: int = 0
    new: list[list[Any]] = field(default_factory=list)
    changed: list[list[Any]] = field(default_factory=list)
    cards: list[list[Any]] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def card_ids(self) -> dict[tuple[str, int], UUID]:
        return {name: UUID(id) for name, id in zip(self.names, self.ids, strict=True)}


def compared(deck: Deck) -> tuple[tuple[Any, ...], Pairs]:
    """Where a set is now, and its notes to be found by incoming ones."""
    return state_of(deck), Pairs(deck)


def make_out(deck: BundleDeck, into: Deck, media: Mapping[str, BundleMedia], *, now_ms: int, twins: Twins | None = None) -> Coming:
    """Compares a deck with the set it comes into. Writes its files, which are nobody's until the set names them, and nothing else.

    ``twins``: which notes of the set are already found, so that nobody looks for them twice.
    """
    kept = {name[:255]: keep_file(file.path) for name, file in media.items()}
    shown = {name: one.sha256 for name, one in kept.items() if re.match(SHOWN, one.mime)}
    return _coming(deck, into, {**queries.files_of(into), **shown}, datetime.fromtimestamp(now_ms / 1000, UTC), twins)


@action
def add(owner: Person, deck: BundleDeck, *, into: Deck | None, media: Mapping[str, BundleMedia], now_ms: int, ready: Ready | Coming | None = None) -> Added:
    """Adds a deck's notes to a set of the owner's, or to a new one. What the deck lacks stays.

    ``ready``: the new set as ``make_ready`` prepared it before anybody had to wait, or what ``make_out`` said of one that is as it was then.
    """
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    if into is None:
        return _add_new(owner, deck, ready if isinstance(ready, Ready) else make_ready(owner, deck, media), now)
    mine = Deck.objects.select_for_update().get(id=into.id, owner=owner)
    stands = isinstance(ready, Coming) and ready.state == state_of(mine)
    files = _take_in(mine, media)
    coming = ready if stands and isinstance(ready, Coming) else _coming(deck, mine, queries.files_of(mine), now)
    limits.room_for_cards(owner, len(coming.cards))
    bulk.pour(Note, NOTE, coming.new)
    bulk.update(Note, CHANGED_FIELDS, coming.changed)
    bulk.pour(Card, CARD, coming.cards)
    if coming.new or coming.changed or files:
        Deck.objects.filter(id=mine.id).update(changed_at=now)
        mine.changed_at = now
    same = coming.notes - len(coming.new) - len(coming.changed)
    return Added(mine, len(coming.new), same, len(coming.changed), len(set(coming.ids)), files, coming.card_ids)


def state_of(deck: Deck) -> tuple[Any, ...]:
    """What differs as soon as anything of a set's notes or cards was changed."""
    notes = Note.objects.filter(deck=deck).aggregate(latest=Max("changed_at"), number=Count("id"))
    return Deck.objects.values_list("changed_at", flat=True).get(id=deck.id), notes["latest"], notes["number"], Card.objects.filter(deck=deck).count()


def _coming(deck: BundleDeck, mine: Deck, known: Mapping[str, str], now: datetime, twins: Twins | None = None) -> Coming:
    coming = Coming(state_of(mine))
    pair = Pairs(mine) if twins is None or twins.state != coming.state else None
    cards, note_row, changed_row = _Cards(mine, now), bulk.kept(Note, NOTE), bulk.kept(Note, (*CHANGED_FIELDS, "id"))
    position = queries.notes_of(mine).aggregate(most=Max("position"))["most"] or 0.0
    for number, raw in enumerate(deck.notes):
        values = Lazily(raw.fields, mine.id, known)
        twin = pair(raw.guid, values.term_text) if pair else twins.notes[number] if twins else None
        own = sides(raw, mine.id, known)
        if twin is None:
            position += 1
            id, kind = uuid7(), raw.kind
            coming.new.append(note_row(_row(id, mine, raw, values(), own, position, now)))
            hex = id.hex
        else:
            hex, kind = twin.id, twin.kind
            if twin.differs(raw, values) or any(twin.sides.get(one) != two for one, two in own.items()):
                coming.changed.append(changed_row(_changed(twin, raw, values(), own, now)))
        html = f"{values().term}\n{values().definition}" if kind == "cloze" and not raw.cards else ""
        for one, ordinal in kinds(raw, kind, html):
            coming.names.append((raw.guid or raw.where, ordinal))
            coming.ids.append(cards.of(hex, one))
        coming.notes += 1
    coming.cards = cards.new
    return coming


def _add_new(owner: Person, deck: BundleDeck, ready: Ready, now: datetime) -> Added:
    """Writes a new set as it was made ready."""
    if ready.files:
        limits.room_for_media(owner, sum(file.size for file in ready.files.values()))
    limits.room_for_cards(owner, len(ready.kinds))
    made = _made(owner, deck, now, ready.id)
    media.name_files(made, ready.files)
    bulk.pour(Note, READY_NOTE, ready.notes, same={"deck_id": made.id, "cleaner": CLEANER, "points": "[]", "version": 1, "made_at": now, "changed_at": now, "binned_at": None})  # fmt: skip
    bulk.pour(Card, READY_CARD, ready.cards(), same={"deck_id": made.id, "made_at": now})
    return Added(made, len(ready.notes), 0, 0, len(ready.kinds), len(ready.files), ready.card_ids)


def _take_in(deck: Deck, incoming: Mapping[str, BundleMedia]) -> int:
    if not incoming:
        return 0
    limits.room_for_media(deck.owner, sum(file.size for file in incoming.values()))
    new = media.take_in(deck, incoming.values())
    media.place_waiting(deck, incoming)
    return new


def _made(owner: Person, deck: BundleDeck, now: datetime, id: UUID) -> Deck:
    description = clean(deck.description)
    made = Deck(
        id=id,
        owner=owner,
        title=" ".join(deck.title.split())[:200],
        description=description,
        description_original=deck.description if deck.description != description else "",
        tags=list(deck.tags),
        term_lang=deck.languages[0][:12],
        definition_lang=deck.languages[1][:12],
        source=deck.source[:200],
        extra=dict(deck.extra),
        words=normal(" ".join((deck.title, *deck.tags, plain(description))))[:4000],
        changed_at=now,
    )
    made.save(force_insert=True)
    return made


def _row(id: UUID, deck: Deck, raw: BundleNote, values: Written, sides: dict[str, list[str]], position: float, now: datetime) -> tuple[Any, ...]:
    """A new note, its values in the order of ``NOTE``."""
    original = {**values.original, **raw.original} if raw.original else values.original
    shown = (values.term, values.definition, values.term_text, values.definition_text, values.fields, original, sides, values.cleaner)
    return (id, deck.id, raw.guid[:200], raw.kind[:20], position, *shown, [], list(raw.tags), raw.extra or {}, 1, now, now, None)


def _changed(twin: KnownNote, raw: BundleNote, values: Written, own: Mapping[str, list[str]], now: datetime) -> tuple[Any, ...]:
    """A note as it will be, its values in the order of ``CHANGED_FIELDS``, and its id."""
    shown = (twin.term, twin.definition, twin.term_text, twin.definition_text, twin.fields)
    original, cleaner, version = twin.original, twin.cleaner, twin.version
    if values.changes(twin):
        shown = (values.term, values.definition, values.term_text, values.definition_text, {**twin.fields, **values.fields})
        known = {**twin.original, **values.original, **raw.original}
        original = {name: html for name, html in known.items() if name not in raw.fields or name in values.original}
        cleaner, version = values.cleaner, version + 1
    tags = [*twin.tags, *(tag for tag in raw.tags if tag not in twin.tags)]
    extra = raw.extra if twin.extra.keys() <= raw.extra.keys() else {**twin.extra, **raw.extra}
    return (*shown, original, {**twin.sides, **own}, cleaner, tags, twin.guid or raw.guid[:200], extra, version, now, UUID(twin.id))


class _Cards:
    """The cards of a set by note and kind. Every note has its own; those that were there stay."""

    def __init__(self, deck: Deck, now: datetime) -> None:
        self.deck, self.now = deck, now
        self.there = {
            (hex_of(note), kind): hex_of(id) for note, kind, id in each("SELECT note_id, kind, id FROM library_card WHERE deck_id = %s", [key(deck.id)])
        }
        self.new: list[list[Any]] = []
        self.row = bulk.kept(Card, CARD)

    def of(self, note: str, kind: str) -> str:
        """The id of a note's card of this kind, which is made where there is none."""
        if id := self.there.get((note, kind)):
            return id
        made = uuid7()
        self.there[note, kind] = made.hex
        self.new.append(self.row((made, UUID(note), self.deck.id, kind, self.now)))
        return made.hex
