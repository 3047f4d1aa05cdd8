"""Points missed twice have a memory of their own, from the second miss on."""

from __future__ import annotations

import pytest

from kartoteka.engine.lacking import Heard, memories_of_points, points_due
from kartoteka.engine.memory import Calendar

NOON, HOUR, DAY = 1_767_268_800_000, 3_600_000, 86_400_000


def listed(day: float, *missed: int) -> Heard:
    return Heard(NOON + round(day * DAY), f"s{day}", "learn", 1 - len(missed) / 5, missed=missed)


def alone(day: float, point: int, outcome: float, hints: int = 0) -> Heard:
    return Heard(NOON + round(day * DAY), f"s{day}", "learn", outcome, point, hints=hints)


def test_once_missed_is_remembered_with_its_card_and_twice_by_itself() -> None:
    assert memories_of_points([listed(0, 1, 3), listed(2)], Calendar()) == {}
    assert set(memories_of_points([listed(0, 1, 3), listed(2, 3)], Calendar())) == {3}
    assert set(memories_of_points([listed(0, 1), alone(0, 1, 0.4)], Calendar())) == {1}


def test_it_grows_by_what_is_recalled_and_shrinks_by_what_is_not() -> None:
    missed = [listed(0, 1), listed(2, 1)]
    begun = memories_of_points(missed, Calendar())[1]
    held = memories_of_points([*missed, listed(4)], Calendar())[1]
    lost = memories_of_points([*missed, listed(4), alone(8, 1, 0.0)], Calendar())[1]
    assert held.s6 > begun.s6
    assert lost.s6 < held.s6
    assert lost.lapses == 1 or lost.lapses > held.lapses
    hinted = memories_of_points([*missed, alone(4, 1, 1.0, hints=3)], Calendar())[1]
    assert hinted.s6 <= begun.s6, "what the whole ladder told is no recall"


def test_it_is_due_by_itself_and_the_weakest_comes_first() -> None:
    answers = [listed(0, 1, 2), listed(2, 1, 2), listed(3, 2)]
    when = {"card": "c" * 32, "target": 0.9, "calendar": Calendar()}
    assert points_due(answers, NOON + 3 * DAY + HOUR, **when) == (2,), "the other was recalled an hour ago"  # type: ignore[arg-type]
    assert points_due(answers, NOON + 90 * DAY, **when) == (2, 1)  # type: ignore[arg-type]
    assert points_due([listed(0, 1)], NOON + 90 * DAY, **when) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("answers", [[], [listed(0)], [alone(0, 2, 1.0)]], ids=["none", "whole", "one that was there"])
def test_where_nothing_was_missed_there_is_nothing(answers: list[Heard]) -> None:
    assert memories_of_points(answers, Calendar()) == {}
