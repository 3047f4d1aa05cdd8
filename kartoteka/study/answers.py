"""The answers behind every figure: the log of one learner, as rows that a page or a CSV shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.log import ENTRY, NOBODY_KNOWS_YET, SHOWN, Entry, standing
from kartoteka.study.models import Logged, Review

LABELS = {1: gettext_noop("Forgot"), 2: gettext_noop("Hard"), 3: gettext_noop("Got it"), 4: gettext_noop("Easy")}
VERDICTS = {
    "right": gettext_noop("right"),
    "close": gettext_noop("close"),
    "wrong": gettext_noop("wrong"),
    "unsure": gettext_noop("unsure"),
    "seen": gettext_noop("looked at"),
}
MORE = ("deck_id", "mode", "qtype", "verdict", "day", "received_ms", "offset_ms")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that counts. ``proves``: the kind of evidence, empty for exposure."""

    id: UUID
    card: str
    deck_id: UUID
    mode: str
    mode_title: str
    qtype: str
    at_ms: int
    day: int
    took_ms: int
    outcome: float | None
    verdict: str
    rating: int | None
    label: str
    flipped: bool
    proves: str

    @property
    def passed(self) -> bool:
        return self.outcome is not None and self.outcome >= 0.5


def answers(
    learner: Person, deck: Deck | None = None, card: UUID | str | None = None, *, mode: str = "", since_ms: int = 0, graded: bool = True
) -> list[Answer]:
    """A learner's answers that count, the newest first. ``graded``: without those that were mere looks."""
    rows = Logged.objects.filter(learner=learner)
    if deck is not None:
        rows = rows.filter(deck_id=deck.id)
    if card is not None:
        rows = rows.filter(card_id=card)
    found = _counted(learner, rows)
    return [
        one
        for one in reversed(found)
        if (not mode or one.mode == mode) and one.at_ms >= since_ms and one.qtype != SHOWN and (not graded or one.outcome is not None)
    ]


def _counted(learner: Person, rows: Any) -> list[Answer]:
    read = list(rows.values_list(*ENTRY, *MORE))
    kept = [Entry(*row[: len(ENTRY)]) for row in read]
    early = Review.objects.filter(learner=learner, card_id=NOBODY_KNOWS_YET).values_list(*ENTRY)
    more = {row[0]: row[len(ENTRY) :] for row in read}
    counted = standing([*kept, *(Entry(*row) for row in early)])
    return [_answer(entry, more[entry.id]) for entry in counted if entry.id in more]


def _answer(entry: Entry, more: Any) -> Answer:
    deck_id, mode, qtype, verdict, day, _received_ms, _offset_ms = more
    rating = entry.response.get("rating")
    return Answer(
        id=entry.id,
        card=entry.card_id.hex,
        deck_id=deck_id,
        mode=mode,
        mode_title=desks.title_of(mode),
        qtype=qtype,
        at_ms=entry.at_ms,
        day=day,
        took_ms=entry.took_ms,
        outcome=entry.outcome,
        verdict=verdict,
        rating=rating,
        label=_(LABELS[rating]) if rating in LABELS else _(VERDICTS.get(verdict, verdict)) if verdict else "",
        flipped=bool(entry.response.get("flipped")),
        proves=str(entry.evidence.get("kind", "")),
    )
