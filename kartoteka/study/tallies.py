"""The rows that figures are counted from, read and written in plain SQL: days summed up, progress in a set, the log of many cards at once."""

# ruff: noqa: S608  (names of columns and counts of placeholders are put in; values never are)

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from kartoteka.people.models import Person
from kartoteka.store.columns import key, keys, places, uuid_of, value_of
from kartoteka.store.keys import uuid7
from kartoteka.store.sql import change, change_many, fetch
from kartoteka.study.log import IMPORTED, NOBODY_KNOWS_YET, Entry


def add_progress(learner: Person, deck: UUID, *, answers: int, took_ms: int, first_ms: int, last_ms: int) -> None:
    """Counts on. An undo counts back, which no row may begin with: so the row that is there comes first."""
    least, most = ("LEAST", "GREATEST") if connection.vendor == "postgresql" else ("MIN", "MAX")
    counted = change(
        "UPDATE study_progress SET answers = answers + %s, took_ms = took_ms + %s,"
        f" first_ms = {least}(first_ms, %s), last_ms = {most}(last_ms, %s) WHERE learner_id = %s AND deck_id = %s",
        [answers, took_ms, first_ms, last_ms, key(learner.id), key(deck)],
    )
    if not counted:
        change(
            "INSERT INTO study_progress (id, learner_id, deck_id, answers, took_ms, first_ms, last_ms) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [key(uuid7()), key(learner.id), key(deck), max(0, answers), max(0, took_ms), first_ms, last_ms],
        )


SUM = ("id", "learner_id", "deck_id", "day", "mode", "bin", "answers", "took_ms", "again", "kept", "foretold")
AMOUNTS = SUM[6:]
MOST_MISSED = 400
SETTLED_MS = 36 * 3_600_000  # what is older has settled: figures of it are kept until something older still comes late
CARDS_AT_ONCE = 500
ADD_SUMS = (
    f"INSERT INTO study_daysum ({', '.join(SUM)}) VALUES {places(len(SUM))} ON CONFLICT (learner_id, deck_id, day, mode, bin)"
    f" DO UPDATE SET {', '.join(f'{name} = study_daysum.{name} + excluded.{name}' for name in AMOUNTS)}"
)


def add_sums(learner: Person, sums: Mapping[Any, Sequence[int]]) -> None:
    """Adds to a learner's days: (set, day, mode, bin) → what is more of each amount, or less."""
    owner = key(learner.id)
    if kept := [(key(uuid7()), owner, key(deck), day, mode, bin, *amounts) for (deck, day, mode, bin), amounts in sums.items()]:
        change_many(ADD_SUMS, kept)


def missed_since(learner: Person, day: int) -> list[tuple[UUID, int]]:
    """The cards missed since a day and how often at most, the most often first: also what was taken back is counted. Found by an index of misses."""
    index = "INDEXED BY review_missed" if connection.vendor == "sqlite" else ""  # it would walk over all answers of these days
    sql = (
        f"SELECT card_id, COUNT(*) FROM (SELECT card_id FROM study_review {index} WHERE learner_id = %s AND day >= %s AND outcome < 0.5"
        f" UNION ALL SELECT card_id FROM study_log WHERE learner_id = %s AND mode = '{IMPORTED}' AND day >= %s AND outcome < 0.5"
        " AND card_id IN (SELECT card_id FROM study_past WHERE learner_id = %s AND missed_day >= %s)) AS missed"
        f" GROUP BY card_id ORDER BY COUNT(*) DESC, card_id LIMIT {MOST_MISSED}"
    )
    return [(uuid_of(card), times) for card, times in fetch(sql, [key(learner.id), day] * 3)]


def answered_since(learner: Person, deck: UUID, since_ms: int) -> list[UUID]:
    """The cards of a set of which the log says something from a moment on."""
    said = "card_id FROM {} WHERE learner_id = %s AND deck_id = %s AND {} >= %s"
    sql = f"SELECT {said.format('study_review', 'at_ms')} UNION SELECT {said.format('study_past', 'last_ms')}"
    return [card for (found,) in fetch(sql, [key(learner.id), key(deck), since_ms] * 2) if (card := uuid_of(found)) != NOBODY_KNOWS_YET]


def histories(learner: Person, cards: Sequence[UUID]) -> Iterator[tuple[UUID, list[Entry]]]:
    """The log of each of these cards, without what was said and what it proved. Ids stay as the database keeps them: they sort alike."""
    sql = "SELECT id, card_id, sitting_id, question, at_ms, took_ms, outcome, takes_back, mode FROM study_log WHERE learner_id = %s AND card_id"
    early = fetch(f"{sql} = %s", [key(learner.id), key(NOBODY_KNOWS_YET)]) if cards else []
    for start in range(0, len(cards), CARDS_AT_ONCE):
        some = cards[start : start + CARDS_AT_ONCE]
        found: dict[Any, list[Entry]] = {key(card): [] for card in some}
        owner: dict[Any, Any] = {}
        read = fetch(f"{sql} IN {places(len(some))}", [key(learner.id), *keys(some)])
        if early:
            owner = {row[0]: row[1] for row in read}
        for id, card, sitting, question, at_ms, took_ms, outcome, back, mode in [*read, *(row for row in early if row[7] in owner)]:
            mine = found[owner[back] if card not in found else card]
            mine.append(Entry(id, card, sitting, question, at_ms, took_ms, outcome, {}, {}, back, "", mode))
        yield from ((card, found[key(card)]) for card in some)


def mistaken(learner: Person, deck: UUID, most: int) -> list[tuple[UUID, UUID, UUID, Mapping[str, Any]]]:
    """The latest answers in a set that were another card's: (id, card, that other card, what was proved)."""
    # By the index of such answers alone: that of the set would serve the order, and walk over all that was ever answered in it.
    sql = (
        "SELECT id, card_id, mistaken_for, evidence FROM study_review WHERE learner_id = %s AND deck_id = %s AND mistaken_for IS NOT NULL"
        f" ORDER BY at_ms + 0 DESC LIMIT {most}"
    )
    found = fetch(sql, [key(learner.id), key(deck)])
    return [(uuid_of(id), uuid_of(card), uuid_of(other), value_of(evidence)) for id, card, other, evidence in found]


SUMMED = ", ".join(SUM[2:])


def sums(learner: Person, decks: Collection[UUID], first: int, last: int) -> list[tuple[Any, ...]]:
    """The sums of a learner's days in these sets, from one day to another."""
    if not decks:
        return []
    sql = f"SELECT {SUMMED} FROM study_daysum WHERE learner_id = %s AND deck_id IN {places(len(decks))} AND day BETWEEN %s AND %s AND answers <> 0"
    return [(uuid_of(row[0]), *row[1:]) for row in fetch(sql, [key(learner.id), *keys(decks), first, last])]


def drop_sheets(learner: Person, decks: Collection[UUID]) -> None:
    """The figures of these sets are to be counted anew."""
    if decks:
        change(f"DELETE FROM study_sheet WHERE learner_id = %s AND deck_id IN {places(len(decks))}", [key(learner.id), *keys(decks)])
