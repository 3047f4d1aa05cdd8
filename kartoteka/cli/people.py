"""`kartoteka user`: who has an account, and how they get in."""

from __future__ import annotations

import json
import sys

import click
from django.utils import timezone

from kartoteka.cli import address
from kartoteka.cli.who import person_named
from kartoteka.people import actions, queries


@click.group()
def user() -> None:
    """People with an account: make, list, let in.

    \b
    kartoteka user link                   a link that signs one browser in as the owner
    kartoteka user link Anna              … as Anna: for a forgotten password
    kartoteka user create Anna            a new account, reached by a link
    kartoteka user create Anna --owner    give the owner of this instance a name and a password
    """


@user.command()
@click.argument("name")
@click.option("--owner", is_flag=True, help="Give this name (and password) to the owner of this instance, instead of making somebody new.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input instead of asking for it.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def create(name: str, owner: bool, password_stdin: bool, as_json: bool) -> None:
    """Make an account called NAME.

    The password is asked for on a terminal; left empty, or without a terminal, there is none, and a link lets them
    in: kartoteka user link NAME. Exit code 1: the name is taken, or the password is too weak.
    """
    password = _password(password_stdin)
    person = actions.make_person(name, password or None, owner=owner, now=timezone.now())
    if as_json:
        click.echo(json.dumps({"id": str(person.id), "name": person.name, "owner": person.is_owner, "password": bool(password)}))
        return
    click.echo(f"{person.name} has an account{' and owns this instance' if person.is_owner else ''}.")
    if not password:
        click.echo(f"There is no password yet. Let them in with: kartoteka user link {_quoted(person.name)}")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return ""
    typed: str = click.prompt("Password (empty: none, a link lets them in)", hide_input=True, confirmation_prompt=True, default="", show_default=False)
    return typed


@user.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the link as JSON, with when it ends.")
def link(name: str | None, as_json: bool) -> None:
    """Print a link that signs one browser in as NAME (default: the owner of this instance).

    It works once, and for 24 hours. Whoever opens it may choose a new password. The address is KARTOTEKA_PUBLIC_URL
    where that is set, else that of the server which runs on these data, else this machine at KARTOTEKA_PORT.
    """
    person = person_named(name)
    token = actions.make_link(person, timezone.now())
    where, serving = address.known()
    whole = f"{where}/account/link/{token}/"
    if as_json:
        click.echo(json.dumps({"name": person.name, "link": whole, "hours": actions.LINK_HOURS}))
        return
    click.echo(whole)
    if not serving:
        click.echo("No server runs on these data now. The link is for where `kartoteka serve` would answer.", err=True)
    click.echo(f"Signs one browser in as {person.name}, once, within {actions.LINK_HOURS} hours.", err=True)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the accounts as JSON.")
def list_(as_json: bool) -> None:
    """List everyone with an account, and how many guests there are."""
    people, guests = list(queries.accounts()), queries.guests()
    if as_json:
        rows = [
            {
                "id": str(person.id),
                "name": person.name,
                "owner": person.is_owner,
                "email": person.email,
                "password": person.has_usable_password(),
                "made": person.made_at.isoformat(),
                "seen": person.seen_at.isoformat(),
            }
            for person in people
        ]
        click.echo(json.dumps({"people": rows, "guests": guests}))
        return
    for person in people:
        notes = [word for word, there in (("owner", person.is_owner), ("no password", not person.has_usable_password())) if there]
        click.echo(f"{person.name}{' (' + ', '.join(notes) + ')' if notes else ''}, seen {person.seen_at:%Y-%m-%d}")
    click.echo(f"{guests} {'guest' if guests == 1 else 'guests'} without an account.")


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name or "’" in name or "'" in name else name
