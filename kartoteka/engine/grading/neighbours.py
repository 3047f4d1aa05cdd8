"""What earlier answers to the same card, already marked, say about a new one: near an accepted one it leans to right, near a refused one to wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kartoteka.engine.grading.overlap import Said, said_of
from kartoteka.engine.rubrics import Marked

MOST_MARKED = 50  # of one card; the newest count
MOST_READ = 2_000  # characters of each
NEAR = 3.0  # how much more a near answer counts than a far one
STEADY = 0.5  # a likeness under which nobody is a neighbour
STRANGERS: float = STEADY**NEAR
VOTE = 3.5  # what neighbours of one mind are worth, in log odds


@dataclass(frozen=True, slots=True)
class Known:
    """The marked answers of a card, each by what it consists of; what few of them have says more."""

    answers: tuple[tuple[frozenset[str], float, bool], ...]  # traits, their weight, right
    weights: Mapping[str, float]
    unseen: float

    def weight(self, traits: Iterable[str]) -> float:
        return sum([self.weights.get(trait, self.unseen) for trait in traits])


def traits_of(said: Said) -> frozenset[str]:
    """What an answer consists of: its words, words that stand together, and the sides it takes."""
    run = said.run
    return frozenset([*run, *[f"{a} {b}" for a, b in pairwise(run)], *[f"={pair}{side:+}" for pair, side in said.sense.sides]])


@lru_cache(maxsize=128)
def known_of(marked: tuple[Marked, ...], lang: str) -> Known:
    read = [(traits_of(said_of(one.answer[:MOST_READ], lang)), one.right) for one in marked[-MOST_MARKED:]]
    often = Counter([trait for traits, _ in read for trait in traits])
    weights = {trait: 1 + math.log(len(read) / count) for trait, count in often.items()}
    return Known(tuple((traits, sum([weights[trait] for trait in traits]), right) for traits, right in read), weights, 1 + math.log(len(read) + 1))


def leaning(marked: tuple[Marked, ...], said: Said) -> float:
    """How the marked answers speak for a new one, in log odds: 0 where none is like it."""
    if not marked:
        return 0.0
    known, mine = known_of(marked, said.lang), traits_of(said)
    whole = known.weight(mine) or 1e-9
    votes: float = 0.0
    cast: float = STRANGERS
    for traits, weight, right in known.answers:
        near: float = (2 * known.weight(mine & traits) / (whole + weight)) ** NEAR
        votes += near if right else -near
        cast += near
    return VOTE * votes / cast


def leant(p: float, by: float) -> float:
    """A probability that leans by log odds."""
    if not by:
        return p
    odds = math.log(max(1e-9, p) / max(1e-9, 1 - p)) + by
    return 1 / (1 + math.exp(-odds))
