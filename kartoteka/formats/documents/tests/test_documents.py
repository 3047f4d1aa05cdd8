"""Documents: what there is to choose from in each kind, and broken ones."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.documents import format as documents
from kartoteka.formats.documents.tests import making

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(name: str, **options: str) -> Bundle:
    return documents.read(Source(name=name, data=(SAMPLES / name).read_bytes()), options)


def cards(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for note in bundle.decks[0].notes]


def test_word_offers_tables_lists_and_headings() -> None:
    bundle = sample("cells.docx")
    assert cards(bundle) == [("mitosis", "cell division"), ("мейоз", "makes gametes")]
    assert [name for name, _words in bundle.offers["take"]] == ["tables", "pairs", "headings", "all"]
    assert cards(sample("cells.docx", take="pairs")) == [("Ribosome", "makes proteins"), ("Lysosome", "digests")]
    assert cards(sample("cells.docx", take="headings"))[-1][0] == "Mitochondrion"
    assert "Makes <b>ATP</b>" in cards(sample("cells.docx", take="headings"))[-1][1]


def test_a_slide_is_its_title_with_what_stands_below() -> None:
    assert cards(sample("cells.pptx")) == [("Organelles", "<ul><li>nucleus</li><ul><li>holds DNA</li></ul><li>ribosome</li></ul><p><i>said aloud</i></p>")]


def test_opendocument_is_read_too() -> None:
    assert cards(sample("cells.odt")) == [("mitosis", "cell division")]
    assert cards(sample("cells.odt", take="pairs")) == [("Ribosome", "makes proteins")]


def test_a_pdf_s_lines_are_pairs() -> None:
    assert cards(sample("cells.pdf")) == [("Ribosome", "makes proteins"), ("Lysosome", "digests what is old")]


@pytest.mark.parametrize("name", ["cells.docx", "cells.pptx", "cells.odt", "cells.pdf"])
def test_half_a_document_ends_in_cards_or_one_sentence(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    for end in (len(data) // 3, len(data) // 2, len(data) - 40):
        try:
            assert documents.read(Source(name=name, data=data[:end]), {}).notes
        except Unreadable as fact:
            sentence = str(fact)
        else:
            sentence = "Read."
        assert sentence.endswith(".")


def test_a_pdf_from_right_to_left_is_read_in_the_order_of_its_words() -> None:
    assert cards(sample("arabic.pdf")) == [("الخلية", "أصغر وحدة حية"), ("النواة", "مركز الخلية 1831"), ("كتاب", "book")]
    assert cards(sample("hebrew.pdf")) == [("תא", "היחידה הקטנה ביותר של החיים"), ("גרעין", "מרכז התא (nucleus) משנת 1831")]


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_stands_upright(quarter: int) -> None:
    """Its text is turned on the page, or the page itself, or both."""
    document = pypdfium2.PdfDocument(SAMPLES / "turned.pdf")
    document[0].set_rotation(quarter)
    out = io.BytesIO()
    document.save(out)
    turned = documents.read(Source(name="turned.pdf", data=out.getvalue()), {})
    assert cards(turned) == [("Hund", "dog that barks"), ("Katze", "cat"), ("Buch", "book")]


def test_a_page_of_a_few_words_is_no_picture() -> None:
    assert cards(documents.read(Source(data=making.pdf(([(72, 700, "cell: unit"), (72, 650, "ATP: energy")], []))), {})) == [
        ("cell", "unit"),
        ("ATP", "energy"),
    ]
