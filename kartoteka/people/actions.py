"""What changes a person."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kartoteka.people import days, queries
from kartoteka.people.links import digest_of, new_token
from kartoteka.people.models import OWNER, Person, Session, SignInLink
from kartoteka.people.names import LEAST, MOST, is_name, key_of, tidy
from kartoteka.people.refusals import LinkGone, NotAName, WeakPassword
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotAllowed
from kartoteka.store.writer import action

LINK_HOURS = 24
GUESTS_AT_ONCE = 100  # others who write wait for one transaction
SETTINGS = (
    "language",
    "theme",
    "reading_size",
    "time_zone",
    "day_start_min",
    "minutes_a_day",
    "new_a_day",
    "retention",
    "retentions",
    "days_off",
    "vacations",
    "motion",
    "keys",
)


@action
def make_guest() -> Person:
    """A person known by one browser. Raises ``NotAllowed`` where this instance wants no guests."""
    if settings.ENVIRONMENT["GUESTS"] != "open":
        raise NotAllowed(_("Studying without an account is switched off here. Sign in first."))
    id = uuid7()
    person = Person(id=id, name=f"guest-{id.hex}", is_guest=True)
    person.set_unusable_password()
    person.save(force_insert=True)
    return person


@action
def ensure_owner() -> Person:
    """The instance's owner, made at the first start: nameless, without a password, reached by a sign-in link."""
    owner = queries.owner()
    if owner is None:
        owner = Person(name=OWNER if queries.named(OWNER) is None else f"{OWNER}-{uuid7().hex[-6:]}", is_owner=True)
        owner.set_unusable_password()
        owner.save(force_insert=True)
    return owner


def check_name(name: str, *, of: Person | None = None) -> str:
    """The name as it will be kept. Raises ``NotAName`` where nobody can be called that or someone else is."""
    name = tidy(name)
    if not is_name(name):
        raise NotAName(
            _("A name has %(least)s to %(most)s letters, figures, spaces, dots or hyphens, and begins with a letter or a figure.")
            % {"least": LEAST, "most": MOST}
        )
    taken = Person.objects.filter(key=key_of(name))
    if (taken.exclude(id=of.id) if of else taken).exists():
        free = queries.free_names(name)
        raise NotAName(_("%(name)s is taken here. %(free)s are free.") % {"name": name, "free": _(" and ").join(free)})
    return name


def check_password(password: str, *, of: Person) -> None:
    """Raises ``WeakPassword`` with the reasons."""
    try:
        validate_password(password, of)
    except ValidationError as error:
        raise WeakPassword(" ".join(error.messages)) from error


@action
def sign_up(guest: Person | None, *, name: str, password: str, email: str = "", now: dt.datetime) -> Person:
    """An account. A guest's own row becomes it, so that all they did stays theirs."""
    person = Person.objects.select_for_update().get(id=guest.id, is_guest=True) if guest else Person()
    person.name = check_name(name, of=person)
    person.is_guest = False
    _give_password(person, password, now)
    person.save()
    give_email(person, email)
    return person


@action
def make_person(name: str, password: str | None = None, *, owner: bool = False, now: dt.datetime) -> Person:
    """An account made on the terminal. ``owner``: gives the instance's owner this name and password."""
    person = ensure_owner() if owner else Person()
    if owner and person.name != OWNER and key_of(person.name) != key_of(name):
        raise NotAllowed(_("This instance has an owner already: %(name)s.") % {"name": person.name})
    person.name = check_name(name, of=person)
    if password:
        _give_password(person, password, now)
    elif not person.password:
        person.set_unusable_password()
    person.save()
    return person


@action
def give_password(person: Person, password: str, now: dt.datetime) -> None:
    """A new password; every other browser is signed out by it. Raises ``WeakPassword``."""
    _give_password(person, password, now)
    person.save(update_fields=["password", "password_at"])


def _give_password(person: Person, password: str, now: dt.datetime) -> None:
    check_password(password, of=person)
    person.set_password(password)
    person.password_at = now


@action
def give_email(person: Person, email: str) -> EmailAddress | None:
    """Another e-mail address, not confirmed yet, or none."""
    person.email = email.lower()
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()
    return EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False) if email else None


@action
def make_link(person: Person, now: dt.datetime) -> str:
    """The secret of a new link that signs one browser in, once, within a day. Only its hash is kept."""
    if person.is_guest:
        raise NotAllowed(_("A guest has no account to sign in to."))
    token = new_token()
    SignInLink.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.create(digest=digest_of(token), person=person, made_at=now, expires_at=now + dt.timedelta(hours=LINK_HOURS))
    return token


@action
def use_link(token: str, now: dt.datetime) -> Person:
    """Whom the link signs in; it is used up by that. Raises ``LinkGone``."""
    # One statement, so that of two browsers at once only one gets in.
    if not SignInLink.objects.filter(digest=digest_of(token), used_at=None, expires_at__gt=now, person__is_active=True).update(used_at=now):
        raise LinkGone(_("This link was used already, or is older than a day. Ask the owner of this server for a new one."))
    return SignInLink.objects.select_related("person").get(digest=digest_of(token)).person


@action
def prefer(person: Person, *, now_ms: int, **values: Any) -> Person:
    """Notes how someone likes to study and read. A new day start or time zone moves no day that is past."""
    unknown = values.keys() - set(SETTINGS)
    if unknown:
        raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
    row = Person.objects.select_for_update().get(id=person.id)
    for name, value in values.items():
        setattr(row, name, value)
    changed = list(values)
    if row.calendar and {"time_zone", "day_start_min"} & values.keys():
        row.calendar = days.calendar_with(row.calendar, now_ms, row.time_zone, row.day_start_min)
        changed.append("calendar")
    row.save(update_fields=changed)
    return row


@action
def seen(person: Person, now: dt.datetime) -> None:
    """Notes that someone was here; called at most once a day."""
    Person.objects.filter(id=person.id).update(seen_at=now)


@action
def sign_out_browser(person: Person, mark: str) -> bool:
    """Signs one browser of this person out, known by its mark; ``False``: it was not theirs, or gone already."""
    keys = [key for key in _keys(person) if digest_of(key) == mark]
    for key in keys:
        _store()(key).delete()
    return bool(keys)


@action
def sign_out_others(person: Person, *, but: str = "") -> None:
    """Signs every browser of this person out, but the one with this session key."""
    for key in _keys(person):
        if key != but:
            _store()(key).delete()


@action
def end_guest(guest: Person) -> None:
    """A guest goes, with all that is left of theirs: after it was brought to an account."""
    _end(Person.objects.select_for_update().get(id=guest.id, is_guest=True))


def end_old_guests(now: dt.datetime) -> int:
    """Guests not seen for GUEST_DAYS go with all they made, some in a transaction; gives how many."""
    days_kept = settings.ENVIRONMENT["GUEST_DAYS"]
    gone = 0
    while days_kept and (some := _end_some_guests(now - dt.timedelta(days=days_kept))):
        gone += some
    return gone


@action
def _end_some_guests(before: dt.datetime) -> int:
    old = list(Person.objects.filter(is_guest=True, seen_at__lt=before)[:GUESTS_AT_ONCE])
    for guest in old:
        _end(guest)
    return len(old)


@action
def delete_account(person: Person) -> None:
    """A person goes, with everything that is theirs and every browser they are signed in with."""
    _end(person)


def _end(person: Person) -> None:
    for key in _keys(person):
        _store()(key).delete()
    person.delete()


def _keys(person: Person) -> list[str]:
    return list(Session.objects.filter(person=person).values_list("session_key", flat=True))


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
