"""One card of a learner while answers move it: added to where that is enough, replayed where something is late, doubled or taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any
from uuid import UUID

from kartoteka.engine.evidence import shown_already
from kartoteka.engine.memory import Calendar, Evidence, MemoryState, Model, due_ms, observe
from kartoteka.people.models import Person
from kartoteka.study.learners import calendar_of, retention_of
from kartoteka.study.log import ENTRY, IMPORTED, NOBODY_KNOWS_YET, SHOWN, STATE, Entry, standing
from kartoteka.study.models import Logged, Memory, Past, Review
from kartoteka.study.own import model_of
from kartoteka.study.summing import Sums, changed
from kartoteka.study.sums import counted_in

NEVER = -1
SOME = 2000  # cards replayed at a time


def entries(rows: Any) -> list[Entry]:
    """The rows of a query over reviews, as entries of the log."""
    return [Entry(*row) for row in rows.values_list(*ENTRY)]


def history_of(learner: Person, card: UUID) -> list[Entry]:
    """All that the log says of a card, also what takes back an answer to it and came before it."""
    kept = entries(Logged.objects.filter(learner=learner, card_id=card))
    early = Review.objects.filter(learner=learner, card_id=NOBODY_KNOWS_YET, takes_back__in=[entry.id for entry in kept])
    return [*kept, *entries(early)]


def decks_of(learners: Collection[Person], cards: Collection[UUID] | None = None) -> dict[UUID, UUID]:
    """Which set each card is from, as its latest answer says; of all that were ever answered, or of these."""
    these = {"learner__in": learners} if cards is None else {"learner__in": learners, "card_id__in": cards}
    brought = Past.objects.filter(**these).order_by("last_ms").values_list("last_ms", "card_id", "deck_id")
    given = Review.objects.filter(**these).exclude(card_id=NOBODY_KNOWS_YET).order_by("received_ms", "id").values_list("received_ms", "card_id", "deck_id")
    return {card: deck for _at_ms, card, deck in merge(brought, given, key=itemgetter(0))}


def brought(learner: Person) -> set[str]:
    """The ids of all answers that stand in a past."""
    if not Past.objects.filter(learner=learner).exists():
        return set()
    return {str(id) for id in Logged.objects.filter(learner=learner, mode=IMPORTED).values_list("id", flat=True).iterator()}


class CardBook:
    """A card's memory and the part of its history that is at hand. ``near``: what the sittings in question know of it.

    ``unread``: the log holds answers to it, but there is no memory that adds them up. ``sums``: to which it adds what it changes. ``alone``: its note has
    no other card, so nothing but its own log decides what an answer proves; else that is found by a replay.
    """

    def __init__(
        self,
        learner: Person,
        card: UUID,
        deck: UUID,
        calendar: Calendar,
        *,
        model: Model,
        kept: tuple[MemoryState, int] | None,
        sums: Sums,
        alone: bool = False,
    ) -> None:
        self.learner, self.card, self.deck, self.calendar, self.model = learner, card, deck, calendar, model
        self.kept = kept is not None
        self.state: MemoryState | None
        self.state, self.upto_ms = kept or (None, NEVER)
        self.first_ms = self.state.first_ms if self.state else None  # as its row has it
        self.near: list[Entry] = []
        self.unread, self.alone = False, alone
        self.moved = False
        self.sums = sums
        self._history: list[Entry] | None = None
        self._appended: UUID | None = None

    def counts(self, id: UUID) -> bool:
        """Whether the answer with this id counts; it must be near."""
        if self._appended == id:  # nothing near answers the same question
            return True
        return any(entry.id == id for entry in standing(self.near))

    def add(self, new: Sequence[Entry], *, proof: Evidence | None = None) -> tuple[int, int]:
        """Adds rows of the log. Gives by how many answers, and by how many ms, what counts has grown (less than 0: shrunk).

        ``proof``: what the first of them proves, where that is at hand.
        """
        self._appended = None
        if len(new) == 1 and self._comes_last(new[0]):
            return self._append(new[0], proof)
        history = self._read()
        before = standing(history)
        history += new
        self.near += new
        after = standing(history)
        self._remember(before, after)
        return len(after) - len(before), sum(entry.took_ms for entry in after) - sum(entry.took_ms for entry in before)

    def _comes_last(self, entry: Entry) -> bool:
        if entry.takes_back or any(other.group == entry.group for other in self.near if not other.takes_back):
            return False
        if entry.question == SHOWN:  # what was answered since then may be no news
            return entry.at_ms > self.upto_ms and not self.unread
        return not entry.evidence or (entry.at_ms > self.upto_ms and not self.unread and (self.alone or not shown_already(Evidence(**entry.evidence))))

    def _append(self, entry: Entry, proof: Evidence | None) -> tuple[int, int]:
        self._appended = entry.id
        self.near.append(entry)
        if self._history is not None:
            self._history.append(entry)
        self.sums.see(entry, self.deck, self.state, self.calendar, self.model)
        if entry.evidence:
            self.state, self.upto_ms, self.moved = observe(self.state, proof or Evidence(**entry.evidence), self.calendar, self.model), entry.at_ms, True
        return 1, entry.took_ms

    def _read(self) -> list[Entry]:
        """The card's whole history, with what takes back its answers and came before them."""
        if self._history is None:
            # What is read whole stands over what is near.
            everything = {entry.id: entry for entry in (*self.near, *history_of(self.learner, self.card))}
            self._history = list(everything.values())
        return self._history

    def _remember(self, before: list[Entry], counted: list[Entry]) -> None:
        proved = [entry for entry in counted if entry.evidence]
        self.state, sums = changed(before, counted, self.deck, self.calendar, self.model)
        self.sums.merge(sums)
        self.upto_ms, self.moved = proved[-1].at_ms if proved else NEVER, True
        self.unread = self.state is None and bool(proved)

    @property
    def due_ms(self) -> int:
        assert self.state is not None
        return due_ms(self.state, target=retention_of(self.learner, self.deck), calendar=self.calendar, seed=self.card.hex, model=self.model)


