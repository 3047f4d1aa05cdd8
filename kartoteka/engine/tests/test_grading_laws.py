"""What holds for every written answer, whatever is written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kartoteka.engine.grading import mark
from kartoteka.engine.items import Point
from kartoteka.engine.rubrics import Other, Rubric

POINTS = (
    "the army was limited to 100,000 men",
    "Germany accepted blame for the war",
    "reparations of 132 billion gold marks",
    "the Rhineland became a zone without soldiers",
    "colonies in Africa went to the League",
    "union with Austria was forbidden",
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aąäß’'12.,/;()-–<>&$\\{}^_ \n\t\x00‮אبكアあ京🙂", max_size=60),
    st.sampled_from(("not", "No, 3.5 km or 4", "<b>x</b>", r"\frac{1}{2}", "1,2,and 3", "(", "a / b", "12 June 1944", "-", "'s", "twenty twenty")),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=3), WORDS, WORDS, st.lists(WORDS, max_size=3), st.sampled_from(("", "en", "de", "pl", "ja", "ar", "xx")), st.booleans())
def test_any_text_gets_a_verdict_that_holds_together(accepted: list[str], question: str, answer: str, points: list[str], lang: str, strict: bool) -> None:
    rubric = Rubric(question, tuple(accepted), tuple(Point(p) for p in points), (Other("o", answer[:3]),), lang, "strict" if strict else "relaxed")
    verdict = mark(rubric, answer)
    assert verdict.label in ("right", "close", "wrong", "unsure")
    assert verdict.score is not None
    assert 0 <= verdict.score <= 1
    assert 0 <= verdict.confidence <= 1
    assert all(point.quote in answer for point in verdict.points)
    assert not (verdict.contradicted and verdict.label == "right")
    assert mark(rubric, answer) == verdict


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(range(len(POINTS))), unique=True), st.sampled_from(range(len(POINTS))), st.sampled_from((". ", "; ", "\n")))
def test_covering_one_more_point_never_lowers_the_score(said: list[int], more: int, between: str) -> None:
    rubric = Rubric("What did the treaty of Versailles demand?", ("; ".join(POINTS),), tuple(Point(p) for p in POINTS))
    before = mark(rubric, between.join(POINTS[i] for i in said)).score or 0.0
    after = mark(rubric, between.join(POINTS[i] for i in (*said, *([] if more in said else [more])))).score or 0.0
    assert after >= before
    assert before >= round(len(said) / len(POINTS), 6) - 1e-6


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_the_card_itself_is_right(card: str) -> None:
    if any(c.isalnum() for c in card):
        assert mark(Rubric(accepted=(card,)), card).label == "right"


@pytest.mark.parametrize("words", ["hundred ", "one thousand ", "one hundred and ", "百", "一"])
def test_a_heap_of_number_words_ends(words: str) -> None:
    heap = (words * 4_000)[:4_000]
    for card, answer in ((heap, "5"), ("five", heap), (heap, heap)):
        assert mark(Rubric(accepted=(card,), lang="zh" if ord(words[0]) > 255 else "en"), answer).score is not None
