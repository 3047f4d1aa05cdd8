"""Kahoot, Blooket, Gimkit: which answer is right, templates that are empty, tables that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.quizgames import format as quizgames

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.mark.parametrize(
    ("name", "cards"),
    [
        (
            "kahoot.xlsx",
            [("What makes ATP?", "mitochondrion", ["nucleus", "ribosome"]), ("Which are cells?", "<ul><li>neuron</li><li>egg</li></ul>", ["water", "salt"])],
        ),
        ("blooket.csv", [("What makes ATP?", "mitochondrion", ["nucleus"]), ("Which are cells?", "<ul><li>neuron</li><li>egg</li></ul>", ["water"])]),
        ("gimkit.csv", [("What makes ATP?", "mitochondrion", ["nucleus", "ribosome"]), ("Capital of Poland?", "Warszawa", None)]),
    ],
)
def test_the_right_answers_are_the_definition(name: str, cards: list[tuple[str, str, list[str] | None]]) -> None:
    data = (SAMPLES / name).read_bytes()
    assert quizgames.recognises(data[:65536], name) > 0.95
    bundle = quizgames.read(Source(name=name, data=data), {})
    assert [(note.fields["term"], note.fields["definition"], note.extra.get("distractors")) for note in bundle.decks[0].notes] == cards
    assert [problem.severity for problem in bundle.problems] == (["refused"] if name == "kahoot.xlsx" else [])


def test_rows_without_a_heading_are_known_by_what_they_hold() -> None:
    text = "".join(f"{n},Question {n}?,a{n},b{n},c{n},d{n},20,{n}\n" for n in range(1, 5))
    notes = quizgames.read(Source(name="x.csv", data=text.encode()), {}).decks[0].notes
    assert [note.fields["definition"] for note in notes] == ["a1", "b2", "c3", "d4"]


@pytest.mark.parametrize("text", ["Question,Answer\na,b\nc,d\n", "term,definition\na,b\n"])
def test_an_ordinary_table_is_no_quiz(text: str) -> None:
    assert quizgames.recognises(text.encode(), "x.csv") == 0


def test_an_empty_template_says_so() -> None:
    lines = (SAMPLES / "blooket.csv").read_text(encoding="utf-8").split("\n1,")[0]
    with pytest.raises(Unreadable, match="no question in it yet"):
        quizgames.read(Source(name="x.csv", data=f"{lines}\n1,,,,,,,\n".encode()), {})


def test_a_row_shorter_than_its_heading_is_read_as_far_as_it_goes() -> None:
    text = "Question" + "," * 30 + "Correct Answer,Incorrect Answer 1\nWhat?,x\nWhy?" + "," * 30 + "So,Not so\n"
    notes = quizgames.read(Source(name="x.csv", data=text.encode()), {}).decks[0].notes
    assert [note.fields["definition"] for note in notes] == ["So"]
