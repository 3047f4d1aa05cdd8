"""Pages for what went wrong."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kartoteka.people.refusals import TooOften
from kartoteka.store.refusals import NotKept
from kartoteka.web.middleware import refused


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or came after its cookie was gone."""
    sentence = _("This page was open too long, or cookies are off. Load it again; what you wrote is still in the form.")
    return render(request, "look/403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "look/404.html", {"sentence": ""}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw; or the database is away, which passes: then 503, so that outboxes send again. These pages ask no database."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("look/500.html"), status=500)
    if request.path.startswith("/api/"):
        detail = _("The database cannot be reached just now. Nothing was changed; try again in a moment.")
        response: HttpResponse = JsonResponse({"detail": detail}, status=NotKept.status)
    else:
        response = HttpResponse(render_to_string("look/away.html"), status=NotKept.status)
    response["Retry-After"] = "2"
    return response


def too_often(request: HttpRequest) -> HttpResponse:
    """The same address tried the same thing too many times in a short while."""
    return refused(request, TooOften(_("That was tried too often. Wait a minute, then try again.")))
