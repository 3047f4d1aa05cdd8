"""The rows an answer touches, read and written in plain SQL, a statement a table: the same on both databases.

The rest of this room speaks through models. Here a batch of answers would spend most of its time building queries.
"""

# ruff: noqa: S608  (names of columns and counts of placeholders are put in; values never are)

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from kartoteka.engine.memory import MemoryState
from kartoteka.engine.state import facts_of
from kartoteka.people.models import Person
from kartoteka.store.columns import hex_of, key, keys, maybe_uuid, places, text_of, uuid_of, value_of
from kartoteka.store.keys import uuid7
from kartoteka.store.one import made
from kartoteka.store.refusals import NotThere
from kartoteka.store.sql import change_many, fetch, native
from kartoteka.study.log import NOBODY_KNOWS_YET, STATE, Entry
from kartoteka.study.models import Hand, Sitting

# What decides whether an answer counts; what it proved is read only where a card is replayed.
NEAR = "id, card_id, sitting_id, question, at_ms, took_ms, outcome, response, takes_back, verdict, mode"
REVIEW = (
    "id", "learner_id", "card_id", "deck_id", "sitting_id", "hand", "mode", "question", "qtype", "at_ms", "client_ms", "received_ms", "offset_ms",
    "time_zone", "day", "took_ms", "outcome", "verdict", "judged", "mistaken_for", "response", "evidence", "takes_back",
)  # fmt: skip
MEMORY = ("id", "learner_id", "card_id", "deck_id", *STATE, "upto_ms", "due_ms")
MOVED = ("deck_id", *STATE, "upto_ms", "due_ms")


LEARNER = ("time_zone", "calendar", "day_start_min", "retention", "minutes_a_day", "new_a_day", "days_off", "vacations", "retentions", "fit_id")
WRITTEN = frozenset(("calendar", "days_off", "vacations", "retentions"))


def lock(learner: Person) -> Person:
    """The learner with what their row says now, locked until the action ends. SQLite has one writer; there it is only read."""
    ends = "FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    rows = fetch(f"SELECT {', '.join(LEARNER)} FROM people_person WHERE id = %s {ends}", [key(learner.id)])
    if not rows:
        raise NotThere("Nobody is here by this id.")
    for name, value in zip(LEARNER, rows[0], strict=True):
        setattr(learner, name, value_of(value) if name in WRITTEN else maybe_uuid(value) if name == "fit_id" else value)
    return learner


Dealt = tuple[UUID, int, UUID]  # a hand, when it was dealt, and to whom
SITTING = ("id", "learner_id", "deck_id", "mode", "seed", "options", "extra")
MOST_HANDS = 256  # some 10 MB
_dealt: dict[Dealt, Hand] = {}


def sittings(learner: Person, ids: Collection[UUID], numbers: Collection[int]) -> tuple[dict[UUID, Sitting], dict[tuple[UUID, int], Hand]]:
    """These sittings of a learner, and of their hands those with these numbers that were dealt."""
    if not ids:
        return {}, {}
    wanted = list(numbers) or [-1]
    rows = fetch(
        "SELECT s.id, s.deck_id, s.mode, s.seed, s.options, s.extra, h.id, h.number, h.dealt_ms FROM study_sitting s"
        f" LEFT JOIN study_hand h ON h.learner_id = s.learner_id AND h.sitting_id = s.id AND h.dealt_ms > 0 AND h.number IN {places(len(wanted))}"
        f" WHERE s.learner_id = %s AND s.id IN {places(len(ids))}",
        [*wanted, key(learner.id), *keys(ids)],
    )
    sat: dict[UUID, Sitting] = {}
    dealt: dict[tuple[UUID, int], Dealt] = {}
    for id, deck_id, mode, seed, options, extra, hand, number, dealt_ms in rows:
        sitting_id = uuid_of(id)
        if sitting_id not in sat:
            values = (sitting_id, learner.id, maybe_uuid(deck_id), mode, seed, value_of(options), value_of(extra))
            sat[sitting_id] = made(Sitting, zip(SITTING, values, strict=True))
            sat[sitting_id]._state.fields_cache["learner"] = learner
        if number is not None:
            dealt[sitting_id, number] = uuid_of(hand), dealt_ms, learner.id
    known = _hands(list(dealt.values()))
    return sat, {place: known[its] for place, its in dealt.items() if its in known}


