"""Who is there."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from kartoteka.people.links import digest_of
from kartoteka.people.models import Person, Session, SignInLink
from kartoteka.people.names import MOST, key_of
from kartoteka.store.one import one

MOMENTS = ("last_login", "made_at", "seen_at", "password_at")


def person(id: str | uuid.UUID | None) -> Person | None:
    """The person with this id, account or guest; read by every request."""
    try:
        return one(Person, id if isinstance(id, uuid.UUID) else uuid.UUID(id), later=MOMENTS) if id else None
    except ValueError:
        return None


def guest(id: str | None) -> Person | None:
    """The guest with this id, or ``None``: unknown, or an account by now."""
    found = person(id)
    return found if found and found.is_guest else None


def named(name: str) -> Person | None:
    """The account with this name, whatever its case; never a guest."""
    return Person.objects.filter(key=key_of(name), is_guest=False).first()


def owner() -> Person | None:
    """Whose instance this is; nobody's before the first start."""
    return Person.objects.filter(is_owner=True).first()


def accounts() -> QuerySet[Person]:
    """Everyone with an account, by name."""
    return Person.objects.filter(is_guest=False).order_by("key")


def guests() -> int:
    """How many people study here without an account."""
    return Person.objects.filter(is_guest=True).count()


def free_names(name: str, *, many: int = 2) -> list[str]:
    """Names like this one that nobody has."""
    wished = [f"{name[: MOST - 3]}{end}" for end in (2, "-K", 3, 7, 27, "-B", 42)]
    taken = set(Person.objects.filter(key__in=[key_of(wish) for wish in wished]).values_list("key", flat=True))
    return [wish for wish in wished if key_of(wish) not in taken][:many]


def link_waits(token: str, now: dt.datetime) -> bool:
    """Whether this sign-in link would still sign someone in."""
    return SignInLink.objects.filter(digest=digest_of(token), used_at=None, expires_at__gt=now, person__is_active=True).exists()


def browsers(person: Person, now: dt.datetime) -> Iterable[Session]:
    """The browsers this person is signed in with, the one last used first."""
    return Session.objects.filter(person=person, expire_date__gt=now).order_by("-seen_at")


def email_state(person: Person) -> dict[str, Any]:
    """The e-mail address kept, and whether its owner has confirmed it."""
    rows = list(person.emailaddress_set.all())  # type: ignore[attr-defined]
    return {"email": person.email, "verified": any(row.verified and row.email == person.email.lower() for row in rows)}
