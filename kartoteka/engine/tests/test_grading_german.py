"""German answers, and references that are mark schemes: words built of words, separable verbs, umlauts as they are typed, points with their worth."""

from __future__ import annotations

import pytest

from kartoteka.engine.grading import Verdict, mark
from kartoteka.engine.grading.compounds import kinship
from kartoteka.engine.grading.schemes import scheme, unnoted
from kartoteka.engine.items import Point
from kartoteka.engine.rubrics import Rubric

SCHEME = (
    "Pflanzen nehmen Kohlendioxid auf (0.5 P) und geben Sauerstoff ab (0.5 P). Das geschieht am Tag. Benötigt werden z.B. Licht (0,25 P), Wasser (0,25 P) "
    "und Chlorophyll (0.5 P) in den Blättern."
)


def judged(card: str, answer: str, *, question: str = "", lang: str = "de") -> Verdict:
    return mark(Rubric(question, (card,), lang=lang), answer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("schreib", "informationsschreib"),
        ("informationsschreib", "schreib"),
        ("vorgezeigt", "zeig"),
        ("vorzuzeig", "vorzeig"),
        ("geoffn", "offnungszeit"),
        ("getankt", "tank"),
        ("fotografiert", "fotografier"),
    ],
)
def test_words_of_one_verb_and_parts_of_a_compound_are_kin(one: str, other: str) -> None:
    assert kinship(one, other, "de") > 0.5


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [("zunehm", "abnehm", "de"), ("aufsteig", "absteig", "de"), ("hand", "land", "de"), ("carpet", "pet", "en"), ("1914", "19141918", "de")],
)
def test_another_beginning_or_another_language_makes_no_kin(one: str, other: str, lang: str) -> None:
    assert not kinship(one, other, lang)


@pytest.mark.parametrize(
    ("card", "answer"),
    [
        ("München", "Muenchen"),
        ("für Bücher", "fuer Buecher"),
        ("Größe", "Groesse"),
        ("Israel", "Israel"),
        ("Quelle", "quelle"),
        ("aktuell", "aktuell"),
        ("Der Jobber muss das Informationsschreiben vorzeigen.", "das Schreiben wird vorgezeigt"),
        ("Pflanzen nehmen Wasser über die Wurzeln auf.", "Die Wasseraufnahme der Pflanze geschieht durch die Wurzel"),
    ],
)
def test_a_german_answer_in_other_letters_or_forms_is_right(card: str, answer: str) -> None:
    assert judged(card, answer).label == "right"


@pytest.mark.parametrize(
    ("card", "answer"), [("Die Temperatur nimmt zu.", "Die Temperatur nimmt ab."), ("Er ist gestiegen.", "Er ist nicht gestiegen."), ("einatmen", "ausatmen")]
)
def test_a_german_contrary_is_not_right(card: str, answer: str) -> None:
    assert judged(card, answer).label != "right"


def test_the_notes_of_a_mark_scheme_part_it_into_points_with_their_worth() -> None:
    found = scheme(SCHEME)
    assert [(point.text, worth) for point, worth in found] == [
        ("Pflanzen nehmen Kohlendioxid auf", 0.5), ("geben Sauerstoff ab", 0.5), ("Licht", 0.25), ("Wasser", 0.25), ("Chlorophyll in den Blättern", 0.5),
    ]  # fmt: skip
    assert found[2][0].context == ("Benötigt werden",)
    assert "P)" not in unnoted(SCHEME)
    assert scheme("The mitochondria (1 mark) make ATP [2 marks].") == ((Point("The mitochondria"), 1.0), (Point("make ATP"), 2.0))


@pytest.mark.parametrize("card", ["a touchdown (6 points) and a field goal (3 points)", "ATP (1 P)", "pages (12) and (13)", "no notes at all"])
def test_what_only_looks_like_a_note_stays(card: str) -> None:
    assert scheme(card) == ()
    assert unnoted(card) == card


def test_a_mark_scheme_is_marked_by_its_points() -> None:
    verdict = judged(SCHEME, "Sauerstoff wird abgegeben, man braucht Licht und Wasser", question="Was ist Fotosynthese?")
    assert [p.mark for p in verdict.points] == ["missing", "covered", "covered", "covered", "missing"]
    assert verdict.score == pytest.approx(0.5)
    assert judged(SCHEME, SCHEME).label == "right"
