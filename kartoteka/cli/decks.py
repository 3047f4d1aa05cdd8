"""`kartoteka deck list|show|export`: the library, on the terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import click

from kartoteka import shelf
from kartoteka.cli.who import options_of, person_named
from kartoteka.engine.notes import side_of
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import queries as study
from kartoteka.transfer import actions as transfer
from kartoteka.transfer import archive

USER = click.option("--user", metavar="NAME", help="Whose sets. Default: the owner of this instance.")


@click.group()
def deck() -> None:
    """List, show and export sets."""


@deck.command("list")
@USER
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_decks(user: str | None, as_json: bool) -> None:
    """List a person's sets, the last changed first."""
    person = person_named(user)
    rows = [
        {"id": str(d.id), "title": d.title, "notes": library.notes_of(d).count(), "visibility": d.visibility, "changed": d.changed_at.isoformat()}
        for d in access.decks_of(person)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        click.echo("No sets yet. Bring one in with: kartoteka import FILE")
    for row in rows:
        click.echo(f"{row['id']}  {row['notes']:6d} cards  {row['title']}")


@deck.command()
@click.argument("id", type=click.UUID)
@USER
@click.option("--json", "as_json", is_flag=True, help='Print {"id", "title", "description", "tags", "notes": […]}.')
def show(id: UUID, user: str | None, as_json: bool) -> None:
    """Show a set with its cards and how well each is known."""
    person = person_named(user)
    found = access.deck_to_see(person, id)
    shown = _shown(person, found)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{shown['title']}\n")
    for note in shown["notes"]:
        click.echo(f"[{note['level']}] {note['text']['term']}\n    " + note["text"]["definition"].replace("\n", "\n    "))


def _shown(person: Person, deck: Deck) -> dict[str, Any]:
    standing = study.standing_of(person, deck, time.time_ns() // 1_000_000)
    counts = library.cards_per_note(deck)
    notes = [
        {
            "id": str(note.id),
            "fields": {"term": note.term, "definition": note.definition},
            "text": {"term": note.term_text, "definition": note.definition_text},
            "points": [point.alone for point in side_of(note.definition, note.definition_text, deck.definition_lang).points],
            "level": standing.of_note.get(note.id.hex, "new"),
            "cards": counts.get(note.id, 0),
        }
        for note in library.notes_of(deck)
    ]
    return {"id": str(deck.id), "title": deck.title, "description": deck.description, "tags": deck.tags, "notes": notes}


def _writers(*, whole: bool = False) -> list[str]:
    """The formats that can be written; ``whole``: those that hold many sets with everything of them."""
    return [name for name, part in shelf.parts("formats", "format").items() if hasattr(part, "write") and (getattr(part, "WHOLE", False) or not whole)]


@deck.command()
@click.argument("id", type=click.UUID)
@USER
@click.option("--format", "name", type=click.Choice(_writers()), default="csv", show_default=True, help="The format to write.")
@click.option("--option", "switches", metavar="NAME=VALUE", multiple=True, help="A switch of the writer, such as generation=legacy. May be repeated.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write. Default: standard output.")
def export(id: UUID, user: str | None, name: str, switches: tuple[str, ...], out: Path | None) -> None:
    """Write a set to a file that other programs read, with your schedule and answers where the format takes them."""
    person = person_named(user)
    found = access.deck_to_export(person, id)
    options = options_of(switches)
    if out is None:
        transfer.write(found, name, sys.stdout.buffer, options, learner=person)
        return
    with whole(out) as file:
        transfer.write(found, name, file, options, learner=person)
    click.echo(f"{out}: {found.title}", err=True)


@contextmanager
def whole(out: Path) -> Iterator[BinaryIO]:
    """A file that is there when it is whole, and else as it was. A link stays one; a device or a pipe is written to, never put another in its place."""
    try:
        place = out.resolve()
        if place.exists() and not place.is_file():
            with place.open("wb") as file:
                yield file
            return
        unfinished = place.with_name(f"{place.name[:200]}.{os.getpid()}.unfinished")
        try:
            with unfinished.open("xb") as file:
                yield file
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        if not out.parent.exists():
            raise click.ClickException(f"{out} cannot be written: the folder {out.parent} is not there. Make it first, or choose another file.") from error
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}. Choose another place.") from error


@click.command("export")
@click.option("--all", "everything", is_flag=True, required=True, help="Everything: sets, cards, media, answers, visits, stars, options.")
@click.option(
    "--format",
    "name",
    type=click.Choice(["kartoteka", *_writers(whole=True)]),
    default="kartoteka",
    show_default=True,
    help="kartoteka: the archive of everything. Others: every set with its media, schedule and answers, for another program.",
)
@click.option("--option", "switches", metavar="NAME=VALUE", multiple=True, help="A switch of the writer, such as generation=legacy. May be repeated.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@USER
def export_all(everything: bool, out: Path, user: str | None, name: str, switches: tuple[str, ...]) -> None:
    """Write a person's whole library to one archive, which any Kartoteka takes in again with: kartoteka import FILE.

    Or, with --format colpkg, to one file that Anki takes in whole.
    """
    person = person_named(user)
    with whole(out) as file:
        if name != "kartoteka":
            transfer.write_all(person, name, file, options_of(switches), now_ms=time.time_ns() // 1_000_000)
        for piece in () if name != "kartoteka" else archive.pieces(person, now_ms=time.time_ns() // 1_000_000):
            file.write(piece)
    click.echo(f"{out}: everything of {person.shown_name}", err=True)
