"""The promise of a study mode: ``ask`` what to put now, ``weigh`` what an answer proves.

A mode is a folder with ``rules.py``::

    TITLE = gettext_noop("Flashcards")          ICON = "flashcards"      ORDER = 10
    DEAL = "order"                              how a hand is dealt: "order" (of the deck, or shuffled) or "queue" (what memory needs)
    OPTIONS: tuple[Option, ...]                 what a learner may choose
    def ask(desk: Desk) -> Sequence[Question]   open questions, the next one first; none: the hand is over
    def weigh(question: Question, verdict: Verdict) -> Evidence | None
    def tally(desk: Desk) -> dict[str, Any]     not needed: what the page counts beside position and number
    POOL = True                                 not needed: questions draw wrong answers from other cards of the set
    ISLAND = {...}                              not needed: facts that the mode's island goes by while the server is away
    def pick(items, seed, options) -> list[str] not needed: which of these cards make the hand; LEAST of them, else why_few(items) says why not (TOO_FEW: there are too few of any kind)
    def board(desk) -> dict[str, Any]           not needed: what the page lays out at once, in place of the questions one by one
    def compose(cards, pool, options, seed)     not needed: a paper that is written when one sits down, and frozen; with mix_of, worth, earned and by_chance
    def run(moves, *, pairs, dealt_ms, options) not needed: -> Run, for a mode in which a visit is a run with a time
    COLUMN = gettext_noop("Matching")           not needed: what the mode's column in Study Analytics is called, where TITLE is not it
    def figures(*, recalled, days, answers) -> (words, numbers, value)   not needed: its column in Study Analytics: marked words with their numbers, and a number to sort by
    DAILY = True                                not needed: who comes back on another day begins afresh, and a day can be started over (with option "again")
    AHEAD = 8                                   not needed: how many questions a page is given at most
    POINTS_ALONE = True                         not needed: points missed twice are asked alone when they are due; a dealt memory names them (fact "weak")
    RESUMES = False                             not needed: who comes back begins afresh

All are pure: the same desk asks the same question, so no question is stored and none is taken from a browser on trust. A question's turn is how often its
card was answered in this hand, so it depends on nothing but its own card; after a miss a card that a mode asks again is asked with the next turn.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kartoteka.engine.items import Item
from kartoteka.engine.memory import Calendar, MemoryState
from kartoteka.engine.questions import Question
from kartoteka.engine.state import PLAIN_MODEL, Model


def gettext_noop(text: str) -> str:
    """Marks a text for translation; shelves know no Django, so the door translates it when it is shown."""
    return text


Value = str | int | bool | tuple[str, ...]
FOUR_O_CLOCK = Calendar()


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a learner may choose in a mode's options panel; ``name`` is also the URL parameter.

    ``choices`` are (value, label); ``least`` and ``most`` hold a number. A date is written 2027-06-12, or empty.
    """

    name: str
    label: str
    default: Value
    kind: Literal["choice", "switch", "number", "text", "date"] = "choice"
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer that lies on the desk: which question, and how it went. ``at_ms``: ms since 1970 UTC.

    ``label``: the verdict's; ``missed``: the points (by number) that were not covered.
    """

    question: str
    card: str
    outcome: float | None
    rating: int | None
    flipped: bool
    at_ms: int
    turn: int = 0
    took_ms: int = 0
    label: str = ""
    hints: int = 0
    missed: tuple[int, ...] = ()

    @property
    def qtype(self) -> str:
        return self.question.split(".")[2] if self.question.count(".") == 5 else ""

    @property
    def point(self) -> int | None:
        place = self.question.split(".")[4] if self.question.count(".") == 5 else ""
        return int(place) if place.isascii() and place.isdigit() else None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a mode may look at: the hand, its memories as dealt, what was answered so far, the options and a seed. No clock.

    ``items`` is the pool (it may hold more than the hand: where the mode says ``POOL``, other cards of the set as wrong answers); ``hand`` the card ids
    dealt, in order; ``calendar``: the learner's days; ``model``: the one its memories go by; ``paper``: the questions as they were frozen, for a mode that says ``compose``;
    ``beside``: cards of earlier hands that lie on the desk too, while they wait: the number of their hand, and when it was dealt.
    """

    items: Mapping[str, Item]
    hand: tuple[str, ...]
    memories: Mapping[str, MemoryState]
    answered: tuple[Answered, ...]
    seed: int
    options: Mapping[str, Value]
    number: int = 0
    dealt_ms: int = 0
    calendar: Calendar = FOUR_O_CLOCK
    model: Model = PLAIN_MODEL
    paper: tuple[Question, ...] = ()
    beside: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def number_of(self, card: str) -> int:
        """The hand that a card is from."""
        return self.beside[card][0] if card in self.beside else self.number

    def dealt_at(self, card: str) -> int:
        """When a card was dealt, in ms since 1970 UTC."""
        return self.beside[card][1] if card in self.beside else self.dealt_ms

    def answers_to(self, card: str) -> tuple[Answered, ...]:
        return tuple(a for a in self.answered if a.card == card)

    def narrowed(self, card: str) -> Desk:
        """The same desk with one card in hand: what a mode would ask about it, whatever became of the others."""
        return self.alone(card, self.answers_to(card))

    def alone(self, card: str, answered: tuple[Answered, ...]) -> Desk:
        """The same desk with one card in hand, after these answers. Every answer asks for one, so no field is looked up by its name."""
        return Desk(
            self.items, (card,), self.memories, answered, self.seed, self.options, self.number, self.dealt_ms, self.calendar, self.model,
            self.paper, self.beside,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """One answer of a run with its times by the server's clock, in ms since 1970 UTC.

    ``at_ms``: when it was made, as the browser says; ``received_ms``: when the server heard of it; ``took_ms``: the play since the move before;
    ``note``: what happened since then ("away": the page was out of sight, "paused": the clock was stopped, "plain": there was no clock).
    """

    right: bool
    at_ms: int
    received_ms: int
    took_ms: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What a finished run was worth: ``time_ms`` is the play and the penalties. Records are kept by kind, size and direction.

    ``kept``: the times can be true; ``ranked``: it may be a record; ``fair``: it may stand beside others' times. ``why``: where it may not, why.
    """

    kind: str
    size: int
    direction: str
    elapsed_ms: int
    wrong: int
    time_ms: int
    kept: bool
    ranked: bool
    fair: bool
    why: str = ""


@functools.lru_cache(10_000)
def card_of(question_id: str) -> str:
    """The card a question id speaks of; empty where it is no question id."""
    parts = question_id.split(".")
    return parts[1] if len(parts) == 6 else ""


@functools.lru_cache(10_000)
def hand_of(question_id: str) -> int | None:
    head = question_id.split(".", 1)[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 7 else None


def find(ask: Callable[[Desk], Sequence[Question]], desk: Desk, question_id: str) -> Question | None:
    """The question with this id, if this desk asks it: now, or of its card alone (a late or reordered answer)."""
    card = card_of(question_id)
    if card not in desk.hand:
        return None
    for question in ask(desk):
        if question.id == question_id:
            return question
    return next((q for q in ask(desk.narrowed(card)) if q.id == question_id), None)


def ready(questions: Sequence[Question], now_ms: int) -> Question | None:
    """The question to put now: the first one that need not wait. None: nothing is open, or all of it waits."""
    return next((question for question in questions if question.after_ms + question.wait_ms <= now_ms), None)


def wait_of(questions: Sequence[Question], now_ms: int) -> int:
    """How many milliseconds until one of these may be put."""
    return max(0, min((question.after_ms + question.wait_ms for question in questions), default=now_ms) - now_ms)


CARDS = Option(
    "cards",
    gettext_noop("Cards"),
    "all",
    choices=(
        ("all", gettext_noop("All")),
        ("starred", gettext_noop("Starred")),
        ("unmastered", gettext_noop("Not mastered")),
        ("missed", gettext_noop("Missed last time")),
        ("due", gettext_noop("Due")),
        ("new", gettext_noop("New")),
        ("learning", gettext_noop("Learning")),
        ("fading", gettext_noop("Fading")),
        ("familiar", gettext_noop("Familiar")),
        ("mastered", gettext_noop("Mastered")),
    ),
)
TAG = Option("tag", gettext_noop("Tag"), "", "text")
RANGE = Option("range", gettext_noop("From card to card"), "", "text", help=gettext_noop("Such as 5-20; empty: all of them."))
IN_ORDER = Option("order", gettext_noop("Order"), "deck", choices=(("deck", gettext_noop("As in the set")), ("shuffled", gettext_noop("Shuffled"))))
ANSWER = Option(
    "answer",
    gettext_noop("Answer with"),
    "auto",
    choices=(("auto", gettext_noop("Definition")), ("term", gettext_noop("Term")), ("both", gettext_noop("Both"))),
)
BY_THE_CARD = gettext_noop("By the card: relaxed where both sides are in one language, moderate between two, strict for formulae and code.")
STEPS = Option(
    "steps", gettext_noop("Show long lists point by point"), True, "switch", help=gettext_noop("Space shows the next point, Shift + Enter all of them.")
)
SOUNDS = Option(
    "sounds", gettext_noop("Sounds"), False, "switch", help=gettext_noop("Short tones for right, not this time, and the end. The page says the same in words.")
)
ALOUD = Option("aloud", gettext_noop("Read aloud"), False, "switch", help=gettext_noop("With this device's own voices; nothing is sent anywhere."))
