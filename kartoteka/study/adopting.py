"""A learner's study comes from elsewhere: answers as columns of numbers, written in the order of time, and what they add up to."""

# ruff: noqa: S608  (ids of our own are put in; what comes from elsewhere never is)

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json

from kartoteka.engine.foreign import difficulty_of, usual_difficulty
from kartoteka.engine.memory import Calendar, Evidence, due_ms
from kartoteka.engine.rated import replay_rated
from kartoteka.formats.base import BundleCard, BundleReview, Reviews
from kartoteka.formats.schedules import Schedule
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.columns import key
from kartoteka.store.keys import uuid7
from kartoteka.store.sql import change_many, pour
from kartoteka.store.writer import action
from kartoteka.study.cards import rebuild
from kartoteka.study.learners import at_the_desk, calendar_of, retention_of
from kartoteka.study.log import IMPORTED, SCHEDULED
from kartoteka.study.marks import tomorrow_of
from kartoteka.study.models import Logged, Mark, Memory, Review
from kartoteka.study.own import model_of
from kartoteka.study.rows import REVIEW, Remembered, add_reviews, answered_before, save_memories
from kartoteka.study.summing import BINS, LOOKED, MILLION, UNFORETOLD, Amounts, Place, Sums
from kartoteka.study.sums import summed, summed_anew
from kartoteka.study.tallies import add_progress, add_sums, drop_sheets

MARKS_AT_ONCE = 5000
ANSWERS_AT_ONCE = 100_000  # some 10 MB
CARDS_AT_ONCE = 500
LATEST_MS = 4_102_444_800_000  # 2100: what claims to be later is damage
LONGEST_MS = 86_400_000
NEVER = -(1 << 31)  # no day
MOST_AT_ONCE = 4096  # answers to one card in one millisecond: so many places has an id
WIDEST = 1 << 62
EMPTY: dict[str, Any] = {
    **dict.fromkeys(REVIEW),
    "hand": 0,
    "mode": IMPORTED,
    "question": "",
    "qtype": "self",
    "offset_ms": 0,
    "time_zone": "",
    "judged": {},
    "response": {},
    "evidence": {},
}
Ints = NDArray[np.int64]
Moment = tuple[UUID, int]  # a card, and when


@action
def adopt(learner: Person, cards: Mapping[UUID, Sequence[BundleReview]], deck: Deck, *, fresh: bool = False) -> int:
    """Takes in answers given in another program; gives how many were not there yet. Taking in the same ones again adds none.

    ``fresh``: the cards were made just now, so nobody can have answered them.
    """
    given = {card: reviews for card, reviews in cards.items() if len(reviews)}
    if not given:
        return 0
    learner = at_the_desk(learner, now_ms=max(map(_latest, given.values())), here=False)
    calendar = calendar_of(learner)
    return sum(_adopt(learner, some, deck, calendar, fresh=fresh) for some in _by_the_lot(given))


def _latest(reviews: Sequence[BundleReview]) -> int:
    found = int(np.frombuffer(reviews.flat, np.int64)[:: reviews.width].max()) if isinstance(reviews, Reviews) else max(one.at_ms for one in reviews)
    return min(max(found, 0), LATEST_MS)


def _by_the_lot(cards: Mapping[UUID, Sequence[BundleReview]]) -> Iterator[dict[UUID, Sequence[BundleReview]]]:
    """Some cards after the other, so that only so many answers lie in memory as numbers."""
    some, held = dict[UUID, Sequence[BundleReview]](), 0
    for card, reviews in cards.items():
        some[card] = reviews
        held += len(reviews)
        if held >= ANSWERS_AT_ONCE:
            yield some
            some, held = {}, 0
    if some:
        yield some


def _adopt(learner: Person, cards: Mapping[UUID, Sequence[BundleReview]], deck: Deck, calendar: Calendar, *, fresh: bool) -> int:
    log = _Log(learner, cards)
    known, studied = (Counter[Moment](), set[UUID]()) if fresh else _there(learner, log.cards)
    log.drop(known)
    if not len(log):
        return 0
    moved = {card: deck.id for place, card in enumerate(log.cards) if card in studied and log.holds(place)}
    sums = Sums()
    sums.merge(summed(learner, moved), -1)
    log.write(learner, deck, calendar)
    _remember(learner, deck, log, studied, calendar, sums)
    if moved:
        rebuild(learner, moved, calendar, sums)
    add_sums(learner, sums.moved())
    drop_sheets(learner, [deck.id])
    add_progress(learner, deck.id, answers=len(log), took_ms=int(log.took_ms.sum()), first_ms=int(log.at_ms.min()), last_ms=int(log.at_ms.max()))
    return len(log)


