"""A forgotten password: by e-mail where this server sends some, else by a link of its owner."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ConfirmEmailView, PasswordResetDoneView, PasswordResetFromKeyView, PasswordResetView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kartoteka.web.people.forms import NewPasswordByMail


class Asking(PasswordResetView):
    template_name = "web/people/reset.html"


class Asked(PasswordResetDoneView):
    template_name = "web/people/reset_sent.html"


class Choosing(PasswordResetFromKeyView):
    template_name = "web/people/reset_choose.html"

    def get_form_class(self) -> Any:
        return NewPasswordByMail


class Confirming(ConfirmEmailView):
    template_name = "web/people/email_confirm.html"

    def get_redirect_url(self) -> str:
        return str(settings.LOGIN_REDIRECT_URL)


def ask(request: HttpRequest) -> Any:
    """The page behind "Forgot the password"."""
    return _asking(request) if settings.ENVIRONMENT["EMAIL_URL"] else _by_owner(request)


@require_safe
def _by_owner(request: HttpRequest) -> HttpResponse:
    return render(request, "web/people/reset_by_owner.html")


@require_safe
def chosen(request: HttpRequest) -> HttpResponse:
    return redirect("sign_in")


_pages = require_http_methods(["GET", "HEAD", "POST"])
_asking = _pages(Asking.as_view())
asked = require_safe(Asked.as_view())
choose = _pages(Choosing.as_view())
confirm_email = _pages(Confirming.as_view())
