"""Plain SQL for the few statements that every answer makes: the same on both databases.

On SQLite past Django's cursor, which costs as much as such a statement itself; placeholders are ``%s`` on both. Whoever counts or logs
queries still sees them all.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    database = connections[DEFAULT_DB_ALIAS]
    if not _straight(database):
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    with database.wrap_database_errors:
        found: list[tuple[Any, ...]] = database.connection.execute(_marked(sql), params).fetchall()
        return found


def change(sql: str, params: Sequence[Any]) -> int:
    """Runs a statement; gives how many rows it changed."""
    database = connections[DEFAULT_DB_ALIAS]
    if not _straight(database):
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)
    with database.wrap_database_errors:
        return int(database.connection.execute(_marked(sql), params).rowcount)


def change_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Runs a statement for every one of these rows."""
    database = connections[DEFAULT_DB_ALIAS]
    if not _straight(database):
        with database.cursor() as cursor:
            cursor.executemany(sql, rows)
        return
    with database.wrap_database_errors:
        database.connection.executemany(_marked(sql), rows)


@functools.cache
def native() -> bool:
    """Whether this database has a type of its own for UUIDs; else they are kept as 32 hex digits."""
    return connections[DEFAULT_DB_ALIAS].features.has_native_uuid_field


def _straight(database: BaseDatabaseWrapper) -> bool:
    if database.vendor != "sqlite" or database.execute_wrappers or database.queries_logged:
        return False
    database.ensure_connection()
    return True


@functools.lru_cache(512)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?")
