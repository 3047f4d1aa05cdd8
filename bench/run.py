"""Runs every benchmark and writes docs/benchmarks.md: medians of one run, with the command that makes them."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BENCHES = (
    ("Answers through HTTP", "answers.py", "Every answer is acknowledged only after a COMMIT with `synchronous=FULL`."),
    ("Cost of a review as the log grows", "log_growth.py", "It may not grow."),
    (
        "Figures of a million reviews",
        "analytics.py",
        "Pages rendered whole for a learner with four sets; Anki's statistics of as many reviews in an environment of their own (KARTOTEKA_ANKI).",
    ),
    ("Killing the server", "killing.py", "SIGKILL at random moments while a client answers: acknowledged answers lost, doubled."),
    ("Set pages", "pages.py", "The whole page of a set, through HTTP, signed in as its learner."),
    ("A test of 500 questions on a phone", "phone.py", "Chromium, CPU four times slower: the longest task of each step. Above 200 ms a finger waits."),
    ("The next question", "asking.py", "A set of 20,000 cards. The aim is 5 ms."),
    ("Bringing cards in", "importing.py", "The real copied page, and 50,000 rows of CSV: proposed, then accepted."),
    ("Reading formats", "formats.py", "Reading alone, without the library."),
    ("Broken files", "mutants.py", "Files broken on purpose, given to every reader: cards or one sentence, never a crash."),
    (
        "Marking written answers",
        "grading.py",
        "Labels of real teachers against ours; *right* counts as correct. How the figures come about: `docs/inside/grading.md`.",
    ),
    (
        "The memory beside its peers",
        "memory.py",
        "Logs of real learners from a folder outside the repository (KARTOTEKA_LOGS); py-fsrs and fsrs-rs in an environment of their own.",
    ),
    ("The engine", "memory_ops.py", "Pure functions, one core."),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run, to see that everything works; writes nothing")
    parser.add_argument("only", nargs="*", help="only these files of bench/, such as answers.py")
    chosen = parser.parse_args()
    parts, failed = [], []
    for title, name, remark in BENCHES:
        if (chosen.only and name not in chosen.only) or not (ROOT / "bench" / name).exists():
            continue
        print(f"== {title}", flush=True)
        command = [sys.executable, f"bench/{name}", *(["--quick"] if chosen.quick else [])]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)})
        print(done.stdout, done.stderr if done.returncode else "", flush=True)
        if done.returncode:
            failed.append(name)
        parts.append(f"## {title}\n\n{remark} `python bench/{name}`\n\n```text\n{done.stdout.strip()}\n```\n")
    if not chosen.quick and not chosen.only and not failed:
        machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        PAGE.write_text(
            f"# Benchmarks\n\nMade by `make bench` on {date.today().isoformat()} ({machine}). Machines are noisy; compare within one run.\n\n"
            + "\n".join(parts)
        )
    for name in failed:
        print(f"failed: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
