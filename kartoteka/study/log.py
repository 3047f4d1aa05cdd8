"""Which answers of the log count, and what they prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from kartoteka.engine.evidence import shown_already
from kartoteka.engine.memory import Evidence, MemoryState
from kartoteka.engine.questions import Response
from kartoteka.modes.base import Answered, hand_of

MISTAKEN = "mistaken"  # the question of a row that says: this card's answer was given to another one
SCHEDULED = "scheduled"  # the question of a row that says: another program had reckoned so
IMPORTED = "imported"  # the mode of an answer that was given in another program
OUTCOMES = (None, 0.0, 1.0, 1.0, 1.0)  # of such an answer by its rating, whose 0 is what was done to a card and is no answer
SHOWN = "shown"  # the question of a row that says: another card of this note was recalled, until the end of this day it is no news
NO_ANSWERS = (MISTAKEN, SCHEDULED, SHOWN)
NOT_ASKED = ("intrusion", "schedule", SHOWN)  # the kinds of question of such rows
NOBODY_KNOWS_YET = UUID(int=0)  # the card of a row that takes back an answer which has not arrived
SAID = tuple(f.name for f in fields(Response))
STATE = tuple(f.name for f in fields(MemoryState))


class Entry(NamedTuple):
    """One row of the log, as far as it matters for what counts and for what is remembered."""

    id: UUID
    card_id: UUID
    sitting_id: UUID | None
    question: str
    at_ms: int
    took_ms: int
    outcome: float | None
    response: Mapping[str, Any]
    evidence: Mapping[str, Any]
    takes_back: UUID | None
    verdict: str = ""
    mode: str = ""

    @property
    def undoes(self) -> bool:
        """It only takes an answer back. One that overturns a mark takes the answer's place instead, and counts like it."""
        return self.takes_back is not None and self.question in ("", MISTAKEN, SHOWN)

    @property
    def overturns(self) -> bool:
        return self.takes_back is not None and not self.undoes

    @property
    def key(self) -> tuple[int, UUID]:
        """Its place in time; equal times stand by id."""
        return self.at_ms, self.id

    @property
    def group(self) -> tuple[UUID | None, str]:
        """Answers to the same question of the same sitting: only one of them counts."""
        return self.sitting_id, self.question


ENTRY = Entry._fields
_when = attrgetter("at_ms", "id")  # an entry's ``key``


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """The answers that count, in time order: not taken back, and the earliest of those to the same question.

    A function of the set alone: it does not matter in which order the rows arrived.
    """
    ordered = sorted(entries, key=_when)
    gone = {entry.takes_back for entry in ordered if entry.takes_back}
    seen: set[tuple[UUID | None, str]] = set()
    counted = []
    shown = False
    for entry in ordered:
        if gone and (entry.undoes or (entry.id in gone and entry.mode != IMPORTED)):  # what was answered elsewhere is not taken back here
            continue
        if entry.sitting_id is not None:
            if entry.group in seen:
                continue
            seen.add(entry.group)
        shown = shown or entry.question == SHOWN
        counted.append(entry)
    return _no_news(counted) if shown else counted


def _no_news(counted: Iterable[Entry]) -> list[Entry]:
    """The same answers; a success proves nothing where another card of the note was recalled before it on the same day."""
    until_ms: dict[UUID, int] = {}
    found = []
    for entry in counted:
        if entry.question == SHOWN:
            said = entry.response.get("until")
            until_ms[entry.card_id] = max(until_ms.get(entry.card_id, 0), said if isinstance(said, int) else 0)
        elif entry.at_ms < until_ms.get(entry.card_id, 0) and entry.evidence and shown_already(Evidence(**entry.evidence)):
            entry = entry._replace(evidence={})
        found.append(entry)
    return found


def response_of(entry: Entry) -> Response:
    """What the learner did, as the log keeps it."""
    return Response(**{name: entry.response[name] for name in SAID if name in entry.response})


def evidence_in(entries: Iterable[Entry]) -> list[Evidence]:
    """What these answers prove; exposure proves nothing and is left out."""
    return [Evidence(**entry.evidence) for entry in entries if entry.evidence]


def answered(entries: Iterable[Entry]) -> tuple[Answered, ...]:
    """The same answers as they lie on a desk."""
    return tuple(
        Answered(
            entry.question,
            entry.card_id.hex,
            entry.outcome,
            (said := entry.response).get("rating"),
            bool(said.get("flipped")),
            entry.at_ms,
            turn_of(entry.question),
            entry.took_ms,
            entry.verdict,
            int(said.get("hints") or 0),
            tuple(said.get("missed") or ()),
        )
        for entry in entries
    )


def turn_of(question: str) -> int:
    turn = question.rpartition(".")[2]
    return int(turn) if turn.isascii() and turn.isdigit() else 0


def hand_number(question: str) -> int:
    """The hand a question id speaks of; -1 where it is no question id."""
    number = hand_of(question)
    return -1 if number is None else number
