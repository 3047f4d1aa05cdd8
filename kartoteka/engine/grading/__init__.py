"""A response, judged: ``grade`` any question, ``mark`` what was written, ``with_marks`` what the learner overturned."""

from __future__ import annotations

from kartoteka.engine.grading.choosing import grade
from kartoteka.engine.grading.ladder import Judge, mark, with_marks
from kartoteka.engine.grading.neighbours import MOST_MARKED
from kartoteka.engine.grading.points import split
from kartoteka.engine.grading.verdicts import FAILED, LEARNER, PASSED, Label, NotAnAnswer, Verdict

__all__ = ["FAILED", "LEARNER", "MOST_MARKED", "PASSED", "Judge", "Label", "NotAnAnswer", "Verdict", "grade", "mark", "split", "with_marks"]
