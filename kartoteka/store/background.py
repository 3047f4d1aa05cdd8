"""Work that goes on behind a request: some pieces at once, none twice at a time, and seen while it goes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from logging import Logger
from typing import Generic, TypeVar
from uuid import UUID

from django.db import close_old_connections

T = TypeVar("T")


class Background(Generic[T]):
    """``at_once`` threads and what each piece of work is at, by the id of what it is for. What fails is written to ``log`` under ``sentence``."""

    def __init__(self, name: str, at_once: int, log: Logger, sentence: str) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._at: dict[UUID, T] = {}
        self._lock = threading.Lock()
        self._log, self._sentence = log, sentence

    def begin(self, id: UUID, at: T, work: Callable[[], object]) -> bool:
        """Begins a piece of work; ``False``: there is one for this id already, and it goes on."""
        with self._lock:
            if id in self._at:
                return False
            self._at[id] = at
        self._pool.submit(self._run, id, work)
        return True

    def at(self, id: UUID) -> T | None:
        """What the work for this id is at; ``None``: there is none here."""
        with self._lock:
            return self._at.get(id)

    def now_at(self, id: UUID, at: T) -> None:
        """Notes how far it is; where it has ended, nothing."""
        with self._lock:
            if id in self._at:
                self._at[id] = at

    def _run(self, id: UUID, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            self._log.exception(self._sentence)
        finally:
            close_old_connections()
            with self._lock:
                self._at.pop(id, None)
