"""How an item becomes a question: which ways its sides allow, which of them is put, and by what the answer is judged."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from kartoteka.engine.distractors import MOST_LOOKED_AT, Wanted, draw, excerpt, own_answers, script, side_asked, side_put, twins
from kartoteka.engine.formulas import in_words
from kartoteka.engine.items import Direction, Item, Point, Side
from kartoteka.engine.notes import clipped, words_in
from kartoteka.engine.questions import Choice, Question
from kartoteka.engine.rubrics import Other, Rubric, Strictness
from kartoteka.engine.text import normal

__all__ = [
    "Wanted", "excerpt", "facing", "finish_the_quote", "itself", "legal", "multiple_choice", "pairs", "points", "rubric_of", "true_false", "twins", "typed",
]  # fmt: skip

RECOGNISED = frozenset(("choice", "tf", "pairs"))
OPTIONS_MOST = 4
PAIRS_LEAST, PAIRS_MOST = 2, 8
POINTS_LEAST = 2  # fewer points than this are no list
ENDING_WORDS, ENDING_SIGNS = 3, 6  # what is left out of a quote: so many words, or signs where there are no spaces
FIRST_WORDS = 3  # of a definition, to tell two equal terms apart
OTHER_SIGNS = 300
_MATHS = re.compile(r"<math\b|\\\(|\\\[|\$\$")
_EXACT = re.compile(r"<(?:math|code|pre)\b|\\\(|\\\[|\$\$")
_ENDS = "\"'”’»«」』)].!?…。！？ "


def facing(item: Item, qtype: str, direction: str = "auto") -> Direction | None:
    """Which side is asked for: "forward" the definition, "reversed" the term. ``None``: this type cannot ask it that way.

    Auto: whichever side is short where answers are recognised, else the definition. A quote is shown, never asked.
    """
    if item.back.kind == "cloze":  # its blanks are what is asked
        return "forward"
    free = direction == "auto" and item.direction == "forward"
    wanted: Direction = {"forward": "forward", "definition": "forward", "reversed": "reversed", "term": "reversed"}.get(direction, item.direction)  # type: ignore[assignment]
    if free:
        short_term = item.front.kind == "short" and item.back.kind != "short"
        wanted = "reversed" if qtype in RECOGNISED and short_term and not item.distractors else "forward"
    if qtype == "self" or side_asked(item, wanted).kind != "quote":
        return wanted
    other: Direction = "forward" if wanted == "reversed" else "reversed"
    return other if free and qtype in RECOGNISED and side_asked(item, other).kind != "quote" else None


def legal(item: Item, direction: str = "auto") -> frozenset[str]:
    """The types of question that this item's sides allow (whether a deck has wrong answers for it is another matter)."""
    if not item.askable:
        return frozenset()
    found = {"self"}
    for qtype in ("choice", "tf", "pairs", "typed", "points"):
        faced = facing(item, qtype, direction)
        if faced is not None and _allows(side_asked(item, faced), qtype):
            found.add(qtype)
    return frozenset(found)


def _allows(side: Side, qtype: str) -> bool:
    if qtype in ("tf", "pairs"):
        return side.kind != "cloze"
    if qtype == "typed":
        if side.kind == "media":
            return bool(_MATHS.search(side.html)) and bool(side.text.strip())
        return side.kind in ("short", "medium") or (side.kind == "cloze" and len(side.points) == 1)
    if qtype == "points":
        return (side.kind == "long" and bool(side.points)) or (side.kind == "medium" and bool(side.points)) or (side.kind == "cloze" and len(side.points) > 1)
    return True


def strictness_of(item: Item, faced: Direction, strictness: str = "auto") -> Strictness:
    """Relaxed where both sides are of one language, moderate where they are not, strict for maths and code; unless the learner chose."""
    if strictness in ("relaxed", "moderate", "strict"):
        return strictness  # type: ignore[return-value]
    prompt, answer = side_put(item, faced), side_asked(item, faced)
    if _EXACT.search(answer.html):
        return "strict"
    same = prompt.lang == answer.lang and (script(prompt.text) == script(answer.text) or not script(prompt.text) or not script(answer.text))
    return "relaxed" if same else "moderate"


