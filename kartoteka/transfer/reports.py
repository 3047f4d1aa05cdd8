"""What came of something that was brought in: the same words for the page, the terminal and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kartoteka.formats.base import Bundle, Problem
from kartoteka.transfer.plan import Plan
from kartoteka.transfer.saying import in_words


@dataclass(frozen=True, slots=True)
class DeckReport:
    """A deck as it was kept; ``id`` is ``None`` where it was only looked at."""

    id: str | None
    title: str
    description: str
    tags: list[str]
    notes: int
    cards: int
    media: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: the same words for the page, the terminal and programs."""

    accepted: bool
    format: str
    decks: tuple[DeckReport, ...]
    counts: Mapping[str, int]
    problems: tuple[Problem, ...] = ()

    def json(self) -> dict[str, Any]:
        return {
            "accepted": self.accepted,
            "format": self.format,
            "decks": [asdict(deck) for deck in self.decks],
            "counts": dict(self.counts),
            "problems": [{"where": problem.where, "what": in_words(problem.what), "severity": problem.severity} for problem in self.problems],
        }


def refused(why: str, *, where: str, format: str = "") -> Report:
    """The report of a file of which nothing came in."""
    nothing = dict.fromkeys(("new", "same", "changed", "refused"), 0)
    return Report(False, format, (), nothing, (Problem(where, why, "refused"),))


def look(bundle: Bundle, plan: Plan) -> Report:
    """The report of a plan that is only looked at; no decks where nothing of it could be kept."""
    decks = []
    for deck in plan.decks if plan.acceptable else ():
        kept = [line.note for line in deck.lines if line.fate != "refused"]
        reviews = sum(len(card.reviews) for note in kept for card in note.cards)
        cards = sum(max(1, len(note.cards)) for note in kept)
        files = len(bundle.media if deck.deck.media is None else deck.deck.media)
        decks.append(DeckReport(None, deck.deck.title, deck.deck.description, list(deck.deck.tags), len(kept), cards, files, reviews))
    counts = {name: plan.counts.get(name, 0) for name in ("new", "same", "changed", "refused")}
    return Report(False, plan.format, tuple(decks), counts, plan.problems)


def told(report: Mapping[str, Any]) -> Report:
    return Report(
        report["accepted"],
        report["format"],
        tuple(DeckReport(**deck) for deck in report["decks"]),
        report["counts"],
        tuple(Problem(**problem) for problem in report["problems"]),
    )
