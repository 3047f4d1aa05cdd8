"""Someone who writes answers and appeals, and the tiny mode in which they do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from kartoteka.engine.asking import rubric_of
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question, Response
from kartoteka.library.models import Deck
from kartoteka.modes.base import Desk
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.tests.conftest import MINUTE, NOON, OPTIONS


def _ask(desk: Desk) -> Sequence[Question]:
    """Every card until it was written rightly once: lists point by point, others whole."""
    questions = []
    for card in desk.hand:
        given = desk.answers_to(card)
        if card in desk.items and not any(answer.label == "right" for answer in given):
            item: Item = desk.items[card]
            qtype = "points" if len(item.back.points) > 1 else "typed"
            questions.append(Question(item, qtype, turn=len(given), hand=desk.number, direction=item.direction, rubric=rubric_of(item, desk.items)))
    return questions


def _weigh(question: Question, verdict: Verdict) -> Evidence | None:
    if verdict.score is None or verdict.label == "unsure":
        return None
    kind = "points" if question.qtype == "points" else "typed"
    return Evidence(kind, verdict.score, "write", contradicted=verdict.contradicted, certain=verdict.certain)  # type: ignore[arg-type]


WRITE = SimpleNamespace(TITLE="Write", ORDER=1, DEAL="order", OPTIONS=OPTIONS, ask=_ask, weigh=_weigh)


class Writer:
    """Someone who writes answers, and appeals."""

    def __init__(self, learner: Person, deck: Deck, *, now_ms: int = NOON) -> None:
        self.learner, self.now_ms = learner, now_ms
        self.sitting = actions.sit(learner, deck=deck, mode="write", options={}, now_ms=now_ms, dice=random.Random(7), afresh=True)

    def write(self, place: int, text: str, **more: Any) -> actions.Told:
        card = list(queries.desk_of(self.sitting).hand)[place]
        question = next(one for one in queries.next_questions(self.sitting) if one.item.id == card)
        self.now_ms += MINUTE
        return actions.answer(
            self.learner, actions.Given(uuid7(), self.sitting.id, question.id, Response(text=text, **more), self.now_ms, 4000), now_ms=self.now_ms
        )

    def appeal(self, answer: UUID, to: Any = "right", *, ticks: dict[str, str] | None = None, id: UUID | None = None) -> actions.Told:
        self.now_ms += MINUTE
        given = queries.answer_given(self.learner, answer)
        return actions.overturn(self.learner, given, id=id or uuid7(), to=to, ticks=ticks, now_ms=self.now_ms)
