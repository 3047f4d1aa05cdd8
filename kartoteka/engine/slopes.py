"""How the loss of a log of ratings changes with each weight of a curve: one pass forward, one back (reverse differentiation, by hand).

Forward, every card's states are replayed. Then the partial derivatives of all reviews are computed at once, and one pass back over the turns
carries each review's influence on later losses to the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kartoteka.engine.fsrs import AGAIN, EASY, GOOD, HARD, LONGEST_DAYS, SECOND, Floats, Fsrs6, Fsrs7

SAFEST = 1e-5


@dataclass(frozen=True, slots=True)
class Turns:
    """Reviews sorted so that all cards' first ones come first, then all second ones …: cards with the longest history in front."""

    t: Floats
    grade: NDArray[np.int64]
    weight: Floats  # of the review's loss; 0 where it is not scored
    ends: tuple[int, ...]  # where each turn ends

    @classmethod
    def of(cls, card: NDArray[np.int64], t: Floats, grade: NDArray[np.int64], weight: Floats) -> Turns:
        """From rows in time order."""
        order = np.argsort(card, kind="stable")
        cards, lengths = np.unique(card, return_counts=True)
        turn = np.arange(len(card)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rank = np.empty(len(cards), np.int64)
        rank[np.argsort(-lengths, kind="stable")] = np.arange(len(cards))
        order = order[np.lexsort((np.repeat(rank, lengths), turn))]
        return cls(t[order], grade[order], weight[order], tuple(np.cumsum(np.bincount(turn)).tolist()) if len(card) else ())


class Replayed(NamedTuple):
    """States before each review but the first of a card, and recall then; ``after`` as computed, before it is held within bounds."""

    S: Floats
    D: Floats
    S_after: Floats
    D_after: Floats


def _replayed(curve: Fsrs6 | Fsrs7, turns: Turns) -> Replayed:
    rows = len(turns.t)
    S, D, S_after, D_after = (np.empty(rows) for _ in range(4))
    begin = turns.ends[0]
    S_after[:begin], D_after[:begin] = curve.firsts(turns.grade[:begin])
    S[:begin], D[:begin] = S_after[:begin], D_after[:begin]
    before = 0
    for end in turns.ends[1:]:
        n = end - begin
        S[begin:end], D[begin:end] = S_after[before : before + n], D_after[before : before + n]
        S_after[begin:end], D_after[begin:end] = curve.afters(S[begin:end], D[begin:end], turns.t[begin:end], turns.grade[begin:end])
        before, begin = begin, end
    return Replayed(S, D, S_after, D_after)


def _back(turns: Turns, SS: Floats, SD: Floats, DD: Floats, loss_S: Floats) -> tuple[Floats, Floats]:
    """The influence of every S and D after a review on all later losses: ``SS`` = dS'/dS, ``SD`` = dS'/dD, ``DD`` = dD'/dD."""
    aS, aD = np.zeros(len(SS)), np.zeros(len(SS))
    starts = (0, *turns.ends[:-1])
    for k in range(len(turns.ends) - 1, 0, -1):
        begin, end, before = starts[k], turns.ends[k], starts[k - 1]
        n = end - begin
        here = slice(begin, end)
        aS[before : before + n] = aS[here] * SS[here] + loss_S[here]
        aD[before : before + n] = aS[here] * SD[here] + aD[here] * DD[here]
    return aS, aD


def _losses(turns: Turns, R: Floats) -> tuple[float, Floats]:
    """(Σ weight · log loss, its derivative by R); a card's first review is never scored."""
    R = np.clip(R, SAFEST, 1 - SAFEST)
    right = turns.grade > AGAIN
    loss = -(turns.weight * np.log(np.where(right, R, 1 - R))).sum()
    return float(loss), turns.weight * np.where(right, -1 / R, 1 / (1 - R))


def _dot(a: Floats, b: NDArray[Any]) -> float:
    """Σ a·b on one core: for such lengths the libraries' threads cost more than they bring."""
    return float(np.einsum("i,i", a, b))


def _inside(x: Floats, low: float, high: float) -> NDArray[np.bool_]:
    return (x > low) & (x < high)


def slopes_6(w: Floats, turns: Turns) -> tuple[float, Floats]:
    """(loss, its derivative by each weight) of FSRS-6."""
    curve = Fsrs6(tuple(w.tolist()))
    S, D, S_after, D_after = _replayed(curve, turns)
    t, g, begin = turns.t, turns.grade, turns.ends[0]
    x = curve.factor * t / S
    log1x = np.log1p(x)
    R = np.exp(-w[20] * log1x)
    loss, by_R = _losses(turns, R)
    fall = w[20] * R / (1 + x)
    R_S = fall * x / S
    lnS, lost = np.log(S), 1 - R
    same, miss = t < 1, g == AGAIN
    lapse, kept = ~same & miss, ~same & ~miss
    same[:begin] = lapse[:begin] = kept[:begin] = False
    # each review is in one of five branches; whatever is not its own stays 0
    grow = np.exp(w[17] * (g - 3 + w[18])) * np.exp(-w[19] * lnS)
    moved = same & (miss | (grow > 1))
    power = np.exp(w[13] * np.log1p(S))
    A = w[11] * D ** -w[12] * (power - 1) * np.exp(w[14] * lost)
    deep = lapse & (S / np.exp(w[17] * w[18]) > A)
    floor = lapse & ~deep
    E = np.exp(w[10] * lost)
    bonus = np.where(g == HARD, w[15], np.where(g == EASY, w[16], 1.0))
    K = np.exp(w[8]) * (11 - D) * np.exp(-w[9] * lnS) * bonus
    inc = K * (E - 1)
    A = np.where(deep, A, 0.0)
    up = np.where(kept, S * inc, 0.0)
    step = np.where(moved, S * grow, 0.0)
    B = np.where(floor, S * np.exp(-w[17] * w[18]), 0.0)
    S_R = -w[14] * A - np.where(kept, w[10] * S * K * E, 0.0)
    SS = np.where(moved, grow * (1 - w[19]), 0.0) + np.where(same & ~moved, 1.0, 0.0) + np.where(kept, 1 + inc * (1 - w[9]), 0.0)
    SS += B / S + A * w[13] * power / ((S + 1) * (power - 1)) + S_R * R_S
    SD = -w[12] * A / D - up / (11 - D)
    hard = (g - 3) * (10 - D) / 9
    inner = D - w[6] * hard
    free_S, free_D = _inside(S_after, curve.least, LONGEST_DAYS), _inside(D_after, 1, 10)
    DD = np.where(free_D, (1 - w[7]) * (1 + w[6] * (g - 3) / 9), 0.0)
    aS, aD = _back(turns, np.where(free_S, SS, 0.0), np.where(free_S, SD, 0.0), DD, by_R * R_S)
    first_S, first_D, first_g = aS[:begin] * free_S[:begin], aD[:begin] * free_D[:begin], g[:begin]
    aS, aD = np.where(free_S, aS, 0.0), np.where(free_D, aD, 0.0)
    aS[:begin] = aD[:begin] = 0.0
    aR = by_R + aS * S_R
    aR[:begin] = 0.0
    d = np.empty(21)
    d[:4] = [first_S[first_g == k].sum() for k in range(1, 5)]
    aD_all, e3 = aD.sum(), np.exp(3 * w[5])
    d[4] = first_D.sum() + w[7] * aD_all
    d[5] = -(first_D * (first_g - 1) * np.exp(w[5] * (first_g - 1))).sum() - 3 * e3 * w[7] * aD_all
    d[6] = -(1 - w[7]) * _dot(aD, hard)
    d[7] = curve.easy_difficulty * aD_all - _dot(aD, inner)
    aU = aS * up
    d[8], d[9] = aU.sum(), -_dot(aU, lnS)
    d[10] = _dot(aS, np.where(kept, S * K * E * lost, 0.0))
    aA = aS * A
    d[11], d[12] = aA.sum() / w[11], -_dot(aA, np.log(D))
    d[13] = _dot(aA, power * np.log1p(S) / (power - 1))
    d[14] = _dot(aA, lost)
    d[15], d[16] = aU[g == HARD].sum() / max(w[15], 1e-9), aU[g == EASY].sum() / w[16]
    aT, aB = aS * step, _dot(aS, B)
    d[17], d[18], d[19] = _dot(aT, g - 3 + w[18]) - w[18] * aB, w[17] * aT.sum() - w[17] * aB, -_dot(aT, lnS)
    factor_w = 0.9 ** (-1 / w[20]) * np.log(0.9) / w[20] ** 2
    d[20] = _dot(aR, -R * log1x - fall * (t / S) * factor_w)
    return loss, d


class _Branch(NamedTuple):
    """One of FSRS-7's two, with its derivatives by S, D, R and its nine weights."""

    value: Floats
    S: Floats
    D: Floats
    R: Floats
    w: list[Floats]


def _branch(w: Floats, k: int, S: Floats, D: Floats, lost: Floats, g: NDArray[Any], lnS: Floats, lnD: Floats, ln1S: Floats) -> _Branch:
    power = np.exp(w[k + 5] * ln1S)
    A = w[k + 3] * np.exp(-w[k + 4] * lnD) * (power - 1) * np.exp(w[k + 6] * lost)
    low = A < S
    fail = np.where(low, A, S)
    E = np.exp(w[k + 2] * lost)
    bonus = np.where(g == HARD, w[k + 7], np.where(g == EASY, w[k + 8], 1.0))
    K = np.exp(w[k] - 1.5) * (11 - D) * np.exp(-w[k + 1] * lnS) * bonus
    inc = K * (E - 1)
    up = (g > AGAIN) & (S * (1 + inc) > fail)
    Z = np.where(~up & low, A, 0.0)
    U = np.where(up, S * inc, 0.0)
    more = np.where(up, S * K * E, 0.0)
    return _Branch(
        np.where(up, S * (1 + inc), fail),
        np.where(up, 1 + inc * (1 - w[k + 1]), np.where(low, 0.0, 1.0)) + Z * w[k + 5] * power / ((S + 1) * (power - 1)),
        -w[k + 4] * Z / D - U / (11 - D),
        -w[k + 6] * Z - w[k + 2] * more,
        [
            U, -U * lnS, more * lost, Z / max(w[k + 3], 1e-9), -Z * lnD, Z * power * ln1S / (power - 1), Z * lost,
            np.where(g == HARD, U, 0.0) / max(w[k + 7], 1e-9), np.where(g == EASY, U, 0.0) / w[k + 8],
        ],
    )  # fmt: skip


def slopes_7(w: Floats, turns: Turns) -> tuple[float, Floats]:
    """(loss, its derivative by each weight) of FSRS-7."""
    curve = Fsrs7(tuple(w.tolist()))
    S, D, S_after, D_after = _replayed(curve, turns)
    t, g, begin = np.maximum(turns.t, SECOND), turns.grade, turns.ends[0]
    x, lnS, lnD, ln1S = t / S, np.log(S), np.log(D), np.log1p(S)
    s1, s2 = curve.scales
    l1, l2 = np.log1p(s1 * x), np.log1p(s2 * x)
    P1, P2 = np.exp(-w[27] * l1), np.exp(-w[28] * l2)
    a, b = w[31] * np.exp(-w[33] * lnS), w[32] * np.exp(w[34] * lnS)
    one, two = a / (a + b), b / (a + b)
    R = one * P1 + two * P2
    loss, by_R = _losses(turns, R)
    by_R[:begin] = 0.0
    fall1, fall2 = one * w[27] * P1 / (1 + s1 * x), two * w[28] * P2 / (1 + s2 * x)
    tilt1, tilt2 = one * (P1 - R), two * (P2 - R)
    R_S = ((fall1 * s1 + fall2 * s2) * x - w[33] * tilt1 + w[34] * tilt2) / S
    decay = np.exp(-w[25] * t)
    c = 1 - w[26] * decay
    lost = 1 - R
    long, short = (_branch(w, k, S, D, lost, g, lnS, lnD, ln1S) for k in (7, 16))
    S_R = c * long.R + (1 - c) * short.R
    free_S, free_D = _inside(S_after, curve.least, LONGEST_DAYS), _inside(D_after, 1, 10)
    SS = np.where(free_S, c * long.S + (1 - c) * short.S + S_R * R_S, 0.0)
    SD = np.where(free_S, c * long.D + (1 - c) * short.D, 0.0)
    DD = np.where(free_D, 0.99 * (1 + w[6] * (g - GOOD) / 9), 0.0)
    aS, aD = _back(turns, SS, SD, DD, by_R * R_S)
    first_S, first_D, first_g = aS[:begin] * free_S[:begin], aD[:begin] * free_D[:begin], g[:begin]
    aS, aD = np.where(free_S, aS, 0.0), np.where(free_D, aD, 0.0)
    aS[:begin] = aD[:begin] = 0.0
    aR = by_R + aS * S_R
    d = np.empty(35)
    d[:4] = [first_S[first_g == k].sum() for k in range(1, 5)]
    aD_all = aD.sum()
    d[4] = first_D.sum() + 0.01 * aD_all
    d[5] = -(first_D * (first_g - 1) * np.exp(w[5] * (first_g - 1))).sum() - 0.03 * np.exp(3 * w[5]) * aD_all
    d[6] = -0.99 * _dot(aD, (g - GOOD) * (10 - D) / 9)
    aL, aH = aS * c, aS * (1 - c)
    d[7:16] = [_dot(aL, part) for part in long.w]
    d[16:25] = [_dot(aH, part) for part in short.w]
    apart = aS * (long.value - short.value) * decay
    d[25], d[26] = w[26] * _dot(apart, t), -apart.sum()
    for at, base, q, share, P, ln1, fall in ((27, 29, w[27], one, P1, l1, fall1), (28, 30, w[28], two, P2, l2, fall2)):
        root = w[base] ** (-1 / q)
        d[at] = _dot(aR, -share * P * ln1 - fall * x * root * np.log(w[base]) / q**2)
        d[base] = _dot(aR, fall * x) * root / (w[base] * q)
    aT1, aT2 = aR * tilt1, aR * tilt2
    d[31], d[32], d[33], d[34] = aT1.sum() / w[31], aT2.sum() / w[32], -_dot(aT1, lnS), _dot(aT2, lnS)
    return loss, d
