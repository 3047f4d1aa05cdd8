"""What a learner's study of a set has come to, card by card, as another program can take it over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kartoteka.formats.base import BundleCard, BundleReview
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.cards import entries
from kartoteka.study.log import IMPORTED, NO_ANSWERS, Entry, standing
from kartoteka.study.models import Logged, Mark, Memory

AT_ONCE = 1000


def luggage_of(learner: Person | None, deck: Deck, cards: Iterable[UUID], *, now_ms: int) -> dict[UUID, BundleCard]:
    """Answers, memory and marks of these cards; of cards nobody touched, nothing.

    ``standing``: as it came from elsewhere, ``flag``, and ``memory`` (stability in days, difficulty, when it is due); ``moved``: it
    was answered here since.
    """
    if learner is None:
        return {}
    found: dict[UUID, BundleCard] = {}
    wanted = list(cards)
    for start in range(0, len(wanted), AT_ONCE):
        found |= _some(learner, wanted[start : start + AT_ONCE], now_ms)
    return found


def _some(learner: Person, cards: list[UUID], now_ms: int) -> dict[UUID, BundleCard]:
    logs: dict[UUID, list[Entry]] = {}
    for entry in entries(Logged.objects.filter(learner=learner, card_id__in=cards)):
        logs.setdefault(entry.card_id, []).append(entry)
    marks = {mark.card_id: mark for mark in Mark.objects.filter(learner=learner, card_id__in=cards)}
    memories = {memory.card_id: memory for memory in Memory.objects.filter(learner=learner, card_id__in=cards)}
    found = {}
    for card in logs.keys() | marks.keys() | memories.keys():
        counted = [entry for entry in standing(logs.get(card, ())) if (entry.evidence or entry.response.get("more")) and entry.question not in NO_ANSWERS]
        mark = marks.get(card)
        kept: dict[str, Any] = dict(mark.foreign) if mark else {}
        if mark and mark.flag:
            kept["flag"] = mark.flag
        if (memory := memories.get(card)) is not None:
            kept["memory"] = _memory(memory)
            kept["moved"] = any(entry.evidence.get("mode") != IMPORTED for entry in counted if entry.evidence)
        found[card] = BundleCard(
            reviews=tuple(map(_review, counted)),
            suspended=bool(mark and mark.suspended),
            standing=kept,
            buried=bool(mark and mark.buried_until_ms > now_ms),
        )
    return found


def _memory(memory: Memory) -> dict[str, Any]:
    return {
        "stability": memory.s6,
        "difficulty": memory.d6,
        "due_ms": memory.due_ms,
        "last_ms": memory.last_ms,
        "reps": memory.n,
        "lapses": memory.lapses,
    }


def _review(entry: Entry) -> BundleReview:
    rating = entry.response.get("rating")
    if rating is None:
        rating = int(entry.evidence.get("grade", 3)) if entry.evidence.get("outcome", 0) >= 0.5 else 1
    return BundleReview(entry.at_ms, int(rating), entry.took_ms, tuple(entry.response.get("more") or ()))
