"""Answers that need no reading: chosen, claimed, or judged by the learner."""

from __future__ import annotations

import functools

from kartoteka.engine.grading.ladder import mark, with_marks
from kartoteka.engine.grading.verdicts import NotAnAnswer, Verdict
from kartoteka.engine.questions import Question, Response
from kartoteka.engine.rubrics import Mark

_TICKS: dict[str, Mark] = {"covered": "covered", "partly": "partly", "missing": "missing"}


def grade(question: Question, response: Response) -> Verdict:
    """Judges a response. Raises ``NotAnAnswer`` for one that does not fit its question."""
    if question.qtype == "look":
        return Verdict(None, "seen", flipped=response.flipped)
    if question.qtype == "self":
        if response.rating not in (1, 2, 3, 4):
            raise NotAnAnswer("A self-graded answer takes a rating from 1 (again) to 4 (easy).")
        return _judged_alone(response.rating, response.flipped)
    if question.qtype in ("choice", "match"):
        return _chosen(question, response)
    if question.qtype == "tf":
        return _held(question, response)
    if question.qtype in ("typed", "points") and question.rubric is not None:
        return _written(question, response)
    raise NotAnAnswer(f"There is no way to judge a question of the type “{question.qtype}”.")


@functools.cache
def _judged_alone(rating: int, flipped: bool) -> Verdict:
    """The learner's own judgement: there are only eight of them."""
    passed = rating > 1
    return Verdict(float(passed), "right" if passed else "wrong", rating=rating, flipped=flipped)


def _written(question: Question, response: Response) -> Verdict:
    """Written, judged by the rubric; points the learner ticked otherwise count as ticked."""
    rubric = question.rubric
    if rubric is None:
        raise NotAnAnswer("There is nothing to judge this answer by.")
    verdict = mark(rubric, "" if response.unknown else response.text)
    ticks = {int(point): _TICKS[tick] for point, tick in response.ticks.items() if point.isdecimal() and tick in _TICKS}
    return with_marks(verdict, {point: tick for point, tick in ticks.items() if point < len(verdict.points)})


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
