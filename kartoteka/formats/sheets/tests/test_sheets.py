"""Spreadsheets: real cells as people see them, bombs, and writing that reads back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Source, Unreadable
from kartoteka.formats.sheets import format as sheets

SAMPLES = Path(__file__).parent.parent / "samples"


def test_cells_are_read_as_they_are_shown() -> None:
    bundle = sheets.read(Source(name="words.xlsx", data=(SAMPLES / "words.xlsx").read_bytes()), {})
    (deck,) = bundle.decks
    assert [(note.fields["term"], note.fields["definition"]) for note in deck.notes] == [
        ("007", "agent"),
        ("cell", "smallest<br>unit"),
        ("yes", "TRUE"),
        ("merged", "one"),
        ("merged", "two"),
    ]
    assert deck.notes[1].tags == ("bio", "life")
    assert deck.notes[1].fields["Unit"] == "2.5"
    assert any("Secret" in problem.what for problem in bundle.problems)


def test_opendocument_is_read_too() -> None:
    (deck,) = sheets.read(Source(name="words.ods", data=(SAMPLES / "words.ods").read_bytes()), {}).decks
    assert [dict(note.fields) for note in deck.notes] == [{"term": "cell", "definition": "smallest unit"}]


def xlsx(sheet: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("xl/worksheets/sheet1.xml", sheet)
        box.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        xlsx('<worksheet><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
        xlsx("<worksheet>" + "<row/>" * 3_000_000 + "</worksheet>"),
        xlsx("<worksheet>"),
        b"PK\x03\x04xl/",
        (SAMPLES / "words.xlsx").read_bytes()[:3000],
    ],
)
def test_a_bomb_or_half_a_file_ends_in_one_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        sheets.read(Source(name="x.xlsx", data=data), {})
    assert str(told.value).endswith(".")


def test_what_is_written_reads_back_and_is_never_a_formula() -> None:
    notes = (
        BundleNote({"term": "=1+1", "definition": "<p>two</p><p>lines</p>", "hint": "h"}, tags=("a", "b")),
        BundleNote({"term": "007", "definition": "agent"}),
    )
    out = io.BytesIO()
    sheets.write(Bundle("kartoteka", (BundleDeck("A/B: [very long name of a set indeed]", notes), BundleDeck("B", notes[1:]))), out, {})
    assert b"<f>" not in out.getvalue()
    first, second = sheets.read(Source(name="x.xlsx", data=out.getvalue()), {}).decks
    assert [dict(note.fields) for note in first.notes] == [dict(note.fields) for note in notes]
    assert first.notes[0].tags == ("a", "b")
    assert [note.fields["term"] for note in second.notes] == ["007"]
