"""Bytes become letters, or one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats import decoding
from kartoteka.formats.base import Findings, Source, Unreadable

TEXT = "слово\tword\nночь\tnight\nтри\tthree\n"


def read(data: bytes, encoding: str = "") -> tuple[str, str, list[tuple[str, int | None, str]]]:
    findings = Findings()
    text, found = decoding.text_of(Source(data=data), encoding, findings)
    return text, found, [(problem.what, problem.line, problem.severity) for problem in findings.told()]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1251", "koi8-r", "cp866"]
)
def test_an_encoding_is_found_without_being_named(encoding: str) -> None:
    text, _found, problems = read(TEXT.encode(encoding))
    assert text == TEXT
    assert not problems


def test_a_named_encoding_wins() -> None:
    assert read("é".encode(), "cp1252")[0] == "Ã©"
    for name in ("no such thing", "base64", "zip", "\0", ""):
        if name:
            with pytest.raises(Unreadable, match="no encoding called"):
                read(b"a", name)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_end_is_a_line_end(ends: str) -> None:
    assert read(TEXT.replace("\n", ends).encode())[0] == TEXT


def test_mixed_line_ends_are_line_ends() -> None:
    assert read(b"a\r\nb\rc\nd")[0] == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("data", "text", "what", "line"),
    [
        (b"a\tb\nc\0\td\n", "a\tb\nc\td\n", "1 zero byte that", 2),
        (b"a\x07\x1b\tb\n", "a\tb\n", "2 control characters", 1),
        (b"a\tb\n\xef\xbb\xbfc\td", "a\tb\nc\td", "Byte order marks", 2),
        ("привет\tмир\n".encode() * 9 + b"\xff\ta", "привет\tмир\n" * 9 + "\ufffd\ta", "one sign could not be read", 10),
        (b"\xff\xfea\0\x00\xd8b\0", "a\ufffdb", "one sign could not be read", 1),
    ],
)
def test_what_cannot_be_kept_is_said_with_its_line(data: bytes, text: str, what: str, line: int) -> None:
    found, _encoding, problems = read(data)
    assert found == text
    assert [what in problem[0] for problem in problems] == [True]
    assert problems[0][1] == line


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing in it"),
        (b"\xef\xbb\xbf", "nothing in it"),
        (b" \r\n\t ", "nothing in it"),
        (b"PK\x03\x04....collection.anki21", "an Anki package, not a text"),
        (b"junk before PK\x03\x04 xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04 something", r"a packed file \(zip\)"),
        (b"SQLite format 3\0", "a database"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\n<!DOCTYPE html><html>", "source of a web page"),
        ("<?xml version='1.0'?><a/>".encode("utf-16"), "XML"),
        (b'{"__type__": "Deck", "notes": []}', "JSON"),
        (bytes(range(32)) * 20, "not text"),
    ],
)
def test_what_is_no_text_is_refused_with_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read(data)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as out:
        out.truncate(decoding.MOST_BYTES + 1)
    with pytest.raises(Unreadable, match="Split it"):
        decoding.text_of(Source(path=file), "", Findings())


def test_findings_of_a_kind_are_counted_not_repeated() -> None:
    findings = Findings()
    for line in range(1, 1001):
        findings.say("bad rows", "This row is bad.", line)
    told = findings.told()
    assert len(told) == Findings.MOST_OF_A_KIND + 1
    assert "900 more" in told[-1].what
