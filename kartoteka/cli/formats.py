"""`kartoteka formats`: what can be read and written, on the terminal."""

from __future__ import annotations

import json

import click

from kartoteka import shelf


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of name, title, extensions, reads, writes, keeps, drops.")
def formats(as_json: bool) -> None:
    """List the formats that can be read and written, and what each keeps."""
    rows = [
        {
            "name": name,
            "title": str(part.TITLE),
            "extensions": list(part.EXTENSIONS),
            "reads": hasattr(part, "read"),
            "writes": hasattr(part, "write"),
            "keeps": list(part.KEEPS),
            "drops": list(part.DROPS),
        }
        for name, part in shelf.parts("formats", "format").items()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        verbs = "reads, writes" if row["writes"] else "reads"
        click.echo(f"{row['name']:<12} {verbs:<14} {row['title']}  ({' '.join(row['extensions'])})")  # type: ignore[arg-type]
