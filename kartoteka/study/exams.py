"""Exams: a date to study for. The plan is made once a day from the memories as they are, and says honestly what to expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine import planning
from kartoteka.engine.memory import Calendar, MemoryState
from kartoteka.engine.state import DaysOff
from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.look import words
from kartoteka.people.actions import prefer
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.store.writer import action
from kartoteka.study.candidates import Candidate, by_deck, candidates_in
from kartoteka.study.cards import reschedule
from kartoteka.study.learners import LEAST, at_the_desk, calendar_of, pace_of, retention_of
from kartoteka.study.models import Exam, Mark
from kartoteka.study.own import model_of
from kartoteka.study.rows import states as states_of

EPOCH = dt.date(1970, 1, 1)
LONGEST_DAYS = 3 * 366
TARGETS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
MOST_EXAMS = 20
NO_SETS: Mapping[str, Sequence[Candidate]] = {}
AFTERWARDS = ("keep", "slow", "rest")
SLOWER = 0.1  # so much less of a set is wished to be remembered, once its exam is over: intervals about three times as long


class NoExam(Refusal):
    """An exam that cannot be planned as it was said."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """An exam as it is shown. Shares are 0…1; ``cards``: how many are in it; ``expected``/``low``/``high``: of them on the day, at this budget.

    ``needed``: minutes a day for the target, ``None`` where no budget reaches it. ``loads``: (date, minutes, cards, new) of the days that follow.
    """

    exam: Exam
    date: dt.date
    days: int
    decks: tuple[Deck, ...]
    cards: int
    recall: float
    low: float
    high: float
    if_stop: float
    needed: float | None
    infeasible: bool
    set_aside: int | None
    last_look_days: int
    loads: tuple[tuple[dt.date, float, int, int], ...]
    today: tuple[dict[str, Any], ...]

    @property
    def over(self) -> bool:
        return self.days < 0

    @property
    def open(self) -> bool:
        """The target is not to be expected, and the learner has not said what to do about it."""
        return self.infeasible and not self.exam.settled and not self.over

    @property
    def needed_minutes(self) -> int:
        """The minutes a day that the goal needs, whole ones."""
        return ceil(self.needed or 0)

    @property
    def first(self) -> Deck | None:
        return self.decks[0] if self.decks else None


def date_of(day: int) -> dt.date:
    """The date of a learner-day."""
    return EPOCH + dt.timedelta(days=day)


def day_of(date: dt.date) -> int:
    return (date - EPOCH).days


@action
def plan_exam(
    learner: Person,
    *,
    decks: Sequence[Deck],
    date: dt.date,
    now_ms: int,
    target: float = 0.9,
    minutes: int = 10,
    tag: str = "",
    days_off: Collection[int] = (),
    off: Collection[dt.date] = (),
    exam: Exam | None = None,
) -> Exam:
    """Sets a date to study for, or changes one. Raises ``NoExam`` with a sentence where it cannot be meant so."""
    calendar = calendar_of(learner)
    today, day = calendar.day(now_ms), day_of(date)
    if not decks:
        raise NoExam(_("Choose at least one set for the exam."))
    if day <= today:
        raise NoExam(_("Choose a date after today: a plan needs at least one day."))
    if day - today > LONGEST_DAYS:
        raise NoExam(_("That is more than three years away. Choose a nearer date."))
    if not 0.5 <= target <= 0.97:
        raise NoExam(_("Choose a goal between 50 % and 97 %. Nobody can promise all of it."))
    if not 1 <= minutes <= 600:
        raise NoExam(_("Choose between 1 and 600 minutes a day."))
    weekdays = sorted({int(one) for one in days_off if 0 <= int(one) <= 6})
    if len(weekdays) == 7:
        raise NoExam(_("Leave at least one weekday for study."))
    if exam is None and Exam.objects.filter(learner=learner).count() >= MOST_EXAMS:
        raise NoExam(_("You have %(most)d exams planned. Remove one that is over.") % {"most": MOST_EXAMS})
    row = exam or Exam(learner=learner, made_ms=now_ms)
    row.decks, row.tag = [one.id.hex for one in decks], tag.strip()[:100]
    row.day, row.target, row.minutes = day, target, minutes
    row.days_off, row.off = weekdays, sorted({day_of(one) for one in off})[:400]
    row.settled, row.plan, row.planned_day = "", {}, -1
    row.save()
    return row


@action
def settle_exam(exam: Exam, what: str, *, now_ms: int) -> Exam:
    """What the learner said: "minutes" (take those the goal needs), "aside" (leave the least worthwhile cards out), "fine" (expect what is to be expected);
    after the exam "keep" (the usual schedule goes on), "slow" (its sets come more seldom) or "rest" (its cards are suspended)."""
    view = outlook(exam, now_ms=now_ms)
    if what == "minutes" and view.needed:
        exam.minutes = min(600, max(1, view.needed_minutes))
    elif what == "aside" and view.set_aside:
        _set_aside(exam, view.set_aside, now_ms)
    elif what == "rest":
        _rest(exam, now_ms)
    elif what == "slow":
        remember(exam.learner, {deck: max(LEAST, round(retention_of(exam.learner, deck) - SLOWER, 2)) for deck in exam.decks}, now_ms=now_ms)
    elif what not in ("fine", "keep"):
        raise NoExam(_("That cannot be done with this exam any more. Look at the plan again."))
    if what in AFTERWARDS:
        exam.delete()
        return exam
    exam.settled, exam.plan, exam.planned_day = (what if what == "fine" else ""), {}, -1
    exam.save()
    return exam


@action
def remember(learner: Person, wished: Mapping[str, float | None], *, now_ms: int) -> Person:
    """How much of some sets shall be remembered (set in hex → share; ``None``: as of all). What is due when follows; no memory moves."""
    learner = at_the_desk(learner, now_ms=now_ms)
    kept = {**learner.retentions, **wished}
    learner = prefer(learner, now_ms=now_ms, retentions={deck: share for deck, share in kept.items() if share is not None})
    reschedule(learner)
    return learner


@action
def drop_exam(exam: Exam) -> None:
    """The date is taken back; the usual schedule goes on with everything that is remembered."""
    exam.delete()


def _set_aside(exam: Exam, many: int, now_ms: int) -> None:
    """The least worthwhile cards wait until the exam is over: new ones from the end, then those that are hardest to hold."""
    until_ms = calendar_of(exam.learner).begins(exam.day + 1)
    found = _in_order(_cards_of(exam, now_ms))
    for one in found[len(found) - many :]:
        Mark.objects.update_or_create(learner=exam.learner, card_id=UUID(one["card"]), defaults={"deck_id": UUID(one["deck"]), "buried_until_ms": until_ms})


def _in_order(cards: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The most worthwhile first: what is known, the surest first; then what is new, in its order."""
    known = sorted((one for one in cards if one["state"]), key=lambda one: (-one["state"].s6, one["card"]))
    return [*known, *(one for one in cards if not one["state"])]


