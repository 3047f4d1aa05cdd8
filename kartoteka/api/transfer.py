"""Files in, files out: what the pages and the terminal do, for programs."""

from __future__ import annotations

import time
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from kartoteka.api.errors import Problem
from kartoteka.api.learner import known
from kartoteka.formats.base import Source, Unreadable
from kartoteka.library import access
from kartoteka.look.words import in_figures
from kartoteka.people.models import Person
from kartoteka.store.refusals import TooMuch
from kartoteka.transfer import actions, archive, queries

router = Router(tags=["transfer"], auth=known)


class DeckOut(Schema):
    """A set that came in; ``id`` is null where it was only looked at."""

    id: str | None
    title: str
    description: str
    tags: list[str]
    notes: int
    cards: int
    media: int
    reviews: int


class ProblemOut(Schema):
    where: str
    what: str
    severity: str


class ReportOut(Schema):
    """What came of it, in the words of ``kartoteka import --json``."""

    accepted: bool
    format: str
    decks: list[DeckOut]
    counts: dict[str, int]
    problems: list[ProblemOut]


class HowIn(Schema):
    """``dry_run``: only look. ``title``: what to call the set. ``format``: read it as this instead of the one recognised."""

    dry_run: bool = False
    title: str = ""
    format: str = ""


@router.post("/imports", response={200: ReportOut, 401: Problem, 403: Problem, 413: Problem, 422: Problem, 503: Problem})
def imports(request: HttpRequest, file: File[UploadedFile], how: Form[HowIn]) -> Any:
    """Bring a file in. All of it is kept, or nothing; a set that is there already is updated, not doubled."""
    owner: Person = request.auth  # type: ignore[attr-defined]
    most = settings.ENVIRONMENT["UPLOAD_MB"] * 1_000_000
    if (file.size or 0) > most:
        raise TooMuch(_("This file is larger than %(mb)s MB. Split it into smaller ones.") % {"mb": in_figures(most // 1_000_000)})
    name, data = file.name or "", file.read()
    try:
        if how.dry_run:
            bundle = actions.read(Source(name=name, data=data), {}, format=how.format)
            return actions.look(bundle, actions.compare(bundle, owner, title=how.title)).json()
        return _kept(owner, name, data, how).json()
    except Unreadable as fact:
        return actions.refused(fact.what, where=name, format=how.format).json()


def _kept(owner: Person, name: str, data: bytes, how: HowIn) -> actions.Report:
    """Proposes and accepts, with the media a file brings; one of which nothing can be kept is only looked at."""
    proposal, bundle = actions.proposed(owner, name=name, data=data, format=how.format, title=how.title)
    try:
        plan = actions.compare(bundle, owner, title=how.title)
        if not plan.acceptable:
            actions.discard(proposal)
            return actions.look(bundle, plan)
        return actions.accept(proposal, now_ms=time.time_ns() // 1_000_000, bundle=bundle, plan=plan)
    except BaseException:
        actions.discard(proposal)
        raise


@router.get("/decks/{uuid:id}/export", response={200: None, 401: Problem, 404: Problem})
def export(request: HttpRequest, id: UUID, format: str = "csv") -> Any:
    """One set as a file that other programs read, with your schedule and answers where the format takes them."""
    person: Person = request.auth  # type: ignore[attr-defined]
    found = access.deck_to_export(person, id)
    part = queries.writer(format)
    response = HttpResponse(content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{slugify(found.title) or "set"}{part.EXTENSIONS[0]}"'
    actions.write(found, format, cast(BinaryIO, response), learner=person)
    return response


@router.get("/archive", response={200: None, 401: Problem})
def whole(request: HttpRequest) -> Any:
    """Everything that is kept of oneself, in one archive that any Kartoteka takes in again."""
    pieces = archive.pieces(request.auth, now_ms=time.time_ns() // 1_000_000)  # type: ignore[attr-defined]
    return StreamingHttpResponse(pieces, content_type="application/zip", headers={"Content-Disposition": 'attachment; filename="kartoteka-my-data.zip"'})
