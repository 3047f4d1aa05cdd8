"""The promises of the house: who may import whom, what a door may not touch."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "kartoteka"
DOORS = [path for door in ("web", "api", "cli") for path in sorted((HOUSE / door).rglob("*.py")) if "tests" not in path.parts]


def test_imports_go_down_only() -> None:
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("path", DOORS, ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_door_asks_and_never_touches_tables(path: Path) -> None:
    assert ".objects" not in path.read_text(), "A door asks queries or access and calls actions; it never writes .objects."


@pytest.mark.parametrize(
    "path", sorted(p for p in HOUSE.rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_a_module_opens_with_a_sentence(path: Path) -> None:
    first = path.read_text().lstrip().splitlines()[:1]
    if first:
        assert first[0].startswith(('"""', "'''")), "A module opens with one sentence that could stand on a drawing of the house."


def test_no_group_is_repeated_without_going_back() -> None:
    """Python 3.11.2, which is Debian's, does not find what such a group holds: ``(?:(?!b).)*+b`` is not in "aaab". Signs and classes are safe."""
    for path in HOUSE.rglob("*.py"):
        found = re.search(r"\)[*+?]\+|\(\?>", path.read_text())
        assert found is None, f"{path.relative_to(HOUSE)}: {found}"


def test_every_template_lies_under_its_own_name() -> None:
    for path in HOUSE.rglob("*.html"):
        assert path.relative_to(HOUSE).parts[0] in ("look", "modes", "games", "web", "tutor"), f"{path} lies in no room that shows pages."


def test_no_page_styles_or_scripts_inline() -> None:
    for path in HOUSE.rglob("*.html"):
        text = path.read_text()
        assert " style=" not in text, f"{path.relative_to(HOUSE)}: the CSP forbids style=; use a class, or SVG geometry."
        for handler in (" onclick=", " onload=", " onchange=", " onsubmit=", "javascript:"):
            assert handler not in text, f"{path.relative_to(HOUSE)}: the CSP forbids {handler.strip()}"
