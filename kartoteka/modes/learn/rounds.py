"""The rounds of Learn: which card comes next, and when seven questions are enough for a look around."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

APART = 3  # so many other questions lie between two of the same card, where there are so many
RETURNS = 3  # a card missed so often again waits for the next round
NEW_MOST = 4  # new cards a round
SIZE = 7


@dataclass(slots=True)
class Card:
    """A card's place in the visit. ``left``: it is not done; ``weak``: how likely it is forgotten, where anything is known of it."""

    id: str
    place: int
    new: bool
    left: bool = True
    asked: int = 0
    last: int = -1
    missed: bool = False
    weak: float = 0.0


@dataclass(slots=True)
class Round:
    """``slots``: first questions put so far; ``pending``: cards missed in it, how often; ``carried``: missed too often, for the next one."""

    number: int
    slots: int = 0
    new: int = 0
    pending: dict[str, int] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    cards: list[str] = field(default_factory=list)
    began_ms: int = 0
    ended_ms: int = 0


@dataclass(slots=True)
class Visit:
    """All cards of a hand, and the round that is open; ``ended``: the rounds before it."""

    cards: Mapping[str, Card]
    size: int = SIZE
    at: int = 0
    round: Round = field(default_factory=lambda: Round(1))
    ended: list[Round] = field(default_factory=list)

    def comes(self, without: Collection[str] = ()) -> Card | None:
        """The card that comes next in this round. ``None``: the round is over."""
        open_ = [card for card in self.cards.values() if card.left and card.id not in without]
        waiting = [card for card in open_ if card.id in self.round.pending]
        rested = [card for card in waiting if self.at - card.last > APART]
        if rested:
            return min(rested, key=_longest_ago)
        if self.round.slots < self.size and (card := self._fresh(open_)):
            return card
        if any(not card.asked or self.at - card.last > APART for card in open_):  # what had no rest yet is carried over rather than crowded
            return None
        last = [card for card in open_ if card.id in self.round.pending or (self.round.slots < self.size and card.id not in self.round.carried)]
        return min(last, key=_longest_ago, default=None)

    def _fresh(self, open_: Iterable[Card]) -> Card | None:
        """Failed ones, then begun ones, as far as they had a rest; then known ones, then new ones."""
        found = [card for card in open_ if card.id not in self.round.pending and card.id not in self.round.carried]
        rested = [card for card in found if card.asked and self.at - card.last > APART]
        failed = [card for card in rested if card.missed]
        known = [card for card in found if not card.asked and not card.new]
        new = [card for card in found if not card.asked and card.new] if self.round.new < NEW_MOST else []
        for group in (failed, rested):
            if group:
                return min(group, key=_longest_ago)
        if known:
            return max(known, key=lambda card: (card.weak, -card.place))
        if new:
            return min(new, key=lambda card: card.place)
        return None

    @property
    def over(self) -> bool:
        """Whether the open round has had its questions; one that was not begun is not over."""
        return self.round.slots > 0 and not self._goes_on() and self.comes() is None

    def _goes_on(self) -> bool:
        """Whether it is plain that another question comes: looked at for every answer, so it stops at the first card."""
        now = self.round
        if any(self.cards[id].left and self._rested(self.cards[id]) for id in now.pending if id in self.cards):
            return True
        return now.slots < self.size and any(
            card.left
            and (self._rested(card) if card.asked else not card.new or now.new < NEW_MOST)
            and card.id not in now.pending
            and card.id not in now.carried
            for card in self.cards.values()
        )

    def _rested(self, card: Card) -> bool:
        return self.at - card.last > APART

    def turn(self) -> None:
        """The next round begins."""
        self.ended.append(self.round)
        self.round = Round(self.round.number + 1)

    def take(self, card: Card, *, passed: bool | None, left: bool, at_ms: int) -> None:
        """An answer. ``passed`` is ``None`` where nothing was asked."""
        if self.over:
            self.turn()
        now = self.round
        if card.id not in now.pending:
            now.slots += 1
            now.new += card.new and not card.asked
        if card.id not in now.cards:
            now.cards.append(card.id)
        now.began_ms, now.ended_ms = now.began_ms or at_ms, at_ms
        if passed is False:
            misses = now.pending.pop(card.id, 0) + 1
            if misses > RETURNS:
                now.carried.add(card.id)
            else:
                now.pending[card.id] = misses
        elif passed:
            now.pending.pop(card.id, None)
        card.asked += 1
        card.last, card.left, card.missed = self.at, left, passed is False
        self.at += 1

    def order(self) -> tuple[list[str], int]:
        """Every card that is left, in the order it would come; and how many of them belong to the open round, or to the next where that is over."""
        listed: list[str] = []
        standing = self.round
        if self.over:
            self.round = Round(standing.number + 1)
        before = self.at, self.round.slots, self.round.new
        while card := self.comes(listed):  # each turn of the loop lists one card
            listed.append(card.id)
            self.at += 1
            if card.id not in self.round.pending:
                self.round.slots += 1
                self.round.new += card.new and not card.asked
        self.at, self.round.slots, self.round.new = before
        self.round = standing
        rest = [card for card in self.cards.values() if card.left and card.id not in listed]
        rest.sort(key=lambda card: (not card.missed, not card.asked, card.new, card.last, card.place))
        return [*listed, *(card.id for card in rest)], len(listed)


def _longest_ago(card: Card) -> tuple[int, int]:
    return card.last, card.place
