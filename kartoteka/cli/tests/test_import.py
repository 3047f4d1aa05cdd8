"""`kartoteka import`, as other programs call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kartoteka.cli.main import main
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.transfer.models import Proposal

pytestmark = pytest.mark.django_db
CELLS = "Osmosis\tWater moves\nDiffusion\tParticles spread\n"
READER_VIEW = "1/4\n\nName | Mastery | Learn | Test | Matching | Spaced |\n---|---|---|---|---|---|\nNo study sessions yet.\n\n" + "\n".join("abcdefghi") + "\n"


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], input=text)


def said(*arguments: str, text: str | None = None, exit_code: int = 0) -> dict[str, Any]:
    done = run(*arguments, "--json", text=text)
    assert done.exit_code == exit_code, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    assert set(answer) == {"accepted", "format", "decks", "counts", "problems"}
    assert set(answer["counts"]) == {"new", "same", "changed", "refused"}
    for deck in answer["decks"]:
        assert set(deck) == {"id", "title", "description", "tags", "notes", "cards", "media", "reviews"}
    for problem in answer["problems"]:
        assert set(problem) == {"where", "what", "severity"}
    return answer


def test_a_file_comes_in_and_again_without_doubling(tmp_path: Path) -> None:
    file = tmp_path / "cells.txt"
    file.write_text(CELLS)
    first = said(str(file), "--title", "Cells")
    assert first["accepted"]
    assert first["format"] == "text"
    assert first["counts"] == {"new": 2, "same": 0, "changed": 0, "refused": 0}
    assert {"title": "Cells", "notes": 2, "cards": 2, "media": 0, "reviews": 0}.items() <= first["decks"][0].items()
    assert first["decks"][0]["id"] == str(Deck.objects.get().id)
    file.write_text(CELLS.replace("Water moves", "Water flows") + "Enzyme\tFast\n")
    again = said(str(file), "--title", "Cells")
    assert again["counts"] == {"new": 1, "same": 1, "changed": 1, "refused": 0}
    assert again["decks"][0]["id"] == first["decks"][0]["id"]
    assert Note.objects.count() == 3
    assert Deck.objects.get().owner.is_owner


def test_a_dry_run_leaves_nothing(data_folder: None, settings: Any) -> None:
    answer = said("-", "--dry-run", text=CELLS)
    assert answer["counts"]["new"] == 2
    assert not answer["accepted"]
    assert answer["decks"][0]["id"] is None
    assert answer["decks"][0]["cards"] == 2
    assert not Deck.objects.exists()
    assert not Proposal.objects.exists()
    assert not Person.objects.exists()
    assert not (settings.DATA / "proposals").exists()


def test_a_dry_run_sees_what_is_there_already() -> None:
    said("-", "--title", "Cells", text=CELLS)
    assert said("-", "--title", "Cells", "--dry-run", text=CELLS)["counts"]["same"] == 2


def test_refused_lines_are_named_and_the_rest_comes_in() -> None:
    answer = said("-", text=CELLS + "Enzyme\t\n")
    assert answer["accepted"]
    assert answer["counts"] == {"new": 2, "same": 0, "changed": 0, "refused": 1}
    assert answer["problems"] == [
        {"where": "line 3", "what": "Line 3 has a term and no definition. Write the other side, or leave the card out.", "severity": "refused"}
    ]


@pytest.mark.parametrize("text", ["", "   \n", "Enzyme\t\n", READER_VIEW])
def test_where_nothing_can_be_accepted_the_exit_is_1_with_a_sentence(text: str) -> None:
    for more in ((), ("--dry-run",)):
        answer = said("-", *more, text=text, exit_code=1)
        assert not answer["accepted"]
        assert answer["decks"] == []
        assert answer["problems"][0]["severity"] == "refused"
        assert answer["problems"][0]["what"].endswith((".", "!"))
    assert not Deck.objects.exists()
    assert not Proposal.objects.exists()


def test_switches_can_be_given() -> None:
    answer = said("-", "--format", "text", "--option", "between=comma", text="a,b\tc\nd,e\tf\n")
    assert answer["counts"]["new"] == 2
    assert Note.objects.filter(term_text="a").exists()
    assert run("-", "--option", "between", text=CELLS).exit_code == 2


def test_an_unknown_format_name_is_refused() -> None:
    assert "Choose one of" in said("-", "--format", "word", text=CELLS, exit_code=1)["problems"][0]["what"]


def test_cards_go_to_the_person_named() -> None:
    Person.objects.create(name="Anna")
    said("-", "--user", "Anna", text=CELLS)
    assert Deck.objects.get().owner.name == "Anna"
    assert run("-", "--user", "Nobody", text=CELLS).exit_code != 0


def test_people_read_sentences() -> None:
    done = run("-", "--title", "Cells", text=CELLS + "Enzyme\t\n")
    assert done.stdout.startswith("Cells: 2 cards")
    assert "2 new" in done.stdout
    assert "Line 3 has a term and no definition." in done.stderr
    assert run("missing.txt").exit_code == 2
    assert "Nothing was kept" in run("-", text="Enzyme\t\n").output


def test_the_real_page_comes_in_exactly(samples: Path) -> None:
    answer = said(str(samples / "formats" / "knowt_seed" / "seed_000.txt"))
    assert (answer["format"], answer["counts"]["new"], answer["decks"][0]["title"]) == ("knowt", 32, "Stalin rise to power")
