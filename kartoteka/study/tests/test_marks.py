"""Earlier marks of a card that the learner settled: the next answer like it is judged by them, at once."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.engine.questions import Response
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.accepting import LIKE_BEFORE, Marks, asked_in
from kartoteka.study.models import Review
from kartoteka.study.tests.conftest import DAY, NOON, make_deck
from kartoteka.study.tests.writing import WRITE, Writer

pytestmark = pytest.mark.django_db
REFUSED, LIKE_REFUSED = "leaves make sugar in the sun", "the leaves make sugar by the sun"
TAKEN, LIKE_TAKEN = "plants make their food from light", "plants make food from the light"


@pytest.fixture(autouse=True)
def write(modes: dict[str, Any]) -> None:
    modes["write"] = WRITE


@pytest.fixture
def deck(anna: Person) -> Deck:
    deck = make_deck(anna, 2)
    Note.objects.filter(deck=deck, position=0).update(
        term="<p>Photosynthesis</p>",
        term_text="Photosynthesis",
        definition="<p>plants turn light, water and air into sugar and oxygen</p>",
        definition_text="plants turn light, water and air into sugar and oxygen",
    )
    return deck


def label(told: actions.Told) -> str:
    assert told.verdict is not None
    return told.verdict.label


def later(learner: Person, deck: Deck, text: str, days: int = 1) -> actions.Told:
    return Writer(learner, deck, now_ms=NOON + days * DAY).write(0, text)


def test_after_i_was_right_an_answer_like_it_is_right(anna: Person, ben: Person, deck: Deck) -> None:
    assert label(later(ben, deck, LIKE_REFUSED)) == "wrong"
    hers = Writer(anna, deck)
    told = hers.write(0, REFUSED)
    assert label(told) == "wrong"
    hers.appeal(told.id)
    after = later(anna, deck, LIKE_REFUSED)
    assert label(after) == "right"
    assert after.verdict is not None
    assert LIKE_BEFORE in after.verdict.reasons, "it says why"
    assert label(later(anna, deck, REFUSED, 2)) == "right"
    assert label(later(anna, deck, "nothing like it at all", 3)) == "wrong"
    assert label(later(ben, deck, LIKE_REFUSED, 2)) == "wrong", "what one settles is one's own"


def test_after_too_generous_an_answer_like_it_is_wrong(anna: Person, ben: Person, deck: Deck) -> None:
    assert label(later(ben, deck, LIKE_TAKEN)) == "right"
    hers = Writer(anna, deck)
    told = hers.write(0, TAKEN)
    assert label(told) == "right"
    hers.appeal(told.id, "wrong")
    assert label(later(anna, deck, LIKE_TAKEN)) == "wrong"
    assert label(later(anna, deck, "plants turn light, water and air into sugar and oxygen", 2)) == "right", "the card itself is the card itself"


def test_an_appeal_counts_for_the_next_answer_of_the_same_batch(anna: Person, deck: Deck) -> None:
    hers, next_day = Writer(anna, deck), Writer(anna, deck)
    first = queries.next_questions(hers.sitting)[0].id
    told, appeal, after = uuid7(), uuid7(), uuid7()
    batch = [
        actions.Given(told, hers.sitting.id, first, Response(text=REFUSED), NOON),
        actions.Given(appeal, hers.sitting.id, "", Response(), NOON + 1000, overturns=told, to="right"),
        actions.Given(after, next_day.sitting.id, first, Response(text=LIKE_REFUSED), NOON + 2000),
    ]
    assert [label(one) for one in actions.keep(anna, batch, now_ms=NOON + 3000)] == ["wrong", "right", "right"]


@pytest.mark.parametrize("undone", ["answer", "appeal turned again"])
def test_what_is_taken_back_speaks_no_longer(anna: Person, deck: Deck, undone: str) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, REFUSED)
    hers.appeal(told.id)
    if undone == "answer":
        actions.undo(anna, hers.sitting, id=uuid7(), now_ms=NOON + DAY)
    else:
        hers.appeal(told.id, "wrong")
    assert label(later(anna, deck, LIKE_REFUSED)) == "wrong"


def test_an_answer_given_before_stays_as_it_was_told(anna: Person, deck: Deck) -> None:
    hers, next_day = Writer(anna, deck), Writer(anna, deck, now_ms=NOON + DAY)
    early = hers.write(0, LIKE_REFUSED)
    told = next_day.write(0, REFUSED)
    next_day.appeal(told.id)
    found = queries.answer_of(hers.sitting, early.id)
    assert found is not None
    assert (found.verdict.label, found.shown["label"]) == ("wrong", "wrong")
    over = hers.appeal(early.id)
    kept = Review.objects.get(id=over.id).judged["overturned"]
    assert (kept["label"], label(over)) == ("wrong", "right"), "what was overturned is what was told"


def test_only_answers_asked_the_same_way_speak(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, REFUSED)
    hers.appeal(told.id)
    question = queries.next_questions(Writer(anna, deck, now_ms=NOON + DAY).sitting)[0]
    marks = Marks(anna.id, [Review.objects.get(id=told.id).card_id])
    assert [one.answer for one in marks.of(question)] == [REFUSED]
    assert asked_in(question.id) == ("f", "")
    Review.objects.filter(takes_back__isnull=False).update(question=question.id.replace(".f.", ".r."))
    assert Marks(anna.id, [Review.objects.get(id=told.id).card_id]).of(question) == ()


def test_a_list_keeps_its_points_when_the_same_answer_was_settled(anna: Person) -> None:
    deck = make_deck(anna, 1)
    Note.objects.filter(deck=deck).update(
        definition="<ul><li>it moves water</li><li>it needs a membrane</li></ul>", definition_text="• it moves water\n• it needs a membrane"
    )
    hers = Writer(anna, deck)
    told = hers.write(0, "swelling and shrinking")
    assert label(told) != "right"
    hers.appeal(told.id)
    after = later(anna, deck, "swelling and shrinking")
    assert after.verdict is not None
    assert [point.mark for point in after.verdict.points] == ["covered", "covered"]


def test_a_form_accepted_for_oneself_is_what_answers_like_it_are_judged_by(anna: Person, ben: Person, deck: Deck) -> None:
    form, like = "making food out of light, as leaves do", "leaves, making food out of light"
    assert label(later(ben, deck, like)) != "right"
    told = later(ben, deck, form, 2)
    actions.accept_from_now_on(ben, queries.answer_given(ben, told.id), now_ms=NOON)
    assert label(later(ben, deck, like, 3)) == "right"


def test_many_settled_marks_do_not_make_a_batch_ask_once_for_each(anna: Person, django_assert_max_num_queries: Any) -> None:
    deck = make_deck(anna, 12)
    hers = Writer(anna, deck)
    for place in range(12):
        told = hers.write(place, f"something about {place}")
        hers.appeal(told.id)
    sitting = actions.sit(anna, deck=deck, mode="write", options={}, now_ms=NOON + DAY, dice=random.Random(7), afresh=True)
    questions = queries.next_questions(sitting)
    cards = {Review.objects.get(id=row).card_id for row in Review.objects.filter(takes_back__isnull=False).values_list("id", flat=True)}
    marks = Marks(anna.id, cards)
    with django_assert_max_num_queries(1):
        assert sum(len(marks.of(question)) for question in questions) == 12
