"""Each file goes to the format that knows it, and the worst of them ends in cards or in one sentence."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from kartoteka import shelf
from kartoteka.formats.base import Bundle, Source, Unreadable

FORMATS = shelf.parts("formats", "format")
ROOM = Path(__file__).parent.parent
OURS = tuple(FORMATS)
OWN = [(name, file) for name in OURS for file in sorted((ROOM / name / "samples").iterdir())]


def surest(head: bytes, name: str) -> str:
    return max(OURS, key=lambda known: FORMATS[known].recognises(head, name))


@pytest.mark.parametrize(("name", "file"), OWN, ids=lambda value: getattr(value, "name", value))
def test_our_own_samples_are_known_by_their_format(name: str, file: Path) -> None:
    assert surest(file.read_bytes()[:65536], file.name) == name
    if name not in ("csv", "markdown", "apkg", "colpkg"):
        assert surest(file.read_bytes()[:65536], "") == name


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("a\tb\nc\td", "text"),
        ("a,b\nc,d", "text"),
        ("a,b,c\nd,e,f\ng,h,i", "csv"),
        ('a,"b, c"\nd,"e"', "csv"),
        ("sep=;\na;b", "csv"),
        ("a - b\nc - d", "text"),
        ("term,definition\na,b", "csv"),
        ("#separator:tab\na\tb", "text"),
        ("one - uno; two - dos", "text"),
        ("Just a line of words", "text"),
        ("<html><body>x</body></html>", "text"),
        ("\x00\x01\x02\x03\x04\x05\x06" * 30, "text"),
        ("PK\x03\x04 collection.anki2", "apkg"),
    ],
)
def test_what_is_pasted_is_known(pasted: str, name: str) -> None:
    assert surest(pasted.encode(), "") == name


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("knowt_seed/seed_000.txt", "knowt"),
        ("own_made/knowt/[ABC]*.txt", "knowt"),
        ("own_made/knowt/G*.txt", "text"),
        ("own_made/quizlet/*.txt", "text"),
        ("own_made/brainscape/*.txt", "pages"),
        ("own_made/supermemo/*.txt", "supermemo"),
        ("supermemo/*.xml", "supermemo"),
        ("mnemosyne/*.xml", "mnemosyne"),
        ("mnemosyne/*.mem", "mnemosyne"),
        ("mnemosyne/*.db", "mnemosyne"),
        ("own_made/mnemosyne/*.cards", "mnemosyne"),
        ("mnemosyne/sm7.txt", "supermemo"),
        ("moodle_xml/*.xml", "moodle"),
        ("qti/*.xml", "qti"),
        ("own_made/qti/*.zip", "qti"),
        ("gift/*.gift", "gift"),
        ("markdown_sr/*/*.md", "markdown"),
        ("own_made/*/*.md", "markdown"),
        ("org/*.org", "org"),
        ("own_made/*/*.org", "org"),
        ("own_made/mochi/*.mochi", "mochi"),
        ("kahoot/*.xlsx", "quizgames"),
        ("blooket/*", "quizgames"),
        ("xlsx/*.xlsx", "sheets"),
        ("own_made/*.xlsx", "sheets"),
        ("docx/*.docx", "documents"),
        ("own_made/*.docx", "documents"),
        ("pptx/*.pptx", "documents"),
        ("own_made/*.pptx", "documents"),
        ("odf/*", "documents"),
        ("pdf/*.pdf", "documents"),
        ("own_made/cram/*.txt", "text"),
        ("own_made/studystack/*.txt", "text"),
        ("peer_made/*.txt", "text"),
        ("mnemosyne/tsv_*.txt", "text"),
        ("mnemosyne/word_import.txt", "text"),
        ("anki_text/text-*.txt", "text"),
        ("hostile/anki_text_headers_lie.txt", "text"),
        ("anki_text/manual-csv-single-line.txt", "csv"),
        ("csv/*", "csv"),
        ("hostile/*.csv", "csv"),
    ],
)
def test_real_files_are_known_by_their_format(samples: Path, pattern: str, name: str) -> None:
    files = sorted((samples / "formats").glob(pattern))
    assert files
    for file in files:
        if file.suffix != ".json" and file.name != "csv_only_bom.csv":
            with file.open("rb") as opened:
                assert surest(opened.read(65536), file.name) == name, file.name


@pytest.mark.parametrize("name", OURS)
def test_every_hostile_file_ends_in_cards_or_a_sentence(samples: Path, name: str) -> None:
    for file in sorted((samples / "formats" / "hostile").iterdir()):
        with file.open("rb") as opened:
            sure = FORMATS[name].recognises(opened.read(65536), file.name)
        assert 0 <= sure <= 1
        if sure == 0 and file.stat().st_size > 1_000_000:
            continue  # who does not know it is never given it, and the largest take a second each
        started = time.process_time()
        try:
            bundle = FORMATS[name].read(Source(name=file.name, path=file), {})
            assert isinstance(bundle, Bundle)
            assert bundle.notes or bundle.problems or sure == 0
        except Unreadable as fact:
            sentence = str(fact)
        else:
            sentence = "read."
        assert sentence.endswith(".")
        assert time.process_time() - started < 10, file.name


@pytest.mark.parametrize("name", ["text", "csv"])
def test_what_one_format_reads_another_writes_and_both_give_the_same_cards(name: str, tmp_path: Path) -> None:
    for _known, file in (own for own in OWN if own[0] == "knowt"):
        bundle = FORMATS["knowt"].read(Source(name=file.name, path=file), {})
        notes = [note for deck in bundle.decks for note in deck.notes if all(note.fields.values())]
        with (tmp_path / "out").open("wb") as out:
            FORMATS[name].write(bundle, out, {})
        if not notes:
            continue
        again = FORMATS[name].read(Source(path=tmp_path / "out"), {})
        sides = [dict(note.fields) for deck in again.decks for note in deck.notes if all(note.fields.values())]
        assert sides == [dict(note.fields) for note in notes]


@pytest.mark.parametrize(
    "unit", ["START\n", "a\t\n", "Q: a\n", "](", "<!--", "\\\\[", "1. a\nA) b\n", "a (5)\n", "```\n~~~\n", "* a :drill:\n", "::a:: {=", "=a->b", "~="]
)
def test_a_pasted_text_made_to_be_slow_is_read_soon(unit: str) -> None:
    """What is pasted is read while others wait for the same process."""
    begin = "::a:: {" if unit[0] in "=~" else ""
    data = (begin + unit * (100_000 // len(unit))).encode()
    started = time.process_time()
    known = surest(data[:65536], "")
    with contextlib.suppress(Unreadable):
        FORMATS[known].read(Source(data=data), {})
    assert time.process_time() - started < 4, known
