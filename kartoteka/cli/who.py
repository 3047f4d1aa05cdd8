"""Whose library a command speaks of."""

from __future__ import annotations

import click

from kartoteka.people import actions, queries
from kartoteka.people.models import Person


def person_named(name: str | None) -> Person:
    """The person with this name; without one the owner of this instance, made where there is none yet."""
    if name is None:
        return actions.ensure_owner()
    person = queries.named(name)
    if person is None:
        raise click.ClickException(f"Nobody here is called “{name}”. `kartoteka user list` shows who is.")
    return person
