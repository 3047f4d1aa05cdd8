"""The ladder a written answer climbs: equal, alternative, slip, overlap, points; each layer stops as soon as it is sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.flags import Around, Flag, flags_of
from kartoteka.engine.grading.forms import (
    ALTERNATIVES_WORDS,
    SHORT_WORDS,
    Form,
    forms_of,
    formula,
    items_of,
    key,
    listed,
    nothing,
    numbers_in,
    numeric_dates,
    only_number,
    strictly,
    tolerance,
    worded,
)
from kartoteka.engine.grading.overlap import Said, Wanted, measured, model, said_of, wanted_of
from kartoteka.engine.grading.points import marked, split
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.typos import slip, unspaced
from kartoteka.engine.grading.verdicts import FAILED, LEARNER, PASSED, WORTH, Label, Verdict
from kartoteka.engine.grading.words import MOST_SIGNS, hedges, language_of, words_of
from kartoteka.engine.items import Point
from kartoteka.engine.notes import MOST_POINTS, words_in
from kartoteka.engine.rubrics import Mark, Other, PointMark, Rubric
from kartoteka.engine.text import normal

CLOSE_SCORE = 0.8  # a slip of the finger
POINTS_FROM_WORDS = 12  # a definition longer than this is looked at point by point
_PARTED = re.compile(r"[,;/、，；]|\b(?:and|und|oraz|et|y|i|en)\b")
_OPENS = re.compile(r"(?:[.!?:;•\n\"“(]|[-–]\s)\s*$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Judge(Protocol):
    """A further layer (L5 embeddings, L6 a model): asked only where the ladder is unsure, it may settle a verdict and never overrule a flag."""

    def __call__(self, rubric: Rubric, answer: str, verdict: Verdict) -> Verdict | None: ...


def mark(rubric: Rubric, answer: str, judges: tuple[Judge, ...] = ()) -> Verdict:
    """Judges a written answer. What cannot be judged is "unsure" and the learner decides; ``judges`` are asked first."""
    cut = _CONTROL.sub(" ", answer[:MOST_SIGNS])
    verdict = _climbed(rubric, answer[:MOST_SIGNS], cut)
    limits = [reasons.TOO_LONG] * (len(answer) > MOST_SIGNS) + [reasons.TOO_MANY] * (len(rubric.points) > MOST_POINTS)
    verdict = replace(verdict, reasons=(*verdict.reasons, *map(Reason, limits)))
    if verdict.label == "unsure":
        for judge in judges:
            settled = judge(rubric, answer, verdict)
            if settled is not None:
                return settled
    return verdict


def _climbed(rubric: Rubric, answer: str, cut: str) -> Verdict:
    accepted = tuple(a for a in rubric.accepted if a.strip()) or tuple(p.text for p in rubric.points)
    lang = language_of(" ".join(accepted)[:400], rubric.lang)
    points = tuple(rubric.points[:MOST_POINTS])
    if rubric.want_all and len(points) < 2 and len(accepted) == 1:
        points = items_of(worded(accepted[0])) or points
    task = _Task(rubric, answer, cut, lang, tuple(worded(a) for a in accepted), points)
    for layer in (_equal, _empty, _alternative, _slipped, _counted, _weighed):
        verdict = layer(task)
        if verdict is not None:
            return verdict
    return _unsure(task, 0.5)


@dataclass(frozen=True, slots=True)
class _Task:
    rubric: Rubric
    answer: str
    cut: str
    lang: str
    accepted: tuple[str, ...]
    points: tuple[Point, ...]

    @property
    def forms(self) -> tuple[Form, ...]:
        return forms_of(self.accepted, self.lang, not self.rubric.want_all and len(self.points) < 2)

    @property
    def short(self) -> bool:
        return all(words_in(a) <= ALTERNATIVES_WORDS for a in self.accepted) and len(self.points) < 2


# ---- L0: equal


def _equal(task: _Task) -> Verdict | None:
    said = normal(task.cut)
    if not said:
        return None
    strict = task.rubric.strictness
    for text in (*task.accepted, *task.rubric.accepted):
        if strict == "strict":
            if strictly(task.cut, strict) == strictly(text, strict):
                return _right("L0", text)
        elif said == normal(text):
            return _right("L0", text)
    return None


def _right(layer: str, form: str, why: str = "") -> Verdict:
    return Verdict(1.0, "right", layer, 1.0, accepted_form=form, reasons=(Reason(why, form=form),) if why else ())


def _close(layer: str, form: str, why: str, score: float = CLOSE_SCORE, confidence: float = 0.8) -> Verdict:
    return Verdict(score, "close", layer, confidence, accepted_form=form, reasons=(Reason(why, form=form),))


def _empty(task: _Task) -> Verdict | None:
    """Nothing, "I don't know", or the question again."""
    if nothing(task.cut):
        return _all_missing(task, Verdict(0.0, "wrong", "L0", certain=True, reasons=(Reason(reasons.NO_ANSWER),)))
    said = {w.stem for w in words_of(task.cut, task.lang) if w.kind != "function"}
    asked = {w.stem for w in words_of(worded(task.rubric.question), task.lang)}
    if said and said <= asked and not any(key(task.cut, task.lang) == form.key for form in task.forms):
        wanted = {w.stem for text in task.accepted for w in words_of(text, task.lang) if w.kind in ("word", "number", "negation")}
        if len(said) >= 0.6 * len({w.stem for w in words_of(worded(task.rubric.question), task.lang) if w.kind in ("word", "number")}) and wanted - asked:
            return _all_missing(task, Verdict(0.0, "wrong", "L0", 0.9, reasons=(Reason(reasons.REPEATED),)))
    return None


def _all_missing(task: _Task, verdict: Verdict) -> Verdict:
    return replace(verdict, points=tuple(PointMark(p.alone, "missing", 2.0 if p.must_have else 1.0) for p in task.points))


# ---- L1: alternatives, optional parts, lists, dates, other cards


def _alternative(task: _Task) -> Verdict | None:
    said, found = key(task.cut, task.lang), None
    if task.rubric.strictness == "strict":
        return _strictly_alternative(task, said) or _other_card(task, said)
    for form in task.forms:
        if normal(task.cut) == normal(form.text):
            return _right("L0" if form.whole else "L1", form.text)
        if said and said == form.key:
            found = found or form
    intruded = _other_card(task, said)
    if intruded is not None and (found is None or _exactly_other(task)):
        return intruded
    if found is not None:
        return _nearly_equal(task, found)
    if _same_list(task) or _same_date(task):
        return _right("L1", task.accepted[0])
    maths = [formula(text) for text in task.accepted]
    if any(maths):
        return _formula(task, maths)
    return None


def _strictly_alternative(task: _Task, said: tuple[str, ...]) -> Verdict | None:
    for form in task.forms:
        if strictly(task.cut, "strict") == strictly(form.text, "strict"):
            return _right("L1", form.text)
    maths = [formula(text) for text in task.accepted]
    if any(maths):
        return _formula(task, maths)
    met = next((form for form in task.forms if said and said == form.key), None)
    return _close("L1", met.text, reasons.CASE, 0.6) if met else None


def _nearly_equal(task: _Task, form: Form) -> Verdict:
    """Words are the same; accents, case or punctuation may differ."""
    layer = "L0" if form.whole else "L1"
    accents = [w.norm for w in words_of(task.cut, task.lang) if w.kind == "word"] != [w.norm for w in words_of(form.text, task.lang) if w.kind == "word"]
    accents = accents and sorted(w.bare for w in words_of(task.cut, task.lang)) == sorted(w.bare for w in words_of(form.text, task.lang))
    if accents and task.rubric.strictness != "relaxed":
        return _close(layer, form.text, reasons.ACCENTS)
    return _right(layer, form.text, reasons.ACCENTS if accents else "")


@lru_cache(maxsize=64)
def _deck(others: tuple[Other, ...], lang: str) -> dict[tuple[str, ...], str]:
    return {form.key: other.card for other in reversed(others) for form in forms_of((other.text,), lang, False)}


@lru_cache(maxsize=64)
def _vocabulary(others: tuple[Other, ...], lang: str) -> frozenset[str]:
    return frozenset(w.bare for other in others if words_in(other.text) <= SHORT_WORDS for w in words_of(worded(other.text), lang) if w.kind == "word")


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


def _exactly_other(task: _Task) -> bool:
    said = normal(task.cut)
    return any(normal(worded(other.text)) == said for other in task.rubric.others) and not any(normal(form.text) == said for form in task.forms)


def _other_card(task: _Task, said: tuple[str, ...]) -> Verdict | None:
    if not said or not task.rubric.others:
        return None
    card = _deck(task.rubric.others, task.lang).get(said)
    if card is None or (any(form.key == said for form in task.forms) and not _exactly_other(task)):
        return None
    return _all_missing(task, Verdict(0.0, "wrong", "L1", 0.97, certain=True, mistaken_for=card, reasons=(Reason(reasons.OTHER_CARD),)))


def _same_list(task: _Task) -> bool:
    said = listed(task.cut, task.lang)
    return bool(said) and any(said == listed(text, task.lang) for text in task.accepted)


def _same_date(task: _Task) -> bool:
    keys = {key(text, task.lang) for text in task.accepted}
    dates = set().union(*(numeric_dates(text) for text in task.accepted))
    return bool(numeric_dates(task.cut) & (keys | dates)) or key(task.cut, task.lang) in dates


def _formula(task: _Task, maths: list[str]) -> Verdict | None:
    said = formula(task.cut) or re.sub(r"\s+", "", task.cut)
    for text, tight in zip(task.accepted, maths, strict=True):
        if tight and (said == tight or (task.rubric.strictness != "strict" and said.casefold() == tight.casefold() and len(tight) > 3)):
            return _right("L1", text)
    if all(maths):
        return Verdict(0.3, "unsure", LEARNER, 0.5, reasons=(Reason(reasons.FORMULA),), accepted_form=task.accepted[0])
    return None


# ---- L2: slips


def _slipped(task: _Task) -> Verdict | None:
    if task.rubric.strictness == "strict" or words_in(task.cut) > ALTERNATIVES_WORDS:
        return None
    vocabulary = _vocabulary(task.rubric.others, task.lang)
    best: tuple[float, Form, bool] | None = None
    for form in task.forms:
        if abs(len(form.text) - len(task.cut)) > 8 or not form.key:
            continue
        met = slip(task.cut, form.text, task.lang, vocabulary)
        if met is not None and met.likeness >= 0.6 and (best is None or met.likeness > best[0]):
            best = (met.likeness, form, met.ending)
    if best is None:
        return None
    likeness, form, ending = best
    if likeness == 1.0:
        return _right("L2", form.text)
    if ending and task.rubric.strictness == "relaxed":
        return replace(_right("L2", form.text, reasons.ENDING), score=0.95, confidence=0.9)
    return _close("L2", form.text, reasons.SPELLING, confidence=likeness)


# ---- numbers alone, and hedges


def _counted(task: _Task) -> Verdict | None:
    """An answer that is a number, a date or a measure is right or it is not; a part of a date is close."""
    hedged = _hedged(task)
    if hedged is not None:
        return hedged
    if not task.accepted or not all(only_number(text, task.lang) for text in task.accepted):
        return None
    theirs = numbers_in(task.cut, task.lang)
    for text in task.accepted:
        ours = numbers_in(text, task.lang)
        if theirs and len(ours) == len(theirs) and all(_same_number(text, a, b) for a, b in zip(ours, theirs, strict=True)) and _same_month(task, text):
            return _right("L1", text)
    if not theirs:
        return Verdict(0.1, "wrong", "L1", 0.9, accepted_form=task.accepted[0])
    said = {v for v, _ in theirs}
    for text in task.accepted:
        values = {v for v, _ in numbers_in(text, task.lang)}
        if values < said or said < values:
            return None
    wrote, card = (", ".join(f"{v:.15g}{' ' + unit if unit else ''}" for v, unit in found) for found in (theirs, numbers_in(task.accepted[0], task.lang)))
    return Verdict(0.0, "wrong", "L1", 0.95, contradicted=True, reasons=(Reason(reasons.NUMBER, wrote=wrote, card=card),), accepted_form=task.accepted[0])


def _same_number(text: str, ours: tuple[float, str], theirs: tuple[float, str]) -> bool:
    return abs(ours[0] - theirs[0]) <= tolerance(text, ours[0]) + 1e-12 * abs(ours[0]) and (ours[1] == theirs[1] or not ours[1] or not theirs[1])


def _same_month(task: _Task, text: str) -> bool:
    ours, theirs = ({w.month for w in words_of(t, task.lang) if w.month} for t in (text, task.cut))
    return ours == theirs or not ours


def _hedged(task: _Task) -> Verdict | None:
    """Two answers where one is asked for: one of them right is not yet an answer."""
    if not task.short or task.rubric.want_all or any(w.norm in hedges(task.lang) for text in task.accepted for w in words_of(text, task.lang)):
        return None
    pieces = [p for p in re.split(r"\s+(?:or|oder|lub|albo|ou|oder|или)\s+|\s*/\s*|\s*\?\s*", task.cut, flags=re.IGNORECASE) if p.strip()]
    if len(pieces) < 2:
        return None
    keys = {form.key for form in task.forms}
    met = [key(piece, task.lang) in keys for piece in pieces]
    if any(met) and not all(met):
        return Verdict(0.4, "close", "L1", 0.9, reasons=(Reason(reasons.TWO_ANSWERS),), accepted_form=task.accepted[0])
    return None


# ---- L3 and L4: overlap and points


def _weighed(task: _Task) -> Verdict | None:
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
    names = _names((*(p.text for p in task.points), *task.accepted, *(o.text for o in task.rubric.others[:200])), task.lang)
    own = len(task.points) >= 2
    points = task.points if own else split(reference)
    if own or len(points) >= 2 or words_in(reference) > POINTS_FROM_WORDS:
        return _by_points(task, points or (Point(reference),), best, features, reference, names, own=own)
    wanted = wanted_of(question, reference, task.lang)
    flags = flags_of(wanted, said, reference, task.cut, Around(names, wanted.stems, said.stems))
    return _in_bounds(task, _labelled(task, scored(best), best, features, reference, flags, ()), wanted)


def _in_bounds(task: _Task, verdict: Verdict, wanted: Wanted) -> Verdict:
    """What is not said in the card's own words is at most close on a short side, unless the deck is relaxed; a part of a list or of a run of signs too."""
    if not task.short or verdict.label not in ("right", "close") or words_in(verdict.accepted_form) > SHORT_WORDS:
        return verdict
    if task.rubric.strictness == "strict":
        return replace(verdict, label="wrong", score=0.1, confidence=0.8)
    part = verdict.features["recall_all"] < 0.9 and (_PARTED.search(verdict.accepted_form) is not None or any(unspaced(w.norm) for w in wanted.content))
    part = part or only_number(verdict.accepted_form, task.lang)
    if verdict.label == "right" and (part or task.rubric.strictness == "moderate"):
        return replace(verdict, label="close", score=0.5, reasons=(Reason(reasons.PART, form=verdict.accepted_form),))
    return verdict


