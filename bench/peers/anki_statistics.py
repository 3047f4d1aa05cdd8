"""How long Anki takes for its statistics: run with a Python that has the ``anki`` package; prints one JSON object.

``python anki_statistics.py REVIEWS CARDS`` in an environment of its own: Anki is AGPL, and nothing of Kartoteka is loaded here.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from anki.collection import Collection

DAY_MS = 86_400_000


def main() -> None:
    reviews, cards = int(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        col = Collection(str(Path(folder) / "collection.anki2"))
        fill(col, reviews, cards)
        print(json.dumps({"whole history": timed(col, 0), "a year": timed(col, 365), "twelve weeks": timed(col, 84)}))
        col.close()


def fill(col: Collection, reviews: int, cards: int) -> None:
    assert col.db is not None
    now_ms = time.time_ns() // 1_000_000
    model, did = col.models.by_name("Basic"), 1
    assert model is not None
    col.db.executemany(
        "insert into notes (id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data) values (?, ?, ?, 0, 0, '', ?, ?, 0, 0, '')",
        [(n, f"g{n}", model["id"], f"word {n}\x1fmeaning {n}", f"word {n}") for n in range(1, cards + 1)],
    )
    col.db.executemany(
        "insert into cards (id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data)"
        " values (?, ?, ?, 0, 0, 0, 2, 2, ?, 20, 2500, 50, 1, 0, 0, 0, 0, '')",
        [(n, n, did, n % 40) for n in range(1, cards + 1)],
    )
    step = 2 * 365 * DAY_MS / reviews
    col.db.executemany(
        "insert into revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) values (?, ?, 0, ?, 20, 9, 2500, 6000, 1)",
        [(now_ms - int((reviews - n) * step) - 1, n % cards + 1, 1 if n % 9 == 0 else 3) for n in range(reviews)],
    )


def timed(col: Collection, days: int) -> list[float]:
    """What its page of statistics asks for, in ms and in ms of CPU; the median of five."""
    took = []
    for _ in range(5):
        began = time.perf_counter(), time.process_time()
        col._backend.graphs(search="", days=days)
        took.append(((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000))
    return [sorted(one)[2] for one in zip(*took, strict=True)]


if __name__ == "__main__":
    main()
