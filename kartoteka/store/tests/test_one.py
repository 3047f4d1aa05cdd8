"""A row read by its key is the row the model's own query gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from kartoteka.store.keys import uuid7
from kartoteka.store.one import one

Person: Any = get_user_model()  # a model with a key, times, numbers and JSON


@pytest.mark.django_db
@pytest.mark.parametrize("later", [(), ("made_at", "password_at")])
def test_every_column_is_what_the_model_makes_of_it(later: tuple[str, ...]) -> None:
    made = Person.objects.create(name="Anna", calendar=[[0, 180], [5, 120]], retention=0.85, password_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    wanted = Person.objects.get(id=made.id)
    found = one(Person, made.id, later=later)
    assert found is not None
    assert found.get_deferred_fields() == set(later)
    for field in Person._meta.concrete_fields:
        value = getattr(found, field.attname)
        assert value == getattr(wanted, field.attname), field.attname
        assert type(value) is type(getattr(wanted, field.attname)), field.attname
    found.name = "Anna K."
    found.save()
    assert Person.objects.get(id=made.id).name == "Anna K."


@pytest.mark.django_db
def test_nobody_is_there_by_an_unknown_key() -> None:
    assert one(Person, uuid7()) is None
