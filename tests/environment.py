"""A data folder of its own for every test run. Named in pyproject.toml, so that it comes before Django reads its settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

KEPT = ("KARTOTEKA_CHROMIUM", "KARTOTEKA_EXAMPLES", "KARTOTEKA_PG_BIN", "KARTOTEKA_SAMPLES", "KARTOTEKA_TEST_DATABASE")

for name in [name for name in os.environ if name.startswith("KARTOTEKA_") and name not in KEPT]:
    del os.environ[name]
os.environ["KARTOTEKA_DATA"] = tempfile.mkdtemp(prefix="kartoteka-test-")
(Path(os.environ["KARTOTEKA_DATA"]) / "static").mkdir()  # nothing is collected for tests, and WhiteNoise says so
if address := os.environ.get("KARTOTEKA_TEST_DATABASE"):
    os.environ["KARTOTEKA_DATABASE"] = address
