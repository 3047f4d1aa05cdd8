"""The page of the editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.library import queries
from kartoteka.library.models import Deck, Note, Visibility
from kartoteka.web.library import shown
from kartoteka.web.library.simple import to_text


def visibilities() -> list[tuple[str, str, str]]:
    return [(Visibility.PRIVATE, "lock", _("Me")), (Visibility.LINK, "link-2", _("By link")), (Visibility.PUBLIC, "users-round", _("Everyone"))]


def who_words(visibility: str) -> str:
    """What a choice of visibility means, in a sentence."""
    return {
        Visibility.PRIVATE: _("Nobody else can open it."),
        Visibility.LINK: _("Whoever has the link can study and copy it."),
        Visibility.PUBLIC: _("It is listed here, and everyone can study and copy it."),
    }[Visibility(visibility)]


def page_of_set(deck: Deck) -> str:
    return reverse("set", args=[deck.id])


def said_of(deck: Deck) -> dict[str, str]:
    """What is said of a set, as one types it."""
    return {"title": deck.title, "description": to_text(deck.description), "tags": ", ".join(deck.tags)}


def editor(
    request: Any,
    deck: Deck,
    *,
    open: Note | None = None,
    written: dict[str, str] | None = None,
    theirs: Note | None = None,
    said: dict[str, str] | None = None,
    said_there: dict[str, str] | None = None,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of the editor; ``written`` stands in the open card, ``theirs`` beside it where both changed."""
    asked = open.id if open else _uuid(request.GET.get("card", ""))
    look = request.GET.get("look") == "1"
    start = request.GET.get("from", "0")
    page = shown.page_of(deck, look=look, start=int(start) if start.isdigit() else 0, card=asked)
    about = {
        "deck": deck,
        "set_page": page_of_set(deck),
        "cards": page,
        "look": look,
        "open": asked,
        "adds": request.GET.get("add") == "1" or (not page.total and asked is None),
        "written": written or {},
        "theirs": theirs,
        "said": said or said_of(deck),
        "said_there": said_there,
        "wrong": wrong,
        "languages": shown.languages(deck.term_lang, deck.definition_lang),
        "licences": shown.LICENCES if deck.licence in shown.LICENCES else (*shown.LICENCES, deck.licence),
        "visibilities": visibilities(),
        "who_words": who_words(deck.visibility),
        "binned": queries.binned_notes(deck).count(),
        "saved_at": timezone.localtime(deck.changed_at),
        "today": timezone.localdate(),
    }
    return render(request, "web/library/edit.html", about, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