def scored(p: float) -> float:
    """A probability as a score: even odds are where "close" ends."""
    if p >= 0.5:
        return PASSED + (1 - PASSED) * (p - 0.5) / 0.5
    if p >= 0.48:
        return 0.5 + (PASSED - 0.5) * (p - 0.48) / 0.02
    return FAILED + (0.5 - FAILED) * (p - 0.38) / 0.1 if p >= 0.38 else FAILED * p / 0.38


def _by_points(task: _Task, points: tuple[Point, ...], p: float, features: Mapping[str, float], reference: str, names: frozenset[str], *, own: bool) -> Verdict:
    listing = _heaped(said_of(task.cut, task.lang), reference, task.lang)
    marks, mets = marked(worded(task.rubric.question), points, task.cut, task.lang, names, listing=listing)
    marks = [replace(m, quote=_verbatim(task, m.quote)) for m in marks]
    share = share_of(marks)
    flags = tuple(flag for met in mets for flag in met.flags)
    score = share if own else p if features["text"] else (share + scored(p)) / 2 if len(points) > 2 else scored(p)
    verdict = _labelled(task, score, p, features, reference, flags, tuple(marks), sure=all(m.sure for m in marks))
    return replace(verdict, reasons=(*verdict.reasons, Reason(reasons.LISTED))) if listing else verdict