def rubric_of(item: Item, pool: Mapping[str, Item], direction: str = "auto", strictness: str = "auto", *, only: Sequence[Point] = ()) -> Rubric:
    """By what a written answer is judged. Where two cards share the definition that is shown, either's term is right."""
    faced = facing(item, "typed", direction) or item.direction
    prompt, answer = side_put(item, faced), side_asked(item, faced)
    blanks = answer.kind == "cloze"
    accepted = [point.text for point in answer.points] if blanks and len(answer.points) == 1 else [answer.text]
    others = []
    said = normal(prompt.text)
    for other in _others(item, pool):
        theirs = side_asked(other, faced)
        if not theirs.text.strip():
            continue
        if faced == "reversed" and said and normal(side_put(other, faced).text) == said:
            accepted.append(theirs.text)
        else:
            others.append(Other(other.id, (theirs.points[0].text if theirs.kind == "cloze" and theirs.points else theirs.text)[:OTHER_SIGNS]))
    if faced == item.direction:
        accepted += item.accepted
    marked = tuple(only) or answer.points
    return Rubric(prompt.text, tuple(dict.fromkeys(accepted)), marked, tuple(others), answer.lang, strictness_of(item, faced, strictness))


def _others(item: Item, pool: Mapping[str, Item]) -> list[Item]:
    """The other notes of the pool in one order, each once."""
    by_note = {one.note: one for one in sorted(pool.values(), key=lambda one: one.id, reverse=True) if one.note != item.note}
    return sorted(by_note.values(), key=lambda one: one.id)[: 2 * MOST_LOOKED_AT]


def told_apart(item: Item, pool: Mapping[str, Item], faced: Direction) -> Side:
    """The side as it is put. A term that another card has too gets what tells them apart: a tag of its own, or the first words of its definition."""
    prompt = side_put(item, faced)
    said = normal(prompt.text)
    if faced == "reversed" or not said:
        return prompt
    same = [one for one in pool.values() if one.note != item.note and normal(one.front.text) == said and normal(one.back.text) != normal(item.back.text)]
    if not same:
        return prompt
    theirs = {tag for one in same for tag in one.tags}
    own = next((tag for tag in item.tags if tag not in theirs), "")
    words = own or _first_words(item.back.points[0].text if item.back.points else item.back.text)
    if not words:
        return prompt
    return replace(prompt, html=f"{prompt.html}<p>({escape(in_words(words, item.back.html), quote=False)})</p>", text=f"{prompt.text} ({words})")


def _first_words(text: str) -> str:
    first = " ".join(text.split()[:FIRST_WORDS])
    return clipped(first, 24) if len(first) > 24 else f"{first} …" if len(first) < len(" ".join(text.split())) else first


def _put_short(item: Item, pool: Mapping[str, Item], faced: Direction, dice: random.Random) -> tuple[Side, dict[str, Any]]:
    """The prompt of a question whose answers are recognised: of a long side one point, if it can be one that does not name the answer."""
    side = told_apart(item, pool, faced)
    if side.kind != "long" or not side.points:
        return side, {}
    named = normal(side_asked(item, faced).text)
    others = {normal(point.alone) for one in _others(item, pool) for point in side_put(one, faced).points}
    places = list(range(len(side.points)))
    tests: tuple[Callable[[int], bool], ...] = (
        lambda i: normal(side.points[i].alone) not in others,
        lambda i: not named or named not in normal(side.points[i].alone),
        lambda i: words_in(side.points[i].alone) >= FIRST_WORDS,
    )
    for test in tests:
        places = [i for i in places if test(i)] or places
    chosen = dice.choice(places)
    shown = excerpt(side, chosen)
    return shown, {"excerpt": True, "cut": shown.html.endswith("…</p>")}


