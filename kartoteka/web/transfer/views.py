"""What comes in: paste or choose, look, keep."""

from __future__ import annotations

import time
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.library import access
from kartoteka.look.words import in_figures
from kartoteka.store.refusals import NotThere, TooMuch
from kartoteka.study import actions as study
from kartoteka.transfer import actions, queries, working
from kartoteka.transfer.actions import NothingToKeep
from kartoteka.transfer.models import Proposal
from kartoteka.transfer.plan import Plan
from kartoteka.transfer.saying import in_words
from kartoteka.web.learner import someone
from kartoteka.web.transfer import preview
from kartoteka.web.transfer.forms import NEW, Decided, decided, other_switches


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The paste box; what comes in is proposed, and shown before anything is kept."""
    into = _into(request)
    if request.method != "POST":
        return _box(request, into=into)
    text, file = request.POST.get("text", ""), request.FILES.get("file")
    most = settings.ENVIRONMENT["UPLOAD_MB"] * 1_000_000
    if file is not None and (file.size or 0) > most:
        return _box(
            request, into=into, text=text, wrong=_("This file is larger than %(mb)s MB. Split it into smaller ones.") % {"mb": in_figures(most // 1_000_000)}
        )
    if file is not None and (file.size or 0) > working.LARGE_BYTES:
        return redirect("proposal", actions.take(someone(request), name=file.name or "", pieces=file.chunks(), into=into).id)
    name, data = (file.name or "", file.read()) if file is not None else ("", text.replace("\r\n", "\n").encode(errors="surrogatepass"))
    try:
        bundle = actions.read(Source(name=name, data=data), {})
    except Unreadable as fact:
        return _box(request, into=into, text=text, wrong=in_words(fact))
    made = actions.propose(someone(request), name=name, data=data, bundle=bundle)
    if into is not None:
        actions.decide(made, into=into)
    return redirect("proposal", made.id)


def _into(request: HttpRequest) -> UUID | None:
    """The set that cards were asked to go to; only one's own."""
    try:
        asked = UUID(request.POST.get("into") or request.GET.get("into") or "")
    except ValueError:
        return None
    return access.deck_to_edit(request.learner, asked).id  # type: ignore[attr-defined]


def _box(request: HttpRequest, *, into: UUID | None, text: str = "", wrong: str = "") -> HttpResponse:
    most_mb = settings.ENVIRONMENT["UPLOAD_MB"]
    return render(request, "web/transfer/add.html", {"into": into, "text": text, "wrong": wrong, "most_mb": most_mb})


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, id: UUID) -> HttpResponse:
    """The preview; posting it reads anew with other switches, or remembers what was decided."""
    found = queries.proposal_of(request.learner, id)  # type: ignore[attr-defined]
    if found.accepted_at is not None:
        return _to_set(found)
    if found.work:
        return render(request, "web/transfer/working.html", {"proposal": found, "progress": working.progress_of(found.id)})
    if not found.format:  # it could not be read
        actions.discard(found)
        return _box(request, into=found.into, wrong=found.wrong)
    if request.method != "POST":
        return _preview(request, found, wrong=found.wrong)
    return _again(request, found, decided(request.POST, found))


def _again(request: HttpRequest, found: Proposal, form: Decided, *, said: str = "") -> HttpResponse:
    switched = other_switches(form, found, queries.bundle_of(found).choices)
    try:
        if switched:
            actions.again(found, {} if "format" in switched else switched, format=form.format)
    except Unreadable as fact:
        return _preview(request, found, wrong=in_words(fact))
    _decide(found, form, queries.bundle_of(found), forget_cards=bool(switched))
    if said:
        messages.info(request, said)
    look = request.POST.get("look", "")
    response = redirect("proposal", found.id)
    if look.isdigit():
        response["Location"] += f"?from={look}#new"
    return response


