"""The ladder a written answer climbs: equal, alternative, slip, overlap, points; each layer stops as soon as it is sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.early import alternative, counted, empty, equal, in_its_era, settled, slipped
from kartoteka.engine.grading.forms import (
    items_of,
    worded,
)
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.schemes import unnoted
from kartoteka.engine.grading.task import Task, unsure
from kartoteka.engine.grading.verdicts import FAILED, LEARNER, PASSED, Verdict
from kartoteka.engine.grading.weighing import share_of, weighed
from kartoteka.engine.grading.words import MOST_SIGNS, language_of
from kartoteka.engine.notes import MOST_POINTS
from kartoteka.engine.rubrics import Mark, Rubric

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Judge(Protocol):
    """A further layer (L5 embeddings, L6 a model): asked only where the ladder is unsure, it may settle a verdict and never overrule a flag."""

    def __call__(self, rubric: Rubric, answer: str, verdict: Verdict) -> Verdict | None: ...


def mark(rubric: Rubric, answer: str, judges: tuple[Judge, ...] = ()) -> Verdict:
    """Judges a written answer. What cannot be judged is "unsure" and the learner decides; ``judges`` are asked first."""
    cut = _CONTROL.sub(" ", answer[:MOST_SIGNS])
    verdict = _climbed(rubric, answer[:MOST_SIGNS], cut)
    limits = [reasons.TOO_LONG] * (len(answer) > MOST_SIGNS) + [reasons.TOO_MANY] * (len(rubric.points) > MOST_POINTS)
    verdict = replace(verdict, reasons=(*verdict.reasons, *map(Reason, limits)))
    if verdict.label == "unsure":
        for judge in judges:
            settled = judge(rubric, answer, verdict)
            if settled is not None:
                return settled
    return verdict


def _climbed(rubric: Rubric, answer: str, cut: str) -> Verdict:
    if any(_CONTROL.search(a) for a in rubric.accepted):
        rubric = replace(rubric, accepted=tuple(_CONTROL.sub(" ", a) for a in rubric.accepted))
    accepted = tuple(a for a in rubric.accepted if a.strip()) or tuple(filter(None, ["; ".join(p.text for p in rubric.points if p.text.strip())]))
    lang = language_of(" ".join(accepted)[:400], rubric.lang)
    points = tuple(rubric.points[:MOST_POINTS])
    if rubric.want_all and len(points) < 2 and len(accepted) == 1:
        points = items_of(worded(accepted[0])) or points
    task = Task(rubric, answer, cut, lang, tuple(unnoted(worded(a)) for a in accepted), points)
    for layer in (equal, empty, alternative, settled, slipped, counted, weighed):
        verdict = layer(task)
        if verdict is not None:
            return in_its_era(task, verdict)
    return unsure(task, 0.5)


def with_marks(verdict: Verdict, marks: Mapping[int, Mark]) -> Verdict:
    """The verdict after the learner overturned marks of points (by number): score and label follow."""
    ticked = {i: m for i, m in marks.items() if 0 <= i < len(verdict.points)}
    if not ticked:
        return verdict
    points = tuple(replace(point, mark=ticked[i], sure=True) if i in ticked else point for i, point in enumerate(verdict.points))
    score = share_of(points)
    contradicted = any(p.mark == "contradicted" for p in points)
    missed = any(p.weight > 1 and p.mark in ("missing", "contradicted") for p in points)
    passed = score >= PASSED and not contradicted and not missed
    return replace(
        verdict,
        points=points,
        score=score,
        label="right" if passed else "wrong" if score < FAILED else "close",
        layer=LEARNER,
        contradicted=contradicted,
        confidence=1.0,
        certain=False,
    )
