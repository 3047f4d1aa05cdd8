"""Numbers as people write them, on every page that tells how many: "1,200 cards", "1.200 Karten"; never where a machine reads them."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from django.test import Client

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library import access
from kartoteka.library.actions import share
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.transfer import actions
from kartoteka.transfer.plan import compare

MANY = 1200
OF_A_SET = (
    "",
    "?page=2",
    "edit/",
    "edit/?from=201",
    "analytics/",
    "print/",
    "flashcards/",
    "flashcards/options/",
    "sorting/",
    "learn/",
    "learn/?start=1",
    "spaced/",
    "spaced/?start=1&budget=600",
    "match/",
    "test/",
    "exam/",
)
PLAIN = ("/", "/library/", "/library/public/", "/search/?q=term", "/account/", "/account/settings/", "/today/", "/analytics/memory/", "/analytics/")
WORDS = ("aria-label", "alt", "title", "placeholder", "content", "aria-description")
TAG = re.compile(r"<[a-zA-Z/!](?:\"[^\"]*\"|'[^']*'|[^'\">])*>")
ATTRIBUTE = re.compile(r"([a-zA-Z:-]+)=(?:\"([^\"]*)\"|'([^']*)')")


@pytest.fixture
def anna(db: None) -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def deck(anna: Person) -> Deck:
    notes = tuple(BundleNote({"term": f"term {n:04x}z", "definition": f"what {n:04x}z means"}) for n in range(MANY))
    bundle = Bundle("text", (BundleDeck("Many", notes),))
    kept = actions.keep(anna, bundle, compare(bundle, anna), now_ms=time.time_ns() // 1_000_000)
    return share(access.deck_to_edit(anna, uuid.UUID(kept.decks[0].id or "")), Visibility.PUBLIC)


@pytest.mark.parametrize(("language", "written"), [("en", "1,200"), ("de", "1.200")])
def test_what_people_read_is_parted_and_what_machines_read_is_not(anna: Person, deck: Deck, language: str, written: str) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(anna)
    wrong, seen = [], 0
    for path in (*PLAIN, *(f"/sets/{deck.id}/{part}" for part in OF_A_SET)):
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        html = re.sub(r"(?s)<(script|style|template)\b.*?</\1>", "", response.content.decode())
        seen += written in html
        bare = [text for text in TAG.split(html) if re.search(r"(?<![\w.,:-])\d{4,9}(?![\w.:-])", text) and not re.search(r"\b20\d\d\b", text)]
        wrong += [f"{path}: “{text.strip()[:60]}”" for text in bare]
        for tag in TAG.findall(html):
            for name, *values in ATTRIBUTE.findall(tag):
                if name not in (*WORDS, "d") and not name.startswith("data-") and re.search(r"\d[.,]\d{3}\b", "".join(values)):
                    wrong.append(f"{path}: {name}=“{''.join(values)[:60]}”")
    assert seen >= 8
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def test_small_numbers_and_names_for_machines_stay_as_they_were(anna: Person, deck: Deck) -> None:
    client = Client()
    client.force_login(anna)
    page = client.get(f"/sets/{deck.id}/edit/").content.decode()
    assert 'data-total="1200"' in page
    assert f'name="version" value="{deck.version}"' in page
    page = client.get(f"/sets/{deck.id}/").content.decode()
    assert "1,200 terms" in page
    assert 'data-many="1200"' in page
