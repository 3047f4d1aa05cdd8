"""Plain SQL for the few statements that every answer makes: the same on both databases.

On SQLite past Django's cursor, which costs as much as such a statement itself; placeholders are ``%s`` on both. Whoever counts or logs
queries still sees them all.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOGGED = settings.DEBUG  # then Django logs all queries; asking its settings each time costs as much again


class _Mine(threading.local):
    """This thread's own connection: looking it up costs as much as a small statement."""

    database: BaseDatabaseWrapper | None = None


_mine = _Mine()


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    if (database := _straight()) is None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    try:
        found: list[tuple[Any, ...]] = database.connection.execute(_marked(sql), params).fetchall()
    except Exception:
        with database.wrap_database_errors:
            raise
    return found


def each(sql: str, params: Sequence[Any], *, at_once: int = 2_000) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement by the thousand: for so many that they need not all be there at once."""
    if (database := _straight()) is None:
        with connections[DEFAULT_DB_ALIAS].chunked_cursor() as cursor:
            cursor.execute(sql, params)
            while rows := cursor.fetchmany(at_once):
                yield from rows
        return
    with database.wrap_database_errors:
        found = database.connection.execute(_marked(sql), params)
        while rows := found.fetchmany(at_once):
            yield from rows


def change(sql: str, params: Sequence[Any]) -> int:
    """Runs a statement; gives how many rows it changed."""
    if (database := _straight()) is None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)
    try:
        return int(database.connection.execute(_marked(sql), params).rowcount)
    except Exception:
        with database.wrap_database_errors:
            raise


def change_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Runs a statement for every one of these rows."""
    if (database := _straight()) is None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.executemany(sql, rows)
        return
    try:
        database.connection.executemany(_marked(sql), rows)
    except Exception:
        with database.wrap_database_errors:
            raise


def pour(sql: str, rows: Iterable[Sequence[Any]], *, at_once: int = 5_000) -> None:
    """Runs an INSERT or UPDATE for rows of our own making by the hundred thousand: on SQLite without its look at every text whether it is JSON, a fifth of such a row's cost."""
    database, waiting = _straight(), iter(rows)
    if database is not None:
        database.connection.execute("PRAGMA ignore_check_constraints=ON")
    try:
        while some := list(islice(waiting, at_once)):
            change_many(sql, some)
    finally:
        if database is not None:
            database.connection.execute("PRAGMA ignore_check_constraints=OFF")


@functools.cache
def native() -> bool:
    """Whether this database has a type of its own for UUIDs; else they are kept as 32 hex digits."""
    return connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field


def _straight() -> BaseDatabaseWrapper | None:
    """This thread's connection where a statement may go past Django's cursor."""
    database = _mine.database
    if database is None:
        database = _mine.database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "sqlite" or database.execute_wrappers or database.force_debug_cursor or LOGGED:
        return None
    if database.connection is None:
        database.ensure_connection()
    return database


@functools.lru_cache(512)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?")
