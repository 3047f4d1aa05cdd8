"""The draw number of what is shuffled: options show it, and an address with it deals the same order again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from kartoteka.library.models import Deck
from kartoteka.modes import base
from kartoteka.people.models import Person
from kartoteka.study import queries
from kartoteka.study.models import Hand, Run, Sitting
from kartoteka.web.study.tests.conftest import Browser, Clock, a_deck
from kartoteka.web.study.tests.test_boards import board, move

pytestmark = pytest.mark.django_db
MODES = sorted(queries.modes())
ONE_BY_ONE = [name for name in MODES if not hasattr(queries.rules_of(name), "compose")]
IN_AN_ORDER = [name for name in ONE_BY_ONE if any(option.name == "order" for option in queries.rules_of(name).OPTIONS)]


@pytest.fixture
def many(anna: Person) -> Deck:
    return a_deck(anna, 12)


def dealt(browser: Browser) -> list[str]:
    return list(Hand.objects.get(sitting_id=browser.sitting, number=0).cards)


def drawn_at(browser: Browser, url: str) -> int:
    browser.open(url)
    found = re.search(r"Draw number (\d+)", browser.html)
    assert found, url
    return int(found[1])


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_shows_the_number_of_its_draw_in_the_same_words(her: Browser, many: Deck, mode: str) -> None:
    on_paper = mode not in ONE_BY_ONE
    where = reverse("sit", args=[many.id, mode]) if on_paper else reverse("options", args=[many.id, mode])
    assert drawn_at(her, f"{where}?seed=4711") == 4711


@pytest.mark.parametrize("mode", ONE_BY_ONE)
def test_an_address_with_the_number_deals_the_same_to_anyone(her: Browser, browse: Callable[[Person | None], Browser], many: Deck, mode: str) -> None:
    his = browse(Person.objects.create(name="Ben"))
    for browser in (her, his):
        browser.open(f"{reverse('sit', args=[many.id, mode])}?seed=4711&start=1")
    assert dealt(her) == dealt(his)
    her.open(f"{reverse('sit', args=[many.id, mode])}?seed=4712&start=1")
    assert dealt(her) != dealt(his), "another number is another order, also where a visit lies open"


@pytest.mark.parametrize("mode", [name for name in IN_AN_ORDER if queries.rules_of(name).DEAL == "order"])
def test_what_the_options_show_is_what_begins(her: Browser, anna: Person, many: Deck, mode: str) -> None:
    options = reverse("options", args=[many.id, mode])
    number = drawn_at(her, options)
    her.send(options, order="shuffled", seed=number)
    first = Sitting.objects.get(id=her.sitting)
    assert first.seed == number
    assert drawn_at(her, options) == number, "while it is open, its number stands there"
    her.send(options, order="shuffled", seed=number)
    assert her.sitting == first.id, "the same choice goes on"
    her.send(options, order="deck", seed=number)
    assert Sitting.objects.get(id=her.sitting).options["order"] == "deck"


def test_what_is_due_is_dealt_by_the_number_too(her: Browser, many: Deck) -> None:
    options = reverse("options", args=[many.id, "spaced"])
    her.send(options, order="shuffled", seed=4711)
    her.send(reverse("sit", args=[many.id, "spaced"]), seed=her.hidden("seed"))
    assert Sitting.objects.get(id=her.sitting).seed == 4711


@pytest.mark.parametrize("seed", ["", "x", "-3", "9" * 40, "٣"])
def test_what_is_no_number_is_passed_over(her: Browser, many: Deck, seed: str) -> None:
    her.open(f"{reverse('sit', args=[many.id, 'flashcards'])}?seed={seed}&start=1")
    assert Sitting.objects.get(id=her.sitting).options["order"] == "deck"


def test_a_single_card_has_no_order(her: Browser, anna: Person) -> None:
    her.open(reverse("options", args=[a_deck(anna, 1).id, "flashcards"]))
    assert "Draw number" not in her.html


def test_what_the_owner_has_fixed_stands_beside_a_number(her: Browser, browse: Callable[[Person | None], Browser], many: Deck) -> None:
    her.send(reverse("options", args=[many.id, "flashcards"]), order="deck", everyone="fixed")
    his = browse(Person.objects.create(name="Ben"))
    his.open(f"{reverse('sit', args=[many.id, 'flashcards'])}?seed=4711&start=1")
    assert Sitting.objects.get(id=his.sitting).options["order"] == "deck"


def test_a_board_that_may_have_been_seen_before_makes_no_record(her: Browser, many: Deck, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_played(moves: list[base.Move], **how: object) -> base.Run:
        return base.Run("timed", 6, "auto", 9000, 0, 9000, True, True, True)

    monkeypatch.setattr(queries.rules_of("match"), "run", as_played)
    for chosen in ("", "&seed=4711"):
        her.open(f"{reverse('sit', args=[many.id, 'match'])}?start=1{chosen}")
        while 'data-part="board"' in her.html:
            clock.forward(3000)
            move(her, *board(her)[0][1:])
        assert ("dealt by its draw number" in her.html) == bool(chosen)
    assert list(Run.objects.order_by("at_ms").values_list("ranked", "fair")) == [(True, True), (False, False)]
