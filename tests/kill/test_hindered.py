"""A disk without room and a database that restarts lose nothing that was told as kept, and answer 503, never 500."""

from __future__ import annotations

import json
import resource
import time
import urllib.request
from pathlib import Path

import pytest

from tests.kill.killing import Outcome, kill_again_and_again
from tests.services import House, Missing, postgres, restart_postgres

pytestmark = pytest.mark.kill
ROOM = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def reads(house: House, path: str) -> int:
    with urllib.request.urlopen(house.url + path, timeout=10) as answer:
        return int(answer.status)


def without_room(house: House) -> None:
    """Nothing can be written beyond the first page of a file, as on a full disk; what is there is read all the same."""
    assert house.process
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    time.sleep(0.5)
    assert (reads(house, "/api/v1/health"), reads(house, "/")) == (200, 200)
    resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, ROOM)


def whole(house: House, outcome: Outcome) -> None:
    assert (outcome.lost, outcome.doubled, outcome.undone_lost, outcome.wrong) == (0, 0, 0, []), outcome
    assert outcome.resent > 0, outcome  # answers were refused meanwhile
    assert outcome.recovery_p99_ms < 3000, outcome
    doctor = house.command("doctor", "--json")
    assert json.loads(doctor.stdout)["ok"], doctor.stdout


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux takes the room from a process that runs")
def test_a_full_disk_loses_nothing_that_was_told_and_reading_goes_on(tmp_path: Path) -> None:
    house = House(tmp_path / "data", environment={"PYTHONDONTWRITEBYTECODE": "1"})  # what is compiled meanwhile would be cut off, too
    try:
        outcome = kill_again_and_again(house, kills=4, cards=600, hinder=without_room)
    finally:
        house.kill()
    assert outcome.told > 20, outcome
    whole(house, outcome)


def test_a_database_that_restarts_loses_nothing(tmp_path: Path) -> None:
    try:
        with postgres() as address:
            house = House(tmp_path / "data", environment={"KARTOTEKA_DATABASE": address})
            try:
                outcome = kill_again_and_again(house, kills=4, cards=600, hinder=lambda _house: restart_postgres(address))
            finally:
                house.kill()
            assert outcome.told > 20, outcome
            whole(house, outcome)
    except Missing as missing:
        pytest.skip(str(missing))
