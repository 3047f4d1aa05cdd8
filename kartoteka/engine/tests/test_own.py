"""A model of a learner's own is kept only where it would have foretold better; what kinds of answers are worth is learned where there are enough."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.evidence import USUAL, Evidence, Noise, proof_of
from kartoteka.engine.fsrs import WEIGHTS_6, WEIGHTS_7, Fsrs6
from kartoteka.engine.kinds import ENOUGH, kinds_for, known_for
from kartoteka.engine.memory import DAY_MS, Calendar, MemoryState, observe
from kartoteka.engine.mixed import Answer
from kartoteka.engine.own import own, scored_in, some_of, surprise
from kartoteka.engine.state import PLAIN_MODEL, Model, days_until, recall

CALENDAR, NOON = Calendar(((0, 0),)), 43_200_000


def steady(cards: int = 60, times: int = 7, *, misses: float = 0.02, seed: int = 3) -> list[Answer]:
    """Ratings of somebody who hardly ever forgets, weeks apart."""
    dice, rows = random.Random(seed), []
    for card in range(cards):
        day = dice.randrange(200)
        for _ in range(times):
            grade = 1 if dice.random() < misses else 3
            rows.append((day * DAY_MS + NOON, str(card), grade))
            day += dice.randrange(60, 200)
    return [Answer(card, Evidence("rating", float(grade > 1), "", grade, at_ms=at)) for at, card, grade in sorted(rows)]


def test_who_remembers_far_longer_gets_a_model_that_says_so() -> None:
    answers = steady()
    found = own(answers, CALENDAR, PLAIN_MODEL)
    assert found.outcome == "kept"
    assert found.model is not None
    assert found.after is not None
    assert found.before is not None
    assert found.after < found.before
    state = observe(None, Evidence("rating", 1.0, "", 3, at_ms=NOON), CALENDAR, found.model)
    usual = observe(None, Evidence("rating", 1.0, "", 3, at_ms=NOON), CALENDAR)
    assert state is not None
    assert usual is not None
    assert recall(state, NOON + 30 * DAY_MS, CALENDAR, found.model) > recall(usual, NOON + 30 * DAY_MS, CALENDAR)


def test_a_model_in_use_that_foretells_as_well_is_not_replaced() -> None:
    answers = steady()
    first = own(answers, CALENDAR, PLAIN_MODEL).model
    assert first is not None
    again = own(answers, CALENDAR, first)
    assert (again.outcome, again.model) == ("refused", None)
    assert again.before == pytest.approx(surprise(answers, CALENDAR, first, scored_in(answers, CALENDAR)[-72]))


def test_few_answers_are_few() -> None:
    assert own(steady(5), CALENDAR, PLAIN_MODEL) == ("few", None, 30, None, None)
    assert own([], CALENDAR, PLAIN_MODEL).outcome == "few"


def test_a_look_gives_the_same_each_time() -> None:
    answers = steady(20)
    assert own(answers, CALENDAR, PLAIN_MODEL) == own(answers, CALENDAR, PLAIN_MODEL)


def test_of_a_long_log_whole_cards_are_looked_at_always_the_same() -> None:
    answers = steady(50)
    some = some_of(answers, 200)
    assert 150 <= len(some) <= 200
    assert some == some_of(answers, 200) == [one for one in answers if one.card in {kept.card for kept in some}]
    assert some_of(answers) is answers


def mixed(guess: float, *, cards: int = 120, rounds: int = 6, seed: int = 2) -> list[Answer]:
    """Multiple choice and ratings in turn, by somebody who hits blindly with this chance."""
    dice, curve, rows = random.Random(seed), Fsrs6(), []
    for card in range(cards):
        day, S, D = dice.randrange(30), *curve.first(3)
        rows.append((day, card, Evidence("rating", 1.0, "", 3, at_ms=day * DAY_MS + NOON)))
        for turn in range(rounds):
            lag = max(1, round(S * dice.choice((1, 4, 12))))
            day += lag
            known = dice.random() < curve.recall(lag, S)
            if turn % 2:
                rows.append((day, card, Evidence("rating", float(known), "", 3 if known else 1, at_ms=day * DAY_MS + NOON)))
                S, D = curve.after(S, D, lag, 3 if known else 1)
            else:
                right = known if known else dice.random() < guess
                rows.append((day, card, Evidence("choice", float(right), "", options=4, at_ms=day * DAY_MS + NOON)))
    return [Answer(str(card), piece) for _day, card, piece in sorted(rows, key=lambda row: row[:2])]


def test_a_learner_who_guesses_well_is_believed_less() -> None:
    lucky, honest = (dict(kinds_for(mixed(guess), CALENDAR, PLAIN_MODEL)) for guess in (0.8, 0.25))
    assert lucky["choice"].guess(4) > USUAL["choice"].guess(4) > honest["choice"].guess(4)
    for noise in (lucky["choice"], honest["choice"]):
        assert 0 <= noise.extra <= 0.5
        assert 0 < noise.slip <= 0.15
        assert 0.1 <= noise.strength <= 1


def test_of_few_answers_nothing_is_learned() -> None:
    answers = mixed(0.8, cards=ENOUGH // 5)
    assert kinds_for(answers, CALENDAR, PLAIN_MODEL) == ()
    assert known_for(answers) == pytest.approx(PLAIN_MODEL.known)
    assert known_for([Answer(str(card), Evidence("typed", 1.0, "")) for card in range(400)]) > 0.5


@given(st.sampled_from(sorted(USUAL)), st.floats(0, 0.5), st.floats(0.001, 0.15), st.floats(0.1, 1), st.floats(0.001, 0.999), st.booleans())
def test_whatever_was_learned_a_right_answer_never_speaks_against_it(kind: str, extra: float, slip: float, strength: float, p: float, right: bool) -> None:
    piece = Evidence(kind, float(right), "", options=4, pairs_left=4)  # type: ignore[arg-type]
    proof = proof_of(piece, ((kind, Noise(extra, slip, strength)),))
    if proof is not None:
        assert proof.posterior(p) >= p - 1e-12 if right else proof.posterior(p) <= p + 1e-12


@settings(deadline=None)
@given(st.floats(0.05, 3000), st.floats(0.05, 3000), st.floats(0.7, 0.97), st.floats(-0.5, 0.5), st.floats(0.1, 1.2), st.floats(-0.3, 0.3))
def test_a_calibrated_interval_is_where_recall_falls_to_the_goal(six: float, seven: float, target: float, shift: float, weight: float, by_lag: float) -> None:
    state = MemoryState(six, 5, seven, 5, NOON, NOON)
    model = Model(beliefs=Beliefs((shift, weight, 0.4, 0.0, 0.0, by_lag)))
    days, plain = days_until(state, target, model), days_until(state, target)
    assert 0.499 * plain <= days <= 2.001 * plain
    assert days_until(state, target, model) == days
    whole = max(1, round(days))
    if whole > 3 and 0.51 * plain < days < 1.99 * plain and by_lag <= 0:
        assert (
            recall(state, NOON + (whole - 2) * DAY_MS, CALENDAR, model) >= target - 1e-6 >= recall(state, NOON + (whole + 2) * DAY_MS, CALENDAR, model) - 2e-6
        )


def test_published_weights_with_nothing_learned_are_the_plain_model() -> None:
    assert Model.of(WEIGHTS_6, WEIGHTS_7) == PLAIN_MODEL
