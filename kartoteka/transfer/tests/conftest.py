"""The cast: Anna owns, Ben has the link, Cleo must see nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kartoteka.people.models import Person


def person(name: str) -> Person:
    return Person.objects.create(name=name)


@pytest.fixture
def anna(db: None) -> Person:
    return person("Anna")


@pytest.fixture
def cleo(db: None) -> Person:
    return person("Cleo")


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder for each test: what lies in ``proposals`` is its own."""
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"
