"""The exam plan: which cards today, what to expect on the day, and what the target would need.

Pure: the same cards, exam and moment give the same plan. Missing days, changed dates and added cards need nothing special: a plan is always
made anew from the memories as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, log
from typing import Literal, NamedTuple

import numpy as np

from kartoteka.engine.fsrs import Floats, clip
from kartoteka.engine.levels import band
from kartoteka.engine.piles import KEPT_OVER, LAST_LOOK_DAYS, Ours, Pile, Today, last_looks, ranked, study
from kartoteka.engine.prospects import Prospects, prospects
from kartoteka.engine.queue import Seconds
from kartoteka.engine.state import PLAIN_MODEL, Calendar, MemoryState, Model, s90

Why = Literal["step", "last", "exam", "new"]
SEED = 1885
LONGEST_RUN = 45  # more days are foreseen several at a time
SAMPLE = 160  # larger sets are foreseen by so many of their cards
TRIES = 5  # runs to find the minutes that a target needs
MOST_MINUTES = 600.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that is studied for the exam. ``state`` ``None``: new. Cards come in the order in which new ones shall be begun."""

    card: str
    state: MemoryState | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exam:
    """When it is, how many minutes a day are given to it, which share of the cards shall be recalled; ``days_off``: learner-days without study."""

    at_ms: int
    minutes: float
    target: float = 0.9
    days_off: frozenset[int] = frozenset()


class Placed(NamedTuple):
    """A card of today. ``if_left``/``if_studied``: recall on exam day without any more study, and after today's; ``gain``: recalled cards won against its best later day."""

    card: str
    why: Why
    minutes: float
    gain: float
    if_left: float
    if_studied: float


class Expected(NamedTuple):
    """On the day: mean recall, and how many cards of ``of``; in four cases of five between ``low`` and ``high``."""

    recall: float
    low: float
    high: float
    cards: int
    of: int


class Load(NamedTuple):
    """What a learner-day holds."""

    day: int
    minutes: float
    cards: int
    new: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``forecast`` keeps the budget, ``if_stop`` studies no more. ``minutes_for_target`` ``None``: no budget reaches it.

    ``infeasible``: the target is not to be expected at this budget; ``set_aside``: how many of the least worthwhile cards to leave out so that it
    is to be expected of the others (0 where it is feasible, ``None`` where even that does not help). ``last_look_days``: every card that is
    not sure is looked at once more within so many final days, if the budget allows.
    """

    today: tuple[Placed, ...]
    forecast: Expected
    if_stop: Expected
    minutes_for_target: float | None
    infeasible: bool
    set_aside: int | None
    loads: tuple[Load, ...]
    last_look_days: int
    days: int


def plan(cards: Sequence[Candidate], exam: Exam, *, now_ms: int, calendar: Calendar, seconds: Seconds | None = None, model: Model = PLAIN_MODEL) -> Plan:
    """The plan from now to the exam. The exam's own day is not counted on; once it has come, nothing is placed."""
    seconds = seconds or Seconds()
    today, until = calendar.day(now_ms), calendar.day(exam.at_ms)
    until = max(until, today)
    days = until - today
    pile = pile_of(cards, today, calendar, model)
    tables = prospects(tuple(model.six.w), seconds)
    course = Course(pile, tables, tuple(day for day in range(today, until) if day not in exam.days_off), today, until)
    kept, loads = course.run(exam.minutes)
    stop = pile.recalls(tables.curve, days)
    forecast = _expected(kept, len(pile))
    infeasible = bool(len(pile)) and forecast.recall < exam.target - 0.005
    return Plan(
        _todays(cards, pile, tables, exam, days, course) if days and today not in exam.days_off else (),
        forecast,
        _expected(stop, len(pile)),
        course.minutes_for(exam.target, exam.minutes, forecast.recall) if days and len(pile) else None,
        infeasible,
        course.set_aside(exam.target, exam.minutes) if infeasible else 0,
        loads,
        int(clip(ceil(len(pile) * seconds.recall / 60 / exam.minutes), 1, LAST_LOOK_DAYS)) if exam.minutes > 0 else LAST_LOOK_DAYS,
        days,
    )


def pile_of(cards: Sequence[Candidate], today: int, calendar: Calendar, model: Model = PLAIN_MODEL) -> Pile:
    """The cards' memories as arrays, as they stand today: each with the stability at which calibrated recall is .9."""
    n = len(cards)
    pile = Pile(np.ones(n), np.full(n, 5.0), np.zeros(n), np.ones(n, bool))
    for i, one in enumerate(cards):
        if one.state is not None:
            pile.S[i], pile.D[i], pile.new[i] = s90(one.state, calendar, model), one.state.d6, False
            pile.t[i] = max(0, today - calendar.day(one.state.last_ms))
    return pile


