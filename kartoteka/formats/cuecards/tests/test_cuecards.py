"""CueCards: both sides with what they show, and a card with nothing on it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.cuecards import format as cuecards

SAMPLES = Path(__file__).parent.parent / "samples"


def test_cards_keep_their_lines_pictures_and_sounds() -> None:
    bundle = cuecards.read(Source(name="drinks.wcu", data=(SAMPLES / "drinks.wcu").read_bytes()), {})
    (deck,) = bundle.decks
    assert deck.title == "drinks"
    assert [dict(note.fields) for note in deck.notes] == [
        {"term": 'kawa<br><img src="bean.png">', "definition": "coffee<br>(&lt; from the bean)"},
        {"term": "herbata", "definition": "tea<br>[sound:tea.mp3]"},
    ]
    assert [(problem.line, problem.severity) for problem in bundle.problems] == [(14, "refused")]


def test_a_file_without_cards_is_refused_in_a_sentence() -> None:
    with pytest.raises(Unreadable, match="no cards"):
        cuecards.read(Source(data=b"<CueCards Version='1'></CueCards>"), {})
