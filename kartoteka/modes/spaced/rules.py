"""Spaced Repetition: what memory needs now, judged by the learner after looking; what was missed comes back in this very visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from kartoteka.engine import asking
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Side
from kartoteka.engine.memory import Evidence, MemoryState
from kartoteka.engine.questions import Question
from kartoteka.modes.base import ALOUD, ANSWER, CARDS, IN_ORDER, RANGE, SOUNDS, STEPS, TAG, Answered, Desk, Option, gettext_noop

TITLE = gettext_noop("Spaced Repetition")
ICON = "spaced"
ORDER = 30
DEAL = "queue"
POINTS_ALONE = True
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
OTHERS = 5  # so many other cards lie between a miss and its return, where there are so many
POINTS_MOST = 3  # points of one card that are asked alone in one visit
STALE_MS = 8 * 3_600_000  # a night has passed since: a step of the day before is over
WAITS_MS = {1: 60_000, 2: 600_000}  # as `engine.scheduling` waits, so that a button's words come true
# Where a rating leads, from where the card stands: "new", "known", or in a step (1: just missed, 2: passed once since). Nothing: done for today.
PATHS: Mapping[str, Mapping[int, str]] = {
    "new": {AGAIN: "1", HARD: "2", GOOD: "2"},
    "known": {AGAIN: "1"},
    "1": {AGAIN: "1", HARD: "2", GOOD: "2"},
    "2": {AGAIN: "1", HARD: "2"},
}
ISLAND = {"paths": PATHS, "waits": WAITS_MS, "others": OTHERS}  # facts by which an open page goes on without a connection
OPTIONS = (
    CARDS,
    TAG,
    RANGE,
    ANSWER,
    Option("minutes", gettext_noop("Minutes for this visit"), 0, "number", most=240, help=gettext_noop("0: your minutes a day.")),
    Option("order", gettext_noop("New cards"), "deck", choices=IN_ORDER.choices),
    Option(
        "write",
        gettext_noop("Write the answer first"),
        False,
        "switch",
        help=gettext_noop("It is marked, and suggests the grade; you confirm it. Points that were missing are asked once more on their own."),
    ),
    Option("ratings", gettext_noop("More ratings"), False, "switch", help=gettext_noop("Hard and Easy beside Forgot and Got it.")),
    STEPS,
    ALOUD,
    SOUNDS,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands in this visit; ``since``: the last answer to it; ``point``: one of its points that was lacking, asked alone."""

    card: str
    at: str
    turn: int = 0
    since: Answered | None = None
    others: int = 0
    point: int | None = None
    since_ms: int = 0

    @property
    def waits_ms(self) -> int:
        """A card that was missed rests a while; a point that was lacking only until others were asked."""
        return WAITS_MS[int(self.at)] if self.since_ms and self.point is None else 0

    @property
    def returns_ms(self) -> int:
        return self.since_ms + self.waits_ms


def ask(desk: Desk) -> Sequence[Question]:
    """Cards that come back and cards not asked yet, woven so that five others lie before a return; who asks waits until a question is ready."""
    standings = _standings(desk)
    fresh = [one for one in standings if not one.since_ms]
    back = sorted((one for one in standings if one.since_ms), key=lambda one: (one.returns_ms, one.card))
    woven: list[Standing] = []
    while fresh or back:  # each turn of the loop takes one card away
        due = next((one for one in back if one.others + len(woven) >= OTHERS or not fresh), None)
        woven.append(due or fresh[0])
        (back if due else fresh).remove(woven[-1])
    return [_question(desk, one) for one in woven]


def _standings(desk: Desk) -> list[Standing]:
    """Every card that is not done for today, in the order of the hand."""
    by_card: dict[str, list[int]] = {}
    for place, answer in enumerate(desk.answered):
        by_card.setdefault(answer.card, []).append(place)
    found = []
    for card in desk.hand:
        if card not in desk.items or not desk.items[card].askable:
            continue
        state = desk.memories.get(card)
        at: str | None = None if _for_points(desk, card) else _dealt_at(state, desk.dealt_at(card))
        places = by_card.get(card, [])
        alone: set[int | None] = {desk.answered[place].point for place in places}
        weak = [point for point in _weak(desk, card) if point not in alone]
        lacking = weak[:POINTS_MOST] if at is None else []
        for place in places:
            answer = desk.answered[place]
            if answer.point is None:
                at, lacking = _after(at, answer), list(dict.fromkeys([*answer.missed, *weak]))[:POINTS_MOST]
            else:
                lacking = [point for point in lacking if point != answer.point]
        lacking = [point for point in lacking if point < len(_asked_side(desk, card).points)]
        if at is not None or lacking:
            last = places[-1] if places else None
            since = None if last is None else desk.answered[last]
            since_ms = since.at_ms if since else _rests_since(state, at, desk.dealt_at(card))
            others = len(desk.answered) - (0 if last is None else last + 1)
            found.append(Standing(card, at or "point", len(places), since, others, lacking[0] if lacking else None, since_ms))
    return found


