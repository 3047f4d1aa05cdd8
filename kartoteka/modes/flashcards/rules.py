"""Flashcards: look through the cards, one after the other. Looking proves nothing, so no memory moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kartoteka.engine.grading import Verdict
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question
from kartoteka.modes.base import ALOUD, ANSWER, CARDS, IN_ORDER, RANGE, SOUNDS, STEPS, TAG, Desk, Option, gettext_noop

TITLE = gettext_noop("Flashcards")
ICON = "flashcards"
ORDER = 10
DEAL = "order"
SPEEDS = ("0.5", "0.75", "1", "1.5", "2")
OPTIONS = (
    CARDS,
    TAG,
    RANGE,
    IN_ORDER,
    ANSWER,
    Option("both", gettext_noop("Show both sides at once"), False, "switch"),
    STEPS,
    Option(
        "speed",
        gettext_noop("Speed of turning by itself"),
        "1",
        choices=tuple((speed, f"× {speed}") for speed in SPEEDS),
        help=gettext_noop("P starts and stops it. Slow enough to read: longer for longer cards."),
    ),
    ALOUD,
    SOUNDS,
)


def ask(desk: Desk) -> Sequence[Question]:
    """Every card not looked at yet, in order, beginning behind the one looked at last: a visit goes on where it stopped."""
    looked = {answer.card for answer in desk.answered}
    begin = _behind_the_last(desk)
    cards = (*desk.hand[begin:], *desk.hand[:begin])
    return [question for card in cards if card not in looked and (question := _look(desk, card))]


def _behind_the_last(desk: Desk) -> int:
    if not desk.answered:
        return 0
    last = desk.answered[-1].card
    return desk.hand.index(last) + 1 if last in desk.hand else 0


def _look(desk: Desk, card: str) -> Question | None:
    item = desk.items.get(card)
    return Question(item, "look", hand=desk.number, direction=item.direction) if item and item.askable else None


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """Exposure: stored, and moves nothing."""
    return None


def tally(desk: Desk) -> dict[str, Any]:
    looked = {answer.card for answer in desk.answered}
    return {"looked": len(looked), "took_ms": sum(answer.took_ms for answer in desk.answered)}
