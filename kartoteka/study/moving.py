"""A learner's study comes from elsewhere, goes over to an account, or goes altogether."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Max

from kartoteka.engine.foreign import difficulty_of, usual_difficulty
from kartoteka.engine.memory import Calendar, Evidence
from kartoteka.formats.base import BundleCard, BundleReview
from kartoteka.formats.schedules import Schedule
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.cards import memory_row, rebuild, save_memories
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.log import ENTRY, NOBODY_KNOWS_YET, SCHEDULED, Entry, standing
from kartoteka.study.marks import tomorrow_of
from kartoteka.study.models import Accepted, Chosen, DaySum, Draft, Exam, Fit, Hand, Mark, Memory, Paper, Progress, Review, Run, Sitting
from kartoteka.study.own import model_of
from kartoteka.study.rows import REVIEW, add_progress, add_reviews, add_sums
from kartoteka.study.summing import Sums
from kartoteka.study.sums import summed, summed_anew

IMPORTED = "imported"  # the mode of an answer that was given in another program
AT_ONCE = 5000
CARDS_AT_ONCE = 500
LATEST_MS = 4_102_444_800_000  # 2100: what claims to be later is damage
EMPTY: dict[str, Any] = {
    **dict.fromkeys(REVIEW),
    "hand": 0,
    "mode": IMPORTED,
    "question": "",
    "qtype": "self",
    "offset_ms": 0,
    "time_zone": "",
    "judged": {},
    "response": {},
    "evidence": {},
}


@action
def adopt(learner: Person, cards: Mapping[UUID, Sequence[BundleReview]], deck: Deck) -> int:
    """Takes in answers given in another program; gives how many were not there yet. Taking in the same ones again adds none."""
    times = [review.at_ms for reviews in cards.values() for review in reviews]
    if not times:
        return 0
    learner = at_the_desk(learner, now_ms=max(times), here=False)
    calendar = calendar_of(learner)
    moved: dict[UUID, UUID] = {}
    answers = added = took_ms = 0
    first_ms, last_ms = max(times), min(times)
    sums = Sums()
    cards_left = iter(cards.items())
    while some := dict(islice(cards_left, CARDS_AT_ONCE)):
        known = _known(learner, some, deck)
        new = [row for card, reviews in some.items() for row in _rows(learner, card, deck, reviews, calendar) if row["id"] not in known]
        studied = set(Review.objects.filter(learner=learner, card_id__in=list(some)).values_list("card_id", flat=True))
        again = {row["card_id"]: deck.id for row in new if row["card_id"] in studied}
        sums.merge(summed(learner, again), -1)
        add_reviews(new)
        moved.update(again)
        _remember(learner, deck, [row for row in new if row["card_id"] not in studied], calendar, sums)
        added += len(new)
        answers += len(new)
        took_ms += sum(row["took_ms"] for row in new)
        first_ms, last_ms = min([first_ms, *(row["at_ms"] for row in new)]), max([last_ms, *(row["at_ms"] for row in new)])
    if moved:
        rebuild(learner, moved, calendar, sums)
    add_sums(learner, sums.moved())
    if added:
        add_progress(learner, deck.id, answers=answers, took_ms=took_ms, first_ms=first_ms, last_ms=last_ms)
    return added


def _remember(learner: Person, deck: Deck, rows: Iterable[Mapping[str, Any]], calendar: Calendar, sums: Sums) -> None:
    """What cards add up to whose whole log these rows are: the same that ``rebuild`` would read back, without reading it back."""
    given: dict[UUID, list[Entry]] = {}
    for row in rows:
        given.setdefault(row["card_id"], []).append(Entry(*[row[name] for name in ENTRY]))
    kept, model = [], model_of(learner)
    for card, entries in given.items():
        counted = standing(entries)
        if (state := sums.walk(counted, deck.id, calendar, model)) is not None:
            upto_ms = max(entry.at_ms for entry in counted if entry.evidence)
            kept.append(memory_row(learner, card, deck.id, state, upto_ms, calendar, model))
    save_memories(kept)


def _known(learner: Person, cards: Mapping[UUID, Sequence[BundleReview]], deck: Deck) -> set[UUID]:
    """The ids of answers of these cards that were given elsewhere and are here already."""
    there = Review.objects.filter(learner=learner, card_id__in=list(cards), mode=IMPORTED)
    return set(there.values_list("id", flat=True))


@action
def settle(learner: Person, cards: Mapping[UUID, BundleCard], deck: Deck, *, now_ms: int) -> None:
    """How cards stood in another program: suspended, buried, flagged, and its own schedule, which leaves in exports. What was said here stays."""
    tomorrow = tomorrow_of(learner, now_ms)
    known = set(Mark.objects.filter(learner=learner, card_id__in=list(cards)).values_list("card_id", flat=True)) if len(cards) < AT_ONCE else None
    if known is None:
        known = set(Mark.objects.filter(learner=learner, deck_id=deck.id).values_list("card_id", flat=True))
    rows = [
        Mark(
            learner=learner,
            card_id=id,
            deck_id=deck.id,
            suspended=card.suspended,
            buried_until_ms=tomorrow if card.buried else 0,
            flag=int(card.standing.get("flag", 0)) & 7,
            foreign={name: value for name, value in card.standing.items() if name != "flag"},
        )
        for id, card in cards.items()
        if card.standing or card.suspended or card.buried
    ]
    Mark.objects.bulk_create((row for row in rows if row.card_id not in known), batch_size=AT_ONCE)
    for row in rows:
        if row.card_id in known:
            Mark.objects.filter(learner=learner, card_id=row.card_id).update(flag=row.flag, foreign=row.foreign)


@action
def begin(learner: Person, schedules: Mapping[UUID, Schedule], deck: Deck, *, now_ms: int) -> int:
    """Memories begin with the schedules of another program, where none of the answers behind them came along; gives how many were not there yet.

    A row of the log each, so that a replay comes to the same. A schedule that does not say when it was made begins now, and only on a card nobody answered.
    """
    learner = at_the_desk(learner, now_ms=now_ms, here=False)
    calendar = calendar_of(learner)
    cards = list(schedules)
    added = 0
    for start in range(0, len(cards), CARDS_AT_ONCE):
        some = cards[start : start + CARDS_AT_ONCE]
        there = Review.objects.filter(learner=learner, card_id__in=some)
        known, studied = set(there.filter(question=SCHEDULED).values_list("id", flat=True)), set(there.values_list("card_id", flat=True))
        asked = ((card, schedules[card]) for card in some if schedules[card].last_ms or card not in studied)
        rows = [row for card, schedule in asked if (row := _scheduled(learner, card, deck, schedule, calendar, now_ms))["id"] not in known]
        begun = {row["card_id"]: deck.id for row in rows}
        with summed_anew(learner, {card: deck.id for card in begun if card in studied}):
            add_reviews(rows)
        rebuild(learner, begun, calendar)
        added += len(rows)
    return added


def _scheduled(learner: Person, card: UUID, deck: Deck, schedule: Schedule, calendar: Calendar, now_ms: int) -> dict[str, Any]:
    at_ms = min(schedule.last_ms or now_ms, now_ms)
    difficulty = schedule.difficulty or (difficulty_of(schedule.ease, schedule.days) if schedule.ease > 1 else usual_difficulty())
    return {
        **EMPTY,
        "id": _id_of(learner, card, BundleReview(at_ms, 0), 0, f" {schedule.days} {difficulty}"),
        "learner_id": learner.id,
        "card_id": card,
        "deck_id": deck.id,
        "question": SCHEDULED,
        "qtype": "schedule",
        "at_ms": at_ms,
        "client_ms": at_ms,
        "received_ms": at_ms,
        "day": calendar.day(at_ms),
        "took_ms": 0,
        "outcome": None,
        "verdict": "",
        "evidence": Evidence("schedule", 1.0, IMPORTED, at_ms=at_ms, stability=float(schedule.days), difficulty=float(difficulty)).facts(),
    }


def _rows(learner: Person, card: UUID, deck: Deck, reviews: Iterable[BundleReview], calendar: Calendar) -> Iterable[Mapping[str, Any]]:
    seen: dict[int, int] = {}
    for review in reviews:
        at_ms, rating, took_ms, more = review
        if (rating not in (1, 2, 3, 4) and not (more and rating == 0)) or not 0 <= at_ms < LATEST_MS:
            continue
        nth = seen[at_ms] = seen.get(at_ms, -1) + 1
        yield {
            **EMPTY,
            "id": _id_of(learner, card, review, nth),
            "learner_id": learner.id,
            "card_id": card,
            "deck_id": deck.id,
            "at_ms": at_ms,
            "client_ms": at_ms,
            "received_ms": at_ms,
            "day": calendar.day(at_ms),
            "took_ms": min(max(took_ms, 0), 86_400_000),
            "outcome": float(rating > 1) if rating else None,
            "verdict": ("right" if rating > 1 else "wrong") if rating else "",
            "response": {"rating": rating, "more": list(more)} if more else {"rating": rating},
            "evidence": Evidence("rating", float(rating > 1), IMPORTED, rating, at_ms=at_ms).facts() if rating else {},
        }


def _id_of(learner: Person, card: UUID, review: BundleReview, nth: int, more: str = "") -> UUID:
    """The same answer gets the same id, so that importing twice counts once: a UUIDv7 of its own time, in the order given."""
    digest = int.from_bytes(hashlib.sha256(f"{learner.id} {card} {review.at_ms} {review.rating} {nth}{more}".encode()).digest()[:8], "big")
    return UUID(int=(review.at_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (nth & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))


@action
def merge(guest: Person, into: Person, *, now_ms: int) -> None:
    """All a guest did becomes this account's; cards that both studied remember what both logs add up to."""
    if guest.id == into.id:
        return
    first, second = sorted((guest, into), key=lambda person: person.id)  # always in this order: two merges never wait for each other
    at_the_desk(first, now_ms=now_ms)
    at_the_desk(second, now_ms=now_ms)
    learners = [guest, into] if _merge_fits(guest, into) else [guest]
    cards = dict(Memory.objects.filter(learner__in=learners).values_list("card_id", "deck_id"))
    touched = dict(Review.objects.filter(learner__in=learners).exclude(card_id=NOBODY_KNOWS_YET).values_list("card_id", "deck_id"))
    sums = Sums()
    if into not in learners:
        sums.merge(summed(into, touched), -1)
    Memory.objects.filter(learner=guest).delete()
    DaySum.objects.filter(learner__in=learners).delete()
    for model in (Review, Sitting, Hand, Run, Paper, Draft, Exam):
        model.objects.filter(learner=guest).update(learner=into)
    sums.merge(summed(into, touched))
    add_sums(into, sums.moved())
    if guest.retentions:
        into.retentions = {**guest.retentions, **into.retentions}
        into.save(update_fields=["retentions"])
    rebuild(into, cards, calendar_of(into))
    for row in Progress.objects.filter(learner=guest):
        add_progress(into, row.deck_id, answers=row.answers, took_ms=row.took_ms, first_ms=row.first_ms, last_ms=row.last_ms)
    _merge_marks(guest, into)
    _merge_accepted(guest, into)
    kept = {(row.deck_id, row.mode) for row in Chosen.objects.filter(learner=into)}
    for choice in Chosen.objects.filter(learner=guest):
        if (choice.deck_id, choice.mode) not in kept:
            Chosen.objects.filter(id=choice.id).update(learner=into)
    Progress.objects.filter(learner=guest).delete()
    Mark.objects.filter(learner=guest).delete()
    Chosen.objects.filter(learner=guest).delete()


