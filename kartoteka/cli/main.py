"""The commands of the terminal."""

from __future__ import annotations

import sys
from typing import Any

import click

from kartoteka.cli.backup import backup, restore
from kartoteka.cli.database import bring_up_to_date
from kartoteka.cli.decks import deck, export_all
from kartoteka.cli.doctor import doctor
from kartoteka.cli.formats import formats
from kartoteka.cli.grade import grade
from kartoteka.cli.memory import memory
from kartoteka.cli.people import user
from kartoteka.cli.serve import serve
from kartoteka.cli.study import study
from kartoteka.cli.transfer import import_
from kartoteka.store.refusals import Refusal

READY_THEMSELVES = ("serve", "restore", "doctor", "grade", "memory")


class Commands(click.Group):
    """Refusals end in one sentence and exit 1; wrong usage exits 2 (click's own)."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=None, version="0.1.0", prog_name="kartoteka")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Kartoteka: study anything, and keep it.

    \b
    kartoteka serve                      serve it to browsers at http://127.0.0.1:8000/
    kartoteka import page.txt            bring cards in from a file
    kartoteka study DECK --mode spaced   study right here
    kartoteka backup                     keep everything in one file

    Data live in one folder, KARTOTEKA_DATA. Exit codes: 0 done, 1 refused, 2 wrong usage.
    """
    if ctx.invoked_subcommand not in READY_THEMSELVES and not {"-h", "--help"} & set(sys.argv):
        bring_up_to_date()


for command in (serve, import_, study, deck, export_all, formats, user, grade, memory, doctor, backup, restore):
    main.add_command(command)
