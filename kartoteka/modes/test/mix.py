"""How many questions of which kind: an even split, then repaired until every card can be asked as its question says."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kartoteka.engine.asking import facing, finish_the_quote, legal
from kartoteka.engine.distractors import beside
from kartoteka.engine.items import Item, Side
from kartoteka.engine.text import normal
from kartoteka.modes.base import gettext_noop

KINDS = ("choice", "tf", "pairs", "typed", "points")
ALONE = "self"  # the learner judges: where nothing else is legal for any card
MOST = 500  # questions of a paper
PAIRS_LEAST, PAIRS_MOST = 2, 8
LIST_LEAST = 2  # fewer points are no list
LIST_WORTH = 5  # a longer list is worth no more
SECONDS = {"choice": 20, "tf": 15, "pairs": 15, "typed": 30, "self": 20}
POINT_SECONDS = 25
REASONS = {
    "choice": gettext_noop("No card here has wrong answers that could stand beside the right one."),
    "tf": gettext_noop("No card here has a wrong answer that could be claimed."),
    "pairs": gettext_noop("Fewer than two cards here can be told apart on sight."),
    "typed": gettext_noop("No card here has an answer short enough to type."),
    "points": gettext_noop("No card here has a list as its answer."),
}


@dataclass(frozen=True, slots=True)
class Mix:
    """What is on a paper before it is written: ``asked`` says of each card how, in the order of the cards.

    ``blocks``: how many pairs each matching has; ``lists``: how many points each list has; ``legal``: how many cards each kind could ask;
    ``most``: how many questions there could be at most.
    """

    asked: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[tuple[str, ...], ...] = ()
    lists: tuple[int, ...] = ()
    legal: Mapping[str, int] = field(default_factory=dict)
    most: int = 0

    @property
    def n(self) -> int:
        return len(self.asked)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(self.asked.values())
        return {kind: found[kind] for kind in (*KINDS, ALONE) if found[kind]}

    @property
    def minutes(self) -> int:
        seconds = sum(SECONDS.get(kind, 0) for kind in self.asked.values()) + POINT_SECONDS * sum(self.lists)
        return max(1, round(seconds / 60))


def mixed(cards: Sequence[Item], pool: Mapping[str, Item], *, n: int, kinds: Iterable[str], direction: str = "auto", seed: int = 0) -> Mix:
    """Which of these cards are asked, and how. The same arguments give the same mix.

    ``n`` 0: all that can be. A note is asked once before it is asked in its other direction.
    """
    chosen = [kind for kind in KINDS if kind in set(kinds)]
    known = rivals(pool)
    possible = {item.id: ways(item, known, direction) for item in cards}
    _pairs_that_face_alike(cards, possible, direction)
    counted = {kind: sum(kind in some for some in possible.values()) for kind in KINDS}
    open_to = {id: {kind for kind in chosen if kind in some} for id, some in possible.items()}
    if not any(open_to.values()):
        open_to = {item.id: {ALONE} for item in cards if item.askable}
    order = _drawn([item for item in cards if open_to.get(item.id)], seed)
    wanted = min(n or MOST, MOST, len(order))
    asked = _assigned([item.id for item in order], open_to, wanted, chosen or [ALONE])
    placed = {item.id: asked[item.id] for item in cards if item.id in asked}
    by_id = {item.id: item for item in cards}
    blocks = _blocks([id for id, kind in placed.items() if kind == "pairs"], seed)
    lists = tuple(len(points_of(by_id[id], direction)) for id, kind in placed.items() if kind == "points")
    return Mix(placed, blocks, lists, counted, min(MOST, len(order)))


def asked_side(item: Item, kind: str, direction: str) -> Side | None:
    faced = facing(item, kind, direction)
    return None if faced is None else item.front if faced == "reversed" else item.back


def points_of(item: Item, direction: str) -> tuple[object, ...]:
    side = asked_side(item, "points", direction)
    return side.points if side else ()


def rivals(pool: Mapping[str, Item]) -> dict[tuple[str, str, str], set[str]]:
    """What the answers of a set say, by the way they are asked, class and language: a wrong answer is one of these that says something else."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for item in pool.values():
        for faced, side in (("reversed", item.front), ("forward", item.back)):
            found[faced, side.kind, side.lang].add(_said(side))
    return found


def _said(side: Side) -> str:
    return side.html if side.kind == "media" else normal(side.text)


def ways(item: Item, known: Mapping[tuple[str, str, str], set[str]], direction: str) -> set[str]:
    """The kinds of question that can be made of a card, as far as can be told without making one."""
    allowed = legal(item, direction)
    found = {"pairs"} & allowed
    for kind in ("choice", "tf"):
        side, faced = asked_side(item, kind, direction), str(facing(item, kind, direction))
        if kind in allowed and side is not None and (item.distractors or _others(side, faced, known)):
            found.add(kind)
    if "typed" in allowed or finish_the_quote(item, random.Random(0)) is not None:
        found.add("typed")
    if "points" in allowed and len(points_of(item, direction)) >= LIST_LEAST:
        found.add("points")
    return found


def _others(side: Side, faced: str, known: Mapping[tuple[str, str, str], set[str]]) -> bool:
    """Whether anything else could stand beside an answer."""
    return any(known.get((faced, kind, side.lang), set()) - {_said(side)} for kind in beside(side.kind)[-1])


