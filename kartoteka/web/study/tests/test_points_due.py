"""A point that was missed twice brings its card into the day when it is due by itself, and only the point is asked then."""

from __future__ import annotations

import random
from uuid import UUID

import pytest
from django.db import connection

from kartoteka.engine.questions import Response
from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.columns import key
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.models import Memory, Sitting
from kartoteka.study.replaying import wrong_memories
from kartoteka.study.weak import LACKED, as_indexed, points_due_in

pytestmark = pytest.mark.django_db
NOON, DAY, MINUTE = 1_767_268_800_000, 86_400_000, 60_000
LIST = "<ul><li>it moves water</li><li>it needs a membrane</li><li>it costs no energy</li></ul>"
LACKS_THE_LAST = {"0": "covered", "1": "covered", "2": "missing"}


@pytest.fixture
def deck(anna: Person) -> Deck:
    deck = library.make_deck(anna, title="Cells")
    library.add_note(deck, term="Osmosis", definition=LIST)
    library.add_note(deck, term="Cell", definition="A room")
    return deck


@pytest.fixture
def card(deck: Deck) -> str:
    return str(deck.cards.get(note__term_text="Osmosis").id.hex)  # type: ignore[attr-defined]


def sat(anna: Person, deck: Deck | None, at_ms: int, *, only: list[str] | None = None) -> Sitting:
    return actions.sit(anna, deck=deck, mode="spaced", options={}, now_ms=at_ms, dice=random.Random(1), afresh=True, only=only or [])


def rated(anna: Person, sitting: Sitting, at_ms: int, rating: int, ticks: dict[str, str] | None = None) -> None:
    question = queries.next_questions(sitting)[0]
    told = actions.answer(anna, actions.Given(uuid7(), sitting.id, question.id, Response(rating=rating, flipped=True, ticks=ticks or {}), at_ms), now_ms=at_ms)
    assert told.status == "stored", told.why


def known_but_for_a_point(anna: Person, deck: Deck, card: str) -> int:
    """The card is recalled on three days, one of its points on none of them; when the point is due, days before the card."""
    at_ms = NOON
    for days in (0, 3, 12):
        at_ms = NOON + days * DAY
        rated(anna, sat(anna, deck, at_ms, only=[card]), at_ms, 4, LACKS_THE_LAST)
    due = points_due_in(anna, deck.id)[card]
    assert at_ms < due < Memory.objects.get(card_id=UUID(card)).due_ms - DAY
    return due


def test_a_point_that_is_due_brings_its_card_and_nothing_but_the_point_is_asked(anna: Person, deck: Deck, card: str) -> None:
    due_ms = known_but_for_a_point(anna, deck, card)
    before, later = Memory.objects.get(card_id=UUID(card)), due_ms + MINUTE
    assert queries.today_in(anna, deck, due_ms - MINUTE).due == 0
    today = queries.today_in(anna, deck, later)
    assert (today.due, card in today.cards) == (1, True)
    assert queries.today_of(anna, later).due == 1
    sitting = sat(anna, deck, later)
    asked = [question for question in queries.next_questions(sitting) if question.item.id == card]
    assert [(question.qtype, question.point) for question in asked] == [("self", 2)]
    actions.answer(anna, actions.Given(uuid7(), sitting.id, asked[0].id, Response(rating=3, flipped=True), later), now_ms=later)
    assert card not in {question.item.id for question in queries.next_questions(sitting)}
    assert queries.counts(sitting)["for_points"] == 1
    after = Memory.objects.get(card_id=UUID(card))
    assert (after.s6, after.due_ms) == (before.s6, before.due_ms), "the card itself was not asked"
    assert queries.today_in(anna, deck, later + MINUTE).due == 0
    assert points_due_in(anna, deck.id)[card] > later + 5 * MINUTE, "a point just recalled rests as a card does"
    assert list(wrong_memories()) == []


def test_over_all_sets_it_comes_too_and_taken_back_it_is_open_again(anna: Person, deck: Deck, card: str) -> None:
    later = known_but_for_a_point(anna, deck, card) + MINUTE
    sitting = sat(anna, None, later)
    first = next(question for question in queries.next_questions(sitting) if question.item.id == card)
    assert first.point == 2
    actions.answer(anna, actions.Given(uuid7(), sitting.id, first.id, Response(rating=1, flipped=True), later), now_ms=later)
    assert queries.today_of(anna, later + MINUTE).due in (0, 1)
    actions.undo(anna, sitting, id=uuid7(), now_ms=later + MINUTE)
    assert queries.today_of(anna, later + MINUTE).due == 1
    assert card in {question.item.id for question in queries.next_questions(sitting)}


def test_who_asks_for_the_card_gets_the_whole_of_it(anna: Person, deck: Deck, card: str) -> None:
    later = known_but_for_a_point(anna, deck, card) + MINUTE
    first = queries.next_questions(sat(anna, deck, later, only=[card]))[0]
    assert (first.item.id, first.point) == (card, None)


def test_a_card_that_is_due_itself_is_asked_whole_and_its_point_after_it(anna: Person, deck: Deck, card: str) -> None:
    known_but_for_a_point(anna, deck, card)
    later = Memory.objects.get(card_id=UUID(card)).due_ms + MINUTE
    assert queries.today_in(anna, deck, later).due == 1
    sitting = sat(anna, deck, later)
    first = next(question for question in queries.next_questions(sitting) if question.item.id == card)
    assert first.point is None


def test_nobody_elses_points_are_asked(anna: Person, deck: Deck, card: str) -> None:
    ben = Person.objects.create(name="Ben")
    later = known_but_for_a_point(anna, deck, card) + MINUTE
    assert points_due_in(ben, deck.id) == {}
    assert queries.today_in(ben, deck, later).due == 0


def test_a_point_whose_list_is_shorter_now_asks_nothing(anna: Person, deck: Deck, card: str) -> None:
    later = known_but_for_a_point(anna, deck, card) + MINUTE
    note = deck.notes.get(term_text="Osmosis")  # type: ignore[attr-defined]
    library.edit_note(note, term="Osmosis", definition="<ul><li>it moves water</li><li>it needs a membrane</li></ul>")
    assert card not in {question.item.id for question in queries.next_questions(sat(anna, deck, later))}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="says how SQLite finds it")
def test_lists_that_lacked_points_are_found_by_their_index_and_not_by_a_walk(anna: Person, deck: Deck) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {LACKED.format(as_indexed())}", [key(anna.id), key(deck.id)])
        assert "review_lacking" in str(cursor.fetchall())
