"""A learner's days summed up beside the log: how many answers, how long they took, what was recalled on a later day and what had been foretold of it.

The sums move with the log in one transaction: what an answer adds to what counts is added, what it changes or takes back is taken off first.
So they are the sums of the log at any time, in whatever order it grew; whole numbers only, so that no order of adding shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from kartoteka.engine.evidence import RECALL_KINDS
from kartoteka.engine.memory import Calendar, Evidence, MemoryState, observe, recall
from kartoteka.engine.state import PLAIN_MODEL, Model
from kartoteka.people.models import Person
from kartoteka.study import rows
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import ENTRY, NO_ANSWERS, NOBODY_KNOWS_YET, Entry, standing
from kartoteka.study.models import DaySum, Progress, Review
from kartoteka.study.own import model_of

BINS = 10
LOOKED, UNFORETOLD = -2, -1  # in place of a bin: nothing was judged; it was, but nothing had been foretold
MILLION = 1_000_000  # recall is summed in millionths
SOME = 2000  # cards read at a time
COLUMNS = ("deck_id", "day", "mode", "bin", "answers", "took_ms", "again", "kept", "foretold")


class Place(NamedTuple):
    """A set, a learner-day, a mode, and a bin of what was foretold."""

    deck: UUID
    day: int
    mode: str
    bin: int


class Amounts(NamedTuple):
    """How many answers, in how much time; how many were asked again on a later day, how many of these recalled, and how many millionths foretold."""

    answers: int
    took_ms: int
    again: int = 0
    kept: int = 0
    foretold: int = 0


NOTHING = Amounts(0, 0)


class Sums(dict[Place, Amounts]):
    """What is to be added to the days of a learner."""

    def put(self, place: Place, amounts: Amounts, sign: int = 1) -> None:
        a, b = self.get(place, NOTHING), amounts
        self[place] = Amounts(a[0] + sign * b[0], a[1] + sign * b[1], a[2] + sign * b[2], a[3] + sign * b[3], a[4] + sign * b[4])

    def merge(self, other: Mapping[Place, Amounts], sign: int = 1) -> None:
        for place, amounts in other.items():
            self.put(place, amounts, sign)

    def moved(self) -> dict[Place, Amounts]:
        return {place: amounts for place, amounts in self.items() if any(amounts)}

    def see(self, entry: Entry, deck: UUID, before: MemoryState | None, calendar: Calendar, model: Model = PLAIN_MODEL, *, sign: int = 1) -> None:
        """Adds an answer that counts. ``before``: what was remembered of its card until then."""
        if entry.question in NO_ANSWERS:
            return
        day, fact = calendar.day(entry.at_ms), entry.evidence
        if not fact or before is None or day <= calendar.day(before.last_ms):
            self.put(Place(deck, day, entry.mode, LOOKED if entry.outcome is None else UNFORETOLD), Amounts(1, entry.took_ms), sign)
            return
        kept = int(fact["outcome"] >= 0.5)
        if fact["kind"] not in RECALL_KINDS:
            self.put(Place(deck, day, entry.mode, UNFORETOLD), Amounts(1, entry.took_ms, 1, kept), sign)
            return
        foretold = recall(before, entry.at_ms, calendar, model)
        bin = min(BINS - 1, int(foretold * BINS))
        self.put(Place(deck, day, entry.mode, bin), Amounts(1, entry.took_ms, 1, kept, round(foretold * MILLION)), sign)

    def walk(
        self, counted: Iterable[Entry], deck: UUID, calendar: Calendar, model: Model = PLAIN_MODEL, *, state: MemoryState | None = None, sign: int = 1
    ) -> MemoryState | None:
        """Adds answers of one card in time order, from a state on; gives the state they add up to."""
        for entry in counted:
            self.see(entry, deck, state, calendar, model, sign=sign)
            if entry.evidence:
                state = observe(state, Evidence(**entry.evidence), calendar, model)
        return state


def changed(before: list[Entry], after: list[Entry], deck: UUID, calendar: Calendar, model: Model = PLAIN_MODEL) -> tuple[MemoryState | None, Sums]:
    """What a card's answers add up to after a change of which of them count, and by how much that changes the sums."""
    same = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one.id != other.id), min(len(before), len(after)))
    state = Sums().walk(after[:same], deck, calendar, model)
    sums = Sums()
    sums.walk(before[same:], deck, calendar, model, state=state, sign=-1)
    return sums.walk(after[same:], deck, calendar, model, state=state), sums


def counted_in(learner: Person, cards: Sequence[UUID]) -> Iterator[tuple[UUID, list[Entry]]]:
    """The answers that count of each of these cards, read from the log."""
    early = [Entry(*row) for row in Review.objects.filter(learner=learner, card_id=NOBODY_KNOWS_YET).values_list(*ENTRY)] if cards else []
    for start in range(0, len(cards), SOME):
        histories: dict[UUID, list[Entry]] = {card: [] for card in cards[start : start + SOME]}
        card_of: dict[UUID | None, UUID] = {}
        for row in Review.objects.filter(learner=learner, card_id__in=list(histories)).values_list(*ENTRY):
            histories[row[1]].append(Entry(*row))
            card_of[row[0]] = row[1]
        for entry in early:
            if entry.takes_back in card_of:
                histories[card_of[entry.takes_back]].append(entry)
        yield from ((card, standing(history)) for card, history in histories.items())


def summed(learner: Person, decks: Mapping[UUID, UUID]) -> Sums:
    """The sums of these cards (card → set), from nothing but the log."""
    calendar, model, sums = calendar_of(learner), model_of(learner), Sums()
    for card, counted in counted_in(learner, list(decks)):
        sums.walk(counted, decks[card], calendar, model)
    return sums


@contextmanager
def summed_anew(learner: Person, decks: Mapping[UUID, UUID]) -> Iterator[None]:
    """Whatever becomes of the log of these cards (card → set) meanwhile, the sums follow it."""
    before = summed(learner, decks)
    yield
    moved = summed(learner, decks)
    moved.merge(before, -1)
    rows.add_sums(learner, moved.moved())


def kept_sums(learner: Person, decks: Collection[UUID] | None = None, first: int | None = None, last: int | None = None) -> dict[Place, Amounts]:
    """The sums as they are kept, of all sets or of some, between two days; without those of nothing."""
    found = DaySum.objects.filter(learner=learner)
    found = found if decks is None else found.filter(deck_id__in=decks)
    found = found if first is None else found.filter(day__gte=first)
    found = found if last is None else found.filter(day__lte=last)
    return {Place(*row[:4]): Amounts(*row[4:]) for row in found.values_list(*COLUMNS) if any(row[4:])}


def days_of(learner: Person, first: int, last: int) -> list[tuple[Place, Amounts]]:
    """What is summed of a learner's days, over all sets."""
    decks = list(Progress.objects.filter(learner=learner).values_list("deck_id", flat=True))
    return list(kept_sums(learner, decks, first, last).items())