def multiple_choice(
    item: Item,
    pool: Mapping[str, Item],
    dice: random.Random,
    *,
    direction: str = "auto",
    turn: int = 0,
    hand: int = 0,
    most: int = OPTIONS_MOST,
    confused: Collection[str] = (),
    **more: Any,
) -> Question | None:
    """One of several; ``None``: no wrong answer may stand beside the right one."""
    faced = facing(item, "choice", direction)
    if faced is None or not item.askable:
        return None
    shown, extra = _put_short(item, pool, faced, dice)
    asked = _asked_short(side_asked(item, faced), dice)
    wrong = draw(Wanted(item, faced, shown, asked), pool, dice, most=max(1, most - 1), confused=confused)
    if not wrong:
        return None
    choices = [Choice(item.id, asked, right=True), *wrong]
    dice.shuffle(choices)
    return _question(item, "choice", faced, turn, hand, shown=shown, asked=asked, choices=tuple(choices), extra=extra, **more)


def _asked_short(side: Side, dice: random.Random) -> Side:
    if side.kind == "cloze":
        return Side(f"<p>{escape(in_words(side.points[0].text, side.html), quote=False)}</p>", side.points[0].text, "short", side.lang) if side.points else side
    return excerpt(side, dice.randrange(len(side.points)) if side.points else None)


def true_false(
    item: Item,
    pool: Mapping[str, Item],
    dice: random.Random,
    *,
    direction: str = "auto",
    true: bool | None = None,
    turn: int = 0,
    hand: int = 0,
    confused: Collection[str] = (),
    **more: Any,
) -> Question | None:
    """Does this go with that? ``None``: no wrong answer may stand there, so “true” would be no answer at all."""
    faced = facing(item, "tf", direction)
    if faced is None or not item.askable or side_asked(item, faced).kind == "cloze":
        return None
    shown, extra = _put_short(item, pool, faced, dice)
    asked = _asked_short(side_asked(item, faced), dice)
    wrong = draw(Wanted(item, faced, shown, asked), pool, dice, most=1, confused=confused)
    holds = dice.random() < 0.5 if true is None else true
    if not wrong and true is not True:
        return None
    claim = Choice(item.id, asked, right=True) if holds else wrong[0]
    extra["question"] = shown.text.rstrip(_ENDS.replace("?", "")).endswith("?")
    return _question(item, "tf", faced, turn, hand, shown=shown, asked=asked, claim=claim, extra=extra, **more)


def typed(
    item: Item, pool: Mapping[str, Item], *, direction: str = "auto", strictness: str = "auto", turn: int = 0, hand: int = 0, **more: Any
) -> Question | None:
    """The answer is written. ``None``: this side is never asked word for word."""
    faced = facing(item, "typed", direction)
    if faced is None or "typed" not in legal(item, direction):
        return None
    rubric = rubric_of(item, pool, direction, strictness)
    return _question(item, "typed", faced, turn, hand, shown=told_apart(item, pool, faced), rubric=rubric, **more)


def points(
    item: Item,
    pool: Mapping[str, Item],
    *,
    point: int | None = None,
    direction: str = "auto",
    strictness: str = "auto",
    turn: int = 0,
    hand: int = 0,
    **more: Any,
) -> Question | None:
    """What one knows is written down and marked point by point; with ``point`` only that one is asked, led to by what stands above it."""
    faced = facing(item, "points", direction)
    if faced is None or "points" not in legal(item, direction):
        return None
    answer = side_asked(item, faced)
    extra: dict[str, Any] = {"of": len(answer.points)}
    asked = None
    only: tuple[Point, ...] = ()
    if point is not None:
        if not 0 <= point < len(answer.points):
            return None
        one = answer.points[point]
        only = (one,)
        alone, above = in_words(one.alone, answer.html), in_words(" › ".join(one.context), answer.html)
        asked = Side(f"<p>{escape(alone, quote=False)}</p>", alone, "medium", answer.lang, only)
        extra |= {"place": point + 1, "context": above, "begins": "" if above else _begins(in_words(one.text, answer.html))}
    rubric = rubric_of(item, pool, direction, strictness, only=only)
    if only:
        rubric = replace(rubric, accepted=(only[0].text,))
    return _question(item, "points", faced, turn, hand, point=point, shown=told_apart(item, pool, faced), asked=asked, rubric=rubric, extra=extra, **more)


