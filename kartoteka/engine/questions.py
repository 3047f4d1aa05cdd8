"""Ways to ask an item: the question as it is put, and the response as it came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kartoteka.engine.items import Item


@dataclass(frozen=True, slots=True)
class Question:
    """An item dressed for asking.

    ``id`` says hand, card, type, direction, point and turn, so that a late or reordered answer finds its question again.
    ``qtype``: "look" (nothing is asked), "self" (the learner judges after the answer was shown).
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
    options: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        point = "" if self.point is None else str(self.point)
        return f"{self.hand}.{self.item.id}.{self.qtype}.{self.direction[0]}.{point}.{self.turn}"


@dataclass(frozen=True, slots=True)
class Response:
    """What the learner did, as the browser said it. ``rating`` 1–4 in self-graded questions; ``flipped``: saw the answer first."""

    rating: int | None = None
    text: str = ""
    choice: str = ""
    flipped: bool = False
    hints: int = 0
