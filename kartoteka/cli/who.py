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


def options_of(switches: tuple[str, ...]) -> dict[str, str]:
    """Switches of a format as they are given on the terminal: NAME=VALUE."""
    for switch in switches:
        if "=" not in switch:
            raise click.BadParameter(f"“{switch}” is not NAME=VALUE.", param_hint="--option")
    return dict(switch.split("=", 1) for switch in switches)
