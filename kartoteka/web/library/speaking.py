"""The same answer for a page and for its island: a refusal as a sentence, a change as a page or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from kartoteka.store.refusals import NotKept, Refusal


def for_island(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def speaking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An island that is refused hears the sentence alone."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            if not for_island(request):
                raise
            response = JsonResponse({"sentence": str(refusal)}, status=refusal.status)
            if isinstance(refusal, NotKept):
                response["Retry-After"] = "2"
            return response

    return spoken


def clock() -> str:
    """The time of this moment where the learner is: ``14:02``."""
    return timezone.localtime().strftime("%H:%M")
