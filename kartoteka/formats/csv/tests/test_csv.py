"""Tables are read as people wrote them, and written so that they come back equal."""

from __future__ import annotations

import contextlib
import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Source, Unreadable
from kartoteka.formats.csv import format as table
from kartoteka.formats.prose import html_of, lines_of

SAMPLES = Path(__file__).parent.parent / "samples"


def read(data: bytes | str | Path, **options: str) -> Bundle:
    if isinstance(data, Path):
        return table.read(Source(name=data.name, path=data), options)
    return table.read(Source(data=data.encode() if isinstance(data, str) else data), options)


def sides(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for deck in bundle.decks for note in deck.notes]


def written(notes: list[BundleNote], **options: str) -> bytes:
    out = io.BytesIO()
    table.write(Bundle("csv", (BundleDeck("", tuple(notes)),)), out, options)
    return out.getvalue()


def note(term: str, definition: str, **more: object) -> BundleNote:
    return BundleNote({"term": term, "definition": definition}, **more)  # type: ignore[arg-type]


def test_our_own_samples_are_read() -> None:
    semicolons = read(SAMPLES / "semicolons.csv")
    assert semicolons.choices["between"] == "semicolon"
    assert semicolons.decks[0].title == "semicolons"
    assert sides(semicolons)[0] == ("Osmose", "Wasser wandert durch eine Membran;<br>vom Dünnen zum Dichten")
    assert semicolons.decks[0].notes[0].tags == ("biologie", "zelle")
    assert [found.line for found in semicolons.decks[0].notes] == [3, 5, 6]
    assert sides(read(SAMPLES / "written.csv"))[2] == ("=1+1", "Two")
    assert sides(read(SAMPLES / "windows1251.csv")) == [("слово", "word"), ("ночь", "night"), ("утро", "morning")]


def test_a_ragged_table_loses_nothing_and_says_where() -> None:
    bundle = read(SAMPLES / "ragged.csv", header="yes")
    assert sides(bundle) == [("Paris", "France"), ("Washington, D.C.", "United States"), ("Lima", "Peru"), ("Oslo", ""), ('"never closed', "Norway")]
    assert bundle.decks[0].notes[2].fields["column 3"] == "extra"
    said = {(problem.line, problem.severity) for problem in bundle.problems}
    assert (6, "warning") in said  # the quote
    assert (4, "info") in said  # the third column


@pytest.mark.parametrize(
    ("text", "between"),
    [
        ("a,b\nc,d", "comma"),
        ("a;b\nc;d, e", "semicolon"),
        ("1,5;2,5\n3,5;4,5", "semicolon"),
        ("a|b\nc|d", "pipe"),
        ("a\tb, c\nd\te", "tab"),
        ('"a;b","c"\n"d;e;f","g"', "comma"),
        ("term,definition\nx: y,z; w\nq: r; s,t", "comma"),
        ("time: 12:30,noon\ntime: 0:00,midnight", "comma"),
        ("alone", "comma"),
    ],
)
def test_the_separator_is_found(text: str, between: str) -> None:
    assert read(text).choices["between"] == between


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Woord,Vertaling\nhond,dog\nkat,cat\n", "yes"),
        ("Szó;Jelentés\nkutya;dog\nmacska;cat\n", "yes"),
        ("الكلمة,المعنى\nكلب,dog\nقط,cat\n", "yes"),
        ("Deutsch;Englisch\nHund;dog\nKatze;cat\n", "yes"),
        ("English,Englisch\nDutch,Niederländisch\nGerman,Deutsch\n", "no"),
        ("term,definition\na,b", "yes"),
        ("Front;Back\na;b", "yes"),
        ("Begriff,Bedeutung\nHund,dog", "yes"),
        ("слово,word\nночь,night", "no"),
        ("word,Wort\nnight,Nacht", "no"),
        ("a,b\nc,d", "no"),
        ("question,Frage\nanswer,Antwort", "no"),
        ("country,country:de,country:fr\nSpain,Spanien,Espagne", "yes"),
        ("word,frequency\na,100\nb,90\nc,80\nd,75", "yes"),
        ("Hastings,1066\nWaterloo,1815\nVerdun,1916\nMarathon,-490", "no"),
        ("req_id,req_text,level\nV1,Do this,1", "yes"),
    ],
)
def test_a_heading_is_told_from_a_card(text: str, header: str) -> None:
    assert read(text).choices["header"] == header


