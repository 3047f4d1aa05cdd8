"""How a learner stands with a set: levels, mastery, what is due, and how many minutes that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kartoteka.engine.memory import DAY_MS, Calendar, Columns, Level, Mastery, levels, mastery, weakest
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Mark, Memory
from kartoteka.study.own import model_of

HORIZON_DAYS = 7  # without an exam, mastery looks a week ahead
LEVELS: tuple[Level, ...] = ("mastered", "familiar", "fading", "learning", "new")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with a set. ``levels`` counts notes, ``of_note`` and ``recall_of_note`` go by the note's id in hex."""

    levels: dict[Level, int]
    of_note: dict[str, Level]
    recall_of_note: dict[str, float]
    mastery: Mastery
    due: int
    minutes: float
    new: int
    suspended: int
    starred: set[str] = field(default_factory=set)


def standing_of(learner: Person | None, deck: Deck, now_ms: int, cards: Sequence[library.CardRow] | None = None) -> Standing:
    """One pass over the set's cards and this learner's memories of them, in arrays; quick also for 20,000 cards.

    ``cards``: those of the set, where they were read already.
    """
    cards = library.cards_of(deck) if cards is None else cards
    note_of = {card.id: card.note for card in cards}
    calendar, model = calendar_of(learner) if learner else Calendar(), model_of(learner)
    marks = list(Mark.objects.filter(learner=learner, deck_id=deck.id).values_list("card_id", "starred", "suspended")) if learner else []
    suspended = {card.hex for card, _starred, out in marks if out}
    rows = (
        Memory.objects.filter(learner=learner, deck_id=deck.id).values_list("card_id", "due_ms", "s6", "s7", "last_ms", "days_ok", "last_ok", "surprise", "n")
        if learner
        else []
    )
    known = {row[0].hex: row[1:] for row in rows}
    known = {card: row for card, row in known.items() if card in note_of}
    columns = Columns.of_rows([row[1:] for row in known.values()])
    level_of: dict[str, Level] = dict(zip(known, levels(columns, now_ms, calendar, model), strict=True))
    recall_of = dict(zip(known, columns.recalls(now_ms, calendar, model).tolist(), strict=True))
    of_note, recall_of_note = _by_note(cards, level_of, recall_of)
    counted = [card for card in known if card not in suspended]
    new = sum(1 for card in cards if card.id not in known and card.id not in suspended and card.askable and card.kind != "reversed")
    studied = Columns.of_rows([known[card][1:] for card in counted])
    due = sum(1 for card in counted if known[card][0] <= now_ms)
    return Standing(
        levels=_counted(of_note),
        of_note=of_note,
        recall_of_note=recall_of_note,
        mastery=mastery(studied, now_ms + HORIZON_DAYS * DAY_MS, calendar, new=new, model=model),
        due=due,
        minutes=due * 12 / 60,
        new=new,
        suspended=len(suspended & set(note_of)),
        starred={note_of[card.hex] for card, starred, _out in marks if starred and card.hex in note_of},
    )


def _by_note(cards: Sequence[library.CardRow], level_of: Mapping[str, Level], recall_of: Mapping[str, float]) -> tuple[dict[str, Level], dict[str, float]]:
    """A note is as well known as its weakest card that is studied; a reversed card counts once it was asked."""
    found: dict[str, list[Level]] = {}
    recalls: dict[str, float] = {}
    for card in cards:
        levels_of_note = found.setdefault(card.note, [])
        if card.kind != "reversed" or card.id in level_of:
            levels_of_note.append(level_of.get(card.id, "new"))
        if card.id in recall_of:
            recalls[card.note] = min(recalls.get(card.note, 1.0), recall_of[card.id])
    return {note: found[note][0] if len(found[note]) == 1 else weakest(found[note]) for note in found}, recalls


def _counted(of_note: Mapping[str, Level]) -> dict[Level, int]:
    count = Counter(of_note.values())
    return {level: count.get(level, 0) for level in LEVELS}
