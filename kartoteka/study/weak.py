"""Points of lists that this learner missed twice, and that are due by a memory of their own: read from the log when a hand is dealt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from kartoteka.engine.lacking import Heard, points_due
from kartoteka.modes.base import Answered
from kartoteka.people.models import Person
from kartoteka.study.cards import entries
from kartoteka.study.learners import calendar_of, retention_of
from kartoteka.study.log import NOBODY_KNOWS_YET, Entry, answered, standing
from kartoteka.study.models import Review
from kartoteka.study.own import model_of

WEAK = "weak"  # the fact of a dealt memory that names these points


def weak_of(learner: Person, cards: Iterable[str], now_ms: int) -> dict[str, list[int]]:
    """By card (hex) the places of its points that are to be asked alone by now, the weakest first. Cards without such points are left out."""
    wanted = [UUID(card) for card in cards]
    # Not distinct: for that SQLite walks over all that was ever answered, by the index of sets.
    deck_of = dict(Review.objects.filter(learner=learner, card_id__in=wanted, response__has_key="missed").values_list("card_id", "deck_id"))
    if not deck_of:
        return {}
    calendar, model = calendar_of(learner), model_of(learner)
    found = {}
    for card, heard in _heard(learner, deck_of).items():
        target = retention_of(learner, deck_of[card])
        if due := points_due(heard, now_ms, card=card.hex, target=target, calendar=calendar, model=model):
            found[card.hex] = list(due)
    return found


def _heard(learner: Person, cards: Iterable[UUID]) -> dict[UUID, list[Heard]]:
    by_card: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries(Review.objects.filter(learner=learner, card_id__in=list(cards))):
        by_card[entry.card_id].append(entry)
    early = entries(Review.objects.filter(learner=learner, card_id=NOBODY_KNOWS_YET))
    found = {}
    for card, own in by_card.items():
        counted = [entry for entry in standing([*own, *early]) if entry.card_id == card and entry.outcome is not None and entry.verdict != "unsure"]
        lying = zip(counted, answered(counted), strict=True)
        found[card] = [_said(entry, answer) for entry, answer in lying if _speaks(entry, answer)]
    return found


def _speaks(entry: Entry, answer: Answered) -> bool:
    """Whether an answer says anything of single points: a list that was written or ticked, or one point asked alone."""
    return answer.point is not None or answer.qtype == "points" or bool(entry.response.get("ticks"))


def _said(entry: Entry, answer: Answered) -> Heard:
    sitting = entry.sitting_id.hex if entry.sitting_id else ""
    return Heard(answer.at_ms, sitting, entry.mode, answer.outcome or 0.0, answer.point, answer.missed, int(entry.evidence.get("hint_rungs", answer.hints)))
