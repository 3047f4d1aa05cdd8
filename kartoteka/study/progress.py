"""How much a learner did in a set: counted as it grows."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest, Least

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
