"""Days off and vacations: what would fall due on them moves, and comes back where it was when they are taken back. Nothing is lost by either."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kartoteka.people import absences
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.store.refusals import Refusal
from kartoteka.store.writer import action
from kartoteka.study.cards import reschedule
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.models import Exam

EPOCH = dt.date(1970, 1, 1)
FURTHEST_DAYS = 3 * 366


class NoVacation(Refusal):
    """Days away that cannot be meant so."""


@dataclass(frozen=True, slots=True)
class Vacation:
    """Days away in a row, both ends included. ``begun``: the first of them has come."""

    first: dt.date
    last: dt.date
    begun: bool

    @property
    def back(self) -> dt.date:
        return self.last + dt.timedelta(days=1)


def vacations_of(learner: Person | None, now_ms: int) -> list[Vacation]:
    """Those that are not over, the next one first."""
    if learner is None:
        return []
    today = calendar_of(learner).day(now_ms)
    return [Vacation(_date(first), _date(last), first <= today) for first, last, _said in absences.vacations_in(learner.vacations) if last >= today]


@action
def go_away(learner: Person, first: dt.date, last: dt.date, *, now_ms: int) -> Person:
    """Notes a vacation; one that touches another joins it. Raises ``NoVacation`` with a sentence where it cannot be meant so."""
    learner = at_the_desk(learner, now_ms=now_ms)
    today, since, until = calendar_of(learner).day(now_ms), _day(first), _day(last)
    if until < since:
        raise NoVacation(_("The last day comes before the first. Swap them."))
    if until < today:
        raise NoVacation(_("These days are over. Choose a last day from today on."))
    if until - since >= absences.LONGEST:
        raise NoVacation(_("That is longer than %(most)d days. Note a part of it; the rest can follow.") % {"most": absences.LONGEST})
    if since - today > FURTHEST_DAYS:
        raise NoVacation(_("That is more than three years away. Choose nearer days."))
    kept, said = [], today
    for one in absences.vacations_in(learner.vacations):
        if one[0] <= until + 1 and one[1] >= since - 1 and max(one[1], until) - min(one[0], since) < absences.LONGEST:
            since, until, said = min(one[0], since), max(one[1], until), min(one[2], said)
        else:
            kept.append(one)
    return _moved(learner, vacations=absences.vacations_in([*kept, [since, until, said]]), now_ms=now_ms)


@action
def come_back(learner: Person, first: dt.date, *, now_ms: int) -> Person:
    """Takes the vacation back that begins on this day; one that has begun ends with yesterday. Where there is none nothing happens."""
    learner = at_the_desk(learner, now_ms=now_ms)
    today, since = calendar_of(learner).day(now_ms), _day(first)
    kept = []
    for one in absences.vacations_in(learner.vacations):
        if one[0] != since or one[1] < today:
            kept.append(one)
        elif one[0] < today:
            kept.append([one[0], today - 1, one[2]])
    return _moved(learner, vacations=kept, now_ms=now_ms)


@action
def rest_on(learner: Person, weekdays: Collection[int], *, now_ms: int) -> Person:
    """Notes the weekdays without study. Raises ``NoVacation`` where none is left."""
    learner = at_the_desk(learner, now_ms=now_ms)
    if set(weekdays) >= set(range(7)):
        raise NoVacation(_("Leave at least one weekday for study."))
    return _moved(learner, days_off=absences.weekdays_in(list(weekdays)), now_ms=now_ms)


def _moved(learner: Person, *, now_ms: int, **values: list[int] | list[list[int]]) -> Person:
    if all(getattr(learner, name) == value for name, value in values.items()):
        return learner
    learner = people.prefer(learner, now_ms=now_ms, **values)
    reschedule(learner)
    Exam.objects.filter(learner=learner).update(planned_day=-1)
    return learner


def back_on(learner: Person, now_ms: int) -> dt.date | None:
    """The next day that is not off, where today is; ``None``: today is a day like others."""
    calendar = calendar_of(learner)
    today = calendar.day(now_ms)
    return _date(calendar.off.next_free(today)) if today in calendar.off else None


def _date(day: int) -> dt.date:
    return EPOCH + dt.timedelta(days=day)


def _day(date: dt.date) -> int:
    return (date - EPOCH).days
