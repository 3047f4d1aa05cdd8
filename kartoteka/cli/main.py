"""The commands of the terminal."""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Kartoteka: study anything, and keep it."""
