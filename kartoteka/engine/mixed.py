"""Answers of every mode, walked in time order: each predicted from what was before it, then learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kartoteka.engine.calibrating import Calibrator, logit
from kartoteka.engine.evidence import Evidence, proof_of
from kartoteka.engine.fsrs import AGAIN, GOOD, Floats
from kartoteka.engine.memory import KNOWN_BEFORE, observe
from kartoteka.engine.predicting import Ratings
from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Calendar, MemoryState, Model


class Answer(NamedTuple):
    """Evidence of one card; the answers of a log come in time order."""

    card: str
    evidence: Evidence


class Reader:
    """Predicts and observes answers one by one; the calibrator and the share known beforehand learn as they go."""

    def __init__(self, calendar: Calendar, model: Model = PLAIN_MODEL, *, by_itself: bool = False) -> None:
        """``by_itself``: a card's surprise is the one by this very calibrator, as it will be once its beliefs are in force."""
        self.calendar, self.model = calendar, model
        self.surprises: dict[str, tuple[float, int]] | None = {} if by_itself else None
        self.past: list[tuple[float, ...]] = []  # what the calibrator went by, answer after answer, where it is ``by_itself``
        self.states: dict[str, MemoryState | None] = {}
        self.calibrator = Calibrator()
        self.known, self.begun = KNOWN_BEFORE * BEGINNINGS, float(BEGINNINGS)

    def chance(self, answer: Answer) -> float:
        """How likely this answer was to be marked right, before it is known which it was."""
        evidence = answer.evidence
        p, guess, slip = self._recall(answer)[0], *_noise(evidence)
        return p * (1 - slip) + (1 - p) * guess

    def _recall(self, answer: Answer) -> tuple[float, int, tuple[float, float, float, float, float, float] | None]:
        state, evidence = self.states.get(answer.card), answer.evidence
        if state is None:
            return self.known / self.begun, 0, None
        day = self.calendar.day(evidence.at_ms)
        lag, t = day - self.calendar.day(state.last_ms), (evidence.at_ms - state.last_ms) / DAY_MS
        r7 = self.model.seven.recall(t, state.s7)
        if lag < 1:
            return r7, 0, None
        self.calibrator.begins(day)
        surprise, n = (state.surprise, state.n) if self.surprises is None else self.surprises.get(answer.card, (0.0, 0))
        x = self.calibrator.features(logit(self.model.six.recall(lag, state.s6)), logit(r7), surprise / (n + 2), lag)
        return self.calibrator.predict(x), lag, x

    def take(self, answer: Answer) -> float:
        """The chance that it would be right; then the answer moves what is remembered, and what is known of the learner."""
        evidence, proof = answer.evidence, proof_of(answer.evidence)
        p, lag, x = self._recall(answer)
        guess, slip = _noise(evidence)
        if proof is not None:
            q = proof.posterior(p)
            if x is not None:
                self.calibrator.learn(x, q, p, (1 - guess - slip) ** 2)
                if self.surprises is not None:
                    surprise, n = self.surprises.get(answer.card, (0.0, 0))
                    self.surprises[answer.card] = surprise + q - p, n + 1
                    self.past.append(tuple(self.calibrator.b))
            elif lag == 0 and self.states.get(answer.card) is None:
                self.known, self.begun = self.known + q, self.begun + 1
        self.states[answer.card] = observe(self.states.get(answer.card), evidence, self.calendar, self.model)
        return p * (1 - slip) + (1 - p) * guess


BEGINNINGS = 50  # answers that the usual share of cards known beforehand is worth


def _noise(evidence: Evidence) -> tuple[float, float]:
    """(guess, slip) of an answer, whichever way it went."""
    if evidence.kind == "rating":
        return 0.0, 0.0
    right = proof_of(Evidence(evidence.kind, 1.0, evidence.mode, options=evidence.options, pairs_left=evidence.pairs_left, hint_rungs=evidence.hint_rungs))
    return (right.given_unknown, 1 - right.given_known) if right and not right.graded else (0.0, 0.0)


def read(answers: Sequence[Answer], calendar: Calendar, model: Model = PLAIN_MODEL) -> Floats:
    """The chance of a right mark before each answer."""
    reader = Reader(calendar, model)
    return np.array([reader.take(answer) for answer in answers], float)


def learned(answers: Sequence[Answer], calendar: Calendar, model: Model = PLAIN_MODEL) -> Model:
    """The model with the calibrator as all these answers leave it: what comes into force at a replay of everything.

    It will stand still then, so it is the middle of where it stood in the later half of these answers: the last few alone would sway it.
    """
    reader = Reader(calendar, model, by_itself=True)
    for answer in answers:
        reader.take(answer)
    beliefs = reader.calibrator.beliefs()
    if later := reader.past[len(reader.past) // 2 :]:
        b0, b1, b2, b3, b4, b5 = np.mean(later, axis=0).tolist()
        beliefs = replace(beliefs, b=(b0, b1, b2, b3, b4, b5))
    return replace(model, beliefs=beliefs)


def ratings_of(answers: Sequence[Answer], calendar: Calendar) -> Ratings:
    """What a fit can use of them: plain ratings, and written answers as good or again; what was only recognised says too little about a curve."""
    used = [one for one in answers if one.evidence.kind in ("rating", "typed")]
    grade = [one.evidence.grade if one.evidence.kind == "rating" else GOOD if one.evidence.outcome >= 0.5 else AGAIN for one in used]
    numbers = {card: number for number, card in enumerate(dict.fromkeys(one.card for one in used))}
    cards = [numbers[one.card] for one in used]
    return Ratings.of(np.array(cards, np.int64), np.array([one.evidence.at_ms for one in used], np.int64), np.array(grade, np.int64), calendar)


def plain(evidence: Evidence) -> Evidence:
    """The same answer taken for a plain rating: right a good, wrong an again."""
    right = evidence.grade > AGAIN if evidence.kind == "rating" else evidence.outcome >= 0.5
    return Evidence("rating", float(right), evidence.mode, 3 if right else AGAIN, at_ms=evidence.at_ms, sitting=evidence.sitting)
