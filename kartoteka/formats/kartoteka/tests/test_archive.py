"""An archive is known by its manifest, read to be looked at, and refused in one sentence where it is damaged."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.kartoteka import format as archive

SAMPLE = Path(__file__).parent.parent / "samples" / "library.zip"


def read(path: Path) -> Bundle:
    return archive.read(Source(name=path.name, path=path), {})


def packed(folder: Path, **members: str) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in {"kartoteka.json": '{"archive": 1}', **{f"{name}.jsonl": text for name, text in members.items()}}.items():
            made.writestr(name, text)
    path = folder / "made.zip"
    path.write_bytes(out.getvalue())
    return path


def test_an_archive_is_known_by_its_first_member() -> None:
    head = SAMPLE.read_bytes()[:65536]
    assert archive.recognises(head, "whatever") == 1
    assert archive.recognises(b"PK\x03\x04" + head[40:], "library.zip") == 0


def test_what_stands_in_it_can_be_looked_at() -> None:
    bundle = read(SAMPLE)
    assert [deck.title for deck in bundle.decks] == ["semicolons"]
    assert bundle.notes > 0
    assert bundle.extra == {"archive": 1}
    assert bundle.problems[0].what.startswith("A whole library. Sets: 1,")


@pytest.mark.parametrize("lines", ["[]\n", "{\n", '{"id": 1}\n', '{"id": "a", "binned_at": null, "title": NaN}\n', "\xff"])
def test_lines_that_are_no_rows_are_refused_in_a_sentence(tmp_path: Path, lines: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read(packed(tmp_path, decks=lines))


def test_an_archive_that_unpacks_to_far_too_much_is_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="unpacks to far more"):
        read(packed(tmp_path, decks=json.dumps({"id": "a" * 20_000_000})))


def test_an_archive_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(SAMPLE.read_bytes()[:-200])
    with pytest.raises(Unreadable):
        read(path)


def test_an_archive_whose_packing_is_hurt_is_refused_in_a_sentence(tmp_path: Path) -> None:
    data = bytearray(SAMPLE.read_bytes())
    with zipfile.ZipFile(SAMPLE) as whole:
        for member in whole.infolist():
            begin = member.header_offset + 30 + len(member.filename)
            data[begin : begin + 4] = b"\xff\xff\xff\xff"
    path = tmp_path / "hurt.zip"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="damaged"):
        read(path)
