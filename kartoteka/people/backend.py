"""Signing in by a name, whatever its case, or by e-mail; a guest cannot sign in."""

from __future__ import annotations

import uuid

from allauth.account.auth_backends import AuthenticationBackend

from kartoteka.people import queries
from kartoteka.people.models import Person


class ByName(AuthenticationBackend):
    def get_user(self, user_id: uuid.UUID) -> Person | None:
        found = queries.person(user_id)
        return found if found and self.user_can_authenticate(found) else None

    def _authenticate_by_username(self, username: str, password: str) -> Person | None:
        found: Person | None = self._check_password(queries.named(username), password)
        return found
