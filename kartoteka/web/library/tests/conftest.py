"""Anna at her browser, Ben with the link, Cleo, and a stranger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kartoteka.library import actions
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person


def at_a_browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def anna(db: None) -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def her(anna: Person) -> Client:
    return at_a_browser(anna)


@pytest.fixture
def ben(db: None) -> Client:
    return at_a_browser(Person.objects.create(name="Ben"))


@pytest.fixture
def cleo(db: None) -> Client:
    return at_a_browser(Person.objects.create(name="Cleo"))


@pytest.fixture
def deck(anna: Person) -> Deck:
    made = actions.make_deck(anna, title="Cells", description="<p>All about <b>cells</b></p>", tags=["biology"], visibility=Visibility.LINK)
    for term, definition in (("Osmosis", "Water moves"), ("Enzyme", "<ul><li>a protein</li><li>not used up</li></ul>"), ("Ribosome", "builds")):
        actions.add_note(made, term=term, definition=definition)
    return made


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path
