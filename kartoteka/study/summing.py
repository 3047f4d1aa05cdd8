"""What an answer adds to the days of its learner: pure, so that a child process can sum up a log that it was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from kartoteka.engine.evidence import RECALL_KINDS
from kartoteka.engine.memory import Calendar, Evidence, MemoryState, observe, recall
from kartoteka.engine.state import PLAIN_MODEL, Model
from kartoteka.study.log import NO_ANSWERS, Entry

BINS = 10
LOOKED, UNFORETOLD = -2, -1  # in place of a bin: nothing was judged; it was, but nothing had been foretold
MILLION = 1_000_000  # recall is summed in millionths


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
    same = next(
        (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one.id != other.id or bool(one.evidence) != bool(other.evidence)),
        min(len(before), len(after)),
    )
    state = Sums().walk(after[:same], deck, calendar, model)
    sums = Sums()
    sums.walk(before[same:], deck, calendar, model, state=state, sign=-1)
    return sums.walk(after[same:], deck, calendar, model, state=state), sums
