"""The commands of the terminal."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from kartoteka.cli.database import bring_up_to_date
from kartoteka.store.refusals import Refusal

WHERE = {
    "serve": "serve.serve",
    "import": "transfer.import_",
    "study": "study.study",
    "deck": "decks.deck",
    "export": "decks.export_all",
    "formats": "formats.formats",
    "user": "people.user",
    "grade": "grade.grade",
    "memory": "memory.memory",
    "doctor": "doctor.doctor",
    "backup": "backup.backup",
    "restore": "backup.restore",
}
READY_THEMSELVES = ("serve", "restore", "doctor", "grade", "memory")


class Commands(click.Group):
    """Only the command that is asked for is loaded. Refusals end in one sentence and exit 1; wrong usage exits 2 (click's own)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(WHERE)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in WHERE:
            return None
        module, name = WHERE[cmd_name].split(".")
        command: click.Command = getattr(import_module(f"kartoteka.cli.{module}"), name)
        return command

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
