"""Sets on the terminal: listed, shown, exported; doctor; a backup that comes back equal."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kartoteka.cli.main import main

pytestmark = pytest.mark.django_db
PAGE = "Osmosis\tWater moves through a membrane\nEnzyme\tA protein\n"


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


@pytest.fixture
def deck() -> str:
    done = run("import", "-", "--title", "Biology", "--json", stdin=PAGE)
    assert done.exit_code == 0, done.output
    return str(json.loads(done.stdout)["decks"][0]["id"])


def test_a_set_is_listed_and_shown_as_programs_expect_it(deck: str) -> None:
    listed = json.loads(run("deck", "list", "--json").stdout)
    assert [(row["id"], row["title"], row["notes"]) for row in listed] == [(deck, "Biology", 2)]
    shown = json.loads(run("deck", "show", deck, "--json").stdout)
    assert set(shown) == {"id", "title", "description", "tags", "notes"}
    first = shown["notes"][0]
    assert set(first) == {"id", "fields", "text", "points", "level", "cards"}
    assert first["text"] == {"term": "Osmosis", "definition": "Water moves through a membrane"}
    assert (first["level"], first["cards"]) == ("new", 1)


def test_a_set_that_is_not_there_ends_with_1_and_a_sentence() -> None:
    done = run("deck", "show", "00000000-0000-7000-8000-000000000000")
    assert done.exit_code == 1
    assert "no such set" in done.stderr.lower()
    assert run("deck", "show", "not-an-id").exit_code == 2


def test_a_set_of_somebody_else_is_not_shown(deck: str) -> None:
    assert run("user", "create", "Cleo").exit_code == 0
    assert run("deck", "show", deck, "--user", "Cleo").exit_code == 1
    assert run("deck", "list", "--user", "Nobody").exit_code == 1


@pytest.mark.parametrize("name", ["csv", "text"])
def test_what_is_exported_comes_back_the_same(deck: str, name: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{name}"
    done = run("deck", "export", deck, "--format", name, "--out", str(out))
    assert done.exit_code == 0, done.output
    again = json.loads(run("import", str(out), "--title", "Biology", "--format", name, "--json").stdout)
    assert again["counts"] == {"new": 0, "same": 2, "changed": 0, "refused": 0}


def test_a_dry_run_leaves_nothing() -> None:
    done = json.loads(run("import", "-", "--dry-run", "--json", stdin=PAGE).stdout)
    assert done["decks"][0]["id"] is None
    assert done["counts"]["new"] == 2
    assert json.loads(run("deck", "list", "--json").stdout) == []


def test_every_command_says_what_it_does() -> None:
    for words in ([], ["serve"], ["import"], ["deck"], ["deck", "list"], ["deck", "show"], ["deck", "export"], ["doctor"], ["backup"], ["restore"], ["user"]):
        done = run(*words, "--help")
        assert done.exit_code == 0
        assert len(done.stdout.split()) > 20, words


def test_what_cannot_be_written_is_said_and_leaves_nothing(deck: str, tmp_path: Path) -> None:
    for command in (("deck", "export", deck, "--format", "csv"), ("export", "--all")):
        done = run(*command, "--out", str(tmp_path / "nowhere" / "set.csv"))
        assert (done.exit_code, "is not there" in done.stderr) == (1, True)
        (tmp_path / "file").write_text("kept")
        done = run(*command, "--out", str(tmp_path / "file" / "set.csv"))
        assert (done.exit_code, "cannot be written" in done.stderr) == (1, True)
    assert [lying.name for lying in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "kept"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(deck: str, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert run("deck", "export", deck, "--out", str(tmp_path / "link.csv")).exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() != "old"
    os.mkfifo(tmp_path / "pipe")
    heard: list[bytes] = []
    listener = threading.Thread(target=lambda: heard.append((tmp_path / "pipe").read_bytes()))
    listener.start()
    done = run("deck", "export", deck, "--out", str(tmp_path / "pipe"))
    listener.join(20)
    assert done.exit_code == 0
    assert heard == [(tmp_path / "real.csv").read_bytes()]
    assert (tmp_path / "pipe").is_fifo()
