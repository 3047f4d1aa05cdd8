"""Spreadsheets: real cells as people see them, bombs, and writing that reads back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from kartoteka.formats import numbers
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


def formatted(*cells: tuple[float, str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Prices")
    for row, (value, code) in enumerate(cells):
        sheet.write_string(row + 3, 1, f"term {row} {code}")
        sheet.write_number(row + 3, 2, value, book.add_format({"num_format": code}))
    book.close()
    return out.getvalue()


def test_numbers_come_in_as_their_format_shows_them() -> None:
    cells = {
        (0.25, "0%"): "25%",
        (0.256, "0.0 %"): "25.6 %",
        (1.0, "0"): "1",
        (1.0, "General"): "1",
        (2.5, "0.00"): "2.50",
        (1234567.5, "#,##0.00"): "1,234,567.50",
        (1234.5, "#,##0.00\\ [$€-407]"): "1,234.50 €",
        (7.0, "000"): "007",
        (-3.0, "0.0;[Red](0.0)"): "(3.0)",
        (0.5, "h:mm"): "12:00",
        (1.75, "[h]:mm"): "42:00",
        (45363.0, "dd.mm.yyyy"): "2024-03-12",
        (45363.0, "yyyy"): "2024",
        (45363.5, "h:mm"): "12:00",
        (45363.5, "yyyy-mm-dd h:mm"): "2024-03-12 12:00",
    }
    (deck,) = sheets.read(Source(name="x.xlsx", data=formatted(*cells)), {"header": "no"}).decks
    assert [note.fields["definition"] for note in deck.notes] == list(cells.values())
    assert (deck.notes[0].line, deck.notes[0].where) == (4, "Prices, row 4")


def test_an_opendocument_cell_says_its_own_words() -> None:
    def cell(kind: str, value: str, words: str) -> str:
        return f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{words}</text:p></table:table-cell>'

    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{many}"><table:table-cell office:value-type="string"><text:p>{term}</text:p></table:table-cell>{said}</table:table-row>'
        for term, said, many in (
            ("share", cell("percentage", "0.25", "25 %"), 1),
            ("price", cell("currency", "1234.5", "1.234,50 €"), 2),
            ("loss", cell("float", "-3", "-3,0"), 1),
            ("agent", cell("float", "7", "007"), 1),
        )
    )
    content = f"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>
        <office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        box.writestr("content.xml", content)
        box.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
    (deck,) = sheets.read(Source(name="x.ods", data=out.getvalue()), {"header": "no"}).decks
    assert [tuple(note.fields.values()) for note in deck.notes] == [
        ("share", "25 %"),
        ("price", "1.234,50 €"),
        ("price", "1.234,50 €"),
        ("loss", "-3,0"),
        ("agent", "007"),
    ]


@pytest.mark.parametrize("code", ["[>5]0;0.0", "0" * 300, "0.0.0", "[", '"', "\\", ";;;", "# ?/0", "?/?", "E+0", "0E+0E+0", "%,.", ",,,", "/", "0/", "@;@;@;@"])
@pytest.mark.parametrize("value", [0.0, -1.5, 1e300, 1e-300, float("inf"), float("nan")])
def test_a_format_that_says_nothing_plain_leaves_the_number(value: float, code: str) -> None:
    assert numbers.shown(value, code) or code in ("%,.", "E+0", ",,,", "/")


@pytest.mark.parametrize("styles", [b"<styleSheet/>", b"<styleSheet><cellXfs><xf numFmtId='x'/><xf/></cellXfs></styleSheet>"])
def test_styles_that_make_no_sense_leave_the_numbers(styles: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(formatted((0.25, "0%"), (3.0, "0.00")))) as was, zipfile.ZipFile(out, "w") as now:
        for name in was.namelist():
            now.writestr(name, styles if name == "xl/styles.xml" else was.read(name))
    (deck,) = sheets.read(Source(name="x.xlsx", data=out.getvalue()), {"header": "no"}).decks
    assert [note.fields["definition"] for note in deck.notes] == ["0.25", "3"]


def test_an_opendocument_file_that_was_packed_anew_is_one() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(SAMPLES / "words.ods") as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as now:
        for name in was.namelist():
            now.writestr(name, was.read(name))
    assert sheets.recognises(out.getvalue(), "") > 0.9
    assert sheets.read(Source(data=out.getvalue()), {}).notes == 1
