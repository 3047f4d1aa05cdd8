"""Pasted text is parted where people parted it, and written so that it comes back equal."""

from __future__ import annotations

import contextlib
import io
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.formats import tables
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Source, Unreadable
from kartoteka.formats.prose import html_of, lines_of
from kartoteka.formats.text import format as text

SAMPLES = Path(__file__).parent.parent / "samples"


def read(data: bytes | str | Path, **options: str) -> Bundle:
    if isinstance(data, Path):
        return text.read(Source(name=data.name, path=data), options)
    return text.read(Source(data=data.encode() if isinstance(data, str) else data), options)


def sides(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for deck in bundle.decks for note in deck.notes]


def written(pairs: list[tuple[str, str]]) -> str:
    out = io.BytesIO()
    notes = tuple(BundleNote({"term": term, "definition": definition}) for term, definition in pairs)
    text.write(Bundle("text", (BundleDeck("", notes),)), out, {})
    return out.getvalue().decode()


def test_a_line_without_a_tab_goes_on_with_the_definition_above() -> None:
    bundle = read(SAMPLES / "quizlet.txt")
    assert sides(bundle) == [
        ("Mitochondrion", "Makes most of the energy of the cell"),
        (
            "Ribosome",
            "<p>Builds proteins:</p><ul><li>reads messenger RNA</li><li>joins amino acids<ul><li>one after the other</li></ul></li></ul><p>Found in every cell</p>",
        ),
        ('"Omnis cellula e cellula"', "Virchow, 1855"),
    ]
    assert [note.line for note in bundle.decks[0].notes] == [1, 2, 8]
    assert bundle.problems == ()


@pytest.mark.parametrize(
    ("pasted", "between", "rows", "cards"),
    [
        ("a\tb\nc\td", "tab", "newline", [("a", "b"), ("c", "d")]),
        ("\ta\nb\t\nc\td\n", "tab", "newline", [("", "a"), ("b", ""), ("c", "d")]),
        ("a\tb;c\td;e\tf", "tab", "semicolon", [("a", "b"), ("c", "d"), ("e", "f")]),
        ("a - b\nwell-known - c d\n", "dash", "newline", [("a", "b"), ("well-known", "c d")]),
        ("a – b - c\nd – e", "dash", "newline", [("a", "b - c"), ("d", "e")]),
        ("cat-кот;well-known-известный;dog-собака", "dash", "semicolon", [("cat", "кот"), ("well-known", "известный"), ("dog", "собака")]),
        ("one,uno\nthree, or so,tres\ntwo,dos", "comma", "newline", [("one", "uno"), ("three, or so", "tres"), ("two", "dos")]),
        ("a: b; c; d\ne: f", "colon", "newline", [("a", "b; c; d"), ("e", "f")]),
        ("noon: 12:00\ntea: 17:00", "colon", "newline", [("noon", "12:00"), ("tea", "17:00")]),
        ("a = b\nc = d", "equals", "newline", [("a", "b"), ("c", "d")]),
        ("a | b\nc | d", "pipe", "newline", [("a", "b"), ("c", "d")]),
        ("a :: b\nc :: d: e", "double colon", "newline", [("a", "b"), ("c", "d: e")]),
        ("a → b\nc → d", "arrow", "newline", [("a", "b"), ("c", "d")]),
        ("a;b\nc;d", "semicolon", "newline", [("a", "b"), ("c", "d")]),
        ("one - uno; two - dos; three - tres", "dash", "semicolon", [("one", "uno"), ("two", "dos"), ("three", "tres")]),
        ("水：water\n火：fire", "colon", "newline", [("水", "water"), ("火", "fire")]),
        ("capital of France: Paris", "colon", "newline", [("capital of France", "Paris")]),
        ("Term\tDefinition\na\tb", "tab", "newline", [("a", "b")]),
        ("Term: Definition\na: b\nc: d", "colon", "newline", [("a", "b"), ("c", "d")]),
        ("a\n==\nb1\nb2\n---\nc\n==\nd", "\\n==\\n", "\\n---\\n", [("a", "b1<br>b2"), ("c", "d")]),
        ("a::b@@c::d@@e::f", "::", "@@", [("a", "b"), ("c", "d"), ("e", "f")]),
        ("a@@b||c@@d||e@@f, g", "@@", "||", [("a", "b"), ("c", "d"), ("e", "f, g")]),
        ("dog    Hund\nthe big cat    Katze", "spaces", "newline", [("dog", "Hund"), ("the big cat", "Katze")]),
        ("1. dog - Hund\n2. cat - Katze\n3. bird - Vogel", "dash", "newline", [("dog", "Hund"), ("cat", "Katze"), ("bird", "Vogel")]),
        ("1. FC Köln: football\n3. Liga: too", "colon", "newline", [("1. FC Köln", "football"), ("3. Liga", "too")]),
        ("a ## b\nc ## d, e", "##", "newline", [("a", "b"), ("c", "d, e")]),
        ("a\tb1\nb2;c\td1\nd2", "tab", "semicolon", [("a", "b1<br>b2"), ("c", "d1<br>d2")]),
        ('a\t"b1\nb2"\nc\td', "tab", "newline", [("a", "b1<br>b2"), ("c", "d")]),
        ('"a"\tb\n"c\td', "tab", "newline", [('"a"', "b"), ('"c', "d")]),
        ("a\rb\tc\r\nd\te", "tab", "newline", [("b", "c"), ("d", "e")]),
    ],
)
def test_what_parts_the_text_is_found(pasted: str, between: str, rows: str, cards: list[tuple[str, str]]) -> None:
    bundle = read(pasted)
    assert (bundle.choices["between"], bundle.choices["rows"]) == (between, rows)
    assert sides(bundle) == cards


