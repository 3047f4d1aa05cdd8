"""Is the server there? Asks no database, so that it also answers when the disk is full."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Schema

router = Router(tags=["health"])


class Health(Schema):
    ok: bool


@router.api_operation(["GET", "HEAD"], "/health", response=Health, auth=None)
def health(request: HttpRequest) -> Health:
    """The server is up."""
    return Health(ok=True)
