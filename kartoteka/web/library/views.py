"""A set is made, described, shared, thrown away and brought back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kartoteka.library import access, actions, queries
from kartoteka.library.models import Deck, Visibility
from kartoteka.store.refusals import Refusal
from kartoteka.web.learner import someone
from kartoteka.web.library import shown
from kartoteka.web.library.editing import editor, page_of_set, said_of, who_words
from kartoteka.web.library.simple import to_html, to_text
from kartoteka.web.library.speaking import clock, for_island, speaking


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_set(request: HttpRequest) -> HttpResponse:
    """A new set begins with a title; its cards come on the next page."""
    about: dict[str, Any] = {"languages": shown.languages(), "title": "", "tags": "", "description": ""}
    if request.method != "POST":
        return render(request, "web/library/new.html", about)
    said = request.POST
    if not said.get("title", "").strip():
        about |= {"wrong": _("A set needs a title."), **{name: said.get(name, "") for name in ("tags", "description", "term_lang", "definition_lang")}}
        return render(request, "web/library/new.html", about, status=422)
    deck = actions.make_deck(
        someone(request),
        title=said["title"],
        description=to_html(said.get("description", "")),
        tags=said.get("tags", "").split(","),
        term_lang=said.get("term_lang", ""),
        definition_lang=said.get("definition_lang", ""),
    )
    return redirect("edit", deck.id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@speaking
def edit(request: Any, deck: UUID) -> HttpResponse:
    """The editor: what is said of the set, and its cards, one of them open."""
    found = access.deck_to_edit(request.learner, deck)
    if request.method == "POST":
        return _save(request, found)
    return editor(request, found)


def _save(request: Any, deck: Deck) -> HttpResponse:
    """What is said of a set; who saves second is told."""
    said = request.POST
    version = int(said["version"]) if said.get("version", "").isdigit() else None
    if said.get("visibility") in Visibility.values and said["visibility"] != deck.visibility:
        actions.share(deck, said["visibility"])
    try:
        now = actions.edit_deck(
            deck,
            version=version,
            title=said.get("title"),
            description=_described(deck, said.get("description")),
            tags=said["tags"].split(",") if "tags" in said else None,
            term_lang=said.get("term_lang"),
            definition_lang=said.get("definition_lang"),
            licence=said.get("licence"),
        )
    except actions.ChangedDeck as told:
        return _told(request, told)
    except Refusal as refusal:
        if for_island(request):
            raise
        return editor(request, deck, said=_typed(request), wrong=str(refusal), status=422)
    if for_island(request):
        return JsonResponse({"version": now.version, "saved": clock(), "title": now.title, "tags": now.tags, "who": who_words(now.visibility)})
    messages.success(request, _("Saved."))
    return redirect("edit", deck.id)


def _described(deck: Deck, text: str | None) -> str | None:
    """A description that was left as it is stays as it is, whatever a text field makes of it."""
    if text is None or text.replace("\r\n", "\n").strip() == to_text(deck.description).strip():
        return None
    return to_html(text)


def _typed(request: Any) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("title", "description", "tags")}


def _told(request: Any, told: actions.ChangedDeck) -> HttpResponse:
    """Who saves second sees both; theirs stands, mine is still in the fields."""
    theirs = said_of(told.now)
    if for_island(request):
        return JsonResponse({"sentence": str(told), "version": told.now.version, "theirs": theirs}, status=409)
    return editor(request, told.now, said=_typed(request), said_there=theirs, wrong=str(told), status=409)


@require_POST
def delete_set(request: Any, deck: UUID) -> HttpResponse:
    """Lays a set into the bin; the toast takes it back."""
    found = access.deck_to_edit(request.learner, deck)
    actions.bin_deck(found)
    words = _("“%(title)s” is in the bin for %(days)d days.") % {"title": found.shown_title, "days": settings.ENVIRONMENT["BIN_DAYS"]}
    messages.info(request, words, extra_tags=reverse("restore_set", args=[found.id]))
    return redirect("library")


@require_POST
def restore_set(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_in_bin(request.learner, deck)
    actions.restore_deck(found)
    messages.success(request, _("“%(title)s” is back, with all its answers.") % {"title": found.shown_title})
    return redirect(page_of_set(found))


@require_POST
def erase_set(request: Any, deck: UUID) -> HttpResponse:
    """Deletes a set from the bin for ever."""
    found = access.deck_in_bin(request.learner, deck)
    actions.delete_deck(found)
    messages.info(request, _("“%(title)s” is deleted for ever.") % {"title": found.shown_title})
    return redirect("bin")


@never_cache
@require_safe
def bin(request: Any) -> HttpResponse:
    """Sets that wait to be brought back, or to go for ever."""
    days, now = settings.ENVIRONMENT["BIN_DAYS"], timezone.now()
    rows = [
        {"deck": deck, "cards": queries.notes_of(deck).count(), "days_left": max(0, days - (now - deck.binned_at).days)}
        for deck in access.binned_of(request.learner)
        if deck.binned_at
    ]
    return render(request, "web/library/bin.html", {"rows": rows, "days": days})
