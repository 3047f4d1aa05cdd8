"""`kartoteka import FILE`: cards come in from a file or from standard input."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click
from django.utils.translation import ngettext

from kartoteka.cli.who import options_of, person_named
from kartoteka.formats.base import Source, Unreadable
from kartoteka.people import queries as people
from kartoteka.store.refusals import Refusal
from kartoteka.transfer import actions
from kartoteka.transfer.actions import Report
from kartoteka.transfer.saying import told
from kartoteka.transfer.wire import unswept

STEPS = 3  # reading, comparing, keeping
WORTH_A_BAR_BYTES = 500_000


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Only say what would happen; nothing is kept.")
@click.option("--title", metavar="TITLE", help="What to call the set. Default: as the file says.")
@click.option("--format", "format_name", metavar="NAME", default="", help="Read it as this format instead of the one recognised: knowt, csv, text …")
@click.option("--option", "switches", metavar="NAME=VALUE", multiple=True, help="A switch of the reader, such as between=comma or header=no. May be repeated.")
@click.option("--user", metavar="NAME", help="Whose library it goes into. Default: the owner of this instance.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: accepted, format, decks, counts, problems.")
def import_(file: str, dry_run: bool, title: str | None, format_name: str, switches: tuple[str, ...], user: str | None, as_json: bool) -> None:
    """Bring cards in from FILE, or from standard input where FILE is “-”.

    A set that is there already is updated, not doubled: the same set by its source or its title, the same card by its
    term. Cards that the file does not hold stay. All of it is kept, or nothing. Exit code 1 only where nothing could be
    accepted.
    """
    options = options_of(switches)
    data = sys.stdin.buffer.read() if file == "-" else Path(file)
    name = "" if file == "-" else Path(file).name
    try:
        with unswept():
            report = _brought(data, name, options, title=title or "", format_name=format_name, user=user, dry_run=dry_run)
    except (Unreadable, Refusal) as fact:
        report = actions.refused(fact.what if isinstance(fact, Unreadable) else str(fact), where=name or "standard input", format=format_name)
    _tell(report, as_json=as_json, dry_run=dry_run)
    if not report.accepted and not (dry_run and report.decks):
        sys.exit(1)


def _brought(data: bytes | Path, name: str, options: dict[str, str], *, title: str, format_name: str, user: str | None, dry_run: bool) -> Report:
    """Proposes and accepts; a dry run, or a file of which nothing can be kept, is only looked at."""
    owner = people.owner() if dry_run and user is None else person_named(user)
    path, piped = (data, b"") if isinstance(data, Path) else (None, data)
    size = path.stat().st_size if path else len(piped)
    with click.progressbar(length=STEPS, label="Importing", file=sys.stderr, hidden=size < WORTH_A_BAR_BYTES) as bar:
        if dry_run or owner is None:
            source = Source(name=name, path=path) if path else Source(name=name, data=piped)
            bundle = actions.read(source, options, format=format_name)
            return actions.look(bundle, actions.compare(bundle, owner, title=title))
        proposal, bundle = actions.proposed(owner, name=name, data=piped, path=path, options=options, format=format_name, title=title)
        try:
            bar.update(1)
            plan = actions.compare(bundle, owner, title=title)
            bar.update(1)
            if not plan.acceptable:
                actions.discard(proposal)
                return actions.look(bundle, plan)
            report = actions.accept(proposal, now_ms=time.time_ns() // 1_000_000, bundle=bundle, plan=plan)
        except BaseException:
            actions.discard(proposal)
            raise
        bar.update(1)
    return report


def _tell(report: Report, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.json(), ensure_ascii=False))
        return
    for deck in report.decks:
        click.echo(f"{deck.title}: " + ngettext("%d card", "%d cards", deck.notes) % deck.notes + (f"  ({deck.id})" if deck.id else ""))
    counted = ", ".join(f"{report.counts[kind]} {kind}" for kind in ("new", "same", "changed", "refused"))
    click.echo(("Would be kept: " if dry_run else "Kept: ") + counted if report.decks else "Nothing was kept.", err=not report.decks)
    for problem in report.problems:
        what = told(problem)
        click.echo(what if problem.severity == "refused" else f"{problem.severity}: {what}", err=True)
