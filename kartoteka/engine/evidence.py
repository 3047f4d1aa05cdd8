"""What an answer proves: a chance to guess, a chance to slip, and how much a success strengthens."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import exp
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from kartoteka.engine.fsrs import AGAIN, GOOD, HARD

Kind = Literal["rating", "typed", "sorting", "choice", "tf", "matching", "near_miss", "points", "game", "intrusion", "exposure", "schedule"]
RECALL_KINDS = frozenset(("rating", "typed", "sorting", "near_miss", "points"))
LAST_RUNG = 3  # first letters; options removed or the parent bullet; half of the answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer proves (memory.md §2). A mode fills what it knows; ``study`` adds when and in which sitting.

    ``outcome`` 1 right, 0 wrong, between for key points. ``grade``: the pressed rating (kind "rating"), else the grade a success counts as.
    ``contradicted``: also where a must-have point was missed. ``certain``: a miss that is no slip ("don't know", or another card's answer). Kind "intrusion": this card's answer was given to another one.
    Kind "schedule": what another program reckoned, ``stability`` (days to nine in ten) and ``difficulty`` (1 to 10).
    """

    kind: Kind
    outcome: float
    mode: str
    grade: int = 3
    options: int = 0
    pairs_left: int = 0
    hint_rungs: int = 0
    revealed: bool = False
    contradicted: bool = False
    certain: bool = False
    at_ms: int = 0
    sitting: str = ""
    stability: float = 0.0
    difficulty: float = 0.0

    def facts(self) -> dict[str, Any]:
        """Every fact as JSON keeps it; ``Evidence(**facts)`` is the same evidence. What only a schedule says stands only there."""
        facts = dict(zip(FACTS, _PROVED(self), strict=True))
        return facts if self.kind != "schedule" else facts | {name: getattr(self, name) for name in RECKONED}

    def given(self, *, at_ms: int, sitting: str, mode: str, hint_rungs: int) -> Evidence:
        """The same evidence with when and where it was given."""
        return Evidence(
            self.kind, self.outcome, mode, self.grade, self.options, self.pairs_left, hint_rungs, self.revealed, self.contradicted, self.certain,
            at_ms, sitting, self.stability, self.difficulty,
        )  # fmt: skip


RECKONED = ("stability", "difficulty")
FACTS = tuple(field.name for field in fields(Evidence) if field.name not in RECKONED)  # what an answer proves
_PROVED = attrgetter(*FACTS)


class Noise(NamedTuple):
    """What a kind of answer is worth: how much more likely than by mere chance it is guessed, how often who knew it slips, how much a success strengthens."""

    extra: float
    slip: float
    strength: float

    def guess(self, options: int) -> float:
        """The chance to be right without knowing, where mere chance is one in ``options`` (0: none)."""
        chance = 1 / options if options else 0.0
        return chance + (1 - chance) * self.extra


Noises = tuple[tuple[str, Noise], ...]
USUAL: dict[str, Noise] = {
    "typed": Noise(0.0, 0.02, 1.0),
    "sorting": Noise(0.30, 0.02, 0.8),
    "choice": Noise(0.25, 0.03, 0.6),
    "tf": Noise(0.15, 0.03, 0.35),
    "matching": Noise(0.0, 0.03, 0.5),
    "game": Noise(0.25, 0.10, 0.6),
}


class Proof(NamedTuple):
    """Evidence in numbers. ``given_known``/``given_unknown``: how likely this answer is from who knew it, and from who did not.

    ``graded``: an answer between right and wrong, so that only the posterior says whether it was a success.
    """

    given_known: float
    given_unknown: float
    strength: float
    grade: int
    right: bool
    graded: bool = False

    def posterior(self, p: float) -> float:
        """The chance that it was known, having seen the answer; ``p`` was the chance before."""
        known = p * self.given_known
        either = known + (1 - p) * self.given_unknown
        return known / either if either else p


def proof_of(evidence: Evidence, own: Noises = ()) -> Proof | None:
    """The numbers of a piece of evidence; ``None``: exposure, which proves nothing. ``own``: what is known of this learner's kinds of answers."""
    kind = evidence.kind
    if kind == "rating":
        right = evidence.grade > AGAIN
        return Proof(float(right), 1.0 - right, 1.0, evidence.grade, right)
    if kind == "near_miss":
        return _ratio(3.0, HARD, evidence)
    if kind == "points":
        return _points(evidence)
    numbers = _guess_slip_strength(evidence, own)
    right = evidence.outcome >= 0.5
    if numbers is None or (right and (evidence.revealed or evidence.hint_rungs >= LAST_RUNG)):
        return None
    g, s, strength = numbers
    g = _hinted(g, evidence.hint_rungs)
    s = 0.0 if evidence.certain and not right else s
    grade = min(evidence.grade, HARD if evidence.hint_rungs else GOOD)
    return Proof(1 - s, g, strength, max(grade, HARD), True) if right else Proof(s, 1 - g, strength, max(grade, HARD), False)


def chances(evidence: Evidence) -> int | None:
    """Among how many answers mere chance chooses: 0 where there are none to choose from, ``None`` where chance alone decides, or the kind is no such kind."""
    kind = evidence.kind
    if kind in ("typed", "sorting"):
        return 0
    if kind == "tf":
        return 2
    found = evidence.pairs_left if kind == "matching" else evidence.options if kind in ("choice", "game") else 0
    return found if found > 1 else None


def shown_already(evidence: Evidence) -> bool:
    """Whether this answer proves nothing once another card of its note was recalled the same day: a success, but no plain rating."""
    proof = None if evidence.kind == "rating" else proof_of(evidence)
    return proof is not None and proof.right


def succeeds(evidence: Evidence) -> bool:
    """Whether it was a success, of whatever class."""
    proof = proof_of(evidence)
    return proof is not None and proof.right


def _guess_slip_strength(evidence: Evidence, own: Noises) -> tuple[float, float, float] | None:
    """(g, s, λ) of a right-or-wrong answer; ``None`` where chance alone decides, or a live game's answer was right."""
    options = chances(evidence)
    if options is None or (evidence.kind == "game" and evidence.outcome >= 0.5):
        return None
    noise = USUAL[evidence.kind]
    for kind, learned in own:
        if kind == evidence.kind:
            noise = learned
    return noise.guess(options), noise.slip, noise.strength


def _points(evidence: Evidence) -> Proof | None:
    """Partial credit: ln L = 20 (x − .7); something contradicted or a must-have missed takes three off and the good with it."""
    x = evidence.outcome
    log_ratio = 20 * (x - 0.7)
    if evidence.contradicted:
        log_ratio = min(log_ratio, 0.0) - 3
    return _ratio(exp(log_ratio), GOOD if x >= 0.9 else HARD, evidence)


def _ratio(ratio: float, grade: int, evidence: Evidence) -> Proof | None:
    """An answer by its likelihood ratio; a hint caps how much it can speak for having known."""
    if evidence.revealed or evidence.hint_rungs >= LAST_RUNG:
        if ratio > 1:
            return None
    elif evidence.hint_rungs:
        ratio, grade = min(ratio, 1 / _hinted(0.0, evidence.hint_rungs)), HARD
    return Proof(ratio, 1.0, 1.0, grade, ratio > 1, graded=True)


def _hinted(g: float, rungs: int) -> float:
    """Each rung takes the chance to guess a quarter of the way to certainty."""
    return 1 - (1 - g) * 0.75**rungs