def _pairs_that_face_alike(cards: Sequence[Item], possible: Mapping[str, set[str]], direction: str) -> None:
    """A matching asks one way: for all its terms, or for all its definitions. And two that say the same are never both on it."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in cards:
        if "pairs" in possible[item.id]:
            groups[str(facing(item, "pairs", direction))].append(item)
    largest = max(groups.values(), key=len, default=[])
    seen: set[str] = set()
    kept: set[str] = set()
    for item in largest:
        sides = {f"f {_said(item.front)}", f"b {_said(item.back)}", f"n {item.note}"}
        if not sides & seen:
            seen |= sides
            kept.add(item.id)
    for item in cards:
        if item.id not in kept or len(kept) < PAIRS_LEAST:
            possible[item.id].discard("pairs")


def _drawn(cards: Sequence[Item], seed: int) -> list[Item]:
    """The cards in the order in which they are taken: by dice, the second card of a note after all first ones."""
    shuffled = list(cards)
    random.Random(f"{seed}.drawn").shuffle(shuffled)
    seen: Counter[str] = Counter()
    ranked = []
    for item in shuffled:
        ranked.append((seen[item.note], item))
        seen[item.note] += 1
    return [item for _rank, item in sorted(ranked, key=lambda pair: pair[0])]


def shares(n: int, room: Mapping[str, int]) -> dict[str, int]:
    """So many in even shares; what one kind has no room for goes to the others."""
    got = dict.fromkeys(room, 0)
    for _ in range(n):
        free = [kind for kind in room if got[kind] < room[kind]]
        if not free:
            break
        got[min(free, key=lambda kind: got[kind])] += 1
    return got


def _assigned(order: Sequence[str], open_to: Mapping[str, set[str]], n: int, kinds: Sequence[str]) -> dict[str, str]:
    room = {kind: sum(kind in open_to[id] for id in order) for kind in kinds}
    want = shares(n, room)
    asked: dict[str, str] = {}
    _give(order[:n], open_to, want, asked)
    _give(order[n:], open_to, want, asked)
    _swap(order, open_to, want, asked)
    counts = Counter(asked.values())
    for id in order:
        if len(asked) >= n:
            break
        if id not in asked:
            asked[id] = min(sorted(open_to[id]), key=lambda kind: counts[kind])
            counts[asked[id]] += 1
    _no_single_pair(order, open_to, asked)
    return asked


def _give(cards: Sequence[str], open_to: Mapping[str, set[str]], want: dict[str, int], asked: dict[str, str]) -> None:
    """Those that can be asked in fewest ways first, each as the kind that lacks most."""
    supply = Counter(kind for id in cards for kind in open_to[id])
    for id in sorted(cards, key=lambda id: len(open_to[id])):
        lacking = [kind for kind in want if want[kind] > 0 and kind in open_to[id]]
        for kind in open_to[id]:
            supply[kind] -= 1
        if lacking:
            best = max(lacking, key=lambda kind: want[kind] / (supply[kind] + 1))
            asked[id] = best
            want[best] -= 1


def _swap(order: Sequence[str], open_to: Mapping[str, set[str]], want: dict[str, int], asked: dict[str, str]) -> None:
    """A kind that still lacks takes a card from another kind that has one to spare it."""
    for kind in [kind for kind in want if want[kind] > 0]:
        for id in order:
            if want[kind] <= 0:
                break
            if id in asked and asked[id] != kind and kind in open_to[id]:
                spare = next((other for other in order if other not in asked and asked[id] in open_to[other]), None)
                if spare is not None:
                    asked[spare], asked[id] = asked[id], kind
                    want[kind] -= 1


def _no_single_pair(order: Sequence[str], open_to: Mapping[str, set[str]], asked: dict[str, str]) -> None:
    """One pair is no matching: it gets a second one, or becomes another question."""
    single = [id for id, kind in asked.items() if kind == "pairs"]
    if len(single) != 1:
        return
    counts = Counter(asked.values())
    others = [id for id in order if id in asked and asked[id] != "pairs" and "pairs" in open_to[id]]
    if others:
        asked[max(others, key=lambda id: counts[asked[id]])] = "pairs"
        return
    elsewhere = sorted(open_to[single[0]] - {"pairs"})
    if elsewhere:
        asked[single[0]] = min(elsewhere, key=lambda kind: counts[kind])
        return
    spare = next((id for id in order if id not in asked and "pairs" in open_to[id]), None)
    if spare is None:
        del asked[single[0]]
    else:
        asked[spare] = "pairs"
        dropped = next((id for id in reversed(order) if id in asked and asked[id] != "pairs"), None)
        if dropped is not None:
            del asked[dropped]


def _blocks(pairs: Sequence[str], seed: int) -> tuple[tuple[str, ...], ...]:
    """Pairs in blocks of two to eight, as even as can be."""
    if len(pairs) < PAIRS_LEAST:
        return ()
    shuffled = list(pairs)
    random.Random(f"{seed}.blocks").shuffle(shuffled)
    many = -(-len(shuffled) // PAIRS_MOST)
    return tuple(tuple(shuffled[place::many]) for place in range(many))
