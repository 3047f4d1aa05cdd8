"""`kartoteka doctor`: is everything as it should be?"""

from __future__ import annotations

import json
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, cast

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from kartoteka.library import queries as library
from kartoteka.store import sqlite
from kartoteka.study import queries as study

SHOWN = 5
ROOM_MB = 500


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"ok", "checks": [{"name", "ok", "detail"}]}.')
@click.option("--settings", "list_settings", is_flag=True, help="List every setting with its value, default and meaning.")
def doctor(as_json: bool, list_settings: bool) -> None:
    """Look whether everything is as it should be.

    Checks the settings, the database and its SQLite, replays every learner's answers and compares what is
    remembered of each card, and reads every media file against its hash. Exit 0: all is well; 1: something is not.
    """
    if list_settings:
        _list_settings(as_json)
        return
    checks = list(_checks())
    ok = all(check.ok for check in checks)
    if as_json:
        click.echo(json.dumps({"ok": ok, "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            click.echo(f"{'ok    ' if check.ok else 'WRONG '} {check.name}: {check.detail}")
    sys.exit(0 if ok else 1)


def _checks() -> Iterator[Check]:
    for name, look in CHECKS:
        try:
            problems, well = look()
        except (DatabaseError, OSError) as error:
            problems, well = [f"could not be looked at: {error}"], ""
        more = f" … and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        yield Check(name, not problems, "; ".join(problems[:SHOWN]) + more if problems else well)


Look = Callable[[], tuple[list[str], str]]


def _settings() -> tuple[list[str], str]:
    own = settings.ENVIRONMENT.own()
    return [], f"all {len(settings.ENVIRONMENT.known)} known and right; data in {settings.DATA}; {', '.join(own) if own else 'none'} not as by default"


def _secret() -> tuple[list[str], str]:
    path = settings.DATA / "secret"
    mode = stat.S_IMODE(path.stat().st_mode)
    return ([f"{path} may be read by others (mode {mode:o}). Mend it with: chmod 600 {path}"] if mode & 0o077 else []), "readable by its owner alone"


def _room() -> tuple[list[str], str]:
    free = shutil.disk_usage(settings.DATA).free // 1_000_000
    return ([f"only {free} MB are free where the data lie"] if free < ROOM_MB else []), f"{free} MB free"


def _sqlite() -> tuple[list[str], str]:
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return [], f"PostgreSQL {cursor.fetchone()[0]}"
    version = cast(Any, connection).Database.sqlite_version
    if tuple(map(int, version.split("."))) < sqlite.FIXED:
        return [
            f"SQLite {version} has a bug that can damage the database. Install the wheel of pysqlite3, or a system SQLite from {'.'.join(map(str, sqlite.FIXED))} on"
        ], ""
    return [], f"SQLite {version}"


def _database() -> tuple[list[str], str]:
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT 1")
            return [], "answers"
        cursor.execute("PRAGMA quick_check")
        wrong = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        wrong += [f"table {row[0]}: row {row[1]} points to nothing in {row[2]}" for row in islice(cursor.fetchall(), 100)]
        for pragma, right in (("journal_mode", "wal"), ("synchronous", "2")):
            cursor.execute(f"PRAGMA {pragma}")
            if str(found := cursor.fetchone()[0]) != right:
                wrong.append(f"{pragma} is {found}, not {right}")
    return wrong, "whole; WAL, durable at every commit"


def _migrations() -> tuple[list[str], str]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return ([f"{len(waiting)} upgrades of the database wait; `kartoteka serve` makes them"] if waiting else []), "up to date"


def _memories() -> tuple[list[str], str]:
    return list(study.wrong_memories()), "every memory is what its answers add up to"


def _media() -> tuple[list[str], str]:
    return list(library.broken_media()), "every file is what its hash says"


CHECKS: tuple[tuple[str, Look], ...] = (
    ("settings", _settings),
    ("secret", _secret),
    ("disk", _room),
    ("sqlite" if connection.vendor == "sqlite" else "postgresql", _sqlite),
    ("database", _database),
    ("migrations", _migrations),
    ("memories", _memories),
    ("media", _media),
)


def _list_settings(as_json: bool) -> None:
    values = settings.ENVIRONMENT.values
    rows = [{"name": s.name, "value": _shown(s.name, values[s.name]), "default": s.default, "help": s.help} for s in settings.ENVIRONMENT.known]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['name']}={row['value']}   (default: {row['default'] or 'none'})\n    {row['help']}")


def _shown(name: str, value: object) -> str:
    """A password in an address is never printed."""
    secret = name in ("KARTOTEKA_DATABASE", "KARTOTEKA_EMAIL_URL") and value
    return "(set)" if secret else str(value)
