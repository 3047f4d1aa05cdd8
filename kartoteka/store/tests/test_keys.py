"""Keys sort by time, also within a millisecond and over threads."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from kartoteka.store.keys import hex_of, hexes, is_uuid7, reserve, time_of, uuid7


def test_keys_never_go_backwards_and_never_repeat() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    with ThreadPoolExecutor(4) as pool:
        more = [key for keys in pool.map(lambda _n: [uuid7() for _ in range(500)], range(8)) for key in keys]
    assert len({*made, *more}) == 9000
    assert all(is_uuid7(key) and key.variant == "specified in RFC 4122" for key in more)


def test_a_key_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = time_of(uuid7())
    assert before - 1 <= made <= time.time_ns() // 1_000_000 + 50  # counted up within a millisecond, it may run ahead a little


def test_keys_in_a_row_are_said_as_each_alone() -> None:
    first = reserve(200_000)  # goes over the last four digits, and over those before
    assert list(hexes(first, 200_000)) == [hex_of(number) for number in range(first, first + 200_000)]
    end = (1 << 74) - 3  # the last of a millisecond
    assert list(hexes(end, 6)) == [hex_of(number) for number in range(end, end + 6)]
    assert list(hexes(first, 0)) == []
