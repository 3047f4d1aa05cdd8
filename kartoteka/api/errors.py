"""What went wrong, as JSON: a sentence under ``detail``, and a status that says whether trying again helps."""

from __future__ import annotations

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError

from kartoteka.store.refusals import NotKept, Refusal

AGAIN_IN_S = "2"


class Problem(Schema):
    """A refusal: one sentence that may be shown."""

    detail: str


def translate(api: NinjaAPI) -> None:
    """Gives every exception of the house its one answer."""

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return _said(api, request, str(refusal), refusal.status)

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def not_now(request: HttpRequest, error: Exception) -> HttpResponse:
        return _said(api, request, _("The database cannot be reached just now. Nothing was changed; try again in a moment."), NotKept.status)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return _said(api, request, _("Nobody is known in this browser yet. Open a set first, or sign in."), 401)

    @api.exception_handler(ValidationError)
    def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return _said(api, request, "; ".join(sentence(problem) for problem in error.errors[:3]), 422)


def sentence(problem: dict[str, Any]) -> str:
    """Where something is not as it should be, and how."""
    place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "path", "batch", "asked"))
    return f"{place or 'body'}: {problem['msg']}"


def _said(api: NinjaAPI, request: HttpRequest, detail: str, status: int) -> HttpResponse:
    response = api.create_response(request, {"detail": detail}, status=status)
    if status == NotKept.status:
        response["Retry-After"] = AGAIN_IN_S
    return response
