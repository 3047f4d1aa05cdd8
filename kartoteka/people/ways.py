"""Ways to sign in beside the password: passkeys, an authenticator app, and recovery codes for when it is lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils.translation import gettext as _

from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, TooMuch
from kartoteka.store.writer import action

MOST_PASSKEYS = 20
LONGEST_NAME = 60
CODES = Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner knows it."""

    id: int
    name: str
    made_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Ways:
    """How someone can sign in. ``app``: since when codes of an app are asked for; ``codes``: recovery codes not used yet, ``None``: there are none."""

    passkeys: tuple[Passkey, ...] = ()
    app: dt.datetime | None = None
    codes: int | None = None

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.app)


def ways_of(person: Person) -> Ways:
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at", "id"))
    keys = tuple(Passkey(row.id, str(row.data.get("name", "")), row.created_at, row.last_used_at) for row in rows if row.type == Authenticator.Type.WEBAUTHN)
    app = next((row.created_at for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((len(RecoveryCodes(row).get_unused_codes()) for row in rows if row.type == CODES), None)
    return Ways(keys, app, codes)


@action
def add_app(person: Person, secret: str) -> list[str]:
    """From now on a code of the app is asked for, where one signs in by password. Gives recovery codes, where these are the first."""
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(person, secret)
    return _first_codes(person)


@action
def remove_app(person: Person) -> None:
    """No code is asked for any more."""
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
    _tidy(person)


@action
def add_passkey(person: Person, name: str, credential: dict[str, Any]) -> list[str]:
    """Keeps a passkey that the browser has made. Gives recovery codes, where these are the first."""
    count = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).count()
    if count >= MOST_PASSKEYS:
        raise TooMuch(_("You have %(most)d passkeys. Remove one that you do not use.") % {"most": MOST_PASSKEYS})
    WebAuthn.add(person, name.strip()[:LONGEST_NAME] or _("Passkey %(n)d") % {"n": count + 1}, credential)
    return _first_codes(person)


@action
def remove_passkey(person: Person, id: int) -> None:
    """Raises ``NotThere`` where it is none of theirs."""
    deleted, _each = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN, id=id).delete()
    if not deleted:
        raise NotThere(_("There is no such passkey."))
    _tidy(person)


@action
def new_codes(person: Person) -> list[str]:
    """Ten new recovery codes; those there were are void. None, where there is nothing they could stand in for."""
    Authenticator.objects.filter(user=person, type=CODES).delete()
    return _first_codes(person) if ways_of(person).any else []


def _first_codes(person: Person) -> list[str]:
    if Authenticator.objects.filter(user=person, type=CODES).exists():
        return []
    return list(RecoveryCodes.activate(person).generate_codes())


def _tidy(person: Person) -> None:
    """Recovery codes alone would let nobody in."""
    if not Authenticator.objects.filter(user=person).exclude(type=CODES).exists():
        Authenticator.objects.filter(user=person).delete()
