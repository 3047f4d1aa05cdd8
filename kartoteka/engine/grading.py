"""A response, judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kartoteka.engine.questions import Question, Response

Label = Literal["right", "close", "wrong", "unsure", "seen"]
LEARNER = "L7"  # the layer in which the learner judges


class NotAnAnswer(ValueError):
    """A response that does not fit its question. The text may be shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A response, judged. ``score`` 0…1, ``None`` where nothing was asked; ``rating`` 1–4 where the learner judged."""

    score: float | None
    label: Label
    layer: str = LEARNER
    confidence: float = 1.0
    rating: int | None = None
    flipped: bool = False
    reasons: tuple[str, ...] = ()


def grade(question: Question, response: Response) -> Verdict:
    """Judges a response. Raises ``NotAnAnswer`` for one that does not fit its question."""
    if question.qtype == "look":
        return Verdict(None, "seen", flipped=response.flipped)
    if question.qtype == "self":
        if response.rating not in (1, 2, 3, 4):
            raise NotAnAnswer("A self-graded answer takes a rating from 1 (again) to 4 (easy).")
        passed = response.rating > 1
        return Verdict(float(passed), "right" if passed else "wrong", rating=response.rating, flipped=response.flipped)
    raise NotAnAnswer(f"There is no way to judge a question of the type “{question.qtype}”.")
