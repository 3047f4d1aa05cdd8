"""Hints rung by rung, and where an answer differs from the right one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine import asking
from kartoteka.engine.differing import differing
from kartoteka.engine.hinting import first_half, first_letters, hints_for, rungs_taken
from kartoteka.engine.tests.test_asking import LONG, capitals, deck, first, item


@pytest.mark.parametrize(
    ("text", "letters", "half"),
    [
        ("Commissar of the Workers", "C········ of the W······", "Commissar of …"),
        ("Paris", "P····", "Par··"),
        ("1927", "1···", "19··"),
        ("終電", "終·", "終·"),
        ("", "", ""),
    ],
)
def test_first_letters_and_first_halves(text: str, letters: str, half: str) -> None:
    assert first_letters(text) == letters
    assert first_half(text) == half


def test_a_written_answer_has_letters_and_half_and_a_list_its_headings_between() -> None:
    pool = capitals()
    typed = asking.typed(first(pool), pool)
    assert typed is not None
    assert [hint.kind for hint in hints_for(typed)] == ["letters", "half"]
    card = item("l", "Rivals", LONG)
    points = asking.points(card, deck(card))
    assert points is not None
    rungs = hints_for(points)
    assert [hint.kind for hint in rungs] == ["letters", "headings", "half"]
    assert rungs[1].lines == ("Rivals",)
    assert len(rungs[0].lines) == 3


def test_a_choice_loses_two_wrong_answers_and_never_the_right_one() -> None:
    pool = capitals()
    for seed in range(20):
        question = asking.multiple_choice(first(pool), pool, random.Random(seed))
        assert question is not None
        (hint,) = hints_for(question)
        assert len(hint.removed) == 2
        assert first(pool).id not in hint.removed
    two = capitals(2)
    question = asking.multiple_choice(first(two), two, random.Random(1))
    assert question is not None
    assert hints_for(question) == (), "the last wrong answer stays"


def test_what_is_judged_by_the_learner_has_no_hints() -> None:
    assert hints_for(asking.itself(first(capitals()))) == ()


def test_the_authors_own_hint_comes_first_and_stays() -> None:
    card = replace(first(capitals()), extra={"hint": "<b>tea</b> bag"})
    pool = {**capitals(), card.id: card}
    typed = asking.typed(card, pool)
    assert typed is not None
    rungs = hints_for(typed)
    assert [hint.kind for hint in rungs] == ["own", "letters", "half"]
    assert {hint.html for hint in rungs} == {"<b>tea</b> bag"}
    assert [hint.kind for hint in hints_for(asking.itself(card))] == ["own"], "it stands beside every question"
    claim = asking.true_false(card, pool, random.Random(1))
    assert claim is not None
    assert [hint.kind for hint in hints_for(claim)] == ["own"]


@pytest.mark.parametrize(("hints", "plain", "own"), [(0, 0, 0), (1, 1, 1), (2, 2, 1), (3, 3, 2), (4, 3, 3), (9, 3, 3)])
def test_the_own_hint_counts_as_a_rung_and_makes_the_ladder_no_longer(hints: int, plain: int, own: int) -> None:
    card = first(capitals())
    assert rungs_taken(asking.itself(card), hints) == plain
    assert rungs_taken(asking.itself(replace(card, extra={"hint": "a"})), hints) == own


def test_one_letter_is_shown_as_one_letter() -> None:
    assert [(piece.text, piece.is_) for piece in differing("Zinovyev", "Zinoviev")] == [("Zinov", "same"), ("y", "gone"), ("i", "new"), ("ev", "same")]


def test_other_words_are_shown_as_words_and_nothing_alike_as_nothing() -> None:
    assert ("Warsaw", "gone") not in differing("Warsaw", "Oslo")
    assert differing("Warsaw", "Oslo") == []
    assert differing("same", "same") == []
    assert {piece.is_ for piece in differing("the quick brown fox jumped over it today", "the slow brown fox walked around it today")} == {
        "same",
        "gone",
        "new",
    }


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_lead_from_one_text_to_the_other(written: str, right: str) -> None:
    pieces = differing(written, right)
    if not pieces:
        return
    clean = " ".join(right.split())
    assert "".join(piece.text for piece in pieces if piece.is_ != "gone").strip() == clean
