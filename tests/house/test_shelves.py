"""Every part of a shelf keeps its promise; what a new part lacks, this says."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from kartoteka import shelf
from kartoteka.modes.base import Option

HOUSE = Path(__file__).resolve().parents[2] / "kartoteka"
REFERENCE = HOUSE.parent / "docs" / "reference"
MODES = shelf.parts("modes", "rules")
FORMATS = shelf.parts("formats", "format")


def folder(part: ModuleType) -> Path:
    return Path(str(part.__file__)).parent


@pytest.mark.parametrize("name", MODES)
class TestAMode:
    def test_keeps_its_promise(self, name: str) -> None:
        rules = MODES[name]
        assert isinstance(rules.TITLE, str)
        assert rules.TITLE
        assert isinstance(rules.ORDER, int)
        assert rules.DEAL in ("order", "queue")
        assert all(isinstance(option, Option) for option in rules.OPTIONS)
        assert list(inspect.signature(rules.ask).parameters) == ["desk"]
        assert list(inspect.signature(rules.weigh).parameters) == ["question", "verdict"]

    def test_has_its_page_its_island_and_its_tests(self, name: str) -> None:
        here = folder(MODES[name])
        for needed in ("page.html", "island.js"):
            assert (here / needed).is_file(), f"modes/{name} lacks {needed}"
        assert list((here / "tests").glob("test_*.py")), f"modes/{name} lacks tests"

    def test_has_its_heading_in_the_docs(self, name: str) -> None:
        assert f"## {MODES[name].TITLE}" in (REFERENCE / "modes.md").read_text(), "Write it with: make docs"


@pytest.mark.parametrize("name", FORMATS)
class TestAFormat:
    def test_keeps_its_promise(self, name: str) -> None:
        part = FORMATS[name]
        assert part.TITLE
        assert part.KEEPS
        assert part.DROPS
        assert all(extension.startswith(".") for extension in part.EXTENSIONS)
        assert list(inspect.signature(part.recognises).parameters) == ["head", "name"]
        assert list(inspect.signature(part.read).parameters) == ["source", "options"]
        if hasattr(part, "write"):
            assert list(inspect.signature(part.write).parameters) == ["bundle", "file", "options"]

    def test_says_how_sure_it_is_of_nothing(self, name: str) -> None:
        assert 0 <= FORMATS[name].recognises(b"", "") <= 1
        assert 0 <= FORMATS[name].recognises(b"\x00\xff\xfe", "x.bin") <= 1

    def test_has_samples_and_tests(self, name: str) -> None:
        here = folder(FORMATS[name])
        assert list((here / "samples").iterdir()), f"formats/{name} lacks samples of our own writing"
        assert list((here / "tests").glob("test_*.py")), f"formats/{name} lacks tests"

    def test_has_its_heading_in_the_docs(self, name: str) -> None:
        assert f"## {FORMATS[name].TITLE}" in (REFERENCE / "formats.md").read_text(), "Write it with: make docs"
