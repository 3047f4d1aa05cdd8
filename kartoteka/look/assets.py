"""Where static files are: hashed addresses, and the one map by which modules find each other."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kartoteka.look.islands import IslandFinder

STYLES = ("tokens", "fonts", "base", "frame", "buttons", "card", "forms", "levels", "verdicts", "lists", "sheets", "study", "editor", "print")
MODULES = Path(__file__).resolve().parent / "static"


def address(path: str) -> str:
    """The address of a static file. Before the files were collected (tests, a broken start) it is the plain one: a page never fails for it."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return urljoin(settings.STATIC_URL, path)


def styles() -> SafeString:
    return SafeString("".join(link(f"look/{name}.css") for name in STYLES))


def link(path: str) -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', address(path))


def modules() -> list[str]:
    """The bare names of all modules: those of look, and every island of the house."""
    shared = [file.relative_to(MODULES).as_posix() for file in sorted((MODULES / "look").glob("*.js"))]
    return shared + [name for name, _storage in IslandFinder().list(None) if name.endswith(".js") and not name.endswith("service-worker.js")]


def import_map(nonce: str) -> SafeString:
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, SafeString(_map()))


def island(path: str, nonce: str) -> SafeString:
    return format_html('<script type="module" src="{}" nonce="{}"></script>', address(path), nonce)


def _map() -> str:
    return _map_once() if not settings.DEBUG else _make_map()


@functools.cache
def _map_once() -> str:
    return _make_map()


def _make_map() -> str:
    """Names are paths in the house, so nothing in it can close the script; ``<`` is escaped all the same."""
    return json.dumps({"imports": {name: address(name) for name in modules()}}, separators=(",", ":")).replace("<", "\\u003c")
