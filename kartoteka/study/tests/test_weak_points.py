"""Points that were missed more than once stand at the end of a visit; those missed once, or of a card that is gone, do not."""

from __future__ import annotations

from dataclasses import replace

from kartoteka.engine.items import Item, Point, Side
from kartoteka.modes.base import Answered, Desk
from kartoteka.study.ending import weak_points

LIST = Side("<ul></ul>", "list", "long", "", (Point("first"), Point("second", ("Rivals",)), Point("third")))
CARD = Item("c" * 32, "n" * 32, "d" * 32, Side("<p>term</p>", "term"), LIST)


def answered(point: str = "", *, outcome: float = 0.5, missed: tuple[int, ...] = (), turn: int = 0) -> Answered:
    return Answered(
        f"0.{CARD.id}.points.f.{point}.{turn}", CARD.id, outcome, None, True, turn, turn, label="wrong" if outcome < 0.5 else "right", missed=missed
    )


def weak(*answers: Answered) -> list[tuple[str, int]]:
    desk = Desk({CARD.id: CARD}, (CARD.id,), {}, answers, 1, {})
    return [(one.text, one.missed) for one in weak_points(desk)]


def test_a_point_missed_twice_is_weak_whether_in_the_list_or_alone() -> None:
    assert weak(answered(missed=(1, 2)), answered("1", outcome=0.0, turn=1)) == [("Rivals: second", 2)]
    assert weak(answered(missed=(2,)), answered(missed=(1, 2), turn=1), answered(missed=(2, 1), turn=2)) == [("third", 3), ("Rivals: second", 2)]


def test_once_missed_or_recalled_alone_is_not_weak() -> None:
    assert weak(answered(missed=(0, 1)), answered("0", outcome=1.0, turn=1)) == []


def test_of_a_card_that_is_gone_or_shorter_now_nothing_is_said() -> None:
    shorter = replace(CARD, back=replace(LIST, points=LIST.points[:1]))
    twice = (answered(missed=(2,)), answered(missed=(2,), turn=1))
    for items in ({}, {CARD.id: shorter}):
        assert weak_points(Desk(items, (CARD.id,), {}, twice, 1, {})) == []
