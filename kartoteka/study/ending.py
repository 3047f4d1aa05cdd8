"""What became of a sitting: how many cards in how many minutes, what was recalled against what was expected, and which cards changed their level."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from kartoteka.engine.items import Item
from kartoteka.engine.memory import Level, MemoryState, level, recall
from kartoteka.modes.base import Answered, Desk
from kartoteka.study.desks import desk_of
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import STATE
from kartoteka.study.models import Memory, Sitting
from kartoteka.study.own import model_of

TWICE = 2


@dataclass(frozen=True, slots=True)
class Moved:
    """A card whose level is another than before."""

    item: Item
    before: Level
    after: Level


@dataclass(frozen=True, slots=True)
class Weak:
    """A point of a list that was missed more than once."""

    item: Item
    text: str
    missed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """``right`` of ``asked``: first answers to cards that were remembered before, the true retention; ``expected``: what the memories said of these."""

    cards: int
    answers: int
    took_ms: int
    right: int
    asked: int
    missed: int
    met: int
    expected: float | None
    moved: list[Moved] = field(default_factory=list)
    weak: list[Weak] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        return self.took_ms / 60_000

    @property
    def seconds_a_card(self) -> int:
        return round(self.took_ms / 1000 / self.answers) if self.answers else 0

    @property
    def share(self) -> float | None:
        return self.right / self.asked if self.asked else None


def ended(sitting: Sitting, *, now_ms: int) -> Ended:
    """Counted from the sitting's own hands, each with its memories as dealt."""
    calendar = calendar_of(sitting.learner)
    desks = [desk_of(sitting, number) for number in range(sitting.hand + 1)]
    firsts = [(desk, answer) for desk in desks for answer in _firsts(desk)]
    known = [(answer, state, desk.model) for desk, answer in firsts if (state := desk.memories.get(answer.card))]
    expected = [recall(state, answer.at_ms, calendar, model) for answer, state, model in known]
    answers = [answer for desk in desks for answer in desk.answered]
    return Ended(
        cards=len(firsts),
        answers=len(answers),
        took_ms=sum(answer.took_ms for answer in answers),
        right=sum(1 for answer, _state, _model in known if _passed(answer)),
        asked=len(known),
        missed=sum(1 for _desk, answer in firsts if answer.outcome is not None and not _passed(answer)),
        met=len(firsts) - len(known),
        expected=sum(expected) / len(expected) if expected else None,
        moved=_moved(sitting, desks, now_ms),
        weak=[one for desk in desks for one in weak_points(desk)],
    )


def weak_points(desk: Desk) -> list[Weak]:
    """The points that a list lacked, or that were missed alone, more than once; the weakest first."""
    missed: Counter[tuple[str, int]] = Counter()
    for answer in desk.answered:
        if answer.point is None:
            missed.update((answer.card, place) for place in answer.missed)
        elif not _passed(answer):
            missed[answer.card, answer.point] += 1
    found = []
    for (card, place), times in missed.items():
        item = desk.items.get(card)
        points = (item.front if item.direction == "reversed" else item.back).points if item else ()
        if item and times >= TWICE and place < len(points):
            found.append(Weak(item, points[place].alone, times))
    return sorted(found, key=lambda one: -one.missed)


def _firsts(desk: Desk) -> list[Answered]:
    found: dict[str, Answered] = {}
    for answer in desk.answered:
        found.setdefault(answer.card, answer)
    return list(found.values())


def _passed(answer: Answered) -> bool:
    return answer.outcome is not None and answer.outcome >= 0.5


def _moved(sitting: Sitting, desks: list[Desk], now_ms: int) -> list[Moved]:
    calendar, model = calendar_of(sitting.learner), model_of(sitting.learner)
    cards = {answer.card for desk in desks for answer in desk.answered if answer.outcome is not None}
    rows = Memory.objects.filter(learner_id=sitting.learner_id, card_id__in=[UUID(card) for card in cards]).values("card_id", *STATE)
    now = {row["card_id"].hex: MemoryState.of(row) for row in rows}
    moved = []
    for desk in desks:
        for card in desk.hand:
            if card in cards:
                before, after = level(desk.memories.get(card), desk.dealt_ms, calendar, desk.model), level(now.get(card), now_ms, calendar, model)
                if before != after:
                    moved.append(Moved(desk.items[card], before, after))
    return moved
