"""Questions and answers in so many words: ``Question:`` and ``Answer:``, ``**Q1.**``, ``Frage:``, an answer named so or simply below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kartoteka.formats.base import Findings, Said
from kartoteka.formats.markdown.written import FENCE, Written, front_matter

NAME = "Question: and Answer:"
_BEFORE = r"\s{0,3}(?:[-*+]\s+|\d{1,4}[.)]\s+|#{1,6}\s+|>\s+)?(?:\*\*|__)?"
_ASKED = re.compile(
    _BEFORE + r"(?:Q\s?\d{1,4}\s?[:.)\-–]|(?:Q|Question|Frage|Pregunta|Domanda|Pytanie|Вопрос)(?:\s?#?\d{1,4})?\s?[:：])(?:\*\*|__)?[ \t]*(.*)$", re.I
)
_TOLD = re.compile(
    _BEFORE + r"(?:A\s?\d{1,4}\s?[:.)\-–]|(?:A|Ans|Answer|Antwort|Réponse|Respuesta|Risposta|Odpowiedź|Ответ)(?:\s?#?\d{1,4})?\s?[:：])(?:\*\*|__)?[ \t]*(.*)$",
    re.I,
)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s|\s*(?:-{3,}|\*{3,}|={3,})\s*$")
_MARK = re.compile(r"(?:\*\*|__)\s*$")


@dataclass(slots=True)
class _Block:
    """``below``: a blank line stood below the question; ``answered``: a line said that the answer begins."""

    line: int
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    below: bool = False
    answered: bool = False


def sure(text: str, name: str) -> float:
    lines = text.split("\n")[:5000]
    asked = [at for at, line in enumerate(lines) if _ASKED.match(line)]
    told = sum(bool(_TOLD.match(line)) for line in lines)
    if not asked or (told * 2 < len(asked) and len(asked) < 2) or (not told and not any(not line.strip() for line in lines[asked[0] :])):
        return 0.0
    first = next(at for at, line in enumerate(lines) if line.strip())
    if name.lower().endswith((".md", ".markdown")):
        return 0.91
    return 0.92 if told * 2 >= len(asked) and asked[0] - first <= 2 else 0.0  # "<= 2": a title may stand above


def cards(text: str, findings: Findings, options: Mapping[str, str]) -> Iterator[Written]:
    _said, begin = front_matter(text)
    for block in _blocks(text.split("\n"), begin):
        asked, told = "\n".join(block.asked).strip(), "\n".join(block.told).strip()
        asked = _MARK.sub("", asked) if asked.count("**") % 2 or asked.count("__") % 2 else asked
        if not told:
            findings.say("questions without an answer", Said("“%(words)s” has no answer here.", words=" ".join(asked.split())[:60]), block.line)
        yield Written(asked, told, block.line)


def _blocks(lines: Sequence[str], begin: int) -> Iterator[_Block]:
    """Each question with its answer: what is named so, else what stands below a blank line."""
    block: _Block | None = None
    fence = False
    for number, line in enumerate(lines[begin:], start=begin + 1):
        fence ^= bool(FENCE.match(line))
        asked, told = (None, None) if fence else (_ASKED.match(line), _TOLD.match(line))
        if asked or (not fence and _HEADING.match(line) and not told):
            if block is not None:
                yield block
            block = _Block(number, [asked[1]]) if asked else None
        elif block is not None:
            if told and not block.answered:
                # words between were part of the question: its choices, its code
                block.asked, block.told, block.answered = [*block.asked, *block.told], [told[1]], True
            else:
                block.below = block.below or not line.strip()
                (block.told if block.answered or block.below else block.asked).append(line)
    if block is not None:
        yield block
