"""Made-up learners study made-up cards by several policies, so that the exam plan can be held against others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from kartoteka.engine.fsrs import AGAIN, EASY, FSRS6, GOOD, HARD, WEIGHTS_6, Floats, Fsrs6
from kartoteka.engine.piles import KEPT_OVER, Chosen, Ours, Pile, Policy, study
from kartoteka.engine.prospects import Prospects, prospects
from kartoteka.engine.queue import Seconds

Name = Literal["ours", "fsrs90", "sm2", "round_robin"]
POLICIES: tuple[Name, ...] = ("ours", "fsrs90", "sm2", "round_robin")
SPREAD_6 = np.array([0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27])
LOW_6 = np.array([0.001] * 4 + [1, 0.001, 0.001, 0.001, 0, 0, 0.001, 0.001, 0.001, 0.001, 0, 0, 1, 0, 0, 0.01, 0.1])
HIGH_6 = np.array([100.0] * 4 + [10, 4, 4, 0.75, 4.5, 0.8, 3.5, 5, 0.25, 0.9, 4, 1, 6, 2, 2, 0.8, 0.8])


class Result(NamedTuple):
    """What a policy reached: mean recall on the day, its spread over learners (one in ten below ``low``), minutes and reviews per learner."""

    policy: Name
    recall: float
    low: float
    high: float
    minutes_used: float
    reviews: float


def learners(count: int, seed: int) -> list[Fsrs6]:
    """Learners whose weights lie around the defaults as those of real ones do."""
    numbers = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        w = np.array(WEIGHTS_6)
        w[:4] = np.sort(w[:4] * np.exp(numbers.normal(0, 0.5, 4)))
        w[4:] += numbers.normal(0, SPREAD_6 / 2)
        found.append(Fsrs6(tuple(np.clip(w, LOW_6, HIGH_6).tolist())))
    return found


def simulate(policy: Name, *, cards: int, days: int, minutes: float, seed: int = 1, count: int = 20, seconds: Seconds | None = None) -> Result:
    """New cards, so many minutes daily for so many days, then the exam. The policies know the default weights, the learners differ."""
    tables = prospects(WEIGHTS_6, seconds or Seconds())
    reached, used, reviews = [], 0.0, 0
    for who, curve in enumerate(learners(count, seed)):
        pile = Pile.of_new(cards)
        pile.fate = np.random.default_rng((seed, who)).random(cards)
        choose = _policy(policy, tables, minutes, cards)
        over = 0.0
        for left in range(days, 0, -1):
            numbers = np.random.default_rng((seed, who, left))  # the same luck on the same day, whatever the policy
            spent, done = study(pile, choose(pile, left, minutes), curve, tables, minutes + over, left, numbers)
            used, reviews, over = used + spent, reviews + done, min(minutes + over - spent, KEPT_OVER)
            pile.sleep()
        reached.append(float(pile.recalls(curve).mean()))
    low, high = np.quantile(reached, (0.1, 0.9))
    return Result(policy, float(np.mean(reached)), float(low), float(high), float(used) / count, reviews / count)


def minutes_to(policy: Name, goal: float, *, cards: int, days: int, seed: int = 1, count: int = 20, most: float = 120.0) -> float | None:
    """Minutes a day with which a policy reaches the goal, by halving, to 1 %; ``None``: not with ``most``."""
    low, high = 0.0, 1.0
    while simulate(policy, cards=cards, days=days, minutes=high, seed=seed, count=count).recall < goal:
        low, high = high, high * 2
        if high > most:
            return None
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        reached = simulate(policy, cards=cards, days=days, minutes=middle, seed=seed, count=count).recall
        low, high = (low, middle) if reached >= goal else (middle, high)
    return high


def _policy(name: Name, tables: Prospects, minutes: float, cards: int) -> Policy:
    if name == "ours":
        return Ours(tables, lambda left: minutes * left)
    if name == "fsrs90":
        return _fsrs90
    return _RoundRobin(cards) if name == "round_robin" else _Sm2(cards)


def _fsrs90(pile: Pile, left: float, minutes: float) -> Chosen:
    """Due when recall has fallen to .9, the least sure first; then new cards in order."""
    due = np.flatnonzero(~pile.new & (pile.t >= np.maximum(np.rint(pile.S), 1)))
    R = FSRS6.recalls(pile.t[due], pile.S[due])
    return np.concatenate([due[np.argsort(R, kind="stable")], np.flatnonzero(pile.new)])


class _RoundRobin:
    """The cards in their order, again and again."""

    def __init__(self, cards: int) -> None:
        self.times: Floats = np.zeros(cards)
        self.seen: Sequence[float] = ()

    def __call__(self, pile: Pile, left: float, minutes: float) -> Chosen:
        return np.lexsort((np.arange(len(pile)), np.where(pile.new, -np.inf, -pile.looked)))


class _Sm2:
    """SM-2 as Anki has it by default: a day after the first meeting (four if easy), then times the ease; a miss begins anew at a day."""

    def __init__(self, cards: int) -> None:
        self.ease, self.interval, self.looked = np.full(cards, 2.5), np.zeros(cards), np.full(cards, np.inf)

    def __call__(self, pile: Pile, left: float, minutes: float) -> Chosen:
        for card in np.flatnonzero(pile.looked != self.looked).tolist():
            self._answered(card, int(pile.grade[card]), 0.0 if np.isinf(self.looked[card]) else float(self.looked[card] - pile.looked[card]))
        self.looked = pile.looked.copy()
        due = np.flatnonzero(~pile.new & (pile.t >= self.interval))
        return np.concatenate([due[np.argsort(self.interval[due] - pile.t[due], kind="stable")], np.flatnonzero(pile.new)])

    def _answered(self, card: int, grade: int, waited: float) -> None:
        before, ease = self.interval[card], self.ease[card]
        late = max(0.0, waited - before)
        if before == 0:
            self.interval[card] = 4.0 if grade == EASY else 1.0
            return
        if grade == AGAIN:
            self.interval[card], self.ease[card] = 1.0, max(1.3, ease - 0.2)
            return
        hard = max(before + 1, np.rint(before * 1.2))
        good = max(hard + 1, np.rint((before + late / 2) * ease))
        self.interval[card] = hard if grade == HARD else good if grade == GOOD else max(good + 1, np.rint((before + late) * ease * 1.3))
        self.ease[card] = max(1.3, ease + (-0.15 if grade == HARD else 0.15 if grade == EASY else 0.0))
