"""By what answers in words are judged beside the card itself: how this learner settled earlier marks of it, and the forms they had accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from kartoteka.engine.appealing import overturned
from kartoteka.engine.grading import Verdict, grade
from kartoteka.engine.grading.neighbours import MOST_MARKED
from kartoteka.engine.grading.reasons import Reason, gettext_noop
from kartoteka.engine.questions import Question, Response
from kartoteka.engine.rubrics import Marked
from kartoteka.study.log import Entry, response_of
from kartoteka.study.models import Accepted, Review

WRITTEN = ("typed", "points")
LIKE_BEFORE = gettext_noop("Marked as you settled an answer like it before.")
CARDS_AT_ONCE = 500


class Settled(NamedTuple):
    """An answer whose mark the learner settled. ``asked``: which way the card was asked, and for which point; ``group``: the very question it answered."""

    id: UUID
    group: tuple[UUID | None, str]
    asked: tuple[str, str]
    marked: Marked


class Marks:
    """What a learner has settled and had accepted of some cards: read once, when first an answer in words to one of them is judged."""

    def __init__(self, learner_id: UUID, cards: Iterable[UUID]) -> None:
        self.learner_id, self.cards = learner_id, cards
        self._settled: dict[UUID, list[Settled]] | None = None
        self._accepted: dict[tuple[UUID, str], tuple[str, ...]] = {}
        self._now: list[tuple[UUID, Settled]] = []  # settled in this very batch
        self._gone: set[UUID] = set()

    def settle(self, entry: Entry, judged: Mapping[str, Any]) -> None:
        """A mark is settled in this batch; the row it replaces speaks no longer."""
        if entry.takes_back:
            self._gone.add(entry.takes_back)
        if (one := _settled(entry.id, entry.sitting_id, entry.question, entry.response, entry.verdict, judged)) is not None:
            self._now.append((entry.card_id, one))

    def drop(self, id: UUID) -> None:
        """An appeal is taken back in this batch."""
        self._gone.add(id)

    def of(self, question: Question, *, but: tuple[UUID | None, str] | None = None) -> tuple[Marked, ...]:
        """Answers to this card, asked this way, whose mark was settled, the newest last; without those to the question ``but``."""
        if self._settled is None:
            self._settled = _read(self.learner_id, self.cards)
        card, asked = UUID(question.item.id), asked_in(question.id)
        found = [*self._settled.get(card, ()), *(one for owner, one in self._now if owner == card)]
        return tuple([one.marked for one in found if one.asked == asked and one.group != but and one.id not in self._gone][-MOST_MARKED:])

    def accepted(self, question: Question) -> tuple[str, ...]:
        """The forms that this learner wants taken as right of a note."""
        place = UUID(question.item.note), question.direction
        if place not in self._accepted:
            rows = Accepted.objects.filter(learner_id=self.learner_id, note_id=place[0], direction=place[1]).order_by("at_ms", "id")
            self._accepted[place] = tuple(rows.values_list("text", flat=True))
        return self._accepted[place]

    def judged(self, question: Question, response: Response, *, but: tuple[UUID | None, str] | None = None) -> tuple[Question, Verdict]:
        """A response, judged by the card and by the marks that were settled; where that does not do, by what this learner had accepted too."""
        verdict = grade(question, response)
        if question.qtype not in WRITTEN or question.rubric is None or question.extra.get("quote"):
            return question, verdict
        if response.unknown or response.ticks or not response.text.strip():  # nothing was written, or the learner has judged it already
            return question, verdict
        if marked := self.of(question, but=but):
            question = replace(question, rubric=replace(question.rubric, marked=marked))
            verdict = _leant(verdict, grade(question, response))
        if question.qtype != "typed" or verdict.passed or not (own := self.accepted(question)) or question.rubric is None:
            return question, verdict
        question = replace(question, rubric=replace(question.rubric, accepted=(*question.rubric.accepted, *own)))
        return question, grade(question, response)

    def again(self, question: Question, entry: Entry) -> tuple[Question, Verdict]:
        """An answer of the log judged again: its label and score stay as they were given, whatever was settled and accepted since."""
        question, verdict = self.judged(question, response_of(entry), but=entry.group)
        to = entry.response.get("overturned")
        if to in ("right", "wrong"):
            return question, overturned(verdict, to)
        if verdict.label != entry.verdict and entry.verdict and not entry.response.get("ticks"):
            verdict = replace(verdict, label=entry.verdict, score=entry.outcome, reasons=())  # type: ignore[arg-type]
        return question, verdict


def _leant(bare: Verdict, leant: Verdict) -> Verdict:
    """What earlier marks made of a verdict: it says so where they made a difference, and keeps the points that the card has."""
    points = leant.points or (overturned(bare, "right").points if leant.passed else bare.points)
    why = (Reason(LIKE_BEFORE),) if leant.label != bare.label else ()
    return replace(leant, points=points, reasons=(*leant.reasons, *why))


def asked_in(question: str) -> tuple[str, str]:
    """Which way a question asks its card, and for which of its points; a question's id says so."""
    parts = question.split(".")
    return (parts[3], parts[4]) if len(parts) == 6 else ("", "")


def _read(learner_id: UUID, cards: Iterable[UUID]) -> dict[UUID, list[Settled]]:
    wanted, found = list(cards), defaultdict(list)
    for start in range(0, len(wanted), CARDS_AT_ONCE):
        rows = list(
            Review.objects.filter(learner_id=learner_id, card_id__in=wanted[start : start + CARDS_AT_ONCE], takes_back__isnull=False)
            .order_by("received_ms", "id")
            .values_list("id", "card_id", "sitting_id", "question", "response", "verdict", "judged", "takes_back")
        )
        gone = {row[-1] for row in rows}
        for id, card, sitting, question, response, verdict, judged, _back in rows:
            if id not in gone and (one := _settled(id, sitting, question, response, verdict, judged)) is not None:
                found[card].append(one)
    return found


def _settled(id: UUID, sitting: UUID | None, question: str, response: Mapping[str, Any], verdict: str, judged: Mapping[str, Any]) -> Settled | None:
    """An appeal as a marked answer. ``None``: it settles nothing in words, or neither way; the end of a quote is no answer to its card."""
    text = str(response.get("text", ""))
    if verdict not in ("right", "wrong") or not text.strip() or judged.get("overturned", {}).get("quote"):
        return None
    return Settled(id, (sitting, question), asked_in(question), Marked(text, verdict == "right"))
