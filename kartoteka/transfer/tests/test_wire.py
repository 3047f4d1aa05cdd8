"""A Bundle survives its way through lines of JSON."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Problem
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


def test_a_card_is_a_line_so_that_large_decks_stream() -> None:
    file = io.StringIO()
    wire.dump(BUNDLE, file)
    assert file.getvalue().count("\n") == 1 + 2 + 2


@pytest.mark.parametrize("lines", [[], ["{}"], ["[1]"], ["not json"], ['["note",{"fields":{}}]']])
def test_other_lines_are_no_bundle(lines: list[str]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, IndexError)):
        wire.load(lines)
