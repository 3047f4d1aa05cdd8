"""Tables of quiz games (Kahoot, Blooket, Gimkit): the answers marked as right become the definition, the others stay to choose from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kartoteka.formats import decoding, tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Findings, Said, Source, Unreadable
from kartoteka.formats.grids import grids_of, kind_in, words_in
from kartoteka.formats.prose import html_of
from kartoteka.formats.quizzes import Asked, note_of, say_unanswered

TITLE = Said("Quiz game (Kahoot, Blooket, Gimkit)")
EXTENSIONS = (".xlsx", ".csv")
KEEPS = ("questions", "right answers", "wrong answers", "seconds to answer")
DROPS = ("points and pictures by link",)
APART = True  # an XLSX is read by what ends its process at a bad cell

_TEMPLATE = re.compile(
    r"Blooket\s+Import Template|Gimkit Spreadsheet Import Template|^\s*\"?Quiz template\b.{0,2000}(?:Kahoot|Correct answer)", re.I | re.S | re.M
)
_QUESTION = re.compile(r"question(?!\s*#)(?:\s*text|\s*-.*|\s*\(.*)?\s*$", re.I | re.S)
_ANSWER = re.compile(r"(?:answer|option|choice|incorrect(?: answer)?)\s*#?\s*\d", re.I)
_WRONG = re.compile(r"incorrect", re.I)
_RIGHT = re.compile(r"correct", re.I)
_TIME = re.compile(r"time", re.I)
_COUNTED = re.compile(r"\d{1,5}(?:\.0)?$")
_SECONDS = re.compile(r"\d{1,4}(?:\.0)?(?:\s*s(?:ec(?:onds?)?)?)?$", re.I)
_CHOSEN = re.compile(r"[1-9](?:\.0)?(?:\s*[,;/ ]\s*[1-9](?:\.0)?)*$")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where things stand in a row. ``right``: numbers of answers, or with ``worded`` the right answer itself."""

    question: int
    answers: tuple[int, ...]
    right: int
    seconds: int = -1
    worded: bool = False


def recognises(head: bytes, name: str) -> float:
    kind = kind_in(head)
    if kind:
        words = words_in(head)
        heading = [line for line in words.split("\n") if line.strip()]
        quiz = (
            any(_QUESTION.match(line.strip()) for line in heading)
            and any(_RIGHT.match(line.strip()) for line in heading)
            and any(_ANSWER.match(line.strip()) for line in heading)
        )
        return 0.98 if _TEMPLATE.search(words) or quiz else 0.0
    text = decoding.looks_like(head)
    if not text.strip() or "," not in text:
        return 0.0
    if _TEMPLATE.search(text[:3000]):
        return 0.97
    rows = [(line, cells) for line, cells in tables.rows_of(text[:20_000], ",", quotes=True)][:200]
    return 0.96 if _places(rows) is not None else 0.0


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    findings = Findings()
    choices: dict[str, str] = {}
    if kind_in(source.head()):
        sheets = [(grid.name, grid.rows) for grid in grids_of(source, findings) if not grid.hidden]
    else:
        text, encoding = decoding.text_of(source, options.get("encoding", ""), findings)
        sheets = [("", list(tables.rows_of(text, ",", quotes=True, findings=findings))[: tables.MOST_ROWS])]
        choices = {} if encoding == "utf-8" else {"encoding": encoding}
    notes: list[BundleNote] = []
    known = False
    for _name, rows in sheets:
        found = _places(rows)
        if found is not None:
            known = True
            places, begin = found
            notes += _notes(rows[begin:], places, findings)
    if not known:
        raise Unreadable(Said("This is no quiz table: it has no columns for a question, its answers and which of them is right."))
    if not notes and not findings.told():
        raise Unreadable(Said("This is a template of a quiz game with no question in it yet. Fill it in, and bring it in again."))
    return Bundle("quizgames", (BundleDeck(tables.title_of(source.name), tuple(notes)),), findings.told(), choices=choices)


def _places(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[_Places, int] | None:
    """Where the columns are and at which row the questions begin: by a heading near the top, else by what the columns hold."""
    for at, (_line, cells) in enumerate(rows[:15]):
        if found := _by_heading([" ".join(cell.split()) for cell in cells]):
            return found, at + 1
    filled = [cells for _line, cells in rows[:200] if sum(bool(cell.strip()) for cell in cells) > 3]
    fits = [cells for cells in filled if _fits([cell.strip() for cell in cells])]
    if len(fits) >= 3 and len(fits) * 10 >= len(filled) * 7:
        begin = next(at for at, (_line, cells) in enumerate(rows) if _fits([cell.strip() for cell in cells]))
        return _Places(1, (2, 3, 4, 5), 7, 6), begin
    return None


def _by_heading(cells: Sequence[str]) -> _Places | None:
    question = next((at for at, cell in enumerate(cells) if _QUESTION.match(cell)), -1)
    right = next((at for at, cell in enumerate(cells) if _RIGHT.match(cell)), -1)
    if question < 0 or right < 0:
        return None
    wrong = tuple(at for at, cell in enumerate(cells) if _WRONG.match(cell))
    if wrong:
        return _Places(question, wrong, right, worded=True)
    seconds = next((at for at, cell in enumerate(cells) if _TIME.match(cell)), -1)
    end = min(at for at in (seconds, right) if at > question) if max(seconds, right) > question else right
    answers = tuple(range(question + 1, end))
    return _Places(question, answers, right, seconds) if len(answers) >= 2 and any(_ANSWER.match(cells[at]) for at in answers) else None


def _fits(cells: Sequence[str]) -> bool:
    """A row of Blooket's: number, question, four answers, seconds, which are right."""
    return len(cells) >= 8 and bool(_COUNTED.match(cells[0]) and cells[1] and cells[2] and _SECONDS.match(cells[6]) and _CHOSEN.match(cells[7]))


def _notes(rows: Sequence[tuple[int, Sequence[str]]], places: _Places, findings: Findings) -> list[BundleNote]:
    notes = []
    width = 1 + max(places.question, places.right, places.seconds, *places.answers)
    for line, cells in rows:
        given = [cell.strip() for cell in cells] + [""] * width
        question, answers = given[places.question], [given[at] for at in places.answers]
        if not question or (not any(answers) and not given[places.right]):
            continue
        if places.worded:
            right, wrong = [given[places.right]], answers
        else:
            chosen = {int(number) for number in re.findall(r"(?<![\d.])[1-9](?!\d)", given[places.right].replace(".0", ""))}
            right = [answer for number, answer in enumerate(answers, start=1) if number in chosen]
            wrong = [answer for number, answer in enumerate(answers, start=1) if number not in chosen]
            if not given[places.right] and sum(map(bool, answers)) == 1:
                right, wrong = [answer for answer in answers if answer], []
        if not any(right):
            if not _COUNTED.match(question) and not _QUESTION.match(question):
                say_unanswered(findings, Said("“%(question)s” does not say which answer is right.", question=question[:60]), f"row {line}", line)
            continue
        seconds = re.match(r"\d{1,4}", given[places.seconds]) if places.seconds >= 0 else None
        extra = {"seconds": int(seconds[0])} if seconds else {}
        told = tuple(html_of(answer) for answer in right if answer)
        others = tuple(escape(answer, quote=False) for answer in wrong if answer)
        notes.append(note_of(Asked(html_of(question), told, others, where=f"row {line}", line=line, together=True, extra=extra)))
    return notes
