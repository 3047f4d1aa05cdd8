"""How much a learner did in a set: counted as it grows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Max
from django.db.models.functions import Greatest, Least

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Progress


def add_progress(learner: Person, deck: UUID, *, answers: int, took_ms: int, first_ms: int, last_ms: int) -> None:
    kept = Progress.objects.filter(learner=learner, deck_id=deck).update(
        answers=F("answers") + answers,
        took_ms=F("took_ms") + took_ms,
        first_ms=Least(F("first_ms"), first_ms),
        last_ms=Greatest(F("last_ms"), last_ms),
    )
    if not kept:
        Progress.objects.create(learner=learner, deck_id=deck, answers=answers, took_ms=took_ms, first_ms=first_ms, last_ms=last_ms)


def last_answer_ms(learner: Person | None, deck: Deck | None = None) -> int | None:
    """When a learner last answered, in one set or at all."""
    rows = Progress.objects.filter(learner=learner, answers__gt=0)
    found: int | None = (rows.filter(deck_id=deck.id) if deck else rows).aggregate(last=Max("last_ms"))["last"] if learner else None
    return found
