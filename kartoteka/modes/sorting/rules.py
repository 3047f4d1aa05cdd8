"""Card Sorting: each card goes to “Know” or “Still learning”; the second pile is the next round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from kartoteka.engine.grading import Verdict
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question
from kartoteka.modes.base import ALOUD, ANSWER, CARDS, IN_ORDER, RANGE, SOUNDS, STEPS, TAG, Desk, Option, gettext_noop

TITLE = gettext_noop("Card Sorting")
ICON = "sorting"
ORDER = 20
DEAL = "order"
KNOW, STILL_LEARNING = 3, 1
OPTIONS = (
    CARDS,
    TAG,
    RANGE,
    IN_ORDER,
    ANSWER,
    Option("must_flip", gettext_noop("Turn each card over first"), False, "switch", help=gettext_noop("A card sorted without turning it over proves nothing.")),
    STEPS,
    ALOUD,
    SOUNDS,
)


def ask(desk: Desk) -> Sequence[Question]:
    """Every card that is not known yet: first those sorted least often, each round reshuffled."""
    open_now = [(turn, card) for card, turn in _turns(desk).items() if turn is not None]
    if len(open_now) > 1:
        open_now.sort(key=lambda one: (one[0], _place(desk, one[1], one[0])))
    questions = []
    for turn, card in open_now:
        item = desk.items[card]
        questions.append(Question(item, "self", turn, desk.number, item.direction, again=turn > 0))
    return questions


def _turns(desk: Desk) -> dict[str, int | None]:
    """How often each card lay in a pile; ``None``: it is known."""
    turns: dict[str, int | None] = {card: 0 for card in desk.hand if (item := desk.items.get(card)) and item.askable}
    for answer in desk.answered:
        turn = turns.get(answer.card)
        if turn is not None:
            turns[answer.card] = None if _knew(answer.outcome) else turn + 1
    return turns


def _knew(outcome: float | None) -> bool:
    return outcome is not None and outcome >= 0.5


def _place(desk: Desk, card: str, turn: int) -> float:
    """Where a card lies in its round: as dealt in the first, then by dice of the seed that no other card can move."""
    return desk.hand.index(card) if turn == 0 else random.Random(f"{desk.seed}.{desk.number}.{turn}.{card}").random()


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """A sort after turning over is a self-graded recall; one without proves nothing."""
    if verdict.score is None or not verdict.flipped:
        return None
    return Evidence("sorting", verdict.score, "sorting")


def tally(desk: Desk) -> dict[str, Any]:
    """The piles: ``know`` + ``learning`` + ``left`` is every card of this hand, always.

    ``round``: the round that is open, how many cards it has, and how many of them are sorted. A round that has not begun leaves its cards in the pile.
    """
    turns = _turns(desk)
    known_in = {answer.card: answer.turn for answer in desk.answered if _knew(answer.outcome) and answer.card in turns}
    open_turns = [turn for turn in turns.values() if turn is not None]
    now = min(open_turns, default=max(known_in.values(), default=0))
    sorted_now = sum(1 for turn in open_turns if turn > now) + sum(1 for turn in known_in.values() if turn == now)
    waiting = sum(1 for turn in open_turns if turn == now)
    begun = sorted_now > 0 or now == 0
    return {
        "know": len(known_in),
        "learning": len(open_turns) - (waiting if begun else 0),
        "left": waiting if begun else 0,
        "first_pass": sum(1 for turn in known_in.values() if turn == 0),
        "round": {"number": now + 1 if begun else now, "of": waiting + sorted_now, "sorted": sorted_now, "begun": begun},
        "took_ms": sum(answer.took_ms for answer in desk.answered),
    }
