"""Answers in, questions out: the door through which an outbox empties itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema
from ninja.responses import Response as Written
from pydantic import BaseModel, SkipValidation, ValidationError

from kartoteka.api.errors import Problem, sentence
from kartoteka.api.learner import known
from kartoteka.engine.questions import Response
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.actions import Given, Told

router = Router(tags=["study"], auth=known)
JSON = "application/json; charset=utf-8"
LATEST_MS = 32_503_680_000_000  # the year 3000
Name = Annotated[str, Field(max_length=64)]
Ms = Annotated[int, Field(ge=0, le=LATEST_MS)]


class ResponseIn(BaseModel):
    """What the learner did. Never what it is worth: the server asks again, grades and weighs."""

    rating: Annotated[int, Field(ge=1, le=4)] | None = None
    flipped: bool = False
    text: Annotated[str, Field(max_length=200_000)] = ""  # what is longer than it may be is refused in words, by who knows how long
    choice: Annotated[str, Field(max_length=1_000)] = ""
    hints: Annotated[int, Field(ge=0, le=9)] = 0
    unknown: bool = False
    pairs: Annotated[dict[Name, Name], Field(max_length=50, default_factory=dict)]
    ticks: Annotated[dict[Annotated[str, Field(max_length=4)], Literal["covered", "partly", "missing"]], Field(max_length=100, default_factory=dict)]


class ReviewIn(BaseModel):
    """One answer; or (with ``takes_back``) the undoing of one; or (with ``overturns``) a mark settled otherwise by the learner: as a whole (``to``), by the
    ticks of its points (``response.ticks``), or (``accept``) what was written taken as right from now on.
    """

    id: UUID
    sitting: UUID
    question: Annotated[str, Field(max_length=120)] = ""
    response: Annotated[ResponseIn, Field(default_factory=ResponseIn)]
    at_ms: Ms
    took_ms: Ms = 0
    takes_back: UUID | None = None
    overturns: UUID | None = None
    to: Literal["right", "wrong"] | None = None
    accept: bool = False

    def given(self) -> Given:
        response = Response(**self.response.__dict__)
        if self.overturns:
            return Given(self.id, self.sitting, "", response, self.at_ms, overturns=self.overturns, to=self.to, accept=self.accept)
        return Given(self.id, self.sitting, self.question, response, self.at_ms, self.took_ms, self.takes_back)


class BatchIn(BaseModel):
    """``reviews``: at most 500. Each is judged by itself: a bad one is refused, the others are kept.

    ``sent_ms``: the device's clock as it sends, so that a wrong clock can be corrected.
    ``many``: how many of the next questions of each sitting to send back; 0: none, for an outbox that only empties itself.
    """

    reviews: list[SkipValidation[ReviewIn]]
    sent_ms: Ms | None = None
    time_zone: Annotated[str, Field(max_length=64)] = ""
    many: Annotated[int, Field(ge=0, le=100)] = queries.AT_ONCE


class ToldOut(Schema):
    """``status``: stored, there (it was already), or refused; ``why``: a sentence where it was not stored.

    ``verdict``: how the answer was judged and what would have been right; empty where nothing was asked or nothing was kept.
    ``levels``: of the card, before and after. Of an appeal also ``accepted``: for all, offered (to the set's owner), mine, or empty, with its ``sentence``.
    """

    id: str
    status: str
    why: str
    verdict: dict[str, Any] | None = None
    levels: list[str] = []
    accepted: str = ""
    sentence: str = ""


class SittingOut(Schema):
    """The next questions of a sitting with all that is needed to show them, where it stands, and whether it is over."""

    questions: list[dict[str, Any]]
    counts: dict[str, Any]
    over: bool


class BatchOut(Schema):
    reviews: list[ToldOut]
    sittings: dict[str, SittingOut]


class HintOut(Schema):
    """``kind``: own, letters, options, headings or half; ``html``: the author's own hint, which stays; ``lines``: what is shown besides; ``removed``: choices
    that are out; ``kinds``: of all rungs.
    """

    rung: int
    of: int
    kind: str
    html: str
    lines: list[str]
    removed: list[str]
    kinds: list[str]


class JudgeIn(Schema):
    question: Annotated[str, Field(max_length=120)]
    text: Annotated[str, Field(max_length=200_000)]


class JudgedOut(Schema):
    """``rating``: the grade it suggests, 1 to 3; empty where it cannot be told. ``verdict`` as of a stored answer."""

    rating: int | None
    verdict: dict[str, Any] | None


class MarkIn(Schema):
    """What to note about a card; what is left out stays as it is. ``buried``: not before the next learner-day."""

    card: UUID
    starred: bool | None = None
    suspended: bool | None = None
    buried: bool | None = None


class MarkOut(Schema):
    card: str
    starred: bool
    suspended: bool
    buried_until_ms: int


@router.post("/reviews", response={200: BatchOut, 401: Problem, 403: Problem, 413: Problem, 422: Problem, 503: Problem})
def reviews(request: HttpRequest, batch: BatchIn) -> Any:
    """Keep answers. What is told as stored or there is on the disk; sending it again is always safe."""
    learner, now_ms = _learner(request), _now_ms()
    read = [_read(item) for item in batch.reviews]
    givens = [one for one in read if isinstance(one, Given)]
    keep = actions.keep if any(one.overturns for one in givens) else actions.answer_many
    sent_ms = queries.clocks.sent_ms(request.session.session_key or learner.id, batch.sent_ms, now_ms=now_ms)
    kept = iter(keep(learner, givens, now_ms=now_ms, sent_ms=sent_ms, time_zone=batch.time_zone))
    told = [_told(learner, one, next(kept), now_ms) if isinstance(one, Given) else one for one in read]
    sittings = dict.fromkeys(one.sitting for one in givens) if batch.many else {}
    # Written as it is: going through the model once more would cost a fifth of what keeping the answers costs.
    return Written({"reviews": told, "sittings": _sittings(learner, list(sittings), now_ms, batch.many)}, content_type=JSON)


@router.get("/sittings/{uuid:id}", response={200: SittingOut, 401: Problem, 404: Problem, 503: Problem})
def sitting(request: HttpRequest, id: UUID, many: Annotated[int, Field(ge=1, le=100)] = queries.AT_ONCE) -> Any:
    """The next questions of a sitting; where a hand is done, the next one is dealt."""
    learner = _learner(request)
    return actions.go_on(queries.sitting_of(learner, id), now_ms=_now_ms(), many=many)


@router.get("/sittings/{uuid:id}/hint", response={200: HintOut, 401: Problem, 404: Problem, 422: Problem, 503: Problem})
def hint(request: HttpRequest, id: UUID, question: Annotated[str, Query(max_length=120)] = "", rung: Annotated[int, Query(ge=1, le=4)] = 1) -> Any:
    """One rung of the ladder of hints of an open question; how many were taken goes with the answer."""
    found = queries.sitting_of(_learner(request), id)
    given = queries.hint_of(queries.question_of(found, question), rung)
    if given is None:
        raise NotThere(_("There is no further hint."))
    return given


@router.post("/sittings/{uuid:id}/judge", response={200: JudgedOut, 401: Problem, 404: Problem, 409: Problem, 422: Problem, 503: Problem})
def judge(request: HttpRequest, id: UUID, asked: JudgeIn) -> Any:
    """How a written answer to a card that the learner judges would be marked: a suggestion, which nothing keeps."""
    return queries.judged(queries.sitting_of(_learner(request), id), asked.question, asked.text)


@router.post("/marks", response={200: MarkOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem, 503: Problem})
def marks(request: HttpRequest, asked: MarkIn) -> Any:
    """Star a card, suspend it, or bury it until tomorrow."""
    learner = _learner(request)
    deck = queries.deck_of_card(learner, asked.card)
    buried_until_ms = None if asked.buried is None else queries.tomorrow_of(learner, _now_ms()) if asked.buried else 0
    row = actions.mark(learner, asked.card, deck.id, starred=asked.starred, suspended=asked.suspended, buried_until_ms=buried_until_ms)
    return {"card": str(row.card_id), "starred": row.starred, "suspended": row.suspended, "buried_until_ms": row.buried_until_ms}


def _told(learner: Person, given: Given, answer: Told, now_ms: int) -> dict[str, Any]:
    if given.overturns:
        return _settled(learner, given, answer, now_ms)
    judged = answer.verdict is not None and answer.question is not None and answer.question.qtype not in queries.ANSWER_IS_THERE
    verdict = queries.told(answer.verdict, answer.question, answer.instead, answer.response) if judged and answer.verdict and answer.question else None
    levels = queries.levels_moved(learner, answer, now_ms=now_ms) if answer.question is not None and answer.question.qtype != "look" else []
    return {"id": str(answer.id), "status": answer.status, "why": answer.why, "verdict": verdict, "levels": levels}


def _settled(learner: Person, given: Given, told: Told, now_ms: int) -> dict[str, Any]:
    """An appeal, with its answer as it is told now."""
    try:
        found = queries.answer_of(queries.sitting_of(learner, given.sitting), given.overturns or given.id)
    except NotThere:
        found = None
    return {
        "id": str(told.id),
        "status": told.status,
        "why": told.why,
        "verdict": found.shown if found else None,
        "levels": queries.levels_moved(learner, told, now_ms=now_ms) if told.status == "stored" else [],
        "accepted": told.accepted,
        "sentence": _(queries.ACCEPTED[told.accepted]) if told.accepted else "",
    }


def _learner(request: Any) -> Person:
    learner: Person = request.auth
    return learner


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _read(item: Any) -> Given | dict[str, Any]:
    """An answer, or what is told of one that is none."""
    try:
        return ReviewIn.model_validate(item).given()
    except ValidationError as error:
        problems = "; ".join(sentence(dict(problem)) for problem in error.errors()[:3])
        id = str(item.get("id", ""))[:64] if isinstance(item, dict) else ""
        return {"id": id, "status": "refused", "why": _("This is not an answer (%(problems)s).") % {"problems": problems}, "verdict": None}


def _sittings(learner: Person, ids: Sequence[UUID], now_ms: int, many: int) -> dict[str, Any]:
    """The sittings these answers belong to, as far as this learner may still see their sets."""
    found = {}
    for id in ids:
        try:
            found[str(id)] = actions.go_on(queries.sitting_of(learner, id), now_ms=now_ms, many=many)
        except NotThere:
            continue
    return found
