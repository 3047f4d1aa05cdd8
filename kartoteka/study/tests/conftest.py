"""The cast and a tiny mode, so that these tests stand on nothing but this room's promises."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from kartoteka.engine.grading import Verdict
from kartoteka.engine.memory import Evidence
from kartoteka.engine.questions import Question, Response
from kartoteka.library.models import Card, Deck, Note, Visibility
from kartoteka.modes.base import Desk, Option
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, desks
from kartoteka.study.models import Sitting

NOON = 1_767_268_800_000  # 1 January 2026, 12:00 UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

CARDS = Option(
    "cards", "Cards", "all", choices=tuple((name, name) for name in ("all", "starred", "unmastered", "missed", "due", "tag", "range", "new", "familiar"))
)
ORDER = Option("order", "Order", "deck", choices=(("deck", "deck"), ("shuffled", "shuffled")))
ANSWER = Option("answer", "Answer with", "auto", choices=(("auto", "auto"), ("term", "term"), ("both", "both")))
OPTIONS = (CARDS, ORDER, ANSWER, Option("tag", "Tag", ""), Option("range", "Range", ""), Option("minutes", "Minutes", 10, "number", least=1, most=240))


def _ask(desk: Desk, qtype: str) -> Sequence[Question]:
    """Every card until it was passed once, those not asked yet first."""
    questions = []
    for card in desk.hand:
        given = desk.answers_to(card)
        if card in desk.items and not any(answer.outcome is None or answer.outcome >= 1 for answer in given):
            questions.append(Question(desk.items[card], qtype, turn=len(given), hand=desk.number, again=bool(given)))
    return sorted(questions, key=lambda question: question.turn)


def _mode(name: str, *, deal: str, qtype: str, kind: str | None) -> Any:
    def weigh(question: Question, verdict: Verdict) -> Evidence | None:
        if kind is None or verdict.score is None:
            return None
        return Evidence(kind, verdict.score, name, verdict.rating or 3)  # type: ignore[arg-type]

    return SimpleNamespace(TITLE=name, ORDER=1, DEAL=deal, OPTIONS=OPTIONS, ask=lambda desk: _ask(desk, qtype), weigh=weigh)


@pytest.fixture(autouse=True)
def modes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Three tiny modes: ``plain`` rates, ``sort`` sorts, ``look`` only looks; ``due`` deals what memory needs."""
    found = {
        "look": _mode("look", deal="order", qtype="look", kind=None),
        "plain": _mode("plain", deal="order", qtype="self", kind="rating"),
        "sort": _mode("sort", deal="order", qtype="self", kind="sorting"),
        "due": _mode("due", deal="queue", qtype="self", kind="rating"),
    }
    monkeypatch.setattr(desks, "parts", lambda _shelf, _module: found)
    return found


def person(name: str) -> Person:
    return Person.objects.create(name=name)


@pytest.fixture
def anna(db: None) -> Person:
    return person("Anna")


@pytest.fixture
def ben(db: None) -> Person:
    return person("Ben")


@pytest.fixture
def cleo(db: None) -> Person:
    return person("Cleo")


def make_deck(owner: Person, cards: int = 3, **values: Any) -> Deck:
    deck = Deck.objects.create(owner=owner, title="Birds", **{"visibility": Visibility.LINK, **values})
    notes = [
        Note(deck=deck, position=n, term=f"<p>term {n}</p>", definition=f"<p>definition {n}</p>", term_text=f"term {n}", definition_text=f"definition {n}")
        for n in range(cards)
    ]
    Note.objects.bulk_create(notes)
    Card.objects.bulk_create([Card(note=note, deck=deck, kind="forward") for note in notes])
    return deck


@pytest.fixture
def deck(anna: Person) -> Deck:
    return make_deck(anna)


def cards_in(deck: Deck) -> list[str]:
    return [card.hex for card in Card.objects.filter(deck=deck, kind="forward").order_by("note__position").values_list("id", flat=True)]


class Visit:
    """A learner at a sitting: answers cards by their place in the set."""

    def __init__(self, learner: Person, deck: Deck | None, mode: str = "plain", *, now_ms: int = NOON, **options: Any) -> None:
        self.learner, self.now_ms = learner, now_ms
        self.sitting: Sitting = actions.sit(learner, deck=deck, mode=mode, options=options, now_ms=now_ms, dice=random.Random(7))

    def given(self, card: str, rating: int | None = 3, *, at_ms: int | None = None, turn: int = 0, id: uuid.UUID | None = None, hand: int = 0) -> actions.Given:
        qtype = "look" if self.sitting.mode == "look" else "self"
        return actions.Given(
            id or uuid7(), self.sitting.id, f"{hand}.{card}.{qtype}.f..{turn}", Response(rating=rating, flipped=True), at_ms or self.now_ms, took_ms=4000
        )

    def answer(self, card: str, rating: int | None = 3, **how: Any) -> actions.Told:
        now_ms = how.pop("now_ms", None) or how.get("at_ms") or self.now_ms
        return actions.answer(self.learner, self.given(card, rating, **how), now_ms=now_ms)


@pytest.fixture
def visit(anna: Person, deck: Deck) -> Visit:
    return Visit(anna, deck)
