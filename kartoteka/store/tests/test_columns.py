"""What is written into a column comes back from it, on both databases."""

from __future__ import annotations

from uuid import UUID

import pytest

from kartoteka.store.columns import hex_of, key, keys, maybe_uuid, places, text_of, uuid_of, value_of
from kartoteka.store.sql import fetch

ID = UUID("0192f5d2-8a3c-7b11-8c55-000000000001")


@pytest.mark.django_db
def test_an_id_goes_into_a_column_and_comes_back() -> None:
    ((found,),) = fetch("SELECT id FROM (SELECT %s AS id) AS one", [key(ID)])
    assert uuid_of(found) == ID
    assert hex_of(found) == ID.hex
    assert keys([ID]) == [key(ID)]


def test_no_id_stays_no_id() -> None:
    assert key(None) is None
    assert maybe_uuid(None) is None


@pytest.mark.parametrize("facts", [{}, {"given": 'Königsberg "quoted"', "n": 3, "deep": {"a": [1.5, None, True]}}, {"日本": "\u2028"}])
def test_small_facts_are_written_as_json_and_read_again(facts: dict[str, object]) -> None:
    assert value_of(text_of(facts)) == facts
    assert value_of(facts) == facts


def test_placeholders_are_as_many_as_asked_for() -> None:
    assert places(1) == "(%s)"
    assert places(3) == "(%s, %s, %s)"