def test_two_lines_and_a_blank_one_are_a_card() -> None:
    bundle = read(SAMPLES / "blocks.txt")
    assert sides(bundle) == [("Mitosis", "One cell becomes two.<br>Both have the same chromosomes."), ("Meiosis", "One cell becomes four.")]
    assert [note.line for note in bundle.decks[0].notes] == [1, 5]


def test_a_row_that_could_be_parted_elsewhere_is_said_and_can_be() -> None:
    pasted = "a, b, c\nd, e\nf, g\n"
    bundle = read(pasted)
    assert [(problem.line, problem.severity) for problem in bundle.problems] == [(1, "warning")]
    assert sides(bundle)[0] == ("a", "b, c")
    assert bundle.choices["split"] == "auto"
    assert sides(read(pasted, split="last"))[0] == ("a, b", "c")
    assert "split" not in read("a, b\nc, d").choices


def test_everything_decided_may_be_decided_otherwise() -> None:
    pasted = "a,b\tc\nd,e\tf\n"
    assert sides(read(pasted)) == [("a,b", "c"), ("d,e", "f")]
    assert sides(read(pasted, between="comma")) == [("a", "b\tc"), ("d", "e\tf")]
    assert sides(read(pasted, direction="backwards"))[0] == ("c", "a,b")
    assert sides(read(pasted, header="yes")) == [("d,e", "f")]
    assert sides(read("a ** b\nc ** d", between="**")) == [("a", "b"), ("c", "d")]
    assert sides(read("a ** b ## c ** d", between=" ** ", rows="##")) == [("a", "b"), ("c", "d")]
    assert sides(read("a\tb\n\nc\td", rows="blank", between="tab")) == [("a", "b"), ("c", "d")]
    assert sides(read("a\\tb", between="\\\\t")) == [("a", "b")]
    assert sides(read("a\t<b>b</b>", html="yes")) == [("a", "<b>b</b>")]
    assert sides(read('"a"\t"b"', quotes="yes")) == [("a", "b")]
    assert sides(read("é\tx".encode("cp1252"), encoding="cp1251")) == [("й", "x")]
    for wild in ("", " ", "nope", "\\", "[a-z", "²"):
        for name in ("between", "rows", "direction", "header", "split", "quotes", "html", "term", "definition"):
            assert read(pasted, **{name: wild}).format == "text"


def test_where_nothing_parts_the_lines_nothing_is_guessed() -> None:
    bundle = read("The first thing one sees\nis a hill with trees\nand then the sea\n")
    assert bundle.ambiguous
    assert bundle.notes == 0
    assert bundle.choices["between"] == ""
    assert [problem.severity for problem in bundle.problems] == ["refused"]


def test_a_line_before_the_first_card_is_said() -> None:
    bundle = read("My biology set\n\na\tb\nc\td\n")
    assert sides(bundle) == [("a", "b"), ("c", "d")]
    assert [(problem.line, problem.severity) for problem in bundle.problems] == [(1, "refused")]


def test_a_row_with_one_side_keeps_its_place_to_be_mended() -> None:
    assert sides(read("one - uno; two - dos; three", between="dash", rows="semicolon")) == [("one", "uno"), ("two", "dos"), ("three", "")]
    joined = read("one - uno\nand more\ntwo - dos\nthree - tres\nfour - cuatro")
    assert sides(joined)[0] == ("one", "uno<br>and more")
    assert [(problem.line, problem.severity) for problem in joined.problems] == [(2, "warning")]


def test_more_columns_are_kept_by_their_names() -> None:
    bundle = read("Front\tBack\tReading\tTags\nQué\tWhat\tq\ta b\n")
    assert dict(bundle.decks[0].notes[0].fields) == {"term": "Qué", "definition": "What", "Reading": "q"}
    assert bundle.decks[0].notes[0].tags == ("a", "b")


def test_anki_s_export_brings_decks_tags_ids_and_clozes() -> None:
    bundle = read(SAMPLES / "anki.txt")
    assert [(deck.title, len(deck.notes)) for deck in bundle.decks] == [("Cells", 2), ("Plants", 1)]
    first, cloze = bundle.decks[0].notes
    assert dict(first.fields) == {"term": "What is <b>ATP</b>?", "definition": "The energy\ncurrency"}
    assert (first.guid, first.tags, first.line, first.kind) == ("aB3$x", ("chemistry", "cell"), 6, "basic")
    assert cloze.kind == "cloze"


