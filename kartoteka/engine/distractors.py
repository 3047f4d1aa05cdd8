"""Wrong answers that tempt: the author's own first, then what this learner took it for, then what looks and sounds alike; never one that also fits."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kartoteka.engine.items import Direction, Item, Side
from kartoteka.engine.notes import EXCERPT_SIGNS, clipped, words_in
from kartoteka.engine.notes import excerpt as excerpt_of
from kartoteka.engine.questions import Choice
from kartoteka.engine.text import normal, plain

MOST_LOOKED_AT = 120  # cards held against one question, however large the set is
READ_SIGNS = 400  # of a long side only its beginning is compared
LIKE, LIKE_SIGNS = 0.8, 0.85  # from here on two answers say the same
CHANCE = 0.2  # how much the dice count beside likeness: the same four would be learned by their shapes
_ALTERNATIVES = re.compile(r"\s*[/;|]\s*|,\s+")
_NEGATIONS = frozenset(("not", "no", "never", "none", "without", "nicht", "kein", "keine", "nie", "ohne", "nie", "bez", "ne", "pas", "non", "sin", "לא", "لا"))
_NUMBER = re.compile(r"\d+")


def excerpt(side: Side, point: int | None = None, clip: int = EXCERPT_SIGNS) -> Side:
    """A side short enough to stand beside others: one point of a long one with what stands above it. ``text`` stays whole, for who wants to read on."""
    if side.kind in ("short", "media", "cloze"):
        return side
    if side.kind == "long" and side.points:
        chosen = side.points[(point or 0) % len(side.points)]
        return _said(excerpt_of(chosen, clip), chosen.alone, "medium", side.lang)
    text = " ".join(side.text.split())
    return side if len(text) <= clip else _said(clipped(text, clip), text, side.kind, side.lang)


def _said(shown: str, whole: str, kind: str, lang: str) -> Side:
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Side(f"<p>{escaped}</p>", whole, kind, lang)  # type: ignore[arg-type]


def side_put(item: Item, facing: Direction) -> Side:
    return item.back if facing == "reversed" else item.front


def side_asked(item: Item, facing: Direction) -> Side:
    return item.front if facing == "reversed" else item.back


def twins(item: Item, pool: Mapping[str, Item]) -> frozenset[str]:
    """The other notes' cards with a side that says the same as this card's."""
    front, back = normal(item.front.text), normal(item.back.text)
    return frozenset(
        one.id
        for one in pool.values()
        if one.note != item.note and ((front and normal(one.front.text) == front) or (back and normal(one.back.text) == back) or _pictures_alike(item, one))
    )


def _pictures_alike(item: Item, other: Item) -> bool:
    return any(a.kind == "media" and a.html == b.html for a, b in ((item.front, other.front), (item.back, other.back)))


@lru_cache(maxsize=16_384)
def alternatives(text: str) -> frozenset[str]:
    """The forms one of which answers a short side: what stands between slashes, semicolons and commas; and the whole."""
    whole = normal(text[:READ_SIGNS])
    if words_in(whole) > 8:
        return frozenset((whole,))
    return frozenset(part for part in (whole, *(normal(piece) for piece in _ALTERNATIVES.split(whole))) if part)


@lru_cache(maxsize=32_768)
def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text[:READ_SIGNS]))


@lru_cache(maxsize=32_768)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", normal(text[:READ_SIGNS])))


@lru_cache(maxsize=32_768)
def _threes(text: str) -> frozenset[str]:
    padded = f" {normal(text[:READ_SIGNS])} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    both = len(a & b) if a and b else 0
    return both / (len(a) + len(b) - both) if both else 0.0


def likeness(a: str, b: str) -> float:
    """How much two texts look alike, 0…1: words in common, and letters in common."""
    return 0.5 * _share(_words(a), _words(b)) + 0.5 * _share(_threes(a), _threes(b))


def say_the_same(a: str, b: str) -> bool:
    """Whether two answers are one: equal, one a form of the other, or nearly so; other numbers or a “not” make them two."""
    if normal(a) == normal(b) or alternatives(a) & alternatives(b):
        return True
    if _numbers(a) != _numbers(b):
        return False
    first, second = _words(a), _words(b)
    if (first ^ second) & _NEGATIONS:
        return False
    return (min(len(first), len(second)) >= 3 and _share(first, second) >= LIKE) or _share(_threes(a), _threes(b)) >= LIKE_SIGNS


@lru_cache(maxsize=16_384)
def script(text: str) -> str:
    """The script most of a text is written in: LATIN, CYRILLIC, CJK, ARABIC …; empty for numbers and signs."""
    counted: dict[str, int] = {}
    for sign in text[:100]:
        if sign.isalpha():
            name = unicodedata.name(sign, "").partition(" ")[0]
            counted[name] = counted.get(name, 0) + 1
    return max(counted, key=lambda name: (counted[name], name), default="")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a wrong answer is wanted for: the item, which way it faces, and what is shown of each side."""

    item: Item
    facing: Direction
    shown: Side
    asked: Side


