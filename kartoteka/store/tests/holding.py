"""Keeps the writer busy, for tests of what waits for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from kartoteka.store.writer import handed_over


@contextlib.contextmanager
def writer_held() -> Iterator[None]:
    """The writer is busy meanwhile, so that what is handed to it waits together."""
    started, go = threading.Event(), threading.Event()

    def hold() -> bool:
        started.set()
        return go.wait(5)

    held = handed_over(hold)
    assert held is not None
    assert started.wait(5)
    yield
    go.set()
    assert held.result(5)
