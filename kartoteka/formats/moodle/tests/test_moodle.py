"""Moodle XML: every kind of question, its pictures, and files that are broken or hostile."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.moodle import format as moodle

SAMPLE = Path(__file__).parent.parent / "samples" / "quiz.xml"


def test_every_kind_of_question_becomes_what_it_can() -> None:
    bundle = moodle.read(Source(name=SAMPLE.name, data=SAMPLE.read_bytes()), {})
    (deck,) = bundle.decks
    assert deck.title == "Biology::Cells"
    assert [note.fields["definition"] for note in deck.notes] == [
        "the mitochondrion",
        "True",
        "makes proteins",
        "digests",
        "<ul><li>heart</li><li>blood</li></ul>",
        "46 ± 1",
    ]
    first = deck.notes[0]
    assert first.fields["term"] == '<p>What makes <b>ATP</b>? <img src="cell 1.png"></p>'
    assert first.extra["distractors"] == ["the nucleus"]
    assert first.tags == ("energy",)
    assert "Most of it" in first.fields["explanation"]
    assert deck.notes[4].fields["term"] == "The _____ pumps _____."
    assert [problem.severity for problem in bundle.problems] == ["refused", "info"]


def test_pictures_are_laid_where_media_wait(tmp_path: Path) -> None:
    folder = tmp_path / "not there yet"
    bundle = moodle.read(Source(name=SAMPLE.name, data=SAMPLE.read_bytes(), folder=folder), {})
    (file,) = bundle.media
    assert (file.name, file.mime, file.path.parent) == ("cell 1.png", "image/png", folder)
    assert file.path.read_bytes().startswith(b"\x89PNG")
    places = [note.where for note in bundle.decks[0].notes]
    assert len(set(places)) == len(places)


def test_an_encoding_that_is_not_the_one_it_says_is_found() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><quiz><question type="shortanswer"><questiontext><text>Сколько будет два и два, и ещё раз два?</text></questiontext><answer fraction="100"><text>шесть, конечно</text></answer></question></quiz>'
    bundle = moodle.read(Source(data=text.encode("cp1251")), {})
    assert bundle.decks[0].notes[0].fields["definition"] == "шесть, конечно"
    assert bundle.problems


def test_broken_xml_keeps_what_can_be_read() -> None:
    whole = SAMPLE.read_text()
    bundle = moodle.read(Source(data=whole[: whole.index('<question type="matching">') + 60].encode()), {})
    assert [note.fields["definition"] for note in bundle.decks[0].notes][:2] == ["the mitochondrion", "True"]
    assert any("broken" in problem.what for problem in bundle.problems)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><quiz><question type="x"><name><text>&b;</text></name></question></quiz>',
        "<quiz>" + "<a>" * 50_000,
        "<quiz/>",
    ],
)
def test_a_hostile_file_ends_in_one_sentence(text: str) -> None:
    with pytest.raises(Unreadable) as told:
        moodle.read(Source(data=text.encode()), {})
    assert str(told.value).endswith(".")


def test_words_to_draw_to_choose_and_to_put_in_order() -> None:
    drawn = "<dragbox><text>cat</text></dragbox><dragbox><text>hat</text></dragbox><dragbox><text>mat</text></dragbox>"
    placed = f'<question type="ddwtos"><name><text>d</text></name><questiontext><text>The [[1]] on the [[3]].</text></questiontext>{drawn}</question>'
    steps = '<answer fraction="2.0"><text>second</text></answer><answer fraction="1.0"><text>first</text></answer>'
    ordered = f'<question type="ordering"><name><text>o</text></name><questiontext><text>Order</text></questiontext>{steps}</question>'
    (deck,) = moodle.read(Source(data=f"<quiz>{placed}{ordered}</quiz>".encode()), {}).decks
    assert [(note.fields["term"], note.fields["definition"]) for note in deck.notes] == [
        ("The _____ on the _____.", "<ul><li>cat</li><li>mat</li></ul>"),
        ("Order", "<ul><li>first</li><li>second</li></ul>"),
    ]
    assert deck.notes[0].extra["distractors"] == ["hat"]
