"""What changes a person."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotAllowed
from kartoteka.store.writer import action


@action
def make_guest() -> Person:
    """A person known by one browser. Raises ``NotAllowed`` where this instance wants no guests."""
    if settings.ENVIRONMENT["GUESTS"] != "open":
        raise NotAllowed(_("Studying without an account is switched off here. Sign in first."))
    id = uuid7()
    person = Person(id=id, name=f"guest-{id.hex}", is_guest=True)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person