def _begins(text: str) -> str:
    """How a point begins, where nothing stands above it: not more than a third of it."""
    words = text.split()
    if len(words) > 1:
        return " ".join(words[: max(1, min(2, len(words) // 3))])
    return text[: max(1, min(3, len(text) // 3))]


def finish_the_quote(
    item: Item, dice: random.Random, *, pool: Mapping[str, Item] | None = None, strictness: str = "relaxed", turn: int = 0, hand: int = 0, **more: Any
) -> Question | None:
    """A quote without its last words, to be finished. ``None``: neither side is one that is long enough."""
    faced: Direction = "forward" if item.front.kind == "quote" else "reversed"
    side = side_put(item, faced)
    if side.kind != "quote":
        return None
    text = " ".join(side.text.split())
    body = text.rstrip(_ENDS)
    tail = text[len(body) :]
    words = body.split(" ")
    if len(words) > 2 * ENDING_WORDS:
        count = dice.randint(2, ENDING_WORDS)
        begin, ending = " ".join(words[:-count]) + " ", " ".join(words[-count:])
    elif len(words) <= 2 and len(body) > 2 * ENDING_SIGNS:
        begin, ending = body[:-ENDING_SIGNS], body[-ENDING_SIGNS:]
    else:
        return None
    shown = Side(f"<p>{escape(begin, quote=False)}<mark>[…]</mark>{escape(tail, quote=False)}</p>", f"{begin}[…]{tail}", "quote", side.lang)
    asked = Side(f"<p>{escape(ending, quote=False)}</p>", ending, "short", side.lang)
    chosen: Strictness = strictness if strictness in ("relaxed", "moderate", "strict") else "relaxed"  # type: ignore[assignment]
    rubric = Rubric(shown.text, (ending,), (), (), side.lang, chosen)
    return _question(item, "typed", item.direction, turn, hand, shown=shown, asked=asked, rubric=rubric, extra={"quote": True}, **more)


def pairs(
    items: Iterable[Item], dice: random.Random, *, direction: str = "auto", turn: int = 0, hand: int = 0, most: int = PAIRS_MOST, **more: Any
) -> Question | None:
    """Several cards to be matched: ``extra["prompts"]`` in their order, ``choices`` shuffled. No two of them say the same. ``None``: fewer than two."""
    kept: list[tuple[Item, Side, Side]] = []
    for item in items:
        faced = facing(item, "pairs", direction)
        if len(kept) == most:
            break
        if (
            faced is None
            or "pairs" not in legal(item, direction)
            or any(item.note == one.note or item.id in twins(one, {item.id: item}) for one, _p, _a in kept)
        ):
            continue
        prompt, answer = excerpt(side_put(item, faced)), excerpt(side_asked(item, faced))
        if any((answer.text == a.text and answer.html == a.html) or (prompt.text == p.text and prompt.html == p.html) for _one, p, a in kept):
            continue
        kept.append((item, prompt, answer))
    if len(kept) < PAIRS_LEAST:
        return None
    choices = [Choice(item.id, answer, right=True) for item, _prompt, answer in kept]
    dice.shuffle(choices)
    prompts = [{"id": item.id, "html": p.html, "text": p.text, "lang": p.lang, "kind": p.kind} for item, p, _answer in kept]
    first = kept[0][0]
    return _question(first, "pairs", first.direction, turn, hand, choices=tuple(choices), extra={"prompts": prompts}, **more)


def itself(item: Item, *, pool: Mapping[str, Item] | None = None, turn: int = 0, hand: int = 0, **more: Any) -> Question:
    """The card as it is: its answer is shown, and the learner says whether it was known."""
    return _question(item, "self", item.direction, turn, hand, shown=told_apart(item, pool, item.direction) if pool else None, **more)


def _question(item: Item, qtype: str, faced: Direction, turn: int, hand: int, *, extra: Mapping[str, Any] | None = None, **more: Any) -> Question:
    return Question(item, qtype, turn=turn, hand=hand, direction=faced, extra=dict(extra or {}) | dict(more.pop("facts", {})), **more)


def own(item: Item) -> list[Choice]:
    """The author's own wrong answers, as they would be shown."""
    return own_answers(item, "forward", item.back.text)
