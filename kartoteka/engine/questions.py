"""Ways to ask an item: the question as it is put, and the response as it came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kartoteka.engine.items import Item, Side
from kartoteka.engine.rubrics import Rubric


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be chosen. ``id``: the card it belongs to (32 hex digits), or ``own-1`` for the author's own distractor.

    ``side`` as it is shown, maybe an excerpt; ``right``: choosing it is right (a twin's is right too, and never shown beside it).
    ``card``: the card it belongs to where ``id`` must not say it, for the browser reads ids.
    """

    id: str
    side: Side
    right: bool = False
    card: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """An item dressed for asking.

    ``id`` says hand, card, type, direction, point and turn, so that a late or reordered answer finds its question again.
    ``qtype``: "look" (nothing is asked), "self" (the learner judges after the answer was shown), "choice" (one of ``choices``), "tf" (``claim`` is shown
    beside the prompt: is it the answer?), "typed" and "points" (written, judged by ``rubric``), "pairs" (``choices`` of several cards to be matched),
    "match" (one move on a board: its partner among the ``choices`` of all).
    ``shown``/``asked``: the sides as they are put, where they are not the item's own in this direction (an excerpt, one point, a blanked quote).
    ``wait_ms``/``after_ms``: not before ``after_ms + wait_ms`` (ms since 1970) while other questions are open.
    """

    item: Item
    qtype: str
    turn: int = 0
    hand: int = 0
    direction: str = "forward"
    point: int | None = None
    after_ms: int = 0
    wait_ms: int = 0
    again: bool = False
    shown: Side | None = None
    asked: Side | None = None
    choices: tuple[Choice, ...] = ()
    claim: Choice | None = None
    rubric: Rubric | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        point = "" if self.point is None else str(self.point)
        return f"{self.hand}.{self.item.id}.{self.qtype}.{self.direction[0]}.{point}.{self.turn}"

    @property
    def prompt(self) -> Side:
        """The side that is put."""
        return self.shown or (self.item.back if self.direction == "reversed" else self.item.front)

    @property
    def answer(self) -> Side:
        """The side that is asked for."""
        return self.asked or (self.item.front if self.direction == "reversed" else self.item.back)


@dataclass(frozen=True, slots=True)
class Response:
    """What the learner did, as the browser said it.

    ``rating`` 1–4 in self-graded questions; ``flipped``: saw the answer first; ``choice``: the id of a ``Choice``, or "true"/"false";
    ``pairs``: prompt card → chosen card; ``hints``: rungs of the ladder taken; ``unknown``: "don't know" was pressed.
    ``ticks``: points (by number) as the learner overturned or confirmed them: "covered", "partly", "missing".
    """

    rating: int | None = None
    text: str = ""
    choice: str = ""
    flipped: bool = False
    hints: int = 0
    unknown: bool = False
    pairs: Mapping[str, str] = field(default_factory=dict)
    ticks: Mapping[str, str] = field(default_factory=dict)
