"""Who is asking: the person of the session cookie; a POST from a browser must carry the CSRF token too."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja.errors import HttpError
from ninja.security import APIKeyCookie

from kartoteka.people.models import Person


def _any_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_forgery = CsrfViewMiddleware(_any_view)


class SessionCookie(APIKeyCookie):
    """Gives the request's learner as ``request.auth``; nobody: 401."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """As the library's, whose guard against forged posts is made anew for every request."""
        if self.csrf and not getattr(request, "_ninja_csrf_exempt", False):
            request.csrf_processing_done = False  # type: ignore[attr-defined]
            _forgery.process_request(request)
            if _forgery.process_view(request, _any_view, (), {}):
                raise HttpError(403, "CSRF check Failed")
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        learner: Any = getattr(request, "learner", None)
        return learner if isinstance(learner, Person) else None


known = SessionCookie()
