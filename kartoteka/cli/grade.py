"""`kartoteka grade`: answers judged on the terminal, line by line, without a library."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import IO, Any

import click

from kartoteka.engine.grading import MOST_MARKED, Verdict, mark
from kartoteka.engine.items import Point
from kartoteka.engine.rubrics import Marked, Other, Rubric, Strictness

_STRICTNESSES: dict[str, Strictness] = {"relaxed": "relaxed", "moderate": "moderate", "strict": "strict"}
MOST_LINE = 4_000_000  # characters; a longer line is refused rather than held


class WrongLine(ValueError):
    """A line that is no answer to judge. The text may be shown."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, in the order of the input.")
def grade(file: IO[bytes], as_json: bool) -> None:
    """Judge answers: JSON lines from FILE or standard input.

    \b
    {"question": "…", "references": ["…"], "answer": "…"} and, if wanted,
    "lang", "key_points": ["…"], "deck": ["other answers of the deck"],
    "strictness": "relaxed" (default), "moderate" or "strict",
    "marked": [{"answer": "…", "right": true}] (earlier answers; the last 50 count)

    A line that cannot be read gives {"error": …, "line": n} in its place, and the rest goes on.
    """
    wrong = 0
    out = sys.stdout.buffer
    for number, line in _lines(file):
        began = time.process_time_ns()
        try:
            rubric, answer = _read(line)
            verdict = mark(rubric, answer)
        except Exception as error:  # one odd line of ten thousand may not take the rest with it
            wrong += 1
            said = str(error) if isinstance(error, WrongLine) else f"This line could not be judged ({type(error).__name__})."
            _say(out, json.dumps({"error": said, "line": number}, ensure_ascii=False) if as_json else f"{number}: {said}")
            continue
        took_ms = (time.process_time_ns() - began) / 1e6
        _say(out, json.dumps(_shown(verdict, took_ms), ensure_ascii=False) if as_json else _told(number, answer, verdict))
    if wrong:
        click.echo(f"{wrong} lines could not be read.", err=True)
        sys.exit(1)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            while line and not line.endswith(b"\n"):
                line = file.readline(MOST_LINE)
            yield number, b""
        elif line.strip() or not line.endswith(b"\n"):
            yield number, line
        else:
            yield number, b" "


def _read(line: bytes) -> tuple[Rubric, str]:
    if not line:
        raise WrongLine("This line is too long.")
    if not line.strip():
        raise WrongLine("This line is empty.")
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongLine("This line is not UTF-8.") from None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongLine("This line is not JSON.") from None
    if not isinstance(said, Mapping):
        raise WrongLine("This line is not a JSON object.")
    references = _texts(said, "references")
    points = tuple(Point(text) for text in _texts(said, "key_points"))
    if not any(text.strip() for text in (*references, *(point.text for point in points))):
        raise WrongLine("“references” holds nothing to judge by.")
    strictness = _STRICTNESSES.get(_text(said, "strictness") or "relaxed")
    if strictness is None:
        raise WrongLine(f"“strictness” is one of {', '.join(_STRICTNESSES)}.")
    others = tuple(Other(f"deck-{n}", text) for n, text in enumerate(_texts(said, "deck"), 1) if text not in references)
    rubric = Rubric(
        question=_text(said, "question"), accepted=references, points=points, others=others, lang=_text(said, "lang"), strictness=strictness,
        marked=_marked(said),
    )  # fmt: skip
    if "answer" not in said:
        raise WrongLine("“answer” is missing.")
    return rubric, _text(said, "answer")


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WrongLine(f"“{name}” is not text.")
    return value.encode("utf-8", "replace").decode("utf-8")


def _texts(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = said.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise WrongLine(f"“{name}” is not a list of texts.")
    return tuple(text.encode("utf-8", "replace").decode("utf-8") for text in value)


def _marked(said: Mapping[str, Any]) -> tuple[Marked, ...]:
    rows = said.get("marked") or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) and isinstance(row.get("right"), bool) for row in rows):
        raise WrongLine("“marked” is not a list of answers with “right” true or false.")
    return tuple(Marked(_text(row, "answer"), row["right"]) for row in rows[-MOST_MARKED:])


def _shown(verdict: Verdict, took_ms: float) -> dict[str, Any]:
    return {
        "label": verdict.label,
        "score": round(verdict.score or 0.0, 4),
        "layer": verdict.layer,
        "confidence": round(verdict.confidence, 4),
        "points": [{"text": p.text, "mark": p.mark, "weight": p.weight, "quote": p.quote} for p in verdict.points],
        "reasons": [str(reason) for reason in verdict.reasons],
        "cpu_ms": round(took_ms, 3),
    }


def _told(number: int, answer: str, verdict: Verdict) -> str:
    first = f"{number:>5}  {verdict.label:<7} {verdict.score or 0.0:4.2f}  {verdict.layer:<3} {' '.join(answer.split())[:80]}"
    points = [f"       {p.mark:<13} {p.text[:60]}" + (f"   “{p.quote[:50]}”" if p.quote else "") for p in verdict.points]
    return "\n".join([first, *points, *(f"       {reason}" for reason in verdict.reasons)])


def _say(out: IO[bytes], line: str) -> None:
    """A line in UTF-8, whatever the terminal was set to, at once."""
    out.write(line.encode("utf-8", "replace") + b"\n")
    out.flush()
