"""What a schedule of another program says about a memory: stability from its interval, difficulty from its ease."""

from __future__ import annotations

from math import exp, log

from kartoteka.engine.fsrs import FSRS6, FSRS7, LONGEST_DAYS, Fsrs6, Fsrs7, clip

RETAINED = 0.9  # what programs of the family of SM-2 are made to keep


def difficulty_of(ease: float, interval_days: float, curve: Fsrs6 = FSRS6) -> float:
    """The difficulty with which FSRS itself would multiply this interval by this ease, were the card recalled when it is due."""
    w = curve.w
    growth = exp(w[8]) * clip(interval_days, 0.1, LONGEST_DAYS) ** -w[9] * (exp(w[10] * (1 - RETAINED)) - 1)
    return clip(11 - (ease - 1) / growth, 1.0, 10.0)


def stability7(days: float, curve: Fsrs7 = FSRS7) -> float:
    """FSRS-7's stability under which recall falls to nine in ten after so many days, by halving ln S."""
    low, high = log(curve.least), log(LONGEST_DAYS)
    for _ in range(48):
        middle = (low + high) / 2
        if curve.recall(days, exp(middle)) < RETAINED:
            low = middle
        else:
            high = middle
    return exp((low + high) / 2)


def usual_difficulty(curve: Fsrs6 = FSRS6) -> float:
    """Where nothing is said: that of a card begun with “Got it”."""
    return curve.first(3)[1]
