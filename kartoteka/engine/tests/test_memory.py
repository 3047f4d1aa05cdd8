"""What answers of every kind do to a memory: the worked-out numbers, every special case, and laws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.evidence import proof_of
from kartoteka.engine.foreign import difficulty_of
from kartoteka.engine.fsrs import FSRS6, FSRS7
from kartoteka.engine.memory import DAY_MS, KNOWN_BEFORE, Calendar, Evidence, MemoryState, leech, observe, outcomes, replay
from kartoteka.engine.state import prior

CALENDAR = Calendar()
NOON = CALENDAR.begins(20_000) + 8 * 3_600_000
MINUTE = 60_000
KNOWN = MemoryState(6.0, 5.0, 7.0, 5.0, NOON, NOON)

# state's age in days (None: no state), evidence, q, then s6 d6 s7 d7 (memory.md §2)
WORKED_OUT: list[tuple[float | None, dict[str, Any], float, tuple[float, float, float, float]]] = [
    (5.0, {"kind": "rating", "outcome": 0, "grade": 1}, 0.0, (1.037698, 8.341762, 1.324662, 8.566379)),
    (5.0, {"kind": "rating", "outcome": 1, "grade": 2}, 1.0, (13.576247, 6.665995, 12.416608, 6.772279)),
    (5.0, {"kind": "rating", "outcome": 1, "grade": 3}, 1.0, (18.597683, 4.990228, 15.176015, 4.978179)),
    (5.0, {"kind": "rating", "outcome": 1, "grade": 4}, 1.0, (29.5942, 3.314461, 17.628819, 3.184079)),
    (5.0, {"kind": "typed", "outcome": 0}, 0.173874, (1.713967, 7.759018, 2.024168, 7.942485)),
    (5.0, {"kind": "sorting", "outcome": 1}, 0.971733, (13.757675, 5.086866, 12.187347, 5.083849)),
    (5.0, {"kind": "sorting", "outcome": 0}, 0.231165, (1.919094, 7.567455, 2.245869, 7.73792)),
    (5.0, {"kind": "tf", "outcome": 1}, 0.946674, (7.948779, 5.174965, 8.277371, 5.182951)),
    (5.0, {"kind": "choice", "outcome": 1, "options": 4}, 0.958902, (10.702878, 5.131718, 10.203127, 5.134017)),
    (5.0, {"kind": "choice", "outcome": 0, "options": 2}, 0.457075, (3.156005, 6.811646, 3.505338, 6.930292)),
    (5.0, {"kind": "matching", "outcome": 1, "pairs_left": 3}, 0.968378, (9.816081, 5.100943, 9.659434, 5.102212)),
    (5.0, {"kind": "near_miss", "outcome": 1}, 0.969297, (12.545664, 6.717446, 11.592124, 6.827363)),
    (5.0, {"kind": "points", "outcome": 0.5}, 0.161597, (1.572272, 8.070964, 1.901782, 8.276458)),
    (5.0, {"kind": "points", "outcome": 1}, 0.999765, (18.585048, 4.991018, 15.167302, 4.979024)),
    (5.0, {"kind": "points", "outcome": 0.8, "contradicted": True}, 0.343803, (2.511877, 7.765629, 2.85921, 7.949563)),
    (5.0, {"kind": "choice", "outcome": 1, "options": 4, "hint_rungs": 2}, 0.937235, (8.506316, 6.146603, 8.703399, 6.220469)),
    (None, {"kind": "choice", "outcome": 1, "options": 4}, 0.424973, (0.529844, 5.096918, 0.265762, 5.174571)),
    (None, {"kind": "typed", "outcome": 0}, 0.006623, (0.215378, 6.384855, 0.042272, 5.628938)),
    (None, {"kind": "rating", "outcome": 1, "grade": 3}, 1.0, (2.3065, 2.118104, 4.1283, 4.194588)),
    (0.01, {"kind": "typed", "outcome": 1}, 1.0, (6.0, 4.990228, 8.101871, 4.978179)),
    (90.0, {"kind": "tf", "outcome": 1}, 0.790245, (8.625013, 5.698249, 7.847754, 5.742031)),
]


def ev(kind: str, outcome: float = 1.0, *, at: int = NOON + 5 * DAY_MS, **more: Any) -> Evidence:
    return Evidence(kind, outcome, "mode", at_ms=at, **more)  # type: ignore[arg-type]


def rated(grade: int, at: int, **more: Any) -> Evidence:
    return ev("rating", float(grade > 1), at=at, grade=grade, **more)


def seen(state: MemoryState | None, *evidence: Evidence) -> MemoryState:
    for piece in evidence:
        state = observe(state, piece, CALENDAR)
    assert state is not None
    return state


def numbers(state: MemoryState | None) -> tuple[float, float, float, float]:
    assert state is not None
    return state.s6, state.d6, state.s7, state.d7


@pytest.mark.parametrize(("age", "evidence", "q", "want"), WORKED_OUT)
def test_evidence_moves_a_memory_by_the_numbers_worked_out_for_it(age: float | None, evidence: dict[str, Any], q: float, want: tuple[float, ...]) -> None:
    state, piece = None if age is None else KNOWN, ev(**evidence, at=NOON + round((age or 0) * DAY_MS))
    assert numbers(observe(state, piece, CALENDAR)) == pytest.approx(want, abs=2e-6)
    proof = proof_of(piece)
    assert proof is not None
    assert proof.posterior(KNOWN_BEFORE if state is None else prior(state, age or 0, int(age or 0))[0]) == pytest.approx(q, abs=2e-6)


def test_evidence_agrees_with_every_example_of_the_samples(samples: Path) -> None:
    for line in json.loads((samples / "memory/golden.json").read_text())["evidence"]:
        facts, age = dict(line["evidence"]), (line["state"] or {}).get("t_days", 0)
        outcome = float(facts.pop("correct", facts.pop("score", facts.get("grade", 3) > 1)))
        state = line["state"] and replace(KNOWN, **{k: v for k, v in line["state"].items() if k != "t_days"})
        want = [line["result"][name] for name in ("s6", "d6", "s7", "d7")]
        assert numbers(observe(state, ev(outcome=outcome, at=NOON + round(age * DAY_MS), **facts), CALENDAR)) == pytest.approx(want, abs=2e-6)


# --- special cases


@pytest.mark.parametrize(
    "evidence",
    [
        ev("exposure"),
        ev("typed", revealed=True),
        ev("typed", hint_rungs=3),
        ev("near_miss", hint_rungs=3),
        ev("points", 1.0, revealed=True),
        ev("matching", pairs_left=1),
        ev("matching", 0.0, pairs_left=1),
        ev("choice", options=1),
        ev("game", options=4),
    ],
)
def test_exposure_proves_nothing(evidence: Evidence) -> None:
    assert observe(KNOWN, evidence, CALENDAR) is KNOWN
    assert observe(None, evidence, CALENDAR) is None


@pytest.mark.parametrize("kind", ["typed", "choice", "points"])
def test_a_miss_counts_however_many_hints_were_taken(kind: str) -> None:
    missed = observe(KNOWN, ev(kind, 0.0, options=4, hint_rungs=3, revealed=True), CALENDAR)
    assert missed is not None
    assert missed.s6 < KNOWN.s6


def test_a_near_miss_counts_as_hard_not_as_good() -> None:
    near, hard, good = (numbers(observe(KNOWN, e, CALENDAR)) for e in (ev("near_miss"), rated(2, NOON + 5 * DAY_MS), ev("typed")))
    assert near[0] < hard[0] < good[0]
    assert near[1] == pytest.approx(hard[1], abs=0.06)


def test_partly_is_never_a_plain_hard() -> None:
    partly, hard = (observe(KNOWN, e, CALENDAR) for e in (ev("points", 0.7), rated(2, NOON + 5 * DAY_MS)))
    assert partly is not None
    assert hard is not None
    assert partly.s6 < hard.s6


def test_a_missed_must_have_takes_the_success_away() -> None:
    assert seen(KNOWN, ev("points", 0.9)).s6 > KNOWN.s6 > seen(KNOWN, ev("points", 0.9, contradicted=True)).s6


def test_each_hint_makes_a_success_weaker() -> None:
    grown = [seen(KNOWN, ev("typed", hint_rungs=rungs)).s6 for rungs in (0, 1, 2)]
    assert grown == sorted(grown, reverse=True)
    assert len(set(grown)) == 3


def test_not_knowing_is_no_slip() -> None:
    assert numbers(observe(KNOWN, ev("typed", 0.0, certain=True), CALENDAR)) == pytest.approx(numbers(observe(KNOWN, rated(1, NOON + 5 * DAY_MS), CALENDAR)))


def test_after_a_miss_a_success_of_the_same_sitting_is_a_weak_same_day_step() -> None:
    at = NOON + 5 * DAY_MS
    missed = seen(KNOWN, ev("typed", 0.0, at=at, sitting="a"))
    here = seen(missed, ev("typed", at=at + MINUTE, sitting="a"))
    s6, _ = FSRS6.after(missed.s6, missed.d6, 0, 3)
    s7, d7 = FSRS7.after(missed.s7, missed.d7, 1 / 1440, 3)
    assert here.s6 == pytest.approx((missed.s6 * s6) ** 0.5)
    assert here.s7 == pytest.approx((missed.s7 * s7) ** 0.5)
    assert here.d7 == pytest.approx((missed.d7 + d7) / 2)
    elsewhere = seen(missed, ev("typed", at=at + MINUTE, sitting="b"))
    assert elsewhere.s7 == pytest.approx(s7)


def test_a_sitting_past_the_days_start_is_still_one_sitting() -> None:
    late = CALENDAR.begins(20_010) - MINUTE
    missed = seen(KNOWN, ev("typed", 0.0, at=late, sitting="a"))
    after = seen(missed, ev("typed", at=late + 2 * MINUTE, sitting="a"))
    assert after.s6 == pytest.approx((missed.s6 * FSRS6.after(missed.s6, missed.d6, 0, 3)[0]) ** 0.5)


def test_a_second_miss_within_half_an_hour_is_the_same_lapse() -> None:
    at = NOON + 5 * DAY_MS
    once = seen(KNOWN, ev("typed", 0.0, at=at, sitting="a"))
    twice = seen(once, ev("typed", 0.0, at=at + 29 * MINUTE, sitting="a"))
    assert (twice.s6, twice.s7, twice.d6, twice.d7, twice.lapses) == (once.s6, once.s7, once.d6, once.d7, 1)
    between = seen(once, ev("typed", at=at + 5 * MINUTE, sitting="a"), ev("typed", 0.0, at=at + 10 * MINUTE, sitting="a"))
    assert between.s6 >= once.s6
    assert between.s7 >= once.s7
    later = seen(once, ev("typed", 0.0, at=at + 31 * MINUTE, sitting="a"))
    assert later.s6 < once.s6


def test_more_successes_of_a_day_prove_a_quarter_and_none_after_the_third() -> None:
    at = NOON + 5 * DAY_MS
    first = seen(KNOWN, ev("typed", at=at, sitting="a"))
    second = seen(first, ev("typed", at=at + 60 * MINUTE, sitting="a"))
    s7, d7 = FSRS7.after(first.s7, first.d7, 1 / 24, 3)
    assert second.s7 == pytest.approx(first.s7**0.75 * s7**0.25)
    assert second.d7 == pytest.approx(first.d7 * 0.75 + d7 * 0.25)
    third = seen(second, ev("typed", at=at + 120 * MINUTE, sitting="a"))
    assert third.s7 > second.s7
    assert observe(third, ev("typed", at=at + 180 * MINUTE, sitting="a"), CALENDAR) is third


def test_plain_ratings_follow_the_curves_within_a_sitting_too() -> None:
    at = NOON + 5 * DAY_MS
    missed = seen(KNOWN, rated(1, at, sitting="a"))
    assert numbers(observe(missed, rated(3, at + 10 * MINUTE, sitting="a"), CALENDAR)) == (
        *FSRS6.after(missed.s6, missed.d6, 0, 3),
        *FSRS7.after(missed.s7, missed.d7, 10 / 1440, 3),
    )


def test_only_a_games_first_answer_of_the_day_may_count_and_only_a_wrong_one() -> None:
    at = NOON + 5 * DAY_MS
    wrong = ev("game", 0.0, options=4, at=at)
    assert seen(KNOWN, wrong).s6 < KNOWN.s6
    today = seen(KNOWN, ev("typed", at=at - MINUTE))
    assert observe(today, wrong, CALENDAR) is today


def test_another_cards_question_that_drew_this_answer_is_half_a_miss_once_a_day() -> None:
    at = NOON + 5 * DAY_MS
    again = seen(KNOWN, rated(1, at))
    drawn = seen(KNOWN, ev("intrusion", 0.0, at=at))
    assert drawn.s6 == pytest.approx((KNOWN.s6 * again.s6) ** 0.5)
    assert drawn.d7 == pytest.approx((KNOWN.d7 + again.d7) / 2)
    assert drawn.last_ms == KNOWN.last_ms
    assert observe(drawn, ev("intrusion", 0.0, at=at + MINUTE), CALENDAR) is drawn
    assert seen(drawn, ev("intrusion", 0.0, at=at + DAY_MS)).s6 < drawn.s6
    assert observe(None, ev("intrusion", 0.0), CALENDAR) is None


def test_a_first_plain_rating_begins_where_the_curves_begin() -> None:
    for grade in (1, 2, 3, 4):
        assert numbers(observe(None, rated(grade, NOON), CALENDAR)) == (*FSRS6.first(grade), *FSRS7.first(grade))


def test_plain_ratings_are_plain_fsrs() -> None:
    S6 = D6 = S7 = D7 = 0.0
    state, at = None, NOON
    for turn, (days, grade) in enumerate([(0, 3), (1, 3), (3, 1), (0, 3), (2, 2), (30, 4)]):
        at += days * DAY_MS + 7 * MINUTE
        t7 = days + 7 / 1440
        S6, D6 = FSRS6.after(S6, D6, days, grade) if turn else FSRS6.first(grade)
        S7, D7 = FSRS7.after(S7, D7, t7, grade) if turn else FSRS7.first(grade)
        state = seen(state, rated(grade, at))
        assert numbers(state) == pytest.approx((S6, D6, S7, D7), rel=1e-12)


# --- what is counted


def test_success_days_are_counted_once_a_day_and_only_for_recall() -> None:
    state = seen(None, ev("choice", options=4, at=NOON))
    assert (state.days_ok, state.last_ok) == (0, False)
    state = seen(state, ev("typed", at=NOON + MINUTE), ev("typed", at=NOON + 2 * MINUTE))
    assert (state.days_ok, state.last_ok) == (1, True)
    assert seen(state, rated(3, NOON + DAY_MS)).days_ok == 2


@pytest.mark.parametrize("miss", [ev("choice", 0.0, options=4), ev("typed", 0.0), rated(1, NOON + 5 * DAY_MS), ev("points", 0.1), ev("tf", 0.0)])
def test_a_failure_of_any_kind_takes_last_ok_away_until_the_next_recall(miss: Evidence) -> None:
    state = seen(replace(KNOWN, last_ok=True, days_ok=3, ok_day=1), miss)
    assert not state.last_ok
    assert state.days_ok == 3
    assert not seen(state, ev("choice", options=4, at=NOON + 7 * DAY_MS)).last_ok
    assert seen(state, ev("typed", at=NOON + 7 * DAY_MS)).last_ok


def test_a_lapse_is_a_miss_of_what_was_safe_for_a_day() -> None:
    state = seen(None, rated(1, NOON), rated(1, NOON + DAY_MS))
    assert state.lapses == 0
    at = NOON + 5 * DAY_MS
    state = seen(KNOWN, rated(1, at), rated(1, at + MINUTE))
    assert state.lapses == 1
    assert seen(replace(KNOWN, s6=200.0, s7=200.0), ev("choice", 0.0, options=4)).lapses == 0  # more likely a slip


def test_six_lapses_or_three_within_a_week_make_a_leech() -> None:
    assert leech(replace(KNOWN, lapses=6), NOON, CALENDAR)
    assert not leech(replace(KNOWN, lapses=5), NOON, CALENDAR)
    day = CALENDAR.day(NOON)
    assert leech(replace(KNOWN, lapses=3, more=(("lapse_days", (day - 6, day - 3, day)),)), NOON, CALENDAR)
    assert not leech(replace(KNOWN, lapses=3, more=(("lapse_days", (day - 7, day - 3, day)),)), NOON, CALENDAR)
    state = replace(KNOWN, s6=5.0)
    for days in (1, 2, 3):
        state = seen(replace(state, s6=5.0, s7=5.0), rated(1, NOON + days * DAY_MS))
    assert leech(state, NOON + 3 * DAY_MS, CALENDAR)


def test_surprise_is_counted_from_the_next_day_on() -> None:
    state = seen(None, rated(3, NOON), rated(3, NOON + 10 * MINUTE))
    assert (state.n, state.surprise) == (0, 0.0)
    state = seen(state, rated(1, NOON + 3 * DAY_MS))
    assert state.n == 1
    assert -1 < state.surprise < -0.5


# --- days


def test_twenty_three_hours_later_may_be_another_day() -> None:
    evening = CALENDAR.begins(20_000) + 20 * 3_600_000
    state = seen(None, rated(3, evening))
    assert seen(state, rated(3, evening + 23 * 3_600_000)).s6 == FSRS6.after(2.3065, state.d6, 1, 3)[0]
    assert seen(state, rated(3, evening + 3 * 3_600_000)).s6 == FSRS6.after(2.3065, state.d6, 0, 3)[0]


def test_travelling_moves_no_past_review_into_another_day() -> None:
    berlin, tokyo = 180, -300
    moved = NOON + 10 * DAY_MS
    before, after = Calendar(((0, berlin),)), Calendar(((0, berlin), (moved, tokyo)))
    for at in range(NOON, moved, 3_600_000):
        assert before.day(at) == after.day(at)
    assert after.day(moved) == (moved // MINUTE - tokyo) // 1440
    assert after.begins(after.day(moved)) <= moved


# --- laws

kinds = st.sampled_from(["rating", "typed", "sorting", "choice", "tf", "matching", "near_miss", "points", "game", "intrusion", "exposure"])


ever = st.integers(NOON, NOON + 36_500 * DAY_MS)


@st.composite
def evidences(draw: st.DrawFn, at: st.SearchStrategy[int] = ever) -> Evidence:
    kind, grade = draw(kinds), draw(st.integers(1, 4))
    outcome = float(grade > 1) if kind == "rating" else draw(st.floats(0, 1)) if kind == "points" else float(draw(st.booleans()))
    return Evidence(
        kind, outcome, "mode", grade, draw(st.integers(0, 6)), draw(st.integers(0, 8)), draw(st.integers(0, 3)), draw(st.booleans()), draw(st.booleans()),
        draw(st.booleans()), draw(at), draw(st.sampled_from(["", "a", "b"])),
    )  # fmt: skip


states = st.builds(
    MemoryState, st.floats(0.001, 36_500), st.floats(1, 10), st.floats(0.0001, 36_500), st.floats(1, 10), st.just(NOON), st.just(NOON), last_ok=st.booleans()
)
histories = st.lists(evidences(st.integers(NOON, NOON + 40 * DAY_MS)), max_size=25).map(lambda found: sorted(found, key=lambda e: e.at_ms))


@given(histories)
def test_replaying_is_observing_one_by_one_bit_for_bit(history: list[Evidence]) -> None:
    state: MemoryState | None = None
    for piece in history:
        stored = None if state is None else MemoryState.of(json.loads(json.dumps(state.row())))  # as a database gives it back
        assert stored == state
        state = observe(stored, Evidence(**json.loads(json.dumps(piece.facts()))), CALENDAR)
    assert replay(history, CALENDAR) == state


@given(states, st.integers(NOON, NOON + 1000 * DAY_MS))
def test_what_the_buttons_show_is_what_is_stored(state: MemoryState, now: int) -> None:
    for grade, after in outcomes(state, now, CALENDAR, sitting="s").items():
        assert after == observe(state, Evidence("rating", float(grade > 1), "spaced", grade, at_ms=now, sitting="s"), CALENDAR)


@given(states, evidences())
def test_a_memory_ends_between_having_forgotten_and_having_known(state: MemoryState, evidence: Evidence) -> None:
    after = observe(state, evidence, CALENDAR)
    assert after is not None
    if after is state or evidence.kind == "intrusion":
        return
    best = max(2, proof_of(evidence).grade)  # type: ignore[union-attr]
    again, known = (observe(state, rated(grade, evidence.at_ms), CALENDAR) for grade in (1, best))
    assert again is not None
    assert known is not None
    for least, got, most in ((again.s6, after.s6, known.s6), (again.s7, after.s7, known.s7)):
        assert least * (1 - 1e-9) <= got <= most * (1 + 1e-9)
    assert 1 <= after.d6 <= 10
    assert 1 <= after.d7 <= 10


@given(states, st.integers(NOON, NOON + 1000 * DAY_MS), st.integers(2, 9))
def test_more_options_never_weaken_a_success(state: MemoryState, at: int, options: int) -> None:
    fewer, more = (seen(state, ev("choice", options=k, at=at)) for k in (options, options + 1))
    assert more.s6 >= fewer.s6 * (1 - 1e-12)
    assert more.s7 >= fewer.s7 * (1 - 1e-12)


@given(evidences(), st.floats(0, 1), st.floats(0, 1))
def test_who_more_likely_knew_it_is_never_believed_less(evidence: Evidence, one: float, other: float) -> None:
    if proof := proof_of(evidence):
        assert proof.posterior(min(one, other)) <= proof.posterior(max(one, other)) + 1e-12
        assert 0 <= proof.posterior(one) <= 1


@given(evidences())
def test_the_order_of_facts_is_irrelevant(evidence: Evidence) -> None:
    assert Evidence(**dict(reversed(evidence.facts().items()))) == evidence


def test_a_schedule_of_another_program_begins_a_memory_and_moves_one_that_is_older() -> None:
    schedule = ev("schedule", at=NOON, stability=40.0, difficulty=3.5)
    state = observe(None, schedule, CALENDAR)
    assert state is not None
    assert (state.s6, state.d6, state.d7, state.days_ok, state.last_ok) == (40.0, 3.5, 3.5, 2, True)
    assert FSRS7.recall(40.0, state.s7) == pytest.approx(0.9, abs=1e-9)
    later = seen(state, rated(3, NOON + 40 * DAY_MS))
    assert later.s6 > 80
    assert observe(later, schedule, CALENDAR) == later
    moved = seen(later, ev("schedule", at=NOON + 90 * DAY_MS, stability=10.0, difficulty=8.0))
    assert (moved.s6, moved.d6, moved.first_ms, moved.last_ms, moved.days_ok) == (10.0, 8.0, NOON, NOON + 90 * DAY_MS, 3)
    assert observe(None, ev("schedule", stability=float("nan")), CALENDAR) is None


def test_only_a_schedule_says_what_was_reckoned() -> None:
    assert "stability" not in rated(3, NOON).facts()
    schedule = ev("schedule", at=NOON, stability=40.0, difficulty=3.5)
    assert Evidence(**schedule.facts()) == schedule


@pytest.mark.parametrize(("ease", "days", "low", "high"), [(1.3, 10, 9.9, 10), (2.5, 10, 6, 8), (2.5, 100, 4, 6), (3.5, 30, 1, 4), (9, 30, 1, 1)])
def test_the_ease_of_a_schedule_is_the_difficulty_with_which_fsrs_would_do_the_same(ease: float, days: float, low: float, high: float) -> None:
    found = difficulty_of(ease, days)
    assert low <= found <= high
    if 1 < found < 10:
        assert FSRS6.after(days, found, days, 3)[0] / days == pytest.approx(ease, rel=0.02)
