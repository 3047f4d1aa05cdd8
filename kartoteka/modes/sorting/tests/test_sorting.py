"""Card Sorting: two piles, rounds until everything is known, and what a sort proves."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.grading import grade
from kartoteka.engine.questions import Response
from kartoteka.modes.sorting import rules
from kartoteka.modes.tests.table import Learner, card, desk

KNOW, LEARNING = rules.KNOW, rules.STILL_LEARNING


@pytest.mark.parametrize(
    ("rating", "flipped", "proves"),
    [(KNOW, True, 1.0), (LEARNING, True, 0.0), (KNOW, False, None), (LEARNING, False, None)],
)
def test_only_a_sort_after_turning_over_proves_something(rating: int, flipped: bool, proves: float | None) -> None:
    (question,) = rules.ask(desk("a"))
    evidence = rules.weigh(question, grade(question, Response(rating=rating, flipped=flipped)))
    assert (evidence.outcome if evidence else None) == proves
    if evidence:
        assert (evidence.kind, evidence.mode) == ("sorting", "sorting")


def test_the_next_round_is_the_pile_still_to_learn_reshuffled() -> None:
    visit = Learner(rules, desk("abcdefghij"))
    for place in range(10):
        visit.answer(KNOW if place == 4 else LEARNING)
    second = [question.item.id for question in rules.ask(visit.desk)]
    assert set(second) == {card(name) for name in "abcdfghij"}
    assert second != sorted(second), "this seed deals the second round in another order"
    assert {question.turn for question in rules.ask(visit.desk)} == {1}


def test_another_seed_shuffles_the_next_round_otherwise() -> None:
    orders = set()
    for seed in range(6):
        visit = Learner(rules, desk("abcdefgh", seed=seed))
        for _ in range(8):
            visit.answer(LEARNING)
        orders.add(tuple(question.item.id for question in rules.ask(visit.desk)))
    assert len(orders) > 1


def test_a_round_is_finished_before_the_next_begins() -> None:
    visit = Learner(rules, desk("abc"))
    visit.answer(LEARNING)
    assert [question.turn for question in rules.ask(visit.desk)] == [0, 0, 1]


def test_a_known_card_is_not_asked_again() -> None:
    visit = Learner(rules, desk("ab"))
    visit.answer(KNOW)
    visit.answer(KNOW)
    assert rules.ask(visit.desk) == []
    assert rules.tally(visit.desk) == {
        "know": 2,
        "learning": 0,
        "left": 0,
        "first_pass": 2,
        "round": {"number": 1, "of": 2, "sorted": 2, "begun": True},
        "took_ms": 0,
    }


def test_between_two_rounds_the_pile_is_still_the_pile() -> None:
    visit = Learner(rules, desk("abcd"))
    for rating in (KNOW, LEARNING, KNOW, LEARNING):
        visit.answer(rating)
    tally = rules.tally(visit.desk)
    assert (tally["know"], tally["learning"], tally["left"]) == (2, 2, 0)
    assert tally["round"] == {"number": 1, "of": 2, "sorted": 0, "begun": False}
    visit.answer(KNOW)
    tally = rules.tally(visit.desk)
    assert (tally["know"], tally["learning"], tally["left"]) == (3, 0, 1)
    assert tally["round"] == {"number": 2, "of": 2, "sorted": 1, "begun": True}
    assert tally["first_pass"] == 2


@given(count=st.integers(0, 16), answers=st.lists(st.booleans(), max_size=60), seed=st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_know_and_still_learning_and_left_are_all_cards_always(count: int, answers: list[bool], seed: int) -> None:
    visit = Learner(rules, desk("abcdefghijklmnop"[:count], seed=seed))
    for known in answers:
        tally = rules.tally(visit.desk)
        assert tally["know"] + tally["learning"] + tally["left"] == count
        if not rules.ask(visit.desk):
            break
        visit.answer(KNOW if known else LEARNING)
    else:
        tally = rules.tally(visit.desk)
        assert tally["know"] + tally["learning"] + tally["left"] == count


def test_rounds_come_to_an_end_for_everyone_who_learns() -> None:
    visit = Learner(rules, desk("abcdefghijklmnop"))
    assert visit.until_done(random.Random(1), (KNOW, LEARNING, LEARNING)) >= 16
