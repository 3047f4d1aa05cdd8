"""What every test stands on: the real samples where they are. Its data folder is made in `tests/environment.py`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parent.parent / "shared" / "samples")


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real files by other people; tests that read it are skipped only where it is absent."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the shared samples are not beside this checkout ({SAMPLES.name}); set KARTOTEKA_SAMPLES to their folder")
    return SAMPLES
