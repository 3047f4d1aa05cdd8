"""A file is recognised and read; a bad one ends in one sentence and nothing else."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kartoteka import shelf
from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.transfer import child, reader


def part(sure: float, read: Any = None) -> SimpleNamespace:
    return SimpleNamespace(TITLE="A list", recognises=lambda head, name: sure, read=read or (lambda source, options: Bundle("list", ())))


@pytest.fixture
def shelf_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(parts: Mapping[str, Any]) -> None:
        monkeypatch.setattr(shelf, "parts", lambda room, module: dict(parts))

    return put


def test_the_surest_format_reads(shelf_of: Any) -> None:
    shelf_of({"text": part(0.2), "knowt": part(0.9), "csv": part(0.9)})
    assert reader.recognise(Source(data=b"x")) == "knowt"


def test_a_format_that_stumbles_over_a_head_does_not_know_it(shelf_of: Any) -> None:
    def stumble(head: bytes, name: str) -> float:
        raise IndexError

    shelf_of({"odd": SimpleNamespace(TITLE="Odd", recognises=stumble), "text": part(0.1)})
    assert reader.recognise(Source(data=b"x")) == "text"


@pytest.mark.parametrize("data", [b"", b"  \r\n\t "])
def test_nothing_is_said_to_be_nothing(data: bytes) -> None:
    with pytest.raises(Unreadable, match="nothing in it yet"):
        reader.read(Source(data=data), {})


def test_an_unknown_file_is_refused_with_what_can_be_read(shelf_of: Any) -> None:
    shelf_of({"text": part(0)})
    with pytest.raises(Unreadable, match="A list"):
        reader.read(Source(data=b"x"), {})


def test_an_unknown_format_name_is_refused_with_the_known_ones(shelf_of: Any) -> None:
    shelf_of({"text": part(1)})
    with pytest.raises(Unreadable, match="“word”.*text"):
        reader.read(Source(data=b"x"), {}, format="word")


def test_a_reader_that_fails_ends_in_a_sentence_not_in_an_error(shelf_of: Any) -> None:
    def fail(source: Source, options: Mapping[str, str]) -> Bundle:
        raise RecursionError

    shelf_of({"text": part(1, fail)})
    with pytest.raises(Unreadable, match="damaged"):
        reader.read(Source(data=b"x"), {})


def test_a_large_text_is_read_by_the_child_and_comes_back_whole(tmp_path: Path) -> None:
    lines = "".join(f"term {number}\tdefinition {number}\n" for number in range(20_000))
    assert len(lines) > reader.AT_ONCE_BYTES
    file = tmp_path / "many.txt"
    file.write_text(lines)
    for source in (Source(name="many.txt", path=file), Source(name="many.txt", data=lines.encode())):
        bundle = reader.read(source, {})
        assert bundle.notes == 20_000
        assert "term 19999" in bundle.decks[0].notes[-1].fields["term"]


@pytest.mark.parametrize(
    ("code", "said", "sentence"),
    [
        (child.UNREADABLE, "Line 3 ends in a quote.", "Line 3 ends"),
        (child.TOO_LARGE, "", "400 MB"),
        (-signal.SIGXCPU, "", "8 seconds"),
        (-signal.SIGABRT, "", "damaged"),
        (1, "", "damaged"),
    ],
)
def test_however_the_child_ends_it_ends_in_a_sentence(code: int, said: str, sentence: str) -> None:
    assert sentence in reader._refusal("text", code, said, 8)


def test_only_what_is_large_may_take_long() -> None:
    assert [child.seconds_for(size) for size in (0, 2_000_000, 9_000_000, 1_000_000_000)] == [8, 8, 21, 120]
    assert child.LEAST_SECONDS < 10


def test_a_file_that_never_ends_is_stopped_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LEAST_SECONDS", 1)
    file = tmp_path / "endless.py"
    file.write_text("from kartoteka.transfer import child\nchild._lock_up(1)\nwhile True:\n    pass\n")
    real = reader.subprocess.Popen
    monkeypatch.setattr(reader.subprocess, "Popen", lambda command, **more: real([sys.executable, str(file)], **more))
    with pytest.raises(Unreadable, match="longer than 1 seconds"):
        reader.read(Source(name="x.txt", data=b"a\tb\n" * 70_000), {})


def test_a_reader_in_the_child_has_no_way_out() -> None:
    for event in ("socket.connect", "subprocess.Popen", "os.system", "os.fork"):
        with pytest.raises(PermissionError):
            child._refuse(event, ())
    child._refuse("open", ())


def test_hostile_text_files_end_in_cards_or_a_sentence(samples: Path) -> None:
    for file in sorted((samples / "formats" / "hostile").iterdir()):
        if file.suffix not in (".csv", ".txt", ".md") or file.stat().st_size > 3_000_000:
            continue
        with contextlib.suppress(Unreadable):
            assert reader.read(Source(name=file.name, path=file), {}).format
