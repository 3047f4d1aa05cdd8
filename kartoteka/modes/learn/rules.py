"""Learn: each card is recognised, then recalled, then done for today; what was missed comes back after three others."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, overload

from kartoteka.engine import asking
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence, MemoryState, recall
from kartoteka.engine.questions import Question
from kartoteka.modes.base import ALOUD, ANSWER, BY_THE_CARD, CARDS, IN_ORDER, RANGE, SOUNDS, TAG, Answered, Desk, Option, gettext_noop
from kartoteka.modes.learn.rounds import RETURNS, SIZE, Card, Visit

TITLE = gettext_noop("Learn")
ICON = "learn"
ORDER = 25
DEAL = "order"
POOL = True
DAILY = True  # what is done is done for today
AHEAD = 8  # questions laid out at once: a round
POINTS_ALONE = True
LOOK, RECOGNISE, POINT, RECALL, LACKING, DONE = range(6)
SAFE = 0.7  # recalled as likely as this, a card need not be recognised first
READY = 0.9  # recalled as likely as this on the day of the exam, it needs nothing today
ONE_OF_MANY = 0.5  # what a list is worth that lacks the one point that was asked
FIGURES = gettext_noop("%(recalled)s recalled · %(answers)s answers")
GAP_MS = 20_000  # between the look at a lone card and its question
POINTS_FOR_TWO = 4  # a list of so many points is led up to by two of them
LACKING_MOST = 3  # points of one card that are asked alone after its list
STRICTNESS = Option(
    "strictness",
    gettext_noop("How written answers are judged"),
    "auto",
    choices=(
        ("auto", gettext_noop("By the card")),
        ("relaxed", gettext_noop("Relaxed")),
        ("moderate", gettext_noop("Moderate")),
        ("strict", gettext_noop("Strict")),
    ),
    help=BY_THE_CARD,
)
OPTIONS = (
    Option(
        "goal",
        gettext_noop("Goal"),
        "once",
        choices=(("ten", gettext_noop("10 minutes")), ("once", gettext_noop("Everything once")), ("exam", gettext_noop("For my exam"))),
    ),
    Option("exam", gettext_noop("Day of the exam"), "", "date"),
    CARDS,
    TAG,
    RANGE,
    IN_ORDER,
    ANSWER,
    Option(
        "types",
        gettext_noop("Questions"),
        "mixed",
        choices=(("mixed", gettext_noop("First recognise, then recall")), ("typed", gettext_noop("Recall only, which is harder"))),
    ),
    Option("size", gettext_noop("Questions a round"), SIZE, "number", least=5, most=15),
    STRICTNESS,
    Option("show", gettext_noop("Show me a new card before asking it"), False, "switch"),
    Option("retype", gettext_noop("Write the right answer after a miss"), False, "switch"),
    Option("hints", gettext_noop("Hints"), True, "switch"),
    Option("wait", gettext_noop("Wait for a key after a right answer"), False, "switch"),
    Option("again", gettext_noop("Ask what was recalled today as well"), False, "switch"),
    ALOUD,
    SOUNDS,
)
ISLAND = {"returns": RETURNS}


class Questions(Sequence[Question]):
    """Open questions, each dressed when it is looked at: a set of hundred cards is not dressed for the one that comes next."""

    def __init__(self, desk: Desk, cards: Sequence[str]) -> None:
        self._desk, self._cards = desk, cards

    @overload
    def __getitem__(self, place: int) -> Question: ...
    @overload
    def __getitem__(self, place: slice) -> list[Question]: ...
    def __getitem__(self, place: int | slice) -> Question | list[Question]:
        if isinstance(place, slice):
            return [question_on(self._desk, card) for card in self._cards[place]]
        return question_on(self._desk, self._cards[place])

    def __len__(self) -> int:
        return len(self._cards)

    def __iter__(self) -> Iterator[Question]:
        return (question_on(self._desk, card) for card in self._cards)


def ask(desk: Desk) -> Sequence[Question]:
    """Every card that is not done, those of the open round first."""
    cards, _of_round = visit_on(desk).order()
    return Questions(desk, cards) if cards else []


def visit_on(desk: Desk) -> Visit:
    """The visit as its answers made it."""
    cards: dict[str, Card] = {}
    for place, id in enumerate(desk.hand):
        if id in desk.items and desk.items[id].askable:
            state = desk.memories.get(id)
            cards[id] = Card(id, place, state is None, weak=1 - _recall(desk, state) if desk.options.get("goal") == "ten" else 0.0)
    ways = {id: begun(desk, desk.items[id]) for id in cards}
    for id, way in ways.items():
        cards[id].left = way.stage < DONE
    visit = Visit(cards, int(desk.options.get("size", SIZE)))  # type: ignore[arg-type]
    for answer in desk.answered:
        card = cards.get(answer.card) or Card(answer.card, len(cards), new=False)  # a card that is gone has had its place
        way = ways[answer.card] = stepped(ways.get(answer.card, Way(RECALL)), answer)
        visit.take(card, passed=passed(answer), left=answer.card in cards and way.stage < DONE, at_ms=answer.at_ms)
    return visit


def passed(answer: Answered) -> bool | None:
    """Whether an answer lets a card go on; ``None``: it neither does nor sends it back (a look, a near miss, what nobody has judged)."""
    if answer.outcome is None or answer.label in ("close", "unsure"):
        return False if answer.label == "close" and answer.qtype == "points" else None
    return answer.label == "right" if answer.label else answer.outcome >= 0.5


def placed(desk: Desk, item: Item) -> int:
    """Where a card begins today, by what any mode has proved of it."""
    state, options = desk.memories.get(item.id), desk.options
    if state is not None and not options.get("again"):
        if state.last_ok and state.ok_day == desk.calendar.day(desk.dealt_ms):
            return DONE
        exam_ms = exam_of(desk) if options.get("goal") == "exam" else 0
        if exam_ms > desk.dealt_ms and state.last_ok and recall(state, exam_ms, desk.calendar, desk.model) >= READY:
            return DONE
    if state is not None and ((state.days_ok and state.last_ok) or _recall(desk, state) >= SAFE):
        return _recalling(item)
    if state is None and (options.get("show") or len(desk.items) == 1):
        return LOOK
    return _recalling(item) if options.get("types") == "typed" else RECOGNISE


def begun(desk: Desk, item: Item) -> Way:
    """Where a card begins, and with which of its points: those missed twice that are due by a memory of their own are asked first, and alone of a card that is done."""
    stage, state = placed(desk, item), desk.memories.get(item.id)
    weak = tuple(place for place in (state.fact("weak", ()) if state and _is_list(item) else ()) if place < len(_points(item)))
    return Way(LACKING, missed=weak[:LACKING_MOST]) if weak and stage == DONE else Way(stage, missed=weak)


def _recall(desk: Desk, state: MemoryState | None) -> float:
    return recall(state, desk.dealt_ms, desk.calendar, desk.model) if state else 0.0


def exam_of(desk: Desk) -> int:
    """Noon of the day of the exam, in ms since 1970 UTC; 0: none is set."""
    try:
        day = date.fromisoformat(str(desk.options.get("exam", "")))
    except ValueError:
        return 0
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() * 1000)


def _recalling(item: Item) -> int:
    """Where recall begins: a list is led up to by single points."""
    return POINT if _is_list(item) else RECALL


def _is_list(item: Item) -> bool:
    side = item.front if item.direction == "reversed" else item.back
    return side.kind == "long" and len(side.points) > 1


@dataclass(frozen=True, slots=True)
class Way:
    """How far a card has come. ``led``: single points passed since recall began; ``missed``: points that the last whole list lacked.

    ``heard``: that list was recalled in this very visit, so its lacking points have counted.
    """

    stage: int
    led: int = 0
    missed: tuple[int, ...] = ()
    heard: bool = False
    turn: int = 0
    shown: bool = False
    last: Answered | None = None


def way_on(desk: Desk, card: str) -> Way:
    """How far a card has come, by its own answers."""
    way = begun(desk, desk.items[card])
    for answer in desk.answers_to(card):
        way = stepped(way, answer)
    return way


def stepped(way: Way, answer: Answered) -> Way:
    """Where an answer leads. Right with a hint stays; a miss goes one stage back; what a list lacked is asked point by point.

    A list that was recalled but for some points is done when these were recalled alone; missed, such a point is asked again and the list is not.
    """
    went = passed(answer)
    base = replace(way, turn=way.turn + 1, shown=answer.qtype == "look", last=answer)
    if answer.qtype == "look":
        return replace(base, stage=max(RECOGNISE, way.stage))
    if went is None:
        return base
    if way.stage == LACKING and answer.point is not None:
        rest = tuple(place for place in way.missed if place != answer.point or not went or answer.hints)
        return replace(base, stage=LACKING if rest else DONE, missed=rest[1:] + rest[:1] if rest == way.missed else rest)
    if answer.qtype in ("choice", "tf"):
        return replace(base, stage=max(POINT, way.stage) if went else RECOGNISE, led=0)
    if answer.qtype == "points" and answer.point is not None:
        return replace(base, led=way.led + 1) if went else replace(base, stage=RECOGNISE, led=0)
    if went and not answer.hints and answer.qtype == "points" and answer.missed:
        return replace(base, stage=LACKING, missed=answer.missed[:LACKING_MOST], heard=True)
    if went:
        return base if answer.hints else replace(base, stage=DONE)
    if answer.qtype == "points":
        return replace(base, stage=POINT if answer.missed else RECOGNISE, led=0, missed=answer.missed)
    return replace(base, stage=RECOGNISE, led=0)


def question_on(desk: Desk, card: str) -> Question:
    """What is asked of a card now. What its sides or its set do not allow, the next stage asks."""
    item, way = desk.items[card], way_on(desk, card)
    options = desk.options
    more: dict[str, Any] = {"turn": way.turn, "hand": desk.number, "again": way.last is not None and passed(way.last) is False}
    if way.stage == LOOK:
        return Question(item, "look", direction=item.direction, extra={"first": True}, **more)
    if way.shown and way.last and len(desk.items) == 1:
        more |= {"after_ms": way.last.at_ms, "wait_ms": GAP_MS}
    direction = "auto" if options.get("answer", "auto") == "auto" else item.direction
    dice = random.Random(f"{desk.seed}.{desk.number}.{card}.{way.turn}")
    facts: dict[str, Any] = {"shown": True} if way.shown else {}
    if way.stage == RECOGNISE and options.get("types") != "typed" and (found := _recognised(desk, item, way, dice, direction, facts, more)):
        return found
    more |= {"direction": direction, "strictness": str(options.get("strictness", "auto"))}
    legal = asking.legal(item, direction)
    if way.stage == LACKING and (lone := _lacking(desk, item, way, more)):
        return lone
    if way.stage < RECALL and _is_list(item) and "points" in legal and way.led < _leading(item, way):
        single = asking.points(item, desk.items, point=_point(desk, item, way), facts=facts, **more)
        if single is not None:
            return single
    recalled = None
    if "typed" in legal:
        recalled = asking.typed(item, desk.items, facts=facts, **more)
    elif "points" in legal:
        recalled = asking.points(item, desk.items, facts=facts, **more)
    del more["direction"], more["strictness"]
    return recalled or asking.itself(item, pool=desk.items, facts=facts, **more)


def _recognised(desk: Desk, item: Item, way: Way, dice: random.Random, direction: str, facts: dict[str, Any], more: dict[str, Any]) -> Question | None:
    """One of several; of neighbours in the set every fourth at most is true or false, and none twice."""
    if not way.turn and (item.position + desk.seed) % 4 == 0 and "tf" in asking.legal(item, direction):
        claim = asking.true_false(item, desk.items, dice, direction=direction, facts=facts, **more)
        if claim is not None:
            return claim
    return asking.multiple_choice(item, desk.items, dice, direction=direction, facts=facts, **more)


def _lacking(desk: Desk, item: Item, way: Way, more: dict[str, Any]) -> Question | None:
    """A point that was lacking, asked alone after its list."""
    return asking.points(item, desk.items, point=way.missed[0], facts={"lacking": way.heard}, **(more | {"again": way.last is not None}))


def _leading(item: Item, way: Way) -> int:
    """How many single points come before the whole list."""
    if way.missed:
        return min(2, len(way.missed))
    return 2 if len(_points(item)) >= POINTS_FOR_TWO else 1


def _points(item: Item) -> tuple[Any, ...]:
    return (item.front if item.direction == "reversed" else item.back).points


def _point(desk: Desk, item: Item, way: Way) -> int:
    """The point asked alone: one that was lacking, else by the dice; the second is another than the first."""
    places = [place for place in way.missed if place < len(_points(item))] or list(range(len(_points(item))))
    random.Random(f"{desk.seed}.{item.id}").shuffle(places)
    return places[way.led % len(places)]


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """Recognised or recalled, with its chance of a guess. A point asked alone proves nothing when right: its context was given; missed, the list lacks it."""
    if verdict.score is None or verdict.label in ("seen", "unsure"):
        return None
    facts: dict[str, Any] = {"certain": verdict.certain, "revealed": bool(question.extra.get("shown"))}
    if question.qtype == "self":
        return Evidence("rating", verdict.score, "learn", verdict.rating or (3 if verdict.score >= 0.5 else 1))
    if question.qtype == "choice":
        return Evidence("choice", verdict.score, "learn", options=len(question.choices), **facts)
    if question.qtype == "tf":
        return Evidence("tf", verdict.score, "learn", **facts)
    if question.qtype == "typed":
        return Evidence("near_miss", 0.5, "learn", grade=2, **facts) if verdict.label == "close" else Evidence("typed", verdict.score, "learn", **facts)
    if question.point is not None and question.extra.get("lacking"):  # its list was judged a moment ago, and that it lacked the point has counted
        return None
    if question.point is not None:
        return None if verdict.label == "right" else Evidence("points", min(verdict.score, ONE_OF_MANY), "learn", contradicted=verdict.contradicted, **facts)
    return Evidence("points", verdict.score, "learn", contradicted=verdict.contradicted or _must_missed(question, verdict), **facts)


def _must_missed(question: Question, verdict: Verdict) -> bool:
    """Whether a point that must be there is not."""
    wanted = question.rubric.points if question.rubric else ()
    return any(point.must_have and mark.mark != "covered" for point, mark in zip(wanted, verdict.points, strict=False))


def tally(desk: Desk) -> dict[str, Any]:
    """``left`` and ``recalled`` cards of this hand; ``round``: the open one, how many questions it has, how many are put, and its cards.

    A round that has not begun speaks of the one before it.
    """
    visit = visit_on(desk)
    left = sum(card.left for card in visit.cards.values())
    over = visit.over and left > 0
    now = visit.round
    order, coming = visit.order()
    expected = _expected(visit, order[:coming], twice=desk.options.get("types") != "typed")
    begun = now.slots > 0 or not visit.ended
    recalled = {answer.card for answer in desk.answered if answer.card in visit.cards and not visit.cards[answer.card].left}
    return {
        "left": left,
        "recalled": len(recalled),
        "missed": len({answer.card for answer in desk.answered if passed(answer) is False}),
        "hinted": sum(1 for answer in desk.answered if answer.hints),
        "took_ms": sum(answer.took_ms for answer in desk.answered),
        "round": {
            "number": now.number,
            "of": now.slots if over else max(min(visit.size, now.slots + expected), 1),
            "next": min(visit.size, max(expected, 1)),
            "sorted": now.slots,
            "begun": not over and begun,
            "cards": list(now.cards),
            "began_ms": now.began_ms,
            "last": left == 0,
        },
    }


def _expected(visit: Visit, coming: Sequence[str], *, twice: bool) -> int:
    """How many first questions these cards give in a round: one that begins with being recognised comes ``twice``."""
    return sum(2 if twice and visit.cards[card].new and not visit.cards[card].asked else 1 for card in coming if card not in visit.round.pending)


def figures(*, recalled: int, days: int, answers: int) -> tuple[str, dict[str, int], float]:
    """For the column in Study Analytics: cards recalled in Learn, and on how many days; the number sorts."""
    return FIGURES, {"recalled": recalled, "days": days, "answers": answers}, float(recalled or bool(answers))
