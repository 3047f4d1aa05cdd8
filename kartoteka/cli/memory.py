"""`kartoteka memory …`: how well the engine predicts a log, what it fits, what it knows, what an answer proves, what a plan promises."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import click
import numpy as np

from kartoteka.cli import logs
from kartoteka.cli.memory_plan import plan_
from kartoteka.engine import mixed
from kartoteka.engine.calibrating import Beliefs
from kartoteka.engine.evidence import Evidence, Kind, proof_of
from kartoteka.engine.fitting import curves_for, fit
from kartoteka.engine.fsrs import FSRS6, FSRS7, Floats
from kartoteka.engine.memory import KNOWN_BEFORE, MemoryState, due_ms, level, observe, recall, replay
from kartoteka.engine.predicting import Curves, Folds, Ratings, Seen, Walk, figures, predictions
from kartoteka.engine.state import DAY_MS, Calendar, Model, prior, s90

VERSION = "0.1.0"
MODELS = ("default", "fit", "stack", "fsrs6")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
CUT = click.option(
    "--cut",
    type=click.IntRange(-1440, 1440),
    help="Minutes after midnight UTC at which the learner's day begins. Default: an index.json beside the log, else 0.",
)
MODEL = click.option(
    "--model",
    type=click.Choice(MODELS),
    default="stack",
    show_default=True,
    help="stack: everything. default: no fit. fit: no calibrator. fsrs6: FSRS-6 alone.",
)
LOG = click.Path(path_type=Path)


def readable(command: Callable[..., None]) -> Callable[..., None]:
    """Input that cannot be read ends with 2 and one line."""

    @wraps(command)
    def told(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except logs.Unreadable as wrong:
            click.echo(str(wrong), err=True)
            sys.exit(2)

    return told


@click.group()
def memory() -> None:
    """Judge and use the memory engine on logs of reviews.

    A LOG is CSV or Parquet with the columns card_id, review_time (ms UTC) and review_rating (1–4); others are ignored.
    """


memory.add_command(plan_)


@memory.command()
@click.argument("files", metavar="LOG…", nargs=-1, required=True, type=LOG)
@MODEL
@CUT
@click.option("--ahead", type=click.Choice(("now", "day")), default="now", show_default=True, help="day: use nothing of the same day.")
@JSON
@readable
def evaluate(files: tuple[Path, ...], model: str, cut: int | None, ahead: Any, as_json: bool) -> None:
    """Predict each review from what came before it, and say how good that was."""
    found = [_evaluated(logs.read_log(path, cut), model, ahead) for path in files]
    told = [one for one in found if one["log_loss"] is not None]
    total: dict[str, Any] = {"model": model, "ahead": ahead, "version": VERSION, "logs": found}
    for name in ("log_loss", "rmse_bins", "auc"):
        values = [one[name] for one in told if one[name] is not None]
        total[name] = _rounded(float(np.mean(values))) if values else None
    total["reviews"] = sum(one["tested"] for one in found)
    if as_json:
        click.echo(json.dumps(total))
        return
    click.echo(f"{'log':<24}{'tested':>8}{'log loss':>10}{'RMSE bins':>11}{'AUC':>7}{'bias':>9}")
    for one in (*found, {"file": "mean", "tested": total["reviews"], "bias": None, **total}):
        click.echo(
            f"{one['file']:<24}{one['tested']:>8,}{_shown(one['log_loss']):>10}{_shown(one['rmse_bins']):>11}{_shown(one['auc'], 3):>7}{_shown(one['bias']):>9}"
        )
        if one.get("dropped"):
            click.echo(f"  {one['dropped']:,} rows left out: no card, no time, or a rating outside 1–4.")


def _evaluated(log: logs.Log, model: str, ahead: Any) -> dict[str, Any]:
    began = time.perf_counter()
    ratings, folds = log.ratings, Folds.of(log.ratings)
    predicted, every, curves = predictions(ratings, model, ahead, curves_for)
    whole = figures(every, ratings, ratings.scored) if every is not None else None
    tested = figures(predicted, ratings, folds.tested)
    told: dict[str, Any] = {
        "file": log.path.name, "cut_utc_min": log.cut_utc_min, "reviews": len(ratings), "scored": len(ratings.scored),
        "tested": len(folds.tested), "dropped": log.dropped, **{name: _rounded(tested[name]) for name in ("log_loss", "rmse_bins", "auc", "bias")},
        "seconds": round(time.perf_counter() - began, 3),
    }  # fmt: skip
    told["all"] = {name: _rounded(value) for name, value in whole.items() if name != "bias"} if whole and whole["reviews"] else None
    told["same_day"] = _same_day(ratings, folds, curves)
    six, seven = curves[-1] if curves else Curves()
    told["weights"] = {"fsrs6": [_rounded(w) for w in six.w], "fsrs7": [_rounded(w) for w in seven.w], "kept": (six, seven) != Curves()}
    told["seconds"] = round(time.perf_counter() - began, 3)
    return told


def _same_day(ratings: Ratings, folds: Folds, curves: Sequence[Curves]) -> dict[str, Any]:
    """FSRS-7 on reviews of the day of the card's previous one, where the folds lie."""
    rows = np.flatnonzero(~ratings.first & (ratings.lag < 1))
    rows = rows[rows >= folds.tested[0]] if len(folds.tested) else rows[:0]
    if not len(rows):
        return {"log_loss": None, "reviews": 0}
    seen = Seen.by(Curves(), ratings).seven
    if curves:
        edges = [*ratings.scored[list(folds.begins[:-1])].tolist(), len(ratings)]
        for fitted, (since, until) in zip(curves, pairwise(edges), strict=True):
            seen[since:until] = Seen.by(fitted, ratings.head(until)).seven[since:until]
    right = ratings.grade[rows] > 1
    p = np.clip(seen[rows], 1e-4, 1 - 1e-4)
    return {"log_loss": _rounded(float(-np.log(np.where(right, p, 1 - p)).mean())), "reviews": len(rows)}


