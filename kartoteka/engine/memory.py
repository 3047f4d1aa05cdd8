"""What an observation would do to a memory: evidence from every mode moves one state."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Any

from kartoteka.engine.evidence import RECALL_KINDS as RECALL_KINDS
from kartoteka.engine.evidence import Evidence as Evidence
from kartoteka.engine.evidence import Kind as Kind
from kartoteka.engine.evidence import Proof, proof_of
from kartoteka.engine.fsrs import AGAIN, EASY, FSRS6, FSRS7, GOOD, HARD, Fsrs6, Fsrs7
from kartoteka.engine.levels import Mastery as Mastery
from kartoteka.engine.levels import level as level
from kartoteka.engine.levels import levels as levels
from kartoteka.engine.levels import mastery as mastery
from kartoteka.engine.levels import weakest as weakest
from kartoteka.engine.scheduling import due_ms as due_ms
from kartoteka.engine.scheduling import leech as leech
from kartoteka.engine.state import DAY_MS as DAY_MS
from kartoteka.engine.state import Calendar as Calendar
from kartoteka.engine.state import Columns as Columns
from kartoteka.engine.state import Level as Level
from kartoteka.engine.state import MemoryState as MemoryState
from kartoteka.engine.state import facts_of, prior, s90
from kartoteka.engine.state import recall as recall

KNOWN_BEFORE = 0.25  # the share of cards a learner knows before the first question
SAME_LAPSE_MS = 30 * 60_000  # a second miss so soon after the first is the same lapse
SUCCESSES_A_DAY = 3  # more of them on one learner-day prove nothing
AFTER_MISS, AFTER_SUCCESS = 0.5, 0.25  # what is left of λ within one sitting


def observe(state: MemoryState | None, evidence: Evidence, calendar: Calendar) -> MemoryState | None:
    """The state after a piece of evidence; the same state where nothing was proved (``None``: still nothing at all)."""
    if evidence.kind == "intrusion":
        return _intruded(state, evidence, calendar)
    proof = proof_of(evidence)
    day = calendar.day(evidence.at_ms)
    if proof is None or (evidence.kind == "game" and state is not None and calendar.day(state.last_ms) == day):
        return state
    return _first(evidence, proof, day) if state is None else _next(state, evidence, proof, day, calendar)


def replay(evidence: Sequence[Evidence], calendar: Calendar) -> MemoryState | None:
    """The state that evidence adds up to, in the order given: ``observe``, one by one."""
    state: MemoryState | None = None
    for piece in evidence:
        state = observe(state, piece, calendar)
    return state


def outcomes(state: MemoryState | None, now_ms: int, calendar: Calendar, *, sitting: str = "") -> dict[int, MemoryState]:
    """The state after each of the four ratings, by the very function that stores them."""
    after = {g: observe(state, Evidence("rating", float(g > AGAIN), "", g, at_ms=now_ms, sitting=sitting), calendar) for g in range(AGAIN, EASY + 1)}
    return {g: moved for g, moved in after.items() if moved is not None}


def _mixed(q: float, strength: float, now: float, passed: float, again: float) -> float:
    """S after evidence, on the scale of ln S; exact where the answer leaves no doubt."""
    if q >= 1 and strength >= 1:
        return passed
    if q <= 0:
        return again
    before = log(now)
    return exp(q * (before + strength * (log(passed) - before)) + (1 - q) * log(again))


def _moved(curve: Fsrs6 | Fsrs7, S: float, D: float, t: float, proof: Proof, q: float, strength: float) -> tuple[float, float]:
    """(S', D') of one curve after evidence that was known with chance ``q``."""
    grade = max(proof.grade, HARD)
    S_pass, D_pass = curve.after(S, D, t, grade) if q > 0 else (S, D)
    S_again, D_again = curve.after(S, D, t, AGAIN) if q < 1 else (S, D)
    if q >= 1 and strength >= 1:
        return S_pass, D_pass
    return _mixed(q, strength, S, S_pass, S_again), q * (D + strength * (D_pass - D)) + (1 - q) * D_again


def _begun(curve: Fsrs6 | Fsrs7, proof: Proof, q: float) -> tuple[float, float]:
    """(S, D) of a first event: between what the grade, hard and again begin with."""
    S_again, D_again = curve.first(AGAIN)
    S_hard, D_hard = curve.first(HARD)
    S_pass, D_pass = curve.first(max(proof.grade, HARD))
    return _mixed(q, proof.strength, S_hard, S_pass, S_again), q * (D_hard + proof.strength * (D_pass - D_hard)) + (
        1 - q
    ) * D_again if 0 < q < 1 or proof.strength < 1 else D_pass if q else D_again


def _first(evidence: Evidence, proof: Proof, day: int) -> MemoryState:
    q = proof.posterior(KNOWN_BEFORE)
    s6, d6 = _begun(FSRS6, proof, q)
    s7, d7 = _begun(FSRS7, proof, q)
    succeeded, failed = _success(evidence, proof, q), _failure(proof, q)
    more: dict[str, Any] = {"seen": 1, "sitting": evidence.sitting or str(day)}
    step = 1 if failed else 2 if evidence.kind == "rating" and evidence.grade < EASY else 0
    _remember(more, evidence, proof, failed, day, step)
    if failed:
        more |= {"missed": evidence.at_ms, "floor": (s6, s7)}
    at = evidence.at_ms
    return MemoryState(s6, d6, s7, d7, at, at, int(succeeded), day if succeeded else None, succeeded, more=facts_of(more))


def _next(state: MemoryState, evidence: Evidence, proof: Proof, day: int, calendar: Calendar) -> MemoryState | None:
    more = dict(state.more)
    sitting = evidence.sitting or str(day)
    lag = day - calendar.day(state.last_ms)
    t_days = (evidence.at_ms - state.last_ms) / DAY_MS
    strength, within = proof.strength, evidence.kind != "rating" and more.get("sitting") == sitting
    right = proof.right
    if within and right:
        if more.get("miss_last"):
            strength, lag = strength * AFTER_MISS, 0
        else:
            ok_day, oks = more.get("oks", (day, 0))
            if ok_day == day and oks >= SUCCESSES_A_DAY:
                return state
            strength *= AFTER_SUCCESS if ok_day == day and oks else 1.0
    p = prior(state, t_days, lag)
    q = proof.posterior(p)
    s6, d6 = _moved(FSRS6, state.s6, state.d6, max(lag, 0), proof, q, strength)
    s7, d7 = _moved(FSRS7, state.s7, state.d7, t_days, proof, q, strength)
    succeeded, failed = _success(evidence, proof, q), _failure(proof, q)
    lapses = state.lapses
    if failed:
        if within and "missed" in more and evidence.at_ms - more["missed"] <= SAME_LAPSE_MS:
            s6, s7 = max(s6, more["floor"][0]), max(s7, more["floor"][1])
            d6, d7 = min(d6, state.d6), min(d7, state.d7)
        else:
            more |= {"missed": evidence.at_ms, "floor": (s6, s7)}
            if q < 0.5 and s90(state, calendar) >= 1:
                lapses += 1
                more["lapse_days"] = (*more.get("lapse_days", ()), day)[-3:]
    elif more.get("sitting") != sitting:
        more.pop("missed", None)
        more.pop("floor", None)
    more["seen"], more["sitting"] = more.get("seen", 0) + 1, sitting
    _remember(more, evidence, proof, failed, day, _step(more.get("step", 0), evidence, proof, failed, lag))
    scored = lag >= 1
    return MemoryState(
        s6, d6, s7, d7, state.first_ms, max(state.last_ms, evidence.at_ms),
        state.days_ok + (succeeded and state.ok_day != day), day if succeeded else state.ok_day, succeeded or (state.last_ok and not failed), lapses,
        state.surprise + (q - p) if scored else state.surprise, state.n + scored, facts_of(more),
    )  # fmt: skip


def _success(evidence: Evidence, proof: Proof, q: float) -> bool:
    """A recall-class success: not merely recognised, and more likely known than not."""
    return evidence.kind in RECALL_KINDS and q >= 0.5 and (proof.right or proof.graded)


def _failure(proof: Proof, q: float) -> bool:
    return q < 0.5 if proof.graded else not proof.right


def _remember(more: dict[str, Any], evidence: Evidence, proof: Proof, failed: bool, day: int, step: int) -> None:
    """Notes what the next evidence of this sitting and day must know."""
    more.pop("miss_last", None)
    more.pop("step", None)
    if failed:
        more["miss_last"] = True
    else:
        ok_day, oks = more.get("oks", (day, 0))
        more["oks"] = (day, oks + 1 if ok_day == day else 1)
    if step:
        more["step"] = step


def _step(step: int, evidence: Evidence, proof: Proof, failed: bool, lag: int) -> int:
    """Where relearning stands: a miss begins it, two passes or a night end it."""
    if failed:
        return 1
    if lag >= 1 or not step or proof.grade == EASY:
        return 0
    return 2 if step == 1 or proof.grade < GOOD else 0


def _intruded(state: MemoryState | None, evidence: Evidence, calendar: Calendar) -> MemoryState | None:
    """Half a miss, at most once a learner-day: this card's answer was given to another card's question."""
    day = calendar.day(evidence.at_ms)
    if state is None or state.fact("intruded") == day:
        return state
    lag, t_days = day - calendar.day(state.last_ms), (evidence.at_ms - state.last_ms) / DAY_MS
    half = Proof(0.5, 0.5, 0.0, GOOD, False)
    s6, d6 = _moved(FSRS6, state.s6, state.d6, max(lag, 0), half, 0.5, 0.0)
    s7, d7 = _moved(FSRS7, state.s7, state.d7, t_days, half, 0.5, 0.0)
    row = state.row()
    return MemoryState.of(
        row | {"s6": s6, "d6": d6, "s7": s7, "d7": d7, "last_ms": max(state.last_ms, evidence.at_ms), "more": row["more"] | {"intruded": day}}
    )
