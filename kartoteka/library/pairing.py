"""Finds the note of a deck that an incoming note is: by its guid, else by its term."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from uuid import UUID

from kartoteka.engine.text import normal
from kartoteka.library.models import Note


class Pairs:
    """Each note of the deck is found once: twins in their order, one with a guid of its own only for a note that has none.

    Deques, not a search: a file of a million equal rows must not take a million times a million steps.
    """

    def __init__(self, notes: Iterable[Note]) -> None:
        self._by_guid: dict[str, Note] = {}
        self._by_term: dict[bool, defaultdict[str, deque[tuple[int, Note]]]] = {True: defaultdict(deque), False: defaultdict(deque)}
        self._taken: set[UUID] = set()
        for number, note in enumerate(notes):
            if note.guid:
                self._by_guid.setdefault(note.guid, note)
            self._by_term[bool(note.guid)][normal(note.term_text)].append((number, note))

    def __call__(self, guid: str, term_text: str) -> Note | None:
        found = self._by_guid.get(guid) if guid else None
        if found is None or found.id in self._taken:
            found = self._with_term(normal(term_text), guided=not guid)
        if found is not None:
            self._taken.add(found.id)
        return found

    def _with_term(self, term: str, *, guided: bool) -> Note | None:
        waiting = [twins for has_guid in ((True, False) if guided else (False,)) if (twins := self._by_term[has_guid].get(term))]
        for twins in waiting:
            while twins and twins[0][1].id in self._taken:
                twins.popleft()
        firsts = [twins for twins in waiting if twins]
        return min(firsts, key=lambda twins: twins[0][0]).popleft()[1] if firsts else None
