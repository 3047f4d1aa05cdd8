"""The clock and the dice of these pages: only a door asks them."""

from __future__ import annotations

import random
import time


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def dice() -> random.Random:
    return random.Random()
