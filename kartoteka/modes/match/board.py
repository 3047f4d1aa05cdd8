"""A board of Match: what stands on each tile, where it lies, and which tiles fit together."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kartoteka.engine.formulas import in_words
from kartoteka.engine.items import Item, Side
from kartoteka.engine.questions import Choice
from kartoteka.engine.text import normal
from kartoteka.modes.base import Desk

LETTERS = "ABCDEFGHIJKLMNOP"
CLIP = 90  # signs on a tile; the whole text shows where it is looked at
LONGEST = 600  # signs of the whole text
ON_BOARD, REFILL = 6, 3  # Survival: pairs on the board, and how many come at once, so that two fresh tiles need not belong together
FORMULA = "<math"
DRAWN = ("<img", FORMULA, "<ruby", "<svg")  # what only markup can show
SHORT_FORMULA = 12  # signs: one that is longer does not fit a tile of a phone, and breaks nowhere


@dataclass(frozen=True, slots=True)
class Pair:
    """A card on a board: what its two tiles say this time. ``token`` names the second tile without saying whose it is."""

    item: Item
    prompt: Side
    answer: Side
    token: str

    @property
    def id(self) -> str:
        return self.item.id


def mixed(text: str) -> int:
    """A number made of a text (FNV-1a), the same here and in the island: it hides from a glance, and guards nothing."""
    number = 0x811C9DC5
    for byte in text.encode():
        number = (number ^ byte) * 0x01000193 & 0xFFFFFFFF
    return number


def pair_of(item: Item, seed: int) -> Pair:
    """What the tiles of a card say on the board of this seed: another point or wording of it on another board."""
    prompt, answer = (item.back, item.front) if item.direction == "reversed" else (item.front, item.back)
    token = f"{mixed(f'{seed}.{item.id}'):08x}"
    dice = random.Random(f"{seed}.{item.id}")
    return Pair(item, drawn(prompt, dice), drawn(answer, dice, item.accepted), token)


def drawn(side: Side, dice: random.Random, wordings: Sequence[str] = ()) -> Side:
    """A side as a tile shows it: one point of several, else one of its wordings; pictures, readings and short formulas as they are, long ones read out."""
    if any(mark in side.html for mark in DRAWN if mark != FORMULA) or (FORMULA in side.html and len(side.said) <= SHORT_FORMULA):
        return side
    points = [in_words(point.alone, side.html) for point in side.points] if len(side.points) > 1 else []
    said = dice.choice(points or [side.said, *(wording for wording in wordings if wording.strip())])
    return replace(side, html="", text=clipped(" ".join(said.split()), LONGEST), points=())


def clipped(text: str, most: int = CLIP) -> str:
    """A text of at most so many signs, cut between two words where there are words."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    words = head.rsplit(" ", 1)[0]
    return f"{(words if len(words) > most // 2 else head).rstrip(' ,;:–—')}…"


def matchable(item: Item) -> bool:
    """Whether a card has two sides that a tile can show: no blanks, and no sound alone."""
    if not item.askable or "cloze" in (item.front.kind, item.back.kind):
        return False
    return all(side.text.strip() or any(mark in side.html for mark in DRAWN) for side in (item.front, item.back))


def words_of(item: Item) -> set[str]:
    """What both sides of a card say, and its note. Cards that share any of it are twins: nobody could tell whose partner is whose."""
    return {f"note {item.note}", *(f"says {words}" for side in (item.front, item.back) if (words := normal(side.text)))}


def fits(one: Pair, other: Pair) -> bool:
    """Whether the second tile of one is a partner for the first of the other: its own, or one that says the same."""
    if one.id == other.id:
        return True
    same = ((one.prompt, other.prompt), (one.answer, other.answer), (_whole(one), _whole(other)))
    return any((words := normal(a.text)) != "" and words == normal(b.text) for a, b in same)


def _whole(pair: Pair) -> Side:
    return pair.item.front if pair.item.direction == "reversed" else pair.item.back


def pairs_on(desk: Desk) -> dict[str, Pair]:
    """Every pair of a desk's pool, by card."""
    return {card: pair_of(item, desk.seed) for card, item in sorted(desk.items.items()) if item.askable}


def choices_for(pair: Pair, pairs: Iterable[Pair]) -> tuple[Choice, ...]:
    """All second tiles of the board, in an order that says nothing; those that fit are right."""
    return tuple(Choice(one.token, one.answer, fits(pair, one), one.id) for one in sorted(pairs, key=lambda pair: pair.token))


def matched_on(desk: Desk) -> set[str]:
    """The cards whose partner was found."""
    return {answer.card for answer in desk.answered if answer.outcome is not None and answer.outcome >= 0.5}


def laid_out(desk: Desk, questions: Mapping[str, str], *, refills: bool) -> dict[str, Any]:
    """A board for the page and its island. ``questions``: card → id of its open question; which tiles fit is told in a way that shows nothing.

    ``at``: the cell from 0; ``None``: the tile comes later. A matched tile leaves its place empty.
    """
    pairs, matched = pairs_on(desk), matched_on(desk)
    hand = [card for card in desk.hand if card in pairs]
    out = _out(hand, matched) if refills else len(hand)
    lying = [card for card in hand[:out] if not refills or card not in matched]
    cells = list(range(2 * len(lying)))
    random.Random(f"{desk.seed}.{out if refills else 0}.cells").shuffle(cells)
    at = {(card, side): cells[2 * n + side] for n, card in enumerate(lying) for side in (0, 1)}
    waves = {card: 0 if n < ON_BOARD or not refills else 1 + (n - ON_BOARD) // REFILL for n, card in enumerate(hand)}
    shown = [card for card in hand if not refills or card not in matched]
    terms = [
        {
            **_tile(pairs[card].prompt, at.get((card, 0))),
            "card": card,
            "question": questions.get(card, ""),
            "gone": card in matched,
            "wave": waves[card],
            "fits": [mixed(f"{card}:{other.token}") for other in pairs.values() if fits(pairs[card], other)],
        }
        for card in shown
    ]
    definitions = [{**_tile(pairs[card].answer, at.get((card, 1))), "token": pairs[card].token, "gone": card in matched, "wave": waves[card]} for card in shown]
    terms.sort(key=_place)
    definitions.sort(key=_place)
    count = 2 * (min(len(hand), ON_BOARD) if refills else len(hand))
    return {"terms": terms, "definitions": definitions, "cells": count, "last": LETTERS[min(count, len(LETTERS)) - 1]}


def _out(hand: Sequence[str], matched: set[str]) -> int:
    """How many pairs have come to the board: refilled whenever few are left."""
    out = min(ON_BOARD, len(hand))
    while out < len(hand) and sum(1 for card in hand[:out] if card not in matched) <= ON_BOARD - REFILL:
        out = min(out + REFILL, len(hand))
    return out


def _tile(side: Side, at: int | None) -> dict[str, Any]:
    return {"text": side.said, "short": clipped(side.said), "html": side.html, "lang": side.lang, "at": at, "letter": "" if at is None else LETTERS[at]}


def _place(tile: Mapping[str, Any]) -> tuple[bool, int, int]:
    return tile["at"] is None, tile["at"] or 0, tile["wave"]
