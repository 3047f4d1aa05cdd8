"""Where a form leads back to: only ever a path of our own."""

from __future__ import annotations

from typing import Any

from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_of(request: Any, otherwise: str) -> str:
    """The path in ``next``; ``otherwise``, a path or a page's name, where it is none of ours."""
    wished = str(request.POST.get("next", ""))
    return wished if wished.startswith("/") and url_has_allowed_host_and_scheme(wished, allowed_hosts=None) else resolve_url(otherwise)
