"""The owner of a set makes options the usual ones for everyone, or fixes them; which cards are asked stays each learner's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import actions, queries
from kartoteka.web.study.tests.conftest import Browser

pytestmark = pytest.mark.django_db
CHOSEN: dict[str, Any] = {"strictness": "strict", "size": "12", "cards": "starred", "hints": "0"}


@pytest.fixture
def ben(db: None) -> Person:
    return Person.objects.create(name="Ben")


@pytest.fixture
def his(browse: Callable[[Person | None], Browser], ben: Person) -> Browser:
    return browse(ben)


def said(her: Browser, deck: Deck, everyone: str, mode: str = "learn", **values: Any) -> None:
    her.send(reverse("options", args=[deck.id, mode]), everyone=everyone, **values)


def options_at(browser: Browser, deck: Deck, person: Person, query: str = "start=1") -> dict[str, Any]:
    browser.open(f"{reverse('sit', args=[deck.id, 'learn'])}?{query}")
    return dict(queries.sitting_of(person, browser.sitting).options)


def test_the_usual_is_where_others_begin_and_they_may_choose_otherwise(her: Browser, his: Browser, ben: Person, deck: Deck) -> None:
    said(her, deck, "usual", **CHOSEN)
    found = options_at(his, deck, ben)
    assert (found["strictness"], found["size"], found["hints"], found["cards"]) == ("strict", 12, False, "all"), "which cards is one's own"
    assert options_at(his, deck, ben, "start=1&strictness=relaxed")["strictness"] == "relaxed"
    his.send(reverse("options", args=[deck.id, "learn"]), strictness="moderate")
    assert options_at(his, deck, ben)["strictness"] == "moderate"


def test_what_is_fixed_stands_whatever_an_address_or_a_form_says(her: Browser, his: Browser, anna: Person, ben: Person, deck: Deck) -> None:
    his.send(reverse("options", args=[deck.id, "learn"]), strictness="relaxed")
    said(her, deck, "fixed", **CHOSEN)
    found = options_at(his, deck, ben, "start=1&strictness=relaxed&size=5&cards=new")
    assert (found["strictness"], found["size"], found["cards"]) == ("strict", 12, "new")
    his.open(reverse("options", args=[deck.id, "learn"]))
    assert "The owner of this set has fixed some of these for everyone." in his.html
    assert "disabled" in his.html
    assert "For everyone who studies this set" not in his.html
    assert options_at(her, deck, anna, "start=1&cards=all&strictness=relaxed")["strictness"] == "relaxed", "an owner may always"
    her.open(reverse("options", args=[deck.id, "learn"]))
    assert 'value="fixed" checked' in her.html
    said(her, deck, "", strictness="strict")
    deck.refresh_from_db()
    assert queries.usual_of(deck, "learn").said == ""
    assert options_at(his, deck, ben, "start=1&strictness=relaxed")["strictness"] == "relaxed"


def test_who_does_not_own_the_set_says_nothing_for_others(his: Browser, deck: Deck) -> None:
    said(his, deck, "fixed", **CHOSEN)
    deck.refresh_from_db()
    assert deck.extra == {}


def test_a_test_is_written_by_what_is_fixed(her: Browser, his: Browser, ben: Person, deck: Deck) -> None:
    her.send(reverse("sit", args=[deck.id, "test"]), n="3", types=["tf"], minutes="9", everyone="fixed")
    his.open(reverse("sit", args=[deck.id, "test"]) + "?n=5&minutes=0")
    assert "The owner of this set has fixed some of these for everyone." in his.html
    assert "3 questions," in his.html
    his.send(reverse("sit", args=[deck.id, "test"]), n="5", types=["mc"], minutes="0", seed=his.hidden("seed"))
    assert {question.qtype for question in queries.paper_of(queries.sitting_of(ben, his.sitting))} == {"tf"}


@pytest.mark.parametrize("extra", [{"usual": "x"}, {"usual": {"learn": 3}}, {"usual": {"learn": {"values": {"size": "many", "odd": 1}, "fixed": True}}}, {}])
def test_what_a_file_brought_and_makes_no_sense_fixes_nothing(his: Browser, ben: Person, deck: Deck, extra: Any) -> None:
    Deck.objects.filter(id=deck.id).update(extra=extra)
    assert options_at(his, deck, ben)["size"] == 7


def test_what_lies_beside_a_set_stays_when_the_usual_goes(anna: Person, deck: Deck) -> None:
    Deck.objects.filter(id=deck.id).update(extra={"anki": {"id": 1}})
    actions.make_usual(deck, "learn", {"size": 9, "exam": "2027-01-01"}, "usual")
    deck.refresh_from_db()
    assert deck.extra == {"anki": {"id": 1}, "usual": {"learn": {"values": {"size": 9}, "fixed": False}}}
    actions.make_usual(deck, "learn", {}, "")
    deck.refresh_from_db()
    assert deck.extra == {"anki": {"id": 1}}
