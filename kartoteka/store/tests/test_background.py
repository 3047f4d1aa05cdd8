"""Work behind a request goes on once at a time, is seen while it goes, and leaves nothing behind, however it ends."""

from __future__ import annotations

import logging
import threading
import uuid

import pytest

from kartoteka.store.background import Background

LOG = logging.getLogger("kartoteka.store.tests")
PATIENCE_S = 20


@pytest.fixture
def work() -> Background[str]:
    return Background("tests", 1, LOG, "It could not be done to its end.")


def ended(work: Background[str], id: uuid.UUID) -> bool:
    """Waits for a piece of work; one thread does them in order, so that of another one says when this is over."""
    last, over = uuid.uuid4(), threading.Event()
    assert work.begin(last, "last", over.set)
    return over.wait(PATIENCE_S) and work.at(id) is None


def test_one_piece_for_an_id_goes_on_at_a_time_and_is_seen(work: Background[str]) -> None:
    id, go = uuid.uuid4(), threading.Event()
    assert work.at(id) is None
    assert work.begin(id, "waiting", lambda: go.wait(PATIENCE_S))
    assert not work.begin(id, "again", lambda: None)
    assert work.at(id) == "waiting"
    work.now_at(id, "half")
    assert work.at(id) == "half"
    go.set()
    assert ended(work, id)
    work.now_at(id, "late")
    assert work.at(id) is None
    assert work.begin(id, "anew", lambda: None)


def test_what_fails_is_written_down_and_stops_nothing_else(work: Background[str], caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("a broken file")

    id = uuid.uuid4()
    work.begin(id, "begun", fails)
    assert ended(work, id)
    assert "It could not be done to its end." in caplog.text
    assert "a broken file" in caplog.text
