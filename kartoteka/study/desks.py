"""What lies on a sitting's desk: its hand, the memories as dealt, and the answers that count."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.freezing import questions_in
from kartoteka.engine.items import Item
from kartoteka.engine.memory import MemoryState
from kartoteka.engine.questions import Question
from kartoteka.library import queries as library
from kartoteka.modes.base import Desk, Value
from kartoteka.shelf import parts
from kartoteka.store.refusals import NotThere
from kartoteka.study import rows
from kartoteka.study.learners import calendar_of
from kartoteka.study.log import IMPORTED, Entry, answered, standing
from kartoteka.study.models import Hand, Mark, Paper, Sitting
from kartoteka.study.own import model_with

INSTEAD_OF = "instead_of"  # in what lies beside a sitting: the one it began anew
FROM_HAND = "from_hand"  # in what lies beside a sitting: the first of the hands that lie on the desk together
APART = "apart"  # in what lies beside a sitting: note → what tells it apart from others with its term
DRAWN = "drawn"  # in what lies beside a sitting: its draw was chosen, so a board may have been seen before
FOR_POINTS = "for_points"  # in what lies beside a sitting: cards that are there only for points that are due by themselves
MORE = "more"  # in what lies beside a sitting: how many cards would come next if there were time


def modes() -> dict[str, ModuleType]:
    """The rules of every way to study, by name, in the order of the shelf."""
    return parts("modes", "rules")


def title_of(mode: str) -> str:
    """What a mode is called; answers given in another program have a name too."""
    rules = modes().get(mode)
    return _(rules.TITLE) if rules else _("Another app") if mode == IMPORTED else mode


def rules_of(mode: str) -> ModuleType:
    """The rules of a mode. Raises ``NotThere`` where there is no such way to study."""
    rules = modes().get(mode)
    if rules is None:
        raise NotThere(_("There is no way to study called “%(mode)s”.") % {"mode": mode})
    return rules


def options_of(sitting: Sitting) -> dict[str, Value]:
    """The options of a sitting; one that was started over asks again what is done for today."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in sitting.options.items()}
    return {**values, "again": True} if INSTEAD_OF in sitting.extra else values


def deck_of_card(sitting: Sitting, hand: Hand, card: str) -> UUID:
    """The deck a dealt card is from: the sitting's own, or the hand says it."""
    return sitting.deck_id or UUID(hand.decks[card])


def items_in(cards: Iterable[str], *, starred: Collection[str] = (), confused: Mapping[str, Sequence[str]] = {}) -> dict[str, Item]:
    """The items of these cards, whichever sets they are from; a card that is gone is left out. ``confused``: what each was mistaken for."""
    items = library.items_known([UUID(card) for card in cards])
    for card in starred:
        if card in items:
            items[card] = replace(items[card], starred=True)
    for card, others in confused.items():
        if card in items:
            items[card] = replace(items[card], confused=tuple(others))
    return items


def pool_of(sitting: Sitting) -> list[str]:
    """Cards beside the hand that may stand as wrong answers: chosen when one sat down, so that the same question is asked again."""
    return list(sitting.extra.get("pool", ()))


def confusions_of(sitting: Sitting) -> Mapping[str, Sequence[str]]:
    """What this learner took each card for, as it was known when one sat down."""
    found: Mapping[str, Sequence[str]] = sitting.extra.get("confused", {})
    return found


class Pool(Mapping[str, Item]):
    """The items of a hand, fetched when they are first looked at: judging one answer reads one card."""

    def __init__(self, sitting: Sitting, hand: Hand, known: Mapping[str, Item]) -> None:
        self._sitting, self._hand, self._known = sitting, hand, dict(known)
        self._confused = confusions_of(sitting)
        for card in self._confused.keys() & self._known.keys():
            self._known[card] = replace(self._known[card], confused=tuple(self._confused[card]))
        self._whole = False

    def _fetch(self) -> dict[str, Item]:
        if not self._whole:
            self._known = items_in([*self._hand.cards, *pool_of(self._sitting)], confused=self._confused)
            self._whole = True
        return self._known

    def __getitem__(self, card: str) -> Item:
        return self._known[card] if card in self._known else self._fetch()[card]

    def __contains__(self, card: object) -> bool:
        return card in self._known or card in self._fetch()

    def get(self, card: str, default: Any = None) -> Any:
        return self._known.get(card) or self._fetch().get(card, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetch())

    def __len__(self) -> int:
        return len(self._fetch())


