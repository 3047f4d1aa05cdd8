"""The author's own hint: beside every card that has one, first on the ladder of Learn, and offered for a card that keeps slipping."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse

from kartoteka.library import actions as library
from kartoteka.library import queries as library_queries
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Review
from kartoteka.web.study.tests.conftest import Browser, a_deck

pytestmark = pytest.mark.django_db
ONE_CARD = ("flashcards", "sorting", "spaced")


@pytest.fixture
def hinted(anna: Person) -> Deck:
    deck = library.make_deck(anna, title="Cells", visibility="link")
    for term, definition in (("Osmosis", "Water moves"), ("Enzyme", "A protein"), ("Ribosome", "Builds proteins"), ("Cell", "A room")):
        library.add_note(deck, term=term, definition=definition, hint=f"think of <b>{term.lower()}</b>")
    return deck


def begun(her: Browser, deck: Deck, mode: str, query: str = "start=1") -> Browser:
    return her.send(reverse("sit", args=[deck.id, mode])) if mode == "spaced" else her.open(f"{reverse('sit', args=[deck.id, mode])}?{query}")


@pytest.mark.parametrize("mode", ONE_CARD)
def test_a_hint_is_folded_below_its_card_and_a_card_without_one_shows_no_place_for_it(her: Browser, anna: Person, hinted: Deck, mode: str) -> None:
    begun(her, hinted, mode)
    assert re.search(r'<details class="ownhint[^>]*data-part="hint"><summary.*?think of <b>osmosis</b>', her.html, re.DOTALL)
    begun(her, a_deck(anna, 2), mode)
    assert re.search(r'data-part="hint" hidden>', her.html)


def test_in_learn_it_is_the_first_rung_and_the_answer_counts_as_assisted(her: Browser, hinted: Deck) -> None:
    begun(her, hinted, "learn", "types=typed&start=1&hints=1")
    assert "think of" not in her.html, "before it is asked for"
    her.open(f"{her.url}?hint=1")
    assert "Hint 1 of 3" in her.html
    assert "think of <b>osmosis</b>" in her.html
    her.open(f"{her.url.split('?')[0]}?hint=2")
    assert "think of <b>osmosis</b>" in her.html, "it stays"
    assert "W···· m····" in her.html
    fields = {name: her.hidden(name) for name in ("id", "question", "since")}
    her.send(reverse("answer", args=[her.sitting]), **fields, text="Water moves", hints="2")
    assert Review.objects.get().evidence["hint_rungs"] == 1, "the letters are the first rung of the ladder"


def test_of_a_question_that_shows_no_answer_yet_the_page_holds_no_hint(her: Browser, hinted: Deck) -> None:
    begun(her, hinted, "learn", "types=typed&start=1")
    assert "think of" not in her.html


def test_only_who_may_write_on_a_card_is_offered_to_add_a_hint(her: Browser, browse: Callable[[Person | None], Browser], anna: Person) -> None:
    deck = a_deck(anna, 1)
    his = browse(Person.objects.create(name="Ben"))
    assert "Add a hint" in begun(her, deck, "spaced").html
    assert "Add a hint" not in begun(his, deck, "spaced").html
    link = re.search(r'href="([^"]*at=hint)" data-part="leech-hint"', her.html)
    assert link
    note = library_queries.notes_of(deck)[0]
    her.open(link[1].replace("&amp;", "&"))
    assert her.url == f"{reverse('edit', args=[deck.id])}?card={note.id}#hint-{note.id.hex}"
    assert f'id="hint-{note.id.hex}" name="hint"' in her.html, "the card is open at its hint"


def test_a_card_that_has_a_hint_is_not_offered_another(her: Browser, hinted: Deck) -> None:
    begun(her, hinted, "spaced")
    assert re.search(r'data-part="leech-hint" hidden>', her.html)
