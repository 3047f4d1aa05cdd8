"""Written answers, judged."""

from __future__ import annotations

import pytest

from kartoteka.engine.grading import mark
from kartoteka.engine.rubrics import Other, Rubric


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("Paris", "paris."),
        ("the mitochondrion", "Mitochondrion"),
        ("to run", "run"),
        ("sofa / couch", "couch"),
        ("colour; hue", "hue"),
        ("(optic) nerve", "nerve"),
        ("12 June 1944", "June 12th, 1944"),
        ("12 June 1944", "1944-06-12"),
        ("100,000", "100000"),
        ("23", "twenty-three"),
        ("red, green and blue", "blue, red, green"),
        ("5 km", "5 kilometres"),
        ("naïve", "naive"),
        ("東京", "東京"),
    ],
)
def test_an_equal_form_is_right(card: str, answer: str) -> None:
    assert mark(Rubric(accepted=(card,)), answer).label == "right"


@pytest.mark.parametrize(("card", "answer"), [("Bukharin", "Bukhrin"), ("photosynthesis", "fotosynthesis"), ("Archimedes", "Achimedes")])
def test_a_slip_is_close(card: str, answer: str) -> None:
    verdict = mark(Rubric(accepted=(card,)), answer)
    assert verdict.label == "close"
    assert verdict.reasons == (f"Check the spelling: {card}",)


@pytest.mark.parametrize(
    ("card", "answer"), [("1927", "1935"), ("cat", "car"), ("12 June 1944", "13 June 1944"), ("visible", "invisible"), ("hypertension", "hypotension")]
)
def test_another_number_or_word_is_not_right(card: str, answer: str) -> None:
    assert mark(Rubric(accepted=(card,)), answer).label == "wrong"


def test_the_answer_to_another_card_is_known_as_that() -> None:
    verdict = mark(Rubric(accepted=("strangle",), others=(Other("t", "tangle"),)), "tangle")
    assert (verdict.label, verdict.mistaken_for, verdict.certain) == ("wrong", "t", True)


@pytest.mark.parametrize("answer", ["", "   ", "idk", "I don't know", "?"])
def test_nothing_is_wrong_for_certain(answer: str) -> None:
    verdict = mark(Rubric(question="What is osmosis?", accepted=("Movement of water",)), answer)
    assert (verdict.label, verdict.score, verdict.certain) == ("wrong", 0.0, True)
