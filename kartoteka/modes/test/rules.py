"""Practice Test: a paper is written once and stays as it is; answers are marked when it is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kartoteka.engine import asking
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question
from kartoteka.modes.base import BY_THE_CARD, CARDS, RANGE, SOUNDS, TAG, Desk, Option, Value, gettext_noop
from kartoteka.modes.test.exporting import EXPORTS as EXPORTS
from kartoteka.modes.test.mix import KINDS, LIST_WORTH, MOST, Mix, mixed
from kartoteka.modes.test.mix import REASONS as REASONS
from kartoteka.modes.test.writing import written

TITLE = gettext_noop("Practice Test")
COLUMN = gettext_noop("Test")
ICON = "test"
ORDER = 40
DEAL = "order"
POOL = True
NAMES = {"mc": "choice", "tf": "tf", "matching": "pairs", "typed": "typed", "points": "points"}  # as options and addresses say it → as the engine does
OPTIONS = (
    Option("n", gettext_noop("How many questions"), 20, "number", most=MOST, help=gettext_noop("0: as many as there can be.")),
    Option(
        "types",
        gettext_noop("Kinds of question"),
        tuple(NAMES),
        choices=(
            ("mc", gettext_noop("Multiple choice")),
            ("tf", gettext_noop("True or false")),
            ("matching", gettext_noop("Matching")),
            ("typed", gettext_noop("Typed")),
            ("points", gettext_noop("Key points")),
        ),
    ),
    CARDS,
    TAG,
    RANGE,
    Option(
        "answer",
        gettext_noop("Answer with"),
        "auto",
        choices=(
            ("auto", gettext_noop("Whichever side is short")),
            ("definition", gettext_noop("Definition")),
            ("term", gettext_noop("Term")),
            ("both", gettext_noop("Both")),
        ),
    ),
    Option("order", gettext_noop("Order"), "shuffled", choices=(("shuffled", gettext_noop("Shuffled")), ("deck", gettext_noop("As in the set")))),
    Option("minutes", gettext_noop("Minutes on the clock"), 0, "number", most=600, help=gettext_noop("0: no clock. At zero what is there is handed in.")),
    Option("pause", gettext_noop("The clock may be stopped"), False, "switch"),
    Option("each", gettext_noop("Marks after each question"), False, "switch", help=gettext_noop("Otherwise all at the end.")),
    Option(
        "strictness",
        gettext_noop("How strictly typed answers are marked"),
        "auto",
        choices=(
            ("auto", gettext_noop("By the card")),
            ("relaxed", gettext_noop("Relaxed: close counts")),
            ("moderate", gettext_noop("Moderate: close counts half")),
            ("strict", gettext_noop("Strict: close does not count")),
        ),
        help=BY_THE_CARD,
    ),
    SOUNDS,
    Option("exam", gettext_noop("Exam conditions"), False, "switch", help=gettext_noop("No hints. Leaving is noted, never punished.")),
)
CLOSE_WORTH = {"relaxed": 1.0, "moderate": 0.5, "strict": 0.0}
BY_CHANCE = ("choice", "tf")


@dataclass(frozen=True, slots=True)
class Written:
    """A paper: its questions, and what the mix promised."""

    questions: tuple[Question, ...]
    mix: Mix

    @property
    def cards(self) -> list[str]:
        return list(dict.fromkeys(question.item.id for question in self.questions))


def mix_of(cards: Sequence[Item], pool: Mapping[str, Item], options: Mapping[str, Value], seed: int) -> Mix:
    """What a paper of these cards would hold."""
    return mixed(cards, pool, n=int(options["n"]), kinds=_kinds(options), direction=_direction(options), seed=seed)  # type: ignore[arg-type]


def compose(cards: Sequence[Item], pool: Mapping[str, Item], options: Mapping[str, Value], seed: int) -> Written:
    """The paper itself. The same cards, options and seed give the same paper."""
    mix = mix_of(cards, pool, options, seed)
    by_id = {item.id: item for item in cards}
    how: Mapping[str, Any] = {"direction": _direction(options), "strictness": str(options["strictness"]), "seed": seed, "kinds": _kinds(options)}
    return Written(tuple(written(mix, by_id, pool, **how)), mix)


def _kinds(options: Mapping[str, Value]) -> list[str]:
    types = options["types"]
    chosen = types if isinstance(types, tuple) else (str(types),)
    return [kind for name, kind in NAMES.items() if name in chosen] or list(KINDS)


def _direction(options: Mapping[str, Value]) -> str:
    return "definition" if options["answer"] == "definition" else "auto"


def ask(desk: Desk) -> Sequence[Question]:
    """The paper's questions that have no answer yet. Before a paper was written, each card by itself, in writing where that can be."""
    answered = {answer.question for answer in desk.answered}
    hand = set(desk.hand)
    if desk.paper:
        return [question for question in desk.paper if question.item.id in hand and question.id not in answered]
    alone = [_alone(desk.items[card], desk) for card in desk.hand if card in desk.items and desk.items[card].askable]
    return [question for question in alone if question.id not in answered]


def _alone(item: Item, desk: Desk) -> Question:
    one = {item.id: item}
    return asking.typed(item, one, hand=desk.number) or asking.points(item, one, hand=desk.number) or asking.itself(item, hand=desk.number)


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """What an answer of a paper proves, by its kind; nothing while it is undecided."""
    if verdict.score is None or verdict.label == "unsure":
        return None
    right = float(verdict.label == "right")
    if question.qtype == "self":
        return Evidence("rating", verdict.score, "test", verdict.rating or 3)
    if question.qtype == "choice":
        return Evidence("choice", right, "test", options=len(question.choices), certain=verdict.certain)
    if question.qtype == "tf":
        return Evidence("tf", right, "test", certain=verdict.certain)
    if question.qtype == "match":
        return Evidence("matching", right, "test", pairs_left=len(question.choices))
    if question.qtype == "points":
        must = any(point.weight > 1 and point.mark in ("missing", "contradicted") for point in verdict.points)
        return Evidence("points", verdict.score, "test", contradicted=verdict.contradicted or must, certain=verdict.certain)
    if verdict.label == "close":
        return Evidence("near_miss", 0.5, "test", grade=2, certain=verdict.certain)
    return Evidence("typed", right, "test", certain=verdict.certain)


def tally(desk: Desk) -> dict[str, Any]:
    return {"left": len(ask(desk))}


def worth(question: Question) -> int:
    """How many points a question gives: one, a list as many as it has points (five at most), blanks one each."""
    if question.qtype != "points" or question.rubric is None:
        return 1
    points = len(question.rubric.points)
    return points if question.answer.kind == "cloze" else min(points, LIST_WORTH)


def earned(question: Question, label: str, score: float | None) -> float:
    """What an answer earned of that. Undecided is nothing until it is decided."""
    if question.qtype == "points":
        return (score or 0.0) * worth(question)
    if label == "close":
        return CLOSE_WORTH[question.rubric.strictness if question.rubric else "moderate"]
    return float(label == "right")


def by_chance(question: Question) -> float:
    """What guessing alone would earn."""
    if question.qtype == "choice":
        return 1 / max(1, len(question.choices))
    return 0.5 if question.qtype == "tf" else 0.0
