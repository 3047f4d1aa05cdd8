"""On no page does a learner meet the source of a formula."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client

from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.tests.conftest import Visit, cards_in

pytestmark = pytest.mark.django_db
PAIRS = (
    (r"Derivative of \(x^2\)", r"\(2x\)"),
    (r"\(\int_0^1 x\,dx\)", r"\(\frac{1}{2}\)"),
    (r"Sum \(\sum_{k=1}^n k\)", r"\[\frac{n(n+1)}{2}\]"),
    (r"Chain rule", r"<ul><li>\((f\circ g)'\) is \(f'(g(x))\cdot g'(x)\)</li><li>outer times inner \(\alpha\)</li></ul>"),
    (r"Limit \(\lim_{n\to\infty}\frac{1}{n}\)", r"\(\sqrt{0}\)"),
)
PAGES = (
    "",
    "edit/",
    "analytics/",
    "analytics/answers/",
    "print/",
    "exam/",
    "flashcards/",
    "sorting/",
    "learn/?start=1",
    "learn/?start=1&types=choice",
    "spaced/?start=1",
    "spaced/",
    "match/",
    "test/",
)
EVERYWHERE = ("/", "/library/", "/search/?q=of", "/search/?q=rule", "/analytics/", "/today/")
SOURCE = re.compile(r"\\[a-zA-Z(\[]")


@pytest.fixture
def deck() -> Deck:
    made = library.make_deck(Person.objects.create(name="Anna"), title=r"Analysis \(x^2\)")
    for term, definition in PAIRS:
        library.add_note(made, term=term, definition=definition)
    return made


def test_lists_and_titles_read_formulas_out(deck: Deck) -> None:
    visit = Visit(deck.owner, deck, "flashcards", now_ms=time.time_ns() // 1_000_000)
    for card in cards_in(deck):
        visit.answer(card, None)
    client = Client()
    client.force_login(deck.owner)
    met = []
    for path in (*EVERYWHERE, *(f"/sets/{deck.id}/{part}" for part in PAGES)):
        html = client.get(path, follow=True).content.decode()
        shown = re.sub(r'(?s)<(textarea|script)\b.*?</\1>|alttext="[^"]*"|value="[^"]*"|<[a-z]+ [^>]*contenteditable[^>]*>', "", html)
        met += [f"{path}: {shown[max(0, found.start() - 60) : found.end() + 30]}" for found in SOURCE.finditer(shown)]
    met = [one for one in met if "is a formula" not in one]  # the help of the editor says how one is written
    assert not met, "\n".join(met)
    assert "Analysis x²" in client.get("/library/").content.decode()
    assert "<title>Analysis x²" in client.get(f"/sets/{deck.id}/").content.decode()
