"""Brings the database up to date before a command speaks to it."""

from __future__ import annotations

import time

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kartoteka.cli import backup as backups


def bring_up_to_date() -> None:
    """Makes the tables where there are none, changes them where a newer Kartoteka needs it; a backup comes first."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return
    if executor.loader.applied_migrations:
        kept = backups.write(settings.DATA / "backups" / f"before-upgrade-{time.strftime('%Y%m%d-%H%M%S')}.zip", media=False)
        click.echo(f"The database needs an upgrade; a backup lies in {kept}.", err=True)
    call_command("migrate", interactive=False, verbosity=0)
    if "DatabaseCache" in str(settings.CACHES["default"]["BACKEND"]):
        call_command("createcachetable", verbosity=0)
