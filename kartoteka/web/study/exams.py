"""An exam is set, looked at, changed, settled and removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.queries import Outlook
from kartoteka.web.learner import someone
from kartoteka.web.study.choosing import memory_mode
from kartoteka.web.study.moments import now_ms

TARGETS = (70, 75, 80, 85, 90, 95)
SHOWN = 12  # of today's cards; the others are only counted
SETS_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the form."""

    date: str = ""
    target: int = 90
    minutes: str = "10"
    tag: str = ""
    days_off: Sequence[int] = ()
    decks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One of today's cards, and why it comes today."""

    term: str
    sentence: str


@require_http_methods(["GET", "HEAD", "POST"])
def new_exam(request: Any, deck: UUID) -> HttpResponse:
    """The form for a set that has no exam yet; where it has one, that is shown."""
    found = access.deck_to_study(request.learner, deck)
    if request.method == "POST":
        return _planned(request, [found], None)
    if planned := queries.exams_of(request.learner, found):
        return redirect("exam", planned[0].id)
    minutes = request.learner.minutes_a_day if request.learner else 10
    return _page(request, [found], None, Form(minutes=str(minutes), decks=[found.id.hex]))


@require_http_methods(["GET", "HEAD", "POST"])
def exam(request: Any, id: UUID) -> HttpResponse:
    """The plan; posting the form makes it anew."""
    found = queries.exam_of(request.learner, id)
    view = queries.outlook(found, now_ms=now_ms())
    if request.method == "POST":
        return _planned(request, list(view.decks), view)
    form = Form(view.date.isoformat(), round(100 * found.target), str(found.minutes), found.tag, found.days_off, found.decks)
    return _page(request, list(view.decks), view, form)


@require_POST
def settle_exam(request: Any, id: UUID) -> HttpResponse:
    """What the learner wants where the goal is not to be expected, or where the exam is over."""
    found = queries.exam_of(request.learner, id)
    what = request.POST.get("what", "")
    actions.settle_exam(found, what, now_ms=now_ms())
    said = {
        "keep": _("The exam is filed away. What you remember stays."),
        "slow": _("The exam is filed away, and its cards come more seldom. The page of Spaced Repetition of the set says how often."),
        "rest": _("Its cards rest until you wake them."),
    }
    if what in said:
        messages.success(request, said[what])
        return redirect("today")
    return redirect("exam", found.id)


@require_POST
def drop_exam(request: Any, id: UUID) -> HttpResponse:
    actions.drop_exam(queries.exam_of(request.learner, id))
    messages.info(request, _("The exam is removed. The usual schedule goes on; nothing you learned is lost."))
    return redirect("today")


def _planned(request: Any, decks: list[Deck], view: Outlook | None) -> HttpResponse:
    form = _form(request, decks)
    try:
        chosen = [access.deck_to_study(request.learner, UUID(id)) for id in form.decks]
        row = actions.plan_exam(
            someone(request),
            decks=chosen,
            date=_date(form.date),
            now_ms=now_ms(),
            target=form.target / 100,
            minutes=int(form.minutes) if form.minutes.isascii() and form.minutes.isdigit() else 0,
            tag=form.tag,
            days_off=form.days_off,
            exam=view.exam if view else None,
        )
    except queries.NoExam as fact:
        return _page(request, decks, view, form, wrong=str(fact))
    return redirect("exam", row.id)


def _form(request: Any, decks: Sequence[Deck]) -> Form:
    post = request.POST
    target = post.get("target", "90")
    ids = [id for text in post.getlist("deck") if (id := _hex(text))] if "deck" in post else [one.id.hex for one in decks]
    return Form(
        date=post.get("date", "")[:10],
        target=int(target) if target in map(str, TARGETS) else 90,
        minutes=post.get("minutes", "")[:4],
        tag=post.get("tag", "")[:100],
        days_off=[int(one) for one in post.getlist("off") if one in tuple("0123456")],
        decks=ids,
    )


def _hex(text: str) -> str:
    try:
        return UUID(text).hex
    except ValueError:
        return ""


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise queries.NoExam(_("Write the date as year, month and day, such as 2027-06-12.")) from error


def _page(request: Any, decks: Sequence[Deck], view: Outlook | None, form: Form, *, wrong: str = "") -> HttpResponse:
    today = queries.today_date(request.learner, now_ms())
    sets = {one.id: one for one in (*decks, *access.decks_of(request.learner)[:SETS_OFFERED])} if request.learner else {}
    left = queries.left_for(view, now_ms()) if view else ()
    context = {
        "exam": view,
        "decks_shown": decks,
        "form": form,
        "wrong": wrong,
        "today": today,
        "first_date": (today + dt.timedelta(days=1)).isoformat(),
        "targets": TARGETS,
        "tags": sorted({tag for one in decks for tag in library.tags_in(one)}, key=str.casefold),
        "weekdays": [(n, str(name)) for n, name in WEEKDAYS_ABBR.items()],
        "sets": list(sets.values()) if len(sets) > 1 else [],
        "left": len(left),
        "reasons": _reasons(view, left[:SHOWN]) if view else [],
        "more": max(0, len(left) - SHOWN),
        "mode": memory_mode(),
    }
    return render(request, "web/study/exam.html", context, status=422 if wrong else 200)


def _reasons(view: Outlook, placed: Sequence[Any]) -> list[Reason]:
    terms: dict[str, str] = {}
    for deck in view.decks:
        terms.update(library.terms_of(deck, [one["card"] for one in placed]))
    return [Reason(terms.get(one["card"], ""), queries.placed_words(view.exam, one)) for one in placed]


__all__ = ["NotThere", "drop_exam", "exam", "new_exam", "settle_exam"]
