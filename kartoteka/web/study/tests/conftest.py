"""Anna and her set, Ben with the link, Cleo who must see nothing; and a browser that posts plain forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.web.study import choosing, starting, visits

NOON = 1_767_268_800_000  # 1 January 2026, 12:00 UTC
MINUTE, DAY = 60_000, 86_400_000


class Clock:
    def __init__(self) -> None:
        self.at_ms = NOON

    def __call__(self) -> int:
        return self.at_ms

    def forward(self, ms: int) -> None:
        self.at_ms += ms


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (starting, visits, choosing):
        monkeypatch.setattr(module, "now_ms", found)
    return found


@pytest.fixture
def anna(db: None) -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def deck(anna: Person) -> Deck:
    return a_deck(anna, 5)


def a_deck(owner: Person, cards: int, visibility: str = Visibility.LINK) -> Deck:
    deck = library.make_deck(owner, title="Birds", visibility=visibility)
    for n in range(cards):
        library.add_note(deck, term=f"<p>term {n}</p>", definition=f"<ul><li>definition {n}<ul><li>more {n}</li></ul></li></ul>")
    return deck


class Browser:
    """Presses links and buttons as a browser without scripts does."""

    def __init__(self, client: Client) -> None:
        self.client, self.html, self.url, self.status = client, "", "", 0

    def open(self, url: str) -> Browser:
        return self._read(self.client.get(url, follow=True), url)

    def send(self, url: str, **data: Any) -> Browser:
        return self._read(self.client.post(url, data, follow=True), url)

    def _read(self, response: Any, url: str) -> Browser:
        self.html, self.status = response.content.decode(), response.status_code
        self.url = response.redirect_chain[-1][0] if response.redirect_chain else url
        return self

    @property
    def sitting(self) -> UUID:
        found = re.search(r"/sittings/([0-9a-f-]{36})/", self.url)
        assert found, self.url
        return UUID(found[1])

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert found, f"no field {name}"
        return found[1]

    def answer(self, rating: int | str = "", *, flipped: bool = True) -> Browser:
        fields = {name: self.hidden(name) for name in ("id", "question", "since")}
        return self.send(reverse("answer", args=[self.sitting]), **fields, rating=rating, flipped="1" if flipped else "")

    def undo(self) -> Browser:
        return self.send(reverse("undo", args=[self.sitting]))

    @property
    def position(self) -> str:
        found = re.search(r'data-part="position">([^<]*)<', self.html)
        return found[1] if found else ""


@pytest.fixture
def browse() -> Callable[[Person | None], Browser]:
    def as_(person: Person | None) -> Browser:
        client = Client()
        if person is not None:
            client.force_login(person)
        return Browser(client)

    return as_


@pytest.fixture
def her(browse: Callable[[Person | None], Browser], anna: Person) -> Browser:
    return browse(anna)
