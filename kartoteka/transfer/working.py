"""Large files are read and kept in the background: seen as they go, cancelled at any moment, and taken up again after a restart."""

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from kartoteka.store.background import Background
from kartoteka.transfer import proposals

log = logging.getLogger("kartoteka.transfer")
LARGE_BYTES = 1_000_000  # what is smaller is read while its sender waits
LARGE_NOTES = 5_000
EVERY = 250  # notes between two looks at whether to go on
AT_ONCE = 2  # a reading child may take 400 MB
T = TypeVar("T")


class Cancelled(Exception):
    """Somebody took the proposal away while it was worked on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is. ``of`` 0: nobody can say how much there is."""

    step: str = "waiting"
    done: int = 0
    of: int = 0

    @property
    def percent(self) -> int | None:
        return min(100, 100 * self.done // self.of) if self.of else None


_work = Background[threading.Event]("transfer", AT_ONCE, log, "A file that came in could not be worked on to its end.")
_now = contextvars.ContextVar[tuple[UUID, threading.Event] | None]("the work in hand", default=None)  # the writer's thread keeps it too


def start(id: UUID, work: Callable[[], object]) -> bool:
    """Begins a piece of work on a proposal; ``False``: it is being worked on already."""
    if working(id):
        return False
    stop, language = threading.Event(), translation.get_language()

    def run() -> None:
        _now.set((id, stop))
        try:
            with translation.override(language):
                work()
        except Cancelled:
            proposals.forget(id)
        finally:
            _now.set(None)

    tell("waiting", of=id)
    return _work.begin(id, stop, run)


def cancel(id: UUID) -> None:
    """Asks the work on a proposal to stop; what it was keeping is not kept."""
    if stop := _work.at(id):
        stop.set()


def working(id: UUID) -> bool:
    return _work.at(id) is not None


def settled(id: UUID, *, patience_s: float) -> bool:
    """Waits until the work on a proposal has ended; whether it has. For tests and for a stopping server."""
    until = time.monotonic() + patience_s
    while working(id) and time.monotonic() < until:
        threading.Event().wait(0.02)
    return not working(id)


def go_on() -> None:
    """Raises ``Cancelled`` where this work was asked to stop; anywhere else it does nothing."""
    here = _now.get()
    if here and here[1].is_set():
        raise Cancelled(_("This was cancelled. Nothing was changed."))


def tell(step: str, done: int = 0, total: int = 0, *, of: UUID | None = None) -> None:
    """Says how far this work is, where somebody may be looking."""
    here = _now.get()
    id = of or (here[0] if here else None)
    if id is not None and proposals.folder(id).is_dir():
        place = proposals.folder(id) / "progress"
        unfinished = place.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(Progress(step, done, total))))
        unfinished.replace(place)


def progress_of(id: UUID) -> Progress:
    try:
        return Progress(**json.loads((proposals.folder(id) / "progress").read_text()))
    except (OSError, ValueError, TypeError):
        return Progress()


class Watched(tuple[T, ...]):
    """Notes that say how far who goes through them is, and stop where that was asked for: inside the transaction, so that nothing is kept by half."""

    watcher: Callable[[int], None]

    @classmethod
    def over(cls, things: Iterable[T], watcher: Callable[[int], None]) -> Watched[T]:
        made = cls(things)
        made.watcher = watcher
        return made

    def __iter__(self) -> Iterator[T]:
        watcher: Any = getattr(self, "watcher", None)
        for number, thing in enumerate(super().__iter__()):
            if watcher and number % EVERY == 0:
                watcher(number)
            yield thing
