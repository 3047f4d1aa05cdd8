"""Match as plain forms: press a tile, press its partner, until all are found; and what the page never says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from kartoteka.library.models import Deck
from kartoteka.modes.match.board import mixed
from kartoteka.people.models import Person
from kartoteka.study.models import Run
from kartoteka.web.study.tests.conftest import Browser, Clock, a_deck

pytestmark = pytest.mark.django_db


def board(her: Browser) -> list[tuple[str, str, str]]:
    """The pairs that are still to be found: the first tile's card, its question, and the second tile's token."""
    found = re.search(r'<script id="sitting" type="application/json">(.*?)</script>', her.html)
    assert found
    tiles = json.loads(found[1])["board"]
    return [
        (term["card"], term["question"], next(each["token"] for each in tiles["definitions"] if mixed(f"{term['card']}:{each['token']}") in term["fits"]))
        for term in tiles["terms"]
        if not term["gone"]
    ]


def move(her: Browser, question: str, token: str) -> None:
    her.send(reverse("answer", args=[her.sitting]), id=her.hidden("id"), since=her.hidden("since"), text="plain", question=question, choice=token)


def test_pairs_are_found_tile_by_tile_without_scripts(her: Browser, deck: Deck, clock: Clock) -> None:
    her.open(reverse("sit", args=[deck.id, "match"]))
    pairs = board(her)
    assert len(pairs) == 5
    here = her.url
    card, question, token = pairs[0]
    her.open(f"{here}?pick={card}")
    assert f'name="question" value="{question}"' in her.html
    assert re.search(r'aria-pressed="true"', her.html)
    clock.forward(3000)
    move(her, question, pairs[1][2])
    assert "These two do not belong together." in her.html
    her.open(f"{here}?pick={token}")
    assert f'name="choice" value="{token}"' in her.html
    for _ in range(5):
        clock.forward(3000)
        _card, question, token = board(her)[0]
        move(her, question, token)
    assert "All pairs found, not counted as a record" in her.html
    assert "Mixed up" in her.html
    assert not Run.objects.get().ranked


def test_nothing_on_the_page_says_which_tiles_belong_together(her: Browser, deck: Deck) -> None:
    her.open(reverse("sit", args=[deck.id, "match"]))
    for card, _question, token in board(her):
        tile = re.search(rf'<button[^>]*data-tile="{token}"[^>]*>', her.html)
        assert tile
        assert card not in tile[0]
    assert '"questions": []' in her.html


def test_a_set_too_small_says_what_it_needs(her: Browser, anna: Person) -> None:
    her.open(reverse("sit", args=[a_deck(anna, 1).id, "match"]))
    assert "Match needs 2 pairs. Add a card." in her.html


def test_a_time_is_shown_to_others_by_choice_and_hidden_again(her: Browser, deck: Deck, browse: Callable[[Person | None], Browser], clock: Clock) -> None:
    url = reverse("show_runs", args=[deck.id, "match"])
    her.open(reverse("sit", args=[deck.id, "match"]))
    assert her.send(url, shown="1", sitting=her.sitting).status == 200
    assert her.url == reverse("sitting", args=[her.sitting])
    assert her.send(url, shown="0").url == reverse("set", args=[deck.id])
    assert browse(None).send(url, shown="1").status == 200
