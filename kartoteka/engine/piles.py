"""A pile of cards as arrays, studied day by day until an exam: what is chosen each day, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import AGAIN, EASY, HARD, Floats, Fsrs6
from kartoteka.engine.prospects import FIRST_GRADES, PRICES, Outlook, Prospects, begins, relearned

SURE = 0.97  # who will recall it with this chance needs no last look
LAST_LOOK_DAYS = 7
KEPT_OVER = 0.5  # minutes of a day that were too few for one more card are there the next day
EAGER = 0.2  # recalled cards a minute: new ones are begun so much sooner than the tables say, which know no crowded days
PASS_GRADES = np.array([0.224, 0.631, 0.145])  # how recalled reviews are rated: hard, good, easy
Chosen = NDArray[np.int64]


@dataclass(slots=True)
class Pile:
    """Cards by their memory: stability, difficulty and days since the last review; ``new`` ones have none of it yet."""

    S: Floats
    D: Floats
    t: Floats
    new: NDArray[np.bool_]
    looked: Floats = field(init=False)  # the day's number before the exam of the last review, for the last look
    grade: NDArray[np.int64] = field(init=False)  # of the last answer
    fate: Floats = field(init=False)  # how the first meeting of each will go, so that every policy meets the same

    def __post_init__(self) -> None:
        self.fate = np.random.default_rng(1885).random(len(self.S))
        self.looked = np.full(len(self.S), np.inf)
        self.grade = np.zeros(len(self.S), np.int64)

    @classmethod
    def of_new(cls, cards: int) -> Pile:
        return cls(np.ones(cards), np.full(cards, 5.0), np.zeros(cards), np.ones(cards, bool))

    def __len__(self) -> int:
        return len(self.S)

    def of(self, cards: Chosen) -> Pile:
        """A copy with only these cards, in this order."""
        found = Pile(self.S[cards], self.D[cards], self.t[cards], self.new[cards])
        found.looked, found.grade, found.fate = self.looked[cards], self.grade[cards], self.fate[cards]
        return found

    def recalls(self, curve: Fsrs6, days: float = 0) -> Floats:
        """Recall so many days from now; new cards are not known."""
        return np.where(self.new, 0.0, curve.recalls(self.t + days, self.S))

    def sleep(self, days: float = 1) -> None:
        self.t[~self.new] += days


@dataclass(frozen=True, slots=True)
class Gains:
    """What studying each card today brings against its best later day, in recalled cards, and the minutes it takes."""

    gain: Floats
    minutes: Floats


class Today:
    """A pile so many days before the exam, looked up in the tables once and read at any price."""

    def __init__(self, prospects: Prospects, pile: Pile, left: float) -> None:
        self.prospects, self.pile, self.left = prospects, pile, left
        self.old = ~pile.new
        self.fresh = int(pile.new.sum())
        self.outlook = Outlook(prospects, left, pile.S[self.old], pile.D[self.old], pile.t[self.old]) if self.old.any() else None

    def gains(self, price: int) -> Gains:
        """By the tables: worth if studied today less worth on the best later day, the time of both paid."""
        pile = self.pile
        gain, minutes = np.empty(len(pile)), np.full(len(pile), self.prospects.seconds.new / 60)
        if self.outlook:
            gain[self.old] = self.outlook.gains(price)
            minutes[self.old] = self.outlook.cost[: self.outlook.cards]
        if self.fresh:
            gain[pile.new] = self.prospects.begun(price, self.left)[0] - self.prospects.begun_best(price, self.left)[0]
        return Gains(gain, minutes)

    def minutes(self, price: int) -> float:
        """The minutes that all these cards would take until the exam at a price of a minute."""
        total = self.outlook.minutes(price) if self.outlook else 0.0
        if self.fresh:
            now, later = self.prospects.begun(price, self.left), self.prospects.begun_best(price, self.left)
            total += self.fresh * max(now, later, key=lambda found: found[0])[1]
        return total

    def fair_price(self, budget: float, near: int | None = None) -> int:
        """The lowest price at which the cards take no more than the budget; ``near``: where it was yesterday."""
        low, high = 0, len(PRICES) - 1
        if near is not None:
            if self.minutes(near) > budget:
                return min(near + 1, high)
            return near if near == 0 or self.minutes(near - 1) > budget else near - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.minutes(middle) <= budget else (middle + 1, high)
        return low


def ranked(found: Gains) -> Chosen:
    """Cards by gain per minute; ties in their order."""
    return np.argsort(-found.gain / found.minutes, kind="stable")


def last_looks(prospects: Prospects, pile: Pile, left: float, minutes: float) -> Chosen:
    """In the final days: cards not looked at since they began that would not surely be recalled, if all of them fit beside the new ones; else none."""
    if left > LAST_LOOK_DAYS:
        return np.empty(0, np.int64)
    R = pile.recalls(prospects.curve)
    waiting = np.flatnonzero(~pile.new & (pile.recalls(prospects.curve, left) < SURE) & (pile.looked > LAST_LOOK_DAYS) & (pile.t >= 1))
    need = float(prospects.cost(R[waiting]).sum())
    new = float(pile.new.sum()) * prospects.seconds.new / 60
    if not len(waiting) or need + new > minutes * left or need < minutes * (left - 1):
        return np.empty(0, np.int64)
    return waiting[np.argsort(-pile.S[waiting], kind="stable")]  # what fades soonest comes last, nearest to the exam


def study(pile: Pile, chosen: Chosen, curve: Fsrs6, prospects: Prospects, minutes: float, left: float, numbers: np.random.Generator) -> tuple[float, int]:
    """Studies cards in order while there are minutes; the learner answers by ``curve``. Returns minutes and how many were studied."""
    spent, done = 0.0, []
    cost = prospects.seconds
    lucky = numbers.random(len(pile)) < pile.recalls(curve)
    seconds = np.where(pile.new, cost.new, np.where(lucky, cost.recall, cost.miss)) / 60
    most = np.where(pile.new, cost.new, max(cost.recall, cost.miss)) / 60 - 1e-9  # nobody knows beforehand whether it will be recalled
    least = float(most.min(initial=0.0))
    for card in chosen.tolist():
        if minutes - spent < least:
            break
        if spent + most[card] <= minutes:
            spent += float(seconds[card])
            done.append(card)
    if done:
        _answered(pile, np.array(done), lucky, curve, left, numbers)
    return spent, len(done)


def _answered(pile: Pile, done: Chosen, lucky: NDArray[np.bool_], curve: Fsrs6, left: float, numbers: np.random.Generator) -> None:
    fresh, known = done[pile.new[done]], done[~pile.new[done]]
    if len(fresh):
        grades = np.minimum(AGAIN + np.searchsorted(np.cumsum(FIRST_GRADES), pile.fate[fresh], side="right"), EASY)
        S, D = begins(curve)
        pile.S[fresh], pile.D[fresh], pile.new[fresh] = S[grades - 1], D[grades - 1], False
        pile.grade[fresh] = grades
    ease = numbers.random(len(pile))
    passed, missed = known[lucky[known]], known[~lucky[known]]
    if len(passed):
        grades = np.minimum(HARD + np.searchsorted(np.cumsum(PASS_GRADES), ease[passed], side="right"), EASY)
        pile.grade[passed] = grades
        pile.S[passed], pile.D[passed] = curve.afters(pile.S[passed], pile.D[passed], pile.t[passed], grades)
    if len(missed):
        pile.grade[missed] = AGAIN
        pile.S[missed], pile.D[missed] = relearned(curve, pile.S[missed], pile.D[missed], pile.t[missed])
    pile.t[done], pile.looked[done] = 0.0, left


Policy = Callable[[Pile, float, float], Chosen]  # (pile, days left, today's minutes) -> the cards to study, in order


class Ours:
    """Cards by what a minute on them brings on exam day, the price of a minute following the budget that is left."""

    def __init__(self, prospects: Prospects, budget: Callable[[float], float]) -> None:
        self.prospects, self.budget, self.price = prospects, budget, None

    price: int | None

    def __call__(self, pile: Pile, left: float, minutes: float) -> Chosen:
        today = Today(self.prospects, pile, left)
        self.price = today.fair_price(self.budget(left), self.price)
        found = today.gains(self.price)
        found.gain[pile.new] += EAGER * found.minutes[pile.new]
        order = ranked(found)
        first = last_looks(self.prospects, pile, left, minutes)
        if len(first):
            order = np.r_[first, order[~np.isin(order, first)]]
        return order
