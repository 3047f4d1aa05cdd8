"""A learner's days summed up beside the log: how many answers, how long they took, what was recalled on a later day and what had been foretold of it.

The sums move with the log in one transaction: what an answer adds to what counts is added, what it changes or takes back is taken off first.
So they are the sums of the log at any time, in whatever order it grew; whole numbers only, so that no order of adding shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Count, Sum

from kartoteka.people.models import Person
from kartoteka.study import tallies
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import ENTRY, NOBODY_KNOWS_YET, Entry, standing
from kartoteka.study.models import DaySum, Logged, Progress, Review
from kartoteka.study.own import model_of
from kartoteka.study.summing import LOOKED, Amounts, Place, Sums

SOME = 2000  # cards read at a time
COLUMNS = ("deck_id", "day", "mode", "bin", "answers", "took_ms", "again", "kept", "foretold")


def counted_in(learner: Person, cards: Sequence[UUID]) -> Iterator[tuple[UUID, list[Entry]]]:
    """The answers that count of each of these cards, read from the log."""
    early = [Entry(*row) for row in Review.objects.filter(learner=learner, card_id=NOBODY_KNOWS_YET).values_list(*ENTRY)] if cards else []
    for start in range(0, len(cards), SOME):
        histories: dict[UUID, list[Entry]] = {card: [] for card in cards[start : start + SOME]}
        card_of: dict[UUID | None, UUID] = {}
        for row in Logged.objects.filter(learner=learner, card_id__in=list(histories)).values_list(*ENTRY):
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
    tallies.add_sums(learner, moved.moved())


def kept_sums(learner: Person) -> dict[Place, Amounts]:
    """All sums as they are kept, without those of nothing."""
    return {Place(*row[:4]): Amounts(*row[4:]) for row in DaySum.objects.filter(learner=learner).values_list(*COLUMNS) if any(row[4:])}


def days_of(learner: Person, first: int, last: int, decks: Collection[UUID] | None = None) -> list[tuple[Place, Amounts]]:
    """What is summed of a learner's days, over all sets or some."""
    if decks is None:
        decks = list(Progress.objects.filter(learner=learner).values_list("deck_id", flat=True))
    return [(Place(*row[:4]), Amounts(*row[4:])) for row in tallies.sums(learner, decks, first, last)]


def judged_in(learner: Person, deck_id: UUID, mode: str = "") -> tuple[int, int, int]:
    """Of a learner's judged answers in a set, and in one mode: how many, in how many ms, on how many days."""
    found = DaySum.objects.filter(learner=learner, deck_id=deck_id, answers__gt=0).exclude(bin=LOOKED)
    found = found.filter(mode=mode) if mode else found
    sums = found.aggregate(n=Sum("answers"), took=Sum("took_ms"), days=Count("day", distinct=True))
    return sums["n"] or 0, sums["took"] or 0, sums["days"]
