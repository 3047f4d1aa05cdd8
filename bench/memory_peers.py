"""Runs in an environment of its own, made by bench/memory.py: py-fsrs and fsrs-rs on the same logs, times on the same machine.

Reads one JSON object on standard input, prints one; knows nothing of this repository.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import fsrs
import fsrs_rs_python as rs

DEFAULT = list(rs.DEFAULT_PARAMETERS)


def items_of(cards: dict[int, list[int]], grade: list[int], lag: list[int], rows: set[int]) -> list[Any]:
    """A training item for each scored review: the card's history up to it."""
    found = []
    for history in cards.values():
        reviews = []
        for row in history:
            reviews.append(rs.FSRSReview(grade[row], lag[row]))
            if row in rows and lag[row] > 0 and len(reviews) > 1:
                found.append(rs.FSRSItem(list(reviews)))
    return found


def recalls(cards: dict[int, list[int]], grade: list[int], lag: list[int], weights: list[float], upto: int) -> dict[int, float]:
    """Recall before each review on a later day."""
    model, decay = rs.FSRS(weights), weights[20]
    factor = 0.9 ** (-1 / decay) - 1
    found = {}
    for history in cards.values():
        rows = [row for row in history if row < upto]
        if len(rows) < 2:
            continue
        states = model.historical_memory_states(rs.FSRSItem([rs.FSRSReview(grade[row], lag[row]) for row in rows]))
        for before, row in zip(states, rows[1:], strict=False):
            if lag[row] > 0:
                found[row] = (1 + factor * lag[row] / before.stability) ** -decay
    return found


def log_of(one: dict[str, Any]) -> dict[str, Any]:
    grade, lag = one["grade"], one["lag"]
    cards: dict[int, list[int]] = {}
    for row, card in enumerate(one["card"]):
        cards.setdefault(card, []).append(row)
    tested, begins, scored = one["tested"], one["begins"], one["scored"]
    default = recalls(cards, grade, lag, DEFAULT, len(grade))
    told: dict[str, Any] = {"fsrs-rs, defaults": [default[row] for row in tested], "all": [default[row] for row in scored]}
    for epochs in (5, 20):
        fitted: list[float] = []
        for since, until in pairwise(begins):
            if until == since:
                continue
            rows = set(scored[:since])
            weights = DEFAULT
            if rows:
                try:
                    weights = list(rs.FSRS(DEFAULT).compute_parameters(items_of(cards, grade, lag, rows), training_config=config(epochs)))
                except BaseException as wrong:  # too few reviews end in a panic there
                    if isinstance(wrong, KeyboardInterrupt):
                        raise
            found = recalls(cards, grade, lag, weights, scored[until - 1] + 1)
            fitted += [found[row] for row in scored[since:until]]
        told[f"fsrs-rs, fitted {epochs}"] = fitted
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    found = {}
    for history in cards.values():
        card = fsrs.Card()
        for row in history:
            at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=one["at"][row])
            if card.last_review is not None and lag[row] > 0:
                found[row] = scheduler.get_card_retrievability(card, at)
            card, _ = scheduler.review_card(card, fsrs.Rating(grade[row]), at)
    told["py-fsrs, defaults"] = [found[row] for row in tested]
    return told


def config(epochs: int) -> Any:
    return rs.TrainingConfig(num_epochs=epochs)


def times(one: dict[str, Any]) -> dict[str, Any]:
    """Seconds to replay a log and to fit to it."""
    grade, lag = one["grade"], one["lag"]
    cards: dict[int, list[int]] = {}
    for row, card in enumerate(one["card"]):
        cards.setdefault(card, []).append(row)
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    part = {card: rows for card, rows in cards.items() if card < one["py_cards"]}
    began = time.process_time()
    for history in part.values():
        card = fsrs.Card()
        for row in history:
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=one["at"][row])
            card, _ = scheduler.review_card(card, fsrs.Rating(grade[row]), at)
    rows = sum(map(len, part.values()))
    replay_py = (time.process_time() - began) / rows * 1e6
    items = items_of(cards, grade, lag, set(range(len(grade))))
    found: dict[str, Any] = {"py_replay_1m": replay_py, "items": len(items), "fits": []}
    for epochs in one["epochs"]:
        began = time.perf_counter()
        weights = list(rs.FSRS(DEFAULT).compute_parameters(items, training_config=config(epochs)))
        found["fits"].append({"epochs": epochs, "seconds": time.perf_counter() - began, "weights": weights})
    return found


def main() -> None:
    asked = json.load(sys.stdin)
    told = {"logs": {name: log_of(one) for name, one in asked.get("logs", {}).items()}}
    if "timed" in asked:
        told["timed"] = times(asked["timed"])
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
