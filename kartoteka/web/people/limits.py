"""How often the same may be tried, by allauth's counters."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kartoteka.people.refusals import TooOften


def not_too_often(request: HttpRequest, what: str) -> None:
    """Raises ``TooOften`` where this address did it too many times; the numbers stand in ACCOUNT_RATE_LIMITS."""
    if not ratelimit.consume(request, action=what):
        raise TooOften(_("That was tried too often. Wait a minute, then try again."))
