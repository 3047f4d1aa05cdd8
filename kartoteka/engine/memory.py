"""What an observation would do to a memory: evidence from every mode moves one state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log
from typing import Any, NamedTuple

from kartoteka.engine.evidence import RECALL_KINDS as RECALL_KINDS
from kartoteka.engine.evidence import Evidence as Evidence
from kartoteka.engine.evidence import Kind as Kind
from kartoteka.engine.evidence import Proof, proof_of
from kartoteka.engine.foreign import stability7
from kartoteka.engine.fsrs import AGAIN, EASY, GOOD, HARD, LONGEST_DAYS, Fsrs6, Fsrs7, clip
from kartoteka.engine.levels import Mastery as Mastery
from kartoteka.engine.levels import level as level
from kartoteka.engine.levels import levels as levels
from kartoteka.engine.levels import mastery as mastery
from kartoteka.engine.levels import weakest as weakest
from kartoteka.engine.scheduling import LEECH_RECENT
from kartoteka.engine.scheduling import due_ms as due_ms
from kartoteka.engine.scheduling import leech as leech
from kartoteka.engine.state import DAY_MS as DAY_MS
from kartoteka.engine.state import KNOWN_BEFORE as KNOWN_BEFORE
from kartoteka.engine.state import PLAIN_MODEL, prior, s90
from kartoteka.engine.state import Calendar as Calendar
from kartoteka.engine.state import Columns as Columns
from kartoteka.engine.state import Level as Level
from kartoteka.engine.state import MemoryState as MemoryState
from kartoteka.engine.state import Model as Model
from kartoteka.engine.state import recall as recall

SAME_LAPSE_MS = 30 * 60_000  # a second miss so soon after the first is the same lapse
SUCCESSES_A_DAY = 3  # more of them on one learner-day prove nothing
AFTER_MISS, AFTER_SUCCESS = 0.5, 0.25  # what is left of λ within one sitting
RATED = {g: Proof(float(g > AGAIN), float(g == AGAIN), 1.0, g, g > AGAIN) for g in range(AGAIN, EASY + 1)}  # as ``proof_of`` a rating says
HALF = Proof(0.5, 0.5, 0.0, GOOD, False)  # says neither, strengthens nothing
TWICE_DAYS = 6.0  # no program waits longer before a card was recalled on two days


def observe(state: MemoryState | None, evidence: Evidence, calendar: Calendar, model: Model = PLAIN_MODEL) -> MemoryState | None:
    """The state after a piece of evidence; the same state where nothing was proved (``None``: still nothing at all)."""
    if evidence.kind == "intrusion":
        return _intruded(state, evidence, calendar, model)
    if evidence.kind == "schedule":
        return _scheduled(state, evidence, calendar, model)
    proof = proof_of(evidence, model.kinds)
    day = calendar.day(evidence.at_ms)
    if proof is None or (evidence.kind == "game" and state is not None and calendar.day(state.last_ms) == day):
        return state
    return _first(evidence, proof, day, model) if state is None else _next(state, evidence, proof, day, calendar, model)


def replay(evidence: Sequence[Evidence], calendar: Calendar, model: Model = PLAIN_MODEL) -> MemoryState | None:
    """The state that evidence adds up to, in the order given: ``observe``, one by one."""
    state: MemoryState | None = None
    for piece in evidence:
        state = observe(state, piece, calendar, model)
    return state


def outcomes(state: MemoryState | None, now_ms: int, calendar: Calendar, *, sitting: str = "", model: Model = PLAIN_MODEL) -> dict[int, MemoryState]:
    """The state after each of the four ratings, by the very function that stores them."""
    day = calendar.day(now_ms)
    rated = {g: Evidence("rating", float(g > AGAIN), "", g, at_ms=now_ms, sitting=sitting) for g in RATED}
    if state is None:
        return {g: _first(evidence, RATED[g], day, model) for g, evidence in rated.items()}
    before = _before(state, now_ms, day, calendar, model)
    six = model.six.each(state.s6, state.d6, before.lag, before.r6)
    seven = model.seven.each(state.s7, state.d7, before.t_days, before.r7)
    return {g: _next(state, evidence, RATED[g], day, calendar, model, before, (*six[g], *seven[g])) for g, evidence in rated.items()}


def _mixed(q: float, strength: float, now: float, passed: float, again: float) -> float:
    """S after evidence, on the scale of ln S; exact where the answer leaves no doubt."""
    if q >= 1 and strength >= 1:
        return passed
    if q <= 0:
        return again
    before = log(now)
    return exp(q * (before + strength * (log(passed) - before)) + (1 - q) * log(again))


def _moved(curve: Fsrs6 | Fsrs7, S: float, D: float, t: float, R: float, proof: Proof, q: float, strength: float) -> tuple[float, float]:
    """(S', D') of one curve after evidence that was known with chance ``q``; ``R`` was this curve's recall."""
    if 0 < q < 1:
        (S_pass, D_pass), (S_again, D_again) = curve.pair(S, D, t, max(proof.grade, HARD), R)
    else:
        S_pass, D_pass = curve.after(S, D, t, max(proof.grade, HARD), R) if q > 0 else (S, D)
        if q >= 1 and strength >= 1:
            return S_pass, D_pass
        S_again, D_again = curve.after(S, D, t, AGAIN, R) if q < 1 else (S, D)
    return _mixed(q, strength, S, S_pass, S_again), q * (D + strength * (D_pass - D)) + (1 - q) * D_again


