"""Runs what `make test` and `make check` promise, part by part, and says at the end how each went."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services

WORKERS = ["-n", str(min(4, os.cpu_count() or 2))]
# What Python has compiled once is kept: dozens of processes start here.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(*command: str, environment: dict[str, str] | None = None) -> bool:
    print("$", *(part.removeprefix(f"{ROOT}/") for part in command), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False, env={**ENVIRONMENT, **(environment or {})}).returncode == 0


def together(commands: Sequence[Sequence[str]]) -> bool:
    """Runs commands that do not meet, as many at once as there are cores; what each says is printed in one piece, in their order."""

    def one(command: Sequence[str]) -> tuple[str, bool]:
        done = subprocess.run(command, cwd=ROOT, check=False, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return f"$ {' '.join(part.removeprefix(f'{ROOT}/') for part in command)}\n{done.stdout}", done.returncode == 0

    went_well = True
    with ThreadPoolExecutor(os.cpu_count() or 2) as workers:
        for said, well in workers.map(one, commands):
            print(said, end="", flush=True)
            went_well = went_well and well
    return went_well


def python(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    return run(sys.executable, *arguments, environment=environment)


def pytest(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    return python("-m", "pytest", "-q", *arguments, environment=environment)


def check() -> bool:
    python = sys.executable
    types_of_javascript = javascript()
    commands = [
        [python, "-m", "mypy"],
        *types_of_javascript,
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "ruff", "check", "."],
        [str(Path(python).with_name("lint-imports"))],
        [python, "-m", "vulture"],
        [python, "bin/docs.py", "--check"],
        [python, "bin/messages.py", "--check"],
    ]
    return together(commands)


def javascript() -> list[list[str]]:
    """The check of the JavaScript's types, where Node.js is."""
    if not shutil.which("npm"):
        skipped.append("types of the JavaScript: Node.js is not here. Install it with: apt-get install nodejs npm")
        return []
    if not (ROOT / "node_modules" / "typescript").is_dir():
        run("npm", "ci", "--no-audit", "--no-fund", "--silent")
    return [["npx", "--no-install", "tsc", "-p", "."]]


def on_sqlite() -> bool:
    return pytest(*WORKERS)


def on_postgres() -> bool:
    try:
        with services.postgres(install=True) as address:
            # Only what touches the database (conftest.py) and who may do what: the rest has just passed, and knows of none.
            return pytest(*WORKERS, "kartoteka", "tests/house/test_access.py", environment={"KARTOTEKA_TEST_DATABASE": address})
    except services.Missing as missing:
        skipped.append(str(missing))
        return True


def journeys() -> bool:
    try:
        services.chromium(install=True)
    except services.Missing as missing:
        skipped.append(str(missing))
        return True
    if shutil.which("npm") and not (ROOT / "node_modules" / "axe-core").is_dir():
        run("npm", "ci", "--no-audit", "--no-fund", "--silent")
    if pytest("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "journey", "kartoteka", "tests"):
        return True
    print("\nWhat failed is tried once more, alone. A journey that passes only now is flaky, and that is a defect: mend it.", flush=True)
    return pytest("--last-failed", "--last-failed-no-failures", "none", "-m", "journey", "kartoteka", "tests")


def killing() -> bool:
    return pytest("-n", "2", "-m", "kill", "tests")


PARTS: dict[str, Callable[[], bool]] = {"check": check, "sqlite": on_sqlite, "postgres": on_postgres, "journeys": journeys, "kill": killing}
skipped: list[str] = []


def main(wanted: Sequence[str]) -> int:
    results: dict[str, str] = {}
    for name in wanted or PARTS:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        before = len(skipped)
        went_well = PARTS[name]()
        word = "passed" if went_well else "FAILED"
        if len(skipped) > before and name != "check":
            word = "skipped"
        results[name] = f"{word} ({time.monotonic() - began:.0f} s)"
    print("\n== In short")
    for name, word in results.items():
        print(f"{name:10s} {word}")
    for reason in skipped:
        print(f"not run: {reason}")
    failed = sum("FAILED" in word for word in results.values())
    print(f"parts: {sum('passed' in word for word in results.values())} passed, {failed} failed, {sum('skipped' in word for word in results.values())} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
