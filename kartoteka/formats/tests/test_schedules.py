"""A schedule without its answers, in the words of each program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kartoteka import shelf
from kartoteka.formats.base import Source
from kartoteka.formats.schedules import Schedule, schedule_of

ROOM = Path(__file__).parent.parent
MARCH_1 = 1_709_294_400_000  # 1 March 2024, 12:00 UTC
DAY = 86_400_000


def anki(type_: int, due: int, interval: int, factor: int, data: str = "") -> dict[str, Any]:
    return {"anki": [1, 1, type_, type_, due, interval, factor, 5, 1, 0, 0, 0, 0, data]}


@pytest.mark.parametrize(
    ("standing", "schedule"),
    [
        ({"due": "2024-03-11", "interval_days": 10, "ease": 270}, Schedule(10, MARCH_1, 2.7)),
        ({"due": "2024-03-20", "interval_days": 9, "stability": 9.4, "difficulty": 6.1, "state": 2, "last": "2024-03-01"}, Schedule(9.4, MARCH_1, 0, 6.1)),
        ({"due": "2024-03-01", "interval_days": 0, "stability": 2, "difficulty": 5, "state": 0}, None),
        ({"interval": 10.0, "ease": 2.5, "box": 4.0, "due": "2024-03-11T12:00:00Z"}, Schedule(10, MARCH_1, 2.5)),
        ({"interval": 0.01, "ease": 2.5, "box": 1.0, "due": "2024-03-11T12:00:00Z"}, None),
        ({"interval_days": 12.0, "reps": 3.0, "ease": 2.3, "last": "2024-03-01 Fri 12:00"}, Schedule(12, MARCH_1, 2.3)),
        ({"grade": 4, "ease": 2.5, "last_s": MARCH_1 / 1000, "due_s": (MARCH_1 + 6 * DAY) / 1000}, Schedule(6, MARCH_1, 2.5)),
        ({"grade": 0, "ease": 2.5, "last_s": MARCH_1 / 1000, "due_s": (MARCH_1 + 6 * DAY) / 1000}, None),
        ({"grade": 4, "ease": 2.5, "last_day": 10, "due_day": 17}, Schedule(7, 0, 2.5)),
        (anki(2, 20, 10, 2500), Schedule(10, MARCH_1 - 10 * DAY + 20 * DAY - 10 * DAY, 2.5)),
        (anki(2, 20, 10, 2500, json.dumps({"s": 11.5, "d": 4.2, "lrt": MARCH_1 // 1000})), Schedule(11.5, MARCH_1, 2.5, 4.2)),
        (anki(0, 7, 0, 0), None),
        ({"flag": 3}, None),
        ({"interval_days": "soon", "due": "2024-99-99", "ease": None, "anki": [1]}, None),
        ({"interval_days": 1e11, "last": "0000-00-00"}, Schedule(36_500.0)),
    ],
)
def test_a_schedule_is_understood(standing: dict[str, Any], schedule: Schedule | None) -> None:
    assert schedule_of(standing, begun_s=(MARCH_1 - 10 * DAY) // 1000) == schedule


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("markdown", "obsidian.md"),
        ("markdown", "logseq.md"),
        ("org", "cards.org"),
        ("supermemo", "collection.xml"),
        ("supermemo", "qa.txt"),
        ("mnemosyne", "first.xml"),
    ],
)
def test_every_program_that_writes_schedules_is_understood(name: str, file: str) -> None:
    path = ROOM / name / "samples" / file
    bundle = shelf.parts("formats", "format")[name].read(Source(name=file, path=path), {})
    found = [schedule for deck in bundle.decks for note in deck.notes for card in note.cards if (schedule := schedule_of(card.standing))]
    assert found
    assert all(0 < schedule.last_ms < datetime(2030, 1, 1, tzinfo=UTC).timestamp() * 1000 for schedule in found), found
