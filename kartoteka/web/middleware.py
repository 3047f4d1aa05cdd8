"""What happens around every page: who is asking, safe cookies, and refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kartoteka.people import queries
from kartoteka.store.refusals import NotKept, Refusal

Respond = Callable[[HttpRequest], HttpResponse]
GUEST = "guest"


def SecureCookies(respond: Respond) -> Respond:
    """Marks every cookie Secure wherever the page is https; a LAN without it still works."""

    def around(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    return around


def Learner(respond: Respond) -> Respond:
    """Gives every request its learner: the account signed in, else this browser's guest, else nobody yet (``None``)."""

    def around(request: Any) -> HttpResponse:
        request.learner = request.user if request.user.is_authenticated else queries.guest(request.session.get(GUEST))
        return respond(request)

    return around


class Refusals:
    """A refusal anywhere below becomes a page with its sentence and its status."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        page = {404: "look/404.html", 403: "look/403.html"}.get(error.status, "look/refused.html")
        response = render(request, page, {"sentence": str(error)}, status=error.status)
        if isinstance(error, NotKept):
            response["Retry-After"] = "2"
        return response