def _verbatim(task: _Task, quote: str) -> str:
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
    task: _Task,
    score: float,
    p: float,
    features: Mapping[str, float],
    reference: str,
    flags: tuple[Flag, ...],
    marks: tuple[PointMark, ...],
    *,
    sure: bool = True,
) -> Verdict:
    strong = tuple(flag for flag in flags if flag.strong)
    missed = any(m.weight > 1 and m.mark not in ("covered", "partly") for m in marks)
    if strong and score >= PASSED and not marks:
        score = 0.45
    label: Label = "right" if score >= PASSED and not strong and not missed else "wrong" if score < FAILED else "close"
    confidence = max(p, 1 - p)
    why = tuple(_why(flag) for flag in flags[:3])
    if label == "close" and not flags and not any(m.mark != "missing" for m in marks) and features.get("recall", 0.0) < 0.4:
        return _unsure(task, confidence, score, marks, features, reference)
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


def _unsure(
    task: _Task, confidence: float, score: float = 0.5, marks: tuple[PointMark, ...] = (), features: Mapping[str, float] | None = None, reference: str = ""
) -> Verdict:
    return Verdict(
        score,
        "unsure",
        LEARNER,
        confidence,
        points=marks,
        reasons=(Reason(reasons.UNSURE),),
        accepted_form=reference or (task.accepted[0] if task.accepted else ""),
        features=dict(features or {}),
    )


# ---- the learner overturns ticks


def with_marks(verdict: Verdict, marks: Mapping[int, Mark]) -> Verdict:
    """The verdict after the learner overturned marks of points (by number): score and label follow."""
    ticked = {i: m for i, m in marks.items() if 0 <= i < len(verdict.points)}
    if not ticked:
        return verdict
    points = tuple(replace(point, mark=ticked[i], sure=True) if i in ticked else point for i, point in enumerate(verdict.points))
    score = share_of(points)
    contradicted = any(p.mark == "contradicted" for p in points)
    missed = any(p.weight > 1 and p.mark in ("missing", "contradicted") for p in points)
    passed = score >= PASSED and not contradicted and not missed
    return replace(
        verdict,
        points=points,
        score=score,
        label="right" if passed else "wrong" if score < FAILED else "close",
        layer=LEARNER,
        contradicted=contradicted,
        confidence=1.0,
        certain=False,
    )
