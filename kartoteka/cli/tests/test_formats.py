"""The formats, told on the terminal to people and to programs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kartoteka import shelf
from kartoteka.cli.main import main

pytestmark = pytest.mark.django_db


def test_programs_get_every_format_with_what_it_does() -> None:
    done = CliRunner().invoke(main, ["formats", "--json"])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == list(shelf.parts("formats", "format"))
    assert all(set(row) == {"name", "title", "extensions", "reads", "writes", "keeps", "drops"} for row in rows)
    csv = next(row for row in rows if row["name"] == "csv")
    assert (csv["reads"], csv["writes"]) == (True, True)
    assert "terms" in csv["keeps"]


def test_people_get_a_line_a_format() -> None:
    done = CliRunner().invoke(main, ["formats"])
    assert "GIFT" in done.output
    assert len(done.output.splitlines()) == len(shelf.parts("formats", "format"))