def _hands(wanted: Sequence[Dealt]) -> dict[Dealt, Hand]:
    """These hands, kept in memory: once dealt, the cards of a hand and their memories never change. The memories stay as text until a mode looks."""
    found = {dealt: hand for dealt in wanted if (hand := _dealt.get(dealt))}
    if missing := {dealt[0]: dealt for dealt in wanted if dealt not in found}:
        sql = f"SELECT id, sitting_id, number, cards, decks, memories, fit_id FROM study_hand WHERE id IN {places(len(missing))}"
        for id, sitting, number, cards, decks, memories, fit in fetch(sql, keys(missing)):
            dealt = missing[uuid_of(id)]
            found[dealt] = Hand(
                id=dealt[0], sitting_id=uuid_of(sitting), number=number, cards=value_of(cards), decks=value_of(decks), memories=memories, dealt_ms=dealt[1],
                learner_id=dealt[2], fit_id=maybe_uuid(fit),
            )  # fmt: skip
        if len(_dealt) + len(missing) > MOST_HANDS:
            _dealt.clear()
        _dealt.update(found)
    return found


def _entry(row: Sequence[Any]) -> Entry:
    id, card, sitting, question, at_ms, took_ms, outcome, response, back, verdict, mode = row
    return Entry(uuid_of(id), uuid_of(card), maybe_uuid(sitting), question, at_ms, took_ms, outcome, value_of(response), {}, maybe_uuid(back), verdict, mode)


def by_id(ids: Collection[UUID]) -> Iterator[tuple[UUID, Entry]]:
    """Rows of the log with these ids, whoever's they are: (learner, entry)."""
    if ids:
        for learner, *row in fetch(f"SELECT learner_id, {NEAR} FROM study_review WHERE id IN {places(len(ids))}", keys(ids)):
            yield uuid_of(learner), _entry(row)


def speaking_of(learner: Person, ids: Collection[UUID]) -> list[tuple[UUID, Entry]]:
    """Rows of the log with these ids, whoever's they are, and those of this learner that take one of them back: (learner, entry)."""
    if not ids:
        return []
    rows, those = f"SELECT learner_id, {NEAR} FROM study_review WHERE", places(len(ids))
    sql = f"{rows} id IN {those} UNION ALL {rows} learner_id = %s AND takes_back IN {those}"
    return [(uuid_of(owner), _entry(row)) for owner, *row in fetch(sql, [*keys(ids), key(learner.id), *keys(ids)])]


def that_take_back(learner: Person, ids: Collection[UUID]) -> list[Entry]:
    """A learner's rows that take back one of these."""
    if not ids:
        return []
    sql = f"SELECT {NEAR} FROM study_review WHERE learner_id = %s AND takes_back IN {places(len(ids))}"
    return [_entry(row) for row in fetch(sql, [key(learner.id), *keys(ids)])]


def near(learner: Person, cards: Collection[UUID], sat: Collection[UUID]) -> list[Entry]:
    """What these sittings know of these cards, and what takes back in them an answer that had not arrived."""
    if not cards or not sat:
        return []
    sql = f"SELECT {NEAR} FROM study_review WHERE learner_id = %s AND card_id IN {places(len(cards) + 1)} AND sitting_id IN {places(len(sat))}"
    return [_entry(row) for row in fetch(sql, [key(learner.id), *keys([*cards, NOBODY_KNOWS_YET]), *keys(sat)])]


def of_hand(learner_id: UUID, sitting_id: UUID, number: int) -> list[Entry]:
    """What the log says of one hand of a sitting, and what takes back in it an answer that had not arrived."""
    sql = f"SELECT {NEAR} FROM study_review WHERE learner_id = %s AND sitting_id = %s AND hand IN (%s, -1)"
    return [_entry(row) for row in fetch(sql, [key(learner_id), key(sitting_id), number])]


def states(learner_id: UUID, cards: Collection[str]) -> dict[str, MemoryState]:
    """What is remembered of these cards, by their ids in hex."""
    if not cards:
        return {}
    sql = f"SELECT card_id, {', '.join(STATE)} FROM study_memory WHERE learner_id = %s AND card_id IN {places(len(cards))}"
    return {uuid_of(row[0]).hex: _state(row[1:]) for row in fetch(sql, [key(learner_id), *keys(UUID(card) for card in cards)])}


def memories(learner: Person, cards: Collection[UUID]) -> dict[UUID, tuple[MemoryState, int]]:
    """What is remembered of these cards, and up to which moment."""
    if not cards:
        return {}
    sql = f"SELECT card_id, upto_ms, {', '.join(STATE)} FROM study_memory WHERE learner_id = %s AND card_id IN {places(len(cards))}"
    return {uuid_of(row[0]): (_state(row[2:]), row[1]) for row in fetch(sql, [key(learner.id), *keys(cards)])}


def due_before(learner: Person, deck: UUID, until_ms: int) -> list[tuple[Any, ...]]:
    """What of a set is due before a moment: (card, s6, d6, when last answered, when due)."""
    sql = "SELECT card_id, s6, d6, last_ms, due_ms FROM study_memory WHERE learner_id = %s AND deck_id = %s AND due_ms < %s"
    return [(hex_of(row[0]), *row[1:]) for row in fetch(sql, [key(learner.id), key(deck), until_ms])]


