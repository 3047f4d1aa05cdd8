"""What is told as kept stands on the disk: every connection to SQLite waits for it, that of the writer too."""

from __future__ import annotations

import pytest
from django.db import connection

from kartoteka.store.writer import handed_over

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL waits for its disk unless told otherwise")
FULL = 2


def durable() -> dict[str, object]:
    with connection.cursor() as cursor:
        found = {}
        for name in ("synchronous", "mmap_size", "journal_mode"):
            row = cursor.execute(f"PRAGMA {name}").fetchone()
            found[name] = row[0] if row else 0
    return found


@pytest.mark.django_db(transaction=True)
def test_readers_and_the_writer_wait_for_the_disk_and_map_nothing() -> None:
    handed = handed_over(durable)
    assert handed is not None
    for found in (durable(), handed.result(5)):
        assert found["synchronous"] == FULL
        assert not found["mmap_size"]
        assert found["journal_mode"] in ("wal", "memory"), "a database of a test may live in memory"
