"""A paper is written: each card as the question the mix says, or, where that cannot be made, as another one."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kartoteka.engine import asking
from kartoteka.engine.items import Item
from kartoteka.engine.questions import Choice, Question
from kartoteka.engine.text import normal
from kartoteka.modes.test.mix import ALONE, KINDS, PAIRS_LEAST, Mix

LETTERS = "ABCDEFGHI"
NEAR = 120  # cards of a large set that wrong answers to one question are drawn from
GUARDS = 400  # cards that a written answer is held against


def written(
    mix: Mix, cards: Mapping[str, Item], pool: Mapping[str, Item], *, direction: str, strictness: str, seed: int, kinds: Sequence[str]
) -> list[Question]:
    """The questions in the order of the mix; the pairs of one matching stand together, where its first card stood."""
    made: dict[str, list[Question]] = {}
    left = dict(mix.asked)
    for number, block in enumerate(mix.blocks):
        pairs = _matching([cards[id] for id in block], {cards[id].note for id in mix.asked}, pool, direction=direction, seed=seed, number=number)
        if pairs:
            place = min((question.item.id for question in pairs), key=list(mix.asked).index)
            made[place] = pairs
            for question in pairs:
                left.pop(question.item.id)
    how = _How(pool, direction, strictness, seed, kinds)
    truths = _truths(how, [cards[id] for id, kind in left.items() if kind == "tf"])
    for id, kind in left.items():
        written_one = how.made(cards[id], kind, truths.get(id))
        if written_one is not None:
            made[id] = [written_one]
    return [question for id in mix.asked for question in made.get(id, ())]


def _truths(how: _How, claims: Sequence[Item]) -> dict[str, bool]:
    """Half of the claims are true, or one more, or one less; only such as could be false as well."""
    fair = [item.id for item in claims if how.claim(item, false=True) is not None]
    dice = random.Random(f"{how.seed}.truths")
    true = len(fair) // 2 + (len(fair) % 2 and dice.getrandbits(1))
    told = [place < true for place in range(len(fair))]
    dice.shuffle(told)
    return dict(zip(fair, told, strict=True))


class _How:
    """What all questions of a paper have in common."""

    def __init__(self, pool: Mapping[str, Item], direction: str, strictness: str, seed: int, kinds: Sequence[str]) -> None:
        self.pool, self.direction, self.strictness, self.seed, self.kinds = pool, direction, strictness, seed, kinds
        self.groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self.guarding: dict[str, Item] = {}
        self.saying: dict[str, list[str]] = defaultdict(list)

    def near(self, item: Item, kind: str) -> Mapping[str, Item]:
        """Of a large set a handful by the dice, of the answer's own kind: wrong answers are as many from these, and a long paper is written quickly."""
        faced = asking.facing(item, kind, self.direction)
        if len(self.pool) <= 2 * NEAR or faced is None:
            return self.pool
        side = item.front if faced == "reversed" else item.back
        group = self._groups()[faced, side.kind, side.lang]
        chosen = group if len(group) <= NEAR else self.dice(item).sample(group, NEAR)
        return {id: self.pool[id] for id in (*chosen, *(other for other in item.confused if other in self.pool), item.id)}

    def guards(self, item: Item) -> Mapping[str, Item]:
        """The other cards a written answer is held against: of a large set the same handful for all questions, and those that say the same as this card."""
        if len(self.pool) <= GUARDS:
            return self.pool
        if not self.guarding:
            chosen = random.Random(f"{self.seed}.guards").sample(sorted(self.pool), GUARDS)
            self.guarding = {id: self.pool[id] for id in chosen}
            for id, one in self.pool.items():
                for said in {normal(one.front.text), normal(one.back.text)} - {""}:
                    self.saying[said].append(id)
        alike = [*self.saying[normal(item.front.text)], *self.saying[normal(item.back.text)]]
        return {**self.guarding, item.id: item, **{id: self.pool[id] for id in alike}}

    def _groups(self) -> dict[tuple[str, str, str], list[str]]:
        if not self.groups:
            for id in sorted(self.pool):
                one = self.pool[id]
                self.groups["forward", one.back.kind, one.back.lang].append(id)
                self.groups["reversed", one.front.kind, one.front.lang].append(id)
        return self.groups

    def dice(self, item: Item) -> random.Random:
        return random.Random(f"{self.seed}.{item.id}")

    def claim(self, item: Item, *, false: bool) -> Question | None:
        return asking.true_false(item, self.near(item, "tf"), self.dice(item), direction=self.direction, true=not false)

    def made(self, item: Item, kind: str, true: bool | None) -> Question | None:
        """The question wanted, else the first of the chosen kinds that can be made of this card, else none but its own words."""
        for one in (kind, *(other for other in (*KINDS, ALONE) if other != kind and (other in self.kinds or other == ALONE))):
            question = self._of_kind(item, one, true)
            if question is not None:
                return question
        return None

    def _of_kind(self, item: Item, kind: str, true: bool | None) -> Question | None:
        if kind == "choice":
            question = asking.multiple_choice(item, self.near(item, "choice"), self.dice(item), direction=self.direction)
            return None if question is None else replace(question, choices=_numbered(question.choices, item))
        if kind == "tf":
            return None if true is None else self.claim(item, false=not true)
        if kind == "typed":
            question = asking.typed(item, self.guards(item), direction=self.direction, strictness=self.strictness)
            return question or asking.finish_the_quote(item, self.dice(item), pool=self.pool, strictness=self.strictness)
        if kind == "points":
            return asking.points(item, self.guards(item), direction=self.direction, strictness=self.strictness)
        return asking.itself(item, pool=self.pool) if kind == ALONE else None