class Dealt(Mapping[str, MemoryState]):
    """The memories of a hand as dealt, read when a mode looks at one: judging one answer reads one, or none."""

    def __init__(self, facts: Mapping[str, Any] | str) -> None:
        self._facts = facts

    def _read(self) -> Mapping[str, Any]:
        if isinstance(self._facts, str):
            self._facts = json.loads(self._facts)
        assert not isinstance(self._facts, str)
        return self._facts

    def __getitem__(self, card: str) -> MemoryState:
        return MemoryState.of(self._read()[card])

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def paper_of(sitting: Sitting) -> tuple[Question, ...]:
    """The questions that were frozen when one sat down; none for a sitting that asks as it goes. Read once for each ``sitting``."""
    if not sitting.extra.get("paper"):
        return ()
    read: tuple[Question, ...] | None = sitting.__dict__.get("_paper")
    if read is None:
        row = Paper.objects.filter(learner_id=sitting.learner_id, sitting_id=sitting.id).values_list("questions", flat=True).first()
        read = sitting.__dict__["_paper"] = questions_in(row or {})
    return read


def hand_on(sitting: Sitting, number: int | None = None) -> Hand:
    """The hand with this number, else the one on the desk; an empty one where none was dealt."""
    number = sitting.hand if number is None else number
    hand = Hand.objects.filter(learner_id=sitting.learner_id, sitting=sitting, number=number).first()
    return hand or Hand(learner_id=sitting.learner_id, sitting=sitting, number=number)


def hands_on(sitting: Sitting) -> list[Hand]:
    """The hands that lie on the desk: one, or a later one beside those of which everything waits."""
    first = min(int(sitting.extra.get(FROM_HAND, sitting.hand)), sitting.hand)
    if first == sitting.hand:
        return [hand_on(sitting)]
    return list(Hand.objects.filter(learner_id=sitting.learner_id, sitting=sitting, number__range=(first, sitting.hand)).order_by("number"))


def hand_of(sitting: Sitting) -> list[str]:
    """The cards in hand, in order."""
    return [card for hand in hands_on(sitting) for card in hand.cards]


def entries_of(sitting: Sitting, number: int) -> list[Entry]:
    """All rows of the log that speak of this hand, also those that take back what had not arrived when they came."""
    return rows.of_hand(sitting.learner_id, sitting.id, number)


def desk_of(sitting: Sitting, number: int | None = None) -> Desk:
    """The desk of a sitting. The same rows give the same desk, and the same desk asks the same question."""
    hands = hands_on(sitting) if number is None else [hand_on(sitting, number)]
    hand = _together(hands)
    marks = list(Mark.objects.filter(learner_id=sitting.learner_id, card_id__in=hand.cards).values_list("card_id", "starred", "suspended", "buried_until_ms"))
    starred = {card.hex for card, star, _out, _until in marks if star}
    # Nothing buried was dealt, so a card buried beyond the deal was put away in this very visit
    away = {card.hex for card, _star, out, until in marks if out or until > hand.dealt_ms}
    items = items_in([*hand.cards, *pool_of(sitting)], starred=starred, confused=confusions_of(sitting))
    beside = {card: (one.number, one.dealt_ms) for one in hands[:-1] for card in one.cards}
    entries = {entry.id: entry for one in hands for entry in entries_of(sitting, one.number)}
    return laid(sitting, hand, items, entries.values(), away=away, beside=beside)


def _together(hands: Sequence[Hand]) -> Hand:
    """Hands that lie on the desk together, as one: it is the last one's, with the cards of all."""
    if len(hands) == 1:
        return hands[0]
    last = hands[-1]
    whole = Hand(learner_id=last.learner_id, sitting_id=last.sitting_id, number=last.number, dealt_ms=last.dealt_ms, fit_id=last.fit_id)
    whole.cards = [card for hand in hands for card in hand.cards]
    whole.memories = {card: row for hand in hands for card, row in hand.memories.items()}
    return whole


def laid(
    sitting: Sitting,
    hand: Hand,
    items: Mapping[str, Item],
    entries: Iterable[Entry],
    *,
    away: Collection[str] = (),
    beside: Mapping[str, tuple[int, int]] = {},
) -> Desk:
    """A desk from its parts. A card that is gone since, or was put ``away``, is no longer in the hand."""
    paper = paper_of(sitting)
    cards = hand.cards if isinstance(items, Pool) or paper else [card for card in hand.cards if card in items and card not in away]
    return Desk(
        items=items,
        hand=tuple(cards),
        memories=Dealt(hand.memories),
        answered=answered(standing(entries)),
        seed=sitting.seed,
        options=options_of(sitting),
        number=hand.number,
        dealt_ms=hand.dealt_ms,
        calendar=calendar_of(sitting.learner),
        model=model_with(hand.fit_id),
        paper=paper,
        beside=beside,
    )
