"""What a learner was told of an answer, told again: the same question judged anew, so no verdict needs to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kartoteka.engine.grading import NotAnAnswer, Verdict
from kartoteka.engine.memory import level
from kartoteka.engine.questions import Question, Response
from kartoteka.modes.base import card_of
from kartoteka.people.models import Person
from kartoteka.study import rows
from kartoteka.study.accepting import Marks
from kartoteka.study.asked import asked_again
from kartoteka.study.desks import entries_of, hand_on, items_in
from kartoteka.study.given import Told
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import Entry, hand_number, response_of, standing
from kartoteka.study.models import Sitting
from kartoteka.study.own import model_of
from kartoteka.study.putting import told


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was given, with its question. ``shown``: what is told of it, as ``putting.told`` says it."""

    id: UUID
    question: Question
    response: Response
    verdict: Verdict
    shown: dict[str, Any]
    took_ms: int


def answer_of(sitting: Sitting, id: UUID) -> Answered | None:
    """The answer with this id, if it was given in this sitting, still stands, and its card is still there; as it was overturned, if it was."""
    entry = next((entry for owner, entry in rows.by_id([id]) if owner == sitting.learner_id and entry.sitting_id == sitting.id), None)
    if entry is None or entry.undoes:
        return None
    number = hand_number(entry.question)
    lying = [one for one in entries_of(sitting, number) if one.card_id == entry.card_id or one.takes_back]
    stands = next((one for one in standing(lying) if one.group == entry.group), None)
    if stands is None or (stands.id != id and not stands.overturns):
        return None
    return _again(sitting, stands, lying)


def _again(sitting: Sitting, entry: Entry, lying: list[Entry]) -> Answered | None:
    hand, card = hand_on(sitting, hand_number(entry.question)), card_of(entry.question)
    items = items_in([card])
    question = asked_again(sitting, hand, entry.question, [one for one in lying if one.id != entry.id], items) if card in items else None
    if question is None:
        return None
    response = response_of(entry)
    try:
        question, verdict = Marks(sitting.learner_id, [entry.card_id]).again(question, entry)
    except NotAnAnswer:  # the card was changed since, and what was chosen is gone
        return None
    instead = items_in([verdict.mistaken_for]).get(verdict.mistaken_for) if verdict.mistaken_for else None
    shown = told(verdict, question, instead, response) | {"overturned": _overturned(entry)}
    return Answered(entry.id, question, response, verdict, shown, entry.took_ms)


def _overturned(entry: Entry) -> str:
    """How the learner settled it: right, wrong, or point by point; empty: as it was judged."""
    return str(entry.response.get("overturned") or "points") if entry.overturns else ""


def levels_moved(learner: Person, told: Told, *, now_ms: int) -> list[str]:
    """A card's level before an answer and after it; empty where nothing was kept of it."""
    if told.status != "stored" or (told.before is None and told.after is None):
        return []
    calendar, model = calendar_of(learner), model_of(learner)
    return [level(state, now_ms, calendar, model) for state in (told.before, told.after)]