MOVED = [*STATE, "deck_id", "upto_ms", "due_ms"]


def memory_row(learner: Person, card: UUID, deck: UUID, state: MemoryState, upto_ms: int, calendar: Calendar, model: Model) -> Memory:
    due = due_ms(state, target=retention_of(learner, deck), calendar=calendar, seed=card.hex, model=model)
    return Memory(learner=learner, card_id=card, deck_id=deck, upto_ms=upto_ms, due_ms=due, **state.row())


def reschedule(learner: Person) -> int:
    """When each card is due, by how the learner's days lie now; gives how many moved. What is remembered stays as it is."""
    calendar, model, moved = calendar_of(learner), model_of(learner), []
    for row in Memory.objects.filter(learner=learner).values("id", "card_id", "deck_id", "due_ms", *STATE).iterator(SOME):
        due = due_ms(MemoryState.of(row), target=retention_of(learner, row["deck_id"]), calendar=calendar, seed=row["card_id"].hex, model=model)
        if due != row["due_ms"]:
            moved.append(Memory(id=row["id"], due_ms=due))
    Memory.objects.bulk_update(moved, ["due_ms"], batch_size=500)
    return len(moved)


def save_memories(rows: Sequence[Memory]) -> None:
    """Writes memories over those of the same cards."""
    if rows:
        Memory.objects.bulk_create(rows, update_conflicts=True, unique_fields=["learner", "card_id"], update_fields=MOVED, batch_size=500)


def rebuild(learner: Person, decks: Mapping[UUID, UUID], calendar: Calendar, sums: Sums | None = None) -> int:
    """Replays these cards (card → deck) from the log and writes what it adds up to; gives how many are remembered.

    ``sums``: to which what they add to the days is added.
    """
    sums = Sums() if sums is None else sums
    cards, model = list(decks), model_of(learner)
    remembered = 0
    for start in range(0, len(cards), SOME):
        some = cards[start : start + SOME]
        kept = []
        for card, counted in counted_in(learner, some):
            state = sums.walk(counted, decks[card], calendar, model)
            if state is not None:
                upto_ms = max(entry.at_ms for entry in counted if entry.evidence)
                kept.append(memory_row(learner, card, decks[card], state, upto_ms, calendar, model))
        known = {row.card_id for row in kept}
        Memory.objects.filter(learner=learner, card_id__in=[card for card in some if card not in known]).delete()
        save_memories(kept)
        remembered += len(kept)
    return remembered
