"""Plain SQL for the few statements that every answer makes: the same on both databases.

On SQLite past Django's cursor, which costs as much as such a statement itself; placeholders are ``%s`` on both. Whoever counts or logs
queries still sees them all.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.db import connection


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    if not _straight():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    with connection.wrap_database_errors:
        found: list[tuple[Any, ...]] = connection.connection.execute(_marked(sql), params).fetchall()
        return found


def change(sql: str, params: Sequence[Any]) -> int:
    """Runs a statement; gives how many rows it changed."""
    if not _straight():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return int(cursor.rowcount)
    with connection.wrap_database_errors:
        return int(connection.connection.execute(_marked(sql), params).rowcount)


def change_many(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Runs a statement for every one of these rows."""
    if not _straight():
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)
        return
    with connection.wrap_database_errors:
        connection.connection.executemany(_marked(sql), rows)


def _straight() -> bool:
    if connection.vendor != "sqlite" or connection.execute_wrappers or connection.queries_logged:
        return False
    connection.ensure_connection()
    return True


@functools.lru_cache(512)
def _marked(sql: str) -> str:
    return sql.replace("%s", "?")
