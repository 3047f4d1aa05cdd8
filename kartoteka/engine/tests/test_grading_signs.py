"""Answers of a sign or two: symbols, notes, codes, and the little words that also mean "no answer"."""

from __future__ import annotations

import pytest

from kartoteka.engine.grading import Verdict, mark
from kartoteka.engine.grading.reasons import NO_ANSWER
from kartoteka.engine.rubrics import Rubric


def judged(card: str, answer: str, lang: str = "en") -> Verdict:
    return mark(Rubric(accepted=(card,), lang=lang), answer)


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("x", "X"),
        ("x = 3", "x = 3"),
        ("No", "no"),
        ("No (nobelium)", "no"),
        ("Na (sodium)", "na"),
        ("None", "none"),
        ("none of them", "None of them."),
        ("nothing", "Nothing"),
        ("null", "null"),
        ("0", "zero"),
        ("-", "-"),
        ("?", "?"),
        ("pass", "pass"),
        ("Ka", "ka"),
        ("I don't know", "i dont know"),
        ("IT (Italy)", "it"),
        ("NO", "no"),
        ("DK", "dk"),
        ("In", "in"),
        ("He", "he"),
        ("IV", "iv"),
        ("do", "do"),
        ("B♭", "Bb"),
        ("F♯ minor", "F# minor"),
        ("Cl⁻", "Cl-"),
        ("Fe²⁺", "Fe2+"),
    ],
)
def test_a_sign_that_is_the_answer_is_right(card: str, answer: str) -> None:
    assert judged(card, answer).label == "right"


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("Na+", "na"),
        ("Cl-", "Cl"),
        ("Ca2+", "Ca"),
        ("Ni", "no"),
        ("yes", "no"),
        ("Yes, it does.", "no"),
        ("not", "no"),
        ("never", "nobody"),
        ("+", "-"),
        ("y", "x"),
        ("B♭", "B"),
        ("F#", "F"),
        ("IV", "VI"),
        ("type A", "type AB"),
        ("DE", "NL"),
    ],
)
def test_another_sign_is_an_answer_and_not_right(card: str, answer: str) -> None:
    verdict = judged(card, answer)
    assert verdict.label != "right"
    assert NO_ANSWER not in verdict.reasons


@pytest.mark.parametrize(
    ("card", "answer", "lang"),
    [
        ("photosynthesis", "x", "en"),
        ("Paris", "na", "en"),
        ("The king had no heir.", "no", "en"),
        ("mitochondrion", "none", "en"),
        ("Paris", "?", "en"),
        ("Die Hauptstadt von Peru", "k.a.", "de"),
        ("Krakau", "nichts", "de"),
        ("الرياض", "لا أعرف", "ar"),
        ("東京", "わかりません", "ja"),
    ],
)
def test_a_word_for_no_answer_is_none_where_no_card_asks_for_it(card: str, answer: str, lang: str) -> None:
    verdict = judged(card, answer, lang)
    assert (verdict.label, verdict.score, verdict.certain) == ("wrong", 0.0, True)
    assert verdict.reasons == (NO_ANSWER,)


@pytest.mark.parametrize(
    ("card", "answer"),
    [("كان الملك حاضرا", "لم يكن الملك حاضرا"), ("لم يكن الملك حاضرا", "كان الملك حاضرا"), ("كانت المدينة محاصرة", "لم تكن المدينة محاصرة")],
)
def test_an_arabic_denial_of_what_was_is_shown(card: str, answer: str) -> None:
    verdict = judged(card, answer, "ar")
    assert verdict.label != "right"
    assert verdict.contradicted


@pytest.mark.parametrize(("card", "answer"), [("さ", "さかな"), ("お", "おとうと")])
def test_a_japanese_word_is_not_two_answers_because_of_its_letters(card: str, answer: str) -> None:
    assert judged(card, answer, "ja").label == "wrong"
