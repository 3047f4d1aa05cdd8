"""Who studies: the person of this request, made a guest the moment there is something to keep."""

from __future__ import annotations

from typing import Any

from kartoteka.people import actions
from kartoteka.people.models import Person
from kartoteka.web.middleware import GUEST


def someone(request: Any) -> Person:
    """The request's learner; a new guest where there is none yet. Raises ``NotAllowed`` where guests are not wanted."""
    if request.learner is None:
        request.learner = actions.make_guest()
        request.session[GUEST] = str(request.learner.id)
    learner: Person = request.learner
    return learner
