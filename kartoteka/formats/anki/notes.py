"""Rows of a collection become notes, one by one: a bad row costs itself and nothing else."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from typing import Any

from kartoteka.engine.items import HINT
from kartoteka.formats.anki.collection import LOGGED, MOST_DECK_LEVELS, Collection, Logs, Row
from kartoteka.formats.anki.note_types import BLANK, MOST_FIELDS, NoteType, covered_sides, made_type, whole_picture
from kartoteka.formats.base import BundleCard, BundleNote, BundleReview, Findings, Reviews, Said, Sealed, made_note

MOST_SIGNS = 1_000_000  # of one field; more is no text any more
REVIEW, RELEARNING, LEARNING = 2, 3, (1, 3)
NEW, NEVER = (0, 0), (0,) * 8  # type and queue of a new card, and what else stands in its row
SUSPENDED, BURIED = -1, (-2, -3)
READ_OUT = re.compile(r"\[anki:tts|\[latex\]|<anki-mathjax", re.IGNORECASE)
_quoted = json.encoder.encode_basestring_ascii


class Notes:
    """Makes notes of rows, one by one: a bad row costs itself and nothing else."""

    def __init__(self, collection: Collection, findings: Findings, reviews: Logs) -> None:
        self.collection, self.findings, self.reviews = collection, findings, reviews
        self.types: dict[int, NoteType] = {}
        self.names: dict[int, str] = {}
        self.seen: set[str] = set()
        self.homes: set[int] = set()
        self.tags: dict[str, tuple[str, ...]] = {"": ()}
        self.plain = [BundleCard(ordinal) for ordinal in range(8)]
        self.one = (self.plain[0],)
        self.old = collection.schema == 11 and collection.config.get("schedVer", 1) != 2

    def type_of(self, id: int) -> dict[str, Any]:
        return self.types[id].said

    def deck_name(self, id: int) -> str:
        if id not in self.names:
            name = str(self.collection.decks.get(id, {}).get("name") or "")
            parts = [" ".join("".join(sign if sign.isprintable() else " " for sign in part).split()) or "blank" for part in name.split("::")]
            if id not in self.collection.decks:
                self.findings.say(
                    "cards of a deck that is not there", Said("Some cards are of a deck that is not in this file; they are in “Recovered”."), where="decks"
                )
                parts = ["Recovered"]
            if len(parts) > MOST_DECK_LEVELS or len(name) > 10_000:
                self.findings.say("decks too deep", Said("A deck lies %(parts)s levels deep; its name was shortened.", parts=len(parts)), where="decks")
            self.names[id] = "::".join(parts[:MOST_DECK_LEVELS])[:2000]
        return self.names[id]

    def note(self, row: Row, cards: Sequence[Row]) -> tuple[BundleNote, int, int] | None:
        """A note, the deck it is at home in, and its note type."""
        return (self._ordinary(row, cards[0]) if len(cards) == 1 else None) or self._any(row, cards)

    def _ordinary(self, row: Row, card: Row) -> tuple[BundleNote, int, int] | None:
        """The many notes of two fields that are the two sides of one new card, the short way. ``None``: it needs a closer look."""
        id, guid, mid, mod, tags, flds = row
        card_id, _nid, deck, ordinal, _type, _queue, due, *_rest = card
        kind = self.types.get(mid) if mid.__class__ is int else None
        if (
            kind is None
            or kind.plain is None
            or not (flds.__class__ is tags.__class__ is guid.__class__ is str)
            or not 0 < len(guid) <= 200
            or guid in self.seen
        ):
            return None
        if ordinal != 0 or not self._untouched(card):
            return None
        if not (id.__class__ is mod.__class__ is card_id.__class__ is deck.__class__ is ordinal.__class__ is due.__class__ is int) or not deck:
            return None
        texts = flds.split("\x1f")
        if (
            len(texts) != len(kind.names)
            or len(texts) > MOST_FIELDS
            or len(flds) > MOST_SIGNS
            or "\0" in flds
            or (("[" in flds or "<" in flds) and READ_OUT.search(flds))
        ):
            return None
        self.seen.add(guid)
        self.homes = {deck, 0}
        fields = {"term": texts[kind.plain[0]], "definition": texts[kind.plain[1]]}
        extra = Sealed(f'{{"anki": {{"id": {id}, "type": {mid}, "mod": {mod}, "fields": {_quoted(flds)}, "cards": [[0, {card_id}, {deck}, {due}]]}}}}')
        return made_note(fields, guid, f"note {id}", self._tags(tags), self.one, extra), deck, mid

    def _any(self, row: Row, cards: Sequence[Row]) -> tuple[BundleNote, int, int] | None:
        id, guid, mid, mod, tags, flds = row
        where, mid = f"note {id}", mid if isinstance(mid, int) else 0
        if not isinstance(flds, str) or not isinstance(tags, str):
            flds, tags = self._mended(flds, where, "fields"), self._mended(tags, where, "tags")
        if "\0" in flds:
            self.findings.say(
                "signs that are no text", Said("This note holds zero bytes; they are kept for export and not shown."), where=where, severity="info"
            )
        texts = flds.split("\x1f")
        if len(flds) > MOST_SIGNS * 10 or len(texts) > MOST_FIELDS * 2:
            self.findings.say("notes too large", Said("This note is larger than a note may be; it was left out."), where=where, severity="refused")
            return None
        kind = self._type(mid, len(texts), where)
        if len(texts) != len(kind.names):
            self._say_count(len(texts), len(kind.names), where)
        bundled = [self._card(card) for card in cards]
        home = (cards[0][13] or cards[0][2]) if cards else self._home()
        home = home if isinstance(home, int) else self._home()
        self.homes = {id for card in cards for id in (card[2], card[13]) if isinstance(id, int)}
        if kind.plain and len(texts) == len(kind.names) and len(bundled) == 1 and bundled[0].ordinal == 0 and not READ_OUT.search(flds):
            term, definition, kind_of = texts[kind.plain[0]], texts[kind.plain[1]], "basic"
        else:
            term, definition, kind_of = self._sides(kind, texts, flds, tags, home, bundled)
        note = BundleNote(
            {"term": term, "definition": definition, **({HINT: texts[at] if (at := kind.names.index(kind.hint)) < len(texts) else ""} if kind.hint else {})},
            guid=self._guid(guid, id),
            kind=kind_of,
            tags=self._tags(tags),
            where=where,
            cards=(bundled[0],) if len(bundled) == 1 else tuple(bundled),
            extra=_kept(id, mid, mod, flds, cards),
        )
        return note, home, mid

    def _sides(self, kind: NoteType, texts: list[str], flds: str, tags: str, home: int, bundled: list[BundleCard]) -> tuple[str, str, str]:
        """Term, definition and kind of a note as its templates say; cards with sides of their own get them."""
        fields = kind.with_special(dict(zip(kind.names, texts + [""] * (len(kind.names) - len(texts)), strict=False)), tags.strip(), self.deck_name(home))
        covered = kind.cloze and "::image-occlusion:" in flds
        term, definition = whole_picture(fields) if covered else kind.sides(fields, bundled[0].ordinal if bundled else 0)
        for number, one in enumerate(bundled):
            sides = covered_sides(fields, one.ordinal) if covered else kind.own_sides(fields, one.ordinal, term, definition)
            if sides is not None:
                bundled[number] = BundleCard(one.ordinal, one.reviews, one.suspended, one.standing, sides, one.buried)
        return term, definition, "cloze" if kind.cloze and BLANK.search(term) else "basic"

    def _tags(self, tags: str) -> tuple[str, ...]:
        if tags not in self.tags:
            self.tags[tags] = tuple(dict.fromkeys(tags.split()))
        return self.tags[tags]

    def _guid(self, guid: Any, id: int) -> str:
        """Real files hold the same guid twice; the second note then goes by its own id."""
        found = str(guid)[:200] if guid not in (None, "") else f"anki-{id}"
        if found in self.seen:
            self.findings.say(
                "two notes of the same guid",
                Said("Two notes go by the guid “%(found)s”; both are kept.", found=found[:40]),
                where=f"note {id}",
                severity="info",
            )
            found = f"{found[:170]}#{id}"
        self.seen.add(found)
        return found

    def _home(self) -> int:
        return next((id for id, deck in sorted(self.collection.decks.items()) if not deck.get("dyn")), 1)

    def _mended(self, value: Any, where: str, what: str) -> str:
        if isinstance(value, bytes):
            self.findings.say(
                "bytes that are no text", Said("The %(what)s of this note hold bytes that are no text; they were replaced.", what=what), where=where
            )
            return value.decode("utf-8", "replace")
        return "" if value is None else str(value)

    def _say_count(self, found: int, wanted: int, where: str) -> None:
        if found < wanted:
            what = Said("This note has %(found)s fields and its note type %(wanted)s; the others are empty.", found=found, wanted=wanted)
        else:
            what = Said(
                "This note has %(found)s fields and its note type %(wanted)s; the others are kept for export and not shown.", found=found, wanted=wanted
            )
        self.findings.say("notes with another number of fields", what, where=where)

    def _type(self, mid: Any, count: int, where: str) -> NoteType:
        key = mid if isinstance(mid, int) else 0
        if key not in self.types:
            said = self.collection.note_types.get(key)
            if said is None or not said["flds"]:
                self.findings.say(
                    "note types that are missing",
                    Said("The note type of this note is missing from the file; its fields are shown in their order."),
                    where=where,
                )
                said = made_type(key, max(2, count))
            self.types[key] = NoteType(said)
        return self.types[key]

    def _untouched(self, card: Row) -> bool:
        """A new card, of which nothing is said but where it lies."""
        return card[4:6] == NEW and card[7:15] == NEVER and card[15] in ("", "{}") and card[0] not in self.reviews

    def _card(self, row: Row) -> BundleCard:
        id, _nid, did, ordinal, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data = row
        if ordinal in range(8) and isinstance(due, int) and self._untouched(row):
            return self.plain[ordinal]
        if set(map(type, row[2:15])) != {int} or not 0 <= ordinal < 100_000:
            self.findings.say(
                "cards with damaged numbers", Said("A card of this note has a schedule that cannot be read; the card is kept as new."), where=f"card {id}"
            )
            return BundleCard(ordinal if isinstance(ordinal, int) and 0 <= ordinal < 100_000 else 0)
        log = self.reviews.pop(id, None)
        if self.old and type_ == REVIEW and queue in LEARNING:
            type_ = RELEARNING
        standing: dict[str, Any] = {}
        if type_ or queue or any(row[7:15]) or (data and data != "{}"):
            data = data if isinstance(data, str) else ""
            standing = {"flag": flags & 7, "anki": [id, did, type_, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data]}
        return BundleCard(ordinal, _reviews(log, old=self.old), queue == SUSPENDED, standing, None, queue in BURIED)


def _kept(id: Any, type: int, mod: Any, flds: str, cards: Sequence[Row]) -> Sealed:
    """What only an export needs, as text: the note as it stood, and of each card its ordinal, id, deck and place among the new ones."""
    places = [[card[3], card[0], card[13] or card[2], card[6] if card[4] == 0 and not card[13] else 0] for card in cards]
    if len(places) == 1 and {one.__class__ for one in (id, mod, *places[0])} == {int}:
        return Sealed(f'{{"anki": {{"id": {id}, "type": {type}, "mod": {mod}, "fields": {_quoted(flds)}, "cards": {places}}}}}')
    said: dict[str, Any] = {"id": id, "type": type, "mod": mod, "fields": flds}
    return Sealed(json.dumps({"anki": {**said, "cards": places} if cards else said}, default=str))


def _reviews(log: array[int] | None, *, old: bool) -> Sequence[BundleReview]:
    """The answers of a card: rating 0 is what Anki itself did to it (rescheduled, reset).

    ``old``: of Anki's first scheduler, whose learning had three buttons: its 2 is good and its 3 is easy.
    """
    if not log:
        return ()
    if old:
        for at in range(3, len(log), LOGGED):
            if log[at] in (2, 3) and log[at + 4] in (0, 2):
                log[at] += 1
                log[at - 2] = log[at]
    return Reviews(log, LOGGED)
