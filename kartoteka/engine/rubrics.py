"""By what a written answer is judged: the accepted forms, the points, and what other cards would have answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kartoteka.engine.items import Point

Strictness = Literal["relaxed", "moderate", "strict"]
Mark = Literal["covered", "partly", "missing", "contradicted"]


@dataclass(frozen=True, slots=True)
class Other:
    """Another card's answer in the same deck: it guards typos, and tells when one card's answer was given to another."""

    card: str
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """An earlier answer to the same card, and whether it was taken as right in the end."""

    answer: str
    right: bool


@dataclass(frozen=True, slots=True)
class Rubric:
    """``question``: the prompt in plain words. ``accepted``: the definition first, then the card's further accepted answers.

    ``want_all``: every alternative is wanted, not one of them. ``marked``: earlier answers that were marked, the newest last.
    """

    question: str = ""
    accepted: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    others: tuple[Other, ...] = ()
    lang: str = ""
    strictness: Strictness = "relaxed"
    want_all: bool = False
    marked: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class PointMark:
    """One point, marked. ``quote``: the learner's own words, cut out of the answer as they stand there; ``sure``: nobody need look again."""

    text: str
    mark: Mark
    weight: float = 1.0
    quote: str = ""
    sure: bool = True
