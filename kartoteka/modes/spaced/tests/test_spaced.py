"""Spaced Repetition: what comes back when, and when a visit is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kartoteka.engine.grading import Verdict, grade
from kartoteka.engine.items import Item
from kartoteka.engine.memory import Calendar, Evidence, due_ms, observe
from kartoteka.engine.notes import side_of
from kartoteka.engine.questions import Response
from kartoteka.engine.scheduling import STEPS_MS
from kartoteka.engine.text import plain
from kartoteka.modes.base import Answered, ready, wait_of
from kartoteka.modes.spaced import rules
from kartoteka.modes.tests.table import NOON, Learner, card, desk, item, memory

FORGOT, HARD, GOT_IT, EASY = 1, 2, 3, 4
MINUTE = 60_000


def knows(names: str, **more: int) -> dict[str, object]:
    return {card(name): memory(**more) for name in names}


def test_the_waits_are_those_of_the_engine() -> None:
    assert rules.WAITS_MS == STEPS_MS


@pytest.mark.parametrize(("rating", "outcome"), [(FORGOT, 0.0), (HARD, 1.0), (GOT_IT, 1.0), (EASY, 1.0)])
def test_a_rating_is_the_evidence(rating: int, outcome: float) -> None:
    (question,) = rules.ask(desk("a"))
    evidence = rules.weigh(question, grade(question, Response(rating=rating, flipped=True)))
    assert evidence == Evidence("rating", outcome, "spaced", rating)


@pytest.mark.parametrize(
    ("known", "ratings", "waits"),
    [
        (True, [GOT_IT], [None]),
        (True, [HARD], [None]),
        (True, [FORGOT, GOT_IT, GOT_IT], [1, 10, None]),
        (True, [FORGOT, FORGOT, EASY], [1, 1, None]),
        (True, [FORGOT, HARD, HARD, GOT_IT], [1, 10, 10, None]),
        (False, [GOT_IT, GOT_IT], [10, None]),
        (False, [EASY], [None]),
        (False, [FORGOT, GOT_IT, FORGOT, GOT_IT, GOT_IT], [1, 10, 1, 10, None]),
    ],
)
def test_what_comes_back_and_when(known: bool, ratings: list[int], waits: list[int | None]) -> None:
    visit = Learner(rules, desk("a", memories=knows("a") if known else {}))
    for rating, minutes in zip(ratings, waits, strict=True):
        visit.answer(rating)
        questions = rules.ask(visit.desk)
        assert [question.wait_ms for question in questions] == ([] if minutes is None else [minutes * MINUTE])
        assert wait_of(questions, visit.now_ms) == (0 if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("first", [FORGOT, HARD, GOT_IT, EASY])
@pytest.mark.parametrize("second", [FORGOT, HARD, GOT_IT, EASY])
@pytest.mark.parametrize("third", [FORGOT, HARD, GOT_IT, EASY])
def test_a_card_comes_back_in_this_visit_exactly_when_its_button_says_so(known: bool, first: int, second: int, third: int) -> None:
    calendar = Calendar()
    state = observe(None, Evidence("rating", 1.0, "spaced", EASY, at_ms=NOON - 20 * 86_400_000), calendar) if known else None
    visit = Learner(rules, desk("a", memories={card("a"): state} if state else {}))
    for rating in (first, second, third):
        if not rules.ask(visit.desk):
            break
        visit.answer(rating)
        state = observe(state, Evidence("rating", float(rating > 1), "spaced", rating, at_ms=visit.now_ms), calendar)
        assert state is not None
        wait = due_ms(state, target=0.9, calendar=calendar, seed=card("a")) - visit.now_ms
        assert [question.wait_ms for question in rules.ask(visit.desk)] == ([wait] if state.fact("step") else [])


def test_a_missed_card_returns_after_a_minute_and_five_others() -> None:
    visit = Learner(rules, desk("abcdefgh", memories=knows("abcdefgh")), step_ms=20_000)
    visit.answer(FORGOT)
    for _ in range(5):
        assert visit.answer(GOT_IT).item.id != card("a")
    assert visit.answer(GOT_IT).item.id == card("a")


def test_five_others_are_not_enough_before_its_minute_is_over() -> None:
    visit = Learner(rules, desk("abcdefgh", memories=knows("abcdefgh")), step_ms=1_000)
    visit.answer(FORGOT)
    asked = [visit.answer(GOT_IT).item.id for _ in range(7)]
    assert card("a") not in asked


def test_where_there_are_no_five_others_it_returns_when_its_time_has_come() -> None:
    visit = Learner(rules, desk("abc", memories=knows("abc")))
    visit.answer(FORGOT)
    visit.answer(GOT_IT)
    visit.answer(GOT_IT)
    questions = rules.ask(visit.desk)
    assert ready(questions, visit.now_ms) is None
    assert wait_of(questions, visit.now_ms) == 40_000
    assert visit.answer(GOT_IT).item.id == card("a")
    assert visit.asked.count(card("a")) == 2


def test_a_returning_card_is_marked_and_its_turn_counts() -> None:
    visit = Learner(rules, desk("a", memories=knows("a")))
    visit.answer(FORGOT)
    (question,) = rules.ask(visit.desk)
    assert (question.again, question.turn, question.extra["at"]) == (True, 1, "1")


def test_a_step_of_today_goes_on_and_one_of_yesterday_is_over() -> None:
    today = Learner(rules, desk("a", memories={card("a"): memory(NOON - 5 * MINUTE, step=1)}))
    today.answer(GOT_IT)
    assert [question.wait_ms for question in rules.ask(today.desk)] == [10 * MINUTE]
    yesterday = Learner(rules, desk("a", memories={card("a"): memory(NOON - 20 * 60 * MINUTE, step=1)}))
    yesterday.answer(GOT_IT)
    assert rules.ask(yesterday.desk) == []


def test_a_card_that_is_dealt_in_the_middle_of_its_step_waits_for_the_rest_of_it() -> None:
    resting = {card("a"): memory(NOON - 4 * MINUTE, step=2), card("b"): memory(NOON - 11 * MINUTE, step=2)}
    questions = rules.ask(desk("abc", memories={**resting, **knows("c")}))
    assert [question.item.id for question in questions] == [card("b"), card("c"), card("a")], "what has waited is asked at once"
    assert wait_of(questions[2:], NOON) == 6 * MINUTE
    assert not questions[2].again, "it was not asked in this visit yet"


def test_cards_of_a_hand_that_waits_lie_beside_those_of_the_next() -> None:
    visit = Learner(rules, desk("abcdefgh"), step_ms=1_000)
    both = visit.desk
    visit.desk = replace(both, hand=both.hand[:2])
    visit.answer(GOT_IT)
    visit.answer(GOT_IT)
    assert ready(rules.ask(visit.desk), visit.now_ms) is None
    visit.desk = replace(visit.desk, hand=both.hand, number=1, beside=dict.fromkeys(both.hand[:2], (0, NOON)))
    questions = rules.ask(visit.desk)
    assert {question.item.id: question.id.split(".")[0] for question in questions} == {one: "0" if one in both.hand[:2] else "1" for one in both.hand}
    assert [question.item.id for question in questions[:6]] == [card(name) for name in "cdefab"], "five others lie before a return"


def test_the_tally_tells_true_retention_from_first_answers_to_known_cards() -> None:
    visit = Learner(rules, desk("abc", memories=knows("ab")))
    for rating in (FORGOT, GOT_IT, GOT_IT):
        visit.answer(rating)
    tally = rules.tally(visit.desk)
    assert (tally["first_asked"], tally["first_right"], tally["met"], tally["missed"], tally["coming_back"]) == (2, 1, 1, 1, 2)


def a_list() -> Item:
    html = "<ul><li>first of them</li><li>second of them</li><li>third of them</li></ul>"
    return replace(item("a"), back=side_of(html, plain(html)))


def test_points_that_were_lacking_are_asked_alone_and_prove_nothing_of_the_card() -> None:
    table = desk([a_list(), item("b"), item("c")], memories={card(name): memory() for name in "abc"})
    (whole,) = (question for question in rules.ask(table) if question.item.id == card("a"))
    given = Answered(whole.id, card("a"), 1.0, 3, True, NOON, label="right", missed=(0, 2))
    after = replace(table, answered=(given,))
    (alone,) = (question for question in rules.ask(after) if question.item.id == card("a"))
    assert (alone.qtype, alone.point, alone.again, alone.answer.text) == ("self", 0, True, "first of them")
    assert alone.id == f"0.{card('a')}.self.f.0.1"
    assert rules.weigh(alone, Verdict(0.0, "wrong", rating=1)) is None
    second = replace(after, answered=(given, Answered(alone.id, card("a"), 0.0, 1, True, NOON + 1, turn=1)))
    (next_,) = (question for question in rules.ask(second) if question.item.id == card("a"))
    assert next_.point == 2
    done = replace(second, answered=(*second.answered, Answered(next_.id, card("a"), 1.0, 3, True, NOON + 2, turn=2)))
    assert card("a") not in {question.item.id for question in rules.ask(done)}
    assert rules.tally(done)["missed"] == 0


def test_points_due_by_themselves_are_asked_alone_once_after_their_card() -> None:
    table = desk([a_list(), item("b")], memories={card("a"): memory(weak=(2, 7)), card("b"): memory()})
    (whole,) = (question for question in rules.ask(table) if question.item.id == card("a"))
    assert whole.point is None, "the whole card first, or its points would tell"
    after = replace(table, answered=(Answered(whole.id, card("a"), 1.0, 3, True, NOON, label="right"),))
    (alone,) = (question for question in rules.ask(after) if question.item.id == card("a"))
    assert alone.point == 2
    once = replace(after, answered=(*after.answered, Answered(alone.id, card("a"), 0.0, 1, True, NOON + 1, turn=1)))
    assert card("a") not in {question.item.id for question in rules.ask(once)}


def test_a_card_that_was_failed_comes_back_whole_after_its_points() -> None:
    table = desk([a_list()], memories={card("a"): memory()})
    (whole,) = rules.ask(table)
    failed = replace(table, answered=(Answered(whole.id, card("a"), 0.0, 1, True, NOON, label="wrong", missed=(1,)),))
    (alone,) = rules.ask(failed)
    assert alone.point == 1
    after = replace(failed, answered=(*failed.answered, Answered(alone.id, card("a"), 1.0, 3, True, NOON + 1, turn=1)))
    (back,) = rules.ask(after)
    assert (back.point, back.extra["at"]) == (None, "1")
