"""A paper to take along: as GIFT, which learning platforms read, and as CSV with one's own answers and marks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

from kartoteka.engine.questions import Question

Rows = Sequence[tuple[Question, Any]]
Worth = Callable[[Question], int]
_SPECIAL = re.compile(r"([\\~=#{}:])")
HEAD = ("number", "kind", "question", "choices", "right_answer", "your_answer", "verdict", "points", "of")


def _said(text: str) -> str:
    """Words as GIFT wants them: its own signs with a backslash, lines as one."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def gift(title: str, rows: Rows, worth: Worth) -> str:
    """The questions with their right answers, without one's own."""
    lines = [f"// {' '.join(title.split())}", ""]
    seen: set[int] = set()
    for number, (question, _mark) in enumerate(rows, 1):
        block = question.extra.get("block") if question.qtype == "match" else None
        if block is not None:
            if block in seen:
                continue
            seen.add(block)
            lines += [f"::{number}::{_said('Match each with its answer.')} {{", *_pairs(rows, block), "}", ""]
        else:
            lines += [f"::{number}::{_asked(question)} {{{_answers(question)}}}", ""]
    return "\n".join(lines)


def _asked(question: Question) -> str:
    if question.qtype == "tf" and question.claim:
        return f"{_said(question.prompt.text)} — {_said(question.claim.side.text)}"
    return _said(question.prompt.text)


def _pairs(rows: Rows, block: int) -> list[str]:
    found = [question for question, _mark in rows if question.qtype == "match" and question.extra.get("block") == block]
    pairs = [f"={_said(question.prompt.text)} -> {_said(question.answer.text)}" for question in found]
    used = {question.item.id for question in found}
    return pairs + [f"= -> {_said(choice.side.text)}" for choice in found[0].choices if choice.card not in used]


def _answers(question: Question) -> str:
    if question.qtype == "tf" and question.claim:
        return "TRUE" if question.claim.right else "FALSE"
    if question.qtype == "choice":
        return " ".join(f"{'=' if choice.right else '~'}{_said(choice.side.text)}" for choice in question.choices)
    if question.qtype == "typed" and question.rubric:
        return " ".join(f"={_said(form)}" for form in question.rubric.accepted)
    return ""


def right_words(question: Question) -> str:
    """What would have been right, in words."""
    if question.qtype == "tf" and question.claim:
        return "true" if question.claim.right else f"false: {question.answer.text}"
    return question.answer.text


def your_words(question: Question, response: Any) -> str:
    if question.qtype == "self":
        return {3: "known", 1: "not known"}.get(response.rating, "")
    if question.choices:
        return next((choice.side.text for choice in question.choices if choice.id == response.choice), "")
    return str(response.choice or response.text)


def table(title: str, rows: Rows, worth: Worth) -> str:
    """A line a question, with what was answered and what it earned."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(HEAD)
    for number, (question, mark) in enumerate(rows, 1):
        choices = " | ".join(choice.side.text for choice in question.choices) or (question.claim.side.text if question.claim else "")
        told = (your_words(question, mark.response), mark.label, round(mark.got, 2)) if mark else ("", "open", 0)
        write([_safe(value) for value in (number, question.qtype, question.prompt.text, choices, right_words(question), *told, worth(question))])
    return out.getvalue()


def _safe(value: object) -> object:
    """A spreadsheet runs what begins with = + - @ as a formula; an apostrophe before it keeps it text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


EXPORTS = {"csv": ("text/csv; charset=utf-8", table), "gift": ("text/plain; charset=utf-8", gift)}
