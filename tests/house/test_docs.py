"""The docs tell today's truth, and the repository speaks of itself alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_reference_is_fresh() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "KARTOTEKA_DATABASE"}
    done = subprocess.run([sys.executable, "bin/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_link_in_the_docs_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}, which is not there"


def test_locks_pin_with_hashes_and_name_no_host() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
    package_lock = ROOT / "package-lock.json"
    assert '"resolved"' not in package_lock.read_text()


def test_no_file_names_a_machine_s_path_or_a_registry() -> None:
    wrong = re.compile(r"(?<![\w.])/(?:" + "wor" + r"k|home/\w+|root/\w+)/\w|" + "pypi" + r"\.org|registry\." + "npmjs")
    for path in tracked():
        if path.suffix in (".png", ".woff2", ".zip", ".mo", ".webp", ".jpg"):
            continue
        found = wrong.search(path.read_text(errors="replace"))
        assert not found, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"
