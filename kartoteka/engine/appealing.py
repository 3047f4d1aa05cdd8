"""What becomes of a verdict when the learner says otherwise: their word stands, and what was judged before stays beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from kartoteka.engine.grading import LEARNER, Verdict
from kartoteka.engine.rubrics import Mark

To = Literal["right", "wrong"]
OVERTURNABLE = ("choice", "tf", "typed", "points")  # where something other than the learner judged


def overturned(verdict: Verdict, to: To) -> Verdict:
    """The verdict as the learner settles it: "I was right", or "that was too generous"; also what was close or could not be told."""
    right = to == "right"
    mark: Mark = "covered" if right else "missing"
    return replace(
        verdict,
        score=1.0 if right else 0.0,
        label=to,
        layer=LEARNER,
        confidence=1.0,
        points=tuple(replace(point, mark=mark, sure=True) for point in verdict.points),
        contradicted=False,
        certain=False,
        mistaken_for="" if right else verdict.mistaken_for,
    )


def kept_of(verdict: Verdict) -> dict[str, Any]:
    """What an appeal keeps of the verdict it overturned: how it was, which layer said so, how sure it was, and by which numbers."""
    return {
        "label": verdict.label,
        "score": verdict.score,
        "layer": verdict.layer,
        "confidence": verdict.confidence,
        "mistaken_for": verdict.mistaken_for,
        "accepted_form": verdict.accepted_form,
        "features": dict(verdict.features),
    }
