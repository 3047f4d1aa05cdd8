"""Keys that sort by time: UUIDv7 (RFC 9562), monotonic within a millisecond."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Iterator

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A new UUIDv7; two calls of one process never go backwards.

    48 bits of Unix milliseconds, then a 74-bit number: random for each new millisecond, counted up within one.
    """
    global _last
    with _lock:
        fresh = (time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(9), "big")
        _last = fresh if fresh > _last else _last + 1
        stamp, rest = _last >> 74, _last & ((1 << 74) - 1)
    return uuid.UUID(int=stamp << 80 | 0x7 << 76 | (rest >> 62) << 64 | 0b10 << 62 | rest & ((1 << 62) - 1))


def reserve(count: int) -> int:
    """The number of the first of so many new UUIDv7 in a row: for rows that are made by the hundred thousand. ``hexes`` says them."""
    global _last
    with _lock:
        first = max((time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(9), "big"), _last + 1)
        _last = first + count
    return first


def hex_of(number: int) -> str:
    """The 32 hex digits of a reserved UUIDv7."""
    rest = number & ((1 << 74) - 1)
    return f"{number >> 74:012x}7{rest >> 62:03x}{1 << 63 | rest & ((1 << 62) - 1):016x}"


def hexes(first: int, count: int) -> Iterator[str]:
    """The hex digits of so many reserved UUIDv7 in a row."""
    while count > 0:
        before, low = hex_of(first)[:-4], first & 0xFFFF
        these = min(count, 0x10000 - low)
        for number in range(low, low + these):
            yield f"{before}{number:04x}"
        first, count = first + these, count - these


def is_uuid7(value: uuid.UUID) -> bool:
    return value.version == 7


def time_of(value: uuid.UUID) -> int:
    """The milliseconds since 1970 UTC that a UUIDv7 carries."""
    return value.int >> 80
