"""Points of lists that this learner missed twice, and that are due by a memory of their own: read from the log when a day is looked at or a hand dealt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from uuid import UUID

from kartoteka.engine.lacking import Heard, first_due, points_due
from kartoteka.modes.base import Answered
from kartoteka.people.models import Person
from kartoteka.store.columns import key, keys, places, uuid_of
from kartoteka.store.sql import fetch, native
from kartoteka.study.cards import entries
from kartoteka.study.learners import calendar_of, retention_of
from kartoteka.study.log import NOBODY_KNOWS_YET, Entry, answered, standing
from kartoteka.study.models import Review
from kartoteka.study.own import model_of

WEAK = "weak"  # the fact of a dealt memory that names these points
ALONE = "alone"  # the fact of a dealt memory whose card is there for these points only
LACKED = "SELECT DISTINCT card_id FROM study_review WHERE learner_id = %s AND deck_id = %s AND {}"
MOST_KNOWN = 20_000
_known: dict[tuple[Hashable, ...], int | None] = {}  # when the first point of a card is due, after so many rows of the log about it


def as_indexed() -> str:
    """That an answer lacked points, as the index of such answers says it."""
    return "response ? 'missed'" if native() else "JSON_TYPE(response, '$.\"missed\"') IS NOT NULL"


def points_due_in(learner: Person, deck_id: UUID) -> dict[str, int]:
    """By card (hex) of a set when the first of its points is to be asked alone. The log only grows, so a card is read again when more is said of it."""
    cards = [uuid_of(card) for (card,) in fetch(LACKED.format(as_indexed()), [key(learner.id), key(deck_id)])]
    if not cards:
        return {}
    said = f"SELECT card_id, COUNT(*) FROM study_review WHERE learner_id = %s AND card_id IN {places(len(cards))} GROUP BY card_id"  # noqa: S608
    calendar, model, target = calendar_of(learner), model_of(learner), retention_of(learner, deck_id)
    by = {uuid_of(card): (learner.id, card, rows, learner.fit_id, target, calendar) for card, rows in fetch(said, [key(learner.id), *keys(cards)])}
    if fresh := [card for card, known in by.items() if known not in _known]:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        heard = _heard(learner, fresh)
        for card in fresh:
            _known[by[card]] = first_due(heard.get(card, ()), card=card.hex, target=target, calendar=calendar, model=model)
    return {card.hex: due for card, known in by.items() if (due := _known.get(known)) is not None}


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
