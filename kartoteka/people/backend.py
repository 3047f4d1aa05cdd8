"""Signing in by a name, whatever its case, or by e-mail; a guest cannot sign in."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from kartoteka.people import queries
from kartoteka.people.models import Person


class ByName(AuthenticationBackend):  # type: ignore[misc]
    def _authenticate_by_username(self, username: str, password: str) -> Person | None:
        found: Person | None = self._check_password(queries.named(username), password)
        return found
