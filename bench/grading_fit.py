"""Fits the model of engine/grading/model.py: on answers written for Kartoteka, and on sets under MIT and Apache-2.0; never on the CC BY-SA ones.

Every class of length gets a logistic regression that is held near a prior set by hand, so that few answers move it little. ``--check`` says how it does
on the quarter of the questions that is kept aside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.grading import rows_of
from bench.grading_worlds import worlds
from kartoteka.engine.grading.forms import worded
from kartoteka.engine.grading.model import size_of, value_of
from kartoteka.engine.grading.overlap import measured, said_of, wanted_of

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "kartoteka" / "engine" / "grading" / "overlap.json"
OWN = HERE / "grading_own.txt"
# Which of two opposites is said, and of which things; the two that are 1 where nothing is to be said are taken off the bias again.
SENSE = {"side_held": 0.6, "side_against": -1.5, "side_missing": -0.7, "things_held": 0.8, "things_strange": -0.6, "things_meant": 0.8, "things_none": 0.0}
# What each measure should say before any answer was seen, in log odds. Of several references one is met by chance, so more is asked of each.
PRIOR = {
    "bias": -4.0, "recall": 3.5, "precision": 0.8, "letters": 1.0, "opposite": -1.0, "number_other": -0.8, "yes_no": -3.0, "denied": -1.5, "bound": -1.5,
    "references": -1.5, "references*asked": -1.0, "references*order": 1.5, "references*pairs": 1.2, "references*denied": -1.5, "references*negation": -0.7,
    "recall_all": 0.3, "order": 0.8, "skips": 0.4, "pairs": 0.3, "shorter": -0.2, "longer": 0.0, "asked_missed": -0.3, "complete": 0.4, "none": -0.8, "recall*precision": 0.5,
    "own": 0.0, "missed": 0.0, "size": 0.0, "missed_most": -0.5, **SENSE,
}  # fmt: skip
# Where several references each say it shortly, their own words and order count for more.
EXACT = {
    "bias": -6.4, "recall": 2.0, "order": 2.5, "pairs": 2.5, "precision": 1.0, "letters": 1.0, "opposite": -2.0, "denied": -2.5, "bound": -2.0, "negation": -1.5, "number_other": -1.0, "asked": -1.0, "skips": 1.0,
    "missed_most": -1.0, "complete": 0.5, "asked_missed": -0.5, "yes_no": -3.0, **SENSE,
}  # fmt: skip
# A sentence may be taken up in other words altogether, so opposites count half there.
HALF = {**PRIOR, "bias": -3.3, **{name: weight / 2 for name, weight in SENSE.items()}}
SHORTER = (
    "recall",
    "letters",
    "opposite",
    "yes_no",
    "denied",
    "bound",
    "number_other",
    "precision",
    *(name for name in PRIOR if name.startswith("references")),
    *SENSE,
)
SILENT = {**{name: weight for name, weight in PRIOR.items() if name not in SENSE}, "bias": -2.6}
# The lengths of a text say little of the next question's: with questions left out in turn r is .73 without them, .72 with them (German .42 and .40).
LENGTHS = ("shorter", "size")
WHOLE = tuple(
    name for name in PRIOR if name != "bias" and not name.startswith("references") and name not in ("yes_no", "bound", "number_other", *LENGTHS, *SENSE)
)


@dataclass(frozen=True, slots=True)
class Class:
    """How one class of length is fitted: by which measures, on what, how firmly held to the prior, and how far it leans to the learner's side."""

    names: tuple[str, ...]
    sources: Mapping[str, float]
    hold: float
    leans: float = 0.0
    prior: Mapping[str, float] = field(default_factory=lambda: PRIOR)


# Learners say in fewer and other words what a card says in a sentence, so there it leans to their side: even odds near a third of what the card says.
CLASSES = {
    "short": Class(SHORTER, {"own": 1.0, "worlds": 0.1, "evouna": 0.25}, 30.0),
    "medium": Class(SHORTER, {"own": 1.0, "worlds": 0.05, "evouna": 0.1}, 30.0, 0.6, HALF),
    "long": Class(tuple(name for name in SHORTER if name not in SENSE), {"own": 1.0}, 30.0, 0.6, SILENT),
    "many": Class(tuple(name for name in EXACT if name != "bias"), {"own": 1.0, "worlds": 0.1, "evouna": 0.1}, 120.0, 0.7, EXACT),
    "text": Class(WHOLE, {"saf": 0.35}, 6.0, prior=SILENT),
}
Example = tuple[str, str, list[dict[str, float]], float, float]  # source, question, measures by reference, right 0…1, weight


@dataclass(slots=True)
class Asked:
    """A question of our own, with its references and answers. ``world``: what fills its gaps, such as "room 1-9"."""

    question: str
    world: str = ""
    references: list[str] = field(default_factory=list)
    answers: list[tuple[str, float]] = field(default_factory=list)


def own_questions() -> list[Asked]:
    found: list[Asked] = []
    world = ""
    for line in OWN.read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition(" ")
        if kind == "W":
            world = text
        elif kind == "Q":
            found.append(Asked(text, world))
            world = ""
        elif kind == "R":
            found[-1].references.append(text)
        elif kind in ("+", "-"):
            found[-1].answers.append((text, float(kind == "+")))
    return found


