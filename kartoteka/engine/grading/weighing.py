"""The layers that weigh: how much of the card an answer says (L3), point by point (L4), and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.flags import Around, Flag, flags_of
from kartoteka.engine.grading.forms import (
    SHORT_WORDS,
    only_number,
    signed,
    worded,
)
from kartoteka.engine.grading.model import model
from kartoteka.engine.grading.neighbours import leaning, leant
from kartoteka.engine.grading.overlap import Said, Wanted, measured, said_of, wanted_of
from kartoteka.engine.grading.points import marked, split
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.schemes import scheme, unnoted
from kartoteka.engine.grading.task import Task, unsure
from kartoteka.engine.grading.tight import tight_flags
from kartoteka.engine.grading.typos import unspaced
from kartoteka.engine.grading.verdicts import FAILED, PASSED, WORTH, Label, Verdict
from kartoteka.engine.grading.words import words_of
from kartoteka.engine.items import Point
from kartoteka.engine.notes import words_in
from kartoteka.engine.rubrics import PointMark

POINTS_FROM_WORDS = 12  # a definition longer than this is looked at point by point
_PARTED = re.compile(r"[,;/、，；]|\b(?:and|und|oraz|et|y|i|en)\b")
_OPENS = re.compile(r"(?:[.!?:;•\n\"“(]|[-–]\s)\s*$")


def weighed(task: Task) -> Verdict | None:
    said = said_of(task.cut, task.lang)
    question = worded(task.rubric.question)
    best, features, reference = -1.0, {}, ""
    for text in task.accepted:
        found = measured(wanted_of(question, text, task.lang), said, len(task.accepted))
        p = model().probability(found)
        if p > best:
            best, features, reference = p, found, text
    if not features:
        return None
    best = leant(best, leaning(task.rubric.marked, said))
    names = _names((*(p.text for p in task.points), *task.accepted, *(o.text for o in task.rubric.others[:200])), task.lang)
    own = len(task.points) >= 2
    noted = () if own else scheme(next((text for text in task.rubric.accepted if unnoted(worded(text)) == reference), ""))
    points = task.points if own else tuple(point for point, _ in noted) or split(reference)
    if noted:
        return _by_points(task, points, best, features, reference, names, own=True, worths=tuple(worth for _, worth in noted))
    if own or len(points) >= 2 or words_in(reference) > POINTS_FROM_WORDS:
        return _by_points(task, points or (Point(reference),), best, features, reference, names, own=own)
    wanted = wanted_of(question, reference, task.lang)
    flags = flags_of(wanted, said, reference, task.cut, Around(names, wanted.stems, said.stems)) or tight_flags(
        wanted, said, reference, task.cut, frozenset(w.stem for text in task.accepted if text != reference for w in words_of(text, task.lang))
    )
    return _in_bounds(task, _labelled(task, scored(best), best, features, reference, flags, ()), wanted)


@lru_cache(maxsize=64)
def _names(texts: tuple[str, ...], lang: str) -> frozenset[str]:
    """Names: capitalised words that open no sentence, or any where sentences open small (in German every noun is, so none are told)."""
    if lang == "de":
        return frozenset()
    found: set[str] = set()
    clean = [worded(text) for text in texts]
    small = 2 * sum(text[:1].islower() for text in clean) >= len(clean)
    for text in clean:
        for word in words_of(text, lang):
            opens = _OPENS.search(text[max(0, word.start - 4) : word.start]) or not word.start
            if word.kind == "word" and text[word.start : word.start + 1].isupper() and not word.month and (small or not opens) and len(word.norm) > 1:
                found.add(word.stem)
    return frozenset(found)


def _in_bounds(task: Task, verdict: Verdict, wanted: Wanted) -> Verdict:
    """What is not said in the card's own words is at most close on a short side, unless the deck is relaxed; a part of a list or of a run of signs too."""
    if not task.short or verdict.label not in ("right", "close") or words_in(verdict.accepted_form) > SHORT_WORDS:
        return verdict
    little = {w.kind for w in wanted.words} <= {"negation", "function"} and wanted.back.negations > 0  # never is not nobody, though both deny
    if task.rubric.strictness == "strict" or (little and verdict.layer == "L3"):
        return replace(verdict, label="wrong", score=0.1, confidence=0.8)
    part = verdict.features["recall_all"] < 0.9 and (_PARTED.search(verdict.accepted_form) is not None or any(unspaced(w.norm) for w in wanted.content))
    part = part or only_number(verdict.accepted_form, task.lang) or signed(verdict.accepted_form) != signed(task.cut)
    if verdict.label == "right" and (part or task.rubric.strictness == "moderate"):
        return replace(verdict, label="close", score=0.5, reasons=(Reason(reasons.PART, form=verdict.accepted_form),))
    return verdict