def _merge_fits(guest: Person, into: Person) -> bool:
    """All models stay to go back to. The account's own stays in use, where it has one; else the guest's comes into use, which this says."""
    most = Fit.objects.filter(learner=into).aggregate(most=Max("number"))["most"] or 0
    for fit in Fit.objects.filter(learner=guest).order_by("number"):
        Fit.objects.filter(id=fit.id).update(learner=into, number=most + fit.number)
    if most or guest.fit_id is None:
        return False
    Person.objects.filter(id=into.id).update(fit_id=guest.fit_id)
    into.fit_id = guest.fit_id
    return True


def _merge_marks(guest: Person, into: Person) -> None:
    """A star of either stays; what else was said, the account has said last."""
    mine = {mark.card_id: mark for mark in Mark.objects.filter(learner=into)}
    for mark in Mark.objects.filter(learner=guest):
        own = mine.get(mark.card_id)
        if own is None:
            Mark.objects.filter(id=mark.id).update(learner=into)
        elif mark.starred and not own.starred:
            Mark.objects.filter(id=own.id).update(starred=True)


def _merge_accepted(guest: Person, into: Person) -> None:
    mine = {(row.note_id, row.direction, row.words) for row in Accepted.objects.filter(learner=into)}
    for row in Accepted.objects.filter(learner=guest):
        if (row.note_id, row.direction, row.words) in mine:
            row.delete()
        else:
            Accepted.objects.filter(id=row.id).update(learner=into)


@action
def forget(learner: Person) -> None:
    """Everything a learner ever studied goes."""
    for model in (Review, Memory, Mark, Hand, Sitting, Progress, DaySum, Chosen, Run, Accepted, Draft, Paper, Exam, Fit):
        model.objects.filter(learner=learner).delete()
    Person.objects.filter(id=learner.id).update(fit_id=None)
    learner.fit_id = None
