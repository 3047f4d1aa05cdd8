"""A test that was handed in: its points, each answer beside the right one, marks overturned, and the paper to take along."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kartoteka.engine.formulas import in_words
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Side
from kartoteka.engine.questions import Question, Response
from kartoteka.engine.rubrics import PointMark
from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.look import words
from kartoteka.store.keys import uuid7
from kartoteka.study import appeals, attempts, papers, queries
from kartoteka.study.models import Paper, Sitting
from kartoteka.web.study.appealing import accept
from kartoteka.web.study.counting import CHUNK, SAMPLES, SMALL_PAPER, chunked
from kartoteka.web.study.moments import now_ms

TICKS = ("covered", "partly", "missing")
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer with its mark. ``got`` of ``of`` points; ``settled``: the learner overturned it."""

    review: UUID
    question: Question
    response: Response
    verdict: Verdict
    got: float
    of: int
    settled: bool
    reasons: list[str]

    @property
    def label(self) -> str:
        return self.verdict.label

    @property
    def points(self) -> list[PointMark]:
        """Its points, formulas as one reads them."""
        return [replace(point, text=in_words(point.text, self.question.answer.html)) for point in self.verdict.points]

    @property
    def chosen(self) -> Side | None:
        return next((choice.side for choice in self.question.choices if choice.id == self.response.choice), None)

    @property
    def to_look_at(self) -> bool:
        """What was missed; and what was settled otherwise, for it may be accepted from now on, or settled back."""
        return self.got < self.of or self.settled


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a marked paper, answered or left open."""

    number: int
    question: Question
    mark: Marked | None
    changed: str = ""

    @property
    def to_look_at(self) -> bool:
        return self.mark is None or self.mark.to_look_at


@dataclass(frozen=True, slots=True)
class Share:
    """Points of one kind, tag or level."""

    name: str
    got: str
    of: int
    percent: int


def marks(sitting: Sitting, questions: Sequence[Question]) -> dict[str, Marked]:
    """The answers of a paper as they stand in the log."""
    rules = queries.rules_of(sitting.mode)
    found = {}
    for told in papers.judged(sitting, questions):
        verdict = told.verdict
        got = rules.earned(told.question, verdict.label, verdict.score)
        reasons = [_reason(reason) for reason in verdict.reasons]
        found[told.question.id] = Marked(told.id, told.question, told.response, verdict, got, rules.worth(told.question), told.settled, reasons)
    return found


def _reason(reason: Any) -> str:
    template, values = getattr(reason, "template", ""), getattr(reason, "values", {})
    return _(template).format(**values) if template else str(reason)


def points_words(points: float) -> str:
    return str(number_format(round(points, 1), 0 if float(points).is_integer() or round(points, 1) == round(points) else 1))


def page(request: Any, sitting: Sitting, paper: Paper, *, at_ms: int) -> HttpResponse:
    """How it went. ``?all=1`` shows every question, else those to look at."""
    questions = queries.paper_of(sitting)
    found = marks(sitting, questions)
    changed = papers.changed_since(questions)
    rows = [Row(number, question, found.get(question.id), changed.get(question.item.id, "")) for number, question in enumerate(questions, 1)]
    look_at = [row for row in rows if row.to_look_at]
    everything = request.GET.get("all") == "1" or not look_at
    missed = list(dict.fromkeys(row.question.item.id for row in look_at if not (row.mark and (row.mark.label == "unsure" or row.mark.got >= row.mark.of))))
    rules = queries.rules_of(sitting.mode)
    chance = sum(rules.by_chance(question) for question in questions)
    deck = access.deck_to_study(request.learner, paper.deck_id)
    context = {
        "sitting": sitting,
        "deck": deck,
        "mode": sitting.mode,
        "title": _(rules.TITLE),
        "paper": paper,
        "earned": points_words(paper.earned or 0),
        "possible": points_words(paper.possible),
        "percent": attempts.percent(paper),
        "undecided": points_words(paper.undecided) if paper.undecided else "",
        "when": _when(paper.began_ms),
        "minutes": max(1, round(((paper.handed_ms or at_ms) - paper.began_ms - paper.paused_ms) / MINUTE_MS)),
        "before": _before(request.learner, deck, paper),
        "chance": round(chance),
        "chunks": chunked(rows if everything else look_at, SMALL_PAPER, CHUNK),
        "look_at": len(look_at),
        "n": len(rows),
        "open": sum(1 for row in rows if row.mark is None),
        "everything": everything,
        "missed": missed,
        "missed_ids": ",".join(missed),
        "by_kind": _shares(((kind_words(row.question), row) for row in rows), rules),
        "by_tag": _shares(((tag, row) for row in rows for tag in row.question.item.tags), rules),
        "by_level": _shares(((level, row) for row in rows for level in [_level(sitting, row.question)]), rules),
        "learn": reverse("sit", args=[deck.id, "learn"]) if "learn" in queries.modes() else "",
        "values": queries.options_from(rules, {}, sitting.options),
        "attempts": attempt_rows(request.learner, deck, many=10, but=paper.id),
        "bars": "web/study/outbox.html",
        "islands": ["web/study/island-outbox.js"],
        "samples": SAMPLES,
    }
    return render(request, f"modes/{sitting.mode}/end.html", context)


KINDS = {
    "choice": lambda: _("Multiple choice"),
    "tf": lambda: _("True or false"),
    "match": lambda: _("Matching"),
    "typed": lambda: _("Typed"),
    "points": lambda: _("Lists"),
    "self": lambda: _("Judged yourself"),
}
LEVELS = {
    "new": lambda: _("New"),
    "learning": lambda: _("Learning"),
    "fading": lambda: _("Fading"),
    "familiar": lambda: _("Familiar"),
    "mastered": lambda: _("Mastered"),
}


def kind_words(question: Question) -> str:
    return KINDS[question.qtype]()


def _level(sitting: Sitting, question: Question) -> str:
    return LEVELS[papers.level_then(sitting, question.item.id)]()


def _shares(named: Iterable[tuple[str, Row]], rules: Any) -> list[Share]:
    got: dict[str, float] = defaultdict(float)
    of: dict[str, int] = defaultdict(int)
    for name, row in named:
        got[name] += row.mark.got if row.mark else 0.0
        of[name] += rules.worth(row.question)
    return [Share(name, points_words(got[name]), of[name], round(100 * got[name] / of[name])) for name in of]


def _before(learner: Any, deck: Deck, paper: Paper) -> list[int]:
    """The percentages of the tests before this one, the oldest first."""
    earlier = [one for one in attempts.attempts(learner, deck.id) if one.began_ms < paper.began_ms]
    return [attempts.percent(one) for one in reversed(earlier[:3])]


def attempt_rows(learner: Any, deck: Deck, *, many: int | None = None, but: UUID | None = None) -> list[dict[str, Any]]:
    """The tests of a set that were handed in, the latest first, as lines of a list."""
    return [_attempt(paper) for paper in attempts.attempts(learner, deck.id, many=many) if paper.id != but]


def _attempt(paper: Paper) -> dict[str, Any]:
    return {
        "sitting": paper.sitting_id,
        "when": _when(paper.began_ms),
        "percent": attempts.percent(paper),
        "earned": points_words(paper.earned or 0),
        "possible": points_words(paper.possible),
    }


def _when(at_ms: int) -> str:
    then = dt.datetime.fromtimestamp(at_ms / 1000, tz=timezone.get_current_timezone())
    today = then.date() == timezone.localdate()
    return _("today %(time)s") % {"time": date_format(then, "H:i")} if today else words.day(then, "time")


@require_POST
def overturn(request: Any, id: UUID) -> HttpResponse:
    """A mark settled otherwise, as a whole or at one point; the points are counted anew."""
    sitting, form = queries.sitting_of(request.learner, id), request.POST
    papers.paper_on(sitting)
    try:
        review = appeals.answer_given(request.learner, UUID(form.get("review", "")))
    except ValueError as odd:
        raise Http404 from odd
    to = form.get("to", "")
    ticks = {key[5:][:4]: form[key] for key in list(form)[:100] if key.startswith("tick-") and form[key] in TICKS}
    if review.sitting_id != sitting.id:
        raise Http404
    if to in ("right", "wrong") or ticks:
        told = appeals.overturn(request.learner, review, id=uuid7(), to=to or None, ticks=ticks, now_ms=now_ms())
        if told.status == "refused":
            messages.warning(request, told.why)
    if form.get("accept") == "1":
        accept(request, review)
    number = form.get("number", "")
    more = "?all=1" if form.get("all") == "1" else ""
    return redirect(f"{reverse('sitting', args=[sitting.id])}{more}#q{number if number.isascii() and number.isdigit() else 1}")


@require_safe
def paper_as(request: Any, id: UUID, kind: str) -> HttpResponse:
    """The paper to print, with its key, or as a file."""
    sitting = queries.sitting_of(request.learner, id)
    on, rules, questions = papers.paper_on(sitting), queries.rules_of(sitting.mode), queries.paper_of(sitting)
    if kind == "print":
        return _printed(request, sitting, on, questions)
    if kind not in rules.EXPORTS:
        raise Http404
    media, writes = rules.EXPORTS[kind]
    found = marks(sitting, questions)
    rows = [(question, found.get(question.id)) for question in questions]
    response = HttpResponse(writes(on.title, rows, rules.worth), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{slugify(on.title) or "test"}.{"txt" if kind == "gift" else kind}"'
    return response


def _printed(request: Any, sitting: Sitting, on: Paper, questions: Sequence[Question]) -> HttpResponse:
    from_form = bool(request.GET)
    two = request.GET.get("two") == "1"
    versions = [("A", list(questions))]
    if two:
        versions.append(("B", _turned(questions)))
    context = {
        "sitting": sitting,
        "deck": access.deck_to_study(request.learner, on.deck_id),
        "mode": sitting.mode,
        "title": _(queries.rules_of(sitting.mode).TITLE),
        "paper": on,
        "possible": points_words(on.possible),
        "versions": [(name, _blocks(some), name if two else "") for name, some in versions],
        "key": not from_form or request.GET.get("key") == "1",
        "two": two,
        "filled": on.handed_ms is not None,
        "lines": ngettext("%(n)d question", "%(n)d questions", len(questions)) % {"n": len(questions)},
    }
    return render(request, f"modes/{sitting.mode}/print.html", context)


def _blocks(questions: Sequence[Question]) -> list[list[Question]]:
    found: list[list[Question]] = []
    for question in questions:
        block = question.extra.get("block") if question.qtype == "match" else None
        if block is not None and found and found[-1][0].qtype == "match" and found[-1][0].extra.get("block") == block:
            found[-1].append(question)
        else:
            found.append([question])
    return found


def _turned(questions: Sequence[Question]) -> list[Question]:
    """The same questions in another order, so that neighbours do not see the same sheet."""
    blocks = _blocks(questions)
    half = len(blocks) // 2
    return [question for block in [*blocks[half:][::-1], *blocks[:half][::-1]] for question in block]
