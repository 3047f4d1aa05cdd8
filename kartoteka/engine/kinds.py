"""What a learner's kinds of answers are worth: how often they guess right or slip, how much a success strengthens, where there are enough of them to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np

from kartoteka.engine.evidence import USUAL, Noise, Noises, chances, proof_of
from kartoteka.engine.fsrs import AGAIN, Floats
from kartoteka.engine.memory import KNOWN_BEFORE, observe
from kartoteka.engine.mixed import BEGINNINGS, Answer
from kartoteka.engine.predicting import SAFEST
from kartoteka.engine.state import Calendar, MemoryState, Model, recall

ENOUGH = 200  # answers of a kind, each with a recall of the same card on a later day
WORTH = 50  # so many answers the usual numbers are worth
MOST_EXTRA, MOST_SLIP, STRENGTHS = 0.5, 0.15, (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
LEARNED = ("choice", "tf", "matching", "sorting", "typed")


def kinds_for(answers: Sequence[Answer], calendar: Calendar, model: Model) -> Noises:
    """Those kinds of which there are enough answers, with their numbers drawn towards the usual ones."""
    found: dict[str, Noise] = {}
    for kind in LEARNED:
        if _followed(answers, calendar, kind) < ENOUGH:
            continue
        own = replace(model, kinds=tuple(found.items()))
        noise = _guess_and_slip(*_outcomes(answers, calendar, own, kind), USUAL[kind])
        found[kind] = noise if kind == "typed" else _strength(answers, calendar, own, kind, noise)
    return tuple(found.items())


def known_for(answers: Sequence[Answer]) -> float:
    """The share of cards known before the first question, where that was a question one can fail without having seen the answer."""
    known, begun, seen = KNOWN_BEFORE * BEGINNINGS, float(BEGINNINGS), set[str]()
    for card, evidence in answers:
        if card in seen or evidence.kind == "exposure":
            continue
        seen.add(card)
        if evidence.kind in LEARNED and (proof := proof_of(evidence)) is not None:
            known, begun = known + proof.posterior(known / begun), begun + 1
    return known / begun if begun >= BEGINNINGS + ENOUGH else KNOWN_BEFORE


def _followed(answers: Sequence[Answer], calendar: Calendar, kind: str) -> int:
    """Answers of this kind that a plain recall of the same card follows on a later day."""
    open_since: dict[str, list[int]] = {}
    found = 0
    for card, evidence in answers:
        day = calendar.day(evidence.at_ms)
        if evidence.kind in ("rating", "typed") and (days := open_since.get(card)):
            earlier = [one for one in days if one < day]
            found += len(earlier)
            open_since[card] = days[len(earlier) :]
        if evidence.kind == kind:
            open_since.setdefault(card, []).append(day)
    return found


def _outcomes(answers: Sequence[Answer], calendar: Calendar, model: Model, kind: str) -> tuple[Floats, Floats, Floats]:
    """Of the answers of this kind on a later day: recall before, the chance of a blind hit, right or not."""
    states: dict[str, MemoryState | None] = {}
    rows = []
    for card, evidence in answers:
        state = states.get(card)
        if state is not None and evidence.kind == kind and not evidence.hint_rungs and calendar.day(evidence.at_ms) > calendar.day(state.last_ms):
            options = chances(evidence)
            if options is not None:
                rows.append((recall(state, evidence.at_ms, calendar, model), 1 / options if options else 0.0, float(evidence.outcome >= 0.5)))
        states[card] = observe(state, evidence, calendar, model)
    columns = np.array(rows, float).reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def _guess_and_slip(p: Floats, chance: Floats, right: Floats, usual: Noise) -> Noise:
    """The share of guesses beyond chance, and of slips, under which these answers are least surprising."""
    if not len(p):
        return usual
    extras = np.linspace(0, MOST_EXTRA, 26) if usual.extra else np.array([0.0])
    best, found = float("inf"), usual
    for extra in extras.tolist():
        guess = chance + (1 - chance) * extra
        for slip in np.linspace(0.001, MOST_SLIP, 30).tolist():
            q = np.clip(p * (1 - slip) + (1 - p) * guess, SAFEST, 1 - SAFEST)
            loss = float(-(right * np.log(q) + (1 - right) * np.log(1 - q)).sum()) + _pull(extra, usual.extra) + _pull(slip, usual.slip)
            if loss < best:
                best, found = loss, usual._replace(extra=extra, slip=slip)
    return found


def _strength(answers: Sequence[Answer], calendar: Calendar, model: Model, kind: str, noise: Noise) -> Noise:
    """How much a success strengthens, by what the recalls after it were."""
    cards = {card for card, evidence in answers if evidence.kind == kind}
    own = [one for one in answers if one.card in cards]
    tried = []
    for strength in sorted({*STRENGTHS, noise.strength}):
        trial = replace(model, kinds=(*model.kinds, (kind, noise._replace(strength=strength))))
        tried.append((_recalls_after(own, calendar, trial) + _pull(strength, noise.strength), strength))
    return noise._replace(strength=min(tried)[1])


def _recalls_after(answers: Sequence[Answer], calendar: Calendar, model: Model) -> float:
    """How surprising the plain recalls on later days are, in all."""
    states: dict[str, MemoryState | None] = {}
    total = 0.0
    for card, evidence in answers:
        state = states.get(card)
        if state is not None and evidence.kind in ("rating", "typed") and calendar.day(evidence.at_ms) > calendar.day(state.last_ms):
            p = min(max(recall(state, evidence.at_ms, calendar, model), SAFEST), 1 - SAFEST)
            right = evidence.grade > AGAIN if evidence.kind == "rating" else evidence.outcome >= 0.5
            total -= log(p if right else 1 - p)
        states[card] = observe(state, evidence, calendar, model)
    return total


def _pull(value: float, usual: float) -> float:
    """How far a share is from the usual one, as if the usual one had been seen so many times (a Beta prior)."""
    value = min(max(value, 1e-3), 1 - 1e-3)
    usual = min(max(usual, 1e-3), 1 - 1e-3)
    return WORTH * (usual * log(usual / value) + (1 - usual) * log((1 - usual) / (1 - value)))
