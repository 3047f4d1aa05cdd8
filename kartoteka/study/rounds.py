"""How a round went: its cards with their levels before and after it, and the levels of the whole set then and now."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kartoteka.engine.items import Item
from kartoteka.engine.levels import WEAKEST_FIRST
from kartoteka.engine.memory import Level, Mastery, MemoryState, level, mastery, recall
from kartoteka.engine.memory import replay as fold
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.look import words
from kartoteka.people.models import Person
from kartoteka.study import rows
from kartoteka.study.candidates import memories_of
from kartoteka.study.cards import history_of
from kartoteka.study.desks import items_in
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import evidence_in, standing
from kartoteka.study.models import Mark, Sitting
from kartoteka.study.own import model_of
from kartoteka.study.planning import today_in
from kartoteka.study.standing import HORIZON_DAYS, standing_of

DAY_MS = 86_400_000
GONE_DAYS = 3  # so far ahead one is told what will be gone
USUAL_S = 15  # a check of a card


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A card of a round. ``passed``: its last answer; ``up`` and ``slipped``: which way it went."""

    item: Item
    before: Level
    after: Level
    passed: bool
    up: bool
    slipped: bool


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """``levels_before`` and ``levels``: of the whole set; ``percent_before`` and ``percent``: its mastery."""

    number: int
    cards: Sequence[RoundCard]
    up: int
    slipped: int
    took_ms: int
    levels_before: Mapping[Level, int]
    levels: Mapping[Level, int]
    percent_before: int
    percent: int

    @property
    def minutes(self) -> float:
        return self.took_ms / 60_000


def round_of(sitting: Sitting, deck: Deck, tally: Mapping[str, Any], *, now_ms: int) -> RoundEnded:
    """The round that a tally speaks of: from its first answer on."""
    learner, calendar, model = sitting.learner, calendar_of(sitting.learner), model_of(sitting.learner)
    cards, since = list(tally["cards"]), tally["began_ms"]
    starred = {
        card.hex for card in Mark.objects.filter(learner=learner, card_id__in=[UUID(card) for card in cards], starred=True).values_list("card_id", flat=True)
    }
    items, states = items_in(cards, starred=starred), rows.states(learner.id, cards)
    found: list[RoundCard] = []
    moved: Counter[Level] = Counter()
    earlier: dict[str, MemoryState | None] = {}
    took = 0
    for card in cards:
        counted = standing(history_of(learner, UUID(card)))
        then = fold(evidence_in(entry for entry in counted if entry.at_ms < since), calendar, model)
        own = [entry for entry in counted if entry.sitting_id == sitting.id and entry.at_ms >= since]
        took += sum(entry.took_ms for entry in own)
        if card not in items or not own:
            continue
        before, after = level(then, since, calendar, model), level(states.get(card), now_ms, calendar, model)
        passed = (own[-1].outcome or 0) >= 0.5 and own[-1].verdict not in ("wrong", "unsure")
        climbed = WEAKEST_FIRST.index(after) - WEAKEST_FIRST.index(before)
        found.append(
            RoundCard(items[card], before, after, passed, up=passed and (climbed > 0 or before == after == "learning"), slipped=climbed < 0 or not passed)
        )
        moved[before] += 1
        moved[after] -= 1
        earlier[card] = then
    now = standing_of(learner, deck, now_ms)
    before_levels = {level: count + moved[level] for level, count in now.levels.items()}
    return RoundEnded(
        number=tally["number"],
        cards=found,
        up=sum(one.up for one in found),
        slipped=sum(one.slipped for one in found),
        took_ms=took,
        levels_before=before_levels,
        levels=now.levels,
        percent_before=_mastery_before(sitting, deck, earlier, now_ms).percent,
        percent=now.mastery.percent,
    )


def _mastery_before(sitting: Sitting, deck: Deck, earlier: Mapping[str, Any], now_ms: int) -> Mastery:
    """The set's mastery as it was, had the round's cards stayed as they were."""
    states, _due, _of = memories_of(sitting.learner, deck.id, now_ms)
    every = {card.id: states.get(card.id) for card in library.cards_of(deck) if card.askable and (card.kind != "reversed" or card.id in states)}
    every |= {card: state for card, state in earlier.items() if card in every}
    return mastery(every.values(), now_ms + HORIZON_DAYS * DAY_MS, calendar_of(sitting.learner), model=model_of(sitting.learner))


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes by itself: how many cards will be ``gone`` by which day without a look, and the next check with its cards and minutes."""

    gone: int
    gone_on: str
    check_on: str
    cards: int
    minutes: float
    forecast: Sequence[int]


def ahead_of(learner: Person, deck: Deck, now_ms: int) -> Ahead:
    """The honest end of a visit: what is recalled now is not kept by itself."""
    calendar, model = calendar_of(learner), model_of(learner)
    states, _due, _of = memories_of(learner, deck.id, now_ms)
    known = [state for state in states.values() if state.last_ok]
    loads = today_in(learner, deck, now_ms).forecast
    check = next((day for day, load in enumerate(loads) if day and load), 0)
    gone_in = max(GONE_DAYS, check + 1)
    then_ms = now_ms + gone_in * DAY_MS
    gone = round(sum(recall(state, now_ms, calendar, model) - recall(state, then_ms, calendar, model) for state in known))
    cards = loads[check] if check else 0
    return Ahead(gone, _day_words(now_ms, gone_in), _day_words(now_ms, check) if check else "", cards, cards * USUAL_S / 60, loads)


def _day_words(now_ms: int, days: int) -> str:
    """A day near enough by its name, later ones by their date."""
    then = timezone.localtime(dt.datetime.fromtimestamp(now_ms / 1000, tz=dt.UTC)) + dt.timedelta(days=days)
    return _("tomorrow") if days == 1 else date_format(then, "l") if days < 7 else words.day(then)
