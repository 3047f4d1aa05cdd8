"""Why this card now, in words, with the evidence behind it and its curve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from kartoteka.engine.memory import Calendar
from kartoteka.engine.why import Facts
from kartoteka.engine.why import why as facts_for
from kartoteka.look import words
from kartoteka.people import days
from kartoteka.people.models import Person
from kartoteka.study import exams
from kartoteka.study.answers import Answer, answers
from kartoteka.study.cards import history_of
from kartoteka.study.learners import calendar_of, retention_of
from kartoteka.study.log import evidence_in, standing
from kartoteka.study.models import Memory
from kartoteka.study.own import model_of
from kartoteka.study.putting import wait_words

RATINGS = {1: gettext_noop("Forgot"), 2: gettext_noop("Hard"), 3: gettext_noop("Got it"), 4: gettext_noop("Easy")}
SHOWN = 10  # answers named in the evidence


@dataclass(frozen=True, slots=True)
class Promise:
    """What a button would do: when the card comes back, and the recall expected then."""

    rating: int
    label: str
    words: str
    days: float
    recall_then: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a card is asked now. ``curve`` and ``future``: (ms, recall); ``evidence``: the answers that count, the newest first."""

    sentence: str
    reason: str
    seen: int
    recall_now: float | None
    recall_tomorrow: float | None
    lapses: int
    leech: bool
    evidence: list[Answer]
    curve: list[tuple[int, float]]
    future: list[tuple[int, float]]
    outcomes: list[Promise]
    due_ms: int | None
    target: float


def why(learner: Person, card: UUID | str, now_ms: int) -> Why:
    """The facts from the log, and the same in words."""
    card_id = UUID(card) if isinstance(card, str) else card
    calendar = calendar_of(learner)
    counted = standing(history_of(learner, card_id))
    row: Mapping[str, Any] | None = Memory.objects.filter(learner=learner, card_id=card_id).values("due_ms", "deck_id").first()
    due = row["due_ms"] if row else None
    target = retention_of(learner, row["deck_id"] if row else None)
    facts = facts_for(evidence_in(counted), now_ms=now_ms, calendar=calendar, target=target, seed=card_id.hex, due=due, model=model_of(learner))
    promised = [
        Promise(one.rating, _(RATINGS[one.rating]), wait_words(one.due_ms - now_ms, round(one.days)), one.days, one.recall_then) for one in facts.outcomes
    ]
    shown = answers(learner, card=card_id)[:SHOWN]
    sentence = _sentence(learner, facts, promised, shown, calendar, now_ms)
    if placed := exams.placed_today(learner, card_id, now_ms=now_ms):
        sentence = " ".join((exams.placed_words(*placed), sentence))
    return Why(
        sentence=sentence,
        reason=facts.reason,
        seen=facts.seen,
        recall_now=facts.recall_now,
        recall_tomorrow=facts.recall_tomorrow,
        lapses=facts.lapses,
        leech=facts.leech,
        evidence=shown,
        curve=list(facts.curve),
        future=list(facts.future),
        outcomes=promised,
        due_ms=due,
        target=target,
    )


def _sentence(learner: Person, facts: Facts, promised: list[Promise], shown: list[Answer], calendar: Calendar, now_ms: int) -> str:
    """“Seen 4×, last Got it 6 days ago. Estimated recall now 88 %. Pressing Got it → in 13 days, when it should be about 90 %. Evidence: …”."""
    passed = next((one for one in promised if one.rating == 3), None)
    then = (
        _("Pressing Got it → %(when)s, when it should be about %(percent)d %%.") % {"when": passed.words, "percent": round(100 * passed.recall_then)}
        if passed
        else ""
    )
    if facts.recall_now is None or facts.recall_tomorrow is None:
        return " ".join([_("New: nothing is known about it yet."), then]).strip()
    last = shown[0] if shown else None
    parts = []
    if last is not None and facts.reason == "step" and not last.passed:
        minutes = max(1, round((now_ms - last.at_ms) / 60_000))
        parts.append(ngettext("Missed %(n)d minute ago.", "Missed %(n)d minutes ago.", minutes) % {"n": minutes})
    elif last is not None:
        ago = calendar.day(now_ms) - calendar.day(last.at_ms)
        parts.append(
            ngettext("Seen %(n)d×, last %(label)s %(ago)s.", "Seen %(n)d×, last %(label)s %(ago)s.", facts.seen)
            % {"n": facts.seen, "label": last.label, "ago": ago_words(ago)}
        )
    elif facts.seen:
        parts.append(_("Its schedule came from another program."))
    parts.append(
        _("Estimated recall now %(now)d %%, tomorrow %(tomorrow)d %%.") % {"now": round(100 * facts.recall_now), "tomorrow": round(100 * facts.recall_tomorrow)}
    )
    parts.append(then)
    if shown:
        zone = ZoneInfo(days.zone_of(learner.time_zone))
        parts.append(_("Evidence: %(list)s.") % {"list": ", ".join(_piece(one, zone) for one in shown[:4])})
    return " ".join(part for part in parts if part)


def ago_words(ago: int) -> str:
    if ago <= 0:
        return _("today")
    return ngettext("yesterday", "%(n)d days ago", ago) % {"n": ago}


def _piece(one: Answer, zone: ZoneInfo) -> str:
    shown = words.day(dt.datetime.fromtimestamp(one.at_ms / 1000, tz=zone).date(), "short")
    return f"{one.mode_title} {'✓' if one.passed else '✗'} {shown}"
