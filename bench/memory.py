"""Figures of the memory engine against its peers, in one run: prediction, noisy answers, retention, the exam plan, speed.

Logs come from a folder outside the repository (--logs, or KARTOTEKA_LOGS); peers are installed into an environment of their own and never
imported here. `make bench-memory` runs it; what it prints belongs into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench import memory_retention
from kartoteka.cli import logs
from kartoteka.cli.memory import _answers
from kartoteka.engine import mixed
from kartoteka.engine.calibrating import Calibrator
from kartoteka.engine.evidence import Evidence
from kartoteka.engine.fitting import curves_for
from kartoteka.engine.fsrs import FSRS6, GOOD, Fsrs6, replay_ratings
from kartoteka.engine.memory import DAY_MS, Calendar, Columns, MemoryState, observe, outcomes, replay
from kartoteka.engine.planning import Candidate, Exam, plan
from kartoteka.engine.predicting import Folds, Ratings, figures, log_loss, predictions
from kartoteka.engine.queue import Waiting, most_pressing, order
from kartoteka.engine.simulating import POLICIES, minutes_to, simulate

HERE = Path(__file__).resolve().parent
PEERS = ("fsrs==6.3.2", "fsrs-rs-python==0.9.3")
ANKI_QUEUE_MS, ANKI_FIT_S = 39.0, {100_000: 0.88, 1_000_000: 8.8}  # Anki 25.09 on a quiet machine


def peers(asked: dict[str, Any], home: Path) -> dict[str, Any] | None:
    """What py-fsrs and fsrs-rs say, from their own environment; ``None`` where it cannot be made."""
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=False)
        if done.returncode:
            return None
    done = subprocess.run(
        [python, str(HERE / "memory_peers.py")], input=json.dumps(asked), capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )
    if done.returncode:
        print(done.stderr[-2000:])
        return None
    return json.loads(done.stdout)


def ours(log: logs.Log) -> dict[str, tuple[float, ...]]:
    """(log loss, RMSE, AUC) of every model on the tested reviews, and of a new learner on all."""
    ratings = log.ratings
    tested, found, fitted = Folds.of(ratings).tested, {}, {}

    def once(part: Ratings) -> Any:
        if len(part) not in fitted:
            fitted[len(part)] = curves_for(part)
        return fitted[len(part)]

    for model, ahead in (("fsrs6", "now"), ("default", "now"), ("default", "day"), ("stack", "now"), ("stack", "day")):
        p, every, curves = predictions(ratings, model, ahead, once)
        found[f"{model} {ahead}"] = three(p, ratings, tested)
        if model in ("fsrs6", "default") and ahead == "now":
            found[f"{model} all"] = three(every, ratings, ratings.scored)
        if model == "stack" and ahead == "now":
            found["same day"] = same_day(ratings, curves)
    return found


def same_day(ratings: Ratings, curves: list[Any]) -> tuple[float, ...]:
    """Log loss of FSRS-7 fitted, and of a constant (the average so far)."""
    from kartoteka.cli.memory import _same_day

    folds = Folds.of(ratings)
    rows = np.flatnonzero(~ratings.first & (ratings.lag < 1))
    rows = rows[rows >= folds.tested[0]]
    right = (ratings.grade > 1).astype(float)
    before = np.flatnonzero(~ratings.first & (ratings.lag < 1))
    average = (np.cumsum(right[before]) - right[before] + 1) / (np.arange(len(before)) + 2)
    p = average[np.searchsorted(before, rows)]
    return float(_same_day(ratings, folds, curves)["log_loss"]), log_loss(p, right[rows] > 0), 0.0


def three(p: Any, ratings: Ratings, rows: Any) -> tuple[float, ...]:
    found = figures(np.asarray(p), ratings, rows)
    return tuple(float(found[name] or 0.5) for name in ("log_loss", "rmse_bins", "auc"))


def prediction(folder: Path, home: Path, timed: dict[str, Any]) -> dict[str, Any] | None:
    names = [entry["file"] for entry in json.loads((folder / "index.json").read_text()) if entry.get("kind") == "real"]
    read = [logs.read_log(folder / name, None) for name in names]
    with ProcessPoolExecutor(2) as pool:
        found = list(pool.map(ours, read))
    asked = {
        one.path.name: {
            "card": one.ratings.card.tolist(), "at": one.ratings.at_ms.tolist(), "grade": one.ratings.grade.tolist(), "lag": one.ratings.lag.tolist(),
            "tested": Folds.of(one.ratings).tested.tolist(), "begins": Folds.of(one.ratings).begins, "scored": one.ratings.scored.tolist(),
        }
        for one in read
    }  # fmt: skip
    told = peers({"logs": asked, "timed": timed}, home)
    table: dict[str, list[tuple[float, ...]]] = {}
    for one, mine in zip(read, found, strict=True):
        for name, value in mine.items():
            table.setdefault(f"ours, {name}", []).append(value)
        if told:
            for name, p in told["logs"][one.path.name].items():
                rows = one.ratings.scored if name == "all" else Folds.of(one.ratings).tested
                table.setdefault(name, []).append(three(p, one.ratings, rows))
    print(f"{len(read)} learners, {sum(len(Folds.of(one.ratings).tested) for one in read):,} tested reviews; plain means over learners")
    print(f"{'':<28}{'log loss':>9}{'RMSE(bins)':>12}{'AUC':>7}")
    for name in (
        "py-fsrs, defaults",
        "fsrs-rs, defaults",
        "ours, fsrs6 now",
        "fsrs-rs, fitted 5",
        "fsrs-rs, fitted 20",
        "ours, default day",
        "ours, default now",
        "ours, stack day",
        "ours, stack now",
    ):
        if name in table:
            loss, rmse, area = np.mean(table[name], axis=0)
            print(f"{name:<28}{loss:>9.4f}{rmse:>12.4f}{area:>7.3f}")
    base = table.get("fsrs-rs, defaults") or table["ours, fsrs6 now"]
    mean = lambda name, which: float(np.mean([row[which] for row in table[name]]))  # noqa: E731
    default = [float(np.mean([row[which] for row in base])) for which in (0, 1)]
    say("log loss, stack, day ahead", mean("ours, stack day", 0) / default[0], 0.97, 0.945)
    say("log loss, stack, now", mean("ours, stack now", 0) / default[0], 0.955, 0.925)
    say("RMSE(bins), stack, day ahead", mean("ours, stack day", 1) / default[1], 0.85, 0.75)
    say("RMSE(bins), stack, now", mean("ours, stack now", 1) / default[1], 0.75, 0.62)
    every = table.get("all") or table["ours, fsrs6 all"]
    say("RMSE(bins), new learner, all, now", mean("ours, default all", 1) / float(np.mean([row[1] for row in every])), 0.80, 0.62)
    best = [min(table[name][i][0] for name in table if name.startswith("fsrs-rs")) if told else base[i][0] for i in range(len(read))]
    say(
        "worst learner: log loss over the better fsrs-rs, now, less 1",
        max(row[0] / b for row, b in zip(table["ours, stack now"], best, strict=True)) - 1,
        0.03,
        0.01,
    )
    say("same-day log loss, FSRS-7 fitted, over a constant", mean("ours, same day", 0) / mean("ours, same day", 1), 1.0, 0.91)
    if told:
        apart = max(abs(a[0] - b[0]) for a, b in zip(table["ours, fsrs6 now"], table["fsrs-rs, defaults"], strict=True))
        say("fsrs6 against fsrs-rs, largest difference of log loss", apart, 1e-4, 1e-5, "{:.6f}")
    return told


def noisy(folder: Path) -> None:
    """Answers of made-up learners in every mode: loss above the truth, ours and as plain ratings."""
    calendar, mine, naive = Calendar(((0, 0),)), [], []
    for path in sorted(folder.glob("mixed_?.parquet")):
        answers, _, rows = _answers(logs.read_mixed(path))
        true = np.clip(logs.read_truth(path.with_name(f"{path.stem}_truth.parquet"))[rows], 1e-9, 1 - 1e-9)
        entropy = -(true * np.log(true) + (1 - true) * np.log(1 - true)).mean()

        def above(p: Any, true: Any = true, entropy: float = entropy) -> float:
            p = np.clip(p, 1e-4, 1 - 1e-4)
            return float(-(true * np.log(p) + (1 - true) * np.log(1 - p)).mean() - entropy)

        mine.append(above(mixed.read(answers, calendar)))
        naive.append(above(as_ratings(answers, calendar)))
    print(f"mixed modes: loss above the truth {np.mean(mine):.4f}, as plain ratings {np.mean(naive):.4f}")
    say("mixed modes, excess over naive's", float(np.mean(mine) / np.mean(naive)), 0.50, 0.40)


def as_ratings(answers: list[mixed.Answer], calendar: Calendar) -> Any:
    """Every mark a good or an again, FSRS-6 by days and FSRS-7 within one, nothing calibrated."""
    states: dict[str, MemoryState | None] = {}
    found = []
    for one in answers:
        state = states.get(one.card)
        at = one.evidence.at_ms
        if state is None:
            found.append(0.25)
        else:
            from kartoteka.engine.state import prior

            found.append(prior(state, (at - state.last_ms) / DAY_MS, calendar.day(at) - calendar.day(state.last_ms))[0])
        states[one.card] = observe(state, mixed.plain(one.evidence), calendar)
    return np.array(found)


def planner(quick: bool) -> None:
    cards, days, count = 200, 30, 4 if quick else 12
    need = {name: minutes_to(name, 0.8, cards=cards, days=days, count=count) for name in POLICIES}
    print(f"minutes a day to 80 % of {cards} new cards in {days} days: " + ", ".join(f"{name} {value:.2f}" for name, value in need.items() if value))
    if all(need.values()):
        say("minutes to 80 %: ours over FSRS .90", need["ours"] / need["fsrs90"], 0.75, 0.60)
        say("minutes to 80 %: ours over SM-2", need["ours"] / need["sm2"], 0.65, 0.52)
    worst = 0.0
    for cards, days, minutes in ((200, 30, 2), (200, 30, 5), (200, 30, 10), (60, 20, 1), (300, 100, 3), (100, 7, 6)):
        found = {name: simulate(name, cards=cards, days=days, minutes=minutes, count=count).recall for name in POLICIES}
        print(f"  {cards} cards, {days} days, {minutes} min: " + ", ".join(f"{name} {value:.1%}" for name, value in found.items()))
        worst = max(worst, max(found.values()) - found["ours"])
    say("plan: points below the best policy, at most", 100 * worst, 0.5, 0.0, "{:.2f}")


def synthetic(rows: int, seed: int = 5) -> Ratings:
    """A log of a learner whose weights differ from the published ones, reviews when they are due or late."""
    numbers = np.random.default_rng(seed)
    w = np.array(FSRS6.w)
    w[[0, 1, 2, 3, 8, 11]] *= (1.4, 0.8, 1.3, 0.9, 1.05, 0.9)
    curve, times = Fsrs6(tuple(w.tolist())), 12
    cards = rows // times
    day = numbers.integers(0, 300, cards).astype(float)
    grade = numbers.choice([1, 2, 3, 4], cards, p=[0.24, 0.09, 0.5, 0.17])
    S, D = curve.firsts(grade)
    columns = [(np.arange(cards), day.copy(), grade)]
    for _ in range(times - 1):
        lag = np.maximum(np.rint(S * numbers.lognormal(0, 0.5, cards)), 1.0)
        day = day + lag
        recalled = numbers.random(cards) < curve.recalls(lag, S)
        grade = np.where(recalled, numbers.choice([2, 3, 4], cards, p=[0.15, 0.75, 0.1]), 1)
        S, D = curve.afters(S, D, lag, grade)
        columns.append((np.arange(cards), day.copy(), grade))
    card, at, grade = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return Ratings.of(card, (at * DAY_MS).astype(np.int64) + numbers.integers(0, DAY_MS // 2, len(card)), grade, Calendar(((0, 0),)))


def best(run: Callable[[], object], times: int) -> float:
    took = []
    for _ in range(times):
        began = time.process_time()
        run()
        took.append(time.process_time() - began)
    return min(took)


def speed(told: dict[str, Any] | None, sample: Ratings, quick: bool) -> None:
    rows = 100_000 if quick else 1_000_000
    log = synthetic(rows)
    lag = log.lag.astype(float)
    took = best(lambda: replay_ratings(FSRS6, log.card, lag, log.grade), 3) * 1_000_000 / rows
    print(f"replay of 1,000,000 ratings: ours {took:.2f} s" + (f", py-fsrs {told['timed']['py_replay_1m']:.1f} s" if told else ""))
    if told:
        say("replay: ours over py-fsrs", took / told["timed"]["py_replay_1m"], 1 / 40, 1 / 80, "{:.4f}")
    for size in (100_000,) if quick else (100_000, 1_000_000):
        ratings = sample if size == 100_000 else log
        began, wall = time.process_time(), time.perf_counter()
        curves = curves_for(ratings)
        seconds, wall = time.process_time() - began, time.perf_counter() - wall
        print(f"fit of {size:,} reviews, both curves: {seconds:.2f} s of one core ({wall:.2f} s by the clock)")
        say(f"fit of {size:,}: ours over Anki's time", seconds / ANKI_FIT_S[size], 3.0, 1.0)
        if told and size == 100_000 and curves:
            loss = {
                f"fsrs-rs {fit['epochs']} epochs, {fit['seconds']:.2f} s": curve_loss(Fsrs6(tuple(fit["weights"])), ratings) for fit in told["timed"]["fits"]
            }
            mine = curve_loss(curves.six, ratings)
            print(f"  log loss on it: ours {mine:.5f}, " + ", ".join(f"{name} {value:.5f}" for name, value in loss.items()))
    engine_costs(quick)


def curve_loss(curve: Fsrs6, ratings: Ratings) -> float:
    rows = ratings.scored
    return log_loss(replay_ratings(curve, ratings.card, ratings.lag.astype(float), ratings.grade)[2][rows], ratings.grade[rows] > 1)


def engine_costs(quick: bool) -> None:
    dice, calendar = random.Random(1), Calendar()
    now = calendar.begins(20_000) + 8 * 3_600_000
    states = []
    for _ in range(50_000):
        last = now - round(dice.expovariate(1 / 20) * DAY_MS)
        S = dice.lognormvariate(2.5, 1.5)
        states.append(MemoryState(S, dice.uniform(1, 10), S, dice.uniform(1, 10), last, last, dice.randrange(5), None, dice.random() < 0.8))
    columns = Columns.of(states)
    took = 1000 * best(lambda: most_pressing(columns, now_ms=now, calendar=calendar, most=100), 7)
    say("next 100 of 50,000 from columns, over Anki's queue", took / ANKI_QUEUE_MS, 1.0, 0.2)
    waiting = [Waiting(f"{i:08x}", f"{i:08x}", state, i, now - 1) for i, state in enumerate(states)]
    took = 1000 * best(lambda: order(waiting, now_ms=now, calendar=calendar, minutes=20, new_cap=20), 5)
    say("whole queue of 20 minutes from 50,000 due, over Anki's", took / ANKI_QUEUE_MS, 1.0, 0.2)
    history = [Evidence("rating", 1.0, "", GOOD, at_ms=now - 100 * DAY_MS + i * i * DAY_MS) for i in range(8)]
    state, times = replay(history, calendar), 200 if quick else 1000
    took = best(lambda: [outcomes(state, now, calendar) for _ in range(times)], 9) / times * 1e6
    say("outcomes of one card, µs", took, 100, 30, "{:.1f}")
    calibrator = Calibrator()

    def step() -> None:
        calibrator.begins(5)
        x = calibrator.features(1.2, 2.2, 0.1, 4)
        calibrator.learn(x, 1.0, calibrator.predict(x))

    say("one calibrator step, µs", best(lambda: [step() for _ in range(times)], 9) / times * 1e6, 50, 20, "{:.1f}")
    cards = [Candidate(str(i), None if i % 3 == 0 else state, "") for i, state in enumerate(states[:1000])]
    took = statistics.median(best(lambda: plan(cards, Exam(now + 30 * DAY_MS, 20), now_ms=now, calendar=calendar), 1) for _ in range(3))
    print(f"an exam plan of 1,000 cards, 30 days, with what the target needs: {1000 * took:.0f} ms")


RESULTS: list[bool] = []


def say(what: str, value: float, floor: float, aim: float, form: str = "{:.3f}") -> None:
    """One figure against its floor and its aim (lower is better)."""
    reached = "aim" if value <= aim else "floor" if value <= floor else "BELOW THE FLOOR"
    RESULTS.append(value <= floor)
    print(f"{what:<66}{form.format(value):>9}   floor {floor:.4g}, aim {aim:.4g}   {reached}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller runs")
    parser.add_argument("--logs", type=Path, default=Path(os.environ.get("KARTOTEKA_LOGS", HERE.parent.parent / "samples" / "memory")))
    parser.add_argument("--peers", type=Path, default=HERE.parent / "var" / "bench-peers", help="where the peers' environment is, or is made")
    parser.add_argument("--only", choices=("prediction", "planner", "retention", "speed"))
    chosen = parser.parse_args()
    sample = synthetic(100_000)
    timed = {
        "card": sample.card.tolist(), "at": sample.at_ms.tolist(), "grade": sample.grade.tolist(), "lag": sample.lag.tolist(),
        "py_cards": 800, "epochs": [5] if chosen.quick else [5, 20],
    }  # fmt: skip
    told = None
    if not chosen.only or chosen.only == "prediction":
        if (chosen.logs / "index.json").exists():
            told = prediction(chosen.logs, chosen.peers, timed)
            noisy(chosen.logs)
        else:
            print(f"No logs in {chosen.logs}: prediction and mixed modes are left out.")
    if told is None and (not chosen.only or chosen.only == "speed"):
        told = peers({"timed": timed}, chosen.peers)
    if not chosen.only or chosen.only == "retention":
        count = 3 if chosen.quick else 8
        mine, naive = memory_retention.reached(count=count), memory_retention.reached(count=count, naive=True)
        print(f"simulated retention at target .90, every mode: ours {mine:.3f}, marks taken as ratings {naive:.3f}")
        say("simulated retention, distance from the target", abs(mine - 0.9), 0.02, 0.01)
    if not chosen.only or chosen.only == "planner":
        planner(chosen.quick)
    if not chosen.only or chosen.only == "speed":
        speed(told, sample, chosen.quick)
    return 0 if all(RESULTS) else 1


if __name__ == "__main__":
    sys.exit(main())
