"""A deck from outside comes into a library: new notes are made, known ones changed, and none loses its history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from kartoteka.engine.text import normal, plain
from kartoteka.formats.base import BundleDeck, BundleMedia, BundleNote
from kartoteka.library import bulk, limits, media, queries
from kartoteka.library.clean import CLEANER, clean
from kartoteka.library.fields import Written, written
from kartoteka.library.files import SHOWN, keep_file
from kartoteka.library.making import READY_CARD, READY_NOTE, Ready, kinds, make_ready, sides
from kartoteka.library.models import Card, Deck, Note
from kartoteka.library.pairing import Pairs
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
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


@dataclass(frozen=True, slots=True)
class _Placed:
    """An incoming note and where it went."""

    raw: BundleNote
    id: UUID
    kind: str
    html: str  # all that its blanks can stand in


@dataclass(slots=True)
class Coming:
    """What comes into a set that is there, made out before anybody has to wait: rows as they will be written, as long as the set is at its ``state``."""

    state: tuple[Any, ...]
    new: list[tuple[Any, ...]]
    changed: list[Note]
    cards: list[tuple[Any, ...]]
    card_ids: dict[tuple[str, int], UUID]
    notes: int


def make_out(deck: BundleDeck, into: Deck, media: Mapping[str, BundleMedia], *, now_ms: int) -> Coming:
    """Compares a deck with the set it comes into. Writes its files, which are nobody's until the set names them, and nothing else."""
    kept = {name[:255]: keep_file(file.path) for name, file in media.items()}
    shown = {name: one.sha256 for name, one in kept.items() if re.match(SHOWN, one.mime)}
    return _coming(deck, into, {**queries.files_of(into), **shown}, datetime.fromtimestamp(now_ms / 1000, UTC))


@action
def add(owner: Person, deck: BundleDeck, *, into: Deck | None, media: Mapping[str, BundleMedia], now_ms: int, ready: Ready | Coming | None = None) -> Added:
    """Adds a deck's notes to a set of the owner's, or to a new one. What the deck lacks stays.

    ``ready``: the new set as ``make_ready`` prepared it before anybody had to wait, or what ``make_out`` said of one that is as it was then.
    """
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    if into is None:
        return _add_new(owner, deck, ready if isinstance(ready, Ready) else make_ready(owner, deck, media), now)
    mine = Deck.objects.select_for_update().get(id=into.id, owner=owner)
    stands = isinstance(ready, Coming) and ready.state == _state_of(mine)
    files = _take_in(mine, media)
    coming = ready if isinstance(ready, Coming) and stands else _coming(deck, mine, queries.files_of(mine), now)
    limits.room_for_cards(owner, len(coming.cards))
    bulk.insert(Note, NOTE, coming.new)
    bulk.update(Note, CHANGED_FIELDS, ([*(getattr(note, name) for name in CHANGED_FIELDS), note.id] for note in coming.changed))
    bulk.insert(Card, CARD, coming.cards)
    if coming.new or coming.changed or files:
        Deck.objects.filter(id=mine.id).update(changed_at=now)
        mine.changed_at = now
    ids, same = coming.card_ids, coming.notes - len(coming.new) - len(coming.changed)
    return Added(mine, len(coming.new), same, len(coming.changed), len(set(ids.values())), files, lambda: ids)


def _state_of(deck: Deck) -> tuple[Any, ...]:
    """What differs as soon as anything of a set's notes or cards was changed."""
    notes = Note.objects.filter(deck=deck).aggregate(latest=Max("changed_at"), number=Count("id"))
    return Deck.objects.values_list("changed_at", flat=True).get(id=deck.id), notes["latest"], notes["number"], Card.objects.filter(deck=deck).count()


def _coming(deck: BundleDeck, mine: Deck, known: Mapping[str, str], now: datetime) -> Coming:
    state = _state_of(mine)
    pair = Pairs(queries.notes_of(mine))
    position = queries.notes_of(mine).aggregate(most=Max("position"))["most"] or 0.0
    new: list[tuple[Any, ...]] = []
    changed: list[Note] = []
    placed: list[_Placed] = []
    for raw in deck.notes:
        values = written(raw.fields, mine.id, known)
        own = sides(raw, mine.id, known)
        twin = pair(raw.guid, values.term_text)
        if twin is None:
            position += 1
            new.append(_row(mine, raw, values, own, position, now))
        elif _differs(twin, raw, values) or any(twin.sides.get(kind) != two for kind, two in own.items()):
            _change(twin, raw, values, now)
            twin.sides = {**twin.sides, **own}
            changed.append(twin)
        id, kind = (twin.id, twin.kind) if twin else (new[-1][0], raw.kind)
        placed.append(_Placed(raw, id, kind, f"{values.term}\n{values.definition}" if kind == "cloze" else ""))
    cards, ids = _cards_of(mine, placed, now)
    return Coming(state, new, changed, cards, ids, len(placed))


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


def _row(deck: Deck, raw: BundleNote, values: Written, sides: dict[str, list[str]], position: float, now: datetime) -> tuple[Any, ...]:
    """A new note, its values in the order of ``NOTE``."""
    original = {**values.original, **raw.original} if raw.original else values.original
    shown = (values.term, values.definition, values.term_text, values.definition_text, values.fields, original, sides, values.cleaner)
    return (uuid7(), deck.id, raw.guid[:200], raw.kind[:20], position, *shown, [], list(raw.tags), dict(raw.extra), 1, now, now, None)


def _differs(note: Note, raw: BundleNote, values: Written) -> bool:
    if not set(raw.tags) <= set(note.tags) or any(note.extra.get(name) != value for name, value in raw.extra.items()):
        return True
    shown = {"term": note.term, "definition": note.definition, **note.fields}
    as_before = all(html == note.original.get(name, shown.get(name, "")) for name, html in raw.fields.items())
    return not as_before and values.changes(note)


def _change(note: Note, raw: BundleNote, values: Written, now: datetime) -> None:
    if values.changes(note):
        for name, value in values.values().items():
            setattr(note, name, {**getattr(note, name), **value} if name in ("fields", "original") else value)
        note.original = {name: html for name, html in {**note.original, **raw.original}.items() if name not in raw.fields or name in values.original}
        note.version += 1
    note.tags = [*note.tags, *(tag for tag in raw.tags if tag not in note.tags)]
    note.guid = note.guid or raw.guid[:200]
    note.extra = {**note.extra, **raw.extra}
    note.changed_at = now


def _cards_of(deck: Deck, placed: Iterable[_Placed], now: datetime) -> tuple[list[tuple[Any, ...]], dict[tuple[str, int], UUID]]:
    """Every note has its cards; those that were there stay. The new ones, and all by their names."""
    there: dict[tuple[UUID, str], UUID] = {(note, kind): id for note, kind, id in Card.objects.filter(deck=deck).values_list("note_id", "kind", "id")}
    new: list[tuple[Any, ...]] = []
    ids: dict[tuple[str, int], UUID] = {}
    for one in placed:
        for kind, ordinal in kinds(one.raw, one.kind, one.html):
            id = there.get((one.id, kind))
            if id is None:
                id = there[one.id, kind] = uuid7()
                new.append((id, one.id, deck.id, kind, now))
            ids[one.raw.guid or one.raw.where, ordinal] = id
    return new, ids
