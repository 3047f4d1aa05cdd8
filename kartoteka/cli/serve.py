"""`kartoteka serve`: migrate, seed, answer."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import socket
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import IO

import click
import uvicorn
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

from kartoteka.cli import address, daily
from kartoteka.cli.database import bring_up_to_date
from kartoteka.people import actions as people
from kartoteka.transfer import actions as transfer


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", help="The address to listen on (KARTOTEKA_HOST; 127.0.0.1). 0.0.0.0 lets the local network in.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on (KARTOTEKA_PORT; 8000).")
def serve(host: str | None, port: int | None) -> None:
    """Serve Kartoteka to browsers.

    Brings the database up to date (after a backup), makes the instance's owner and a first set where there is none
    yet, and answers until it is stopped. Everything lies in one folder: KARTOTEKA_DATA.
    """
    host, port = host or settings.ENVIRONMENT["HOST"], port or settings.ENVIRONMENT["PORT"]
    listening = _listen(host, port)
    lock = _alone()
    prepare()
    stopping = threading.Event()
    threading.Thread(target=daily.keep_house, args=(stopping,), name="daily", daemon=True).start()
    shown = address.address_of(host, port)
    server = uvicorn.Server(
        uvicorn.Config(
            "kartoteka.config.asgi:app",
            loop="asyncio",
            http="kartoteka.config.wire:Wire",
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,  # the default of 5 s swallowed 5 of 6,000 POSTs
            timeout_graceful_shutdown=3,  # open bells never end
        )
    )
    import_module(settings.ROOT_URLCONF)  # every page is loaded now, not in several threads while the first visitor waits
    gc.collect()
    gc.freeze()  # what a start loads stays: no collection need walk over it again while someone waits for an answer
    address.remember(shown)
    click.echo(f"Kartoteka is ready: {shown}/   (data in {settings.DATA}; stop with Ctrl+C)")
    server.run(sockets=[listening])
    address.forget()
    stopping.set()
    if lock:
        lock.close()


def prepare() -> None:
    """Database up to date, pages' files in place, an owner and a first set: what `serve` needs, done once."""
    bring_up_to_date()
    _collect()
    owner = people.ensure_owner()
    transfer.first_sets(owner, now_ms=time.time_ns() // 1_000_000)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Protocol 0 would keep asyncio from setting TCP_NODELAY: every answer would take 40 ms more.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"Port {port} is in use, or {host} is not an address of this machine ({error.strerror}). "
            f"Choose another: make run PORT={port + 1}, or kartoteka serve --port {port + 1}"
        ) from error
    return listening


def _alone() -> IO[str] | None:
    """SQLite has one writing server at a time: several starve each other."""
    if connection.vendor != "sqlite":
        return None
    lock = (settings.DATA / "serving").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise click.ClickException(
            f"Another Kartoteka already serves the data in {settings.DATA}. Stop it first, or choose another folder with KARTOTEKA_DATA."
        ) from error
    return lock


def _collect() -> None:
    """Gathers the pages' own files under hashed names, only where one of them has changed."""
    mark = Path(settings.STATIC_ROOT) / "fingerprint"
    fingerprint = _fingerprint()
    if mark.is_file() and mark.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(fingerprint)


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            seen.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()
