"""Quiz questions as notes: what is right becomes the definition, what is wrong the note's own distractors, explanations stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kartoteka.formats.base import BundleNote, Findings, Said
from kartoteka.formats.prose import lines_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a quiz, all of it HTML. ``together``: only all the right answers are the answer; else each alone is."""

    stem: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    explanation: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""
    where: str = ""
    line: int | None = None
    together: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def note_of(asked: Asked) -> BundleNote:
    """The note that a question gives. ``extra``: ``distractors`` and ``accepted`` (words of what else is wrong or right)."""
    right = tuple(dict.fromkeys(answer.strip() for answer in asked.right if answer.strip()))
    accepted: tuple[str, ...]
    if asked.together and len(right) > 1:
        definition, accepted = "<ul>" + "".join(f"<li>{answer}</li>" for answer in right) + "</ul>", ()
    else:
        definition, accepted = (right[0] if right else ""), right[1:]
    fields = {"term": asked.stem.strip(), "definition": definition}
    if asked.explanation.strip():
        fields["explanation"] = asked.explanation.strip()
    extra = dict(asked.extra)
    if wrong := _words(asked.wrong, not_these=right):
        extra["distractors"] = wrong
    if accepted:
        extra["accepted"] = _words(accepted, not_these=right[:1])
    if asked.title and lines_of(asked.title) not in lines_of(asked.stem):
        extra["title"] = lines_of(asked.title)[:200]
    return BundleNote(fields, guid=asked.guid[:200], tags=asked.tags, where=asked.where, line=asked.line, extra=extra)


def _words(answers: tuple[str, ...], not_these: tuple[str, ...]) -> list[str]:
    known = {lines_of(answer).casefold() for answer in not_these}
    return [words for words in dict.fromkeys(lines_of(answer)[:2000] for answer in answers) if words and words.casefold() not in known][:50]


def under(stem: str, term: str) -> str:
    """The question of one pair of several: what is asked of all of them stands above it."""
    if not lines_of(stem).strip():
        return term
    return "".join(part if part.lstrip().startswith("<p") else f"<p>{part}</p>" for part in (stem, term))


def say_unanswered(findings: Findings, what: str, where: str, line: int | None = None) -> None:
    """A question without a right answer is no card."""
    findings.say("questions without an answer", Said("%(what)s It was left out.", what=what), line, "refused", where=where)
