"""A learner's study over all sets: how long, how well against what was expected, what is hard; every figure counted from the log."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from kartoteka.engine.evidence import RECALL_KINDS
from kartoteka.engine.memory import Calendar, Evidence, MemoryState, Model, observe, recall
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.confusing import pairs_confused
from kartoteka.study.exams import date_of
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import ENTRY, MISTAKEN, NOT_ASKED, Entry, standing
from kartoteka.study.models import Review
from kartoteka.study.own import model_of
from kartoteka.study.planning import today_of

WEEKS = 12
BINS = 10
MOST_CARDS = 2000  # whose histories are replayed for what was expected; of more, every so-manieth
AT_ONCE = 500
HARDEST, CONFUSED = 5, 5


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
    one: str
    other: str
    times: int


@dataclass(frozen=True, slots=True)
class Insights:
    """The last twelve weeks. ``part``: which share of the cards the expectations were counted from."""

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    bins: tuple[Bin, ...]
    modes: tuple[tuple[str, int, float], ...]
    forecast: tuple[int, ...]
    hardest: tuple[Hard, ...]
    confused: tuple[Confused, ...]
    target: float
    part: float

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
    """Counted anew at each look; a replay of the same log gives the same figures."""
    calendar = calendar_of(learner)
    today = calendar.day(now_ms)
    first = today - 7 * WEEKS + 1
    recent = _standing(Review.objects.filter(learner=learner, day__gte=first))
    asked, part = _asked_again(learner, recent, calendar, first)
    return Insights(
        days=_days(learner, first, today),
        weeks=_weeks(asked, first, calendar),
        bins=_bins(asked),
        modes=_modes(learner, first),
        forecast=tuple(today_of(learner, now_ms).forecast),
        hardest=_hardest(learner, recent),
        confused=_confused(learner, recent),
        target=learner.retention,
        part=part,
    )


def _standing(rows: Any) -> list[Entry]:
    return standing(Entry(*row) for row in rows.exclude(qtype__in=NOT_ASKED).values_list(*ENTRY))


def _given(learner: Person, first: int) -> Any:
    """The rows of answers that were given since a day and were not taken back."""
    rows = Review.objects.filter(learner=learner)
    gone = rows.filter(takes_back__isnull=False).values("takes_back")
    return rows.filter(day__gte=first).exclude(Q(takes_back__isnull=False) & Q(question__in=("", MISTAKEN))).exclude(qtype__in=NOT_ASKED).exclude(id__in=gone)


def _days(learner: Person, first: int, today: int) -> tuple[Day, ...]:
    found = {day: (n, took or 0) for day, n, took in _given(learner, first).values_list("day").annotate(n=Count("id"), took=Sum("took_ms")).order_by()}
    return tuple(Day(date_of(day), found.get(day, (0, 0))[0], found.get(day, (0, 0))[1] / 60_000) for day in range(first, today + 1))


def _modes(learner: Person, first: int) -> tuple[tuple[str, int, float], ...]:
    rows = _given(learner, first).values_list("mode").annotate(n=Count("id"), took=Sum("took_ms")).order_by("-took")
    titles = {name: _(rules.TITLE) for name, rules in desks.modes().items()}
    return tuple((titles.get(mode, mode if mode != "imported" else _("Brought from elsewhere")), n, (took or 0) / 60_000) for mode, n, took in rows)


def _asked_again(learner: Person, recent: Sequence[Entry], calendar: Calendar, first: int) -> tuple[list[tuple[int, float, bool]], float]:
    """(moment, expected, right) of the recalls asked on a later day than the card's last answer, from a replay of each card's log."""
    cards, model = sorted({entry.card_id for entry in recent if entry.evidence}), model_of(learner)
    stride = -(-len(cards) // MOST_CARDS) if cards else 1
    some = cards[::stride]
    found: list[tuple[int, float, bool]] = []
    for start in range(0, len(some), AT_ONCE):
        histories: dict[UUID, list[Entry]] = defaultdict(list)
        for row in Review.objects.filter(learner=learner, card_id__in=some[start : start + AT_ONCE]).values_list(*ENTRY):
            histories[row[1]].append(Entry(*row))
        for history in histories.values():
            found += _foretold(standing(history), calendar, first, model)
    return found, len(some) / len(cards) if cards else 1.0


def _foretold(history: Iterable[Entry], calendar: Calendar, first: int, model: Model) -> Iterable[tuple[int, float, bool]]:
    state: MemoryState | None = None
    for entry in history:
        if not entry.evidence:
            continue
        evidence = Evidence(**entry.evidence)
        day = calendar.day(entry.at_ms)
        if state is not None and day >= first and evidence.kind in RECALL_KINDS and day > calendar.day(state.last_ms):
            yield entry.at_ms, recall(state, entry.at_ms, calendar, model), evidence.outcome >= 0.5
        state = observe(state, evidence, calendar, model)


def _weeks(asked: Iterable[tuple[int, float, bool]], first: int, calendar: Calendar) -> tuple[Week, ...]:
    sums = [[0, 0, 0.0] for _ in range(WEEKS)]
    for at_ms, expected, right in asked:
        week = sums[min(WEEKS - 1, max(0, (calendar.day(at_ms) - first) // 7))]
        week[0], week[1], week[2] = week[0] + 1, week[1] + right, week[2] + expected
    return tuple(Week(date_of(first + 7 * n), int(total), int(right), expected) for n, (total, right, expected) in enumerate(sums))


def _bins(asked: Iterable[tuple[int, float, bool]]) -> tuple[Bin, ...]:
    by_bin: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for _at_ms, expected, right in asked:
        by_bin[min(BINS - 1, int(expected * BINS))].append((expected, right))
    return tuple(
        Bin(n / BINS, (n + 1) / BINS, len(found), sum(p for p, _right in found) / len(found), sum(right for _p, right in found) / len(found))
        for n, found in sorted(by_bin.items())
    )


def _hardest(learner: Person, recent: Sequence[Entry]) -> tuple[Hard, ...]:
    asked, missed = Counter[UUID](), Counter[UUID]()
    for entry in recent:
        if entry.outcome is not None and entry.evidence:
            asked[entry.card_id] += 1
            missed[entry.card_id] += entry.outcome < 0.5
    worst = [(card, n) for card, n in missed.most_common(4 * HARDEST) if n]
    return tuple(Hard(deck, card.hex, term, missed[card], asked[card]) for card, deck, term in _named(learner, [card for card, _n in worst]))[:HARDEST]


def _named(learner: Person, cards: Sequence[UUID]) -> list[tuple[UUID, Deck, str]]:
    """These cards with their sets and terms, as far as the learner may still see them, in the order given."""
    of = dict(Review.objects.filter(learner=learner, card_id__in=cards).values_list("card_id", "deck_id"))
    seen = {deck.id: deck for deck in access.decks_seen(learner, set(of.values()))}
    terms: dict[str, str] = {}
    for deck in seen.values():
        terms.update(library.terms_of(deck, [card.hex for card in cards if of.get(card) == deck.id]))
    return [(card, seen[of[card]], terms[card.hex]) for card in cards if of.get(card) in seen and card.hex in terms]


def _confused(learner: Person, recent: Sequence[Entry]) -> tuple[Confused, ...]:
    of = dict(Review.objects.filter(learner=learner, card_id__in=[entry.card_id for entry in recent[-AT_ONCE:]]).values_list("card_id", "deck_id"))
    found: list[Confused] = []
    for deck in access.decks_seen(learner, set(of.values())):
        pairs: Mapping[tuple[str, str], float] = pairs_confused(learner, deck.id)
        both: dict[tuple[str, str], float] = defaultdict(float)
        for (card, other), times in pairs.items():
            both[min(card, other), max(card, other)] += times
        terms = library.terms_of(deck, [card for pair in both for card in pair])
        found += [Confused(deck, terms[a], terms[b], round(times)) for (a, b), times in both.items() if times >= 1 and a in terms and b in terms]
    return tuple(sorted(found, key=lambda one: (-one.times, one.one))[:CONFUSED])