def _begun(curve: Fsrs6 | Fsrs7, proof: Proof, q: float) -> tuple[float, float]:
    """(S, D) of a first event: as if begun hard, moved by what it proves."""
    S_pass, D_pass = curve.first(max(proof.grade, HARD))
    if q >= 1 and proof.strength >= 1:
        return S_pass, D_pass
    S_again, D_again = curve.first(AGAIN)
    S_hard, D_hard = curve.first(HARD)
    return _mixed(q, proof.strength, S_hard, S_pass, S_again), q * (D_hard + proof.strength * (D_pass - D_hard)) + (1 - q) * D_again


def _first(evidence: Evidence, proof: Proof, day: int, model: Model) -> MemoryState:
    q = proof.posterior(model.known)
    s6, d6 = _begun(model.six, proof, q)
    s7, d7 = _begun(model.seven, proof, q)
    succeeded, failed = _success(evidence, proof, q), _failure(proof, q)
    more: dict[str, Any] = {"seen": 1, "sitting": evidence.sitting or str(day)}
    if failed:
        more |= {"missed": evidence.at_ms, "floor": (s6, s7)}
    _remember(more, failed, day, 1 if failed else 2 if evidence.kind == "rating" and evidence.grade < EASY else 0)
    at = evidence.at_ms
    return MemoryState(s6, d6, s7, d7, at, at, int(succeeded), day if succeeded else None, succeeded, more=tuple(sorted(more.items())))


class _Before(NamedTuple):
    """How a memory stands before an answer: days since the last one, and recall."""

    lag: int
    t_days: float
    p: float
    r6: float
    r7: float


def _before(state: MemoryState, at_ms: int, day: int, calendar: Calendar, model: Model, *, same_day: bool = False) -> _Before:
    lag, t_days = 0 if same_day else max(day - calendar.day(state.last_ms), 0), (at_ms - state.last_ms) / DAY_MS
    return _Before(lag, t_days, *prior(state, t_days, lag, model))


def _next(
    state: MemoryState,
    evidence: Evidence,
    proof: Proof,
    day: int,
    calendar: Calendar,
    model: Model,
    before: _Before | None = None,
    moved: tuple[float, float, float, float] | None = None,
) -> MemoryState:
    """``before`` and ``moved`` (S and D of both curves after it): what is known already, where several outcomes are asked for."""
    more, at = dict(state.more), evidence.at_ms
    sitting = evidence.sitting or str(day)
    step, strength = more.get("step", 0), proof.strength
    again_here = evidence.kind != "rating" and more.get("sitting") == sitting
    if again_here and proof.right:
        left = _left_in_sitting(more, day)
        if not left:
            return state
        strength *= left
    same_day = bool(again_here and proof.right and more.get("miss_last"))
    lag, t_days, p, r6, r7 = before or _before(state, at, day, calendar, model, same_day=same_day)
    q = proof.posterior(p)
    if moved:
        s6, d6, s7, d7 = moved
    else:
        s6, d6 = _moved(model.six, state.s6, state.d6, lag, r6, proof, q, strength)
        s7, d7 = _moved(model.seven, state.s7, state.d7, t_days, r7, proof, q, strength)
    succeeded, failed = _success(evidence, proof, q), _failure(proof, q)
    lapsed = False
    if failed and again_here and "missed" in more and at - more["missed"] <= SAME_LAPSE_MS:
        s6, s7 = max(s6, more["floor"][0]), max(s7, more["floor"][1])
        d6, d7 = min(d6, state.d6), min(d7, state.d7)
    elif failed:
        more |= {"missed": at, "floor": (s6, s7)}
        lapsed = q < 0.5 and s90(state, calendar, model) >= 1 and (lag >= 1 or not step)
    elif more.get("sitting") != sitting:
        more.pop("missed", None)
        more.pop("floor", None)
    if lapsed:
        more["lapse_days"] = (*more.get("lapse_days", ()), day)[-LEECH_RECENT:]
    more["seen"], more["sitting"] = more.get("seen", 0) + 1, sitting
    _remember(more, failed, day, _step(step, proof, failed, lag))
    return MemoryState(
        s6, d6, s7, d7, state.first_ms, max(state.last_ms, at),
        days_ok=state.days_ok + (succeeded and state.ok_day != day),
        ok_day=day if succeeded else state.ok_day,
        last_ok=succeeded or (state.last_ok and not failed),
        lapses=state.lapses + lapsed,
        surprise=state.surprise + (q - p) if lag else state.surprise,
        n=state.n + (lag > 0),
        more=tuple(sorted(more.items())),
    )  # fmt: skip


