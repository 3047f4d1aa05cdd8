"""A mark settled otherwise, as a plain form; and what waits for the owner of a set."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kartoteka.engine.appealing import To
from kartoteka.library import access
from kartoteka.store.keys import is_uuid7, uuid7
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.study import actions, queries
from kartoteka.web.study.moments import now_ms

TICKS = ("covered", "partly", "missing")
MOST_FIELDS = 200


@require_POST
def appeal(request: Any, id: UUID) -> HttpResponse:
    """Overturns a mark of this sitting; or has what was written accepted. Back to how it is told now, or (``back``) to where one was."""
    sitting = queries.sitting_of(request.learner, id)
    answer = queries.answer_given(request.learner, _uuid(request.POST.get("answer", "")))
    if answer.sitting_id != sitting.id:
        raise NotThere(_("This answer is not there. It may not have been saved yet; try again in a moment."))
    fields = list(request.POST.items())[:MOST_FIELDS]
    ticks = {name[5:9]: value for name, value in fields if name.startswith("tick-") and value in TICKS}
    to: To | None = "right" if request.POST.get("to") == "right" else "wrong" if request.POST.get("to") == "wrong" else None
    if to or ticks:
        told = actions.overturn(request.learner, answer, id=_own(request.POST.get("id", "")), to=to, ticks=ticks, now_ms=now_ms())
        if told.status == "refused":
            messages.warning(request, told.why)
    if request.POST.get("accept") == "1":
        accept(request, answer)
    if request.POST.get("back") == "here":
        where = redirect("sitting", sitting.id)
        where["Location"] += f"#answer-{answer.id}"
        return where
    response = redirect("sitting", sitting.id)
    response["Location"] += f"?told={answer.id}"
    return response


def accept(request: Any, answer: Any) -> None:
    try:
        reach = actions.accept_from_now_on(request.learner, answer, now_ms=now_ms())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _(queries.ACCEPTED[reach]))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as odd:
        raise NotThere(_("This answer is not there. It may not have been saved yet; try again in a moment.")) from odd


def _own(text: str) -> UUID:
    try:
        found = UUID(text)
    except ValueError:
        return uuid7()
    return found if is_uuid7(found) else uuid7()


@require_POST
def suggestions(request: Any, deck: UUID) -> HttpResponse:
    """The owner accepts a suggested answer for everyone, or declines it."""
    found = access.deck_to_edit(request.learner, deck)
    said = request.POST.get("said", "")
    try:
        id = UUID(request.POST.get("suggestion", ""))
    except ValueError:
        return redirect("set", found.id)
    if said in ("accept", "decline") and actions.decide(found, id, accept=said == "accept"):
        words = _("Accepted for everyone from now on.") if said == "accept" else _("Declined. Who had it accepted keeps it for themselves.")
        messages.success(request, words)
    response = redirect("set", found.id)
    response["Location"] += "#suggestions"
    return response
