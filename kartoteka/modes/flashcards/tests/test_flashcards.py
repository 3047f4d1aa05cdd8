"""Flashcards: each card once, in order; looking proves nothing."""

from __future__ import annotations

from kartoteka.engine.grading import grade
from kartoteka.engine.questions import Response
from kartoteka.modes.flashcards import rules
from kartoteka.modes.tests.table import Learner, card, desk


def order(visit: Learner) -> list[str]:
    return [question.item.id for question in rules.ask(visit.desk)]


def test_cards_come_in_the_order_of_the_hand() -> None:
    visit = Learner(rules, desk("abc"))
    for name in "abc":
        assert visit.answer().item.id == card(name)
    assert rules.ask(visit.desk) == []


def test_looking_is_exposure() -> None:
    (question,) = rules.ask(desk("a"))
    assert rules.weigh(question, grade(question, Response(flipped=True))) is None


def test_a_visit_goes_on_behind_the_card_looked_at_last_and_comes_back_to_those_skipped() -> None:
    visit = Learner(rules, desk("abcde"))
    jumped_to = rules.ask(visit.desk)[2]
    visit.answer(question=jumped_to)
    assert order(visit) == [card(name) for name in "deab"]


def test_a_card_deleted_after_it_was_looked_at_does_not_stop_the_visit() -> None:
    visit = Learner(rules, desk("abc"))
    visit.answer()
    visit.desk = desk("bc").narrowed(card("b"))
    assert order(visit) == [card("b")]


def test_the_tally_counts_cards_looked_at() -> None:
    visit = Learner(rules, desk("abc"))
    visit.answer()
    visit.answer()
    assert rules.tally(visit.desk)["looked"] == 2