def made_up() -> Iterator[tuple[str, str, list[str], str, float, float]]:
    """Own answers, and what can be made of them: another question's answer, the question again, the reference itself; little worlds filled in four times."""
    dice = random.Random(5)
    asked = own_questions()
    for one in asked:
        strangers = [answer for other in asked if other is not one and not other.world for answer, right in other.answers if right]
        answers = (
            [(a, right, 1.0) for a, right in one.answers]
            + [(a, 0.0, 0.5) for a in dice.sample(strangers, 3)]
            + [(one.question, 0.0, 0.5), (one.references[0], 1.0, 0.5)]
        )
        for _ in range(4 if one.world else 1):
            gaps = filled(one.world, dice)
            references = [reference.format(**gaps) for reference in one.references]
            for answer, right, weight in answers:
                yield one.question, one.question.format(**gaps), references, answer.format(**gaps), right, weight * (0.4 if one.world else 1.0)


def filled(world: str, dice: random.Random) -> dict[str, str]:
    first, _, last = world.rpartition(" ")[2].partition("-") if world else ("A", "", "F")
    return dict(zip("abc", dice.sample([chr(n) for n in range(ord(first), ord(last) + 1)], 3), strict=True))


def examples() -> Iterator[Example]:
    for name, question, references, answer, right, weight in made_up():
        yield "own", name, measures(question, references, answer, "en"), right, weight
    for name, question, references, answer, right in worlds():
        yield "worlds", name, measures(question, references, answer, "en"), right, 1.0
    for row in rows_of("saf_en", lambda r: r["split"] == "train"):
        yield "saf", row["qid"], measures(row["question"], row["references"], row["answer"], "en"), float(row["score"]), 1.0
    for name in ("evouna_nq", "evouna_tq"):
        for row in rows_of(name, lambda r: r["system"] == "fid" or hashlib.md5((r["qid"] + r["system"]).encode()).digest()[0] < 24):
            yield "evouna", name + row["qid"], measures(row["question"], row["references"], row["answer"], "en"), float(row["label"] == "correct"), 1.0


def measures(question: str, references: list[str], answer: str, lang: str) -> list[dict[str, float]]:
    said = said_of(answer[:2000], lang)
    return [measured(wanted_of(question, worded(reference), lang), said, len(references)) for reference in references]


def vector(found: dict[str, float], names: tuple[str, ...]) -> list[float]:
    return [1.0, *(value_of(name, found) for name in names)]


def fitted(known: list[Example], size: str) -> np.ndarray[Any, Any]:
    """Weights of one class. An answer is judged by the reference it is nearest to, so fitting goes thrice: nearest by the weights so far."""
    how = CLASSES[size]
    prior = np.array([how.prior["bias"], *(how.prior[name] for name in how.names)])
    held = np.array([0.3, *(1.0 for _ in how.names)])  # the bias is held less
    weights = prior
    for _ in range(3):
        kept = []
        for source, _, found, right, weight in known:
            if source in how.sources:
                nearest = max(found, key=lambda f: float(np.dot(weights, vector(f, how.names))))
                if size_of(nearest) == size:
                    kept.append((vector(nearest, how.names), right, weight * how.sources[source]))
        if not kept:
            return prior
        X, y, w = (np.array(column) for column in zip(*kept, strict=True))
        spread = (X.std(0) + 0.05) * held

        def loss(b: np.ndarray[Any, Any], X: Any = X, y: Any = y, w: Any = w, spread: Any = spread) -> tuple[float, np.ndarray[Any, Any]]:
            z = X @ b
            off = (b - prior) * spread
            return float(np.sum(w * (np.logaddexp(0, z) - y * z)) + how.hold * np.sum(off**2) / 2), X.T @ (
                w * (1 / (1 + np.exp(-z)) - y)
            ) + how.hold * off * spread

        weights = minimize(loss, weights, jac=True, method="L-BFGS-B").x
    return weights


def leaning(weights: np.ndarray[Any, Any], size: str) -> np.ndarray[Any, Any]:
    return weights + np.array([CLASSES[size].leans, *(0.0 for _ in CLASSES[size].names)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fit without the questions kept aside, and say how it does on them; writes nothing")
    chosen = parser.parse_args()
    known = list(examples())
    aside = {question for _, question, *_ in known if hashlib.md5(question.encode()).digest()[0] < 64}
    weights = {size: leaning(fitted([e for e in known if not chosen.check or e[1] not in aside], size), size) for size in CLASSES}
    if chosen.check:
        check([e for e in known if e[1] in aside], weights)
        return
    shown = {size: dict(zip(("bias", *CLASSES[size].names), (round(float(v), 3) for v in w), strict=True)) for size, w in weights.items()}
    OUT.write_text(json.dumps({"made_by": "bench/grading_fit.py", "weights": shown}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def check(known: list[Example], weights: Mapping[str, np.ndarray[Any, Any]]) -> None:
    told: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for source, _, found, right, _ in known:
        z, size = max((float(np.dot(weights[size_of(f)], vector(f, CLASSES[size_of(f)].names))), size_of(f)) for f in found)
        told[source, size].append((1 / (1 + np.exp(-z)), right))
    for (source, size), pairs in sorted(told.items()):
        agreed = sum((a > 0.5) == (b > 0.5) for a, b in pairs) / len(pairs)
        print(f"{source:7} {size:7} n {len(pairs):4}   agrees {agreed:.3f}   r {np.corrcoef(np.array(pairs).T)[0, 1]:.3f}")


if __name__ == "__main__":
    main()
