"""Who is asking: the person of the session cookie; a POST from a browser must carry the CSRF token too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from kartoteka.people.models import Person


class SessionCookie(APIKeyCookie):
    """Gives the request's learner as ``request.auth``; nobody: 401."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        learner: Any = getattr(request, "learner", None)
        return learner if isinstance(learner, Person) else None


known = SessionCookie()
