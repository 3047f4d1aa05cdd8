"""Turns: so many work at once, and who waits lets another one in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kartoteka.store.turns import Turns


def test_no_more_work_at_once_than_there_are_turns() -> None:
    turns, lock, at_work, most = Turns(2), threading.Lock(), 0, 0

    def work() -> None:
        nonlocal at_work, most
        with turns.taken():
            with lock:
                at_work += 1
                most = max(most, at_work)
            threading.Event().wait(0.002)
            with lock:
                at_work -= 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work) for _ in range(40)]:
            done.result(5)
    assert most == 2


def test_who_waits_lets_another_one_in_and_goes_on_with_a_turn_of_its_own() -> None:
    turns, worked = Turns(1), threading.Event()

    def wait() -> bool:
        with turns.taken(), turns.let_go():
            return worked.wait(5)

    def work() -> None:
        with turns.taken():
            worked.set()

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(wait)
        pool.submit(work).result(5)
        assert waiting.result(5)
        worked.clear()
        with turns.taken():
            late = pool.submit(work)
            assert not worked.wait(0.05), "the one turn is taken"
        late.result(5)


def test_a_failure_gives_the_turn_back_and_who_has_none_lets_nothing_go() -> None:
    turns, worked = Turns(1), threading.Event()
    for _ in range(3):
        with pytest.raises(ValueError, match="no"), turns.taken(), turns.let_go():
            raise ValueError("no")

    def work() -> None:
        with turns.taken():
            worked.set()

    with ThreadPoolExecutor(1) as pool:
        with turns.let_go(), turns.taken():
            late = pool.submit(work)
            assert not worked.wait(0.05), "one turn, not two"
        late.result(5)
