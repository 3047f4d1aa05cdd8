"""Where browsers are remembered: Django's sessions in the database, each with its person."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import cached_db, db
from django.utils import timezone

from kartoteka.people.models import Session
from kartoteka.store.writer import action

GUEST = "guest"
BROWSER = "browser"


class SessionStore(db.SessionStore):
    """For several processes: every one sees a sign-out at once.

    Changed by an action, as everything is: a request that wrote beside the writer would wait for it, and it for the request, for seconds.
    """

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        return told(row, data)

    def save(self, must_create: bool = False) -> None:
        action(super().save)(must_create)

    def delete(self, session_key: str | None = None) -> None:
        action(super().delete)(session_key)


class CachedStore(cached_db.SessionStore, SessionStore):
    """For one process: read from memory, kept in the database first."""


def told(row: Session, data: dict[str, Any]) -> Session:
    """The row, with whose it is and which browser it is: what lets a person see their devices, and all of them go with the account."""
    try:
        row.person_id = uuid.UUID(data.get(SESSION_KEY) or data.get(GUEST) or "")
    except ValueError:
        row.person_id = None
    row.browser = str(data.get(BROWSER, ""))[:80]
    row.seen_at = timezone.now()
    return row