@pytest.mark.parametrize("text", ["Unit 3,,\n\nWord,Meaning,Note\ndog,Hund,x\ncat,Katze,y\n", "Unit 3\nWord,Meaning\ndog,Hund\ncat,Katze\n"])
def test_a_title_above_the_table_is_no_card(text: str) -> None:
    bundle = read(text)
    assert sides(bundle) == [("dog", "Hund"), ("cat", "Katze")]
    assert [(problem.line, problem.severity) for problem in bundle.problems] == [(1, "info")]


def test_a_first_card_without_its_other_side_is_no_title() -> None:
    assert sides(read("dog,\ncat,Katze\nbird,Vogel\n"))[0] == ("dog", "")


def test_columns_called_by_languages_stay_in_their_order() -> None:
    assert sides(read("English,Español\ndog,perro\ncat,gato\n")) == [("dog", "perro"), ("cat", "gato")]


def test_everything_decided_may_be_decided_otherwise() -> None:
    text = "a,b,c\nd,e,f"
    assert sides(read(text, header="yes")) == [("d", "e")]
    assert sides(read(text, term="3", definition="1")) == [("c", "a"), ("f", "d")]
    assert sides(read(text, direction="backwards"))[0] == ("b", "a")
    assert sides(read(text, between=";"))[0] == ("a,b,c", "")
    assert sides(read("x **y\nz **w", between="**"))[0] == ("x", "y")
    assert sides(read("A,B\nd,e\n", header="yes", term="B"))[0] == ("e", "d")
    assert read(text, tags="3").decks[0].notes[0].tags == ("c",)
    assert read("term,definition,tags\na,b,c", tags="none").decks[0].notes[0].tags == ()
    assert sides(read("é,x".encode("cp1252"), encoding="cp1251")) == [("й", "x")]
    for wild in ("", "-1", "0", "99999999999999999999", "nope", "²"):
        assert read(text, term=wild, definition=wild, tags=wild, header=wild, html=wild).notes == 2


def test_a_choice_names_what_it_may_be() -> None:
    bundle = read("Nr,Begriff,Bedeutung\n1,a,b\n2,c,d\n3,e,f\n4,g,h")
    assert bundle.offers["term"] == [("1", "Nr"), ("2", "Begriff"), ("3", "Bedeutung")]
    assert (bundle.choices["term"], bundle.choices["definition"]) == ("2", "3")


def test_sides_are_looked_for_where_no_heading_names_them() -> None:
    rows = "\n".join(f"{number},word {number},,meaning {number}" for number in range(1, 30))
    assert sides(read(rows))[4] == ("word 5", "meaning 5")


def test_quotes_hold_line_breaks_separators_and_quotes() -> None:
    bundle = read('a,"b\nb, ""b"""\nc, "d, e"\nf,5" disk\n"g" h,i\n')
    assert sides(bundle) == [("a", 'b<br>b, "b"'), ("c", "d, e"), ("f", '5" disk'), ('"g" h', "i")]
    assert [note.line for note in bundle.decks[0].notes] == [1, 3, 4, 5]


def test_an_unclosed_quote_costs_no_card() -> None:
    bundle = read('a,"b\nc,d\ne,f\n')
    assert sides(bundle) == [("a", '"b'), ("c", "d"), ("e", "f")]
    assert [(problem.line, problem.severity) for problem in bundle.problems] == [(1, "warning")]


def test_html_in_a_table_stays_html_and_a_lesson_about_html_stays_text() -> None:
    assert sides(read('a,"<b>x</b> y"\nb,c')) == [("a", "<b>x</b> y"), ("b", "c")]
    assert sides(read("<b>,bold\n<br>,a line break\n</p>,an end")) == [("&lt;b&gt;", "bold"), ("&lt;br&gt;", "a line break"), ("&lt;/p&gt;", "an end")]
    assert sides(read("a<b,c>d\nx,y"))[0] == ("a&lt;b", "c&gt;d")
    assert sides(read('a,"<b>x</b> y"', html="no"))[0] == ("a", "&lt;b&gt;x&lt;/b&gt; y")


def test_what_is_not_there_is_refused() -> None:
    for nothing in ("", ",,,\n,,", "sep=;\n"):
        with pytest.raises(Unreadable):
            read(nothing)


