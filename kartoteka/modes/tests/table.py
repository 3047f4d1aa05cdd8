"""A desk to try rules on: cards a, b, c…, and a learner who answers them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from kartoteka.engine.grading import grade
from kartoteka.engine.items import Item, Side
from kartoteka.engine.memory import MemoryState
from kartoteka.engine.questions import Question, Response
from kartoteka.modes.base import Answered, Desk, ready

NOON = 1_767_268_800_000  # 1 January 2026, 12:00 UTC


def card(name: str) -> str:
    return name.encode().hex().rjust(32, "0")


def item(name: str, *, term: str | None = None, definition: str | None = None, direction: str = "forward") -> Item:
    term, definition = term if term is not None else f"term {name}", definition if definition is not None else f"definition {name}"
    return Item(card(name), card("n" + name), card("deck"), Side(f"<p>{term}</p>", term), Side(f"<p>{definition}</p>", definition), direction)  # type: ignore[arg-type]


def memory(last_ms: int = NOON - 9 * 86_400_000, **more: Any) -> MemoryState:
    return MemoryState(5.0, 5.0, 5.0, 5.0, last_ms, last_ms, days_ok=1, last_ok=True, more=tuple(sorted(more.items())))


def desk(names: str | Sequence[Item] = "abcde", *, seed: int = 7, memories: Mapping[str, MemoryState] | None = None, **options: Any) -> Desk:
    items = [item(name) for name in names] if isinstance(names, str) else names
    return Desk({one.id: one for one in items}, tuple(one.id for one in items), dict(memories or {}), (), seed, options, dealt_ms=NOON)


def chosen(question: Question, *, passed: bool) -> str:
    """A choice that is right, or one that is not; where nothing is to be chosen, none."""
    return next((choice.id for choice in question.choices if choice.right == passed), next((choice.id for choice in question.choices), ""))


def response_to(question: Question, rating: int | None, *, flipped: bool) -> Response:
    """An answer that is right (3 and more), or "don't know" where something was to be known."""
    right = (rating or 3) > 1
    if question.rubric is not None:
        rubric = question.rubric
        text = " ".join(f"{point.text}." for point in rubric.points) if question.qtype == "points" else rubric.accepted[0]
        return Response(text=text) if right else Response(unknown=True)
    choice = chosen(question, passed=right)
    if question.qtype == "tf" and question.claim:
        choice = "true" if question.claim.right == right else "false"
    return Response(rating=rating, flipped=flipped, choice=choice)


class Learner:
    """Answers what the rules ask, as a page would: the first question that is ready, else the one that is ready first."""

    def __init__(self, rules: ModuleType, desk: Desk, *, step_ms: int = 10_000) -> None:
        self.rules, self.desk, self.now_ms, self.step_ms = rules, desk, NOON, step_ms
        self.asked: list[str] = []

    def next(self) -> Question | None:
        questions = self.rules.ask(self.desk)
        question = ready(questions, self.now_ms) or min(questions, key=lambda q: q.after_ms + q.wait_ms, default=None)
        if question is not None:
            self.now_ms = max(self.now_ms, question.after_ms + question.wait_ms)
        return question

    def answer(self, rating: int | None = None, *, flipped: bool = True, question: Question | None = None) -> Question:
        question = question or self.next()
        assert question is not None, "there is nothing to answer"
        verdict = grade(question, response_to(question, rating, flipped=flipped))
        self.now_ms += self.step_ms
        self.asked.append(question.item.id)
        missed = tuple(place for place, point in enumerate(verdict.points) if point.mark != "covered")
        given = Answered(question.id, question.item.id, verdict.score, rating, flipped, self.now_ms, question.turn, label=verdict.label, missed=missed)
        self.desk = replace(self.desk, answered=(*self.desk.answered, given))
        return question

    def until_done(self, ratings: random.Random, choose: Sequence[int], *, most: int = 10_000) -> int:
        for count in range(most):
            if not self.rules.ask(self.desk):
                return count
            self.answer(ratings.choice(choose))
        raise AssertionError("the rules never come to an end")
