"""The notes of a deck as they stand, light enough for a hundred thousand, and which of them an incoming note is."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kartoteka.engine.text import normal
from kartoteka.formats.base import BundleNote, Sealed
from kartoteka.library.fields import Written
from kartoteka.library.models import Deck
from kartoteka.store.columns import hex_of, key, value_of
from kartoteka.store.sql import each

_PLAIN = ("id", "guid", "kind", "term", "definition", "term_text", "definition_text", "cleaner", "version")
_JSON = ("fields", "original", "sides", "tags", "extra")


class _Opened:
    """A column of JSON, taken apart only where somebody looks into it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.kept = f"_{name}"

    def __get__(self, note: Any, owner: type | None = None) -> Any:
        value = getattr(note, self.kept)
        if isinstance(value, str):
            value = value_of(value)
            setattr(note, self.kept, value)
        return value

    def __set__(self, note: Any, value: Any) -> None:
        setattr(note, self.kept, value)


class KnownNote:
    """A note of a set as it stands; ``id`` in hex digits."""

    __slots__ = (*_PLAIN, *(f"_{name}" for name in _JSON))

    id: str
    guid: str
    kind: str
    term: str
    definition: str
    term_text: str
    definition_text: str
    cleaner: int
    version: int
    _extra: Any
    fields, original, sides, tags, extra = _Opened(), _Opened(), _Opened(), _Opened(), _Opened()

    def lacks(self, raw: BundleNote) -> bool:
        """Whether the incoming note brings a tag, or something kept for exports, that is not here."""
        if raw.tags and not set(raw.tags) <= set(self.tags):
            return True
        if not raw.extra or (isinstance(raw.extra, Sealed) and raw.extra.text == self._extra):
            return False
        return any(self.extra.get(name) != value for name, value in raw.extra.items())

    def reads(self, raw: BundleNote) -> bool:
        """Whether every field of the incoming note is written as it was when this one came in, or as it is shown."""
        original = self.original
        for name, html in raw.fields.items():
            shown = self.term if name == "term" else self.definition if name == "definition" else self.fields.get(name, "")
            if html != (original.get(name, shown) if original else shown):
                return False
        return True

    def differs(self, raw: BundleNote, values: Callable[[], Written]) -> bool:
        """Whether accepting the incoming note, which would be kept as ``values``, would change anything of this one but its cards' own sides."""
        return self.lacks(raw) or not (self.reads(raw) or not values().changes(self))


def known_notes(deck: Deck) -> Iterator[KnownNote]:
    """The notes of a deck in their order, without those that were deleted."""
    names = (*_PLAIN, *_JSON)
    put_plain = [getattr(KnownNote, name).__set__ for name in _PLAIN]
    put_json = [getattr(KnownNote, f"_{name}").__set__ for name in _JSON]
    kinds: dict[str, str] = {}
    opened: dict[Any, Any] = {"{}": {}}  # what many notes say in the same words, taken apart once
    for row in each(f"SELECT {', '.join(names)} FROM library_note WHERE deck_id = %s AND binned_at IS NULL ORDER BY position, id", [key(deck.id)]):  # noqa: S608 - names of our own
        note, (*json, tags, extra) = KnownNote(), row[len(_PLAIN) :]
        if tags.__class__ is str:
            if tags not in opened:
                opened[tags] = value_of(tags)
            tags = opened[tags]
            json = [opened.get(value, value) for value in json]
        for put, value in zip(put_plain, row, strict=False):
            put(note, value)
        for put, value in zip(put_json, (*json, tags, extra), strict=True):
            put(note, value)
        note.id, note.kind = hex_of(note.id), kinds.setdefault(note.kind, note.kind)
        # One text where two say the same.
        note.term_text = note.term if note.term_text == note.term else note.term_text
        note.definition_text = note.definition if note.definition_text == note.definition else note.definition_text
        yield note


@dataclass(frozen=True, slots=True)
class Twins:
    """Which note of a set each of a deck's notes is, as they were compared when the set was at ``state``."""

    state: tuple[Any, ...]
    notes: Sequence[KnownNote | None]


class Pairs:
    """Each note of the deck is found once: twins in their order, one with a guid of its own only for a note that has none.

    Deques, not a search: a file of a million equal rows must not take a million times a million steps. Terms are made comparable only when
    the first note is looked for by its term.
    """

    def __init__(self, deck: Deck) -> None:
        self._notes = list(known_notes(deck))
        self._by_guid: dict[str, KnownNote] = {}
        self._by_term: Mapping[bool, Mapping[str, deque[tuple[int, KnownNote]]]] | None = None
        self._taken: set[str] = set()
        for note in self._notes:
            if note.guid:
                self._by_guid.setdefault(note.guid, note)

    def __call__(self, guid: str, term_text: Callable[[], str]) -> KnownNote | None:
        found = self._by_guid.get(guid) if guid else None
        if found is None or found.id in self._taken:
            found = self._with_term(normal(term_text()), guided=not guid)
        if found is not None:
            self._taken.add(found.id)
        return found

    def _with_term(self, term: str, *, guided: bool) -> KnownNote | None:
        if self._by_term is None:
            self._by_term = self._terms()
        waiting = [twins for has_guid in ((True, False) if guided else (False,)) if (twins := self._by_term[has_guid].get(term))]
        for twins in waiting:
            while twins and twins[0][1].id in self._taken:
                twins.popleft()
        firsts = [twins for twins in waiting if twins]
        return min(firsts, key=lambda twins: twins[0][0]).popleft()[1] if firsts else None

    def _terms(self) -> Mapping[bool, Mapping[str, deque[tuple[int, KnownNote]]]]:
        found: dict[bool, defaultdict[str, deque[tuple[int, KnownNote]]]] = {True: defaultdict(deque), False: defaultdict(deque)}
        for number, note in enumerate(self._notes):
            found[bool(note.guid)][normal(note.term_text)].append((number, note))
        return found