def test_what_is_written_a_plain_reader_reads() -> None:
    data = written([note("a", "<ul><li>x<ul><li>y</li></ul></li></ul>", tags=("t",)), note('say "hi"', "b, c")])
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [["term", "definition", "tags"], ["a", "• x\n  • y", "t"], ['say "hi"', "b, c", ""]]
    assert data.count(b"\r\n") == 3
    assert written([note("a", "b")], bom="yes").startswith(b"\xef\xbb\xbfterm")
    assert written([note("a", "b")], between="semicolon").startswith(b"term;definition")


def test_formatting_goes_out_as_html_and_comes_back() -> None:
    notes = [note("<b>a</b>", "x &lt; y"), note("plain", '<img src="cell.png">')]
    assert b"term (html)" in written(notes)
    assert sides(read(written(notes))) == [("<b>a</b>", "x &lt; y"), ("plain", '<img src="cell.png">')]
    assert b"<b>" not in written(notes, html="no")


def test_text_that_looks_like_tags_comes_back_as_text() -> None:
    notes = [note("&lt;b&gt;bold&lt;/b&gt; text", "a tag")]
    assert sides(read(written(notes))) == [("&lt;b&gt;bold&lt;/b&gt; text", "a tag")]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''=1", "'tis", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula_and_each_comes_back(cell: str) -> None:
    data = written([note(cell, "x"), note("y", cell, tags=(cell.replace(" ", ""),))])
    for row in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not any(found.startswith(("=", "+", "-", "@", "＝")) for found in row)
    assert sides(read(data)) == [(cell, "x"), ("y", cell)]


def test_more_fields_and_tags_come_back() -> None:
    fields = {"term": "a", "definition": "b", "hint": "c"}
    out = io.BytesIO()
    table.write(Bundle("csv", (BundleDeck("", (BundleNote(fields, tags=("cell biology", "x")), note("d", "e", tags=("one two",)))),)), out, {})
    found = read(out.getvalue()).decks[0].notes
    assert dict(found[0].fields) == fields
    assert [one.tags for one in found] == [("cell biology", "x"), ("one two",)]


signs = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"), min_size=1, max_size=30)
side = st.one_of(
    signs,
    st.sampled_from(["• a\n• b", "• a\n  • b\n• c", "日本語", "שלום עולם", "مرحبا", 'a "b" c', '"', '""', "a,b;c\td", "one\n\ntwo", "l1\nl2", "<b>", "'=x"]),
)


@given(st.lists(st.tuples(side, side).map(lambda drawn: (html_of(drawn[0]), html_of(drawn[1]))).filter(all), min_size=1, max_size=8), st.booleans())
def test_what_is_written_is_read_back(drawn: list[tuple[str, str]], bom: bool) -> None:
    data = written([note(*pair) for pair in drawn], bom="yes" if bom else "no")
    assert sides(read(data)) == [(html_of(lines_of(term)), html_of(lines_of(definition))) for term, definition in drawn]


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(data).decks


@given(st.text("ab,;\"\n\t '=|<>", max_size=60))
def test_no_signs_are_lost_but_quotes_and_separators(text: str) -> None:
    try:
        bundle = read(text, header="no", between="comma")
    except Unreadable:
        return
    kept = "".join(lines_of(value) for found in bundle.decks[0].notes for value in found.fields.values())
    for sign in "ab|>":
        assert kept.count(sign) >= text.count(sign)


@pytest.mark.parametrize("heading", ["Hint", "hints", "Hinweis", "Tipp", "hint (html)"])
def test_a_column_of_hints_is_the_cards_own_hint_and_goes_out_as_one(heading: str) -> None:
    bundle = read(f"Term,Definition,{heading}\nOsmosis,Water moves,a tea bag\nEnzyme,A protein,\n")
    assert [note.fields.get("hint", "") for note in bundle.decks[0].notes] == ["a tea bag", ""]
    out = io.BytesIO()
    table.write(bundle, out, {})
    assert out.getvalue().decode().splitlines()[:2] == ["term,definition,hint,tags", "Osmosis,Water moves,a tea bag,"]
    assert read(out.getvalue()).decks[0].notes[0].fields["hint"] == "a tea bag"


