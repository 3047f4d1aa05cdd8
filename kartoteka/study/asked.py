"""The question of an answer, asked again: no question is stored, and none is taken from a browser on trust."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from kartoteka.engine.items import Item
from kartoteka.engine.questions import Question
from kartoteka.modes.base import Answered, Desk, card_of, find
from kartoteka.study.desks import Pool, entries_of, laid, rules_of
from kartoteka.study.log import Entry, answered, standing, turn_of
from kartoteka.study.models import Hand, Sitting
from kartoteka.study.refusals import NotAsked

MOST_TURNS = 1000  # a hand is over long before a card came up so often


def question_on(desk: Desk, sitting: Sitting, near: Sequence[Entry], question: str) -> Question:
    """The question as the desk asks it: of its card alone first, which needs one item; else of the whole hand.

    ``near``: what this sitting knows of its card. Raises ``NotAsked``.
    """
    ask = rules_of(sitting.mode).ask
    found = _alone(ask, desk, answered(standing(near)) if near else (), question)
    if found is None:  # a question that more than its own card decides
        everything = {entry.id: entry for entry in (*entries_of(sitting, desk.number), *near)}
        lying = answered(standing(everything.values()))
        found = find(ask, replace(desk, answered=_before(question, lying)), question)
    if found is None:
        raise not_asked()
    return found


def question_on_paper(paper: Iterable[Question], question: str) -> Question:
    """The question as it was frozen, whatever became of its card. Raises ``NotAsked``."""
    found = next((one for one in paper if one.id == question), None)
    if found is None:
        raise not_asked()
    return found


def not_asked() -> NotAsked:
    return NotAsked(_("This sitting does not ask that question. Load the page again; what was saved stays saved."))


def asked_again(sitting: Sitting, hand: Hand, question: str, near: Iterable[Entry], items: Mapping[str, Item]) -> Question | None:
    """The question of an answer that was given, as it was asked then."""
    ask, desk = rules_of(sitting.mode).ask, laid(sitting, hand, Pool(sitting, hand, items), near)
    return _alone(ask, desk, desk.answered, question) or find(ask, replace(desk, answered=_before(question, desk.answered)), question)


def _alone(ask: Callable[[Desk], Sequence[Question]], desk: Desk, lying: Sequence[Answered], question: str) -> Question | None:
    """The question on a desk of its card alone, after the earlier turns that are known; else after as many misses.

    An earlier turn may not have arrived yet, or another device has answered it otherwise: after a miss every mode asks again.
    """
    card = card_of(question)
    for known in (lying, ()) if lying else ((),):
        for one in ask(desk.alone(card, _before(question, known))):
            if one.id == question:
                return one
    return None


def _before(question: str, lying: Sequence[Answered]) -> tuple[Answered, ...]:
    """A desk's answers as they were when this question came up: of its card the earlier turns, those unknown as misses."""
    turn = turn_of(question)
    if not turn and not lying:
        return ()
    card = card_of(question)
    known = {answer.turn: answer for answer in lying if answer.card == card}
    others = [answer for answer in lying if answer.card != card] if len(known) < len(lying) else ()
    own = [known.get(n) or _missed(question, card, n) for n in range(min(turn, MOST_TURNS))]
    return (*own, *others)


def _missed(question: str, card: str, turn: int) -> Answered:
    return Answered(f"{question.rpartition('.')[0]}.{turn}", card, 0.0, 1, True, 0, turn)
