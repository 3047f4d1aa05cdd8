"""Study analytics of a set: the forecast, a row for each card, and the answers behind every figure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study import queries as study
from kartoteka.web.analytics.filters import Filters, filters_in
from kartoteka.web.analytics.insights import shown
from kartoteka.web.study.marked import attempt_rows

ROWS_A_PAGE = 200
HORIZON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Figure:
    """A number large enough to read across a room, and what it is."""

    value: str
    words: str


@require_safe
def analytics(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_study(request.learner, deck)
    now_ms, filters = time.time_ns() // 1_000_000, filters_in(request.GET, found)
    sums = study.card_sums(request.learner, found.id, now_ms) if request.learner else {}
    rows = study.cards_with_figures(request.learner, found, now_ms, sums) if request.learner else []
    begun = any(row.asked for row in rows)
    listed = _chosen(request.learner, found, now_ms, filters, rows) if begun else []
    columns = study.card_columns()
    sort, falling = _sort(request.GET.get("sort", "mastery"), columns)
    page = Paginator(_sorted(listed, sort, columns, falling=falling), ROWS_A_PAGE).get_page(request.GET.get("page"))
    cells = [column for column in columns if column.key not in ("name", "mastery")]
    standing = study.standing_of(request.learner, found, now_ms)
    overview = study.overview(request.learner, found, now_ms, sums) if begun else None
    return render(
        request,
        "web/analytics/analytics.html",
        {
            "deck": found,
            "standing": standing,
            "day": datetime.fromtimestamp(now_ms / 1000, UTC) + timedelta(days=HORIZON_DAYS),
            "begun": begun,
            "figures": _figures(request.learner, overview, standing) if overview else [],
            "said_know": _said_know(overview) if overview else "",
            **(shown(study.insights_in(request.learner, found, now_ms), study.today_date(request.learner, now_ms)) if begun else {}),
            "hardest": study.hardest(rows),
            "overrated": study.overrated(rows),
            "page": page,
            "rows": [(row, [(column, row.by_mode.get(column.key)) for column in cells]) for row in page.object_list],
            "sort": sort,
            "falling": falling,
            "columns": columns,
            "filters": filters,
            "keeps": [("sort", request.GET.get("sort", ""))],
            "attempts": attempt_rows(request.learner, found),
        },
    )


def _chosen(learner: Person, deck: Deck, now_ms: int, filters: Filters, rows: Sequence[study.CardRow]) -> Sequence[study.CardRow]:
    """The cards that the choice speaks of, with the figures of the answers it leaves; where it leaves some, without cards that have none of them."""
    if filters.narrows:
        sums = study.card_sums_in(learner, deck.id, since_ms=filters.since_ms(now_ms), mode=filters.mode)
        rows = [row for row in study.cards_with_figures(learner, deck, now_ms, sums) if row.asked]
    return [row for row in rows if not filters.tag or filters.tag in row.tags]


def _sort(wanted: str, columns: Sequence[study.Column]) -> tuple[str, bool]:
    """The column to sort by, and whether it falls: ``-asked``. By what was missed there is no column, but an order."""
    name = wanted.removeprefix("-")
    return (name, wanted.startswith("-")) if name in {"missed", *(column.key for column in columns)} else ("mastery", False)


def _sorted(rows: Sequence[study.CardRow], sort: str, columns: Sequence[study.Column], *, falling: bool) -> list[study.CardRow]:
    """Rows by a column; what has no figure yet stands at the end either way."""
    kind = next((column.kind for column in columns if column.key == sort), "")
    of_modes: dict[str, Callable[[study.CardRow], Any]] = {
        "answers": lambda row: row.by_mode[sort].right / row.by_mode[sort].asked if sort in row.by_mode else None,
        "confused": lambda row: len(row.confused) or None,
        "due": lambda row: row.due_ms,
    }
    keys: dict[str, Callable[[study.CardRow], Any]] = {
        "name": lambda row: row.term.casefold(),
        "mastery": lambda row: row.recall,
        "asked": lambda row: row.asked or None,
        "missed": lambda row: row.missed,
        "minutes": lambda row: row.took_ms or None,
        "last": lambda row: row.last_ms,
    }
    key = of_modes[kind] if kind else keys[sort]
    filled = sorted((row for row in rows if key(row) is not None), key=key, reverse=falling)
    return [*filled, *(row for row in rows if key(row) is None)]


def _said_know(found: study.Overview) -> str:
    """Whether what was sorted to Know was known."""
    if not found.tried:
        return ""
    said = ngettext(
        "You said Know of %(n)d card that was asked elsewhere too; you recalled %(kept)d.",
        "You said Know of %(n)d cards that were asked elsewhere too; you recalled %(kept)d.",
        found.tried,
    )
    return said % {"n": found.tried, "kept": found.recalled}


def _figures(learner: Person, found: study.Overview, standing: study.Standing) -> list[Figure]:
    figures = [
        Figure(_hours(round(found.took_ms / 60_000)), ngettext("for %(n)s answer", "for %(n)s answers", found.answers) % {"n": in_figures(found.answers)}),
        Figure(
            f"{round(100 * found.kept / found.again)} %" if found.again else "–",
            _("kept, last 30 days (aim %(aim)d %%)") % {"aim": round(learner.retention * 100)}
            if found.again
            else _("kept: nothing was asked again on a later day yet"),
        ),
        Figure(in_figures(standing.due), ngettext("card due now", "cards due now", standing.due)),
    ]
    if found.tried:
        figures.insert(2, Figure(f"{in_figures(found.tried)} → {in_figures(found.recalled)}", _("said Know, then recalled")))
    return figures


def _hours(minutes: int) -> str:
    return _("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60} if minutes >= 60 else _("%(n)d min") % {"n": max(minutes, 1)}


@require_safe
def answers(request: Any, deck: UUID) -> HttpResponse:
    """The answers behind a figure: of one card, of one mode, since a day, or all of them."""
    found = access.deck_to_study(request.learner, deck)
    card, filters, now_ms = request.GET.get("card", ""), filters_in(request.GET, found), time.time_ns() // 1_000_000
    given: Sequence[study.Answer] = []
    if request.learner:
        given = study.answers(request.learner, found, _uuid(card), mode=filters.mode, since_ms=filters.since_ms(now_ms), graded=False)
    if filters.tag:
        tagged = {one.id for one in library.cards_of(found) if filters.tag in one.tags}
        given = [answer for answer in given if answer.card in tagged]
    page = Paginator(given, ROWS_A_PAGE).get_page(request.GET.get("page"))
    terms = library.terms_of(found, [answer.card for answer in page.object_list])
    shown = [(answer, terms.get(answer.card, ""), datetime.fromtimestamp(answer.at_ms / 1000, UTC)) for answer in page.object_list]
    context = {"deck": found, "page": page, "answers": shown, "card": card, "filters": filters, "keeps": [("card", card)], "term": terms.get(card, "")}
    return render(request, "web/analytics/answers.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_safe
def analytics_as(request: Any, deck: UUID, name: str, form: str) -> StreamingHttpResponse:
    """The rows of the cards, or every answer, as CSV or JSON."""
    found = access.deck_to_study(request.learner, deck)
    if name not in ("cards", "answers"):
        raise NotThere(_("There is a table of cards and one of answers, and no other."))
    lines = _lines(request.learner, found, name, form) if request.learner else iter(())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8" if form == "csv" else "application/json")
    response["Content-Disposition"] = f'attachment; filename="{slugify(found.title) or "set"}-{name}.{form}"'
    return response


def _lines(learner: Person, deck: Deck, name: str, form: str) -> Iterator[str]:
    now_ms = time.time_ns() // 1_000_000
    if form == "csv":
        return study.answers_csv(learner, deck) if name == "answers" else study.analytics_csv(learner, deck, now_ms)
    return study.as_json(study.facts_of_answers(learner, deck) if name == "answers" else study.facts_of_cards(learner, deck, now_ms))
