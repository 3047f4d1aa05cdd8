"""Bringing cards in: the real copied page and 50,000 rows of CSV, proposed and then accepted through the writer."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples")


def house() -> Any:
    """A Kartoteka in a data folder of its own; its owner."""
    os.environ["KARTOTEKA_DATA"] = tempfile.mkdtemp(prefix="kartoteka-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "kartoteka.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from kartoteka.people import actions as people

    call_command("migrate", verbosity=0)
    return people.ensure_owner()


def rows(number: int) -> bytes:
    lines = (f"Term {n},“Definition {n}”: what it means; and why it matters\n" for n in range(number))
    return ("Term,Definition\n" + "".join(lines)).encode()


def brought(owner: Any, name: str, data: bytes, title: str) -> tuple[float, float, dict[str, int]]:
    """Seconds to propose, seconds to accept, and what came of it."""
    from kartoteka.transfer import actions

    began = time.perf_counter()
    proposal = actions.propose(owner, name=name, data=data, title=title)
    proposed = time.perf_counter()
    report = actions.accept(proposal, now_ms=time.time_ns() // 1_000_000)
    return proposed - began, time.perf_counter() - proposed, dict(report.counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    owner, many = house(), 2_000 if quick else 50_000
    page = SAMPLES / "formats" / "knowt_seed" / "seed_000.txt"
    if page.is_file():
        runs = [brought(owner, "page.txt", page.read_bytes(), f"Page {n}") for n in range(2 if quick else 15)]
        told("copied page, 32 cards, new", runs)
        told("copied page, the same again", [brought(owner, "page.txt", page.read_bytes(), "Page 0") for _ in range(2 if quick else 15)])
    else:
        print("copied page: the shared samples are not beside this checkout")
    data = rows(many)
    told(f"CSV, {many:,} rows, new", [brought(owner, "rows.csv", data, "Rows")])
    told(f"CSV, {many:,} rows, the same again", [brought(owner, "rows.csv", data, "Rows")])
    changed = data.replace(b"why it matters", b"how it works")
    told(f"CSV, {many:,} rows, all changed", [brought(owner, "rows.csv", changed, "Rows")])
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def told(what: str, runs: list[tuple[float, float, dict[str, int]]]) -> None:
    propose, accept = (statistics.median(run[part] for run in runs) for part in (0, 1))  # type: ignore[misc]
    counts = ", ".join(f"{number} {name}" for name, number in runs[0][2].items() if number)
    print(f"{what:36s} propose {propose * 1000:8.0f} ms   accept {accept * 1000:8.0f} ms   ({counts})", flush=True)


if __name__ == "__main__":
    main()