def _numbered(choices: Sequence[Choice], item: Item) -> tuple[Choice, ...]:
    """Choices whose ids tell nothing: a question's id names its card, and browsers read both."""
    return tuple(
        replace(choice, id=str(number), card=item.id if choice.right else "" if choice.id.startswith("own-") else choice.id)
        for number, choice in enumerate(choices, 1)
    )


def _matching(items: Sequence[Item], notes: Collection[str], pool: Mapping[str, Item], *, direction: str, seed: int, number: int) -> list[Question]:
    """One question for each pair, all with the same lettered answers, and one answer more than there are pairs where the set has one."""
    dice = random.Random(f"{seed}.pairs.{number}")
    faced = asking.facing(items[0], "pairs", direction)
    spare = [
        pool[id] for id in sorted(pool) if pool[id].note not in notes and asking.facing(pool[id], "pairs", direction) == faced and _alike(pool[id], items[0])
    ]
    extra = [dice.choice(spare)] if spare else []
    found = asking.pairs([*items, *extra], dice, direction=direction, most=len(items) + 1)
    if found is None:
        return []
    prompts = {prompt["id"]: prompt for prompt in found.extra["prompts"]}
    paired = [item for item in items if item.id in prompts]
    if len(paired) < PAIRS_LEAST:
        return []
    answers = {choice.id: choice.side for choice in found.choices}
    lettered = tuple(Choice(LETTERS[place], choice.side, card=choice.id) for place, choice in enumerate(found.choices))
    made = []
    for place, item in enumerate(paired):
        facing = asking.facing(item, "pairs", direction) or item.direction
        shown = asking.excerpt(item.back if facing == "reversed" else item.front)
        choices = tuple(replace(choice, right=choice.card == item.id) for choice in lettered)
        facts = {"block": number, "place": place, "of": len(paired)}
        made.append(Question(item, "match", direction=facing, shown=shown, asked=answers[item.id], choices=choices, extra=facts))
    return made


def _alike(one: Item, other: Item) -> bool:
    return one.askable and one.direction == other.direction and one.front.kind == other.front.kind and one.back.kind == other.back.kind