def test_rows_beyond_the_most_are_said_with_their_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 1000)
    for more in (1, 2, 3, 500):
        many = read("a,b\n" * (1000 + more))
        assert many.notes == 1000
        assert [(problem.line, problem.severity) for problem in many.problems] == [(1001, "refused")]
    assert read("a,b\n" * 1000).problems == ()
    assert read("term,definition\n" + "a,b\n" * 1000).problems == ()


def test_wide_rows_and_storms_of_quotes_end_soon() -> None:
    started = time.process_time()
    wide = read("a," * 1_000_000 + "a")
    assert "1,000,001 columns" in wide.problems[0].what
    quoted = read('"a",' * 300_000 + '"a"')
    assert "300,001 columns" in quoted.problems[0].what
    assert read('"' * 200_000).notes == 1
    assert read('x,"y\n' * 20_000).notes == 20_000
    assert read('"x"y\n' * 20_000).notes == 20_000
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("name", "between", "header", "rows", "encoding"),
    [
        ("csv/arabic_words_kelly.csv", "comma", "yes", 8893, "utf-8"),
        ("csv/asvs_403_fr.csv", "comma", "yes", 286, "utf-8"),
        ("csv/asvs_403_ru.csv", "comma", "yes", 286, "utf-8"),
        ("csv/ug_capital.csv", "comma", "yes", 219, "utf-8"),
        ("csv/ug_country.csv", "comma", "yes", 323, "utf-8"),
        ("csv/ug_country_info.csv", "comma", "yes", 113, "utf-8"),
        ("csv/ug_guid.csv", "comma", "yes", 323, "utf-8"),
        ("csv/zhongwen_input.tsv", "tab", "yes", 5, "utf-8"),
        ("csv/zhongwen_output.csv", "tab", "no", 6, "utf-8"),
        ("csv/zhongwen_output.tsv", "tab", "yes", 5, "utf-8"),
        ("blooket/Ch10KeyTermBlooket.csv", "comma", "no", 6, "utf-8"),
        ("blooket/Ch11KeyTerms.csv", "comma", "no", 23, "utf-8"),
        ("blooket/Ch5KeyTermsBlooket.csv", "comma", "yes", 6, "utf-8"),
        ("blooket/revised.csv", "comma", "yes", 11, "utf-8"),
        ("anki_text/manual-csv-single-line.txt", "semicolon", "no", 2, "utf-8"),
        ("hostile/csv_bom_inside.csv", "comma", "no", 2, "utf-8"),
        ("hostile/csv_cp1251.csv", "comma", "no", 3, "cp1251"),
        ("hostile/csv_cp1255_hebrew.csv", "comma", "no", 1, "cp1255"),
        ("hostile/csv_cp1256_arabic.csv", "comma", "no", 1, "cp1256"),
        ("hostile/csv_cp866.csv", "comma", "no", 3, "cp866"),
        ("hostile/csv_cr_only.csv", "comma", "no", 3, "utf-8"),
        ("hostile/csv_gb18030.csv", "comma", "no", 3, "gb18030"),
        ("hostile/csv_invisible.csv", "comma", "no", 2, "utf-8"),
        ("hostile/csv_macroman.csv", "comma", "no", 2, "mac_roman"),
        ("hostile/csv_ragged.csv", "comma", "no", 4, "utf-8"),
        ("hostile/csv_sep_line_excel.csv", "semicolon", "yes", 1, "utf-8"),
        ("hostile/csv_utf-16-le_nobom.csv", "comma", "no", 3, "utf-16-le"),
        ("hostile/csv_utf32_bom.csv", "comma", "no", 3, "utf-32"),
        ("hostile/csv_quotes_storm.csv", "comma", "no", 1, "utf-8"),
        ("hostile/csv_1e6_columns.csv", "comma", "no", 1, "utf-8"),
    ],
)
def test_real_tables_are_understood(samples: Path, name: str, between: str, header: str, rows: int, encoding: str) -> None:
    bundle = read(samples / "formats" / name)
    assert (bundle.choices["between"], bundle.choices["header"], bundle.notes, bundle.choices["encoding"]) == (between, header, rows, encoding)


@pytest.mark.parametrize("unit", ["](", "(", "a_", "a-_", "_-", "a. ", "a:/"])
def test_headings_made_to_be_slow_are_not(unit: str) -> None:
    started = time.process_time()
    table.read(Source(data=("a" + unit * 50_000 + "!,b\nc,d\n").encode()), {})
    assert time.process_time() - started < 2
