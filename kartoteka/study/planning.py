"""What waits today, over all sets and in one; and which one thing to do next."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kartoteka.engine import queue
from kartoteka.library.models import Deck
from kartoteka.library.queries import CardRow, askable_in, cards_of
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.study import desks
from kartoteka.study.absences import back_on
from kartoteka.study.attempts import best_percent, open_paper
from kartoteka.study.candidates import Candidate, candidates, candidates_in, decks_studied
from kartoteka.study.choosing import new_left, ordered, sifted, waiting
from kartoteka.study.learners import calendar_of, pace_of
from kartoteka.study.models import Mark, Review, Sitting
from kartoteka.study.own import model_of
from kartoteka.study.papers import answered_on
from kartoteka.study.putting import counts
from kartoteka.study.rows import due_before
from kartoteka.study.runs import best_of, best_words, seconds_words

FORECAST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Today:
    """What one day holds: cards due and new ones, in about how many minutes; by set; and the load of the days that follow.

    ``cards``: those that fit into the minutes, in order. ``overdue``, ``caught_up_days``: what is left over from days before.
    ``back``: the day on which it goes on, where today is off; ``off``: the places in ``forecast`` of days off.
    """

    due: int
    new: int
    minutes: float
    decks: list[tuple[UUID, int]] = field(default_factory=list)
    forecast: list[int] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    budget: int = 10
    overdue: int = 0
    caught_up_days: int | None = 0
    back: dt.date | None = None
    off: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommended:
    """The one filled button of a set: ``words`` on it, ``small`` what it costs, ``sentence`` above it; ``mode`` is empty where there is nothing to study."""

    sentence: str
    words: str
    small: str = ""
    mode: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def today_of(learner: Person, now_ms: int, read: dict[UUID, list[CardRow]] | None = None) -> Today:
    """Over all the sets a learner studies. ``read``: where the cards of each set are put for who needs them too."""
    return _today(learner, candidates(learner, None, now_ms=now_ms, read=read), now_ms)


def today_in(learner: Person, deck: Deck, now_ms: int) -> Today:
    """In one set."""
    return _today(learner, candidates(learner, deck, now_ms=now_ms), now_ms)


def forecast_of(learner: Person, now_ms: int, decks: Sequence[Deck] | None = None) -> list[int]:
    """The load of the days that come, in these sets or in all that a learner studies."""
    calendar = calendar_of(learner)
    until_ms = calendar.begins(calendar.day(now_ms) + FORECAST_DAYS)
    out = {
        card.hex for card in Mark.objects.filter(learner=learner).filter(Q(suspended=True) | Q(buried_until_ms__gt=now_ms)).values_list("card_id", flat=True)
    }
    soon: list[tuple[float, float, int, int]] = []
    for deck in decks_studied(learner) if decks is None else decks:
        due = due_before(learner, deck.id, until_ms)
        asked = askable_in(deck) if due else set()
        soon += [(s6, d6, last_ms, due_ms) for card, s6, d6, last_ms, due_ms in due if card in asked and card not in out]
    return queue.forecast_of(soon, now_ms=now_ms, calendar=calendar, days=FORECAST_DAYS, target=learner.retention, model=model_of(learner))


def _today(learner: Person, found: Sequence[Candidate], now_ms: int) -> Today:
    kept, _skipped = sifted(found, {}, now_ms=now_ms)
    every = [waiting(one) for one in kept]
    calendar, seconds, model = calendar_of(learner), pace_of(learner), model_of(learner)
    minutes = learner.minutes_a_day
    cards = ordered(learner, kept, now_ms=now_ms, minutes=float(minutes), new_cap=new_left(learner, kept, {}, now_ms=now_ms), seconds=seconds, found=found)
    by_id = {one.card: one for one in every}
    due = [one for one in kept if one.state and one.due_ms <= now_ms]
    late = queue.backlog(every, now_ms=now_ms, calendar=calendar, minutes=minutes, seconds=seconds, model=model)
    return Today(
        due=len(due),
        new=sum(1 for card in cards if by_id[card].state is None),
        minutes=queue.minutes_for([by_id[card] for card in cards], now_ms=now_ms, calendar=calendar, seconds=seconds, model=model),
        decks=[(UUID(deck), count) for deck, count in Counter(one.deck for one in due).most_common()],
        forecast=queue.forecast(every, now_ms=now_ms, calendar=calendar, days=FORECAST_DAYS, target=learner.retention, model=model),
        cards=cards,
        budget=minutes,
        overdue=late.overdue,
        caught_up_days=late.days,
        back=back_on(learner, now_ms),
        off=tuple(day for day in range(FORECAST_DAYS) if calendar.day(now_ms) + day in calendar.off),
    )


class Ahead:
    """What lies ahead in one set: its cards, how each stands, and the day. Read once for all that a page says of it, and only as far as it does."""

    def __init__(self, learner: Person | None, deck: Deck, now_ms: int) -> None:
        self.learner, self.deck, self.now_ms = learner, deck, now_ms

    @cached_property
    def cards(self) -> list[CardRow]:
        return cards_of(self.deck)

    @cached_property
    def found(self) -> list[Candidate]:
        return candidates_in(self.learner, self.deck, self.now_ms, self.cards)

    @cached_property
    def today(self) -> Today | None:
        return _today(self.learner, self.found, self.now_ms) if self.learner else None


def minutes_words(minutes: float) -> str:
    whole = max(1, round(minutes))
    return ngettext("about %(n)d min", "about %(n)d min", whole) % {"n": whole}


def recommended(learner: Person | None, deck: Deck, now_ms: int, ahead: Ahead | None = None) -> Recommended:
    """What to do next with a set: first what memory would lose, then what was begun, then what is new."""
    ahead = ahead or Ahead(learner, deck, now_ms)
    found = ahead.found
    asked = [one for one in found if one.askable and one.kind != "reversed"]
    if not asked:
        return Recommended(_("This set has no card yet."), _("Add a first card"))
    memory = _mode("queue")
    today = ahead.today if any(one.state for one in found) else None
    if today and memory and today.due:
        words = ngettext("Review %(n)s due", "Review %(n)s due", today.due) % {"n": in_figures(today.due)}
        return Recommended(_("Some of this is about to fade."), words, minutes_words(today.minutes), memory)
    begun = _begun(learner, deck, now_ms) if learner else None
    if begun:
        mode, done, total = begun
        title = _(desks.modes()[mode].TITLE)
        words = _("Continue %(mode)s %(done)s/%(total)s") % {"mode": title, "done": in_figures(done), "total": in_figures(total)}
        return Recommended(_("You are in the middle of it."), words, "", mode)
    first = _mode("order")
    if today is None and first:
        words = ngettext("Start: look through %(n)s card", "Start: look through %(n)s cards", len(asked)) % {"n": in_figures(len(asked))}
        return Recommended(_("New to you."), words, "", first)
    if today and memory and today.new:
        words = ngettext("Meet %(n)s new card", "Meet %(n)s new cards", today.new) % {"n": in_figures(today.new)}
        return Recommended(_("Nothing is due. There is room for something new."), words, minutes_words(today.minutes), memory)
    words = ngettext("Look through %(n)s card again", "Look through %(n)s cards again", len(asked)) % {"n": in_figures(len(asked))}
    return Recommended(_("Nothing is due today."), words, "", first or memory)


def _mode(deal: str) -> str:
    """The first mode on the shelf that is dealt like this; empty: there is none."""
    return next((name for name, rules in desks.modes().items() if deal == rules.DEAL), "")


def _begun(learner: Person, deck: Deck, now_ms: int) -> tuple[str, int, int] | None:
    """A sitting with this set that is not over: its mode, how many cards are done, of how many."""
    rows = Sitting.objects.filter(learner=learner, deck_id=deck.id, over_ms=None, mode__in=desks.modes()).order_by("-last_ms")
    for sitting in rows[:5]:
        if getattr(desks.modes()[sitting.mode], "DAILY", False) and calendar_of(learner).day(sitting.last_ms) != calendar_of(learner).day(now_ms):
            continue
        if desks.modes()[sitting.mode].DEAL != "queue" and (done := done_in(sitting)):
            return sitting.mode, min(done, sitting.total), sitting.total
    return None


def done_in(sitting: Sitting) -> int:
    """How many cards of a sitting are done: answered, without laying its desk; where a mode says what is done for today, as it says; on a paper its answers."""
    if sitting.extra.get("paper"):
        return answered_on(sitting)
    if getattr(desks.modes()[sitting.mode], "DAILY", False):
        return int(counts(sitting)["done"])
    rows = Review.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id, takes_back=None)
    return rows.values("card_id").distinct().count()


def mode_lines(learner: Person | None, deck: Deck, now_ms: int, ahead: Ahead | None = None) -> dict[str, str]:
    """A status line for each way to study a set; empty where there is nothing to say yet."""
    lines = dict.fromkeys(desks.modes(), "")
    if learner is None:
        return lines
    last: dict[str, Sitting] = {}
    for sitting in Sitting.objects.filter(learner=learner, deck_id=deck.id, mode__in=lines).order_by("last_ms"):
        last[sitting.mode] = sitting
    calendar = calendar_of(learner)
    for mode, rules in desks.modes().items():
        if rules.DEAL == "queue":
            lines[mode] = _memory_line((ahead or Ahead(learner, deck, now_ms)).today)
        elif hasattr(rules, "compose"):
            lines[mode] = _paper_line(learner, deck)
        elif hasattr(rules, "run"):
            best = best_of(learner, deck, mode)
            lines[mode] = seconds_words(best.time_ms) if best else best_words(learner, deck, mode)[0]
        elif mode in last:
            ago = calendar.day(now_ms) - calendar.day(last[mode].last_ms)
            lines[mode] = "" if ago and getattr(rules, "DAILY", False) and last[mode].over_ms is None else _sitting_line(last[mode], ago)
    return lines


def _paper_line(learner: Person, deck: Deck) -> str:
    begun = open_paper(learner, deck.id)
    if begun and begun[1]:
        return _("Resume %(done)s/%(total)s") % {"done": begun[1], "total": len(begun[0].ids)}
    best = best_percent(learner, deck.id)
    return "" if best is None else _("best %(percent)d %%") % {"percent": best}


def _memory_line(today: Today | None) -> str:
    if today is None:
        return ""
    if today.due:
        return ngettext("%(n)s due", "%(n)s due", today.due) % {"n": in_figures(today.due)}
    if today.new:
        return ngettext("%(n)s new today", "%(n)s new today", today.new) % {"n": in_figures(today.new)}
    return _("nothing due today")


def _sitting_line(sitting: Sitting, days: int) -> str:
    if sitting.over_ms is None:
        done = min(done_in(sitting), sitting.total)
        return _("Resume %(done)s/%(total)s") % {"done": in_figures(done), "total": in_figures(sitting.total)} if done else ""
    if days <= 0:
        return (
            _("%(done)s/%(total)s today") % {"done": in_figures(done_in(sitting)), "total": in_figures(sitting.total)}
            if getattr(desks.modes()[sitting.mode], "DAILY", False)
            else _("done today")
        )
    return ngettext("done yesterday", "done %(n)d days ago", days) % {"n": days}
