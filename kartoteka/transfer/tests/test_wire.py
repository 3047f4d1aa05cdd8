"""A Bundle survives its way through lines of JSON."""

from __future__ import annotations

import io
from array import array
from dataclasses import replace
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Problem, Reviews, Sealed
from kartoteka.transfer import wire

BUNDLE = Bundle(
    "text",
    (
        BundleDeck(
            "Cells",
            (
                BundleNote({"term": "Osmosis", "definition": "<b>water</b>\u2028moves"}, guid="g1", tags=("a",), where="line 3", line=3),
                BundleNote({"term": "", "definition": "\ud83d alone"}, cards=(BundleCard(1, (BundleReview(1_700_000_000_000, 3, 900),), True, {"flag": 2}),)),
            ),
            tags=("biology",),
            source="s",
            languages=("en", "de"),
        ),
        BundleDeck("Empty", ()),
    ),
    problems=(Problem("line 7", "Line 7 has a term and no definition.", "refused", 7),),
    media=(BundleMedia("a.png", Path("/tmp/a.png"), "0" * 64, 12, "image/png"),),
    declared=175,
    ignored=("learnLearn",),
    choices={"between": "tab"},
    offers={"between": (("tab", "Tab"), ("comma", "Comma"))},
    ambiguous=True,
    extra={"x": [1, 2]},
)


def test_what_was_written_is_what_is_read() -> None:
    file = io.StringIO()
    wire.dump(BUNDLE, file)
    file.seek(0)
    assert wire.load(file) == BUNDLE


def test_a_deck_is_many_lines_so_that_large_ones_stream() -> None:
    file = io.StringIO()
    note = BundleNote({"term": "a", "definition": "b"})
    wire.dump(replace(BUNDLE, decks=(BundleDeck("Large", (note,) * (2 * wire.NOTES_A_LINE + 1)), BundleDeck("Empty", ()))), file)
    assert file.getvalue().count("\n") == 1 + 2 + 3


def test_reviews_and_what_is_sealed_come_through_as_they_were() -> None:
    numbers = Reviews(array("q", (1_700_000_000_000, 3, 900, 3, 5, 4, 2500, 1, 1_700_000_600_000, 0, 0, 4, -60, -600, 0, 2)), 8)
    note = BundleNote({"term": "a", "definition": "b"}, cards=(BundleCard(0, numbers),), extra=Sealed('{"anki": {"fields": "a\\u001fb"}}'), kind="cloze")
    file = io.StringIO()
    wire.dump(replace(BUNDLE, decks=(BundleDeck("One", (note,)),)), file)
    file.seek(0)
    (read,) = wire.load(file).decks[0].notes
    assert read == note
    assert (read.extra["anki"]["fields"], read.kind) == ("a\x1fb", "cloze")
    assert read.cards[0].reviews == (BundleReview(1_700_000_000_000, 3, 900, (3, 5, 4, 2500, 1)), BundleReview(1_700_000_600_000, 0, 0, (4, -60, -600, 0, 2)))


@pytest.mark.parametrize(
    "lines",
    [[], ["{}"], ["[1]"], ["not json"], ['["notes",[[["a","b"],"","",[],[],""]]]'], ['["bundle",{}]', '["deck",{}]', '["notes",[[{},"","",[],[],"[]"]]]']],
)
def test_other_lines_are_no_bundle(lines: list[str]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        wire.load(lines)
