"""Runs what `make test` and `make check` promise, part by part, and says at the end how each went."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services

WORKERS = ["-n", str(min(4, os.cpu_count() or 2))]


def run(*command: str, environment: dict[str, str] | None = None) -> bool:
    print("$", *(part.removeprefix(f"{ROOT}/") for part in command), flush=True)
    return subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, **(environment or {})}).returncode == 0


def python(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    return run(sys.executable, *arguments, environment=environment)


def pytest(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    return python("-m", "pytest", "-q", *arguments, environment=environment)


def check() -> bool:
    done = [
        python("-m", "ruff", "format", "--check", "."),
        python("-m", "ruff", "check", "."),
        run(str(Path(sys.executable).with_name("lint-imports"))),
        python("-m", "mypy"),
        python("-m", "vulture"),
        python("bin/docs.py", "--check"),
        python("bin/messages.py", "--check"),
        javascript(),
    ]
    return all(done)


def javascript() -> bool:
    if not shutil.which("npm"):
        skipped.append("types of the JavaScript: Node.js is not here. Install it with: apt-get install nodejs npm")
        return True
    if not (ROOT / "node_modules" / "typescript").is_dir() and not run("npm", "ci", "--no-audit", "--no-fund", "--silent"):
        return False
    return run("npx", "--no-install", "tsc", "-p", ".")


def on_sqlite() -> bool:
    return pytest(*WORKERS)


def on_postgres() -> bool:
    try:
        with services.postgres(install=True) as address:
            return pytest(*WORKERS, "kartoteka", environment={"KARTOTEKA_TEST_DATABASE": address})
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
    if pytest("-n", "2", "--dist", "loadfile", "-m", "journey", "kartoteka", "tests"):
        return True
    print("\nWhat failed is tried once more, alone. A journey that passes only now is flaky, and that is a defect: mend it.", flush=True)
    return pytest("--last-failed", "--last-failed-no-failures", "none", "-m", "journey", "kartoteka", "tests")


def killing() -> bool:
    return pytest("-m", "kill", "tests")


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
