"""The ladder of hints: the author's own first, then each rung gives a little more of the answer, and makes a right one prove a little less."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from kartoteka.engine.evidence import LAST_RUNG
from kartoteka.engine.items import Point
from kartoteka.engine.questions import Question

SMALL = 3  # words as short as this are shown whole: they carry little
REMOVED = 2  # options taken away

HINTED = ("choice", "tf", "typed", "points", "self", "look")  # questions that the author's own hint stands beside

Kind = Literal["own", "letters", "options", "headings", "half"]


@dataclass(frozen=True, slots=True)
class Hint:
    """One rung. ``html``: the author's own hint, which stays; ``lines``: what is shown besides, a line a point; ``removed``: the choices that are out."""

    kind: Kind
    lines: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    html: str = ""


def hints_for(question: Question) -> tuple[Hint, ...]:
    """The rungs of a question, the gentlest first."""
    own = question.item.hint if question.qtype in HINTED else ""
    return (Hint("own", html=own), *(replace(rung, html=own) for rung in _ladder(question))) if own else _ladder(question)


def rungs_taken(question: Question, hints: int) -> int:
    """How far up the ladder so many hints led: the author's own gives nothing of the answer away, and counts as the first rung all the same."""
    return min(max(hints - 1, 1) if hints and question.item.hint else hints, LAST_RUNG)


def _ladder(question: Question) -> tuple[Hint, ...]:
    """What can be told of any card; nothing where it is judged by the learner, or true or false."""
    if question.qtype == "choice":
        wrong = [choice.id for choice in question.choices if not choice.right]
        gone = tuple(wrong[-min(REMOVED, len(wrong) - 1) :]) if len(wrong) > 1 else ()
        return (Hint("options", removed=gone),) if gone else ()
    if question.qtype not in ("typed", "points") or question.rubric is None:
        return ()
    points = question.rubric.points if question.qtype == "points" else ()
    texts = [point.text for point in points] or [question.rubric.accepted[0]]
    rungs = [Hint("letters", tuple(first_letters(text) for text in texts))]
    if headings := _headings(points):
        rungs.append(Hint("headings", headings))
    rungs.append(Hint("half", tuple(first_half(text) for text in texts)))
    return tuple(rungs)


def _headings(points: tuple[Point, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" › ".join(point.context) for point in points if point.context)) if len(points) > 1 else ()


def first_letters(text: str) -> str:
    """``Commissar of the Workers`` as ``C········ of the W······``; digits of a number but the first are hidden too."""
    return " ".join(_letter(word) for word in text.split())


def _letter(word: str) -> str:
    if len(word) <= SMALL and word.islower():
        return word
    start = next((place for place, sign in enumerate(word) if sign.isalnum()), 0)
    return word[: start + 1] + "".join("·" if sign.isalnum() else sign for sign in word[start + 1 :])


def first_half(text: str) -> str:
    """The first half of the words, of a single word the first half of its signs; the rest as dots."""
    words = text.split()
    if len(words) < 2:
        half = (len(text) + 1) // 2
        return text[:half] + "·" * (len(text) - half)
    return " ".join(words[: (len(words) + 1) // 2]) + " …"
