"""A learner's study comes from elsewhere, goes over to an account, or goes altogether."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from kartoteka.engine.memory import Evidence
from kartoteka.formats.base import BundleReview
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.cards import rebuild
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.models import Accepted, Chosen, Draft, Hand, Mark, Memory, Paper, Progress, Review, Run, Sitting
from kartoteka.study.rows import add_progress

IMPORTED = "imported"  # the mode of an answer that was given in another program
AT_ONCE = 5000


@action
def adopt(learner: Person, cards: Mapping[UUID, Sequence[BundleReview]], deck: Deck) -> int:
    """Takes in answers given in another program; gives how many were not there yet. Taking in the same ones again adds none."""
    times = [review.at_ms for reviews in cards.values() for review in reviews]
    if not times:
        return 0
    learner = at_the_desk(learner, now_ms=max(times), here=False)
    new = [row for card, reviews in cards.items() for row in _rows(learner, card, deck, reviews)]
    known: set[UUID] = set()
    for start in range(0, len(new), AT_ONCE):
        ids = [row.id for row in new[start : start + AT_ONCE]]
        known.update(Review.objects.filter(id__in=ids).values_list("id", flat=True))
    new = [row for row in new if row.id not in known]
    if not new:
        return 0
    Review.objects.bulk_create(new, batch_size=AT_ONCE)
    rebuild(learner, dict.fromkeys({row.card_id for row in new}, deck.id), calendar_of(learner))
    took = sum(row.took_ms for row in new)
    add_progress(learner, deck.id, answers=len(new), took_ms=took, first_ms=min(row.at_ms for row in new), last_ms=max(row.at_ms for row in new))
    return len(new)


def _rows(learner: Person, card: UUID, deck: Deck, reviews: Iterable[BundleReview]) -> Iterable[Review]:
    calendar = calendar_of(learner)
    seen: dict[int, int] = {}
    for review in reviews:
        if review.rating not in (1, 2, 3, 4) or review.at_ms < 0:
            continue
        nth = seen[review.at_ms] = seen.get(review.at_ms, -1) + 1
        passed = float(review.rating > 1)
        yield Review(
            id=_id_of(learner, card, review, nth),
            learner=learner,
            card_id=card,
            deck_id=deck.id,
            mode=IMPORTED,
            qtype="self",
            at_ms=review.at_ms,
            client_ms=review.at_ms,
            received_ms=review.at_ms,
            day=calendar.day(review.at_ms),
            took_ms=min(max(review.took_ms, 0), 86_400_000),
            outcome=passed,
            verdict="right" if passed else "wrong",
            response={"rating": review.rating},
            evidence=Evidence("rating", passed, IMPORTED, review.rating, at_ms=review.at_ms).facts(),
        )


def _id_of(learner: Person, card: UUID, review: BundleReview, nth: int) -> UUID:
    """The same answer gets the same id, so that importing twice counts once: a UUIDv7 of its own time, in the order given."""
    digest = int.from_bytes(hashlib.sha256(f"{learner.id} {card} {review.at_ms} {review.rating} {nth}".encode()).digest()[:8], "big")
    return UUID(int=(review.at_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (nth & 0xFFF) << 64 | 0b10 << 62 | digest & ((1 << 62) - 1))


@action
def merge(guest: Person, into: Person, *, now_ms: int) -> None:
    """All a guest did becomes this account's; cards that both studied remember what both logs add up to."""
    if guest.id == into.id:
        return
    first, second = sorted((guest, into), key=lambda person: person.id)  # always in this order: two merges never wait for each other
    at_the_desk(first, now_ms=now_ms)
    at_the_desk(second, now_ms=now_ms)
    cards = dict(Memory.objects.filter(learner=guest).values_list("card_id", "deck_id"))
    Memory.objects.filter(learner=guest).delete()
    for model in (Review, Sitting, Hand, Run, Paper, Draft):
        model.objects.filter(learner=guest).update(learner=into)
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
    for model in (Review, Memory, Mark, Hand, Sitting, Progress, Chosen, Run, Accepted, Draft, Paper):
        model.objects.filter(learner=learner).delete()
