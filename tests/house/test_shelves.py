"""Every part of a shelf keeps its promise; what a new part lacks, this says."""

from __future__ import annotations

import inspect
import subprocess
import sys
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


def test_one_part_is_the_same_as_among_all() -> None:
    assert shelf.part("formats", "apkg", "format") is FORMATS["apkg"]
    for strange in ("nothing", "..apkg", "anki"):  # the last is what several parts stand on
        with pytest.raises(KeyError):
            shelf.part("formats", strange, "format")


def test_a_start_loads_nothing_that_only_few_files_need() -> None:
    """Looking which format knows a file, and reading one of them, waits for no library of another."""
    heavy = ("xlsxwriter", "pypdfium2", "markdown_it", "charset_normalizer", "django")
    code = f"import sys; from kartoteka import shelf; {{}}; print([name for name in {heavy} if name in sys.modules], 'kartoteka.formats.csv' in sys.modules)"
    for loaded, others in (('shelf.parts("formats", "format")', True), ('shelf.part("formats", "apkg", "format")', False)):
        done = subprocess.run([sys.executable, "-c", code.format(loaded)], cwd=HOUSE.parent, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == f"[] {others}"
