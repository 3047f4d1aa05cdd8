"""A higher goal costs more, more cards cost more, and nothing costs nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.pricing import minutes_a_day
from kartoteka.engine.queue import Seconds


def price(target: float, cards: int = 300, S: float = 20.0, **more: float) -> float:
    return minutes_a_day(np.full(cards, S), np.full(cards, 5.0), np.linspace(0, S, cards), target, seconds=Seconds(**more) if more else None)


def test_a_higher_goal_costs_more() -> None:
    prices = [price(target) for target in (0.8, 0.85, 0.9, 0.95)]
    assert prices == sorted(prices)
    assert prices[0] < prices[-1] / 2


def test_twice_the_cards_cost_twice_as_much() -> None:
    assert price(0.9, 600) == pytest.approx(2 * price(0.9, 300), rel=0.03)


def test_who_answers_twice_as_quickly_pays_half() -> None:
    assert price(0.9, recall=6.0, miss=10.0) == pytest.approx(price(0.9, recall=12.0, miss=20.0) / 2)


def test_what_is_known_for_years_costs_next_to_nothing_and_no_card_costs_nothing() -> None:
    assert price(0.9, S=5000.0) < 0.5
    assert price(0.9, cards=0) == 0


@given(st.lists(st.tuples(st.floats(0.01, 36500), st.floats(1, 10), st.floats(0, 4000)), max_size=30), st.floats(0.7, 0.97))
def test_any_memory_has_a_price_that_is_a_number(cards: list[tuple[float, float, float]], target: float) -> None:
    columns = np.array(cards, float).reshape(-1, 3).T
    found = minutes_a_day(*columns, target)
    assert np.isfinite(found)
    assert 0 <= found <= len(cards) * 400
