"""One sitting: its card, an answer, the way back, marks, and why a card is asked now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kartoteka.engine.questions import Response
from kartoteka.library import access
from kartoteka.store.keys import is_uuid7, uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.actions import Given
from kartoteka.study.models import Sitting
from kartoteka.web.study import shown
from kartoteka.web.study.moments import now_ms

MOST_FIELDS = 200
LONGEST_WRITTEN = 20_000
LONGEST_MS = 120_000  # a plain form knows when it was sent, not when one looked away


@require_safe
def sitting(request: Any, id: UUID) -> HttpResponse:
    """The question that is open now, or how the sitting ended."""
    found = queries.sitting_of(request.learner, id)
    return shown.page(request, found, at_ms=now_ms())


@require_POST
def answer(request: Any, id: UUID) -> HttpResponse:
    """An answer from a plain form; what is wrong with it is said on the next page."""
    found, at_ms = queries.sitting_of(request.learner, id), now_ms()
    response, question = said(request.POST), request.POST.get("question", "")[:120]
    since = request.POST.get("since", "")
    took_ms = min(max(at_ms - int(since), 0), LONGEST_MS) if since.isascii() and since.isdigit() and len(since) < 15 else 0
    given = Given(_id(request), found.id, question, response, at_ms, took_ms)
    told = actions.answer(request.learner, given, now_ms=at_ms)
    if told.status == "refused":
        messages.warning(request, told.why)
    elif told.question is not None and told.question.qtype not in queries.ANSWER_IS_THERE:
        return redirect(f"{reverse('sitting', args=[found.id])}?told={told.id}")
    return _back(request, found)


def said(form: Any) -> Response:
    """What the fields of a plain form say. ``pair-…`` and ``tick-…`` name a card and a point."""
    rating, hints = form.get("rating", ""), form.get("hints", "")
    named = {
        prefix: {key[5:][:64]: form[key][:64] for key in list(form)[:MOST_FIELDS] if key.startswith(prefix) and form[key]} for prefix in ("pair-", "tick-")
    }
    return Response(
        rating=int(rating) if rating in ("1", "2", "3", "4") else None,
        text=form.get("text", ""),
        choice=form.get("choice", "")[:64],
        flipped=form.get("flipped") == "1",
        hints=int(hints) if hints in ("1", "2", "3", "4") else 0,
        unknown=form.get("unknown") == "1",
        pairs=named["pair-"],
        ticks={point: mark for point, mark in named["tick-"].items() if mark in ("covered", "partly", "missing")},
    )


def _id(request: Any) -> UUID:
    """The id the page was given, so that a form sent twice counts once."""
    try:
        found = UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7()
    return found if is_uuid7(found) else uuid7()


def _back(request: Any, found: Sitting) -> HttpResponse:
    response = redirect("sitting", found.id)
    card = request.POST.get("card", "")
    if card.isalnum() and len(card) == 32:
        response["Location"] += f"?card={card}"
    elif request.POST.get("go") == "1":
        response["Location"] += "?go=1"
    return response


@require_POST
def judge(request: Any, id: UUID) -> HttpResponse:
    """What was written before the answer is seen, marked: a grade is suggested, and nothing is kept yet."""
    found = queries.sitting_of(request.learner, id)
    return shown.page(request, found, at_ms=now_ms(), written=request.POST.get("text", "")[:LONGEST_WRITTEN])


@require_POST
def undo(request: Any, id: UUID) -> HttpResponse:
    """Takes the last answer back, also when the sitting is over; before the first answer, that one started over."""
    found = queries.sitting_of(request.learner, id)
    if actions.undo(request.learner, found, id=uuid7(), now_ms=now_ms()) is None:
        if before := actions.back_before(found, now_ms=now_ms()):
            return redirect("sitting", before.id)
        messages.info(request, _("There is nothing to undo."))
    return redirect("sitting", found.id)


@require_POST
def finish(request: Any, id: UUID) -> HttpResponse:
    """Ends a sitting now; what waits comes another day."""
    found = queries.sitting_of(request.learner, id)
    actions.finish(found, now_ms=now_ms())
    return redirect("sitting", found.id)


@require_POST
def more(request: Any, id: UUID) -> HttpResponse:
    """A few more cards while those on the desk wait for their learning step."""
    found = queries.sitting_of(request.learner, id)
    if not actions.meet_more(found, now_ms=now_ms()):
        messages.info(request, _("There are no more cards to meet under these options."))
    return redirect("sitting", found.id)


@require_POST
def mark(request: Any, id: UUID) -> HttpResponse:
    """Stars a card, sets it aside, or puts it off until tomorrow."""
    found, at_ms = queries.sitting_of(request.learner, id), now_ms()
    card = _card(request.POST.get("of", ""))
    deck = queries.deck_of_card(request.learner, card)
    said = request.POST.get("said", "")
    values: dict[str, dict[str, Any]] = {
        "star": {"starred": True},
        "unstar": {"starred": False},
        "suspend": {"suspended": True},
        "unsuspend": {"suspended": False},
        "bury": {"buried_until_ms": queries.tomorrow_of(request.learner, at_ms)},
        "unbury": {"buried_until_ms": 0},
    }
    if said in values:
        actions.mark(request.learner, card, deck.id, **values[said])
    if said == "suspend":
        messages.success(request, _("Card set aside. It stays away until you bring it back."))
    if said == "bury":
        messages.success(request, _("Card put off until tomorrow."))
    return _back(request, found)


@require_safe
def why(request: Any, id: UUID, card: str) -> HttpResponse:
    """Why this card now: the part of a page for the island, else a page of its own."""
    found = queries.sitting_of(request.learner, id)
    card_id = _card(card)
    deck = queries.deck_of_card(request.learner, card_id)
    context = {"sitting": found, "card": card_id.hex, "deck": deck, **shown.reasons(request.learner, deck, card_id, at_ms=now_ms())}
    return render(request, "web/study/why_part.html" if "part" in request.GET else "web/study/why.html", context)


@require_safe
def card(request: Any, id: UUID, card: str) -> HttpResponse:
    """Where this card is edited."""
    queries.sitting_of(request.learner, id)
    card_id = _card(card)
    deck = queries.deck_of_card(request.learner, card_id)
    access.deck_to_edit(request.learner, deck.id)
    where = reverse("edit", args=[deck.id])
    note = request.GET.get("note", "")
    if not (len(note) == 32 and note.isalnum() and note.isascii()):
        return redirect(where)
    note_id = UUID(note)
    return redirect(f"{where}?card={note_id}#hint-{note_id.hex}" if request.GET.get("at") == "hint" else f"{where}#card-{note_id.hex}")


def _card(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as odd:
        raise NotThere(_("This card is not there.")) from odd