def _left_in_sitting(more: dict[str, Any], day: int) -> float:
    """How much of λ is left for one more success of the same sitting: the answer was just seen, or the card was just recalled."""
    if more.get("miss_last"):
        return AFTER_MISS
    ok_day, oks = more.get("oks", (day, 0))
    if ok_day != day or not oks:
        return 1.0
    return AFTER_SUCCESS if oks < SUCCESSES_A_DAY else 0.0


def _success(evidence: Evidence, proof: Proof, q: float) -> bool:
    """A recall-class success: not merely recognised, and more likely known than not."""
    return evidence.kind in RECALL_KINDS and q >= 0.5 and (proof.right or proof.graded)


def _failure(proof: Proof, q: float) -> bool:
    return q < 0.5 if proof.graded else not proof.right


def _remember(more: dict[str, Any], failed: bool, day: int, step: int) -> None:
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


def _step(step: int, proof: Proof, failed: bool, lag: int) -> int:
    """Where relearning stands: a miss begins it; two passes, an easy one or a night end it."""
    if failed:
        return 1
    if lag or not step or proof.grade == EASY:
        return 0
    return 2 if step == 1 or proof.grade < GOOD else 0


def _intruded(state: MemoryState | None, evidence: Evidence, calendar: Calendar, model: Model) -> MemoryState | None:
    """Half a miss, at most once a learner-day: this card's answer was given to another's question. The card itself was not seen."""
    day = calendar.day(evidence.at_ms)
    if state is None or state.fact("intruded") == day:
        return state
    lag, t_days, _, r6, r7 = _before(state, evidence.at_ms, day, calendar, model)
    s6, d6 = _moved(model.six, state.s6, state.d6, lag, r6, HALF, 0.5, 0.0)
    s7, d7 = _moved(model.seven, state.s7, state.d7, t_days, r7, HALF, 0.5, 0.0)
    return replace(state, s6=s6, d6=d6, s7=s7, d7=d7, more=tuple(sorted((dict(state.more) | {"intruded": day}).items())))


def _scheduled(state: MemoryState | None, evidence: Evidence, calendar: Calendar, model: Model) -> MemoryState | None:
    """What another program reckoned: a memory begins with it, or goes on from it where the other program has seen the card since."""
    at, day = evidence.at_ms, calendar.day(evidence.at_ms)
    if not evidence.stability > 0 or (state is not None and state.last_ms > at):
        return state
    s6, d6 = clip(evidence.stability, model.six.least, LONGEST_DAYS), clip(evidence.difficulty, 1.0, 10.0)
    s7 = stability7(s6, model.seven)
    more: dict[str, Any] = {"seen": 1, "sitting": str(day)} if state is None else dict(state.more)
    _remember(more, False, day, 0)
    days_ok = 2 if s6 > TWICE_DAYS else 1
    if state is None:
        return MemoryState(s6, d6, s7, d6, at, at, days_ok, day, True, more=tuple(sorted(more.items())))
    days_ok = max(state.days_ok, days_ok)
    return replace(state, s6=s6, d6=d6, s7=s7, d7=d6, last_ms=at, days_ok=days_ok, ok_day=day, last_ok=True, more=tuple(sorted(more.items())))
