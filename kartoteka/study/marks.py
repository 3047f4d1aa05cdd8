"""What a learner has said about cards, and about how they like a mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Card, Deck
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Chosen, Mark

ALL_SETS = UUID(int=0)  # where options for a sitting over all sets are remembered


def deck_of_card(learner: Person | None, card_id: UUID) -> Deck:
    """The set of a card that this learner may study. Raises ``NotThere``."""
    deck_id = Card.objects.filter(id=card_id, note__binned_at=None).values_list("deck_id", flat=True).first()
    if deck_id is None:
        raise NotThere(_("This card is not there."))
    return access.deck_to_study(learner, deck_id)


def tomorrow_of(learner: Person, now_ms: int) -> int:
    """When this learner's next day begins."""
    calendar = calendar_of(learner)
    return calendar.begins(calendar.day(now_ms) + 1)


def starred_in(learner: Person, deck: Deck) -> int:
    """How many cards of a set this learner has starred."""
    return Mark.objects.filter(learner=learner, deck_id=deck.id, starred=True).count()


@dataclass(frozen=True, slots=True)
class Away:
    """A card that is not asked now: set aside until it is brought back, or put off until tomorrow."""

    card: str
    term: str
    until_tomorrow: bool


def away_from(learner: Person | None, deck: Deck, now_ms: int) -> list[Away]:
    """The cards of a set that this learner has set aside, then those put off until tomorrow."""
    if learner is None:
        return []
    rows = Mark.objects.filter(learner=learner, deck_id=deck.id).filter(Q(suspended=True) | Q(buried_until_ms__gt=now_ms))
    kept = {card.hex: suspended for card, suspended in rows.values_list("card_id", "suspended")}
    terms = library.terms_of(deck, kept)
    return sorted((Away(card, terms[card], not kept[card]) for card in terms), key=lambda one: (one.until_tomorrow, one.term.casefold(), one.card))


def chosen_by(learner: Person | None, deck: Deck | None, mode: str) -> Mapping[str, Any]:
    """The options last chosen for a mode of a set."""
    row = Chosen.objects.filter(learner=learner, deck_id=deck.id if deck else ALL_SETS, mode=mode).first() if learner else None
    return row.values if row else {}
