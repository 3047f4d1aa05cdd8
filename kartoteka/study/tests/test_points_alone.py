"""A point of a list that was missed twice is dealt with its card when it is due by itself, whoever asked and whatever was taken back."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.tests.conftest import DAY, NOON, cards_in, make_deck
from kartoteka.study.tests.writing import WRITE, Writer
from kartoteka.study.weak import weak_of

pytestmark = pytest.mark.django_db
HALF = "it moves water and it needs a membrane"
LATER = NOON + 30 * DAY


@pytest.fixture(autouse=True)
def write(modes: dict[str, Any]) -> None:
    modes["write"] = WRITE
    modes["alone"] = SimpleNamespace(**{**vars(WRITE), "POINTS_ALONE": True})


@pytest.fixture
def deck(anna: Person) -> Deck:
    deck = make_deck(anna, 1)
    points = ["it moves water", "it needs a membrane", "it costs no energy"]
    html = "<ul>" + "".join(f"<li>{one}</li>" for one in points) + "</ul>"
    Note.objects.filter(deck=deck).update(definition=html, definition_text="\n".join(f"• {one}" for one in points))
    return deck


def missed(learner: Person, deck: Deck, days: int) -> Writer:
    writer = Writer(learner, deck, now_ms=NOON + days * DAY)
    told = writer.write(0, HALF)
    assert told.verdict is not None
    assert [point.mark for point in told.verdict.points] == ["covered", "covered", "missing"]
    return writer


def weak(learner: Person, deck: Deck) -> Any:
    return weak_of(learner, cards_in(deck), LATER).get(cards_in(deck)[0])


def test_missed_once_it_is_not_and_missed_twice_it_is(anna: Person, ben: Person, deck: Deck) -> None:
    missed(anna, deck, 0)
    assert weak(anna, deck) is None
    missed(anna, deck, 1)
    assert weak(anna, deck) == [2]
    assert weak(ben, deck) is None
    sitting = actions.sit(anna, deck=deck, mode="alone", options={}, now_ms=LATER, dice=random.Random(1), afresh=True)
    assert queries.desk_of(sitting).memories[cards_in(deck)[0]].fact("weak") == (2,)
    plain = actions.sit(anna, deck=deck, mode="write", options={}, now_ms=LATER, dice=random.Random(1), afresh=True)
    assert queries.desk_of(plain).memories[cards_in(deck)[0]].fact("weak") is None, "only to a mode that asks for it"


def test_a_miss_taken_back_or_overturned_was_none(anna: Person, deck: Deck) -> None:
    missed(anna, deck, 0)
    second = missed(anna, deck, 1)
    actions.undo(anna, second.sitting, id=uuid7(), now_ms=NOON + 2 * DAY)
    assert weak(anna, deck) is None
    third = Writer(anna, deck, now_ms=NOON + 3 * DAY)
    told = third.write(0, HALF)
    assert weak(anna, deck) == [2]
    third.appeal(told.id, None, ticks={"2": "covered"})
    assert weak(anna, deck) is None


def test_what_was_recalled_since_waits_until_it_is_due(anna: Person, deck: Deck) -> None:
    for days in (0, 1):
        missed(anna, deck, days)
    Writer(anna, deck, now_ms=LATER - 3_600_000).write(0, f"{HALF} and it costs no energy")
    assert weak(anna, deck) is None
    assert not list(queries.wrong_memories()), "nothing of it stands in the card's own memory"
