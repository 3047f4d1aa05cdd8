"""The cast: Anna owns, Ben has the link, Cleo must see nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.library import actions
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person


@pytest.fixture
def anna(db: None) -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def ben(db: None) -> Person:
    return Person.objects.create(name="Ben")


@pytest.fixture
def cleo(db: None) -> Person:
    return Person.objects.create(name="Cleo")


@pytest.fixture
def guest(db: None) -> Person:
    return Person.objects.create(name="guest-1", is_guest=True)


@pytest.fixture
def deck(anna: Person) -> Deck:
    """Anna's set of three cards, to be seen by whoever has the link."""
    made = actions.make_deck(anna, title="Cell biology", description="<p>What a <b>cell</b> does</p>", tags=["biology"], visibility=Visibility.LINK)
    for term, definition in (("Osmosis", "Water moves"), ("Enzyme", "<ul><li>a protein</li><li>not used up</li></ul>"), ("Ribosome", "builds proteins")):
        actions.add_note(made, term=term, definition=definition)
    return made


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: object) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path
