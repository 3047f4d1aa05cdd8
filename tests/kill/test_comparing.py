"""What the kill test would overlook proves nothing: planted faults that its comparison must see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kill.killing import Compared, compare

TOLD, UNDONE = {"a", "b", "c"}, {"c"}
RIGHT = {"answers": ["a", "b", "c", "on its way"], "undone": ["c"], "standing": 3, "questions": 3, "counted": 3, "wrong": []}


def compared(**planted: Any) -> Compared:
    return compare(TOLD, UNDONE, {**RIGHT, **planted})


def test_a_log_that_holds_everything_once_is_right() -> None:
    assert compared() == Compared(0, 0, 0, [])


@pytest.mark.parametrize("gone", sorted(TOLD))
def test_one_acknowledged_answer_left_out_is_seen(gone: str) -> None:
    left = [answer for answer in RIGHT["answers"] if answer != gone]  # type: ignore[attr-defined]
    assert compared(answers=left).lost == 1


def test_an_answer_that_is_there_twice_is_seen() -> None:
    assert compared(answers=["a", "a", "b", "c"]).doubled == 1
    assert compared(counted=4).doubled == 1
    assert compared(standing=4, counted=3).doubled == 1


def test_an_answer_that_nobody_counted_is_seen() -> None:
    assert "only 2 are counted" in compared(counted=2).wrong[0]


def test_an_undone_answer_that_came_back_is_seen() -> None:
    assert compared(undone=[]).undone_lost == 1


def test_a_memory_that_is_not_what_its_answers_add_up_to_is_seen() -> None:
    assert compared(wrong=["memory of a card"]).wrong == ["memory of a card"]
