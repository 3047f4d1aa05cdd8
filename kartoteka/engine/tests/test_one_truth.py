"""However answers arrive, late, twice, taken back, imported, with other weights or another day's start: memory is their replay in time order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.fsrs import FSRS6, FSRS7, WEIGHTS_6, WEIGHTS_7, replay_ratings
from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, MemoryState, Model, observe, outcomes, replay
from kartoteka.engine.predicting import Ratings

START = Calendar().begins(20_000)
OWN = Model.of([w * 1.05 for w in WEIGHTS_6[:20]] + [0.2], [*WEIGHTS_7[:29], 0.55, *WEIGHTS_7[30:]], Beliefs((0.1, 0.4, 0.5, 0.2, 0.3, -0.1), 0.05, 20_010))

KINDS: list[dict[str, Any]] = [
    *({"kind": "rating", "outcome": float(g > 1), "grade": g} for g in (1, 2, 3, 4)),
    {"kind": "typed", "outcome": 1.0},
    {"kind": "typed", "outcome": 0.0, "certain": True},
    {"kind": "choice", "outcome": 1.0, "options": 4},
    {"kind": "choice", "outcome": 0.0, "options": 3},
    {"kind": "tf", "outcome": 1.0},
    {"kind": "sorting", "outcome": 0.0},
    {"kind": "points", "outcome": 0.6},
    {"kind": "near_miss", "outcome": 1.0},
    {"kind": "intrusion", "outcome": 0.0},
    {"kind": "exposure", "outcome": 1.0},
    {"kind": "game", "outcome": 0.0, "options": 4},
]


@st.composite
def histories(draw: st.DrawFn) -> list[Evidence]:
    at, found = START, []
    for _ in range(draw(st.integers(1, 14))):
        at += draw(st.sampled_from((1, 40_000, 600_000, 5_000_000, DAY_MS // 2, DAY_MS - 1, DAY_MS, 3 * DAY_MS, 40 * DAY_MS))) + draw(st.integers(0, 50_000))
        found.append(Evidence(mode="", at_ms=at, sitting=draw(st.sampled_from(("", "a", "b"))), **draw(st.sampled_from(KINDS))))
    return found


@dataclass
class Book:
    """A card as the app keeps it: added to where the answer is the newest, replayed where it is not."""

    calendar: Calendar = field(default_factory=Calendar)
    model: Model = field(default_factory=Model)
    state: MemoryState | None = None
    kept: dict[int, Evidence] = field(default_factory=dict)
    replays: int = 0

    def take(self, id: int, evidence: Evidence) -> None:
        if id in self.kept:
            return
        newest = all(evidence.at_ms > other.at_ms for other in self.kept.values())
        self.kept[id] = evidence
        if newest:
            self.state = observe(self.state, evidence, self.calendar, self.model)
        else:
            self.replay()

    def undo(self, id: int) -> None:
        if self.kept.pop(id, None):
            self.replay()

    def replay(self) -> None:
        self.replays += 1
        self.state = replay([evidence for _, evidence in sorted(self.kept.items(), key=lambda kept: (kept[1].at_ms, kept[0]))], self.calendar, self.model)


@given(histories(), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=150, deadline=None)
def test_late_doubled_and_taken_back_answers_leave_what_a_replay_leaves(history: list[Evidence], dice: Any, own: bool) -> None:
    model = OWN if own else Model()
    book, arrivals = Book(model=model), list(enumerate(history))
    dice.shuffle(arrivals)
    gone = {id for id, _ in arrivals if dice.random() < 0.3}
    for id, evidence in arrivals:
        book.take(id, evidence)
        if dice.random() < 0.3:
            book.take(id, evidence)
        if id in gone:
            book.undo(id)
    assert book.state == replay([evidence for id, evidence in enumerate(history) if id not in gone], Calendar(), model)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_taking_back_the_newest_answer_leaves_the_memory_before_it(history: list[Evidence]) -> None:
    book = Book()
    for id, evidence in enumerate(history[:-1]):
        book.take(id, evidence)
    before = book.state
    book.take(len(history) - 1, history[-1])
    book.undo(len(history) - 1)
    assert book.state == before


@given(histories())
@settings(max_examples=100, deadline=None)
def test_changed_weights_are_as_if_they_had_always_been(history: list[Evidence]) -> None:
    book = Book()
    for id, evidence in enumerate(history[: len(history) // 2]):
        book.take(id, evidence)
    book.model = OWN
    book.replay()
    for id, evidence in enumerate(history[len(history) // 2 :], len(history) // 2):
        book.take(id, evidence)
    assert book.state == replay(history, Calendar(), OWN)


@given(histories(), st.integers(0, 1439), st.integers(0, 13))
@settings(max_examples=100, deadline=None)
def test_a_changed_day_start_moves_no_past_answer(history: list[Evidence], cut: int, at: int) -> None:
    moment = history[min(at, len(history) - 1)].at_ms
    later = Calendar(((0, 240), (moment, cut)))
    past = [evidence for evidence in history if evidence.at_ms < moment]
    assert replay(past, later) == replay(past, Calendar())
    book = Book()
    for id, evidence in enumerate(past):
        book.take(id, evidence)
    book.calendar = later
    for id, evidence in enumerate(history[len(past) :], len(past)):
        book.take(id, evidence)
    assert book.state == replay(history, later)


@given(histories(), st.lists(st.tuples(st.integers(1, 400), st.sampled_from((1, 2, 3, 4))), min_size=1, max_size=10, unique_by=lambda one: one[0]))
@settings(max_examples=100, deadline=None)
def test_an_imported_history_stands_at_its_own_time(history: list[Evidence], past: list[tuple[int, int]]) -> None:
    imported = [Evidence("rating", float(g > 1), "import", g, at_ms=START - days * DAY_MS) for days, g in sorted(past, reverse=True)]
    book = Book()
    for id, evidence in enumerate(history):
        book.take(1000 + id, evidence)
    for id, evidence in enumerate(imported):
        book.take(id, evidence)
    assert book.state == replay([*imported, *history], Calendar())


@given(st.lists(st.tuples(st.integers(1, 40 * 24 * 60), st.sampled_from((1, 2, 3, 4))), min_size=2, max_size=30))
@settings(max_examples=80, deadline=None)
def test_imported_ratings_are_the_same_one_by_one_and_as_arrays(steps: list[tuple[int, int]]) -> None:
    at = START + np.cumsum([minutes * 60_000 for minutes, _ in steps])
    grade = np.array([g for _, g in steps])
    ratings = Ratings.of(np.zeros(len(steps), np.int64), at, grade, Calendar())
    state = replay([Evidence("rating", float(g > 1), "", g, at_ms=int(ms)) for ms, (_, g) in zip(at, steps, strict=True)], Calendar())
    assert state is not None
    six, seven = replay_ratings(FSRS6, ratings.card, ratings.lag.astype(float), grade), replay_ratings(FSRS7, ratings.card, ratings.t, grade)
    for mine, theirs in ((state.s6, six[0]), (state.d6, six[1]), (state.s7, seven[0]), (state.d7, seven[1])):
        assert mine == pytest.approx(theirs[-1], rel=1e-9)


def test_a_memory_grows_no_larger_with_its_history() -> None:
    state: MemoryState | None = None
    sizes = []
    for i in range(600):
        kind = KINDS[i % len(KINDS)]
        state = observe(state, Evidence(mode="", at_ms=START + i * DAY_MS // 3, sitting=str(i // 5), **kind), Calendar())
        sizes.append(len(json.dumps(state.row())) if state else 0)
    assert max(sizes[300:]) <= max(sizes[:300]) + 40


@given(histories(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_learners_own_model_shows_what_it_stores(history: list[Evidence], own: bool) -> None:
    model = OWN if own else Model()
    state = replay(history, Calendar(), model)
    now = history[-1].at_ms + DAY_MS
    for g, after in outcomes(state, now, Calendar(), model=model).items():
        assert after == observe(state, Evidence("rating", float(g > 1), "", g, at_ms=now), Calendar(), model)
