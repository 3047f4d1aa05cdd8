"""The cast before the door: Anna owns, Cleo must see nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kartoteka.people.models import Person


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def door(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.create(name=name))
    return client


@pytest.fixture
def anna(db: None) -> Client:
    return door("Anna")


@pytest.fixture
def cleo(db: None) -> Client:
    return door("Cleo")
