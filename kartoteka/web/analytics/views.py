"""Study analytics of a set: the forecast, a row for each card, and the answers behind every figure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study import queries as study

ROWS_A_PAGE = 200
DAY_MS = 86_400_000
HORIZON_DAYS = 7
SORTS = {
    "name": gettext_lazy("Name"),
    "mastery": gettext_lazy("Mastery"),
    "asked": gettext_lazy("Answers"),
    "missed": gettext_lazy("Missed"),
    "confused": gettext_lazy("Confused with"),
    "due": gettext_lazy("Spaced"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number large enough to read across a room, and what it is."""

    value: str
    words: str


@require_safe
def analytics(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_study(request.learner, deck)
    now_ms = time.time_ns() // 1_000_000
    sums = study.card_sums(request.learner, found.id, now_ms) if request.learner else {}
    rows = study.cards_with_figures(request.learner, found, now_ms, sums) if request.learner else []
    begun = [row for row in rows if row.asked]
    sort, falling = _sort(request.GET.get("sort", "mastery"))
    page = Paginator(_sorted(rows, sort, falling=falling), ROWS_A_PAGE).get_page(request.GET.get("page")) if begun else None
    standing = study.standing_of(request.learner, found, now_ms)
    return render(
        request,
        "web/analytics/analytics.html",
        {
            "deck": found,
            "standing": standing,
            "day": datetime.fromtimestamp(now_ms / 1000, UTC) + timedelta(days=HORIZON_DAYS),
            "begun": bool(begun),
            "figures": _figures(request.learner, found, now_ms, standing, sums) if begun and request.learner else [],
            "hardest": study.hardest(rows),
            "overrated": study.overrated(rows),
            "page": page,
            "sort": sort,
            "falling": falling,
            "sorts": SORTS.items(),
        },
    )


def _sort(wanted: str) -> tuple[str, bool]:
    """The column to sort by, and whether it falls: ``-missed``."""
    name = wanted.removeprefix("-")
    return (name, wanted.startswith("-")) if name in SORTS else ("mastery", False)


def _sorted(rows: Sequence[study.CardRow], sort: str, *, falling: bool) -> list[study.CardRow]:
    """Rows by a column; what has no figure yet stands at the end either way."""
    keys: dict[str, Callable[[study.CardRow], Any]] = {
        "name": lambda row: row.term.casefold(),
        "mastery": lambda row: row.recall,
        "asked": lambda row: row.asked,
        "missed": lambda row: row.missed,
        "confused": lambda row: len(row.confused) or None,
        "due": lambda row: row.due_ms,
    }
    key = keys[sort]
    filled = sorted((row for row in rows if key(row) is not None), key=key, reverse=falling)
    return [*filled, *(row for row in rows if key(row) is None)]


def _figures(learner: Person, deck: Deck, now_ms: int, standing: study.Standing, sums: Mapping[str, study.CardSum]) -> list[Figure]:
    found = study.overview(learner, deck, now_ms, sums)
    figures = [
        Figure(_hours(round(found.took_ms / 60_000)), ngettext("for %(n)d answer", "for %(n)d answers", found.answers) % {"n": found.answers}),
        Figure(
            f"{round(100 * found.kept / found.again)} %" if found.again else "–",
            _("kept, last 30 days (aim %(aim)d %%)") % {"aim": round(learner.retention * 100)}
            if found.again
            else _("kept: nothing was asked again on a later day yet"),
        ),
        Figure(str(standing.due), ngettext("card due now", "cards due now", standing.due)),
    ]
    if found.tried:
        figures.insert(2, Figure(f"{found.tried} → {found.recalled}", _("said Know, then recalled")))
    return figures


def _hours(minutes: int) -> str:
    return _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60} if minutes >= 60 else _("%(n)d min") % {"n": max(minutes, 1)}


@require_safe
def answers(request: Any, deck: UUID) -> HttpResponse:
    """The answers behind a figure: of one card, of one mode, or all of them."""
    found = access.deck_to_study(request.learner, deck)
    card, mode = request.GET.get("card", ""), request.GET.get("mode", "")
    given = study.answers(request.learner, found, _uuid(card), mode=mode, graded=False) if request.learner else []
    page = Paginator(given, ROWS_A_PAGE).get_page(request.GET.get("page"))
    terms = library.terms_of(found, [answer.card for answer in page.object_list])
    shown = [(answer, terms.get(answer.card, ""), datetime.fromtimestamp(answer.at_ms / 1000, UTC)) for answer in page.object_list]
    return render(
        request, "web/analytics/answers.html", {"deck": found, "page": page, "answers": shown, "card": card, "mode": mode, "term": terms.get(card, "")}
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_safe
def analytics_csv(request: Any, deck: UUID, name: str) -> StreamingHttpResponse:
    """The rows of the cards, or every answer, as CSV."""
    found = access.deck_to_study(request.learner, deck)
    lines: Iterator[str] = iter(())
    if name not in ("cards", "answers"):
        raise NotThere(_("There is a table of cards and one of answers, and no other."))
    if request.learner:
        lines = study.answers_csv(request.learner, found) if name == "answers" else study.analytics_csv(request.learner, found, time.time_ns() // 1_000_000)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(found.title) or "set"}-{name}.csv"'
    return response
