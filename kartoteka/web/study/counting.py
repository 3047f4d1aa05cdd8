"""Numbers for words that are counted in the browser, and long lists in chunks that it lays out as they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SAMPLES = (1, 2, 5)  # numbers that between them take every form a language has for counting: the island picks one by the rules of its language
SMALL_PAPER = 20  # so many questions stand on a page at once
CHUNK = 5
INDEX = 50  # links in a row of the index


def chunked(many: Sequence[T], small: int, size: int) -> list[Sequence[T]]:
    """A list in chunks; one that is small stays whole."""
    if len(many) <= small:
        return [many] if many else []
    return [many[start : start + size] for start in range(0, len(many), size)]
