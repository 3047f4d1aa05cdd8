"""Boards of tiles and runs with a time: what their pages show beside the frame of every mode."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kartoteka.library import access
from kartoteka.look import words
from kartoteka.study import actions, queries
from kartoteka.study.models import Sitting
from kartoteka.study.runs import Point
from kartoteka.web.learner import someone

WIDE, TALL, TOP, LEFT = 600.0, 120.0, 30.0, 24.0  # of the graph, in its own units


@dataclass(frozen=True, slots=True)
class Drawn:
    """A run on the graph: where its dot lies and what stands beside it."""

    x: float
    y: float
    words: str
    best: bool
    now: bool


def context_of(request: Any, sitting: Sitting, *, over: bool, data: dict[str, Any]) -> dict[str, Any]:
    """The tiles while they lie there, the result when all are gone; nothing for a mode that has neither."""
    rules = queries.rules_of(sitting.mode)
    if over:
        return _result(request, sitting) if hasattr(rules, "run") else {}
    if not hasattr(rules, "board"):
        return {}
    board = rules.board(queries.desk_of(sitting))
    data |= {"board": board, "questions": []}
    best = queries.best_like(sitting) if hasattr(rules, "run") else None
    return {"said": _said(request, sitting), "board": board, "picked": _picked(request, board), "best": queries.seconds_words(best.time_ms) if best else ""}


def _said(request: Any, sitting: Sitting) -> str:
    """How the move went that a plain page was sent for."""
    try:
        told = queries.answer_of(sitting, UUID(request.GET.get("told", "")))
    except ValueError:
        return ""
    if told is None:
        return ""
    return _("They belong together.") if told.verdict.score else _("These two do not belong together.")


def _picked(request: Any, board: dict[str, Any]) -> dict[str, str]:
    """The tile a plain page has in hand: a first one by its card, a second one by its token."""
    pick = request.GET.get("pick", "")
    term = next((tile for tile in board["terms"] if tile["card"] == pick and not tile["gone"]), None)
    if term:
        return {"question": term["question"], "card": pick}
    return {"token": pick} if any(tile["token"] == pick and not tile["gone"] for tile in board["definitions"]) else {}


def _result(request: Any, sitting: Sitting) -> dict[str, Any]:
    result = queries.result_of(sitting)
    run = result.run
    faster = result.faster_ms
    return {
        "result": result,
        "run": run,
        "why_not": _(run.why) if run.why else "",
        "time": queries.seconds_words(run.time_ms),
        "played": queries.seconds_words(run.elapsed_ms),
        "wrong": ngettext("%(n)d wrong pair for %(n)d s", "%(n)d wrong pairs for %(n)d s", run.wrong) % {"n": run.wrong} if run.wrong else _("no wrong pair"),
        "delta": queries.seconds_words(abs(faster)) if faster else "",
        "before": queries.seconds_words(result.before.time_ms) if result.before else "",
        "before_on": _on(result.before.at_ms) if result.before else "",
        "graph": _graph(result.points),
        "graph_words": _graph_words(result.points),
        "first_on": _day(result.points[0].at_ms) if result.points else "",
        "missed_ids": ",".join(one.card for one in result.missed),
        "places": [(place, queries.seconds_words(place.time_ms)) for place in result.places],
        "guest": request.learner is None or request.learner.is_guest,
        "listed": any(place.mine for place in result.places),
    }


def _day(at_ms: int) -> str:
    then = dt.datetime.fromtimestamp(at_ms / 1000, tz=timezone.get_current_timezone())
    return words.day(then, "" if then.year == timezone.localdate().year else "year")


def _on(at_ms: int) -> str:
    then = dt.datetime.fromtimestamp(at_ms / 1000, tz=timezone.get_current_timezone()).date()
    return _("earlier today") if then == timezone.localdate() else _("on %(day)s") % {"day": _day(at_ms)}


def _graph(points: Sequence[Point]) -> list[Drawn]:
    if not points:
        return []
    times = [point.time_ms for point in points]
    low, high = min(times), max(times)
    step = (WIDE - 2 * LEFT) / max(1, len(points) - 1)
    named = {times.index(high), len(points) - 1} | {n for n, point in enumerate(points) if point.best}
    return [
        Drawn(
            x=round(LEFT + n * step, 1),
            y=round(TOP + TALL * ((high - point.time_ms) / (high - low) if high > low else 0.5), 1),
            words=_seconds(point.time_ms) if n in named else "",
            best=point.best,
            now=point.now,
        )
        for n, point in enumerate(points)
    ]


def _seconds(time_ms: int) -> str:
    return str(number_format(round(time_ms / 1000, 1), 1))


def _graph_words(points: Sequence[Point]) -> str:
    times = ", ".join(_seconds(point.time_ms) for point in points)
    return _("Your last %(n)d runs in seconds: %(times)s") % {"n": len(points), "times": times} if points else ""


@require_POST
def shown(request: Any, deck: UUID, mode: str) -> HttpResponse:
    """Shows one's best time beside others', or no longer."""
    found = access.deck_to_study(request.learner, deck)
    learner = someone(request)
    actions.show_runs(learner, found, mode, shown=request.POST.get("shown") == "1")
    try:
        sitting = queries.sitting_of(learner, UUID(request.POST.get("sitting", "")))
    except ValueError:
        return redirect("set", found.id)
    return redirect("sitting", sitting.id)
