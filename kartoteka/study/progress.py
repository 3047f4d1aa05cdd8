"""How much a learner did in a set."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Progress


def last_answer_ms(learner: Person | None, deck: Deck | None = None) -> int | None:
    """When a learner last answered, in one set or at all."""
    rows = Progress.objects.filter(learner=learner, answers__gt=0)
    found: int | None = (rows.filter(deck_id=deck.id) if deck else rows).aggregate(last=Max("last_ms"))["last"] if learner else None
    return found


def answers_per_deck(learner: Person) -> dict[UUID, int]:
    """How many answers that count a learner gave in each set."""
    return dict(Progress.objects.filter(learner=learner).values_list("deck_id", "answers"))
