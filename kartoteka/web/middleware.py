"""What happens around every page: who is asking, safe cookies, their language and time, and refusals turned into pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from kartoteka.look.words import in_figures
from kartoteka.people import actions, days, queries
from kartoteka.people.refusals import TooOften
from kartoteka.people.sessions import GUEST
from kartoteka.store.refusals import NotKept, Refusal

Respond = Callable[[HttpRequest], HttpResponse]
SEEN = "seen"


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
        if request.learner is None:
            return respond(request)
        _note_seen(request)
        with timezone.override(ZoneInfo(days.zone_of(request.learner.time_zone))):
            return respond(request)

    return around


def _note_seen(request: Any) -> None:
    """Once a day: who was here is not a guest to be forgotten, and their cookie lives on from today."""
    today = timezone.now().date().isoformat()
    if request.session.get(SEEN) == today:
        return
    try:
        actions.seen(request.learner, timezone.now())
    except NotKept:  # a full disk stops no reading
        return
    request.session[SEEN] = today


class Policy(CSPMiddleware):
    """The content policy. Where nothing asked for a nonce it is always the same, and is built once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _policy())
        return response


@functools.cache
def _policy() -> str:
    return str(build_policy())


class Language(LocaleMiddleware):
    """The language a person chose; else that of their cookie or their browser."""

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        if request.learner and request.learner.language:
            translation.activate(request.learner.language)
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django's, which first looks for addresses that begin with a language; here there are none."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def Sized(respond: Respond) -> Respond:
    """Refuses what is larger than this instance takes, by its announced length: before it is read, and with a sentence."""
    most_mb = settings.ENVIRONMENT["UPLOAD_MB"]
    most = (most_mb + 1) * 1_000_000  # the form around a file of the largest size

    def around(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) <= most:
            return respond(request)
        sentence = _("That is more than %(mb)s MB at once. Split it into smaller parts.") % {"mb": in_figures(most_mb)}
        return render(request, "look/refused.html", {"sentence": sentence}, status=413)

    return around


class Refusals:
    """A refusal anywhere below becomes a page with its sentence and its status; so does an address that only takes what a button sends."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        sentence = _("This address takes what a button of a page sends, and shows nothing by itself. Go back, and press the button there.")
        page = render(request, "look/refused.html", {"sentence": sentence}, status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refused(request, error) if isinstance(error, Refusal) else None


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page of a refusal."""
    page = {404: "look/404.html", 403: "look/403.html"}.get(refusal.status, "look/refused.html")
    response = render(request, page, {"sentence": str(refusal)}, status=refusal.status)
    if isinstance(refusal, NotKept | TooOften):
        response["Retry-After"] = "2" if isinstance(refusal, NotKept) else "60"
    return response