def _rest(exam: Exam, now_ms: int) -> None:
    for one in _cards_of(exam, now_ms):
        Mark.objects.update_or_create(learner=exam.learner, card_id=UUID(one["card"]), defaults={"deck_id": UUID(one["deck"]), "suspended": True})


def exam_of(learner: Person | None, id: UUID) -> Exam:
    """A learner's own exam. Raises ``NotThere``."""
    found = Exam.objects.filter(learner=learner, id=id).select_related("learner").first() if learner else None
    if found is None:
        raise NotThere(_("There is no such exam."))
    return found


def exams_of(learner: Person | None, deck: Deck | None = None) -> list[Exam]:
    """The exams of a learner, the next one first; those that one set is part of."""
    rows = list(Exam.objects.filter(learner=learner).select_related("learner").order_by("day", "id")) if learner else []
    return [row for row in rows if deck is None or deck.id.hex in row.decks]


def decks_in(exam: Exam) -> list[Deck]:
    """Its sets, as far as the learner may still see them, in their order."""
    seen = {one.id.hex: one for one in access.decks_seen(exam.learner, [UUID(id) for id in exam.decks])}
    return [seen[id] for id in exam.decks if id in seen]


def outlook(exam: Exam, *, now_ms: int, known: Mapping[str, Sequence[Candidate]] | None = None) -> Outlook:
    """The plan of today: made at the first look of the day, and then kept until the day, the exam or its cards change.

    ``known``: the cards of sets that were read already.
    """
    calendar = calendar_of(exam.learner)
    today = calendar.day(now_ms)
    cards = _cards_of(exam, now_ms, known or {})
    if exam.planned_day != today or exam.plan.get("cards") != len(cards):
        exam.plan, exam.planned_day = _planned(exam, cards, calendar, now_ms), today
        _keep_plan(exam)
    kept = exam.plan
    return Outlook(
        exam=exam,
        date=date_of(exam.day),
        days=exam.day - today,
        decks=tuple(decks_in(exam)),
        loads=tuple((date_of(day), minutes, many, new) for day, minutes, many, new in kept["loads"]),
        today=tuple(kept["today"]),
        **{name: kept[name] for name in ("cards", "recall", "low", "high", "if_stop", "needed", "infeasible", "set_aside", "last_look_days")},
    )


@action
def _keep_plan(exam: Exam) -> None:
    Exam.objects.filter(id=exam.id).update(plan=exam.plan, planned_day=exam.planned_day)


