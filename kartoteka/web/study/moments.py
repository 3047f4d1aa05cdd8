"""The clock and the dice of these pages: only a door asks them; and the draw that an address names."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

MOST_SEED = 2**48


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def dice() -> random.Random:
    return random.Random()


def draw() -> int:
    """A draw number of its own for what is to be shuffled."""
    return dice().getrandbits(48)


def draw_in(params: Mapping[str, Any]) -> int | None:
    """The draw number that an address or a form names; ``None``: it names none."""
    text = str(params.get("seed", ""))
    return int(text) % MOST_SEED if text.isascii() and text.isdigit() and len(text) < 16 else None
