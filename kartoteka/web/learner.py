"""Who studies: the person of this request, made a guest the moment there is something to keep."""

from __future__ import annotations

from typing import Any

from kartoteka.people import actions
from kartoteka.people.models import Person
from kartoteka.people.sessions import BROWSER, GUEST
from kartoteka.web.people.browser import browser_of
from kartoteka.web.people.limits import not_too_often


def someone(request: Any) -> Person:
    """The request's learner; a new guest where there is none yet. Raises ``NotAllowed`` where guests are not wanted."""
    if request.learner is None:
        not_too_often(request, "guest")
        request.learner = actions.make_guest()
        request.session[GUEST] = str(request.learner.id)
        request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    learner: Person = request.learner
    return learner
