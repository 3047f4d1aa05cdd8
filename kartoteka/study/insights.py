"""A learner's study, over all sets and in one: how long, how well against what was expected, what is hard; every figure is one of the log."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from kartoteka.engine.memory import Calendar
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.cards import decks_of
from kartoteka.study.confusing import pairs_confused
from kartoteka.study.exams import date_of
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import standing
from kartoteka.study.planning import forecast_of
from kartoteka.study.summing import BINS, MILLION, Amounts, Place
from kartoteka.study.sums import days_of
from kartoteka.study.tallies import histories, missed_since

WEEKS = 12
HARDEST, CONFUSED = 5, 5
LOOKED_AT = 20  # hard cards whose log is read; a set may be gone that the hardest were from


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    answers: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Week:
    """``asked``: cards met before that were asked again on a later day; ``right`` of them were recalled, ``expected`` as many as the memory foretold."""

    date: dt.date
    asked: int
    right: int
    expected: float

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 0.0

    @property
    def foretold(self) -> float:
        return self.expected / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers that were expected to be right in ``low`` … ``high`` of cases: how many, what was expected of them, and how many were."""

    low: float
    high: float
    asked: int
    expected: float
    share: float


@dataclass(frozen=True, slots=True)
class Hard:
    deck: Deck
    card: str
    term: str
    missed: int
    asked: int


@dataclass(frozen=True, slots=True)
class Confused:
    deck: Deck
    card: str  # the one of both by which the answers are found
    one: str
    other: str
    times: int


@dataclass(frozen=True, slots=True)
class InSet:
    """The last twelve weeks in one set, and what comes."""

    days: tuple[Day, ...]
    bins: tuple[Bin, ...]
    forecast: tuple[int, ...]
    confused: tuple[Confused, ...]


@dataclass(frozen=True, slots=True)
class Insights:
    """The last twelve weeks over all sets."""

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    bins: tuple[Bin, ...]
    modes: tuple[tuple[str, int, float], ...]
    forecast: tuple[int, ...]
    hardest: tuple[Hard, ...]
    confused: tuple[Confused, ...]
    target: float

    @property
    def answers(self) -> int:
        return sum(day.answers for day in self.days)

    @property
    def minutes(self) -> float:
        return sum(day.minutes for day in self.days)

    @property
    def asked(self) -> int:
        return sum(week.asked for week in self.weeks)

    @property
    def right(self) -> int:
        return sum(week.right for week in self.weeks)

    @property
    def expected(self) -> float:
        return sum(week.expected for week in self.weeks)


def insights(learner: Person, now_ms: int) -> Insights:
    """From the sums of the days; the hardest cards and those mixed up are looked up in the log."""
    calendar = calendar_of(learner)
    today = calendar.day(now_ms)
    first = today - 7 * WEEKS + 1
    sums = days_of(learner, first, today)
    return Insights(
        days=_days(sums, first, today),
        weeks=_weeks(sums, first),
        bins=_bins(sums),
        modes=_modes(sums),
        forecast=tuple(forecast_of(learner, now_ms)),
        hardest=_hardest(learner, calendar, first),
        confused=_most([pair for deck in access.decks_seen(learner, {place.deck for place, _sum in sums}) for pair in _confused(learner, deck)]),
        target=learner.retention,
    )


def insights_in(learner: Person, deck: Deck, now_ms: int) -> InSet:
    """The same of one set: as many statements however many cards it has."""
    today = calendar_of(learner).day(now_ms)
    first = today - 7 * WEEKS + 1
    sums = days_of(learner, first, today, [deck.id])
    return InSet(_days(sums, first, today), _bins(sums), tuple(forecast_of(learner, now_ms, [deck])), _most(_confused(learner, deck)))


def _days(sums: Iterable[tuple[Place, Amounts]], first: int, today: int) -> tuple[Day, ...]:
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for place, one in sums:
        found[place.day][0] += one.answers
        found[place.day][1] += one.took_ms
    return tuple(Day(date_of(day), found[day][0], found[day][1] / 60_000) for day in range(first, today + 1))


