"""Forms of an answer that are taken as right beside the card's own: a learner's, at once and for themselves."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kartoteka.engine.grading import Verdict, grade
from kartoteka.engine.questions import Question, Response
from kartoteka.study.models import Accepted


def accepted_by(learner_id: UUID, note_id: UUID, direction: str) -> tuple[str, ...]:
    """What this learner wants taken as right of a note."""
    return tuple(Accepted.objects.filter(learner_id=learner_id, note_id=note_id, direction=direction).order_by("at_ms", "id").values_list("text", flat=True))


def judged_by(learner_id: UUID, question: Question, response: Response) -> tuple[Question, Verdict]:
    """A response, judged by the card; where that does not do, by what this learner has had accepted too."""
    verdict = grade(question, response)
    if question.qtype != "typed" or question.rubric is None or verdict.passed or not response.text.strip():
        return question, verdict
    own = accepted_by(learner_id, UUID(question.item.note), question.direction)
    if not own:
        return question, verdict
    question = replace(question, rubric=replace(question.rubric, accepted=(*question.rubric.accepted, *own)))
    return question, grade(question, response)