def _there(learner: Person, cards: Sequence[UUID]) -> tuple[Counter[Moment], set[UUID]]:
    """Of these cards: how many answers of each moment were given elsewhere and are here already, and the cards that have any answer or memory.

    Not by their ids: those of a guest who became this learner, and those that came home to another instance, are others.
    """
    known = Counter[Moment]()
    studied: set[UUID] = set()
    for start in range(0, len(cards), CARDS_AT_ONCE):
        some = cards[start : start + CARDS_AT_ONCE]
        for card, at_ms, mode, question in Logged.objects.filter(learner=learner, card_id__in=some).values_list("card_id", "at_ms", "mode", "question"):
            studied.add(card)
            if mode == IMPORTED and question != SCHEDULED:
                known[card, at_ms] += 1
        studied.update(Memory.objects.filter(learner=learner, card_id__in=some).values_list("card_id", flat=True))
    return known, studied


class _Log:
    """Foreign answers that make sense, by card and time: each a row of every column. ``at`` says which of ``cards`` it belongs to."""

    def __init__(self, learner: Person, cards: Mapping[UUID, Sequence[BundleReview]]) -> None:
        self.cards = list(cards)
        table, at, lengths = _table([cards[card] for card in self.cards])
        makes_sense = (table[:, 0] >= 0) & (table[:, 0] < LATEST_MS) & (table[:, 1] >= 0) & (table[:, 1] <= 4) & ((table[:, 1] > 0) | (lengths > 0))
        order = np.flatnonzero(makes_sense)
        order = order[np.lexsort((table[order, 0], at[order]))]
        self.table, self.at, self.lengths = table[order], at[order], lengths[order]
        begins = np.r_[True, (self.at[1:] != self.at[:-1]) | (self.at_ms[1:] != self.at_ms[:-1])] if len(order) else np.empty(0, bool)
        places = np.arange(len(order))
        self.nth = places - np.maximum.accumulate(np.where(begins, places, 0)) if len(order) else places
        self._keep(self.nth < MOST_AT_ONCE)
        self.keys = np.array([_base_of(learner, card) for card in self.cards], np.uint64)

    @property
    def at_ms(self) -> Ints:
        return self.table[:, 0]

    @property
    def rating(self) -> Ints:
        return self.table[:, 1]

    @property
    def took_ms(self) -> Ints:
        return np.clip(self.table[:, 2], 0, LONGEST_MS)

    def __len__(self) -> int:
        return len(self.at)

    def _keep(self, which: NDArray[Any]) -> None:
        if not which.all():
            self.table, self.at, self.lengths, self.nth = self.table[which], self.at[which], self.lengths[which], self.nth[which]

    def ids(self, rows: Ints) -> list[str]:
        """The same answer gets the same id: a UUIDv7 of its own time, in the order given."""
        halves = np.empty((len(rows), 2), ">u8")
        halves[:, 0] = self.at_ms[rows] << 16 | 0x7000 | self.nth[rows]
        halves[:, 1] = self.keys[self.at[rows]] ^ self.rating[rows].astype(np.uint64)
        digits = halves.tobytes().hex()
        return [digits[at : at + 32] for at in range(0, len(digits), 32)]

    def drop(self, known: Mapping[Moment, int]) -> None:
        """Of the answers of one moment so many as are known go."""
        if known:
            there = (known.get((self.cards[at], at_ms), 0) for at, at_ms in zip(self.at.tolist(), self.at_ms.tolist(), strict=True))
            self._keep(self.nth >= np.fromiter(there, np.int64, len(self)))

    def holds(self, place: int) -> bool:
        found = int(np.searchsorted(self.at, place))
        return found < len(self) and int(self.at[found]) == place

    def write(self, learner: Person, deck: Deck, calendar: Calendar) -> None:
        """A row for each card (see ``Past``)."""
        sql = (
            "INSERT INTO study_past (id, card_id, base, answers, first_ms, last_ms, missed_day, numbers, learner_id, deck_id)"
            f" VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '{learner.id.hex}', '{deck.id.hex}')"
        )
        begins = np.flatnonzero(np.r_[True, self.at[1:] != self.at[:-1]])
        ends = [*begins[1:].tolist(), len(self)]
        ids, at = self.ids(begins), self.at[begins]
        days = calendar.days(self.at_ms)
        missed = np.maximum.reduceat(np.where(self.rating == 1, days, NEVER), begins).tolist()
        rows = zip(
            ids,
            [key(self.cards[card]) for card in at.tolist()],
            self.keys[at].view(np.int64).tolist(),
            (ends - begins).tolist(),
            self.at_ms[begins].tolist(),
            self.at_ms[np.array(ends) - 1].tolist(),
            [None if day == NEVER else day for day in missed],
            self._numbers(begins.tolist(), ends, days),
            strict=True,
        )
        pour(sql, rows)

    def _numbers(self, begins: Sequence[int], ends: Sequence[int], days: Ints) -> Iterator[str]:
        """Card by card the numbers of its answers, as ``Past`` keeps them."""
        facts = np.stack((self.at_ms, self.rating, self.took_ms, days, self.nth), axis=1)
        more, widest = self.table[:, 3:], self.table.shape[1] - 3
        for begin, end in zip(begins, ends, strict=True):
            own = slice(begin, end)
            rows: list[list[Any]] = facts[own].tolist()
            for row, length, others in zip(rows, self.lengths[own].tolist(), more[own].tolist() if widest else rows, strict=True):
                if length:
                    row.append(others[:length])
            yield to_json(rows).decode()


