"""How allauth's accounts are our persons."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from kartoteka.people import actions, queries
from kartoteka.people.models import Person
from kartoteka.people.sessions import BROWSER, GUEST
from kartoteka.web.people.browser import browser_of
from kartoteka.web.people.joining import join

KEEP = "keep"  # what was ticked while signing in: what the guest did here comes along
CONFIRMED = "confirmed"  # when this browser last showed that its person sits before it


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Name and password do not belong together. After five tries there is a pause of five minutes."),
        "email_password_mismatch": _("E-mail and password do not belong together. After five tries there is a pause of five minutes."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes, then try again; or ask the owner of this server for a sign-in link."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.ENVIRONMENT["SIGN_UP"] == "open")

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of our own: whatever names a host is none."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def login(self, request: Any, user: Person) -> None:
        """Signs in under a new session key; what a guest did in this browser joins the account."""
        guest = queries.guest(request.session.get(GUEST))
        keep = request.session.pop(KEEP, True)
        super().login(request, user)
        request.session[CONFIRMED] = timezone.now().timestamp()
        request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
        request.learner = user
        if guest is not None and keep:
            request.session.save()  # it is the account's now, and does not go with the guest
            join(guest, user, now_ms=time.time_ns() // 1_000_000)
        if guest is None or keep:
            request.session.pop(GUEST, None)

    def set_password(self, user: Person, password: str) -> None:
        """After a reset by e-mail: every browser is signed out."""
        actions.give_password(user, password, timezone.now())
        actions.sign_out_others(user)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""
