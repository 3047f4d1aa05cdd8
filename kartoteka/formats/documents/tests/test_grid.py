"""Tables in a PDF: by drawn lines and by the white between columns; what only looks like one is none."""

from __future__ import annotations

import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.documents import format as documents
from kartoteka.formats.documents.tests.making import Line, Word, pdf

CELLS = [("mitosis", "division of a cell"), ("meiosis", "division that makes gametes"), ("osmosis", "water moves"), ("ribosome", "makes proteins")]


def read(data: bytes, **options: str) -> Bundle:
    return documents.read(Source(name="words.pdf", data=data), options)


def cards(bundle: Bundle) -> list[tuple[str, ...]]:
    return [tuple(note.fields.values()) for note in bundle.decks[0].notes]


def beside(rows: list[tuple[str, ...]], *lefts: float, top: float = 700, step: float = 16) -> list[Word]:
    return [(left, top - step * at, cell) for at, row in enumerate(rows) for left, cell in zip(lefts, row, strict=True) if cell]


def box(lefts: list[float], top: float, rows: int, step: float = 20) -> list[Line]:
    bottom = top - rows * step
    flat: list[Line] = [(lefts[0], top - at * step, lefts[-1], top - at * step) for at in range(rows + 1)]
    return [*flat, *((left, top, left, bottom) for left in lefts)]


def test_words_in_two_columns_are_cards_and_what_stands_around_them_is_none() -> None:
    around = [(72.0, 740.0, "These are the words of the first chapter, to be learned by heart until next week."), (72.0, 560.0, "That was all.")]
    bundle = read(pdf(([*around, *beside(CELLS, 72, 200)], [])))
    assert cards(bundle) == CELLS
    assert [note.where for note in bundle.decks[0].notes] == ["page 1"] * 4


def test_a_definition_of_several_lines_is_one_and_may_be_hyphenated() -> None:
    rows = [("mitosis", "division of a cell that is"), ("", "the same in both direc-"), ("", "tions"), *CELLS[1:]]
    assert cards(read(pdf((beside(rows, 72, 200), []))))[0] == ("mitosis", "division of a cell that is the same in both directions")


def test_drawn_lines_say_where_cells_end_and_a_heading_names_them() -> None:
    rows = [("Term", "Definition"), ("cell wall", "around a plant cell"), ("a", "b")]
    words = beside(rows, 76, 150, top=686, step=20)
    assert cards(read(pdf((words, box([72, 148, 300], 700, 3))))) == [("cell wall", "around a plant cell"), ("a", "b")]


def test_a_table_goes_on_over_the_page_with_its_heading_once() -> None:
    first, second = [("Term", "Definition"), *CELLS[:2]], [("Term", "Definition"), *CELLS[2:]]
    pages = [(beside(rows, 76, 150, top=686, step=20), box([72, 148, 300], 700, 3)) for rows in (first, second)]
    bundle = read(pdf(*pages))
    assert cards(bundle) == CELLS
    assert [note.where for note in bundle.decks[0].notes] == ["page 1", "page 1", "page 2", "page 2"]


def test_a_list_that_goes_on_beside_itself_is_one_list() -> None:
    rows = [("Hund", "dog", "Vogel", "bird"), ("Katze", "cat", "Maus", "mouse"), ("Pferd", "horse", "Fisch", "fish"), ("Kuh", "cow", "Huhn", "hen")]
    found = cards(read(pdf((beside(rows, 72, 120, 300, 350), []))))
    assert found == [(a, b) for a, b, _c, _d in rows] + [(c, d) for _a, _b, c, d in rows]


@pytest.mark.parametrize(
    "rows",
    [
        [(f"{at}.", f"Do the thing number {at} with care") for at in range(1, 9)],
        [("o", f"a point of a list, number {at}") for at in range(8)],
        [(f"Chapter {name}", str(at * 7)) for at, name in enumerate("ABCDEFGH", start=1)],
    ],
    ids=["numbers", "bullets", "contents"],
)
def test_lists_and_contents_are_no_tables(rows: list[tuple[str, ...]]) -> None:
    lefts = (72, 96) if len(rows[0][0]) < 4 else (72, 400)
    with pytest.raises(Unreadable):
        read(pdf((beside(rows, *lefts), [])))


def test_columns_of_a_newspaper_are_read_down_not_across() -> None:
    rows = [("the quick brown fox jumps over the lazy dog of a", "neighbour who had never seen anything like it in")] * 12
    with pytest.raises(Unreadable):
        read(pdf((beside(rows, 72, 310, step=12), [])))