def _modes(sums: Iterable[tuple[Place, Amounts]]) -> tuple[tuple[str, int, float], ...]:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, one in sums:
        found[place.mode][0] += one.answers
        found[place.mode][1] += one.took_ms
    by_time = sorted(((mode, n, took) for mode, (n, took) in found.items() if n), key=lambda one: (-one[2], one[0]))
    return tuple((desks.title_of(mode), n, took / 60_000) for mode, n, took in by_time)


def _weeks(sums: Iterable[tuple[Place, Amounts]], first: int) -> tuple[Week, ...]:
    found = [[0, 0, 0] for _ in range(WEEKS)]
    for place, one in sums:
        if place.bin >= 0:
            week = found[(place.day - first) // 7]
            week[0], week[1], week[2] = week[0] + one.answers, week[1] + one.kept, week[2] + one.foretold
    return tuple(Week(date_of(first + 7 * n), asked, right, foretold / MILLION) for n, (asked, right, foretold) in enumerate(found))


def _bins(sums: Iterable[tuple[Place, Amounts]]) -> tuple[Bin, ...]:
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, one in sums:
        if place.bin >= 0 and one.answers:
            bin = found[place.bin]
            bin[0], bin[1], bin[2] = bin[0] + one.answers, bin[1] + one.kept, bin[2] + one.foretold
    return tuple(
        Bin(n / BINS, (n + 1) / BINS, asked, foretold / MILLION / asked, right / asked) for n, (asked, right, foretold) in sorted(found.items()) if asked
    )


def _hardest(learner: Person, calendar: Calendar, first: int) -> tuple[Hard, ...]:
    """The cards missed most often. The index says at most how often each was, its own log how often that counts."""
    at_most = missed_since(learner, first)
    found: dict[UUID, tuple[int, int]] = {}
    worst: list[UUID] = []
    played = {mode for mode, rules in desks.modes().items() if hasattr(rules, "run")}
    for start in range(0, len(at_most), LOOKED_AT):
        if len(worst) == LOOKED_AT and found[worst[-1]][0] >= at_most[start][1]:
            break
        for card, history in histories(learner, [card for card, _times in at_most[start : start + LOOKED_AT]]):
            judged = [one for one in standing(history) if one.outcome is not None and one.mode not in played and calendar.day(one.at_ms) >= first]
            found[card] = sum(one.outcome is not None and one.outcome < 0.5 for one in judged), len(judged)
        worst = sorted((card for card, (missed, _asked) in found.items() if missed), key=lambda card: (-found[card][0], card))[:LOOKED_AT]
    return tuple(Hard(deck, card.hex, term, *found[card]) for card, deck, term in _named(learner, worst))[:HARDEST]


def _named(learner: Person, cards: Sequence[UUID]) -> list[tuple[UUID, Deck, str]]:
    """These cards with their sets and terms, as far as the learner may still see them, in the order given."""
    of = decks_of([learner], cards)
    seen = {deck.id: deck for deck in access.decks_seen(learner, set(of.values()))}
    terms: dict[str, str] = {}
    for deck in seen.values():
        terms.update(library.terms_of(deck, [card.hex for card in cards if of.get(card) == deck.id]))
    return [(card, seen[of[card]], terms[card.hex]) for card in cards if of.get(card) in seen and card.hex in terms]


def _confused(learner: Person, deck: Deck) -> list[Confused]:
    """Pairs of a set's cards that were taken for one another, either way round."""
    both: dict[tuple[str, str], float] = defaultdict(float)
    for (card, other), times in pairs_confused(learner, deck.id).items():
        both[min(card, other), max(card, other)] += times
    terms = library.terms_of(deck, [card for pair in both for card in pair]) if both else {}
    return [Confused(deck, a, terms[a], terms[b], round(times)) for (a, b), times in both.items() if times >= 1 and a in terms and b in terms]


def _most(pairs: Sequence[Confused]) -> tuple[Confused, ...]:
    return tuple(sorted(pairs, key=lambda one: (-one.times, one.one))[:CONFUSED])
