"""Which cards a learner takes for which: read from the log, where another card's answer was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from kartoteka.people.models import Person
from kartoteka.study.models import Review

LOOKED_AT = 2000  # the latest answers that say what is confused
MOST = 5  # cards that one card is confused with


def pairs_confused(learner: Person, deck_id: UUID) -> Counter[tuple[str, str]]:
    """How often this learner gave which card's answer to which card; taken-back answers are left out."""
    rows = Review.objects.filter(learner=learner, deck_id=deck_id)
    gone = set(rows.filter(takes_back__isnull=False).values_list("takes_back", flat=True))
    found: Counter[tuple[str, str]] = Counter()
    for id, card, other in rows.filter(mistaken_for__isnull=False).order_by("-at_ms").values_list("id", "card_id", "mistaken_for")[:LOOKED_AT]:
        if id not in gone:
            found[card.hex, UUID(str(other)).hex] += 1
    return found


def confusions(learner: Person, deck_id: UUID, cards: Collection[str]) -> dict[str, list[str]]:
    """For each of these cards the ones it is confused with, either way round, the most often confused first."""
    counts: dict[str, Counter[str]] = {}
    for (asked, given), times in pairs_confused(learner, deck_id).items():
        for card, other in ((asked, given), (given, asked)):
            if card in cards:
                counts.setdefault(card, Counter())[other] += times
    return {card: [other for other, _times in sorted(others.items(), key=lambda one: (-one[1], one[0]))[:MOST]] for card, others in counts.items()}
