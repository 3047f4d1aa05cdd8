"""How a change is kept: one writer thread with group commit on SQLite, a plain transaction on PostgreSQL.

An *action* runs in its own savepoint; its caller gets the result only after the COMMIT that covers it. Who has nothing to do but to wait for
actions hands the whole of it over (``handed_over``): what is done in the writer's own thread changes no threads.
"""

from __future__ import annotations

import contextvars
import functools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.store.refusals import NotKept
from kartoteka.store.turns import turns

P = ParamSpec("P")
T = TypeVar("T")

MOST_IN_A_COMMIT = 64
HAS_WRITER = connection.vendor == "sqlite"  # asked once: in the event loop every question to ``connection`` makes one of its own
ROLLED_BACK = "the transaction was rolled back"
_inside = contextvars.ContextVar("inside an action", default=False)


def action(function: Callable[P, T]) -> Callable[P, T]:
    """Makes a function an action: all of it is kept, or nothing.

    An action called by an action runs inside it. Raises ``NotKept`` where the database cannot keep it.
    """

    @functools.wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        if _inside.get():
            return function(*args, **kwargs)
        work = functools.partial(_act, function, *args, **kwargs)
        # A caller in a transaction of its own (a test that rolls back) would not see what the thread commits.
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return _in_a_transaction(work)
        return _writer.keep(work)

    return kept


def handed_over(work: Callable[[], T]) -> Future[T] | None:
    """Has the writer's thread do this, actions and all. What it gives is known only after the COMMIT that covers its actions; where that is one with
    others' and fails, it is ``NotKept``. ``None``: this database has no such thread.
    """
    return _writer.hand_over(work) if HAS_WRITER else None


def _act(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    token = _inside.set(True)
    try:
        return function(*args, **kwargs)
    finally:
        _inside.reset(token)


def _in_a_transaction(work: Callable[[], T]) -> T:
    try:
        with transaction.atomic():
            return work()
    except DatabaseError as error:
        raise _not_kept(error) from error


def _not_kept(error: BaseException) -> Exception:
    """Only what trying again may mend is ``NotKept``; a broken constraint or wrong SQL stays what it is."""
    if not isinstance(error, OperationalError):
        return error if isinstance(error, Exception) else RuntimeError(str(error))
    return NotKept(_("This could not be saved just now. Nothing was changed; try again in a moment."))


def _as_here(work: Callable[[], T]) -> Callable[[], T]:
    """The same work with the language and time zone of this thread: Django ties both to a thread, and a context alone does not carry them.

    It runs in a context of its own, so that nothing need be put back.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def there() -> T:
        if language:
            translation.activate(language)
        else:
            translation.deactivate_all()
        timezone.activate(zone)
        return work()

    return there


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    context: contextvars.Context
    whole: bool = False  # handed over: its actions are what is kept or not, each by itself
    answer: Future[Any] = field(default_factory=Future)
    result: Any = None


class _Writer:
    """The one thread that writes. It takes whatever waits (at most 64), commits once, then answers all of them."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def keep(self, work: Callable[[], T]) -> T:
        if threading.current_thread() is self._thread:
            return _in_a_transaction(work)
        self._ensure_running()
        job = _Job(_as_here(work), contextvars.copy_context())
        self._waiting.put(job)
        with turns.let_go():
            result: T = job.answer.result()
        return result

    def hand_over(self, work: Callable[[], T]) -> Future[T]:
        self._ensure_running()
        job = _Job(work, contextvars.copy_context(), whole=True)
        job.answer.set_running_or_notify_cancel()  # nobody can call it off any more
        self._waiting.put(job)
        return job.answer

    def _ensure_running(self) -> None:
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            jobs = [self._waiting.get()]
            while len(jobs) < MOST_IN_A_COMMIT and not self._waiting.empty():
                jobs.append(self._waiting.get())
            self._keep_all(jobs)
            del jobs  # what was kept is not held in memory until somebody writes again

    def _keep_all(self, jobs: list[_Job]) -> None:
        if len(jobs) == 1:
            self._keep_alone(jobs[0])
            return
        done: list[_Job] = []
        try:
            with transaction.atomic():
                for job in jobs:
                    if self._keep_one(job):
                        done.append(job)
                # A savepoint that could not be rolled back makes Django roll back everything, without a word.
                if connection.get_rollback():
                    raise OperationalError(ROLLED_BACK)
        except BaseException as error:  # the COMMIT itself failed: none of them was kept, and each must hear it
            connection.close()
            for job in jobs:
                if not job.answer.done():
                    job.answer.set_exception(_not_kept(error))
            return
        for job in done:
            job.answer.set_result(job.result)

    def _keep_alone(self, job: _Job) -> None:
        """Nobody else waits: the transaction itself is the savepoint; of what was handed over each action is a transaction."""
        try:
            if job.whole:
                connection.close_if_unusable_or_obsolete()
                job.result = job.context.run(job.work)
            else:
                with transaction.atomic():
                    job.result = job.context.run(job.work)
                    if connection.get_rollback():
                        raise OperationalError(ROLLED_BACK)
        except BaseException as error:
            if isinstance(error, OperationalError):
                connection.close()
            job.answer.set_exception(_not_kept(error))
            return
        job.answer.set_result(job.result)

    def _keep_one(self, job: _Job) -> bool:
        try:
            with nullcontext() if job.whole else transaction.atomic():
                job.result = job.context.run(job.work)
        except Exception as error:
            job.answer.set_exception(_not_kept(error))
            return False
        return True


_writer = _Writer()
