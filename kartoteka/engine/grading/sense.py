"""What two texts say of the same things beyond their shared words: which of two opposites, of which things, and whether "they" stands for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kartoteka.engine.grading import tables
from kartoteka.engine.grading.word import Word
from kartoteka.engine.grading.words import stems_of

Side = tuple[int, int]  # which pair of opposites, and which of the two: 1 or -1
REACH = 4  # words a denial reaches
_PRONOUNS = {lang: frozenset(words.split()) for lang, words in tables.PRONOUNS.items()}


@lru_cache(maxsize=64)
def opposed(lang: str) -> dict[str, tuple[Side, ...]]:
    """Stem → the sides it takes: "separate" is apart and not together, other and not the same."""
    found: dict[str, dict[int, int]] = {}
    for number, pair in enumerate(tables.SIDES.get(lang, "").replace("\n", " ").split("|")):
        for side, words in zip((1, -1), pair.split("/"), strict=False):
            for word in words.split():
                for stem in stems_of(word, lang):
                    found.setdefault(stem, {}).setdefault(number, side)
    return {stem: tuple(sides.items()) for stem, sides in found.items()}


@dataclass(frozen=True, slots=True)
class Sense:
    """``sides``: the opposites a text takes, denials reckoned in; ``taken``: the same by word; ``things``: its numbers and lettered things."""

    sides: frozenset[Side]
    taken: dict[str, frozenset[Side]]
    things: frozenset[str]
    pronoun: bool


def sense_of(words: Sequence[Word], lang: str) -> Sense:
    known, pronouns = opposed(lang), _PRONOUNS.get(lang, frozenset())
    taken: dict[str, frozenset[Side]] = {}
    things: list[str] = []
    denied, pronoun = 0, False
    for word in words:
        sides = known.get(word.stem)
        if sides:
            taken[word.stem] = frozenset([(pair, -side if denied else side) for pair, side in sides])
            denied = 0
        elif word.kind == "negation":
            denied = REACH
        elif denied:
            denied -= 1
        if word.value is not None or (word.kind == "word" and len(word.norm) == 1):
            things.append(word.stem)
        pronoun = pronoun or word.norm in pronouns
    return Sense(frozenset().union(*taken.values()), taken, frozenset(things), pronoun)


def sensed(ours: Sense, theirs: Sense) -> dict[str, float]:
    """How an answer takes the sides of a reference, as measures for the model."""
    mine = {pair for pair, _ in ours.sides}
    held = {pair for pair, _ in ours.sides & theirs.sides}
    against = [1 for pair, side in ours.sides if (pair, -side) in theirs.sides and pair not in held]
    things = len(ours.things)
    return {
        "side_held": len(held) / len(mine) if mine else 1.0,
        "side_against": float(len(against)),
        "side_missing": float(bool(mine) and not held and not against),
        "things_held": len(ours.things & theirs.things) / things if things else 1.0,
        "things_strange": float(len(theirs.things - ours.things)) if things else 0.0,
        "things_meant": float(bool(things) and not theirs.things and theirs.pronoun),
        "things_none": float(bool(things) and not theirs.things and not theirs.pronoun),
    }
