"""Clocks lie, and so does a single measurement of one."""

from __future__ import annotations

from kartoteka.study.clocks import Clocks, corrected

NOW, MINUTE = 1_800_000_000_000, 60_000


def offsets(clocks: Clocks, *measured: int, device: str = "phone") -> list[int]:
    found = [clocks.sent_ms(device, NOW - offset, now_ms=NOW) for offset in measured]
    return [NOW - sent for sent in found if sent is not None]


def test_one_that_was_long_on_its_way_is_outvoted() -> None:
    assert offsets(Clocks(), 40, 60, 9 * MINUTE, 50, 45) == [40, 40, 60, 50, 50]


def test_a_clock_that_was_set_right_is_believed_after_three_times() -> None:
    hour = 60 * MINUTE
    assert offsets(Clocks(), *[hour] * 9, 20, 20, 20, 20)[8:] == [hour, hour, hour, 20, 20]


def test_every_device_has_its_own_and_the_oldest_are_forgotten() -> None:
    clocks = Clocks(most=2)
    assert offsets(clocks, 7 * MINUTE) == [7 * MINUTE]
    assert offsets(clocks, 30, device="laptop") == [30]
    assert offsets(clocks, 31, device="tablet") == [31]
    assert offsets(clocks, 5) == [5], "measured anew"


def test_who_does_not_say_is_not_measured() -> None:
    assert Clocks().sent_ms("phone", None, now_ms=NOW) is None


def test_a_small_error_is_left_alone_and_nothing_lies_in_the_future() -> None:
    assert corrected(NOW - MINUTE, offset_ms=MINUTE, now_ms=NOW) == NOW - MINUTE
    assert corrected(NOW - 60 * MINUTE, offset_ms=50 * MINUTE, now_ms=NOW) == NOW - 10 * MINUTE
    assert corrected(NOW + 60 * MINUTE, offset_ms=0, now_ms=NOW) == NOW
