"""Memories rebuilt from the log: the log is the truth, and everything else can be made again from it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from kartoteka.engine.memory import MemoryState
from kartoteka.engine.memory import replay as fold
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.cards import decks_of, entries, rebuild
from kartoteka.study.exams import date_of
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.log import NO_ANSWERS, NOBODY_KNOWS_YET, STATE, Entry, evidence_in, standing
from kartoteka.study.models import DaySum, Logged, Memory, Past, Progress, Review, Sheet
from kartoteka.study.own import model_of
from kartoteka.study.sheets import wrong_sheets
from kartoteka.study.summing import Sums
from kartoteka.study.sums import kept_sums
from kartoteka.study.tallies import add_sums


def histories(learner: Person) -> dict[UUID, list[Entry]]:
    """A learner's whole log by card."""
    by_card: dict[UUID, list[Entry]] = {}
    early = []
    card_of: dict[UUID, UUID] = {}
    for entry in entries(Logged.objects.filter(learner=learner)):
        if entry.card_id == NOBODY_KNOWS_YET:
            early.append(entry)
            continue
        by_card.setdefault(entry.card_id, []).append(entry)
        card_of[entry.id] = entry.card_id
    for entry in early:
        if entry.takes_back in card_of:
            by_card[card_of[entry.takes_back]].append(entry)
    return by_card


def remembered(learner: Person) -> dict[UUID, MemoryState]:
    """What a learner's log adds up to, by card: nothing is read but the log."""
    calendar, model = calendar_of(learner), model_of(learner)
    states = {card: fold(evidence_in(standing(history)), calendar, model) for card, history in histories(learner).items()}
    return {card: state for card, state in states.items() if state is not None}


@action
def replay(learner: Person, *, now_ms: int) -> int:
    """Builds all memories, progress and sums of a learner anew from the log; gives how many cards are remembered."""
    learner = at_the_desk(learner, now_ms=now_ms)
    decks = decks_of([learner])
    Memory.objects.filter(learner=learner).delete()
    sums = Sums()
    remembered = rebuild(learner, decks, calendar_of(learner), sums)
    DaySum.objects.filter(learner=learner).delete()
    Sheet.objects.filter(learner=learner).delete()
    add_sums(learner, sums)
    Progress.objects.filter(learner=learner).delete()
    Progress.objects.bulk_create(_progress(learner, decks))
    return remembered


def _progress(learner: Person, decks: dict[UUID, UUID]) -> list[Progress]:
    rows: dict[UUID, Progress] = {}
    for card, history in histories(learner).items():
        deck = decks[card]
        history = [entry for entry in history if entry.question not in NO_ANSWERS]
        times = [entry.at_ms for entry in history if not entry.takes_back]
        if not times:
            continue
        row = rows.setdefault(deck, Progress(learner=learner, deck_id=deck, answers=0, took_ms=0, first_ms=min(times), last_ms=max(times)))
        counted = standing(history)
        row.answers += len(counted)
        row.took_ms += sum(entry.took_ms for entry in counted)
        row.first_ms, row.last_ms = min(row.first_ms, *times), max(row.last_ms, *times)
    return list(rows.values())


def wrong_memories() -> Iterator[str]:
    """Every memory that is not what its answers add up to, in a sentence."""
    studied = Q(id__in=Review.objects.values("learner_id").distinct()) | Q(id__in=Past.objects.values("learner_id").distinct())
    for learner in Person.objects.filter(studied).iterator():
        calendar, model, decks, sums = calendar_of(learner), model_of(learner), decks_of([learner]), Sums()
        found = {card: sums.walk(standing(history), decks[card], calendar, model) for card, history in histories(learner).items()}
        right = {card: state for card, state in found.items() if state is not None}
        kept = {row["card_id"]: MemoryState.of(row) for row in Memory.objects.filter(learner=learner).values("card_id", *STATE)}
        for card in sorted(right.keys() | kept.keys()):
            if right.get(card) != kept.get(card):
                yield f"what {learner.name} remembers of card {card} is not what the log adds up to"
        counted = {row.deck_id: row.answers for row in _progress(learner, decks)}
        for deck, answers in Progress.objects.filter(learner=learner).values_list("deck_id", "answers"):
            if counted.get(deck, 0) != answers:
                yield f"{learner.name} gave {counted.get(deck, 0)} answers in set {deck}, not {answers}"
        yield from _wrong_sums(learner, sums)
        for deck in wrong_sheets(learner):
            yield f"the figures that {learner.name} sees of set {deck} are not those of the log"


def _wrong_sums(learner: Person, right: Sums) -> Iterator[str]:
    kept = kept_sums(learner)
    for place in sorted(right.keys() | kept.keys()):
        if right.get(place) != kept.get(place):
            deck, day, mode, _bin = place
            yield f"what {learner.name} did in set {deck} in {mode} on {date_of(day)} is not the sum of the log"