def scored(p: float) -> float:
    """A probability as a score: even odds are where "close" ends."""
    if p >= 0.5:
        return PASSED + (1 - PASSED) * (p - 0.5) / 0.5
    if p >= 0.495:
        return 0.5 + (PASSED - 0.5) * (p - 0.495) / 0.005
    return FAILED + (0.5 - FAILED) * (p - 0.38) / 0.115 if p >= 0.38 else FAILED * p / 0.38


def _by_points(
    task: Task,
    points: tuple[Point, ...],
    p: float,
    features: Mapping[str, float],
    reference: str,
    names: frozenset[str],
    *,
    own: bool,
    worths: tuple[float, ...] = (),
) -> Verdict:
    listing = _heaped(said_of(task.cut, task.lang), reference, task.lang)
    marks, mets = marked(worded(task.rubric.question), points, task.cut, task.lang, names, listing=listing and not worths, noted=bool(worths))
    marks = [replace(m, quote=_verbatim(task, m.quote)) for m in marks]
    if worths:
        marks = [replace(m, weight=worth) for m, worth in zip(marks, worths, strict=True)]
    share = share_of(marks)
    flags = tuple(flag for met in mets for flag in met.flags)
    score = share if own else p if features["text"] else (share + scored(p)) / 2 if len(points) > 2 else scored(p)
    verdict = _labelled(task, score, p, features, reference, flags, tuple(marks))
    return replace(verdict, reasons=(*verdict.reasons, Reason(reasons.LISTED))) if listing else verdict


def _verbatim(task: Task, quote: str) -> str:
    """The quote as it stands in the answer, control signs and all."""
    at = task.cut.find(quote)
    return task.answer[at : at + len(quote)] if quote else ""


def _heaped(said: Said, reference: str, lang: str) -> bool:
    """Many words and no sentence, where the card has sentences."""
    content = [w for w in said.words if w.kind in ("word", "number")]
    if len(content) < 6 or len(content) < len(said.words) - 1:
        return False
    ours = words_of(reference, lang)
    return sum(w.kind == "function" for w in ours) * 5 > len(ours)


def share_of(marks: list[PointMark] | tuple[PointMark, ...]) -> float:
    """The weighted share of the points (modes.md 0.6)."""
    total = sum(m.weight for m in marks)
    return sum(m.weight * WORTH[m.mark] for m in marks) / total if total else 0.0


def _labelled(
    task: Task,
    score: float,
    p: float,
    features: Mapping[str, float],
    reference: str,
    flags: tuple[Flag, ...],
    marks: tuple[PointMark, ...],
) -> Verdict:
    strong = tuple(flag for flag in flags if flag.strong)
    missed = any(m.weight > 1 and m.mark not in ("covered", "partly") for m in marks)
    if strong and score >= PASSED and not marks:
        score = 0.45
    label: Label = "right" if score >= PASSED and not strong and not missed else "wrong" if score < FAILED else "close"
    confidence = max(p, 1 - p)
    shown = strong if features.get("text") and not task.points else flags  # in a long text weak signs stand everywhere
    why = tuple(dict.fromkeys(_why(flag) for flag in shown))[:3]
    if label == "close" and not flags and not any(m.mark != "missing" for m in marks) and features.get("recall", 0.0) < 0.4:
        return unsure(task, confidence, score, marks, features, reference)
    layer = "L4" if marks else "L3"
    return Verdict(
        min(1.0, max(0.0, score)),
        label,
        layer,
        confidence,
        points=marks,
        reasons=why,
        contradicted=bool(strong),
        accepted_form=reference,
        features=dict(features),
    )


def _why(flag: Flag) -> Reason:
    template = {"denial": reasons.DENIED, "exchange": reasons.EXCHANGED}.get(flag.kind, reasons.CHECK)
    return Reason(template, wrote=flag.wrote, card=flag.card)
