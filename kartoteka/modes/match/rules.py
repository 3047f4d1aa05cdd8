"""Match: find the pairs on a board. Finding them is practice for the eye and proves nothing, so no memory moves."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question
from kartoteka.modes.base import CARDS, RANGE, SOUNDS, TAG, Desk, Move, Option, Run, Value, gettext_noop
from kartoteka.modes.match.board import choices_for, laid_out, matchable, matched_on, pairs_on, words_of
from kartoteka.modes.match.timing import timed

TITLE = gettext_noop("Match")
COLUMN = gettext_noop("Matching")
ICON = "match"
ORDER = 50
DEAL = "order"
RESUMES = False  # a board is one run: who comes back gets a fresh one
LEAST = 2
USUAL, SURVIVAL = 6, 20
TOO_FEW = gettext_noop("Match needs 2 pairs. Add a card.")
NO_TILES = gettext_noop("Match needs 2 pairs. Cards with blanks, or with nothing but sound on a side, make none.")
TWINS = gettext_noop("Match needs 2 pairs that can be told apart. These cards say the same on one side.")
WAYS = (("timed", gettext_noop("Against the clock")), ("zen", gettext_noop("Without a clock")), ("survival", gettext_noop("Survival: 20 pairs")))
OPTIONS = (
    Option("way", gettext_noop("How to play"), "timed", choices=WAYS),
    Option(
        "pairs",
        gettext_noop("Pairs on the board"),
        "auto",
        choices=(("auto", gettext_noop("6, fewer on a small screen")), *((str(n), str(n)) for n in range(3, 9))),
    ),
    CARDS,
    TAG,
    RANGE,
    Option("answer", gettext_noop("Answer with"), "auto", choices=(("auto", gettext_noop("Definition")), ("term", gettext_noop("Term")))),
    SOUNDS,
    Option(
        "shown",
        gettext_noop("Show my best time to others"),
        False,
        "switch",
        help=gettext_noop("Beside those of others who show theirs, with your name. For all cards, 6 pairs, against the clock."),
    ),
)
ISLAND = {"penalty_ms": 1000, "deal_ms": 500}


def size_of(options: Mapping[str, Value]) -> int:
    """How many pairs a run has, if the set has as many."""
    if options.get("way") == "survival":
        return SURVIVAL
    pairs = str(options.get("pairs", "auto"))
    return int(pairs) if pairs in ("3", "4", "5", "6", "7", "8") else USUAL


def pick(items: Mapping[str, Item], seed: int, options: Mapping[str, Value]) -> list[str]:
    """The cards of a board: by dice, and never two that nobody could tell apart."""
    cards = sorted(items)
    random.Random(f"{seed}.pick").shuffle(cards)
    said = {card: words_of(items[card]) for card in cards if matchable(items[card])}
    chosen: list[str] = []
    for first in said:  # one that is like all others must not be the only one
        chosen = [first]
        for card, words in said.items():
            if len(chosen) == size_of(options):
                break
            if all(words.isdisjoint(said[other]) for other in chosen):
                chosen.append(card)
        if len(chosen) >= LEAST:
            break
    return chosen


def why_few(items: Mapping[str, Item]) -> str:
    """Why no board can be made of these cards."""
    if sum(map(matchable, items.values())) >= LEAST:
        return TWINS
    return NO_TILES if sum(item.askable for item in items.values()) >= LEAST else TOO_FEW


def ask(desk: Desk) -> Sequence[Question]:
    """Every pair that is not found yet. Its question is one move: which of all second tiles is the partner?"""
    pairs, matched = pairs_on(desk), matched_on(desk)
    turns = Counter(answer.card for answer in desk.answered)
    return [
        Question(
            pair.item,
            "match",
            turn=turns[card],
            hand=desk.number,
            direction=pair.item.direction,
            again=turns[card] > 0,
            shown=pair.prompt,
            asked=pair.answer,
            choices=choices_for(pair, pairs.values()),
        )
        for card in desk.hand
        if card not in matched and (pair := pairs.get(card))
    ]


def weigh(question: Question, verdict: Verdict) -> Evidence | None:
    """Exposure: stored, and moves nothing."""
    return None


def tally(desk: Desk) -> dict[str, Any]:
    """How many pairs are found and left, and how many moves were wrong."""
    found = matched_on(desk) & set(desk.hand)
    pairs = sum(1 for card in desk.hand if card in desk.items and desk.items[card].askable)
    wrong = sum(1 for answer in desk.answered if answer.outcome is not None and answer.outcome < 0.5)
    return {"pairs": pairs, "matched": len(found), "left": pairs - len(found), "wrong": wrong, "took_ms": sum(answer.took_ms for answer in desk.answered)}


def board(desk: Desk) -> dict[str, Any]:
    """The tiles as the page lays them."""
    questions = {question.item.id: question.id for question in ask(desk)}
    return laid_out(desk, questions, refills=desk.options.get("way") == "survival")


def run(moves: Sequence[Move], *, pairs: int, dealt_ms: int, options: Mapping[str, Value]) -> Run:
    """What a finished run was worth, if its times can be true."""
    whole = options.get("cards", "all") == "all" and not options.get("tag") and not options.get("range")
    way = str(options.get("way", "timed"))
    direction = str(options.get("answer", "auto"))
    usual = whole and way == "timed" and direction == "auto" and pairs == USUAL
    return timed(moves, pairs=pairs, dealt_ms=dealt_ms, kind=way, direction=direction, usual=usual)
