"""Made-up learners who study in every mode when cards fall due: how near the target their real recall is when they are asked."""

from __future__ import annotations

import numpy as np

from kartoteka.engine.evidence import Evidence, Proof, proof_of
from kartoteka.engine.fsrs import AGAIN, GOOD, Fsrs6
from kartoteka.engine.memory import DAY_MS, due_ms
from kartoteka.engine.mixed import Answer, Reader, plain
from kartoteka.engine.simulating import learners
from kartoteka.engine.state import Calendar, Model

MODES = (("rating", 0), ("typed", 0), ("sorting", 0), ("choice", 4), ("tf", 0), ("matching", 0))
SHARES = (0.3, 0.2, 0.15, 0.2, 0.1, 0.05)
KNOWN_BEFORE = 0.25
NIGHTLY = 7  # days after which due dates are set by what the calibrator has learned


def reached(*, target: float = 0.9, cards: int = 80, days: int = 150, count: int = 8, seed: int = 1, naive: bool = False) -> float:
    """Mean real recall of cards asked on a later day. ``naive``: every mark is taken for a good or an again."""
    found = []
    for who, curve in enumerate(learners(count, seed)):
        found += _learner(curve, np.random.default_rng((seed, who)), target, cards, days, naive)
    return float(np.mean(found))


def _learner(curve: Fsrs6, numbers: np.random.Generator, target: float, cards: int, days: int, naive: bool) -> list[float]:
    calendar = Calendar(((0, 0),))
    reader, model, asked = Reader(calendar), Model(), []
    S, D, last, due = np.zeros(cards), np.zeros(cards), np.zeros(cards), np.sort(numbers.integers(0, days // 3, cards)).astype(float)
    for day in range(days):
        if day % NIGHTLY == 0 and not naive and day:
            model = Model(beliefs=reader.calibrator.beliefs())
        for card in np.flatnonzero(due <= day).tolist():
            at = day * DAY_MS + DAY_MS // 2 + card * 20_000
            recall = KNOWN_BEFORE if S[card] == 0 else curve.recall(day - last[card], S[card])
            knew = bool(numbers.random() < recall)
            if S[card] > 0:
                asked.append(recall)
            evidence = _answer(knew, numbers, at)
            S[card], D[card] = _moved(curve, S[card], D[card], day - last[card], knew, evidence)
            last[card] = day
            reader.take(Answer(str(card), plain(evidence) if naive else evidence))
            state = reader.states[str(card)]
            due[card] = day + 1 if state is None else max(calendar.day(due_ms(state, target=target, calendar=calendar, seed=str(card), model=model)), day + 1)
    return asked[len(asked) // 4 :]


def _answer(knew: bool, numbers: np.random.Generator, at: int) -> Evidence:
    kind, options = MODES[int(numbers.choice(len(MODES), p=SHARES))]
    pairs = int(numbers.integers(2, 7)) if kind == "matching" else 0
    if kind == "rating":
        return Evidence("rating", float(knew), "", GOOD if knew else AGAIN, at_ms=at)
    right = proof_of(Evidence(kind, 1.0, "", options=options, pairs_left=pairs))
    chance = 1.0 if right is None else right.given_known if knew else right.given_unknown
    return Evidence(kind, float(numbers.random() < chance), "", options=options, pairs_left=pairs, at_ms=at)


def _moved(curve: Fsrs6, S: float, D: float, t: float, knew: bool, evidence: Evidence) -> tuple[float, float]:
    """What really happens to the memory: known strengthens it as much as the mode does, not known is a lapse; nobody sees which."""
    proof = proof_of(evidence) or Proof(1, 0, 0.5, GOOD, True)
    if S == 0:
        return curve.first(GOOD if knew else AGAIN)
    if not knew:
        return curve.after(S, D, t, AGAIN)
    S_good, D_good = curve.after(S, D, t, GOOD)
    strength = proof.strength
    return float(S * (S_good / S) ** strength), D + strength * (D_good - D)
