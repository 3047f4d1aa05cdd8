"""What an action promises: all of it is kept or nothing, and its caller hears of it after the COMMIT that covers it."""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.utils import translation

from kartoteka.store import writer
from kartoteka.store.refusals import NotAllowed, NotKept
from kartoteka.store.tests.holding import writer_held
from kartoteka.store.writer import action, handed_over

Person: Any = get_user_model()  # any model will do; the store knows none
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no writer thread")


@action
def add(name: str) -> Any:
    return Person.objects.create(name=name)


@action
def add_and_refuse(name: str) -> None:
    add(name)
    raise NotAllowed("Not this one.")


def names() -> set[str]:
    return set(Person.objects.values_list("name", flat=True))


@pytest.mark.django_db
def test_an_action_within_a_test_runs_where_it_stands() -> None:
    assert add("Anna").name == "Anna"
    with pytest.raises(NotAllowed):
        add_and_refuse("Ben")
    assert names() == {"Anna"}


@pytest.mark.django_db
def test_what_trying_again_may_mend_is_not_kept_and_the_rest_stays_what_it_is() -> None:
    @action
    def fails(error: Exception) -> None:
        raise error

    with pytest.raises(NotKept) as refusal:
        fails(OperationalError("database or disk is full"))
    assert refusal.value.status == 503
    assert "disk" not in str(refusal.value)
    with pytest.raises(IntegrityError):
        fails(IntegrityError("UNIQUE constraint failed"))
    add("Anna")
    with pytest.raises(IntegrityError):
        add("Anna")


@pytest.fixture
def real() -> Iterator[None]:
    """The writer's thread has a connection of its own; a test closes it so that the database can go."""
    yield
    closed = threading.Event()

    def close() -> None:
        connections.close_all()
        closed.set()

    if writer._writer._thread is not None:
        writer._writer.keep(close)
        assert closed.wait(5)


def with_own_connection(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()


def all_at_once(works: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(with_own_connection, work) for work in works]]


@sqlite
@pytest.mark.django_db(transaction=True)
def test_what_an_action_gives_is_committed_already(real: None) -> None:
    add("Anna")
    assert not connection.in_atomic_block
    assert names() == {"Anna"}


@sqlite
@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_kept_and_one_that_fails_takes_none_with_it(real: None) -> None:
    def refused(name: str) -> bool:
        try:
            add_and_refuse(name)
        except NotAllowed:
            return True
        return False

    works: list[Callable[[], Any]] = [lambda n=n: refused(f"bad {n}") if n % 4 == 0 else add(f"good {n}").name for n in range(24)]  # type: ignore[misc]
    found = all_at_once(works)
    assert [one for one in found if one is not True] == [f"good {n}" for n in range(24) if n % 4]
    add("last")  # commits after them
    assert names() == {f"good {n}" for n in range(24) if n % 4} | {"last"}


@sqlite
@pytest.mark.django_db(transaction=True)
def test_where_the_commit_fails_everyone_it_covered_is_told(real: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started, go = threading.Event(), threading.Event()

    @action
    def hold() -> None:
        started.set()
        go.wait(5)

    def told(name: str) -> str:
        try:
            add(name)
        except NotKept:
            return "not kept"
        return "kept"

    with ThreadPoolExecutor(4) as pool:
        held = pool.submit(with_own_connection, hold)
        assert started.wait(5)
        waiting = [pool.submit(with_own_connection, lambda n=n: told(f"lost {n}")) for n in range(3)]  # type: ignore[misc]
        while writer._writer._waiting.qsize() < 3:
            threading.Event().wait(0.005)
        commits = iter((False, True))  # the first is that of the action that is held
        commit = BaseDatabaseWrapper._commit

        def full(self: BaseDatabaseWrapper) -> None:
            if next(commits, False):
                raise OperationalError("database or disk is full")
            commit(self)

        monkeypatch.setattr(BaseDatabaseWrapper, "_commit", full)
        go.set()
        held.result(5)
        assert [one.result(5) for one in waiting] == ["not kept"] * 3
    monkeypatch.undo()
    assert told("after") == "kept"
    assert names() == {"after"}


@sqlite
@pytest.mark.django_db(transaction=True)
def test_the_callers_language_travels_along(real: None) -> None:
    @action
    def language() -> str | None:
        return translation.get_language()

    with translation.override("de"):
        assert language() == "de"
    assert language() == "en"


@sqlite
@pytest.mark.django_db(transaction=True)
def test_an_action_called_by_an_action_is_part_of_it(real: None) -> None:
    @action
    def both() -> None:
        add("Anna")
        add("Ben")
        raise NotAllowed("Neither.")

    with pytest.raises(NotAllowed):
        both()
    add("Cleo")  # commits after it
    assert names() == {"Cleo"}


def handed(work: Callable[[], Any]) -> Any:
    future = handed_over(work)
    assert future is not None
    return future.result(5)


@sqlite
@pytest.mark.django_db(transaction=True)
def test_what_is_handed_over_is_done_by_the_writer_each_action_by_itself(real: None) -> None:
    def some() -> str:
        add("Anna")
        with pytest.raises(NotAllowed):
            add_and_refuse("Ben")
        return threading.current_thread().name

    assert handed(some) == "writer"
    assert names() == {"Anna"}, "committed already"
    with pytest.raises(IntegrityError):
        handed(lambda: add("Anna"))


@sqlite
@pytest.mark.django_db(transaction=True)
def test_what_was_handed_over_together_is_not_kept_where_its_commit_fails(real: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: BaseDatabaseWrapper) -> None:
        raise OperationalError("database or disk is full")

    def told(name: str) -> str:
        add(name)
        return name

    with monkeypatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "_commit", full)
        with writer_held():
            together = [handed_over(lambda name=name: told(name)) for name in ("Anna", "Ben")]  # type: ignore[misc]
        assert [type(one.exception(5)) for one in together if one] == [NotKept, NotKept]
        with pytest.raises(NotKept):
            handed(lambda: told("Ben"))
    with writer_held():
        together = [handed_over(lambda name=name: told(name)) for name in ("Cleo", "Dora")]  # type: ignore[misc]
    assert [one.result(5) for one in together if one] == ["Cleo", "Dora"]
    assert names() == {"Cleo", "Dora"}


@pytest.mark.django_db(transaction=True)
def test_handing_over_from_the_event_loop_makes_no_connection_there(real: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made, make = [], ConnectionHandler.create_connection
    monkeypatch.setattr(ConnectionHandler, "create_connection", lambda self, alias: (made.append(threading.current_thread()), make(self, alias))[1])

    async def hand() -> Any:
        future = handed_over(lambda: "done")
        return future and await asyncio.wrap_future(future)

    assert asyncio.run(hand()) == ("done" if connection.vendor == "sqlite" else None)
    assert threading.main_thread() not in made


@sqlite
@pytest.mark.django_db(transaction=True)
def test_what_was_kept_is_let_go_of_before_somebody_writes_again() -> None:
    class Heavy:
        pass

    @action
    def keep(what: Heavy) -> str:
        return add(what.__class__.__name__).name

    heavy = Heavy()
    held = weakref.ref(heavy)
    assert keep(heavy) == "Heavy"
    del heavy
    until = time.monotonic() + 5
    while held() is not None and time.monotonic() < until:
        time.sleep(0.01)
    assert held() is None