def remembered_in(learner: Person, deck: UUID) -> list[tuple[str, MemoryState, int]]:
    """What is remembered of a set: (card, state, when it is due)."""
    sql = f"SELECT card_id, due_ms, {', '.join(STATE)} FROM study_memory WHERE learner_id = %s AND deck_id = %s"
    return [(hex_of(row[0]), _state(row[2:]), row[1]) for row in fetch(sql, [key(learner.id), key(deck)])]


def _state(row: Sequence[Any]) -> MemoryState:
    s6, d6, s7, d7, first_ms, last_ms, days_ok, ok_day, last_ok, lapses, surprise, n, more = row
    return MemoryState(s6, d6, s7, d7, first_ms, last_ms, days_ok, ok_day, bool(last_ok), lapses, surprise, n, _more_in(more))


Facts = tuple[tuple[str, Any], ...]
MOST_FACTS = 20_000  # some 10 MB
_read: dict[str, Facts] = {}  # what a text says, so that a memory that was just written need not be taken apart again


def _more_in(text: Any) -> Facts:
    """A memory's further facts, as the database gives them back."""
    if not isinstance(text, str):
        return facts_of(text)
    found = _read.get(text)
    return facts_of(value_of(text)) if found is None else found


def _more_text(more: Facts) -> str:
    """A memory's further facts as they are kept."""
    text = text_of(dict(more))
    if len(_read) >= MOST_FACTS:
        _read.clear()
    _read[text] = more
    return text


def answered_before(learner: Person, cards: Collection[UUID]) -> set[UUID]:
    """Those of these cards that the log knows."""
    if not cards:
        return set()
    these = f"WHERE learner_id = %s AND card_id IN {places(len(cards))}"
    sql = f"SELECT card_id FROM study_review {these} UNION SELECT card_id FROM study_past {these}"
    return {uuid_of(row[0]) for row in fetch(sql, [key(learner.id), *keys(cards)] * 2)}


_in_order = itemgetter(*REVIEW)
KEYS = [REVIEW.index(name) for name in ("id", "learner_id", "card_id", "deck_id", "sitting_id", "mistaken_for", "takes_back")]
FACTS = [REVIEW.index(name) for name in ("judged", "response", "evidence")]
ADD_REVIEW = f"INSERT INTO study_review ({', '.join(REVIEW)}) VALUES {places(len(REVIEW))}"


def add_reviews(reviews: Sequence[Mapping[str, Any]]) -> None:
    """Adds to the log: a mapping of every column of ``REVIEW`` for each row."""
    kept, as_it_is = [list(_in_order(review)) for review in reviews], native()
    for row in kept:
        for place in FACTS:
            row[place] = text_of(row[place])
        if not as_it_is:
            for place in KEYS:
                if row[place] is not None:
                    row[place] = row[place].hex
    change_many(ADD_REVIEW, kept)


def _move(names: Sequence[str]) -> str:
    return f"UPDATE study_memory SET {', '.join(f'{name} = %s' for name in names)} WHERE learner_id = %s AND card_id = %s"


FIRST = MOVED.index("first_ms")
MEET = f"INSERT INTO study_memory ({', '.join(MEMORY)}) VALUES {places(len(MEMORY))}"
MOVE = _move(MOVED)
MOVE_ON = _move([name for name in MOVED if name != "first_ms"])  # a column that is named has its index written anew, even where it stays


Remembered = tuple[UUID, UUID, MemoryState, int, int, int | None]  # card, deck, state, up to, due, and the first moment that its row has


def save_memories(learner: Person, kept: Sequence[Remembered]) -> None:
    """Writes memories; those of which no first moment is known have no row yet."""
    owner, on, moved, fresh = key(learner.id), [], [], []
    for card, deck, state, upto_ms, due, first_ms in kept:
        facts = (key(deck), *facts_of_state(state), upto_ms, due)
        if first_ms is None:
            fresh.append((key(uuid7()), owner, key(card), *facts))
        elif first_ms == state.first_ms:
            on.append((*facts[:FIRST], *facts[FIRST + 1 :], owner, key(card)))
        else:
            moved.append((*facts, owner, key(card)))
    for statement, values in ((MOVE_ON, on), (MOVE, moved), (MEET, fresh)):
        if values:
            change_many(statement, values)


def facts_of_state(state: MemoryState) -> tuple[Any, ...]:
    return (
        state.s6, state.d6, state.s7, state.d7, state.first_ms, state.last_ms, state.days_ok, state.ok_day, state.last_ok, state.lapses, state.surprise,
        state.n, _more_text(state.more),
    )  # fmt: skip


def touch_sittings(learner: Person, ids: Collection[UUID], now_ms: int) -> None:
    """Notes that these sittings were used."""
    sql = f"UPDATE study_sitting SET last_ms = %s WHERE learner_id = %s AND id IN {places(len(ids))} AND last_ms < %s"
    change_many(sql, [(now_ms, key(learner.id), *keys(ids), now_ms)])
