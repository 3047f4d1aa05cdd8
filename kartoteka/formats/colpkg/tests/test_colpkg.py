"""A whole collection comes in as its decks."""

from __future__ import annotations

from pathlib import Path

from kartoteka.formats.base import Source
from kartoteka.formats.colpkg import format as colpkg

SAMPLE = Path(__file__).parents[1] / "samples" / "whole.colpkg"


def test_a_whole_collection_is_its_decks_with_all_their_files() -> None:
    bundle = colpkg.read(Source(name=SAMPLE.name, path=SAMPLE), {})
    assert [deck.title for deck in bundle.decks] == ["French", "French::Verbs"]
    assert {one.name for one in bundle.media} == {"cat.png", "bonjour.mp3", "alone.txt"}
    assert colpkg.recognises(SAMPLE.read_bytes()[:65536], SAMPLE.name) > 0.9
    assert colpkg.recognises(b"a,b", "x.csv") == 0
