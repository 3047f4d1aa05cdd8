"""Answers survive SIGKILL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kill.importing import kill_imports
from tests.kill.killing import kill_again_and_again
from tests.services import House

pytestmark = pytest.mark.kill
KILLS = 20  # of each of two houses, killed side by side where there are two workers: 40 in all


@pytest.mark.parametrize("house_number", [1, 2])
def test_no_answer_told_as_kept_is_lost_or_counted_twice_over_forty_kills(tmp_path: Path, house_number: int) -> None:
    house = House(tmp_path / f"data-{house_number}")
    try:
        outcome = kill_again_and_again(house, kills=KILLS)
    finally:
        house.kill()
    assert outcome.told > 5 * KILLS, outcome
    assert outcome.resent > KILLS / 4, outcome  # the kills did hit answers on their way
    assert (outcome.lost, outcome.doubled, outcome.undone_lost, outcome.wrong) == (0, 0, 0, []), outcome
    doctor = house.command("doctor", "--json")
    assert json.loads(doctor.stdout)["ok"], doctor.stdout


def test_an_import_that_is_killed_came_in_whole_or_not_at_all(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    house.command("user", "create", "anna", "--owner")
    told = kill_imports(house, kills=4)
    assert (told["kills"], told["wrong"]) == (4, []), told
    doctor = house.command("doctor", "--json")
    assert json.loads(doctor.stdout)["ok"], doctor.stdout