@memory.command("fit")
@click.argument("file", metavar="LOG", type=LOG)
@CUT
@JSON
@readable
def fit_(file: Path, cut: int | None, as_json: bool) -> None:
    """Fit a learner's own weights, and say whether they are to be kept."""
    log = logs.read_log(file, cut)
    began = time.perf_counter()
    found = fit(log.ratings)
    told = {
        "fsrs6": [_rounded(w) for w in found.weights6], "fsrs7": [_rounded(w) for w in found.weights7], "reviews": len(log.ratings),
        "scored": found.scored, "kept": found.kept, "why": found.why, "before": {"log_loss": _rounded(found.before)},
        "after": {"log_loss": _rounded(found.after)}, "seconds": round(time.perf_counter() - began, 3),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(found.why)
    if found.before is not None and found.after is not None:
        click.echo(f"Log loss on the last fifth: {found.before:.4f} before, {found.after:.4f} with own weights.")


@memory.command()
@click.argument("file", metavar="LOG", type=LOG, required=False)
@click.option("--at", "at_ms", type=int, help="When, in ms since 1970 UTC.")
@click.option("--cards", help="Only these card ids, with commas.")
@MODEL
@CUT
@click.option("--history", help='Instead of a log: "days,rating days,rating …", days since the review before.')
@click.option("--curve", type=click.Choice(("fsrs6", "fsrs7")), default="fsrs6", help="Which curve replays the history.")
@JSON
@readable
def predict(file: Path | None, at_ms: int | None, cards: str | None, model: str, cut: int | None, history: str | None, curve: str, as_json: bool) -> None:
    """Say what is remembered of each card after a log, or after a history of a few reviews."""
    if history is not None:
        told: dict[str, Any] = {"steps": _steps(history, curve)}
    elif file is None or at_ms is None:
        raise click.UsageError("Give a LOG with --at MS, or --history.")
    else:
        told = {"at": at_ms, "cards": _known(logs.read_log(file, cut), at_ms, model, set(cards.split(",")) if cards else None)}
    if as_json:
        click.echo(json.dumps(told))
        return
    for step in told.get("steps", ()):
        click.echo(f"t {step['t']:<8} rating {step['g']}   S {step['s']:<12.6g} D {step['d']:<9.6g} R {_shown(step['r'], 6)}")
    for one in told.get("cards", ()):
        click.echo(f"{one['card_id']!s:<12} recall {one['recall']:.3f}   nine in ten until {one['s90']:.1f} days after   {one['level']}")


def _steps(history: str, curve: str) -> list[dict[str, Any]]:
    """A history replayed by one curve, as the published tables show it."""
    by = FSRS6 if curve == "fsrs6" else FSRS7
    found: list[dict[str, Any]] = []
    S = D = 0.0
    for word in history.split():
        try:
            t, g = float(word.split(",")[0]), int(word.split(",")[1])
        except (ValueError, IndexError) as wrong:
            raise logs.Unreadable(f"“{word}” is no review: write days,rating.") from wrong
        if g not in (1, 2, 3, 4) or not 0 <= t < 1e6:
            raise logs.Unreadable(f"“{word}” is no review: days from 0 on, a rating 1–4.")
        R = by.recall(t, S) if found else None
        S, D = by.after(S, D, t, g) if found else by.first(g)
        found.append({"t": t if t % 1 else int(t), "g": g, "s": _rounded(S), "d": _rounded(D), "r": _rounded(R)})
    return found


def _known(log: logs.Log, at_ms: int, model: str, only: set[str] | None) -> list[dict[str, Any]]:
    ratings, calendar = log.ratings, Calendar(((0, log.cut_utc_min),))
    fitted = curves_for(ratings) if model in ("fit", "stack") else None
    six, seven = fitted or Curves()
    models, shares = [Model(six, seven)], [1.0]
    if model in ("default", "stack"):
        choices = [Curves()] if fitted is None else [Curves(), fitted]
        walk = Walk(ratings, [Seen.by(curves, ratings) for curves in choices])
        walk.until(len(ratings.scored))
        shares = walk.mixture.shares()
        models = [Model(*curves, calibrator.beliefs()) for curves, calibrator in zip(choices, walk.calibrators, strict=True)]
    elif model == "fit":
        models = [Model(six, seven, Beliefs())]
    found = []
    order = np.argsort(ratings.card, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(ratings.card[order])) + 1) if len(order) else []:
        name = log.names[ratings.card[rows[0]]]
        if only is not None and str(name) not in only:
            continue
        pieces = [Evidence("rating", float(g > 1), "log", int(g), at_ms=int(at)) for g, at in zip(ratings.grade[rows], ratings.at_ms[rows], strict=True)]
        states = [state for one in models if (state := replay(pieces, calendar, one)) is not None]
        state, own = states[-1], models[-1]
        chance = sum(share * recall(s, max(at_ms, s.last_ms), calendar, one) for share, s, one in zip(shares, states, models, strict=True))
        found.append(
            {
                "card_id": name if isinstance(name, str) else int(name), "recall": _rounded(chance), "s6": _rounded(state.s6), "d6": _rounded(state.d6),
                "s7": _rounded(state.s7), "d7": _rounded(state.d7), "s90": _rounded(s90(state, calendar, own)), "level": level(state, at_ms, calendar, own),
                "due_ms": due_ms(state, target=0.9, calendar=calendar, seed=str(name), model=own),
            }
        )  # fmt: skip
    return found


