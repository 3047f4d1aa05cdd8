"""`kartoteka memory plan`: what an exam plan promises, and how it does against other ways to spend the minutes."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np

from kartoteka.cli import logs
from kartoteka.engine.evidence import Evidence
from kartoteka.engine.fitting import fit
from kartoteka.engine.memory import replay
from kartoteka.engine.planning import Candidate, Exam, Placed, plan
from kartoteka.engine.simulating import POLICIES, minutes_to, simulate
from kartoteka.engine.state import DAY_MS, Calendar, Model

GOAL = 0.8
DAY = click.DateTime(("%Y-%m-%d",))


@click.command("plan")
@click.option("--cards", type=click.IntRange(0, 200_000), required=True, help="How many cards; those of --log first, the others new.")
@click.option("--exam", type=DAY, required=True, help="The day of the exam, such as 2027-01-31.")
@click.option("--minutes", type=click.FloatRange(0, 1440), required=True, help="Minutes a day.")
@click.option("--now", type=DAY, help="Plan from this day on. Default: today.")
@click.option("--log", type=click.Path(path_type=Path), help="A review log: its cards with what is remembered of them.")
@click.option("--target", type=click.FloatRange(0.01, 0.99), default=0.9, show_default=True, help="The share of cards to recall.")
@click.option("--simulate", "simulated", is_flag=True, help="Let made-up learners study new cards by several policies.")
@click.option("--policy", type=click.Choice((*POLICIES, "all")), default="all", show_default=True, help="With --simulate: which.")
@click.option("--seed", type=int, default=1, show_default=True, help="With --simulate: the dice.")
@click.option("--learners", type=click.IntRange(1, 1000), default=20, show_default=True, help="With --simulate: how many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def plan_(
    cards: int, exam: datetime, minutes: float, now: datetime | None, log: Path | None, target: float, simulated: bool, as_json: bool, **more: Any
) -> None:
    """Plan the days until an exam: what to expect, what the target needs, which cards today."""
    today = (now or datetime.combine(date.today(), datetime.min.time())).replace(tzinfo=UTC)  # noqa: DTZ011 — the day as the person's machine has it
    days = (exam.replace(tzinfo=UTC) - today).days
    if days < 0:
        raise click.UsageError("The exam lies in the past.")
    told = _simulated(cards, days, minutes, **more) if simulated else _planned(cards, days, minutes, target, round(today.timestamp() * 1000), log)
    if as_json:
        click.echo(json.dumps(told))
    elif simulated:
        for one in told["policies"]:
            need = told["minutes_to_80"].get(one["policy"])
            click.echo(
                f"{one['policy']:<12} {one['recall']:.1%} ({one['low']:.0%}–{one['high']:.0%})   80 %: {f'{need:.1f} min a day' if need else 'not reached'}"
            )
    else:
        forecast = told["forecast"]
        click.echo(f"At {minutes:g} minutes a day expect about {forecast['recall']:.0%} ({forecast['low']:.0%}–{forecast['high']:.0%}) of {cards} cards.")
        click.echo(f"If you stop now: {told['if_stop']:.0%}.")
        need = told["minutes_for_target"]
        click.echo(f"For {target:.0%}: " + ("not with any budget." if need is None else f"{need:g} minutes a day.") + _aside(told["set_aside"]))


def _aside(cards: int | None) -> str:
    return f" Or set aside {cards} cards." if cards else ""


def _simulated(cards: int, days: int, minutes: float, policy: str, seed: int, learners: int) -> dict[str, Any]:
    began = time.perf_counter()
    names = POLICIES if policy == "all" else tuple(name for name in POLICIES if name == policy)
    found = [simulate(name, cards=cards, days=days, minutes=minutes, seed=seed, count=learners)._asdict() for name in names]
    for one in found:
        one |= {name: round(one[name], 4) for name in ("recall", "low", "high")} | {
            "minutes_used": round(one["minutes_used"], 1),
            "reviews": round(one["reviews"], 1),
        }
    reach = {name: minutes_to(name, GOAL, cards=cards, days=days, seed=seed, count=learners) for name in names}
    return {
        "policies": found,
        "minutes_to_80": {name: need and round(need, 2) for name, need in reach.items()},
        "seconds": round(time.perf_counter() - began, 2),
    }


def _planned(cards: int, days: int, minutes: float, target: float, now_ms: int, path: Path | None) -> dict[str, Any]:
    began = time.perf_counter()
    calendar, known, model = Calendar(((0, 0),)), [], Model()
    if path is not None:
        try:
            log = logs.read_log(path, None)
        except logs.Unreadable as wrong:
            click.echo(str(wrong), err=True)
            raise SystemExit(2) from wrong
        calendar = Calendar(((0, log.cut_utc_min),))
        fitted = fit(log.ratings)
        model = Model.of(fitted.weights6, fitted.weights7)
        known = _candidates(log, calendar, model, now_ms)[:cards]
    fresh = [Candidate(f"new-{i + 1}", None) for i in range(cards - len(known))]
    at = now_ms + DAY_MS // 2
    found = plan([*known, *fresh], Exam(at + days * DAY_MS, minutes, target), now_ms=at, calendar=calendar, model=model)
    return {
        "forecast": {
            "recall": round(found.forecast.recall, 4),
            "low": round(found.forecast.low, 4),
            "high": round(found.forecast.high, 4),
            "cards": found.forecast.cards,
        },
        "if_stop": round(found.if_stop.recall, 4),
        "minutes_for_target": found.minutes_for_target,
        "infeasible": found.infeasible,
        "set_aside": found.set_aside,
        "today": [
            {"card_id": one.card, "why": _why(one, days, at + days * DAY_MS), "minutes": round(one.minutes, 3), "gain": round(one.gain, 4)}
            for one in found.today
        ],
        "loads": [{"day": i, "minutes": round(load.minutes, 1), "cards": load.cards, "new": load.new} for i, load in enumerate(found.loads)],
        "seconds": round(time.perf_counter() - began, 3),
    }


def _why(one: Placed, days: int, exam_ms: int) -> str:
    """Why this card today, with its own numbers."""
    if one.why == "new":
        return f"New: {days} days are enough for it." if days != 1 else "New: a day is enough for it."
    if one.why == "last":
        return "Final look before the exam."
    if one.why == "step":
        return "Missed a short while ago."
    on = datetime.fromtimestamp(exam_ms / 1000, UTC)
    return f"{one.if_left:.0%} on {on.day} {on:%B} if left; {one.if_studied:.0%} if studied now."


def _candidates(log: logs.Log, calendar: Calendar, model: Model, now_ms: int) -> list[Candidate]:
    ratings = log.ratings
    upto = ratings.head(int(np.searchsorted(ratings.at_ms, now_ms + DAY_MS)))
    order = np.argsort(upto.card, kind="stable")
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(upto.card[order])) + 1) if len(order) else []:
        pieces = [Evidence("rating", float(g > 1), "log", int(g), at_ms=int(at)) for g, at in zip(upto.grade[rows], upto.at_ms[rows], strict=True)]
        found.append(Candidate(str(log.names[upto.card[rows[0]]]), replay(pieces, calendar, model)))
    return found