def _weak(desk: Desk, card: str) -> tuple[int, ...]:
    """Points of a card that were missed twice, and are due by a memory of their own."""
    state = desk.memories.get(card)
    return state.fact("weak", ()) if state else ()


def _for_points(desk: Desk, card: str) -> bool:
    """Whether a card itself is not due, and is there only for such points."""
    state = desk.memories.get(card)
    return bool(state and state.fact("alone", False))


def _asked_side(desk: Desk, card: str) -> Side:
    item = desk.items[card]
    return item.front if item.direction == "reversed" else item.back


def _dealt_at(state: MemoryState | None, dealt_ms: int) -> str:
    if state is None:
        return "new"
    step = state.fact("step", 0)
    return str(step) if step and dealt_ms - state.last_ms < STALE_MS else "known"


def _rests_since(state: MemoryState | None, at: str | None, dealt_ms: int) -> int:
    """When a card that was dealt in the middle of its step was last answered; 0: its wait was over by then, or it has none."""
    wait_ms = WAITS_MS.get(int(at), 0) if at in ("1", "2") else 0
    return state.last_ms if state and state.last_ms + wait_ms > dealt_ms else 0


def _after(at: str | None, answer: Answered) -> str | None:
    """Where an answer leads. An answer to a card that was done (a late one) can only bring it back by a miss."""
    rating = answer.rating or (GOOD if (answer.outcome or 0) >= 0.5 else AGAIN)
    return PATHS[at or "known"].get(rating)


def _question(desk: Desk, one: Standing) -> Question:
    item = desk.items[one.card]
    if one.point is not None and (alone := _point_alone(desk, one)):
        return alone
    return Question(
        item,
        "self",
        turn=one.turn,
        hand=desk.number_of(one.card),
        direction=item.direction,
        after_ms=one.since_ms,
        wait_ms=one.waits_ms,
        again=one.since is not None,
        extra={"at": one.at},
    )


def _point_alone(desk: Desk, one: Standing) -> Question | None:
    """A point that was lacking, led to by what stands above it, and judged by the learner like a card."""
    dressed = asking.points(desk.items[one.card], {}, point=one.point, direction=desk.items[one.card].direction)
    if dressed is None or dressed.asked is None:
        return None
    lead = str(dressed.extra["context"] or f"{dressed.extra['begins']} …")
    prompt = dressed.prompt
    shown = Side(f"{prompt.html}<p>{escape(lead, quote=False)}</p>", f"{prompt.text} ({lead})", "medium", prompt.lang)
    facts = {"at": "point", "place": dressed.extra["place"], "of": dressed.extra["of"]}
    hand = desk.number_of(one.card)
    return replace(dressed, qtype="self", rubric=None, shown=shown, turn=one.turn, hand=hand, after_ms=one.since_ms, again=True, extra=facts)


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """The learner's own rating. A point asked alone proves nothing of the card: the rest of it was just seen."""
    if verdict.score is None or question.point is not None:
        return None
    return Evidence("rating", verdict.score, "spaced", verdict.rating or GOOD)


def tally(desk: Desk) -> dict[str, Any]:
    """``for_points``: cards done of which only points were asked; ``coming_back``: cards in a step; ``first_right`` of ``first_asked``: first answers to cards met before, the true retention of this visit."""
    standings = _standings(desk)
    coming_back = sum(1 for one in standings if one.since is not None)
    pointed = {card for card in desk.hand if _for_points(desk, card)} - {one.card for one in standings}
    firsts: dict[str, Answered] = {}
    for answer in desk.answered:
        if answer.point is None:
            firsts.setdefault(answer.card, answer)
    asked = [answer for card, answer in firsts.items() if card in desk.memories]
    return {
        "coming_back": coming_back,
        "for_points": len(pointed),
        "met": len(firsts) - len(asked),
        "first_asked": len(asked),
        "first_right": sum(1 for answer in asked if (answer.outcome or 0) >= 0.5),
        "missed": sum(1 for answer in firsts.values() if (answer.outcome or 0) < 0.5),
        "took_ms": sum(answer.took_ms for answer in desk.answered),
    }
