"""Learn: stages, rounds, what comes back when, and what an answer proves."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.grading import Verdict, grade
from kartoteka.engine.items import Item
from kartoteka.engine.memory import MemoryState
from kartoteka.engine.notes import side_of
from kartoteka.engine.questions import Question, Response
from kartoteka.engine.text import plain
from kartoteka.modes.base import Answered
from kartoteka.modes.learn import rules
from kartoteka.modes.learn.rounds import NEW_MOST, RETURNS, Card, Visit
from kartoteka.modes.tests.table import NOON, Learner, card, desk, item, memory

DAY_MS = 86_400_000
WORDS = ["Paris", "Rome", "Madrid", "Warsaw", "Oslo", "Athens", "Berlin", "Vienna", "Prague", "Lisbon", "Dublin", "Bern", "Riga", "Sofia", "Kyiv", "Minsk"]
LONG = "<ul>" + "".join(f"<li>point number {n} says that {word} was lost</li>" for n, word in enumerate(WORDS[:5])) + "</ul>"


def capitals(count: int) -> list[Item]:
    return [item(chr(97 + n), term=f"land of {word} people", definition=word) for n, word in enumerate(WORDS[:count])]


def a_list() -> Item:
    return replace(item("z", term="Losses", definition="x"), back=side_of(LONG, plain(LONG)))


def visit(items: Any = None, *, memories: dict[str, MemoryState] | None = None, **options: Any) -> Learner:
    return Learner(rules, desk(items if items is not None else capitals(12), memories=memories, **options))


def first(learner: Learner) -> Question:
    return rules.ask(learner.desk)[0]


def test_a_new_card_is_recognised_then_recalled_then_done() -> None:
    learner = visit(capitals(4))
    target = first(learner).item.id
    kinds = []
    for _ in range(40):
        question = learner.next()
        if question is None:
            break
        if question.item.id == target:
            kinds.append(question.qtype)
        learner.answer(3)
    assert kinds[0] in ("choice", "tf")
    assert kinds[1:] == ["typed"]
    assert rules.ask(learner.desk) == []


def test_what_other_modes_proved_is_not_recognised_again() -> None:
    learner = visit(capitals(5), memories={card("a"): memory()})
    question = next(q for q in rules.ask(learner.desk) if q.item.id == card("a"))
    assert question.qtype == "typed"


def test_a_card_likely_recalled_begins_with_recall_and_a_forgotten_one_does_not() -> None:
    strong = replace(memory(), days_ok=0, last_ok=False, s6=90.0)
    weak = replace(strong, s6=0.05)
    learner = visit(capitals(5), memories={card("a"): strong, card("b"): weak})
    kinds = {question.item.id: question.qtype for question in rules.ask(learner.desk)}
    assert kinds[card("a")] == "typed"
    assert kinds[card("b")] in ("choice", "tf")


def test_what_was_recalled_today_in_any_mode_is_done_unless_it_is_asked_again() -> None:
    learner = visit(capitals(3))
    day = learner.desk.calendar.day(NOON)
    today = replace(memory(NOON - 3_600_000), ok_day=day)
    assert {q.item.id for q in rules.ask(visit(capitals(3), memories={card("a"): today}).desk)} == {card("b"), card("c")}
    assert len(rules.ask(visit(capitals(3), memories={card("a"): today}, again=True).desk)) == 3


def test_for_an_exam_what_will_be_safe_on_that_day_needs_nothing() -> None:
    safe, shaky = replace(memory(), s6=400.0), replace(memory(), s6=6.0)
    found = visit(capitals(3), memories={card("a"): safe, card("b"): shaky}, goal="exam", exam="2026-01-20")
    assert {q.item.id for q in rules.ask(found.desk)} == {card("b"), card("c")}
    nonsense = visit(capitals(3), memories={card("a"): safe}, goal="exam", exam="soon")
    assert len(rules.ask(nonsense.desk)) == 3


def test_a_round_has_seven_questions_and_at_most_four_new_cards() -> None:
    learner = visit(capitals(12))
    for _ in range(7):
        learner.answer(3)
    tally = rules.tally(learner.desk)
    assert tally["round"] | {"cards": 0, "began_ms": 0, "next": 0} == {
        "number": 1,
        "of": 7,
        "sorted": 7,
        "begun": False,
        "cards": 0,
        "began_ms": 0,
        "last": False,
        "next": 0,
    }
    assert len(set(learner.asked)) == NEW_MOST
    learner.answer(3)
    assert rules.tally(learner.desk)["round"]["number"] == 2


def test_between_two_questions_of_a_card_lie_three_others() -> None:
    learner = visit(capitals(12))
    dice = random.Random(3)
    for _ in range(400):
        question = learner.next()
        if question is None:
            break
        just = learner.asked[-3:]
        if question.item.id in just:
            assert {q.item.id for q in rules.ask(learner.desk)} <= set(just), "only where there are no others"
        learner.answer(dice.choice((3, 3, 1)), question=question)


def test_a_miss_comes_back_after_three_others_and_goes_back_a_stage() -> None:
    learner = visit(capitals(12))
    missed = learner.answer(1).item.id
    for _ in range(3):
        assert learner.answer(3).item.id != missed
    back = learner.next()
    assert back is not None
    assert (back.item.id, back.again, back.qtype) == (missed, True, "choice")


def test_a_card_missed_again_and_again_is_carried_over_to_the_next_round() -> None:
    learner = visit(capitals(16), size=15, memories={card(chr(97 + n)): memory() for n in range(16)})
    target = first(learner).item.id
    goes = 0
    while rules.tally(learner.desk)["round"]["begun"]:
        question = learner.next()
        assert question is not None
        goes += question.item.id == target
        learner.answer(1 if question.item.id == target else 3, question=question)
    assert goes == 1 + RETURNS
    question = learner.next()
    assert question is not None
    assert question.item.id == target, "failed ones come first"


def test_a_miss_in_recall_is_recognised_first_again() -> None:
    learner = visit(capitals(5), memories={card("a"): memory()})
    question = next(q for q in rules.ask(learner.desk) if q.item.id == card("a"))
    learner.answer(1, question=question)
    assert next(q for q in rules.ask(learner.desk) if q.item.id == card("a")).qtype == "choice"


def test_a_right_answer_with_a_hint_is_asked_once_more() -> None:
    learner = visit(capitals(5), memories={card("a"): memory()})
    question = next(q for q in rules.ask(learner.desk) if q.item.id == card("a"))
    given = Answered(question.id, card("a"), 1.0, None, False, NOON + 1, label="right", hints=1)
    assert next(q for q in rules.ask(replace(learner.desk, answered=(given,))) if q.item.id == card("a")).qtype == "typed"
    plain_ = replace(given, hints=0)
    assert card("a") not in {q.item.id for q in rules.ask(replace(learner.desk, answered=(plain_,)))}


def test_a_near_miss_neither_goes_on_nor_back() -> None:
    learner = visit(capitals(5), memories={card("a"): memory()})
    question = next(q for q in rules.ask(learner.desk) if q.item.id == card("a"))
    for label in ("close", "unsure"):
        given = Answered(question.id, card("a"), 0.5, None, False, NOON + 1, label=label)
        assert next(q for q in rules.ask(replace(learner.desk, answered=(given,))) if q.item.id == card("a")).qtype == "typed"


def test_a_list_is_led_up_to_by_single_points_and_then_asked_whole() -> None:
    learner = visit([a_list(), *capitals(5)], memories={card("z"): memory()})
    seen: list[tuple[str, int | None]] = []
    for _ in range(60):
        question = learner.next()
        if question is None:
            break
        if question.item.id == card("z"):
            seen.append((question.qtype, question.point))
        learner.answer(3)
    assert [qtype for qtype, _point in seen] == ["points"] * 3
    assert seen[2][1] is None
    assert seen[0][1] is not None
    assert seen[0][1] != seen[1][1]


def test_points_that_were_lacking_are_asked_alone() -> None:
    learner = visit([a_list(), *capitals(5)], memories={card("z"): memory()})
    stem = f"0.{card('z')}.points.f"
    led = [Answered(f"{stem}.{n}.{n}", card("z"), 1.0, None, False, NOON + n, turn=n, label="right") for n in range(2)]
    whole = Answered(f"{stem}..2", card("z"), 0.6, None, False, NOON + 3, turn=2, label="close", missed=(1, 4))
    question = next(q for q in rules.ask(replace(learner.desk, answered=(*led, whole))) if q.item.id == card("z"))
    assert question.point in (1, 4)
    assert question.rubric is not None
    assert len(question.rubric.points) == 1


def recalled_but_for(*missed: int) -> tuple[Learner, list[Answered]]:
    """Someone who led up to the list and recalled it, but for some of its points."""
    learner = visit([a_list(), *capitals(5)], memories={card("z"): memory()})
    stem = f"0.{card('z')}.points.f"
    led = [Answered(f"{stem}.{n}.{n}", card("z"), 1.0, None, False, NOON + n, turn=n, label="right") for n in range(2)]
    whole = Answered(f"{stem}..2", card("z"), 0.8, None, False, NOON + 3, turn=2, label="right", missed=missed)
    return learner, [*led, whole]


def of_list(learner: Learner, answers: list[Answered]) -> Question | None:
    return next((q for q in rules.ask(replace(learner.desk, answered=tuple(answers))) if q.item.id == card("z")), None)


def alone(question: Question, label: str, **more: Any) -> Answered:
    score = 1.0 if label == "right" else 0.0
    return Answered(question.id, question.item.id, score, None, False, NOON + 10 + question.turn, turn=question.turn, label=label, **more)


def test_what_a_recalled_list_lacked_is_asked_alone_and_then_it_is_done() -> None:
    learner, answers = recalled_but_for(3, 4)
    first_ = of_list(learner, answers)
    assert first_ is not None
    assert (first_.point, first_.again) == (3, True)
    assert rules.weigh(first_, Verdict(0.0, "wrong")) is None, "that the list lacked it has counted"
    answers.append(alone(first_, "wrong", missed=(0,)))
    second = of_list(learner, answers)
    assert second is not None
    assert second.point == 4, "another one before the same again"
    answers.append(alone(second, "right"))
    back = of_list(learner, answers)
    assert back is not None
    assert back.point == 3
    answers.append(alone(back, "right", hints=1))
    assert of_list(learner, answers) is not None, "with a hint it was not recalled alone"
    answers.append(alone(replace(back, turn=back.turn + 1), "right"))
    assert of_list(learner, answers) is None
    assert rules.tally(replace(learner.desk, answered=tuple(answers)))["recalled"] == 1


def test_a_lacking_point_that_an_edit_took_away_is_asked_with_its_list() -> None:
    learner, answers = recalled_but_for(4)
    html = LONG[: LONG.index("<li>point number 2")] + "</ul>"
    shorter = replace(a_list(), back=side_of(html, plain(html)))
    learner.desk = replace(learner.desk, items={**learner.desk.items, card("z"): shorter})
    whole = of_list(learner, answers)
    assert whole is not None
    assert (whole.qtype, whole.point) == ("points", None)
    answers.append(alone(whole, "right"))
    assert of_list(learner, answers) is None


def test_points_due_by_themselves_come_first_and_alone_of_a_card_that_is_done() -> None:
    learner = visit([a_list(), *capitals(5)], memories={card("z"): memory(weak=(4, 2))})
    assert [q.point for q in rules.ask(learner.desk) if q.item.id == card("z")] != [None]
    led = of_list(learner, [])
    assert led is not None
    assert led.point in (2, 4)
    today = replace(memory(NOON - 3_600_000, weak=(4, 2)), ok_day=learner.desk.calendar.day(NOON))
    done = visit([a_list(), *capitals(5)], memories={card("z"): today})
    lone = of_list(done, [])
    assert lone is not None
    assert lone.point == 4
    missed = rules.weigh(lone, Verdict(0.0, "wrong"))
    assert missed is not None
    assert missed.outcome == 0.0, "a list that lacks a point is not whole"
    after = [alone(lone, "right")]
    second = of_list(done, after)
    assert second is not None
    assert second.point == 2
    assert of_list(done, [*after, alone(second, "right")]) is None


def test_quotes_and_pictures_are_chosen_and_then_judged_by_the_learner() -> None:
    quote = "“Peace, land and bread for all the people of this country”"
    picture = '<img src="a.png" alt="">'
    items = [
        replace(item("q", term="Lenin", definition="x"), back=side_of(quote, quote)),
        replace(item("p", term="Rose", definition="x"), back=side_of(picture, "")),
    ]
    learner = visit([*items, *capitals(4)], memories={card("q"): memory(), card("p"): memory()})
    kinds = {q.item.id: q.qtype for q in rules.ask(learner.desk)}
    assert (kinds[card("q")], kinds[card("p")]) == ("self", "self")


def test_a_lone_card_is_looked_at_and_then_written_after_a_gap() -> None:
    learner = visit(capitals(1))
    assert first(learner).qtype == "look"
    learner.answer()
    question = first(learner)
    assert (question.qtype, question.wait_ms) == ("typed", rules.GAP_MS)


def test_new_cards_are_shown_first_if_one_likes() -> None:
    learner = visit(capitals(6), show=True)
    assert learner.answer().qtype == "look"
    later = next(q for q in rules.ask(learner.desk) if q.item.id == learner.asked[0])
    assert later.qtype in ("choice", "tf")
    verdict = Verdict(1.0, "right", "choice")
    evidence = rules.weigh(later, verdict)
    assert evidence is not None
    assert evidence.revealed, "what was just shown proves nothing"


def test_recall_only_never_offers_a_choice() -> None:
    assert {q.qtype for q in rules.ask(visit(capitals(8), types="typed").desk)} == {"typed"}


def test_of_neighbours_every_fourth_at_most_is_true_or_false() -> None:
    items = [replace(one, position=place) for place, one in enumerate(capitals(16))]
    kinds = [q.qtype for q in rules.ask(visit(items).desk)]
    assert kinds.count("tf") <= 4
    assert set(kinds) == {"choice", "tf"}


def test_ten_minutes_take_the_shakiest_of_the_known_first() -> None:
    memories = {card("a"): replace(memory(), s6=200.0), card("b"): replace(memory(), s6=2.0), card("c"): replace(memory(), s6=20.0)}
    learner = visit(capitals(3), memories=memories, goal="ten")
    assert [q.item.id for q in rules.ask(learner.desk)] == [card("b"), card("c"), card("a")]


def test_what_answers_prove() -> None:
    learner = visit([a_list(), *capitals(5)], memories={card("a"): memory(), card("z"): memory()})
    by_card = {q.item.id: q for q in rules.ask(learner.desk)}
    typed, choice, point = by_card[card("a")], next(q for q in by_card.values() if q.qtype == "choice"), by_card[card("z")]
    kinds = [
        (rules.weigh(typed, grade(typed, Response(text="Paris"))), "typed", 1.0),
        (rules.weigh(typed, Verdict(0.5, "close")), "near_miss", 0.5),
        (rules.weigh(choice, grade(choice, Response(unknown=True))), "choice", 0.0),
    ]
    for evidence, kind, outcome in kinds:
        assert evidence is not None
        assert (evidence.kind, evidence.outcome) == (kind, outcome)
    unknown = kinds[2][0]
    assert unknown is not None
    assert unknown.certain
    assert unknown.options == len(choice.choices)
    assert rules.weigh(typed, Verdict(None, "unsure")) is None
    assert rules.weigh(typed, Verdict(0.5, "unsure")) is None
    assert rules.weigh(point, Verdict(1.0, "right")) is None, "its context was given"
    missed = rules.weigh(point, Verdict(0.0, "wrong"))
    assert missed is not None
    assert missed.kind == "points"


def test_an_answer_to_a_card_that_left_the_set_keeps_its_place_in_the_round() -> None:
    learner = visit(capitals(12))
    gone = learner.answer(3).item.id
    left = replace(learner.desk, hand=tuple(one for one in learner.desk.hand if one != gone), items={k: v for k, v in learner.desk.items.items() if k != gone})
    assert rules.tally(left)["round"]["sorted"] == 1
    assert gone not in {q.item.id for q in rules.ask(left)}


def test_a_hundred_cards_are_not_dressed_for_the_next_one() -> None:
    learner = visit([item(f"{n:03d}", term=f"land {n}", definition=f"town {n}") for n in range(100)])
    questions = rules.ask(learner.desk)
    assert len(questions) == 100
    assert questions[0].choices or questions[0].claim
    assert len(questions[:3]) == 3


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 12), st.integers(5, 15), st.lists(st.booleans(), max_size=120))
def test_rounds_end_whatever_is_answered(count: int, size: int, passes: list[bool]) -> None:
    """No loop without an end, no card asked that is done, and a round never has more first questions than its size."""
    cards = {str(n): Card(str(n), n, new=n % 2 == 0) for n in range(count)}
    seen = Visit(cards, size)
    for at_ms, passed in enumerate(passes):
        order, of_round = seen.order()
        assert len(order) == sum(one.left for one in cards.values())
        assert len(set(order)) == len(order)
        if not order:
            return
        assert of_round > 0
        chosen = cards[order[0]]
        assert chosen.left
        seen.take(chosen, passed=passed, left=not (passed and chosen.asked % 2 == 1), at_ms=at_ms)
        assert seen.round.slots <= size
        assert all(misses <= RETURNS for misses in seen.round.pending.values())


@pytest.mark.parametrize("ratings", [(3,), (1, 3), (1, 1, 3)])
def test_a_visit_ends_when_every_card_was_recalled(ratings: tuple[int, ...]) -> None:
    learner = visit([a_list(), *capitals(7)])
    learner.until_done(random.Random(5), ratings, most=2000)
    assert set(learner.asked) == set(learner.desk.hand)
    assert rules.tally(learner.desk)["recalled"] == len(learner.desk.hand)


def test_a_round_says_how_many_questions_it_will_have() -> None:
    assert rules.tally(visit(capitals(3)).desk)["round"]["of"] == 6, "each is recognised and recalled"
    assert rules.tally(visit(capitals(3), types="typed").desk)["round"]["of"] == 3