class Course:
    """The days until the exam, on which a pile is studied by a budget: run as often as a question needs it."""

    def __init__(self, pile: Pile, tables: Prospects, days: tuple[int, ...], today: int, until: int) -> None:
        self.tables, self.days, self.start, self.until = tables, days, today, until
        picked = np.sort(np.random.default_rng(SEED).permutation(len(pile))[:SAMPLE])
        self.share = len(picked) / len(pile) if len(pile) else 1.0
        self.pile = pile.of(picked)

    def run(self, minutes: float, without: int = 0) -> tuple[Floats, tuple[Load, ...]]:
        """Recall of the cards on the day, and what each day holds, at so many minutes a day. ``without``: the last so many of the sample are left out."""
        pile, budget = self.pile.of(np.arange(len(self.pile) - without)), minutes * self.share
        curve, loads = self.tables.curve, []
        days, at = self.days, self.start
        over, stride = 0.0, ceil(len(days) / LONGEST_RUN) if days else 1
        choose = Ours(self.tables, lambda left: budget * sum(1 for day in days if self.until - day <= left))
        for i in range(0, len(days) if len(pile) and minutes > 0 else 0, stride):
            day, several = days[i], len(days[i : i + stride])
            pile.sleep(day - at)
            at, left = day, self.until - day
            new = int(pile.new.sum())
            numbers = np.random.default_rng((SEED, left))
            spent, done = study(pile, choose(pile, left, budget * several), curve, self.tables, budget * several + over, left, numbers)
            over = min(budget * several + over - spent, KEPT_OVER)
            each = self.share * several
            begun = new - int(pile.new.sum())
            loads += [Load(then, spent / each, round(done / each), round(begun / each)) for then in days[i : i + stride]]
        pile.sleep(self.until - at)
        return pile.recalls(curve), tuple(loads)

    def minutes_for(self, target: float, minutes: float, recall: float) -> float | None:
        """The minutes a day that the target needs, to two digits; ``None``: more than ten hours."""
        if not self.days:
            return None
        if float(self.run(0.0)[0].mean()) >= target:
            return 0.0
        low, high = (0.0, max(minutes, 0.1)) if recall >= target else (max(minutes, 0.1), 2 * max(minutes, 0.1))
        while float(self.run(high)[0].mean()) < target:
            low, high = high, high * 2
            if high > MOST_MINUTES:
                return None
        for _ in range(TRIES):
            middle = exp((log(low) + log(high)) / 2) if low else high / 2
            low, high = (low, middle) if float(self.run(middle)[0].mean()) >= target else (middle, high)
        return float(f"{high:.2g}")

    def set_aside(self, target: float, minutes: float) -> int | None:
        """How many cards to leave out so that the others are recalled as wished at this budget: those last in order, the weakest first."""
        ranked_pile = self.pile
        order = np.lexsort((np.arange(len(ranked_pile)), -ranked_pile.recalls(self.tables.curve, float(len(self.days))), ranked_pile.new))
        self.pile = ranked_pile.of(order)
        try:
            low, high = 0, len(order)
            while high - low > max(1, len(order) // 30):
                middle = (low + high) // 2
                found = self.run(minutes, middle)[0]
                low, high = (low, middle) if float(found.mean()) >= target else (middle, high)
        finally:
            self.pile = ranked_pile
        return ceil(high / self.share) if high < len(order) else None


def _expected(p: Floats, cards: int) -> Expected:
    if not len(p):
        return Expected(0.0, 0.0, 0.0, 0, cards)
    recall, of = float(p.mean()), max(cards, len(p))
    low, high = band(np.resize(p, of))
    return Expected(recall, min(low / of, recall), max(high / of, recall), round(recall * cards), cards)


def _todays(cards: Sequence[Candidate], pile: Pile, tables: Prospects, exam: Exam, left: int, course: Course) -> tuple[Placed, ...]:
    """Today's cards within the minutes: relearning steps, last looks, then by what a minute brings; of a note only one."""
    if not len(pile):
        return ()
    today = Today(tables, pile, left)
    price = today.fair_price(exam.minutes * len(course.days))
    found = today.gains(price)
    looks = last_looks(tables, pile, left, exam.minutes)
    seen_today = ~pile.new & (pile.t < 1)
    steps = [i for i, one in enumerate(cards) if one.state is not None and seen_today[i] and one.state.fact("step")]
    notes = {one.note for one, seen in zip(cards, seen_today.tolist(), strict=True) if seen and one.note}
    placed: dict[int, Why] = dict.fromkeys(steps, "step")
    alone, after = _recalls_then(tables, pile, left)
    spent, worth = sum(float(found.minutes[i]) for i in steps), today.gains(0).gain
    for i in (*looks.tolist(), *ranked(found).tolist()):
        if i in placed or seen_today[i] or (cards[i].note and cards[i].note in notes):
            continue
        if spent + found.minutes[i] > exam.minutes and placed:
            break
        spent += float(found.minutes[i])
        notes.add(cards[i].note)
        placed[i] = "new" if pile.new[i] else "last" if i in looks else "exam"
    return tuple(Placed(cards[i].card, why, float(found.minutes[i]), float(worth[i]), float(alone[i]), float(after[i])) for i, why in placed.items())


def _recalls_then(tables: Prospects, pile: Pile, left: int) -> tuple[Floats, Floats]:
    """Recall on exam day if left alone, and if studied today and then no more (expected over both answers)."""
    alone = pile.recalls(tables.curve, left)
    after = np.full(len(pile), tables.begun_alone(left))
    old = ~pile.new
    after[old] = tables.studied_alone(left, pile.S[old], pile.D[old], pile.t[old])
    return alone, after
