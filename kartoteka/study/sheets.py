"""The figures of a set's cards, counted from the log once and kept: what was answered since is counted anew, card by card.

A sheet holds what had settled when it was made. A row of the log that is older than that and comes late makes its sheet worthless, and it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from kartoteka.engine.memory import DAY_MS
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study import desks, tallies
from kartoteka.study.log import Entry, standing
from kartoteka.study.models import Sheet

SETTLED_MS = tallies.SETTLED_MS
RECALLED = ("typed", "points", "self")  # kinds of questions that are recalled, not recognised
SORTING = "sorting"


class CardSum(NamedTuple):
    """What a learner's judged answers to one card add up to, without the moves of games, which ask nothing.

    ``by_mode``: (right, asked, recalled, whether the last one was right). ``known``: sorted to Know; ``tried`` and ``recalled``: asked elsewhere, and right there. ``overrated``: the mode
    in which it was missed after it was sorted to Know.
    """

    asked: int = 0
    right: int = 0
    took_ms: int = 0
    last_ms: int = 0
    last_passed: bool = False
    known: bool = False
    tried: bool = False
    recalled: bool = False
    overrated: str = ""
    by_mode: Mapping[str, Sequence[int]] = {}


def card_sums(learner: Person, deck_id: UUID, now_ms: int) -> dict[str, CardSum]:
    """By card (its id in hex), also of cards that are no longer in the set. A sheet that has grown old is made anew."""
    sheet = Sheet.objects.filter(learner=learner, deck_id=deck_id).first()
    if sheet and sheet.upto_ms > now_ms - SETTLED_MS:  # the clock was set back
        sheet = None
    kept, upto_ms = (sheet.cards, sheet.upto_ms) if sheet else ({}, 0)
    moved = tallies.answered_since(learner, deck_id, upto_ms)
    counted = {card.hex: list(found) for card, found in _counted(learner, moved) if found.asked}
    cards = {**kept, **counted}
    for card in moved:
        if card.hex not in counted:
            cards.pop(card.hex, None)
    if sheet is None or upto_ms < now_ms - SETTLED_MS - DAY_MS:
        _keep(learner, deck_id, cards, now_ms - SETTLED_MS)
    return {card: CardSum(*found) for card, found in cards.items()}


@action
def _keep(learner: Person, deck_id: UUID, cards: Mapping[str, Any], upto_ms: int) -> None:
    Sheet.objects.update_or_create(learner=learner, deck_id=deck_id, defaults={"cards": cards, "upto_ms": upto_ms})


def card_sums_in(learner: Person, deck_id: UUID, *, since_ms: int = 0, mode: str = "") -> dict[str, CardSum]:
    """The same of the answers since a moment, or of those in one mode: counted from the log, nothing of it is kept."""
    found = _counted(learner, tallies.answered_since(learner, deck_id, since_ms), since_ms=since_ms, mode=mode)
    return {card.hex: one for card, one in found if one.asked}


def _counted(learner: Person, cards: Sequence[UUID], *, since_ms: int = 0, mode: str = "") -> Iterator[tuple[UUID, CardSum]]:
    played = {name for name, rules in desks.modes().items() if hasattr(rules, "run")}
    for card, history in tallies.histories(learner, cards):
        judged = (entry for entry in standing(history) if entry.outcome is not None and entry.mode not in played)
        yield card, count(entry for entry in judged if entry.at_ms >= since_ms and (not mode or entry.mode == mode))


def count(judged: Iterable[Entry]) -> CardSum:
    """The sum of a card's judged answers, given in time order."""
    asked = right = took_ms = last_ms = 0
    passed = known = tried = recalled = held = False
    overrated = ""
    by_mode: dict[str, list[int]] = {}
    for entry in judged:
        passed = entry.outcome is not None and entry.outcome >= 0.5
        asked, right, took_ms, last_ms = asked + 1, right + passed, took_ms + entry.took_ms, entry.at_ms
        mode = by_mode.setdefault(entry.mode, [0, 0, 0, 0])
        mode[:] = mode[0] + passed, mode[1] + 1, mode[2] + (passed and _qtype(entry) in RECALLED), int(passed)
        if entry.mode == SORTING:
            known, held, overrated = known or passed, passed, ""
            continue
        tried, recalled = True, recalled or passed
        if held and not passed and not overrated:
            overrated = entry.mode
    return CardSum(asked, right, took_ms, last_ms, passed, known, tried, recalled, overrated, by_mode)


def _qtype(entry: Entry) -> str:
    """The kind of question, as its id says; what was brought from elsewhere was judged by the learner."""
    return entry.question.split(".")[2] if entry.question.count(".") >= 2 else "self"


def wrong_sheets(learner: Person) -> Iterator[UUID]:
    """The sets whose figures are not those of the log."""
    for sheet in Sheet.objects.filter(learner=learner):
        moved = {card.hex for card in tallies.answered_since(learner, sheet.deck_id, sheet.upto_ms)}
        right = {
            card.hex: found for card, found in _counted(learner, tallies.answered_since(learner, sheet.deck_id, 0)) if card.hex not in moved and found.asked
        }
        if right != {card: CardSum(*found) for card, found in sheet.cards.items() if card not in moved}:
            yield sheet.deck_id
