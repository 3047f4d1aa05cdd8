"""What a desired retention costs in minutes a day, with the cards as they are remembered now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import AGAIN, FSRS6, GOOD, Floats, Fsrs6
from kartoteka.engine.queue import Seconds

HORIZON_DAYS = 365
SHORTEST_DAYS = 1.0
MOST_REVIEWS = 365  # one a day
OVERDUE_DAYS = 7  # what is late is caught up within a week, so that a backlog is no price of the goal


def minutes_a_day(S: Floats, D: Floats, since_days: Floats, target: float, *, seconds: Seconds | None = None, curve: Fsrs6 = FSRS6) -> float:
    """The mean minutes a day over the next year in which every review comes when recall has fallen to ``target``.

    ``S`` days, ``D`` 1…10, ``since_days``: days since each card's last review; one value a card. No card is new, and none is added. Each review
    is taken as it will be on average: kept with probability ``target``, else relearned; stability goes on as the weighted mean of ln S.
    """
    seconds = seconds or Seconds()
    if not len(S):
        return 0.0
    S, D = np.array(S, float), np.array(D, float)
    at = np.maximum(curve.intervals(target, S), SHORTEST_DAYS) - since_days
    late = at < 0
    at[late] = OVERDUE_DAYS * np.arange(int(late.sum())) / max(1, int(late.sum()))
    once = target * seconds.recall + (1 - target) * (seconds.miss + seconds.recall)
    spent = 0.0
    here: NDArray[np.bool_] = at < HORIZON_DAYS
    for _ in range(MOST_REVIEWS):
        if not here.any():
            break
        S, D, at = S[here], D[here], at[here]
        spent += once * len(S)
        t = np.maximum(curve.intervals(target, S), SHORTEST_DAYS)
        kept, kept_d = curve.afters(S, D, t, np.full(len(S), GOOD))
        lost, lost_d = curve.afters(S, D, t, np.full(len(S), AGAIN))
        S, D = np.exp(target * np.log(kept) + (1 - target) * np.log(lost)), target * kept_d + (1 - target) * lost_d
        at = at + np.maximum(curve.intervals(target, S), SHORTEST_DAYS)
        here = at < HORIZON_DAYS
    return spent / 60 / HORIZON_DAYS
