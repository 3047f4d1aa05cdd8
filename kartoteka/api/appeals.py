"""Appeals: a mark settled otherwise by the learner, and a form of the answer accepted from now on."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from kartoteka.api.errors import Problem
from kartoteka.api.learner import known
from kartoteka.api.study import SittingOut
from kartoteka.study import actions, queries

router = Router(tags=["study"], auth=known)
Tick = Literal["covered", "partly", "missing"]
Place = Annotated[str, Field(max_length=4)]


class AppealIn(Schema):
    """``answer``: the answer's id; ``to``: settled as a whole; ``ticks``: by its points (by number); ``accept``: what was written is right from now on.

    ``id``: of the appeal itself, so that it counts once however often it is sent. ``many``: how many of the next questions to send back.
    """

    id: UUID
    answer: UUID
    to: Literal["right", "wrong"] | None = None
    ticks: Annotated[dict[Place, Tick], Field(max_length=100)] = {}
    accept: bool = False
    time_zone: Annotated[str, Field(max_length=64)] = ""
    many: Annotated[int, Field(ge=0, le=100)] = 0


class AppealOut(Schema):
    """``verdict``: as it is told now, with ``overturned`` in it; ``accepted``: for all, offered (to the set's owner), mine, or empty, with its ``sentence``."""

    id: str
    status: str
    why: str
    verdict: dict[str, Any] | None = None
    accepted: str = ""
    sentence: str = ""
    sitting: SittingOut | None = None


@router.post("/appeals", response={200: AppealOut, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 503: Problem})
def appeals(request: Any, asked: AppealIn) -> Any:
    """Overturn a mark either way, tick its points otherwise, or have what was written accepted from now on."""
    learner, now_ms = request.auth, time.time_ns() // 1_000_000
    answer = queries.answer_given(learner, asked.answer)
    sitting = queries.sitting_of(learner, answer.sitting_id or asked.answer)
    out: dict[str, Any] = {"id": str(asked.id), "status": "stored", "why": ""}
    if asked.to or asked.ticks:
        told = actions.overturn(learner, answer, id=asked.id, to=asked.to, ticks=asked.ticks, now_ms=now_ms, time_zone=asked.time_zone)
        out |= {"status": told.status, "why": told.why}
    if asked.accept and out["status"] != "refused":
        reach = actions.accept_from_now_on(learner, answer, now_ms=now_ms)
        out |= {"accepted": reach, "sentence": _(queries.ACCEPTED[reach]) if reach else ""}
    found = queries.answer_of(sitting, answer.id)
    out["verdict"] = found.shown if found else None
    if asked.many:
        out["sitting"] = actions.go_on(sitting, now_ms=now_ms, many=asked.many)
    return out
