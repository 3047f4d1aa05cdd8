"""What every test stands on: a data folder of its own, and the real samples where they are."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Before Django reads its settings: no test may touch a person's own data.
os.environ["KARTOTEKA_DATA"] = tempfile.mkdtemp(prefix="kartoteka-test-")
for name in [name for name in os.environ if name.startswith("KARTOTEKA_")]:
    if name not in ("KARTOTEKA_DATA", "KARTOTEKA_CHROMIUM", "KARTOTEKA_PG_BIN", "KARTOTEKA_SAMPLES", "KARTOTEKA_TEST_DATABASE"):
        del os.environ[name]
if address := os.environ.get("KARTOTEKA_TEST_DATABASE"):
    os.environ["KARTOTEKA_DATABASE"] = address

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parent.parent / "shared" / "samples")


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real files by other people; tests that read it are skipped only where it is absent."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the shared samples are not beside this checkout ({SAMPLES.name}); set KARTOTEKA_SAMPLES to their folder")
    return SAMPLES
