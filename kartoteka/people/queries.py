"""Who is there."""

from __future__ import annotations

import uuid

from kartoteka.people.models import Person


def guest(id: str | None) -> Person | None:
    """The guest with this id, or ``None``: unknown, or an account by now."""
    try:
        return Person.objects.filter(id=uuid.UUID(id), is_guest=True).first() if id else None
    except ValueError:
        return None
