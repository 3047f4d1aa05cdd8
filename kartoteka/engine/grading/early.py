"""The layers that need no model: equal, an alternative, marked before, a slip, a number."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from kartoteka.engine.grading import reasons
from kartoteka.engine.grading.forms import (
    ALTERNATIVES_WORDS,
    SHORT_WORDS,
    Form,
    forms_of,
    formula,
    key,
    listed,
    nothing,
    numbers_in,
    numeric_dates,
    only_number,
    signed,
    strictly,
    tolerance,
    worded,
)
from kartoteka.engine.grading.neighbours import MOST_MARKED
from kartoteka.engine.grading.numerals import before_christ
from kartoteka.engine.grading.reasons import Reason
from kartoteka.engine.grading.several import abbreviated, added, hedged, part_of_list
from kartoteka.engine.grading.signs import same_but_ending
from kartoteka.engine.grading.task import Task, all_missing, close, right
from kartoteka.engine.grading.typos import slip
from kartoteka.engine.grading.verdicts import LEARNER, Verdict
from kartoteka.engine.grading.words import MOST_SIGNS, words_of
from kartoteka.engine.notes import words_in
from kartoteka.engine.rubrics import Other
from kartoteka.engine.text import normal


def equal(task: Task) -> Verdict | None:
    said = normal(task.cut)
    if not said:
        return None
    strict = task.rubric.strictness
    for text in (*task.accepted, *task.rubric.accepted):
        if strict == "strict":
            if strictly(task.cut, strict) == strictly(text, strict):
                return right("L0", text)
        elif said == normal(text):
            return right("L0", text)
    return None


def empty(task: Task) -> Verdict | None:
    """Nothing, "I don't know", or the question again."""
    if nothing(task.cut, task.forms, task.lang):
        return all_missing(task, Verdict(0.0, "wrong", "L0", certain=True, reasons=(Reason(reasons.NO_ANSWER),)))
    said = {w.stem for w in words_of(task.cut, task.lang) if w.kind != "function"}
    asked = {w.stem for w in words_of(worded(task.rubric.question), task.lang)}
    if said and said <= asked and not any(key(task.cut, task.lang) == form.key for form in task.forms):
        wanted = {w.stem for text in task.accepted for w in words_of(text, task.lang) if w.kind in ("word", "number", "negation")}
        if len(said) >= 0.6 * len({w.stem for w in words_of(worded(task.rubric.question), task.lang) if w.kind in ("word", "number")}) and wanted - asked:
            return all_missing(task, Verdict(0.0, "wrong", "L0", 0.9, reasons=(Reason(reasons.REPEATED),)))
    return None


def alternative(task: Task) -> Verdict | None:
    said, found = key(task.cut, task.lang), None
    if task.rubric.strictness == "strict":
        return _strictly_alternative(task, said) or _other_card(task, said)
    for form in task.forms:
        if normal(task.cut) == normal(form.text):
            return right("L0" if form.whole else "L1", form.text)
        if said and said == form.key:
            found = found or form
    intruded = _other_card(task, said)
    if intruded is not None and (found is None or _exactly_other(task)):
        return intruded
    if found is not None:
        return _nearly_equal(task, found)
    if _same_list(task) or _same_date(task):
        return right("L1", task.accepted[0])
    for several in (hedged, added, part_of_list, abbreviated):
        verdict = several(task)
        if verdict is not None:
            return verdict
    maths = [formula(text) for text in task.accepted]
    if any(maths):
        return _formula(task, maths)
    return None


def _strictly_alternative(task: Task, said: tuple[str, ...]) -> Verdict | None:
    for form in task.forms:
        if strictly(task.cut, "strict") == strictly(form.text, "strict"):
            return right("L1", form.text)
    maths = [formula(text) for text in task.accepted]
    if any(maths):
        return _formula(task, maths)
    met = next((form for form in task.forms if said and said == form.key), None)
    return close("L1", met.text, reasons.CASE, 0.6) if met else None


def _nearly_equal(task: Task, form: Form) -> Verdict:
    """Words are the same; accents, case or punctuation may differ."""
    layer = "L0" if form.whole else "L1"
    accents = [w.norm for w in words_of(task.cut, task.lang) if w.kind == "word"] != [w.norm for w in words_of(form.text, task.lang) if w.kind == "word"]
    accents = accents and sorted(w.bare for w in words_of(task.cut, task.lang)) == sorted(w.bare for w in words_of(form.text, task.lang))
    if accents and task.rubric.strictness != "relaxed":
        return close(layer, form.text, reasons.ACCENTS)
    return right(layer, form.text, reasons.ACCENTS if accents else "")


@lru_cache(maxsize=64)
def _deck(others: tuple[Other, ...], lang: str) -> dict[tuple[str, ...], str]:
    return {form.key: other.card for other in reversed(others) for form in forms_of((other.text,), lang, False)}


@lru_cache(maxsize=64)
def _vocabulary(others: tuple[Other, ...], lang: str) -> frozenset[str]:
    return frozenset(w.bare for other in others if words_in(other.text) <= SHORT_WORDS for w in words_of(worded(other.text), lang) if w.kind == "word")


def _exactly_other(task: Task) -> bool:
    said = normal(task.cut)
    return any(normal(worded(other.text)) == said for other in task.rubric.others) and not any(normal(form.text) == said for form in task.forms)


def _other_card(task: Task, said: tuple[str, ...]) -> Verdict | None:
    if not said or not task.rubric.others:
        return None
    card = _deck(task.rubric.others, task.lang).get(said)
    if card is None or (any(form.key == said for form in task.forms) and not _exactly_other(task)):
        return None
    return all_missing(task, Verdict(0.0, "wrong", "L1", 0.97, certain=True, mistaken_for=card, reasons=(Reason(reasons.OTHER_CARD),)))


def _same_list(task: Task) -> bool:
    said = listed(task.cut, task.lang)
    return bool(said) and any(said == listed(text, task.lang) for text in task.accepted)


def _same_date(task: Task) -> bool:
    keys = {key(text, task.lang) for text in task.accepted}
    dates = set().union(*(numeric_dates(text) for text in task.accepted))
    return bool(numeric_dates(task.cut) & (keys | dates)) or key(task.cut, task.lang) in dates


def _formula(task: Task, maths: list[str]) -> Verdict | None:
    said = formula(task.cut) or re.sub(r"\s+", "", task.cut)
    for text, tight in zip(task.accepted, maths, strict=True):
        if tight and (said == tight or (task.rubric.strictness != "strict" and said.casefold() == tight.casefold() and len(tight) > 3)):
            return right("L1", text)
    if all(maths):
        return Verdict(0.3, "unsure", LEARNER, 0.5, reasons=(Reason(reasons.FORMULA),), accepted_form=task.accepted[0])
    return None


def settled(task: Task) -> Verdict | None:
    """The same answer was marked before: so it stays, the newest mark counting."""
    said = key(task.cut, task.lang) if task.rubric.marked else ()
    for earlier in reversed(task.rubric.marked[-MOST_MARKED:]) if said else ():
        if key(earlier.answer[:MOST_SIGNS], task.lang) == said:
            return right("L1", earlier.answer) if earlier.right else Verdict(0.1, "wrong", "L1", 0.9, accepted_form=task.accepted[0] if task.accepted else "")
    return None


def slipped(task: Task) -> Verdict | None:
    if task.rubric.strictness == "strict" or words_in(task.cut) > ALTERNATIVES_WORDS:
        return None
    vocabulary = _vocabulary(task.rubric.others, task.lang)
    best: tuple[float, Form, bool] | None = None
    for form in task.forms:
        if abs(len(form.text) - len(task.cut)) > 8 or not form.key or signed(form.text) != signed(task.cut):
            continue
        met = slip(task.cut, form.text, task.lang, vocabulary)
        if met is not None and met.likeness >= 0.6 and (best is None or met.likeness > best[0]):
            best = (met.likeness, form, met.ending)
    if best is None:
        ended = next((form.text for form in task.forms if task.lang == "ja" and same_but_ending(task.cut, form.text)), "")
        return close("L2", ended, reasons.ENDING) if ended else None
    likeness, form, ending = best
    if likeness == 1.0:
        return right("L2", form.text)
    if ending and task.rubric.strictness == "relaxed":
        return replace(right("L2", form.text, reasons.ENDING), score=0.95, confidence=0.9)
    return close("L2", form.text, reasons.SPELLING, confidence=likeness)


def counted(task: Task) -> Verdict | None:
    """An answer that is a number, a date or a measure is right or it is not; a part of a date is close."""
    if not task.accepted or not all(only_number(text, task.lang) for text in task.accepted):
        return None
    theirs = numbers_in(task.cut, task.lang)
    for text in task.accepted:
        ours = numbers_in(text, task.lang)
        if theirs and len(ours) == len(theirs) and all(_same_number(text, a, b) for a, b in zip(ours, theirs, strict=True)) and _same_month(task, text):
            return right("L1", text)
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


def _same_month(task: Task, text: str) -> bool:
    ours, theirs = ({w.month for w in words_of(t, task.lang) if w.month} for t in (text, task.cut))
    return ours == theirs or not ours


def in_its_era(task: Task, verdict: Verdict) -> Verdict:
    """44 BC is not 44 AD, whatever else is the same."""
    if verdict.label != "right" or not task.short or not numbers_in(task.cut, task.lang) or not numbers_in(verdict.accepted_form, task.lang):
        return verdict
    if any(before_christ(text) == before_christ(task.cut) for text in task.accepted):
        return verdict
    why = Reason(reasons.CHECK, wrote=task.cut.strip(), card=verdict.accepted_form)
    return replace(verdict, label="close", score=0.45, contradicted=True, reasons=(why,))