def test_an_anki_header_that_lies_is_not_believed() -> None:
    bundle = read("#separator:comma\n#html:true\n#tags column:0\n#guid column:1\n#deck column:99\na\tb\n")
    assert sides(bundle) == [("a", "b")]
    assert all(problem.severity == "warning" for problem in bundle.problems)
    with pytest.raises(Unreadable, match="no cards follow"):
        read("#separator:tab\n#html:false\n")
    assert sides(read("#hashtag\ta sign\n#tags\tmore")) == [("#hashtag", "a sign"), ("#tags", "more")]


def test_a_deck_goes_out_as_people_paste_it() -> None:
    assert written([("a", "x &lt; y"), ("b", "<p>Intro</p><ul><li>one<ul><li>two</li></ul></li></ul>")]) == "a\tx < y\nb\tIntro\n\n• one\n  • two\n"


@pytest.mark.parametrize(
    "pairs",
    [
        [("a<br>b", "c")],
        [('"a', 'b"'), ("c", "d")],
        [("x", '"one<br>two"')],
        [("#separator:comma", "a")],
        [("term", "definition"), ("a", "b")],
        [("a", "b<br>#c")],
        [("one", "two;three")],
    ],
)
def test_what_would_not_read_back_is_quoted(pairs: list[tuple[str, str]]) -> None:
    assert sides(read(written(pairs))) == pairs


signs = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"), min_size=1, max_size=30)
drawn_side = st.one_of(
    signs,
    st.sampled_from(
        ["• a\n• b", "• a\n  • b\n• c", "日本語", "שלום עולם", "مرحبا", 'a "b" c', '"', '""', "a,b;c", "one\n\ntwo", "l1\nl2", "<b>", "#html:true", "---", "=="]
    ),
)


@given(st.lists(st.tuples(drawn_side, drawn_side).map(lambda drawn: (html_of(drawn[0]), html_of(drawn[1]))).filter(all), min_size=1, max_size=8))
def test_what_is_written_is_read_back(drawn: list[tuple[str, str]]) -> None:
    assert sides(read(written(drawn))) == [(html_of(lines_of(term)), html_of(lines_of(definition))) for term, definition in drawn]


@given(st.one_of(st.binary(max_size=300), st.text('ab:;,-=|\t\n#" ', max_size=80).map(str.encode)))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(data).decks


@given(st.text("ab:;,-\t\n ", min_size=1, max_size=60))
def test_no_word_is_lost_without_a_word_about_it(pasted: str) -> None:
    try:
        bundle = read(pasted)
    except Unreadable:
        return
    kept = "".join(lines_of(side) for note in bundle.decks[0].notes for side in note.fields.values())
    refused = any(problem.severity == "refused" for problem in bundle.problems)
    assert refused or sum(map(kept.count, "ab")) >= sum(map(pasted.count, "ab"))


@pytest.mark.parametrize("row", ["a\tb", "a - b", 'a\t"b\nc"'])
def test_cards_beyond_the_most_are_said_with_their_line(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 100)
    for more in (1, 2, 3, 50):
        many = read(f"{row}\n" * (100 + more))
        assert many.notes == 100
        assert [(problem.line, problem.severity) for problem in many.problems] == [(100 * (1 + row.count("\n")) + 1, "refused")]
    assert read(f"{row}\n" * 100).problems == ()


def test_large_and_hostile_texts_end_soon() -> None:
    started = time.process_time()
    for pasted in (
        "[" * 200_000,
        "=" * 200_000 + "\n" + "-" * 1000,
        "a-" * 100_000,
        "-\n" * 50_000,
        ": " * 100_000,
        " " * 100_000 + "x",
        "\n" * 300_000 + "a\tb",
        '"' * 100_000 + "\ta",
    ):
        read(pasted)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "name",
    [
        "quizlet/export_tab_newline_simple.txt",
        "quizlet/export_tab_newline_multiline_defs.txt",
        "quizlet/export_dash_semicolon.txt",
        "quizlet/export_comma_newline.txt",
        "cram/export_tab.txt",
        "studystack/export.txt",
        "knowt/G_export_tab_newline.txt",
    ],
)
def test_exports_of_other_programs_come_in_exactly(samples: Path, name: str) -> None:
    file = samples / "formats" / "own_made" / name
    expected = json.loads(file.with_name(file.name + ".expected.json").read_text())["cards"]
    assert [[lines_of(term), lines_of(definition)] for term, definition in sides(read(file))] == expected
    if "comma" in name or "dash" in name:
        assert read(file).problems[0].severity == "warning"


def test_anki_s_real_exports_come_in(samples: Path) -> None:
    full = read(samples / "formats" / "peer_made" / "notes_full_html.txt")
    assert full.notes == 47
    assert {note.kind for deck in full.decks for note in deck.notes} == {"basic", "cloze"}
    assert read(samples / "formats" / "peer_made" / "cards_plain.txt").notes == 76
