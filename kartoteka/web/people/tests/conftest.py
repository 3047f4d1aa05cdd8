"""The cast of these pages, and quick passwords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from kartoteka.people import actions
from kartoteka.people.models import Person

NOW = dt.datetime(2026, 3, 14, 15, 9, tzinfo=dt.UTC)
PASSWORD = "paper cabinet 1927"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> Iterator[None]:
    """No test is refused for what another tried too often."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def told(settings: Settings) -> Callable[..., None]:
    """Changes some of the instance's settings: told(SIGN_UP="closed")."""

    def tell(**values: object) -> None:
        kept = django_settings.ENVIRONMENT
        settings.ENVIRONMENT = type(kept)({**kept.values, **{f"KARTOTEKA_{name}": value for name, value in values.items()}}, kept.data)

    return tell


@pytest.fixture
def anna(db: None) -> Person:
    return actions.make_person("Anna", PASSWORD, now=NOW)


@pytest.fixture
def browser(db: None) -> Client:
    """A browser that must send its tokens as a real one does."""
    return Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"})
