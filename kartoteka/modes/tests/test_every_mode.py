"""What every mode keeps, whatever is answered: the same desk asks the same question, and each is found again by its id."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.modes.base import find
from kartoteka.modes.tests.table import Learner, card, desk, item, memory
from kartoteka.shelf import parts

MODES = {name: rules for name, rules in parts("modes", "rules").items() if rules.__name__.startswith("kartoteka.modes.")}
SELF_GRADED = [name for name in MODES if name in ("sorting", "spaced")]
NAMES = "abcdefghijklmnop"


@st.composite
def visits(draw: st.DrawFn, name: str) -> Learner:
    """A visit somewhere in its middle."""
    count = draw(st.integers(0, len(NAMES)))
    known = draw(st.sets(st.sampled_from(NAMES)))
    memories = {card(one): memory() for one in known}
    visit = Learner(MODES[name], desk(NAMES[:count], seed=draw(st.integers(0, 2**48)), memories=memories), step_ms=draw(st.integers(1, 400_000)))
    for rating, flipped in draw(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=40)):
        if not MODES[name].ask(visit.desk):
            break
        visit.answer(rating, flipped=flipped)
    return visit


@pytest.mark.parametrize("name", MODES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_same_desk_asks_the_same_questions(name: str, data: st.DataObject) -> None:
    visit = data.draw(visits(name))
    ask = MODES[name].ask
    ids = [question.id for question in ask(visit.desk)]
    again = replace(visit.desk, items=dict(reversed(list(visit.desk.items.items()))))
    assert [question.id for question in ask(again)] == ids
    assert len(ids) == len(set(ids))
    assert len({question.item.id for question in ask(visit.desk)}) == len(ids), "a card is open at most once"


@pytest.mark.parametrize("name", MODES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_question_is_found_by_its_id_also_of_its_card_alone(name: str, data: st.DataObject) -> None:
    visit = data.draw(visits(name))
    for question in MODES[name].ask(visit.desk):
        assert find(MODES[name].ask, visit.desk, question.id) == question
        alone = MODES[name].ask(visit.desk.narrowed(question.item.id))
        assert [one.id for one in alone] == [question.id]


@pytest.mark.parametrize("name", MODES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_card_deleted_in_the_middle_is_skipped_and_the_others_stay_as_they_were(name: str, data: st.DataObject) -> None:
    visit = data.draw(visits(name))
    named = (
        (lambda question: question.item.id) if getattr(MODES[name], "POOL", False) else (lambda question: question.id)
    )  # without its like a card is asked otherwise
    before = [named(question) for question in MODES[name].ask(visit.desk)]
    if not visit.desk.hand:
        return
    gone = data.draw(st.sampled_from(visit.desk.hand))
    left = replace(visit.desk, items={id: one for id, one in visit.desk.items.items() if id != gone}, hand=tuple(c for c in visit.desk.hand if c != gone))
    still_in_hand = replace(left, hand=visit.desk.hand)
    assert {named(q) for q in MODES[name].ask(left)} == {id for id in before if gone not in id}
    assert {named(q) for q in MODES[name].ask(still_in_hand)} == {id for id in before if gone not in id}


@pytest.mark.parametrize("name", MODES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_taking_the_last_answer_back_asks_that_question_again(name: str, data: st.DataObject) -> None:
    visit = data.draw(visits(name))
    if not visit.desk.answered:
        return
    before = replace(visit.desk, answered=visit.desk.answered[:-1])
    assert find(MODES[name].ask, before, visit.desk.answered[-1].question) is not None


@pytest.mark.parametrize("name", SELF_GRADED)
@given(seed=st.integers(0, 1000), count=st.integers(0, 16))
@settings(max_examples=40, deadline=None)
def test_a_visit_ends_when_every_card_was_passed(name: str, seed: int, count: int) -> None:
    visit = Learner(MODES[name], desk(NAMES[:count]))
    answers = visit.until_done(random.Random(seed), (1, 3, 3))
    assert answers >= count
    assert set(visit.asked) == {card(one) for one in NAMES[:count]}


@pytest.mark.parametrize("name", MODES)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_tiny_sets_work(name: str, count: int) -> None:
    rules = MODES[name]
    visit = Learner(rules, desk("ab"[:count]))
    assert len(rules.ask(visit.desk)) == count
    for _ in range(10 * count):
        if rules.ask(visit.desk):
            visit.answer(3)
    assert rules.ask(visit.desk) == []


@pytest.mark.parametrize("name", MODES)
def test_a_card_with_an_empty_side_is_not_asked(name: str) -> None:
    asked = MODES[name].ask(desk([item("a"), item("b", definition=""), item("c", term="  ")]))
    assert [question.item.id for question in asked] == [card("a")]


@pytest.mark.parametrize("name", MODES)
def test_cards_that_say_the_same_are_each_asked(name: str) -> None:
    asked = MODES[name].ask(desk([item("a", term="same", definition="same"), item("b", term="same", definition="same")]))
    assert [question.item.id for question in asked] == [card("a"), card("b")]


@pytest.mark.parametrize("name", MODES)
def test_a_reversed_card_asks_the_other_way(name: str) -> None:
    (question,) = MODES[name].ask(desk([item("a", direction="reversed")]))
    assert question.direction == "reversed"
    assert question.id.split(".")[3] == "r"


@pytest.mark.parametrize("name", MODES)
def test_option_names_are_url_parameters_and_defaults_are_among_the_choices(name: str) -> None:
    options = MODES[name].OPTIONS
    assert len({option.name for option in options}) == len(options)
    for option in options:
        assert option.name.isidentifier()
        if option.choices:
            defaults = option.default if isinstance(option.default, tuple) else (option.default,)
            assert {*defaults} <= {value for value, _label in option.choices}
