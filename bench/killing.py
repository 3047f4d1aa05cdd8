"""Kills the server 200 times while learners answer, on SQLite and on PostgreSQL: answers told as kept that were lost or counted twice."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.kill.killing import kill_again_and_again
from tests.services import House, Missing, postgres


def main() -> None:
    kills = 5 if "--quick" in sys.argv else 200
    print(f"{'database':>10} {'kills':>6} {'told':>8} {'re-sent':>8} {'lost':>5} {'doubled':>8} {'wrong':>6} {'back p50 ms':>12} {'p99 ms':>8}")
    failed = run("SQLite", {}, kills)
    try:
        with postgres() as address:
            failed |= run("PostgreSQL", {"KARTOTEKA_DATABASE": address}, kills)
    except Missing as missing:
        print(missing)
    sys.exit(1 if failed else 0)


def run(name: str, environment: dict[str, str], kills: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data", environment=environment)
        try:
            outcome = kill_again_and_again(house, kills=kills, cards=12_000 if kills > 50 else 3_000)
        finally:
            house.kill()
    wrong = len(outcome.wrong) + outcome.undone_lost
    print(
        f"{name:>10} {outcome.kills:>6} {outcome.told:>8,} {outcome.resent:>8,} {outcome.lost:>5} {outcome.doubled:>8} {wrong:>6}"
        f" {outcome.recovery_median_ms:>12,.0f} {outcome.recovery_p99_ms:>8,.0f}"
    )
    for line in outcome.wrong[:5]:
        print(f"  {line}")
    return bool(outcome.lost or outcome.doubled or wrong)


if __name__ == "__main__":
    main()