def fits_too(wanted: Wanted, other: Item) -> bool:
    """Whether another card's answer would be right here as well, so that it can never stand as a wrong one."""
    item, facing = wanted.item, wanted.facing
    prompt, answer = side_put(other, facing), side_asked(other, facing)
    if answer.kind == "media":
        return answer.html == side_asked(item, facing).html or normal(prompt.text) == normal(side_put(item, facing).text) != ""
    if say_the_same(answer.text, side_asked(item, facing).text) or say_the_same(answer.text, wanted.asked.text):
        return True
    if facing == "forward" and any(say_the_same(answer.text, accepted) for accepted in item.accepted):
        return True
    own = side_put(item, facing)
    if own.kind == "media":
        return prompt.html == own.html
    if say_the_same(prompt.text, own.text):
        return True
    said = normal(wanted.shown.text)
    return any(normal(point.alone) == said or normal(point.text) == said for point in prompt.points)


def _of_a_kind(wanted: Wanted, other: Item, kinds: Collection[str]) -> bool:
    """Of these classes, in the same language, and nothing hidden in it."""
    mine, theirs = side_asked(wanted.item, wanted.facing), side_asked(other, wanted.facing)
    return theirs.kind in kinds and mine.lang == theirs.lang and not theirs.empty


def _temptation(wanted: Wanted, other: Item, side: Side) -> float:
    """How likely a wrong answer is to be taken for the right one; a length within half of the right one's counts most."""
    right = wanted.asked.text
    lengths = sorted((max(1, len(right)), max(1, len(side.text))))
    length = 1.0 if lengths[0] * 2 >= lengths[1] else 0.0
    kin = 0.3 if set(other.tags) & set(wanted.item.tags) else 0.0
    shape = 0.3 if bool(_numbers(right)) == bool(_numbers(side.text)) else 0.0
    spoken = 0.5 if script(right) == script(side.text) else 0.0
    prompts = _share(_words(side_put(wanted.item, wanted.facing).text), _words(side_put(other, wanted.facing).text))
    return length + kin + shape + spoken + likeness(right, side.text) + 0.5 * prompts


def own_answers(item: Item, facing: Direction, right: str) -> list[Choice]:
    """The author's own wrong answers, for the definition; one that says the same as the right answer is passed over."""
    if facing == "reversed":
        return []
    kept: list[Choice] = []
    for number, html in enumerate(item.distractors, 1):
        text = plain(html)
        taken = (right, item.back.text, *item.accepted, *(choice.side.text for choice in kept))
        if text and not any(say_the_same(text, other) for other in taken):
            side = Side(html if "<" in html else _said(text, text, "short", "").html, text, "short", item.back.lang)
            kept.append(Choice(f"own-{number}", side))
    return kept


def draw(wanted: Wanted, pool: Mapping[str, Item], dice: random.Random, *, most: int, confused: Collection[str] = ()) -> list[Choice]:
    """At most so many wrong answers, no two of which say the same. Fewer where there are fewer; none where there is none."""
    chosen = own_answers(wanted.item, wanted.facing, wanted.asked.text)
    if len(chosen) > most:
        chosen = dice.sample(chosen, most)
    if len(chosen) == most:
        return chosen
    for kinds in beside(side_asked(wanted.item, wanted.facing).kind):
        for choice in _drawn(wanted, pool, dice, kinds, {*confused, *wanted.item.confused}):
            if len(chosen) == most:
                break
            if not any(_alike(choice.side, other.side) for other in chosen):
                chosen.append(choice)
        if chosen:
            break
    return chosen


def beside(kind: str) -> tuple[tuple[str, ...], ...]:
    """The classes that may stand beside an answer of a class: its own; where nothing of it fits, short answers and longer ones do for each other."""
    return ((kind,), ("short", "medium")) if kind in ("short", "medium") else ((kind,),)


def _drawn(wanted: Wanted, pool: Mapping[str, Item], dice: random.Random, kinds: Collection[str], taken_for: Collection[str]) -> Iterator[Choice]:
    """Wrong answers of these classes, the most tempting first."""
    ranked: list[tuple[bool, float, str, Side]] = []
    for other in _looked_at(wanted.item, pool, taken_for, dice):
        if not _of_a_kind(wanted, other, kinds):
            continue
        answer = side_asked(other, wanted.facing)
        side = excerpt(answer, dice.randrange(len(answer.points)) if answer.points else None)
        ranked.append((other.id not in taken_for, -_temptation(wanted, other, side) - CHANCE * dice.random(), other.id, side))
    for _stranger, _score, card, side in sorted(ranked, key=lambda one: one[:3]):
        if not _fits(wanted, pool[card], side):
            yield Choice(card, side)


def _fits(wanted: Wanted, other: Item, side: Side) -> bool:
    if fits_too(wanted, other):
        return True
    own = side_asked(wanted.item, wanted.facing)
    return own.kind == "long" and any(say_the_same(side.text, point.text) for point in own.points)


def _alike(a: Side, b: Side) -> bool:
    return a.html == b.html if "media" in (a.kind, b.kind) else say_the_same(a.text, b.text)


def _looked_at(item: Item, pool: Mapping[str, Item], first: Collection[str], dice: random.Random) -> Sequence[Item]:
    """The cards that are held against a question: those it was taken for, and of a large set a handful by the dice."""
    ids = sorted(card for card in pool if pool[card].note != item.note)
    if len(ids) > MOST_LOOKED_AT:
        ids = sorted({*(card for card in first if card in pool and pool[card].note != item.note), *dice.sample(ids, MOST_LOOKED_AT)})
    seen: set[str] = set()
    kept = []
    for card in ids:  # a note of two cards is held against it once
        if pool[card].note not in seen:
            seen.add(pool[card].note)
            kept.append(pool[card])
    return kept
