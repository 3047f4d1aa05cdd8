"""The engine's functions, one core: replaying a log, what the buttons show, a set page's levels, the queue. Medians of several runs."""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kartoteka.engine.fsrs import FSRS6, FSRS7, replay_ratings
from kartoteka.engine.memory import DAY_MS, Calendar, Columns, Evidence, MemoryState, due_ms, level, levels, mastery, observe, outcomes, recall, replay
from kartoteka.engine.queue import Waiting, forecast, order

CALENDAR = Calendar()
NOW = CALENDAR.begins(20_000) + 8 * 3_600_000


def median_s(run: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return statistics.median(took)


def history(dice: random.Random, reviews: int) -> list[Evidence]:
    """One card's answers over months, mostly right."""
    at, found = NOW - 400 * DAY_MS, []
    for _ in range(reviews):
        grade = dice.choices((1, 2, 3, 4), (10, 8, 72, 10))[0]
        found.append(Evidence("rating", float(grade > 1), "spaced", grade, at_ms=at))
        at += round(dice.expovariate(1 / 9) * DAY_MS)
    return found


def states(dice: random.Random, cards: int) -> list[MemoryState]:
    found = []
    for _ in range(cards):
        S, last = dice.lognormvariate(2.5, 1.5), NOW - round(dice.expovariate(1 / 20) * DAY_MS)
        found.append(MemoryState(S, dice.uniform(1, 10), S, dice.uniform(1, 10), last, last, dice.randrange(5), None, dice.random() < 0.8))
    return found


def log_of(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A log of plain ratings: which card, days since its last one, the rating."""
    numbers = np.random.default_rng(1)
    return numbers.integers(0, rows // 12, rows), np.floor(numbers.exponential(8, rows)), numbers.choice([1, 2, 3, 4], rows, p=[0.1, 0.08, 0.72, 0.1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and smaller runs")
    quick = parser.parse_args().quick
    dice, times = random.Random(1), 3 if quick else 7

    def say(what: str, seconds: float, each: int = 1) -> None:
        shown = (
            f"{seconds:9.3f} s " if seconds >= 1 else f"{seconds * 1e3:9.2f} ms" if seconds / each >= 1e-3 or each == 1 else f"{seconds / each * 1e6:9.1f} µs"
        )
        print(f"{what:<64}{shown}")

    rows = 100_000 if quick else 1_000_000
    card, days, grade = log_of(rows)
    say(f"replay {rows:,} plain ratings, FSRS-6, arrays", median_s(lambda: replay_ratings(FSRS6, card, days, grade), times))
    say(f"replay {rows:,} plain ratings, FSRS-7, arrays", median_s(lambda: replay_ratings(FSRS7, card, days, grade), times))
    one = history(dice, 100)
    say("replay one card's 100 answers, both curves", median_s(lambda: replay(one, CALENDAR), times * 3))
    state = replay(one[:8], CALENDAR)
    if state is None:
        raise SystemExit("eight ratings left nothing")
    at, n = state.last_ms + 12 * DAY_MS, 500 if quick else 2000
    for name, evidence in (
        ("a rating", Evidence("rating", 1.0, "spaced", 3, at_ms=at)),
        ("multiple choice", Evidence("choice", 1.0, "learn", options=4, at_ms=at)),
        ("a wrong typed answer", Evidence("typed", 0.0, "learn", at_ms=at)),
    ):
        say(f"observe {name}", median_s(lambda e=evidence: [observe(state, e, CALENDAR) for _ in range(n)], times), n)
    say("outcomes of one card: what the four buttons would do", median_s(lambda: [outcomes(state, at, CALENDAR) for _ in range(n)], times), n)
    say("due of one card, with fuzz", median_s(lambda: [due_ms(state, target=0.9, calendar=CALENDAR, seed="card") for _ in range(n)], times), n)
    say("recall and level of one card", median_s(lambda: [(recall(state, at, CALENDAR), level(state, at, CALENDAR)) for _ in range(n)], times), n)

    cards = 20_000
    many = states(dice, cards)
    columns = Columns.of(many)
    say(f"levels of {cards:,} cards", median_s(lambda: levels(columns, NOW, CALENDAR), times))
    say(f"mastery of {cards:,} cards, with its band", median_s(lambda: mastery(columns, NOW + 7 * DAY_MS, CALENDAR), times))

    cards = 50_000
    waiting = [
        Waiting(f"{i:08x}", f"{i // 2:08x}", None if i % 10 == 0 else state, i, state.last_ms + round(state.s6 * DAY_MS))
        for i, state in enumerate(states(dice, cards))
    ]
    behind = [replace(one, due_ms=NOW - 1) for one in waiting]
    say(f"queue of 20 minutes from {cards:,} cards", median_s(lambda: order(waiting, now_ms=NOW, calendar=CALENDAR, minutes=20, new_cap=20), times))
    say(f"queue of 20 minutes from {cards:,} cards, all overdue", median_s(lambda: order(behind, now_ms=NOW, calendar=CALENDAR, minutes=20, new_cap=20), times))
    say(f"forecast of 14 days for {cards:,} cards", median_s(lambda: forecast(waiting, now_ms=NOW, calendar=CALENDAR), times))


if __name__ == "__main__":
    main()
