"""Sitting down: to a mode of a set, or to what is due over all sets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.library import access
from kartoteka.library.models import Deck
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.study import actions, queries
from kartoteka.study.refusals import NothingToAsk
from kartoteka.web.learner import someone
from kartoteka.web.study import papers
from kartoteka.web.study.choosing import memory_mode
from kartoteka.web.study.moments import dice, draw_in, now_ms

RETENTIONS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # of one set
USUAL_MINUTES = 0.4  # a card that nobody has timed yet


@require_http_methods(["GET", "HEAD", "POST"])
def sit(request: Any, deck: UUID, mode: str) -> HttpResponse:
    """Starts a mode with a set, or goes on with it; a mode with a home shows that first."""
    found = access.deck_to_study(request.learner, deck)
    if request.method == "HEAD":
        return HttpResponse()  # who only asks whether it is there need not become a guest who sat down
    if papers.on_paper(mode):
        only = cards_in((request.POST if request.method == "POST" else request.GET).get("only", ""))
        begins = request.method == "POST" or "start" in request.GET
        return papers.start(request, found, mode, only=only) if begins else papers.setup(request, found, mode, only=only)
    if request.method != "POST" and has_home(mode) and "start" not in request.GET:
        return home(request, found, mode)
    if request.method == "GET" and not _chooses(request, mode) and (open_ := queries.left_open(request.learner, found, mode, now_ms=now_ms())):
        return redirect("sitting", open_.id)
    if request.method == "GET" and _asks_first(request, found, mode):
        return _start(request, found, mode)
    return begin(request, found, mode)


def _chooses(request: Any, mode: str) -> bool:
    """Whether an address says what to study, or that something begins; else it only names the mode, and what was left open goes on."""
    return bool({"start", "only", "afresh", "seed", *(option.name for option in queries.rules_of(mode).OPTIONS)} & set(request.GET))


def _asks_first(request: Any, deck: Deck, mode: str) -> bool:
    """Whether a mode asks once what is wanted: who has chosen, or comes by a link that chooses, is not asked."""
    return has_page(mode, "start") and not _chooses(request, mode) and not queries.chosen_by(request.learner, deck, mode)


def _start(request: Any, deck: Deck, mode: str) -> HttpResponse:
    rules = queries.rules_of(mode)
    options = queries.options_for(request.learner, deck, mode, {})
    at_ms = now_ms()
    choice = queries.choice_of(request.learner, deck, rules, options, now_ms=at_ms, seed=0)
    if not choice.cards:
        return begin(request, deck, mode)
    context = {
        "deck": deck,
        "mode": mode,
        "title": _(rules.TITLE),
        "choice": choice,
        "minutes": len(choice.cards) * USUAL_MINUTES * 2,
        "levels": queries.standing_of(request.learner, deck, at_ms).levels,
        "values": options,
        "exam": queries.exam_day(request.learner, deck, now_ms=at_ms),
        "first_date": (queries.today_date(request.learner, at_ms) + timedelta(days=1)).isoformat(),
    }
    return render(request, f"modes/{mode}/start.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def today(request: Any) -> HttpResponse:
    """What is due over all sets; posting it begins."""
    mode = memory_mode()
    if request.method != "POST":
        return home(request, None, mode)
    return begin(request, None, mode) if request.learner else redirect("today")  # who never studied has no sets, and need not become a guest for it


def has_home(mode: str) -> bool:
    return has_page(mode, "home")


def has_page(mode: str, name: str) -> bool:
    try:
        get_template(f"modes/{mode}/{name}.html")
    except TemplateDoesNotExist:
        return False
    return True


def begin(request: Any, deck: Deck | None, mode: str) -> HttpResponse:
    """Sits down with the options of the address, else with those last chosen; an address that names a draw means that order."""
    params = request.POST if request.method == "POST" else request.GET
    seed = draw_in(params)
    options = queries.options_for(request.learner, deck, mode, params if seed is None or "order" in params else {**params.dict(), "order": "shuffled"})
    only, over = cards_in(params.get("only", "")), request.method == "POST" and params.get("over") == "1"
    afresh = params.get("afresh") == "1"
    try:
        person = someone(request)
        actions.look_again(person, now_ms=now_ms())  # after an import, or hundreds of answers, there is something to learn of a memory
        sitting = actions.sit(person, deck=deck, mode=mode, options=options, now_ms=now_ms(), dice=dice(), afresh=afresh, over=over, only=only, seed=seed)
    except NothingToAsk as nothing:
        return none_left(request, deck, mode, options, nothing)
    if over:
        messages.success(request, _("Started over. What you remember stays."), extra_tags=reverse("undo", args=[sitting.id]))
    return redirect("sitting", sitting.id)


def cards_in(text: str) -> list[str]:
    """Card ids from an address; what is none is passed over."""
    found = []
    for part in text.split(",")[:1000]:
        try:
            found.append(UUID(part.strip()).hex)
        except ValueError:
            continue
    return found


def none_left(request: Any, deck: Deck | None, mode: str, options: Mapping[str, Any], nothing: NothingToAsk) -> HttpResponse:
    """Why nothing is asked, and the nearest choice that would ask something."""
    rules, nearest = queries.rules_of(mode), nothing.nearest
    labels = next((dict(option.choices) for option in rules.OPTIONS if option.name == "cards"), {})
    context = {
        "deck": deck,
        "mode": mode,
        "title": _(rules.TITLE),
        "sentence": str(nothing),
        "nearest": nearest,
        "more": nothing.more,
        "nearest_label": _(labels[nearest]) if nearest in labels else "",
        "nearest_query": urlencode({**{name: value for name, value in options.items() if name in request.GET}, "cards": nearest, "start": 1}),
        "add_url": reverse("edit", args=[deck.id]) if deck is not None and access.owns(request.learner, deck) else "",
    }
    return render(request, "web/study/none.html", context, status=200 if request.method != "POST" else 409)


def home(request: Any, deck: Deck | None, mode: str) -> HttpResponse:
    """What waits today, in about how many minutes, and how the next two weeks look."""
    learner: Person | None = request.learner
    at_ms = now_ms()
    rules = queries.rules_of(mode)
    options = queries.options_for(learner, deck, mode, request.GET)
    choice = queries.choice_of(learner, deck, rules, options, now_ms=at_ms, seed=0)
    day = None
    if learner is not None:
        day = queries.today_of(learner, at_ms) if deck is None else queries.today_in(learner, deck, at_ms)
    dates = queries.today_date(learner, at_ms)
    context = {
        "deck": deck,
        "mode": mode,
        "title": _(rules.TITLE),
        "choice": choice,
        "reviews": len(choice.cards) - choice.new,
        "rests_minutes": -(-choice.rests_ms // 60_000),
        "minutes": day.minutes * len(choice.cards) / len(day.cards) if day and day.cards else len(choice.cards) * USUAL_MINUTES,
        "today": day,
        "five": choice.more[: actions.FEW],
        "params": [(name, value) for name, value in request.GET.items() if name in options or name == "seed"],
        "sets": _sets(learner, day) if day else [],
        "exams": [queries.outlook(exam, now_ms=at_ms) for exam in queries.exams_of(learner, deck)],
        "date": dates,
        "caught_up": dates + timedelta(days=day.caught_up_days) if day and day.caught_up_days is not None else None,
        "away_days": _away(learner, deck, at_ms),
        "retention": queries.retention_of(learner, deck.id if deck else None) if learner else 0.9,
        "own_retention": bool(learner and deck and deck.id.hex in learner.retentions),
        "retentions": [(str(share), round(100 * share)) for share in RETENTIONS],
        "budget": learner.minutes_a_day if learner else 10,
        "budgets": (5, 10, 15, 20, 30, 45, 60),
    }
    return render(request, f"modes/{mode}/home.html", context)


def _sets(learner: Person | None, day: queries.Today) -> list[tuple[Deck, int]]:
    decks = {deck.id: deck for deck in access.decks_seen(learner, [id for id, _due in day.decks])}
    return [(decks[id], due) for id, due in day.decks if id in decks]


def _away(learner: Person | None, deck: Deck | None, at_ms: int) -> int:
    """Whole days without an answer since the last one."""
    last = queries.last_answer_ms(learner, deck)
    if learner is None or last is None:
        return 0
    calendar = queries.calendar_of(learner)
    return max(0, calendar.day(at_ms) - calendar.day(last) - 1)


@require_POST
def remember(request: Any, deck: UUID) -> HttpResponse:
    """How much of one set shall be remembered; empty: as of all sets."""
    found = access.deck_to_study(request.learner, deck)
    text = request.POST.get("retention", "")
    if text in ("", *(str(share) for share in RETENTIONS)):
        actions.remember(someone(request), {found.id.hex: float(text) if text else None}, now_ms=now_ms())
    return redirect("sit", found.id, memory_mode())


@require_POST
def minutes(request: Any) -> HttpResponse:
    """The minutes a day, set where one plans."""
    text = request.POST.get("minutes", "")
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 240:
        learner = someone(request)
        people.prefer(learner, now_ms=now_ms(), minutes_a_day=int(text))
    back = cards_in(request.POST.get("deck", ""))
    return redirect("sit", UUID(back[0]), memory_mode()) if back else redirect("today")
