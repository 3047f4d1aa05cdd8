"""The page of a set: what to do next, the ways to study it, its terms by level, and who has studied it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kartoteka import shelf
from kartoteka.library import access
from kartoteka.library import actions as library_actions
from kartoteka.library import queries as library
from kartoteka.library.models import Deck, Note, Visibility
from kartoteka.look.words import in_figures
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.study import actions as study_actions
from kartoteka.study import queries as study
from kartoteka.transfer import actions as transfer_actions
from kartoteka.transfer import queries as transfer
from kartoteka.web.learner import someone
from kartoteka.web.study.counting import SAMPLES

HORIZON_DAYS = 7
TERMS_A_PAGE = 200  # a page stays light with 20,000 cards; Find reaches all of them
GROUPS = ("new", "learning", "fading", "familiar", "mastered")
SESSIONS = {
    "new": gettext_lazy("Meet these"),
    "learning": gettext_lazy("Learn these"),
    "fading": gettext_lazy("Review these"),
    "familiar": gettext_lazy("Check these"),
    "mastered": gettext_lazy("Check these"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the page lists it."""

    note: Note
    starred: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The terms of one level on this page; ``count`` is of the whole set."""

    level: str
    count: int
    terms: list[Term]

    @property
    def call(self) -> str:
        return f"{SESSIONS[self.level]} ({in_figures(self.count)})"

    @property
    def mode(self) -> str:
        """What fades is reviewed; the rest is learned, where what is known already is asked from memory."""
        return "spaced" if self.level == "fading" else "learn"


@dataclass(frozen=True, slots=True)
class Tile:
    """A way to study, with its own status line."""

    name: str
    title: str
    icon: str
    line: str
    least: int = 1  # cards it needs
    needs: str = ""  # why not, where the set has some but too few
    why: str = ""  # why not, where it has enough but they do not do


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@require_safe
def set_page(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_see(request.learner, deck)
    mine, now_ms = access.owns(request.learner, found), _now_ms()
    ahead = study.Ahead(request.learner, found, now_ms)
    standing = study.standing_of(request.learner, found, now_ms, ahead.cards)
    words = request.GET.get("find", "").strip()
    terms = library.notes_of(found)
    every = library.note_ids_of(found)
    total = len(every)
    askable = list(dict.fromkeys(card.note for card in ahead.cards if card.askable))
    listed = [id.hex for id in library.notes_with(found, words).values_list("id", flat=True)] if words else every
    page, groups = _groups(terms, listed, standing, request.GET.get("page"))
    return render(
        request,
        "web/sets/set.html",
        {
            "deck": found,
            "mine": mine,
            "rating": library.rating_of(found),
            "may_rate": not mine and request.user.is_authenticated,
            "studied_by": study.studied_by(found),
            "languages": _languages(found),
            "standing": standing,
            "next": (following := study.recommended(request.learner, found, now_ms, ahead)),
            "next_url": _next_url(found, following),
            "day": datetime.fromtimestamp(now_ms / 1000, UTC) + timedelta(days=HORIZON_DAYS),
            "begun": any(count for level, count in standing.levels.items() if level != "new"),
            "mode_names": list(shelf.parts("modes", "rules")),
            "tiles": _tiles(ahead),
            "total": total,
            "askable": len(askable),
            "aside": total - len(askable),
            "preview": terms.filter(id=askable[0]).first() if askable else None,
            "groups": groups,
            "away": study.away_from(request.learner, found, now_ms),
            "page": page,
            "find": words,
            "people": study.people_of(found, request.learner, now_ms, standing),
            "columns": study.columns(),
            "suggestions": study.suggestions_of(found) if mine else [],
            "writers": transfer.writers(),
            "visibilities": Visibility.choices,
            "address": request.build_absolute_uri(reverse("set", args=[found.id])),
            "samples": SAMPLES,
        },
    )


def _languages(deck: Deck) -> str:
    """The languages of a set's two sides, where they are known, in the reader's own; one that has no name here by its code."""
    names = []
    for code in dict.fromkeys(code for code in (deck.term_lang, deck.definition_lang) if code):
        try:
            names.append(str(get_language_info(code.replace("_", "-").lower())["name_translated"]))
        except KeyError:
            names.append(code)
    return " – ".join(names)


def _next_url(deck: Deck, following: study.Recommended) -> str:
    """Where the filled button leads; to the editor where there is no card yet."""
    if not following.mode:
        return reverse("edit", args=[deck.id])
    parameters = f"?{urlencode(following.options)}" if following.options else ""
    return reverse("sit", args=[deck.id, following.mode]) + parameters


def _tiles(ahead: study.Ahead) -> list[Tile]:
    lines = study.mode_lines(ahead.learner, ahead.deck, ahead.now_ms, ahead)
    cards = [card.id for card in ahead.cards if card.askable and card.kind != "reversed"]
    return [
        Tile(
            name,
            _(rules.TITLE),
            rules.ICON,
            lines.get(name) or _("not started"),
            getattr(rules, "LEAST", 1),
            _(rules.TOO_FEW) if hasattr(rules, "TOO_FEW") else "",
            study.why_few(cards, name),
        )
        for name, rules in shelf.parts("modes", "rules").items()
    ]


def _groups(notes: Any, ids: Sequence[str], standing: study.Standing, number: str | None) -> tuple[Any, list[Group]]:
    """A page of these terms, grouped by level and inside a group in the set's own order; only what it shows is read."""
    by_level: dict[str, list[str]] = {level: [] for level in GROUPS}
    for id in ids:
        by_level[standing.of_note.get(id, "new")].append(id)
    page = Paginator([(level, id) for level in GROUPS for id in by_level[level]], TERMS_A_PAGE).get_page(number)
    shown = {note.id.hex: note for note in notes.filter(id__in=[UUID(id) for _level, id in page.object_list])}
    groups = []
    for level in GROUPS:
        terms = [Term(shown[id], id in standing.starred) for of, id in page.object_list if of == level and id in shown]
        groups.append(Group(level, len(by_level[level]), terms))
    return page, [group for group in groups if group.terms]