@memory.command()
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@JSON
@readable
def evidence(file: Iterator[str], as_json: bool) -> None:
    """Say what each answer proves: JSON lines {"state": …|null, "evidence": {…}} from FILE or standard input."""
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                told = _proved(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as wrong:
                raise logs.Unreadable(f"Line {number} is no evidence: {wrong}.") from wrong
            click.echo(json.dumps(told) if as_json else "  ".join(f"{name} {value}" for name, value in told.items()))


def _proved(row: dict[str, Any]) -> dict[str, Any]:
    calendar, given = Calendar(((0, 0),)), row["evidence"]
    if given["kind"] not in get_args(Kind):
        raise ValueError(f"no kind “{given['kind']}”")
    state, t_days = None, 0.0
    if row.get("state") is not None:
        s6, d6, s7, d7 = (float(row["state"][name]) for name in ("s6", "d6", "s7", "d7"))
        t_days = float(row["state"]["t_days"])
        if not (0 <= t_days <= 1e6 and all(0 < number < 1e6 for number in (s6, d6, s7, d7))):
            raise ValueError("a state has S and D above 0, and a time from 0 on")
        state = MemoryState(s6, d6, s7, d7, first_ms=0, last_ms=0)
    piece = Evidence(
        given["kind"], float(given.get("score", given.get("correct", 1))), "", int(given.get("grade", 3)), int(given.get("options", 0)),
        int(given.get("pairs_left", 0)), int(given.get("hint_rungs", 0)), bool(given.get("revealed", False)), bool(given.get("contradicted", False)),
        at_ms=round(t_days * DAY_MS), sitting="1",
    )  # fmt: skip
    p = KNOWN_BEFORE if state is None else prior(state, t_days, int(t_days))[0]
    proof, after = proof_of(piece), observe(state, piece, calendar)
    told: dict[str, Any] = {"recall": _rounded(p), "q": _rounded(proof.posterior(p)) if proof else None}
    told |= {name: _rounded(getattr(after, name)) if after else None for name in ("s6", "d6", "s7", "d7")}
    return told | {"counted": after is not state}


@memory.command("replay")
@click.argument("file", type=LOG)
@click.option("--truth", type=LOG, help="True chances row by row (column p_correct): also say the loss above theirs.")
@CUT
@JSON
@readable
def replay_(file: Path, truth: Path | None, cut: int | None, as_json: bool) -> None:
    """Predict and observe answers of every mode, one by one: columns card_id, at, mode, options, pairs_left, correct."""
    answers, right, order = _answers(logs.read_mixed(file))
    predicted = np.clip(mixed.read(answers, Calendar(((0, cut if cut is not None else logs.cut_beside(file)),))), 1e-4, 1 - 1e-4)
    told: dict[str, Any] = {"log_loss": _rounded(_entropy(right, predicted)) if len(right) else None}
    if truth is not None:
        true = logs.read_truth(truth)
        if len(true) <= (order.max() if len(order) else -1):
            raise logs.Unreadable(f"{truth.name} has fewer rows than {file.name}.")
        true = np.clip(true[order], 1e-9, 1 - 1e-9)
        told["excess"] = _rounded(_entropy(true, predicted) - _entropy(true, true)) if len(true) else None
    if as_json:
        click.echo(json.dumps(told | {"rows": [{"p_correct": _rounded(p)} for p in _in_file_order(predicted, order)]}))
        return
    click.echo(
        f"{len(answers):,} answers, log loss {_shown(told['log_loss'])}" + (f", {told['excess']:.4f} above the truth" if told.get("excess") is not None else "")
    )


def _in_file_order(predicted: Floats, order: Any) -> list[float]:
    return [float(p) for p in predicted[np.argsort(order, kind="stable")]]


def _answers(columns: dict[str, Any]) -> tuple[list[mixed.Answer], Floats, Any]:
    """The answers in time order, whether they were right, and the rows they stand in."""
    rows = len(columns["card_id"])
    empty = [0] * rows
    found = []
    given = zip(
        columns["card_id"].tolist(),
        columns["at"].tolist(),
        columns["mode"].tolist(),
        columns.get("options", np.array(empty)).tolist(),
        columns.get("pairs_left", np.array(empty)).tolist(),
        columns["correct"].tolist(),
        strict=True,
    )
    for row, (card, at, mode, options, pairs, correct) in enumerate(given):
        kind: Any = {"mc": "choice", "mc3": "choice"}.get(mode, mode)
        if kind not in get_args(Kind):
            raise logs.Unreadable(f"Row {row + 1}: no mode “{mode}”.")
        try:
            right = correct in (True, 1, "1", "true", "True")
            options = int(options or 0) or {"mc": 4, "mc3": 3}.get(mode, 0)
            grade = 1 if kind == "rating" and not right else 3
            found.append((int(float(at)), row, mixed.Answer(str(card), Evidence(kind, float(right), mode, grade, options, int(pairs or 0), at_ms=int(at)))))
        except (ValueError, TypeError, OverflowError) as wrong:
            raise logs.Unreadable(f"Row {row + 1} is no answer: {wrong}.") from wrong
    found.sort(key=lambda one: one[:2])
    answers = [answer for _, _, answer in found]
    right_marks = np.array([answer.evidence.outcome for answer in answers], float)
    return answers, right_marks, np.array([row for _, row, _ in found], np.int64)


def _entropy(true: Floats, p: Floats) -> float:
    return float(-(true * np.log(p) + (1 - true) * np.log(1 - p)).mean())


def _rounded(x: Any) -> Any:
    """Nine digits, so that two machines print the same."""
    return x if x is None or isinstance(x, int) else float(f"{float(x):.9g}")


def _shown(x: Any, digits: int = 4) -> str:
    return "–" if x is None else f"{x:.{digits}f}"