def _planned(exam: Exam, cards: Sequence[Mapping[str, Any]], calendar: Calendar, now_ms: int) -> dict[str, Any]:
    today = calendar.day(now_ms)
    away = DaysOff(spans=calendar.off.spans)
    off = {day for day in range(today, exam.day) if date_of(day).weekday() in exam.days_off or day in away} | set(exam.off)
    asked = planning.Exam(calendar.begins(exam.day), float(exam.minutes), exam.target, frozenset(off))
    found = planning.plan(
        [planning.Candidate(one["card"], one["state"], one["note"]) for one in cards],
        asked,
        now_ms=now_ms,
        calendar=calendar,
        seconds=pace_of(exam.learner),
        model=model_of(exam.learner),
    )
    return {
        "cards": len(cards),
        "recall": found.forecast.recall,
        "low": found.forecast.low,
        "high": found.forecast.high,
        "if_stop": found.if_stop.recall,
        "needed": found.minutes_for_target,
        "infeasible": found.infeasible,
        "set_aside": found.set_aside,
        "last_look_days": found.last_look_days,
        "loads": [[load.day, round(load.minutes, 1), load.cards, load.new] for load in found.loads],
        "today": [placed._asdict() for placed in found.today],
    }


def _cards_of(exam: Exam, now_ms: int, known: Mapping[str, Sequence[Candidate]] = NO_SETS) -> list[dict[str, Any]]:
    """The cards in it that can be asked, in the order in which new ones shall begin; another direction and what is set aside stay out."""
    return [
        {"card": one.id, "note": one.note, "deck": one.deck, "state": one.state}
        for deck in decks_in(exam)
        for one in known.get(deck.id.hex) or candidates_in(exam.learner, deck, now_ms)
        if _belongs(exam, one)
    ]


def _belongs(exam: Exam, one: Candidate) -> bool:
    return one.deck in exam.decks and one.askable and one.kind != "reversed" and not one.suspended and not one.buried and (not exam.tag or exam.tag in one.tags)


@dataclass(frozen=True, slots=True)
class Placed:
    """Today's cards of all exams in order, the minutes they take, and every card that an exam decides about."""

    cards: tuple[str, ...] = ()
    belong: frozenset[str] = frozenset()
    minutes: float = 0.0


NOTHING = Placed()


def first_today(learner: Person, kept: Sequence[Candidate], *, now_ms: int, found: Sequence[Candidate] = ()) -> Placed:
    """Of these cards those that exams place today and that were not asked today yet; a step of today is always asked again.

    ``found``: every card of the sets in question, where they were read already.
    """
    calendar = calendar_of(learner)
    today = calendar.day(now_ms)
    known = {one.id: one for one in kept}
    cards: dict[str, float] = {}
    belong: set[str] = set()
    read = by_deck(found)
    for exam in exams_of(learner):
        if exam.day <= today:
            continue
        own = {one.id for one in kept if _belongs(exam, one)}
        if not own:
            continue
        belong |= own
        for one in outlook(exam, now_ms=now_ms, known=read).today:
            if one["card"] in own and not _asked(known[one["card"]].state, today, calendar):
                cards.setdefault(one["card"], one["minutes"])
        for id in own:
            state = known[id].state
            if state and state.fact("step") and known[id].due_ms <= now_ms:
                cards.setdefault(id, 0.2)
    return Placed(tuple(cards), frozenset(belong), sum(cards.values()))


def belonging(learner: Person, some: Sequence[Candidate], *, now_ms: int) -> set[str]:
    """Those of these cards that an exam decides about."""
    today = calendar_of(learner).day(now_ms)
    return {one.id for exam in exams_of(learner) if exam.day > today for one in some if _belongs(exam, one)}


def _asked(state: MemoryState | None, today: int, calendar: Calendar) -> bool:
    return state is not None and calendar.day(state.last_ms) == today and not state.fact("step")


def left_for(view: Outlook, now_ms: int) -> tuple[Mapping[str, Any], ...]:
    """Today's cards of one exam that were not asked today yet."""
    calendar = calendar_of(view.exam.learner)
    states = states_of(view.exam.learner_id, [one["card"] for one in view.today])
    return tuple(one for one in view.today if not _asked(states.get(one["card"]), calendar.day(now_ms), calendar))


def today_date(learner: Person | None, now_ms: int) -> dt.date:
    """The date of the learner-day that is now."""
    return date_of((calendar_of(learner) if learner else Calendar()).day(now_ms))


def placed_words(exam: Exam, placed: Mapping[str, Any]) -> str:
    """Why a card comes today for an exam, in a sentence."""
    day = words.day(date_of(exam.day))
    if placed["why"] == "step":
        return _("Missed a moment ago.")
    if placed["why"] == "last":
        return _("Final look before the exam.")
    if placed["why"] == "new":
        return _("New: %(studied)d %% on %(day)s if begun today.") % {"studied": round(100 * placed["if_studied"]), "day": day}
    return _("%(left)d %% on %(day)s if left; %(studied)d %% if studied now.") % {
        "left": round(100 * placed["if_left"]),
        "studied": round(100 * placed["if_studied"]),
        "day": day,
    }


def placed_today(learner: Person, card: UUID, *, now_ms: int) -> tuple[Exam, Mapping[str, Any]] | None:
    """The exam that places this card today, and what it says of it."""
    today = calendar_of(learner).day(now_ms)
    for exam in exams_of(learner):
        if exam.planned_day == today and exam.day > today:
            for one in exam.plan.get("today", ()):
                if one["card"] == card.hex:
                    return exam, one
    return None