@require_POST
def star(request: Any, deck: UUID) -> HttpResponse:
    """Stars a term for this learner, or takes its star away."""
    found = access.deck_to_study(request.learner, deck)
    note, starred = request.POST.get("note", ""), request.POST.get("starred") == "on"
    cards = [card for card in library.cards_of(found) if card.note == note]
    if not cards:
        raise NotThere(_("This card is not there any more."))
    learner = someone(request)
    for card in cards:
        study_actions.mark(learner, UUID(card.id), found.id, starred=starred)
    return (
        JsonResponse({"starred": starred})
        if "application/json" in request.headers.get("Accept", "")
        else redirect(reverse("set", args=[found.id]) + f"#card-{note}")
    )


@require_POST
def bring_back(request: Any, deck: UUID) -> HttpResponse:
    """Cards that this learner set aside or put off are asked again: one, or all of them."""
    found = access.deck_to_study(request.learner, deck)
    named = request.POST.get("card", "")
    try:
        cards = [UUID(named)] if named else None
    except ValueError:
        cards = []
    if request.learner is not None:
        back = study_actions.bring_back(request.learner, found, cards)
        messages.success(request, ngettext("%(n)s card is asked again.", "%(n)s cards are asked again.", back) % {"n": in_figures(back)})
    return redirect(reverse("set", args=[found.id]) + "#away")


@require_safe
def print_page(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_see(request.learner, deck)
    return render(
        request,
        "web/sets/print.html",
        {"deck": found, "notes": library.notes_of(found), "address": request.build_absolute_uri(reverse("set", args=[found.id]))},
    )


@require_safe
def export(request: Any, deck: UUID, name: str) -> HttpResponse | StreamingHttpResponse:
    found = access.deck_to_export(request.learner, deck)
    part = transfer.writer(name)
    response = HttpResponse(content_type=getattr(part, "MIME", "text/csv; charset=utf-8" if name == "csv" else "text/plain; charset=utf-8"))
    response["Content-Disposition"] = f'attachment; filename="{slugify(found.title) or "set"}{part.EXTENSIONS[0]}"'
    transfer_actions.write(found, name, cast(BinaryIO, response), learner=request.learner)
    return response


@require_POST
def share(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_edit(request.learner, deck)
    wanted = request.POST.get("visibility", "")
    if wanted not in Visibility.values:
        raise Refusal(_("Choose who may see this set: only you, anyone with the link, or everyone."))
    library_actions.share(found, wanted)
    messages.success(
        request,
        {
            Visibility.PRIVATE: _("Only you can open this set now."),
            Visibility.LINK: _("Anyone with the link can open this set now."),
            Visibility.PUBLIC: _("Everyone can find this set now."),
        }[Visibility(wanted)],
    )
    return redirect("set", deck=found.id)


@require_POST
def copy_set(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_copy(request.learner, deck)
    made = library_actions.copy_deck(someone(request), found)
    messages.success(request, _("This copy is yours: change it as you like."))
    return redirect("set", deck=made.id)


@require_POST
def rate(request: Any, deck: UUID) -> HttpResponse:
    found = access.deck_to_rate(request.learner, deck)
    stars = request.POST.get("stars", "")
    library_actions.rate(request.learner, found, int(stars) if stars in ("1", "2", "3", "4", "5") else 0)  # the action refuses 0
    messages.success(request, ngettext("Rated with %(stars)s star.", "Rated with %(stars)s stars.", int(stars)) % {"stars": stars})
    return redirect("set", deck=found.id)
