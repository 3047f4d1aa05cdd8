"""Ratings of many cards replayed at once."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.fsrs import WEIGHTS_6, WEIGHTS_7
from kartoteka.engine.memory import Calendar, Evidence, observe
from kartoteka.engine.rated import replay_rated
from kartoteka.engine.state import DAY_MS, PLAIN_MODEL, Model, recall

GAPS_MS = (0, 500, 60_000, 600_000, 7_200_000, 20_000_000, DAY_MS, 3 * DAY_MS, 40 * DAY_MS, 900 * DAY_MS)
CALENDARS = (Calendar(), Calendar(((0, 240), (1_650_000_000_000, -300))))

OTHER = [weight * 1.01 for weight in WEIGHTS_6], [weight * 1.01 for weight in WEIGHTS_7]
MODELS = (PLAIN_MODEL, Model.of(*OTHER), Model.of(*OTHER, Beliefs((0.1, 0.5, 0.4, 0.0, 0.1, 0.0), 0.2, 19_000)))


def _histories(cards: int, dice: random.Random) -> list[list[tuple[int, int]]]:
    made = []
    for _card in range(cards):
        at, rows = dice.randrange(1_500_000_000_000, 1_700_000_000_000), []
        for _row in range(dice.choice((1, 1, 2, 5, 12, 60))):
            rows.append((at, dice.choice((1, 1, 2, 3, 3, 3, 4))))
            at += dice.choice(GAPS_MS) + dice.randrange(1000) * dice.randrange(2)
        made.append(rows)
    return made


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("cards", [1, 9, 150])
@pytest.mark.parametrize("model", MODELS)
def test_many_cards_at_once_remember_to_the_last_bit_what_one_by_one_they_remember(calendar: Calendar, cards: int, model: Model) -> None:
    histories = _histories(cards, random.Random(cards))
    begins = np.cumsum([0, *map(len, histories)])[:-1]
    at_ms, grade = (np.array([row[which] for rows in histories for row in rows], np.int64) for which in (0, 1))
    found, foretold = replay_rated(at_ms, grade, begins, calendar, mode="imported", model=model)
    row = 0
    for rows, last in zip(histories, found, strict=True):
        state = None
        for at, g in rows:
            later = state is not None and calendar.day(at) > calendar.day(state.last_ms)
            assert np.isnan(foretold[row]) if not later else foretold[row] == recall(state, at, calendar, model)
            state = observe(state, Evidence("rating", float(g > 1), "imported", g, at_ms=at), calendar, model)
            row += 1
        assert last == state


def test_no_card_remembers_nothing() -> None:
    nothing = np.empty(0, np.int64)
    assert replay_rated(nothing, nothing, nothing, Calendar(), mode="imported")[0] == []