def _decide(found: Proposal, form: Decided, bundle: Bundle, *, forget_cards: bool = False) -> Plan | None:
    """Keeps what was decided; gives the plan, where it is still the same."""
    cards = {} if forget_cards else {"leave_out": form.leave_out, "mine": form.mine, "mends": form.mends}
    plan, before = queries.plan_of(found, bundle), _planned_by(found)
    current = plan.decks[0].into if plan.decks else None
    shown = str(current.id) if current else NEW
    into, fresh = found.into, found.fresh
    if form.target and form.target != shown:  # left as the page proposed it, it stays what the title says
        into, fresh = form.into, form.target == NEW
    title = form.title if form.title is not None and form.title.strip() and (not plan.decks or form.title.strip() != plan.decks[0].deck.title) else None
    actions.decide(found, title=title, into=into, fresh=fresh, **cards)  # type: ignore[arg-type]
    return plan if _planned_by(found) == before else None


def _planned_by(found: Proposal) -> tuple[object, ...]:
    """All that a plan depends on besides the cards and the library."""
    return found.title, found.into, found.fresh, found.decided.get("mends", {})


def _preview(request: HttpRequest, found: Proposal, *, wrong: str = "") -> HttpResponse:
    bundle = queries.bundle_of(found)
    start = request.GET.get("from", "0")
    plan = queries.plan_of(found, bundle)
    shown = preview.shown(found, bundle, plan, found.owner, int(start) if start.isdigit() else 0)
    full = queries.too_much(found, bundle, plan)
    return render(request, "web/transfer/proposal.html", {"proposal": found, "shown": shown, "wrong": wrong, "full": full, "new": NEW})


@require_POST
def accept(request: HttpRequest, id: UUID) -> HttpResponse:
    """Keeps what was shown; where it would now go elsewhere than the page said, it is shown again first."""
    try:
        return _accept(request, queries.proposal_of(request.learner, id))  # type: ignore[attr-defined]
    except NotThere:
        kept = queries.proposal_of(request.learner, id)  # type: ignore[attr-defined]
        if kept.accepted_at is None:
            raise
        return _to_set(kept)  # a double click: the first one has kept it meanwhile


def _accept(request: HttpRequest, found: Proposal) -> HttpResponse:
    if found.accepted_at is not None:
        return _to_set(found)
    if found.work:
        return redirect("proposal", found.id)
    form, bundle = decided(request.POST, found), queries.bundle_of(found)
    if other_switches(form, found, bundle.choices):
        return _again(request, found, form, said=_("These are the cards with your new switches. Look, then keep."))
    plan = _decide(found, form, bundle) or queries.plan_of(found, bundle)
    target = str(plan.decks[0].into.id) if plan.decks and plan.decks[0].into else NEW
    if form.target and form.target != target:
        messages.info(request, _("You have a set with this title already. Look at what would change, or choose a new set."))
        return redirect("proposal", found.id)
    if bundle.notes > working.LARGE_NOTES or found.size > working.LARGE_BYTES:
        actions.accept_later(found)
        return redirect("proposal", found.id)
    try:
        report = actions.accept(found, now_ms=time.time_ns() // 1_000_000, bundle=bundle, plan=plan)
    except (NothingToKeep, TooMuch) as fact:
        return _preview(request, found, wrong=str(fact))
    study.look_again(found.owner, now_ms=time.time_ns() // 1_000_000)
    messages.success(request, preview.told(report))
    return _to_set(found)


def _to_set(found: Proposal) -> HttpResponse:
    decks = found.report.get("decks", [])
    return redirect("set", decks[0]["id"]) if len(decks) == 1 else redirect("library")


@require_POST
def discard(request: HttpRequest, id: UUID) -> HttpResponse:
    """Takes a preview away; nothing of it was kept."""
    found = queries.proposal_of(request.learner, id)  # type: ignore[attr-defined]
    actions.discard(found)
    messages.info(request, _("Discarded. Nothing was changed."))
    return redirect("home")
