"""What every test stands on: the real samples where they are. Its data folder is made in `tests/environment.py`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import settings

# What docs/inside/answer.md promises of any order of syncing: `pytest --hypothesis-profile=promise kartoteka/study/tests/test_any_order.py`
settings.register_profile("promise", max_examples=int(os.environ.get("KARTOTEKA_EXAMPLES") or 2000), stateful_step_count=50)

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parent.parent / "shared" / "samples")
DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a second database named, only the tests that touch a database are run again."""
    if not os.environ.get("KARTOTEKA_TEST_DATABASE"):
        return
    touches = [item for item in items if item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touches)])
    items[:] = touches


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A test begins in the language of the house, whatever the one before it has asked a page for."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real files by other people; tests that read it are skipped only where it is absent."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the shared samples are not beside this checkout ({SAMPLES.name}); set KARTOTEKA_SAMPLES to their folder")
    return SAMPLES
