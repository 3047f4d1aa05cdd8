"""Reads grading_modes.txt: what a fair teacher says of some 1,800 answers in nine languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kartoteka.engine.grading import Verdict, mark
from kartoteka.engine.rubrics import Other, Rubric

TABLE = Path(__file__).with_name("grading_modes.txt")
FAIR = {
    "right": {"right"},
    "accepted": {"right", "close"},
    "partial": {"close", "unsure"},
    "not wrong": {"right", "close", "unsure"},
    "not right": {"close", "wrong", "unsure"},
    "not accepted": {"wrong", "unsure"},
    "wrong": {"wrong"},
}


@dataclass(frozen=True, slots=True)
class Example:
    """One answer. ``fair``: what may be said of it; ``unseen``: it was not looked at while the grader was mended."""

    mode: str
    fair: str
    lang: str
    card: str
    answer: str
    deck: tuple[str, ...]
    unseen: bool

    def judged(self) -> Verdict:
        others = tuple(Other(text, text) for text in self.deck if text != self.card)
        return mark(Rubric(accepted=(self.card,), others=others, lang=self.lang), self.answer)

    def fairly(self) -> bool:
        return self.judged().label in FAIR[self.fair]


def examples() -> Iterator[Example]:
    mode, fair, found = "", "", Counter[tuple[str, str]]()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            mode, _, fair = line[3:].partition(": ")
        elif line and not line.startswith("#"):
            lang, _, rest = line.partition(" ")
            card, answer, *deck = rest.split(" | ")
            found[mode, lang] += 1
            yield Example(mode, fair, lang, card, answer, tuple(deck[0].split("; ")) if deck else (), found[mode, lang] % 2 == 0)
