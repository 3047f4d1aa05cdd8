"""Sessions of an instance that is one process: read from memory, kept in the database."""

from __future__ import annotations

from kartoteka.people.sessions import CachedStore as SessionStore

__all__ = ["SessionStore"]
