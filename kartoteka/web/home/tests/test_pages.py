"""The start page, the library and the search, through the door."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library import access
from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.study import actions as study
from kartoteka.transfer import actions
from kartoteka.transfer.plan import compare
from kartoteka.web.home.finding import marked

pytestmark = pytest.mark.django_db
NOW = 1_764_000_000_000


def a_set(owner: Person, title: str, *terms: str, tags: tuple[str, ...] = (), public: bool = False) -> Deck:
    notes = tuple(BundleNote({"term": term, "definition": f"what {term} means"}) for term in terms or ("Osmosis",))
    bundle = Bundle("text", (BundleDeck(title, notes, tags=tags),))
    deck = access.deck_to_edit(owner, uuid.UUID(actions.keep(owner, bundle, compare(bundle, owner), now_ms=NOW).decks[0].id or ""))
    return library.share(deck, Visibility.PUBLIC) if public else deck


def page(client: Client, name: str, **query: Any) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def anna() -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def her(anna: Person) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def test_a_first_visit_finds_the_box_and_a_ready_set(client: Client, anna: Person) -> None:
    actions.first_sets(anna, now_ms=NOW)
    home = page(client, "home")
    assert "How memory works" in home
    assert "Your terms and definitions" in home
    assert "Show me the cards" in home
    assert "Look through 24 cards" in home
    assert "What are you learning?" in home
    assert Person.objects.count() == 1, "looking makes nobody a guest"


def test_a_first_visit_is_offered_the_ready_set_of_its_language(anna: Person) -> None:
    english, german = actions.first_sets(anna, now_ms=NOW)
    visitor = Client(headers={"Accept-Language": "de-AT,de;q=0.9"})
    home = page(visitor, "home")
    assert "Wie das Gedächtnis arbeitet" in home
    assert "How memory works" not in home
    assert "24 Karten durchsehen" in home
    assert "Wie das Gedächtnis arbeitet" in page(visitor, "library")
    for title in (english.title, german.title):
        assert title in page(visitor, "public"), "the other stands among the public sets"
    library.bin_deck(german)
    assert "How memory works" in page(visitor, "home")


def test_who_comes_back_finds_their_sets_and_what_is_due(her: Client, anna: Person) -> None:
    a_set(anna, "Cells")
    home = page(her, "home")
    assert "My sets" in home
    assert "Cells" in home
    assert "What are you learning?" not in home
    assert "Show me the cards" in home


def test_on_a_day_off_it_says_when_it_goes_on(her: Client, anna: Person) -> None:
    a_set(anna, "Cells")
    today = dt.datetime.now(dt.UTC).date()
    study.go_away(anna, today - dt.timedelta(days=2), today + dt.timedelta(days=2), now_ms=time.time_ns() // 1_000_000)
    assert f"Back on {date_format(today + dt.timedelta(days=3), 'j F')}" in page(her, "home")
    assert "A day off." in page(her, "today")


def test_the_library_is_sorted_and_narrowed(her: Client, anna: Person) -> None:
    for title, tags in (("Zebra", ("animals",)), ("apple", ("plants",)), ("Bee", ("animals",))):
        a_set(anna, title, tags=tags)
    shown = page(her, "library", order="title")
    assert shown.index("apple") < shown.index("Bee") < shown.index("Zebra")
    assert "apple" not in page(her, "library", tag="animals")
    assert "Zebra" in page(her, "library", q="zeb")
    assert "None of your sets is like that." in page(her, "library", q="nothing")


def test_an_empty_library_says_what_to_do(client: Client) -> None:
    assert "No sets yet" in page(client, "library")


def test_a_private_set_is_found_by_its_owner_alone(client: Client, her: Client, anna: Person) -> None:
    a_set(anna, "Secret cells", "Ribosome")
    a_set(anna, "Open cells", "Vacuole", public=True)
    for where in (page(client, "public"), page(client, "search", q="cells"), page(client, "search", q="Ribosome")):
        assert "Secret cells" not in where
    assert "Open cells" in page(client, "public", q="cells")
    assert "Secret cells" in page(her, "search", q="ribosome")


def test_what_is_sought_is_marked(her: Client, anna: Person) -> None:
    a_set(anna, "Cells", "Ribosome <b>")
    found = page(her, "search", q="ribosome")
    assert "<mark>Ribosome</mark>" in found
    assert "in 1 card" in found


def test_words_are_marked_where_they_stand() -> None:
    assert marked("the Testament of", "testament") == [(False, "the "), (True, "Testament"), (False, " of")]
    long = "word " * 100 + "testament"
    assert marked(long, "testament")[0][1].startswith("… word")
    assert marked("a.b", ".") == [(False, "a"), (True, "."), (False, "b")]


def test_a_search_for_nothing_asks_for_words(client: Client) -> None:
    assert "Search" in page(client, "search")
    assert "is nowhere here" in page(client, "search", q="x" * 500)


def test_a_crawler_is_asked_not_to_sit_down_to_study(client: Client) -> None:
    asked = client.get("/robots.txt").content.decode()
    assert "Disallow: /sets/*/flashcards/" in asked
    assert "Disallow: /sittings/" in asked
    assert "Disallow: /sets/\n" not in asked


def test_home_reads_the_cards_of_a_set_once(her: Client, anna: Person) -> None:
    a_set(anna, "Towns", "Bern", "Wien")
    with CaptureQueriesContext(connection) as caught:
        page(her, "home")
    assert sum("FROM library_card c JOIN library_note n" in query["sql"] for query in caught.captured_queries) == 1
