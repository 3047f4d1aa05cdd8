"""Pages for what went wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kartoteka.people.refusals import TooOften
from kartoteka.web.middleware import refused


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or came after its cookie was gone."""
    sentence = _("This page was open too long, or cookies are off. Load it again; what you wrote is still in the form.")
    return render(request, "look/403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "look/404.html", {"sentence": ""}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "look/500.html", status=500)


def too_often(request: HttpRequest) -> HttpResponse:
    """The same address tried the same thing too many times in a short while."""
    return refused(request, TooOften(_("That was tried too often. Wait a minute, then try again.")))
