"""Kills the server 200 times while learners answer, on SQLite and on PostgreSQL: answers told as kept that were lost or counted twice.

``--imports``: instead, 50 kills while Anki packages are brought in, by the command and by the page: whole or nothing.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.kill.importing import kill_imports
from tests.kill.killing import kill_again_and_again
from tests.services import House, Missing, postgres


def main() -> None:
    if "--imports" in sys.argv:
        sys.exit(imports(5 if "--quick" in sys.argv else 50))
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


def imports(kills: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data")
        house.command("user", "create", "bench", "--owner")
        told = kill_imports(house, kills=kills)
        sound = json.loads(house.command("doctor", "--json").stdout)["ok"]
    print(
        f"{told['kills']} imports killed: {told['whole']} whole ({told['resumed']} of them finished by the next start), {told['nothing']} not at all,"
        f" {len(told['wrong'])} half; doctor {'finds nothing' if sound else 'complains'}"
    )
    for line in told["wrong"][:5]:
        print(f"  {line}")
    return bool(told["wrong"]) or not sound


if __name__ == "__main__":
    main()
