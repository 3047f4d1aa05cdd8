"""Which cards a learner takes for which: read from the log, where another card's answer was given."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from kartoteka.people.models import Person
from kartoteka.study.models import Review
from kartoteka.study.tallies import mistaken

LOOKED_AT = 2000  # the latest answers that say what is confused
MOST = 5  # cards that one card is confused with
ONCE, A_MOVE = 1.0, 0.5  # an answer that was asked for says it at once; a hasty move on a board, which proves nothing, must be made twice


def pairs_confused(learner: Person, deck_id: UUID) -> dict[tuple[str, str], float]:
    """How often this learner gave which card's answer to which card, a move on a board as half a time; taken-back answers are left out."""
    found: dict[tuple[str, str], float] = {}
    latest = mistaken(learner, deck_id, LOOKED_AT)
    backs = Review.objects.filter(learner=learner, takes_back__in=[row[0] for row in latest])
    gone = set(backs.values_list("takes_back", flat=True))
    for id, card, other, evidence in latest:
        if id not in gone:
            pair = card.hex, other.hex
            found[pair] = found.get(pair, 0.0) + (ONCE if evidence else A_MOVE)
    return found


def confusions(learner: Person, deck_id: UUID, cards: Collection[str]) -> dict[str, list[str]]:
    """For each of these cards the ones it is confused with, either way round, the most often confused first."""
    counts: dict[str, dict[str, float]] = {}
    for (asked, given), times in pairs_confused(learner, deck_id).items():
        for card, other in ((asked, given), (given, asked)):
            if card in cards:
                others = counts.setdefault(card, {})
                others[other] = others.get(other, 0.0) + times
    found = {}
    for card, others in counts.items():
        sure = sorted(((times, other) for other, times in others.items() if times >= ONCE), key=lambda one: (-one[0], one[1]))
        if sure:
            found[card] = [other for _times, other in sure[:MOST]]
    return found
