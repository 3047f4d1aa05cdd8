"""Notes of rows: the short way of ordinary ones gives what the long one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kartoteka.formats.anki.notes import Notes
from kartoteka.formats.anki.tests import making
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.colpkg import format as colpkg

STRANGE = [
    making.note(1, "plain", "words"),
    making.note(2, "a [sound:b.mp3]", "[anki:tts lang=en]x[/anki:tts]"),
    making.note(3, "zero\0byte", "b"),
    making.note(4, "one field too many", "b\x1fc"),
    making.note(5, "<b>bold</b> &amp; more", '<img src="a.png">', tags=" two  tags "),
    making.note(6, "suspended", "x"),
    making.note(7, "in a filtered deck", "x"),
    making.note(8, "with a flag", "x"),
    making.note(9, "no card", "x"),
    making.note(10, "two cards", "x"),
]
CARDS = [
    *(making.card(n, n, due=n) for n in range(1, 6)),
    making.card(6, 6, queue=-1),
    making.card(7, 7, deck=11, odid=10),
    making.card(8, 8, flags=3),
    making.card(10, 10),
    making.card(11, 10, ord=1),
]


def read(file: Path | None, data: bytes | None, part: Any = apkg) -> Bundle | str:
    try:
        bundle: Bundle = part.read(Source(name=file.name if file else "x.apkg", path=file, data=data), {})
    except Unreadable as fact:
        return fact.what
    return bundle


def test_the_short_way_of_a_note_gives_what_the_long_one_gives(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        file
        for folder in ("apkg", "peer_made", "hostile")
        for file in sorted((samples / "formats" / folder).glob("*.*pkg"))
        if file.stat().st_size < 2_000_000 and "bomb" not in file.name
    ]
    packages = [making.package(making.collection(STRANGE, CARDS), generation=generation) for generation in (1, 2, 3)]
    short = 0
    ordinary = Notes._ordinary

    def counted(self: Notes, row: Any, card: Any) -> Any:
        nonlocal short
        made = ordinary(self, row, card)
        short += made is not None
        return made

    def all_of_them() -> list[Bundle | str]:
        return [*(read(file, None, colpkg if file.suffix == ".colpkg" else apkg) for file in files), *(read(None, data) for data in packages)]

    monkeypatch.setattr(Notes, "_ordinary", counted)
    quick = all_of_them()
    monkeypatch.setattr(Notes, "_ordinary", lambda self, row, card: None)
    assert quick == all_of_them()
    assert len(files) > 25
    assert short > 50
