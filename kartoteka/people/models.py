"""Persons: an account or a guest, with the way they like to study; the browsers they are signed in with."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kartoteka.people.links import digest_of
from kartoteka.people.names import key_of
from kartoteka.store.keys import uuid7

OWNER = "owner"  # what the owner of an instance is called until they choose a name


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(key=key_of(username or ""))


class Key(models.CharField[str, str]):
    """The name without case and width, so that Anna is anna; also where rows are made in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = key_of(getattr(model_instance, "name", ""))
        setattr(model_instance, self.attname, key)
        return key


class Person(AbstractBaseUser):
    """Someone who studies. A guest is a person known by one browser; signing up makes the same row an account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=60, unique=True)
    key = Key(max_length=120, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True, default="")
    is_guest = models.BooleanField(default=False)
    is_owner = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True, db_index=True)
    password_at = models.DateTimeField(null=True, blank=True)

    language = models.CharField(max_length=12, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="")
    reading_size = models.PositiveSmallIntegerField(default=100)
    time_zone = models.CharField(max_length=64, blank=True, default="")
    day_start_min = models.PositiveSmallIntegerField(default=240)
    # [[from_ms, cut_utc_min], …]: travel and summer time never move past reviews into other days
    calendar = models.JSONField(default=list)
    minutes_a_day = models.PositiveSmallIntegerField(default=10)
    new_a_day = models.PositiveSmallIntegerField(default=20)
    retention = models.FloatField(default=0.9)
    retentions = models.JSONField(default=dict, blank=True)  # set (hex) → the retention wished there
    days_off = models.JSONField(default=list, blank=True)  # weekdays without study, 0 = Monday
    vacations = models.JSONField(default=list, blank=True)  # [[first learner-day, last, the day on which it was said], …]
    motion = models.CharField(max_length=8, blank=True, default="")  # "reduced" or "full"; empty: as the device says
    keys = models.JSONField(default=dict, blank=True)  # what a key does → the key chosen for it
    fit_id = models.UUIDField(null=True, blank=True)  # the memory model in use; empty: the published one

    objects = People()
    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        constraints = [models.UniqueConstraint(fields=["is_owner"], condition=Q(is_owner=True), name="one_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        if self.is_owner and self.name == OWNER:
            return str(_("Whoever runs this site"))
        return str(_("Guest")) if self.is_guest else self.name


class SignInLink(models.Model):
    """A link that signs one browser in, once: made on the terminal, kept only as a hash."""

    digest = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Session(AbstractBaseSession):
    """One browser: whose it is, and what it calls itself. A row of Django's sessions that knows its person."""

    # No constraint: a browser may still say the name of someone who is gone.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="sessions")
    browser = models.CharField(max_length=80, blank=True, default="")
    seen_at = models.DateTimeField()

    @property
    def mark(self) -> str:
        """What a page may call this browser: its key would let anyone in."""
        return digest_of(self.session_key)
