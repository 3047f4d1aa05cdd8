"""Cards are written, moved, deleted and brought back, one at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kartoteka.library import access, actions, queries
from kartoteka.library.files import editable
from kartoteka.library.models import Deck, DeckMedia, Note
from kartoteka.store.refusals import NotThere
from kartoteka.web.library import shown
from kartoteka.web.library.editing import editor
from kartoteka.web.library.simple import to_html
from kartoteka.web.library.speaking import clock, for_island, speaking

FIELDS = ("term", "definition", "hint")
MOST_DELETED = 500


def _in_editor(deck: Deck, note: Note | None = None) -> HttpResponse:
    """Back to the list, at this card."""
    address = reverse("edit", args=[deck.id])
    return redirect(f"{address}#card-{note.id.hex}" if note else address)


def _written(request: Any, deck: Deck) -> dict[str, str]:
    """Both sides and the hint as HTML: an island sends HTML; a text field sends words, and perhaps a file beside them. What was not sent is not there."""
    rich = request.POST.get("rich") == "1"
    sides = {"term": "", "definition": ""}
    sides |= {name: request.POST[name] if rich else to_html(request.POST[name]) for name in FIELDS if name in request.POST}
    for side in ("term", "definition"):
        if file := request.FILES.get(f"{side}_file"):
            sides[side] += shown_as(actions.put_media(deck, file.name or "", file), request.POST.get(f"{side}_alt", ""))
    return sides


def shown_as(media: DeckMedia, alt: str = "") -> str:
    """A file of a deck as a card calls it."""
    if media.media.mime.startswith("audio/"):
        return format_html('<audio data-name="{}"></audio>', media.name)
    return format_html('<img data-name="{}" alt="{}">', media.name, alt.strip() or media.alt)


def _row(request: Any, deck: Deck, note: Note, *, open: bool) -> str:
    name = "web/library/card.html" if open else "web/library/row.html"
    about = {"deck": deck, "row": shown.row_of(deck, note)}
    return render_to_string(name, about, request)


def _saved(request: Any, deck: Deck, note: Note) -> HttpResponse:
    row = shown.row_of(deck, note)
    about = {
        "id": str(note.id),
        "version": note.version,
        "saved": clock(),
        "address": reverse("card", args=[deck.id, note.id]),
        "number": row.number,
        "total": queries.notes_of(deck).count(),
        "looks": row.looks,
        "warnings": render_to_string("web/library/warnings.html", {"row": row, "deck": deck}, request),
    }
    return JsonResponse(about)


def _beside(request: Any, deck: UUID) -> Note | None:
    """The card after which another is to stand; none: at the end. Raises ``NotThere`` for an id that is none."""
    after = request.POST.get("after", "")
    try:
        return access.note_to_edit(request.learner, deck, UUID(after)) if after else None
    except ValueError as error:
        raise NotThere(_("This card is not there any more.")) from error


@require_POST
@speaking
def add_card(request: Any, deck: UUID) -> HttpResponse:
    """A new card at the end, or after another; an empty one is not kept."""
    found = access.deck_to_edit(request.learner, deck)
    sides = _written(request, found)
    if not any(sides.values()):
        if for_island(request):
            return JsonResponse({"saved": clock()})
        return redirect(f"{reverse('edit', args=[found.id])}?add=1#new")
    note = actions.add_note(found, **sides, after=_beside(request, deck))
    if for_island(request):
        return _saved(request, found, note)
    return redirect(f"{reverse('edit', args=[found.id])}?add=1#new")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@speaking
def card(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """One card, open or closed again; posted, it is saved."""
    mine = access.note_to_edit(request.learner, deck, note)
    if request.method != "POST":
        if not for_island(request):
            return redirect(f"{reverse('edit', args=[deck])}?card={note}#card-{note.hex}")
        return JsonResponse({"html": _row(request, mine.deck, mine, open=request.GET.get("closed") != "1")})
    return _save(request, mine)


def _save(request: Any, note: Note) -> HttpResponse:
    deck, version = note.deck, request.POST.get("version", "")
    if step := request.POST.get("step"):
        actions.step_note(note, -1 if step == "up" else 1)
        return _in_editor(deck, note)
    sides = _written(request, deck)
    try:
        now = actions.edit_note(note, version=int(version) if version.isdigit() else None, **sides)
    except actions.ChangedNote as told:
        return _told(request, told, sides)
    if for_island(request):
        return _saved(request, deck, now)
    messages.success(request, _("Saved."))
    return _in_editor(deck, now)


def _told(request: Any, told: actions.ChangedNote, mine: dict[str, str]) -> HttpResponse:
    """Who saves second sees both texts; theirs stands, mine is still in the fields."""
    now = told.now
    if for_island(request):
        about = {"theirs": now, "sentence": str(told)}
        html = render_to_string("web/library/conflict.html", about, request)
        theirs = {"term": editable(now.term), "definition": editable(now.definition), "hint": editable(now.fields.get("hint", ""))}
        return JsonResponse({"sentence": str(told), "version": now.version, "theirs": theirs, "html": html}, status=409)
    written = {name: request.POST.get(name, "") for name in FIELDS}
    return editor(request, now.deck, open=now, written=written, theirs=now, status=409)


@require_POST
@speaking
def move_card(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """Moves a card: one step up or down, or after another."""
    mine = access.note_to_edit(request.learner, deck, note)
    if step := request.POST.get("step"):
        actions.step_note(mine, -1 if step == "up" else 1)
    else:
        actions.move_note(mine, after=_beside(request, deck))
    if not for_island(request):
        return _in_editor(mine.deck, mine)
    ids = list(queries.notes_of(mine.deck).values_list("id", flat=True))
    place = ids.index(mine.id)
    return JsonResponse({"number": place + 1, "after": str(ids[place - 1]) if place else "", "saved": clock()})


@require_POST
@speaking
def copy_card(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """A card like this one, after it."""
    mine = access.note_to_edit(request.learner, deck, note)
    twin = actions.add_note(mine.deck, **{name: html for name, html in queries.fields_of(mine).items() if name in FIELDS}, after=mine, tags=mine.tags)
    if not for_island(request):
        return redirect(f"{reverse('edit', args=[deck])}?card={twin.id}#card-{twin.id.hex}")
    return JsonResponse({"html": _row(request, mine.deck, twin, open=True), "saved": clock()})


@require_POST
def drop_answer(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """A further form of the answer is right no longer."""
    mine = access.note_to_edit(request.learner, deck, note)
    if "reversed" in request.POST:
        actions.drop_answer(mine, request.POST["reversed"], direction="reversed")
    else:
        actions.drop_answer(mine, request.POST.get("forward", ""))
    return redirect(f"{reverse('edit', args=[deck])}?card={mine.id}#card-{mine.id.hex}")


@require_POST
@speaking
def delete_card(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """Deletes a card; its answers are kept, and it can come back."""
    mine = access.note_to_edit(request.learner, deck, note)
    number = shown.row_of(mine.deck, mine).number
    actions.bin_note(mine)
    words, back = _("Card %(number)d deleted, its answers kept") % {"number": number}, reverse("restore_card", args=[deck, note])
    if for_island(request):
        return JsonResponse({"words": words, "back": back, "saved": clock(), "total": queries.notes_of(mine.deck).count()})
    messages.info(request, words, extra_tags=back)
    return _in_editor(mine.deck)


@require_POST
@speaking
def restore_card(request: Any, deck: UUID, note: UUID) -> HttpResponse:
    """Brings a deleted card back to its place."""
    mine = access.note_to_edit(request.learner, deck, note, binned=True)
    actions.restore_note(mine)
    if not for_island(request):
        return _in_editor(mine.deck, mine)
    ids = list(queries.notes_of(mine.deck).values_list("id", flat=True))
    place = ids.index(mine.id)
    after = str(ids[place - 1]) if place else ""
    return JsonResponse({"html": _row(request, mine.deck, mine, open=False), "after": after, "saved": clock(), "total": len(ids)})


@never_cache
@require_safe
def deleted_cards(request: Any, deck: UUID) -> HttpResponse:
    """The deleted cards of a set, to be brought back."""
    found = access.deck_to_edit(request.learner, deck)
    return render(request, "web/library/deleted.html", {"deck": found, "notes": queries.binned_notes(found)[:MOST_DELETED]})
