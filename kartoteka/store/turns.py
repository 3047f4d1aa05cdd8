"""Who works takes turns: on SQLite more threads at once only take the interpreter from each other, at every statement."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

AT_ONCE = 2  # one more than the interpreter, for one may be reading from the disk
NO_LIMIT = 1000  # PostgreSQL works beside the interpreter


class Turns:
    """So many threads work at once. Who waits for the writer lets another one in meanwhile."""

    def __init__(self, at_once: int) -> None:
        self._free = threading.Semaphore(at_once)
        self._mine = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        with self._free:
            self._mine.taken = True
            try:
                yield
            finally:
                self._mine.taken = False

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Nothing for a thread that has no turn."""
        if not getattr(self._mine, "taken", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()


turns = Turns(AT_ONCE if connections[DEFAULT_DB_ALIAS].vendor == "sqlite" else NO_LIMIT)