def _table(given: Sequence[Sequence[BundleReview]]) -> tuple[Ints, Ints, Ints]:
    """Every number of these reviews as one table; which of the cards each row is of; and how many of its numbers are ``more``."""
    at = np.repeat(np.arange(len(given)), [len(reviews) for reviews in given])
    if len(widths := {reviews.width if isinstance(reviews, Reviews) else 0 for reviews in given}) == 1 and (width := widths.pop()):
        flat = array("q")
        for reviews in given:
            flat.extend(reviews.flat)  # type: ignore[attr-defined]
        return np.frombuffer(flat, np.int64).reshape(-1, width), at, np.full(len(at), width - 3)
    rows = [(one.at_ms, one.rating, one.took_ms, *one.more) for reviews in given for one in reviews]
    widest = max(map(len, rows), default=3)
    padded = [[max(-WIDEST, min(WIDEST, number)) for number in row] + [0] * (widest - len(row)) for row in rows]
    return np.array(padded, np.int64).reshape(-1, widest), at, np.array([len(row) - 3 for row in rows], np.int64)


def _base_of(learner: Person, card: UUID) -> int:
    """What the ids of a learner's answers to a card end with, but for the rating: 62 bits of a hash, and the two that every such id has."""
    return _ends(f"{learner.id} {card}")


def _ends(said: str) -> int:
    """The last 64 bits of an id that the same words always give."""
    return 0b10 << 62 | int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big") & ((1 << 62) - 1)


def _remember(learner: Person, deck: Deck, log: _Log, studied: set[UUID], calendar: Calendar, sums: Sums) -> None:
    """What cards add up to whose whole log these rows are: the same that ``rebuild`` would read back, without reading it back."""
    model, target = model_of(learner), retention_of(learner, deck.id)
    fresh = np.fromiter((card not in studied for card in log.cards), bool, len(log.cards))[log.at]
    rows = np.flatnonzero(fresh & (log.rating > 0))
    at, at_ms = log.at[rows], log.at_ms[rows]
    begins = np.flatnonzero(np.r_[True, at[1:] != at[:-1]]) if len(at) else np.empty(0, np.int64)
    states, recalls = replay_rated(at_ms, log.rating[rows], begins, calendar, mode=IMPORTED, model=model)
    kept: list[Remembered] = []
    for place, state in zip(at[begins].tolist(), states, strict=True):
        card = log.cards[place]
        due = due_ms(state, target=target, calendar=calendar, seed=card.hex, model=model)
        kept.append((card, deck.id, state, state.last_ms, due, None))
    save_memories(learner, kept)
    foretold = np.full(len(log), np.nan)
    foretold[rows] = recalls
    _sum(sums, log, np.flatnonzero(fresh), foretold, deck, calendar)


def _sum(sums: Sums, log: _Log, rows: Ints, foretold: NDArray[np.float64], deck: Deck, calendar: Calendar) -> None:
    """Adds these rows to the days, as ``Sums.see`` would one by one."""
    if not len(rows):
        return
    days, rating, took_ms, recalls = calendar.days(log.at_ms[rows]), log.rating[rows], log.took_ms[rows], foretold[rows]
    again = ~np.isnan(recalls)
    told = np.where(again, recalls, 0.0)
    bins = np.where(again, np.minimum(BINS - 1, (told * BINS).astype(np.int64)), np.where(rating == 0, LOOKED, UNFORETOLD))
    amounts = np.stack((np.ones_like(days), took_ms, again, again & (rating > 1), np.rint(told * MILLION).astype(np.int64)))
    order = np.lexsort((bins, days))
    days, bins, amounts = days[order], bins[order], amounts[:, order]
    begins = np.flatnonzero(np.r_[True, (days[1:] != days[:-1]) | (bins[1:] != bins[:-1])])
    for day, bin, numbers in zip(days[begins].tolist(), bins[begins].tolist(), np.add.reduceat(amounts, begins, axis=1).T.tolist(), strict=True):
        sums.put(Place(deck.id, day, IMPORTED, bin), Amounts(*numbers))


