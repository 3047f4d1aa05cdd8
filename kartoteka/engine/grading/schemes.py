"""A reference that is a mark scheme: "the mitochondria (1 P) make ATP (0.5 P)". What stands before each note is a point, worth what the note says."""

from __future__ import annotations

import re
from functools import lru_cache

from kartoteka.engine.items import Point

_NOTE = re.compile(
    r"\s*[(\[]\s*(?P<worth>\d{1,2}(?:[.,]\d{1,2})?|½)\s*(?P<unit>P|p|Pkt|pkt|pts?|Pt|BE|VP|[Mm]arks?|[Pp]unkte?|[Pp]oints?|Punkten|pkte|Pkte|points?)\.?\s*[)\]]"
)
_STOP = re.compile(r"[.!?;]\s+(?=[^\W\d_])|\n")
_SHORTENED = re.compile(r"(?:\b\w|\b(?:bzw|ca|etc|usw|vgl|approx|vs|inkl|ggf|evtl))\.\s*$")
_JOINT = re.compile(r"^(?:[\s,;:.]+|(?:und|oder|and|or|sowie|as well as|oraz|et|y)\b)+\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?P<lead>.{3,120}?)(?:\b(?:z\.\s?B\.|zum Beispiel|beispielsweise|e\.g\.|for example|such as|np\.)|:)\s+(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL
)


@lru_cache(maxsize=256)
def scheme(text: str) -> tuple[tuple[Point, float], ...]:
    """The points a text notes itself, each with its worth; nothing where it notes fewer than two."""
    notes = _notes(text)
    found = []
    for i, note in enumerate(notes):
        since = notes[i - 1].end() if i else 0
        stops = [m.end() for m in _STOP.finditer(text, since, note.start()) if not _SHORTENED.search(text[since : m.start() + 1])]
        before = _JOINT.sub("", text[stops[-1] if stops else since : note.start()])
        lead = _LEAD.match(before)
        words = (lead["rest"] if lead else before) + _tail(text, note.end(), notes[i + 1].start() if i + 1 < len(notes) else len(text))
        if any(c.isalnum() for c in words):
            context = (lead["lead"].strip(" ,"),) if lead else ()
            found.append((Point(" ".join(words.split()), context), _worth(note)))
    return tuple(found) if len(found) > 1 else ()


def unnoted(text: str) -> str:
    """A text without the notes of a mark scheme."""
    for note in reversed(_notes(text)):
        text = text[: note.start()] + text[note.end() :]
    return text


def _notes(text: str) -> list[re.Match[str]]:
    """The notes of a mark scheme; "a touchdown (6 points), a field goal (3 points)" is none."""
    notes = [m for m in _NOTE.finditer(text) if _worth(m) > 0] if "(" in text or "[" in text else []
    spelled = any(len(m["unit"]) > 4 and m["unit"].casefold()[0] == "p" for m in notes)
    if len(notes) < 2 or (spelled and any(_worth(m) > 1 for m in notes)):
        return []
    return notes


def _worth(note: re.Match[str]) -> float:
    return 0.5 if note["worth"] == "½" else float(note["worth"].replace(",", "."))


def _tail(text: str, since: int, until: int) -> str:
    """What ends the sentence after its last note, and belongs to the point: "…to what time (1 P) he was seen"."""
    stop = _STOP.search(text, since, until)
    if stop is None and until < len(text):
        return ""
    tail = text[since : stop.start() if stop else until].rstrip(" .!?;")
    return "" if tail.lstrip()[:1] in (",", ";", "(") or _JOINT.match(tail.lstrip()) else tail
