"""An answer and what it is judged by, and the verdicts every layer may give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.forms import (
    ALTERNATIVES_WORDS,
    Form,
    forms_of,
)
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.verdicts import LEARNER, Verdict
from kartoteka.engine.items import Point
from kartoteka.engine.notes import words_in
from kartoteka.engine.rubrics import PointMark, Rubric

CLOSE_SCORE = 0.8  # a slip of the finger


@dataclass(frozen=True, slots=True)
class Task:
    """``answer`` as it was written, ``cut`` without control signs; ``accepted`` and ``points`` in plain words."""

    rubric: Rubric
    answer: str
    cut: str
    lang: str
    accepted: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def forms(self) -> tuple[Form, ...]:
        return forms_of(self.accepted, self.lang, not self.rubric.want_all and len(self.points) < 2)

    @property
    def short(self) -> bool:
        return all(words_in(a) <= ALTERNATIVES_WORDS for a in self.accepted) and len(self.points) < 2


def right(layer: str, form: str, why: str = "") -> Verdict:
    return Verdict(1.0, "right", layer, 1.0, accepted_form=form, reasons=(Reason(why, form=form),) if why else ())


def close(layer: str, form: str, why: str, score: float = CLOSE_SCORE, confidence: float = 0.8) -> Verdict:
    return Verdict(score, "close", layer, confidence, accepted_form=form, reasons=(Reason(why, form=form),))


def unsure(
    task: Task, confidence: float, score: float = 0.5, marks: tuple[PointMark, ...] = (), features: Mapping[str, float] | None = None, reference: str = ""
) -> Verdict:
    return Verdict(
        score,
        "unsure",
        LEARNER,
        confidence,
        points=marks,
        reasons=(Reason(reasons.UNSURE),),
        accepted_form=reference or (task.accepted[0] if task.accepted else ""),
        features=dict(features or {}),
    )


def all_missing(task: Task, verdict: Verdict) -> Verdict:
    return replace(verdict, points=tuple(PointMark(p.alone, "missing", 2.0 if p.must_have else 1.0) for p in task.points))
