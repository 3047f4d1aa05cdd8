"""Writes docs/reference/ from the code, so that it cannot drift; with --check only says whether it is fresh."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")
if "KARTOTEKA_DATA" not in os.environ:
    os.environ["KARTOTEKA_DATA"] = tempfile.mkdtemp(prefix="kartoteka-docs-")

import click
import django

django.setup()

from django.urls import URLPattern, URLResolver, get_resolver

from kartoteka import shelf
from kartoteka.api.urls import api
from kartoteka.cli.main import main as terminal
from kartoteka.config.environment import SETTINGS

ROOM = Path(__file__).resolve().parent.parent / "kartoteka" / "formats"
REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Made by `make docs` from the code; edit the code instead. -->\n\n"


def settings_page() -> str:
    rows = [
        f"## {s.name}\n\n{s.help}\n\nDefault: {f'`{s.default}`' if s.default else 'none'}{'; one of ' + ', '.join(f'`{c}`' for c in s.choices) if s.choices else ''}\n"
        for s in SETTINGS
    ]
    return (
        "# Settings\n\nSet them in the environment; an unknown or wrong one is refused at start. `kartoteka doctor --settings` shows what is in force.\n\n"
        + "\n".join(rows)
    )


def commands_page() -> str:
    return "# Commands\n\n" + "\n".join(_commands(terminal, click.Context(terminal, info_name="kartoteka")))


def _commands(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if child := command.get_command(context, name):
                yield from _commands(child, click.Context(child, info_name=name, parent=context))


def routes_page() -> str:
    lines = [f"| `/{path}` | {name} |" for path, name in sorted(_routes(get_resolver(), ""))]
    return "# Addresses\n\n| address | name |\n|---|---|\n" + "\n".join(lines) + "\n"


def _routes(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.name or ""


DRAWS = (
    "Every option is also a parameter of an address. So is the draw number that the options show: `?seed=4711` deals the same cards in the same order, "
    "for anyone (without an `order` of its own it means `order=shuffled`)."
)


def modes_page() -> str:
    rows = []
    for name, rules in shelf.parts("modes", "rules").items():
        rows.append(f"## {rules.TITLE}\n\n{_said(rules)}\n\n| option | default | what it does |\n|---|---|---|")
        rows += [f"| `{o.name}` | `{o.default}` | {o.label}{'. ' + o.help if o.help else ''} |" for o in rules.OPTIONS]
        rows.append(f"\nIn an address: `/sets/<set>/{name}/?{rules.OPTIONS[0].name}={rules.OPTIONS[0].default}`\n" if rules.OPTIONS else "")
    return f"# Ways to study\n\n{DRAWS}\n\n" + "\n".join(rows)


def formats_page() -> str:
    rows = []
    for name, part in shelf.parts("formats", "format").items():
        verbs = "reads and writes" if hasattr(part, "write") else "reads"
        endings = ", ".join(f"`{e}`" for e in part.EXTENSIONS)
        more = f"\n[More about it](../../kartoteka/formats/{name}/README.md)\n" if (ROOM / name / "README.md").is_file() else ""
        rows.append(
            f"## {part.TITLE}\n\n{_said(part)}\n\n`{name}` {verbs} {endings}.\n\n**Keeps** {', '.join(part.KEEPS)}.\n\n**Drops** {'; '.join(part.DROPS)}.\n{more}"
        )
    return "# Formats\n\n" + "\n".join(rows)


def api_page() -> str:
    rows = [
        "# The JSON door\n\nA browser sends its session cookie and the header `X-CSRFToken`. Times are whole milliseconds since 1970 UTC, ids are UUIDv7. The whole description for machines: `/api/v1/openapi.json`.\n"
    ]
    for path, verbs in api.get_openapi_schema()["paths"].items():
        for verb, what in verbs.items():
            rows.append(
                f"## {verb.upper()} {path}\n\n{(what.get('description') or what.get('summary') or '').strip()}\n\nAnswers: {', '.join(str(code) for code in sorted(what['responses']))}\n"
            )
    return "\n".join(rows)


def _said(module: ModuleType) -> str:
    return (module.__doc__ or "").strip()


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "routes.md": routes_page,
    "modes.md": modes_page,
    "formats.md": formats_page,
    "api.md": api_page,
}


def main() -> int:
    stale = []
    for name, page in PAGES.items():
        text, path = NOTE + page().rstrip() + "\n", REFERENCE / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and "--check" in sys.argv:
        print(f"docs/reference is stale: {', '.join(stale)}. Write it anew with: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
