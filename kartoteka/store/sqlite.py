"""SQLite as we want it: a version without the WAL-reset bug, durable at every commit."""

from __future__ import annotations

import sys

# 3.7.0 to 3.51.2 can corrupt a WAL database on a reset race: https://sqlite.org/wal.html
FIXED = (3, 51, 3)

# FULL: in a power-loss simulation NORMAL lost acknowledged answers in 448 of 450 images, FULL in none.
# A checkpoint costs three fsyncs, which someone waits for: every 16 MB of log, not every 4.
INIT_COMMAND = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
    " PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=4000"
)

# So many statements of a connection stay prepared (some 10 kB each). Of the usual 128 those asked most often stay, and once they are full each new one pushes out the
# last new one: the statements of an answer were prepared anew for every answer, a third of its work.
STATEMENTS = 500


def stand_in() -> None:
    """Puts pysqlite3 in place of the standard library's sqlite3; called before Django loads a backend."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:  # no wheel for this machine: the system's SQLite serves, and `kartoteka doctor` warns
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
