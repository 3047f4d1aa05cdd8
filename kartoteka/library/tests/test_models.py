"""What the tables are found by: one index for each way somebody looks, and no second that begins as another does."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("table", "ways"),
    [
        ("library_note", {("id",), ("deck_id", "binned_at", "position")}),
        ("library_card", {("id",), ("deck_id",), ("note_id", "kind")}),
    ],
)
def test_notes_and_cards_have_no_index_twice(table: str, ways: set[tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    assert sorted({tuple(one["columns"]) for one in found if one["index"] or one["unique"] or one["primary_key"]}) == sorted(ways)