@action
def settle(learner: Person, cards: Mapping[UUID, BundleCard], deck: Deck, *, now_ms: int, fresh: bool = False) -> None:
    """How cards stood in another program: suspended, buried, flagged, and its own schedule, which leaves in exports. What was said here stays."""
    said = {id: card for id, card in cards.items() if card.standing or card.suspended or card.buried}
    if not said:
        return
    tomorrow = tomorrow_of(learner, now_ms)
    marked = Mark.objects.filter(learner=learner)
    marked = marked.filter(card_id__in=list(said)) if len(said) < MARKS_AT_ONCE else marked.filter(deck_id=deck.id)
    known = set() if fresh else set(marked.values_list("card_id", flat=True))
    new, moved = [], []
    for id, card in said.items():
        flag, foreign = int(card.standing.get("flag", 0)) & 7, {name: value for name, value in card.standing.items() if name != "flag"}
        if id in known:
            moved.append((flag, json.dumps(foreign), key(learner.id), key(id)))
        else:
            new.append((key(uuid7()), key(id), card.suspended, tomorrow if card.buried else 0, flag, json.dumps(foreign)))
    change_many(
        'INSERT INTO study_mark (id, card_id, suspended, buried_until_ms, flag, "foreign", learner_id, deck_id, starred)'
        f" VALUES (%s, %s, %s, %s, %s, %s, '{learner.id.hex}', '{deck.id.hex}', FALSE)",
        new,
    )
    change_many('UPDATE study_mark SET flag = %s, "foreign" = %s WHERE learner_id = %s AND card_id = %s', moved)


@action
def begin(learner: Person, schedules: Mapping[UUID, Schedule], deck: Deck, *, now_ms: int) -> int:
    """Memories begin with the schedules of another program, where none of the answers behind them came along; gives how many were not there yet.

    A row of the log each, so that a replay comes to the same. A schedule that does not say when it was made begins now, and only on a card nobody answered.
    """
    learner = at_the_desk(learner, now_ms=now_ms, here=False)
    calendar = calendar_of(learner)
    cards = list(schedules)
    added = 0
    for start in range(0, len(cards), CARDS_AT_ONCE):
        some = cards[start : start + CARDS_AT_ONCE]
        there = Review.objects.filter(learner=learner, card_id__in=some, question=SCHEDULED)
        known, studied = set(there.values_list("id", flat=True)), answered_before(learner, some)
        asked = ((card, schedules[card]) for card in some if schedules[card].last_ms or card not in studied)
        rows = [row for card, schedule in asked if (row := _scheduled(learner, card, deck, schedule, calendar, now_ms))["id"] not in known]
        begun = {row["card_id"]: deck.id for row in rows}
        with summed_anew(learner, {card: deck.id for card in begun if card in studied}):
            add_reviews(rows)
        rebuild(learner, begun, calendar)
        drop_sheets(learner, [deck.id])
        added += len(rows)
    return added


def _scheduled(learner: Person, card: UUID, deck: Deck, schedule: Schedule, calendar: Calendar, now_ms: int) -> dict[str, Any]:
    at_ms = min(schedule.last_ms or now_ms, now_ms)
    difficulty = schedule.difficulty or (difficulty_of(schedule.ease, schedule.days) if schedule.ease > 1 else usual_difficulty())
    return {
        **EMPTY,
        "id": _id_of(learner, card, at_ms, f"{schedule.days} {difficulty}"),
        "learner_id": learner.id,
        "card_id": card,
        "deck_id": deck.id,
        "question": SCHEDULED,
        "qtype": "schedule",
        "at_ms": at_ms,
        "client_ms": at_ms,
        "received_ms": at_ms,
        "day": calendar.day(at_ms),
        "took_ms": 0,
        "outcome": None,
        "verdict": "",
        "evidence": Evidence("schedule", 1.0, IMPORTED, at_ms=at_ms, stability=float(schedule.days), difficulty=float(difficulty)).facts(),
    }


def _id_of(learner: Person, card: UUID, at_ms: int, said: str) -> UUID:
    """The same schedule gets the same id, so that importing it twice counts once."""
    return UUID(int=(at_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | _ends(f"{learner.id} {card} {at_ms} 0 0 {said}"))
