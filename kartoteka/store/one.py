"""One row by its key, without a query being built for it: who is asking is read by every request."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from kartoteka.store.sql import fetch, native

Row = TypeVar("Row", bound=models.Model)


def one(model: type[Row], id: UUID, *, later: tuple[str, ...] = ()) -> Row | None:
    """The row of this model with this key, as the model's own query would give it; ``None``: there is none.

    ``later``: columns that are read only when somebody looks at them, for making a moment of a text is dear.
    """
    sql, names, converters = _plan(model, connection.vendor, later)
    found = fetch(sql, [id if native() else id.hex])
    if not found:
        return None
    values = list(found[0])
    for place, column, convert in converters:
        values[place] = [] if values[place] == "[]" else convert(values[place], column, connection)
    return made(model, zip(names, values, strict=True))


def made(model: type[Row], values: Iterable[tuple[str, Any]]) -> Row:
    """A row with these values of its columns; others are read when somebody looks at them.

    What ``Model.from_db`` comes to, without a look at each field and the two signals that nobody hears.
    """
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(values)
    return row


@functools.cache
def _plan(model: type[models.Model], vendor: str, later: tuple[str, ...]) -> tuple[str, list[str], list[tuple[int, Any, Any]]]:
    """The statement, the names of its columns, and what makes Python values of theirs."""
    fields, quote = [field for field in model._meta.concrete_fields if field.attname not in later], connection.ops.quote_name
    columns = [field.get_col(model._meta.db_table) for field in fields]
    converters = [
        (place, column, convert)
        for place, column in enumerate(columns)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
    ]
    key = model._meta.pk
    assert key is not None
    wanted = ", ".join(quote(str(field.column)) for field in fields)
    sql = f"SELECT {wanted} FROM {quote(model._meta.db_table)} WHERE {quote(str(key.column))} = %s"  # noqa: S608  (names of our own columns)
    return sql, [field.attname for field in fields], converters
