"""The cards that might be asked, of a set or of all the sets a learner studies, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from kartoteka.engine.memory import Level, MemoryState, levels
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.learners import calendar_of
from kartoteka.study.models import Mark, Progress
from kartoteka.study.own import model_of
from kartoteka.study.rows import remembered_in
from kartoteka.study.weak import points_due_in


class Candidate(NamedTuple):
    """A card that might be asked, with all that decides whether it is. ``for_points``: it is due only because points of it are, each by itself."""

    id: str
    note: str
    deck: str
    kind: str
    place: int  # of its note in the set, from 1
    position: float
    askable: bool
    tags: tuple[str, ...]
    state: MemoryState | None
    level: Level
    due_ms: int
    starred: bool
    suspended: bool
    buried: bool
    for_points: bool = False


def candidates(learner: Person | None, deck: Deck | None, *, now_ms: int, read: dict[UUID, list[library.CardRow]] | None = None) -> list[Candidate]:
    """Every card of a set, or of all sets this learner studies, with how it stands. ``read``: where the cards of each set are put for who needs them too."""
    decks = [deck] if deck else decks_studied(learner)
    found: list[Candidate] = []
    for one in decks:
        cards = library.cards_of(one)
        if read is not None:
            read[one.id] = cards
        found += candidates_in(learner, one, now_ms, cards)
    return found


def by_deck(found: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    """The same cards set by set."""
    decks: dict[str, list[Candidate]] = {}
    for one in found:
        decks.setdefault(one.deck, []).append(one)
    return decks


def decks_studied(learner: Person | None) -> list[Deck]:
    """Their own sets, and those of others they have studied and may still see; the last studied first."""
    if learner is None:
        return []
    own = {one.id: one for one in access.decks_of(learner)}
    ids = list(Progress.objects.filter(learner=learner).order_by("-last_ms").values_list("deck_id", flat=True))
    foreign = {one.id: one for one in access.decks_seen(learner, [id for id in ids if id not in own])}
    known = {**own, **foreign}
    studied = [known.pop(id) for id in ids if id in known]
    return [*studied, *known.values()]


def candidates_in(learner: Person | None, deck: Deck, now_ms: int, cards: Sequence[library.CardRow] | None = None) -> list[Candidate]:
    """``cards``: those of the set, where they were read already."""
    cards = library.cards_of(deck) if cards is None else cards
    states, due, level_of = memories_of(learner, deck.id, now_ms)
    marks: dict[UUID, Any] = {row.card_id: row for row in Mark.objects.filter(learner=learner, deck_id=deck.id)} if learner else {}
    points = points_due_in(learner, deck.id) if learner else {}
    places: dict[str, int] = {}
    in_deck, found = deck.id.hex, []
    for card in cards:
        mark = marks.get(UUID(card.id)) if marks else None
        due_ms, alone_ms = due.get(card.id, 0), points.get(card.id)
        found.append(
            Candidate(
                id=card.id,
                note=card.note,
                deck=in_deck,
                kind=card.kind,
                place=places.setdefault(card.note, len(places) + 1),
                position=card.position,
                askable=card.askable,
                tags=card.tags,
                state=states.get(card.id),
                level=level_of.get(card.id, "new"),
                due_ms=due_ms if alone_ms is None or not due_ms else min(due_ms, alone_ms),
                starred=bool(mark and mark.starred),
                suspended=bool(mark and mark.suspended),
                buried=bool(mark and mark.buried_until_ms > now_ms),
                for_points=alone_ms is not None and alone_ms <= now_ms < due_ms,
            )
        )
    return found


def memories_of(learner: Person | None, deck_id: UUID, now_ms: int) -> tuple[dict[str, MemoryState], dict[str, int], dict[str, Level]]:
    """What a learner remembers of a set: by card its state, when it is due, its level."""
    if learner is None:
        return {}, {}, {}
    known = remembered_in(learner, deck_id)
    states = {card: state for card, state, _due_ms in known}
    found = levels(list(states.values()), now_ms, calendar_of(learner), model_of(learner))
    return states, {card: due_ms for card, _state, due_ms in known}, dict(zip(states, found, strict=True))
