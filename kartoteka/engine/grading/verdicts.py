"""What a judgement says: the label, the score, the points, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kartoteka.engine.rubrics import PointMark

Label = Literal["right", "close", "wrong", "unsure", "seen"]
LEARNER = "L7"  # the layer in which the learner judges
PASSED, FAILED = 0.7, 0.27  # modes.md 0.6, grading.md: right from the one, wrong under the other
WORTH = {"covered": 1.0, "partly": 0.5, "missing": 0.0, "contradicted": 0.0}


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

    @property
    def passed(self) -> bool:
        """Enough was right, no must-have is missing and nothing contradicts the card."""
        return self.label == "right"
