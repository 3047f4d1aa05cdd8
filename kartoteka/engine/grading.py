"""A response, judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kartoteka.engine.questions import Question, Response
from kartoteka.engine.rubrics import PointMark

Label = Literal["right", "close", "wrong", "unsure", "seen"]
LEARNER = "L7"  # the layer in which the learner judges


class NotAnAnswer(ValueError):
    """A response that does not fit its question. The text may be shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A response, judged. ``score`` 0…1, ``None`` where nothing was asked; ``rating`` 1–4 where the learner judged.

    ``accepted_form``: the form of the answer that fits best; ``mistaken_for``: the card whose answer was given instead; ``certain``: a miss that is no
    slip ("don't know", or another card's answer); ``features``: numbers an appeal is stored with.
    """

    score: float | None
    label: Label
    layer: str = LEARNER
    confidence: float = 1.0
    rating: int | None = None
    flipped: bool = False
    reasons: tuple[str, ...] = ()
    points: tuple[PointMark, ...] = ()
    contradicted: bool = False
    certain: bool = False
    accepted_form: str = ""
    mistaken_for: str = ""
    features: Mapping[str, float] = field(default_factory=dict)


def grade(question: Question, response: Response) -> Verdict:
    """Judges a response. Raises ``NotAnAnswer`` for one that does not fit its question."""
    if question.qtype == "look":
        return Verdict(None, "seen", flipped=response.flipped)
    if question.qtype == "self":
        if response.rating not in (1, 2, 3, 4):
            raise NotAnAnswer("A self-graded answer takes a rating from 1 (again) to 4 (easy).")
        passed = response.rating > 1
        return Verdict(float(passed), "right" if passed else "wrong", rating=response.rating, flipped=response.flipped)
    if question.qtype in ("choice", "match"):
        return _chosen(question, response)
    if question.qtype == "tf":
        return _held(question, response)
    raise NotAnAnswer(f"There is no way to judge a question of the type “{question.qtype}”.")


def _chosen(question: Question, response: Response) -> Verdict:
    """One of several: right is right, and another card's answer tells which card it was mistaken for."""
    if response.unknown:
        return Verdict(0.0, "wrong", "choice", certain=True)
    chosen = next((choice for choice in question.choices if choice.id == response.choice), None)
    if chosen is None:
        raise NotAnAnswer("That is not one of the answers to choose from. Load the page again.")
    if chosen.right:
        return Verdict(1.0, "right", "choice")
    return Verdict(0.0, "wrong", "choice", mistaken_for=chosen.card or ("" if chosen.id.startswith("own-") else chosen.id))


def _held(question: Question, response: Response) -> Verdict:
    """True or false: is the claim the answer?"""
    if response.unknown:
        return Verdict(0.0, "wrong", "choice", certain=True)
    if question.claim is None or response.choice not in ("true", "false"):
        raise NotAnAnswer("A true-or-false answer is “true” or “false”.")
    right = question.claim.right == (response.choice == "true")
    return Verdict(float(right), "right" if right else "wrong", "choice")
