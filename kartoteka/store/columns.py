"""How ids and small JSON values stand in a column, on both databases, for statements in plain SQL."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from kartoteka.store.sql import native


def places(count: int) -> str:
    """As many placeholders, in brackets: ``(%s, %s)``."""
    return f"({', '.join(['%s'] * count)})"


def key(value: UUID | None) -> Any:
    """A UUID as this database keeps it."""
    return value if value is None or native() else value.hex


def keys(values: Iterable[UUID]) -> list[Any]:
    """UUIDs as this database keeps them."""
    return list(values) if native() else [value.hex for value in values]


def uuid_of(value: Any) -> UUID:
    """The UUID that a column gave."""
    return value if isinstance(value, UUID) else _uuid(value)


@functools.lru_cache(20_000)
def _uuid(value: str) -> UUID:
    """Cards, sets and sittings come up again and again."""
    return UUID(value)


def hex_of(value: Any) -> str:
    """The 32 hex digits of the UUID that a column gave."""
    return value if isinstance(value, str) else str(value.hex)


def maybe_uuid(value: Any) -> UUID | None:
    """The UUID that a column gave, where it holds one."""
    return None if value is None else uuid_of(value)


_scanned = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # what ``json.loads`` ends in, without a look for white space around what we wrote ourselves


def value_of(value: Any) -> Any:
    """What a column of JSON gave; PostgreSQL has taken it apart already."""
    return _scanned(value, 0)[0] if isinstance(value, str) else value


def text_of(value: Mapping[str, Any]) -> str:
    """A mapping as a column of JSON takes it."""
    return "".join(_encoded(value, 0)) if value else "{}"


# What ``json.dumps`` makes anew for every value, made once: half of what writing a small value costs.
_encoded: Callable[[Any, int], Iterable[str]] = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
    None,
    None,
    json.encoder.encode_basestring_ascii,
    None,
    ": ",
    ", ",
    False,
    False,
    False,
)
