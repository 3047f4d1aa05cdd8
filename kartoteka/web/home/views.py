"""The start page, one's own sets, everybody's sets, and the search over all of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kartoteka.library import access
from kartoteka.library import queries as library_queries
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.shelf import parts
from kartoteka.study import queries as study
from kartoteka.transfer import queries as transfer
from kartoteka.web.home import finding, shown
from kartoteka.web.study.counting import SAMPLES

ON_HOME, ON_A_PAGE, WORDS = 6, 24, 200
ORDERS = ("changed", "due", "title")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@require_safe
def home(request: Any) -> HttpResponse:
    """Who comes for the first time is asked for a set and offered one; who comes back sees what is due."""
    learner, now_ms = request.learner, _now_ms()
    mine = list(access.decks_of(learner)[:ON_HOME]) if learner else []
    read: dict[UUID, list[library_queries.CardRow]] = {}
    today = study.today_of(learner, now_ms, read) if learner else None
    back = bool(mine) or bool(today and (today.due or today.new or any(today.forecast)))
    first = transfer.first_set(get_language() or "")
    about = {
        "back": back,
        "first_filled": not (today and (today.due or today.new)),
        "today": today,
        "next": _next(today) if back else None,
        "sets": [shown.set_card(deck, learner, now_ms, read.get(deck.id)) for deck in mine],
        "all_sets": access.decks_of(learner).count() if learner else 0,
        "first": shown.set_card(first, learner, now_ms) if first and learner else None,
        "sample": shown.public_card(first) if first else None,
        "doors": shown.doors(),
        "most_mb": settings.ENVIRONMENT["UPLOAD_MB"],
        "guests": settings.ENVIRONMENT["GUESTS"] == "open",
        "samples": SAMPLES,
    }
    return render(request, "web/home/home.html", about)


def _next(today: Any) -> tuple[int, int] | None:
    """In how many days something is due again, and how much of it."""
    return next(((day, cards) for day, cards in enumerate(today.forecast) if day and cards), None) if today and not today.due else None


@require_safe
def library(request: Any) -> HttpResponse:
    """One's own sets: sorted, narrowed to a tag or to words of the title."""
    learner, now_ms = request.learner, _now_ms()
    words, tag = request.GET.get("q", "")[:WORDS].strip(), request.GET.get("tag", "")
    order = request.GET.get("order") if request.GET.get("order") in ORDERS else ORDERS[0]
    every = list(access.decks_of(learner)) if learner else []
    found = [deck for deck in every if (not tag or tag in deck.tags) and words.casefold() in deck.title.casefold()]
    today = study.today_of(learner, now_ms) if learner and every else None
    due = dict(today.decks) if today else {}
    if order == "title":
        found.sort(key=lambda deck: deck.title.casefold())
    elif order == "due":
        found.sort(key=lambda deck: -due.get(deck.id, 0))
    page = _page(request, found)
    about = {
        "every": len(every),
        "part": page,
        "query": _query(q=words, tag=tag, order=order if order != ORDERS[0] else ""),
        "keeps": _query(q=words, order=order if order != ORDERS[0] else ""),
        "sets": [shown.set_card(deck, learner, now_ms) for deck in page],
        "tags": shown.tags_of(every),
        "tag": tag,
        "words": words,
        "order": order,
        "today": today,
        "binned": access.binned_of(learner).count() if learner else 0,
        "sample": _sample(every),
        "undecided": transfer.undecided(learner),
    }
    return render(request, "web/home/library.html", about)


def _sample(every: Sequence[Deck]) -> shown.PublicCard | None:
    first = None if every else transfer.first_set(get_language() or "")
    return shown.public_card(first) if first else None


@require_safe
def public(request: Any) -> HttpResponse:
    """Sets that everyone may study."""
    words, tag = request.GET.get("q", "")[:WORDS].strip(), request.GET.get("tag", "")
    found = list(access.public_decks(words))
    tags = shown.tags_of(found)
    page = _page(request, [deck for deck in found if not tag or tag in deck.tags])
    about = {
        "part": page,
        "query": _query(q=words, tag=tag),
        "keeps": _query(q=words),
        "sets": [shown.public_card(deck) for deck in page],
        "tags": tags,
        "tag": tag,
        "words": words,
        "mine": _mine(request.learner),
    }
    return render(request, "web/home/public.html", about)


def _mine(learner: Person | None) -> int:
    return access.decks_of(learner).count() if learner else 0


@require_safe
def search(request: Any) -> HttpResponse:
    """Words found in one's own cards, in one's own sets, and in public ones."""
    learner, now_ms, words = request.learner, _now_ms(), request.GET.get("q", "")[:WORDS].strip()
    found = library_queries.find(learner, words)
    counts = {"cards": len(found.cards), "mine": len(found.mine), "public": len(found.public)}
    where = request.GET.get("in", "")
    if where not in counts:
        where = next((name for name, number in counts.items() if number), "cards")
    about = {
        "words": words,
        "where": where,
        "counts": counts,
        "all": sum(counts.values()),
        "most": library_queries.MOST_FOUND,
        "hits": list(finding.hits(found, words, learner, now_ms)) if where == "cards" and learner else [],
        "mine": [shown.set_card(deck, learner, now_ms) for deck in found.mine] if where == "mine" else [],
        "public": [shown.public_card(deck) for deck in found.public] if where == "public" else [],
    }
    return render(request, "web/home/search.html", about)


def _page(request: HttpRequest, found: Sequence[Deck]) -> Page[Deck]:
    return Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))


def _query(**named: str) -> str:
    return urlencode({name: value for name, value in named.items() if value})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Sets may be found; a crawler that sat down to study would become a guest with each visit."""
    shut = [f"/sets/*/{mode}/" for mode in parts("modes", "rules")] + ["/sittings/", "/today/", "/add/", "/account/", "/api/", "/search/"]
    return HttpResponse("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in shut), content_type="text/plain; charset=utf-8")
