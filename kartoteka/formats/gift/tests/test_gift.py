"""GIFT: every kind of question, its escapes, its broken braces, and writing that reads back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Source, Unreadable
from kartoteka.formats.gift import format as gift

SAMPLE = Path(__file__).parent.parent / "samples" / "cells.gift"


def read(text: str) -> Bundle:
    return gift.read(Source(data=text.encode()), {})


def only(text: str) -> BundleNote:
    (note,) = read(text).decks[0].notes
    return note


def test_a_quiz_becomes_a_set_of_its_category() -> None:
    bundle = gift.read(Source(name=SAMPLE.name, data=SAMPLE.read_bytes()), {})
    (deck,) = bundle.decks
    assert deck.title == "Biology::Cells"
    assert [note.fields["definition"] for note in deck.notes] == ["the mitochondrion", "hypertonic", "True", "46", "makes proteins", "digests"]
    first = deck.notes[0]
    assert (first.guid, first.tags) == ("cell-1", ("energy",))
    assert first.extra["distractors"] == ["the nucleus", "the ribosome"]
    assert "Its inner membrane" in first.fields["explanation"]
    assert "Plants have it too." in first.fields["explanation"]
    assert deck.notes[1].fields["term"] == "Water leaves a cell in a _____ solution."
    assert [problem.severity for problem in bundle.problems] == ["refused"]


@pytest.mark.parametrize(
    ("text", "term", "definition"),
    [
        ("2+2? {=4 ~3}", "2+2?", "4"),
        (r"What is \{ called? {=a brace\: \{}", "What is { called?", "a brace: {"),
        ("::T:: [html]<b>x</b>? {=y}", "<b>x</b>?", "y"),
        ("[markdown]**x**? {=y}", "<strong>x</strong>?", "y"),
        ("Two? {~%50%a ~%50%b ~c}", "Two?", "<ul><li>a</li><li>b</li></ul>"),
        ("Year? {#1990..1999}", "Year?", "1990 to 1999"),
        ("Near? {#3.14:0.01}", "Near?", "3.14 ± 0.01"),
    ],
)
def test_each_form_of_a_question(text: str, term: str, definition: str) -> None:
    note = only(text)
    assert (note.fields["term"], note.fields["definition"]) == (term, definition)


def test_braces_that_never_close_cost_one_card_at_most() -> None:
    bundle = read("One? {=1 ~2\n\n::Next:: two? {T}")
    assert [note.fields["definition"] for note in bundle.decks[0].notes] == ["1", "True"]
    assert bundle.problems


def test_other_right_answers_are_accepted_too() -> None:
    assert only("Who? {=no one =nobody}").extra["accepted"] == ["nobody"]


def test_a_file_without_questions_says_so() -> None:
    with pytest.raises(Unreadable, match="no questions"):
        read("// only a comment")


def test_what_is_written_reads_back() -> None:
    notes = (
        BundleNote(
            {"term": "a {b} = c~d #e: \\f", "definition": "<ul><li>one</li><li>two</li></ul>"},
            tags=("x",),
            extra={"distractors": ["wrong = 1"], "accepted": ["too"]},
        ),
        BundleNote({"term": "The {{c1::heart}} pumps {{c2::blood}}", "definition": ""}, kind="cloze"),
        BundleNote({"term": "no answer", "definition": ""}),
    )
    out = io.BytesIO()
    gift.write(Bundle("kartoteka", (BundleDeck("A/B", notes),)), out, {})
    (deck,) = gift.read(Source(name="x.gift", data=out.getvalue()), {}).decks
    first, second = deck.notes
    assert dict(first.fields) == dict(notes[0].fields)
    assert (first.tags, first.extra) == (("x",), {"distractors": ["wrong = 1"], "accepted": ["too"]})
    assert dict(second.fields) == {"term": "The _____ pumps _____", "definition": "heart, blood"}


def test_questions_below_each_other_without_a_blank_line_are_several() -> None:
    (deck,) = read("::one:: Two and two? {=4 ~3}\nThe sky is blue. {T}\n::three:: Which\n{\n=this\n~that\n}\n").decks
    assert [(note.fields["term"], note.fields["definition"]) for note in deck.notes] == [("Two and two?", "4"), ("The sky is blue.", "True"), ("Which", "this")]
    (deck,) = read("The {=cat ~dog} sat\non the mat.\n").decks
    assert [note.fields["term"] for note in deck.notes] == ["The _____ sat on the mat."]
