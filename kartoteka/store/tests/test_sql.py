"""Plain SQL goes the same way on both databases, counts what it changed, and keeps Django's errors and its log of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kartoteka.store.keys import uuid7
from kartoteka.store.sql import change, change_many, each, fetch, pour
from kartoteka.store.sqlite import STATEMENTS

Person: Any = get_user_model()
RENAME = "UPDATE people_person SET email = %s WHERE name = %s"


def emails() -> dict[str, str]:
    return dict(fetch("SELECT name, email FROM people_person WHERE name <> %s", [""]))  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("logged", [False, True])
def test_rows_are_read_and_changed(logged: bool) -> None:
    for name in ("Anna", "Ben"):
        Person.objects.create(name=name)
    with CaptureQueriesContext(connection) if logged else transaction.atomic() as seen:
        assert change(RENAME, ["a@example.org", "Anna"]) == 1
        assert change(RENAME, ["x@example.org", "Nobody"]) == 0
        change_many(RENAME, [("1@example.org", "Anna"), ("2@example.org", "Ben")])
        assert emails() == {"Anna": "1@example.org", "Ben": "2@example.org"}
        assert [name for (name,) in each("SELECT name FROM people_person WHERE name <> %s ORDER BY name", [""], at_once=1)] == ["Anna", "Ben"]
    assert not logged or len(seen) == 5


@pytest.mark.django_db
def test_a_broken_rule_is_djangos_own_error_and_the_savepoint_takes_it_back() -> None:
    anna = Person.objects.create(name="Anna")

    @transaction.atomic
    def break_it() -> None:
        change(RENAME, ["a@example.org", "Anna"])
        change("UPDATE people_person SET is_owner = NULL WHERE name = %s", ["Anna"])

    with pytest.raises(IntegrityError):
        break_it()
    assert emails() == {"Anna": ""}
    assert fetch("SELECT name FROM people_person WHERE id = %s", [anna.id if connection.features.has_native_uuid_field else anna.id.hex]) == [("Anna",)]
    assert fetch("SELECT name FROM people_person WHERE name = %s", [uuid7().hex]) == []


@pytest.mark.django_db
def test_very_many_rows_are_poured_and_every_check_stands_afterwards() -> None:
    anna = Person.objects.create(name="Anna")
    owner = anna.id if connection.features.has_native_uuid_field else anna.id.hex
    chosen = 'INSERT INTO study_chosen (id, learner_id, deck_id, mode, "values") VALUES (%s, %s, %s, %s, %s)'  # a table with a text that has to be JSON
    ids = [uuid7() if connection.features.has_native_uuid_field else uuid7().hex for _ in range(7)]
    pour(chosen, ((id, owner, id, "learn", "{}") for id in ids), at_once=3)
    assert fetch("SELECT COUNT(*) FROM study_chosen WHERE learner_id = %s", [owner]) == [(7,)]
    with pytest.raises(DatabaseError), transaction.atomic():
        change(chosen, [ids[0], owner, ids[1], "other", "{"])
    with pytest.raises(IntegrityError), transaction.atomic():
        pour(chosen, [(ids[0], owner, ids[1], "other", "{}")])
    with pytest.raises(DatabaseError), transaction.atomic():
        change(chosen, [owner, owner, ids[1], "other", "{"])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL prepares by itself")
def test_the_statements_of_an_answer_stay_prepared_whatever_else_is_asked() -> None:
    assert connection.get_connection_params()["cached_statements"] == STATEMENTS > 128
