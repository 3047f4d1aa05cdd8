"""A question kept as it was put: to JSON and back, so that what is changed later changes no paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kartoteka.engine.items import Item, Point, Side
from kartoteka.engine.questions import Choice, Question
from kartoteka.engine.rubrics import Marked, Other, Rubric

Row = dict[str, Any]


def kept(questions: Sequence[Question]) -> Row:
    """Questions as JSON keeps them. What many of them share (cards, choices, the other cards' answers) stands there once."""
    items: dict[str, Item] = {}
    shared: dict[tuple[Choice, ...], int] = {}
    others: dict[str, dict[str, str]] = {"forward": {}, "reversed": {}}
    for question in questions:
        items.setdefault(question.item.id, question.item)
        shared.setdefault(question.choices, len(shared))
        if question.rubric:
            others[question.direction].update((other.card, other.text) for other in question.rubric.others)
    return {
        "items": {id: _item(item) for id, item in items.items()},
        "choices": [[_choice(choice) for choice in choices] for choices in shared],
        "others": others,
        "questions": [_question(question, shared[question.choices], others[question.direction]) for question in questions],
    }


def questions_in(row: Mapping[str, Any]) -> tuple[Question, ...]:
    """The same questions again."""
    if not row:
        return ()
    items = {id: _item_of(one) for id, one in row["items"].items()}
    choices = [tuple(_choice_of(one) for one in some) for some in row["choices"]]
    others = {facing: [Other(card, text) for card, text in sorted(some.items())] for facing, some in row["others"].items()}
    return tuple(_question_of(one, items, choices, others) for one in row["questions"])


def _side(side: Side) -> Row:
    row: Row = {"html": side.html, "text": side.text, "kind": side.kind}
    if side.lang:
        row["lang"] = side.lang
    if side.points:
        row["points"] = [_point(point) for point in side.points]
    return row


def _side_of(row: Mapping[str, Any]) -> Side:
    return Side(row["html"], row["text"], row["kind"], row.get("lang", ""), tuple(_point_of(point) for point in row.get("points", ())))


def _point(point: Point) -> Row:
    return {"text": point.text, "context": list(point.context), "must_have": point.must_have}


def _point_of(row: Mapping[str, Any]) -> Point:
    return Point(row["text"], tuple(row["context"]), row["must_have"])


def _choice(choice: Choice) -> Row:
    return {"id": choice.id, "side": _side(choice.side), "right": choice.right, "card": choice.card}


def _choice_of(row: Mapping[str, Any]) -> Choice:
    return Choice(row["id"], _side_of(row["side"]), row["right"], row["card"])


def _item(item: Item) -> Row:
    return {
        "id": item.id,
        "note": item.note,
        "deck": item.deck,
        "front": _side(item.front),
        "back": _side(item.back),
        "direction": item.direction,
        "position": item.position,
        "tags": list(item.tags),
        "accepted": list(item.accepted),
    }


def _item_of(row: Mapping[str, Any]) -> Item:
    sides = _side_of(row["front"]), _side_of(row["back"])
    told = {"position": row["position"], "tags": tuple(row["tags"]), "accepted": tuple(row["accepted"])}
    return Item(row["id"], row["note"], row["deck"], *sides, row["direction"], **told)


def _question(question: Question, choices: int, others: Mapping[str, str]) -> Row:
    row: Row = {"item": question.item.id, "qtype": question.qtype, "turn": question.turn, "hand": question.hand, "direction": question.direction}
    row |= {"point": question.point, "choices": choices, "extra": dict(question.extra)}
    if question.shown:
        row["shown"] = _side(question.shown)
    if question.asked:
        row["asked"] = _side(question.asked)
    if question.claim:
        row["claim"] = _choice(question.claim)
    if question.rubric:
        row["rubric"] = _rubric(question.rubric, others)
    return row


def _rubric(rubric: Rubric, others: Mapping[str, str]) -> Row:
    known = {other.card for other in rubric.others}
    return {
        "question": rubric.question,
        "accepted": list(rubric.accepted),
        "points": [_point(point) for point in rubric.points],
        "lang": rubric.lang,
        "strictness": rubric.strictness,
        "want_all": rubric.want_all,
        "but": [card for card in others if card not in known],
        **({"marked": [[one.answer, one.right] for one in rubric.marked]} if rubric.marked else {}),
    }


def _question_of(row: Mapping[str, Any], items: Mapping[str, Item], choices: Sequence[tuple[Choice, ...]], others: Mapping[str, Sequence[Other]]) -> Question:
    return Question(
        items[row["item"]],
        row["qtype"],
        turn=row["turn"],
        hand=row["hand"],
        direction=row["direction"],
        point=row["point"],
        shown=_side_of(row["shown"]) if "shown" in row else None,
        asked=_side_of(row["asked"]) if "asked" in row else None,
        choices=choices[row["choices"]],
        claim=_choice_of(row["claim"]) if "claim" in row else None,
        rubric=_rubric_of(row["rubric"], others[row["direction"]]) if "rubric" in row else None,
        extra=row["extra"],
    )


def _rubric_of(row: Mapping[str, Any], others: Sequence[Other]) -> Rubric:
    but = set(row["but"])
    return Rubric(
        row["question"],
        tuple(row["accepted"]),
        tuple(_point_of(point) for point in row["points"]),
        tuple(other for other in others if other.card not in but),
        row["lang"],
        row["strictness"],
        row["want_all"],
        tuple(Marked(answer, right) for answer, right in row.get("marked", ())),
    )
