"""Copied pages: cards as they stand, counts that do not fit, and nothing guessed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from kartoteka.formats.base import Bundle, Source, Unreadable
from kartoteka.formats.pages import format as pages

SAMPLES = Path(__file__).parent.parent / "samples"


def sample(name: str) -> Bundle:
    return pages.read(Source(name=name, data=(SAMPLES / name).read_bytes()), {})


def cards(bundle: Bundle) -> list[tuple[str, str]]:
    return [(note.fields["term"], note.fields["definition"]) for note in bundle.decks[0].notes]


def test_an_old_quizlet_page_parts_by_blank_lines() -> None:
    bundle = sample("quizlet.txt")
    assert cards(bundle) == [("la manzana", "the apple"), ("el agua (f.)", "the water<br>drunk every day"), ("el pan", "the bread")]
    assert (bundle.decks[0].title, bundle.declared, bundle.problems) == ("Spanish food", 3, ())


def test_a_new_quizlet_page_has_bare_lines() -> None:
    text = "Food\nTerms in this set (2)\nla manzana\nthe apple\nel pan\nthe bread\n"
    assert cards(pages.read(Source(data=text.encode()), {})) == [("la manzana", "the apple"), ("el pan", "the bread")]


def test_lines_that_do_not_pair_are_never_guessed() -> None:
    text = "Food\nTerms in this set (3)\nla manzana\nthe apple\nel pan\nthe bread\nsobras\n"
    bundle = pages.read(Source(data=text.encode()), {})
    assert (bundle.ambiguous, bundle.notes) == (True, 0)
    assert "cannot be told" in bundle.problems[0].what
    chosen = pages.read(Source(data=text.encode()), {"pairing": "lines"})
    assert (chosen.ambiguous, chosen.notes) == (False, 2)
    assert "says 3 cards, and 2 are here" in chosen.problems[0].what


def test_brainscape_s_scale_is_no_card() -> None:
    bundle = sample("brainscape.txt")
    assert (bundle.decks[0].title, cards(bundle)) == ("Spanish food", [("la manzana", "the apple"), ("5", "five")])


def test_brainscape_s_page_in_a_reading_view_has_headings_for_sides() -> None:
    text = "# Food Flashcards\n\n1\n\n## la sal\n\n### salt\n\n2\n\n##\nWhich two?\n\n3\n\n###\nthese\nand those\n"
    assert pages.recognises(text.encode(), "") > 0.96
    bundle = pages.read(Source(data=text.encode()), {})
    assert cards(bundle) == [("la sal", "salt"), ("<p>Which two?</p><p>3</p>", "these<br>and those")]
    assert bundle.decks[0].title == "Food"


def test_cram_has_a_third_side() -> None:
    bundle = sample("cram.txt")
    assert cards(bundle) == [("la manzana", "the apple"), ("el pan", "the bread")]
    assert [note.fields["hint"] for note in bundle.decks[0].notes] == ["fruit", "baker"]


def test_the_foot_of_a_page_is_no_card_and_its_buttons_are_none() -> None:
    text = "Cells Flashcards | Quizlet\n\nTerms in this set (2)\nHide definitions\nmitosis\n\ndivision\n\nosmosis\n\nwater moves\n\nYou might also like...\nChapter 4\n10 terms\n"
    bundle = pages.read(Source(data=text.encode()), {})
    assert [tuple(note.fields.values()) for note in bundle.decks[0].notes] == [("mitosis", "division"), ("osmosis", "water moves")]
    assert not bundle.ambiguous
    assert not bundle.problems


def test_a_term_called_like_the_foot_is_a_term_where_the_count_says_so() -> None:
    text = "Web\nTerms in this set (2)\n\nFeatures\n\nwhat it can do\n\nQuick links\n\nshort ways\n"
    bundle = pages.read(Source(data=text.encode()), {})
    assert [tuple(note.fields.values()) for note in bundle.decks[0].notes] == [("Features", "what it can do"), ("Quick links", "short ways")]


def test_sides_named_with_a_tab_between_them_are_still_cram_s() -> None:
    text = "Animals\n2 Cards in this Set\n\n•\tFront\n•\tBack\n\ndog\n\nperro\n\ncat\n\ngato\n"
    bundle = pages.read(Source(data=text.encode()), {})
    assert [tuple(note.fields.values()) for note in bundle.decks[0].notes] == [("dog", "perro"), ("cat", "gato")]


FOOD = [("la manzana", "the apple"), ("el agua", "the water"), ("el pan", "the bread"), ("sobras", "leftovers"), ("la sal", "salt")]
LINES = "\n".join(f"{term}\n{definition}" for term, definition in FOOD)
EACH = "\n".join(f"{term}\n{definition}\n%s" for term, definition in FOOD)


@pytest.mark.parametrize(
    "text",
    [
        f"ホーム\nスペイン語の食べ物\n単語カード\n学習\nテスト\nマッチ\n1 / 5\n作成者\nmaria22\nこのセットの用語 (5)\n{LINES}\nその他のセット\n基礎\n10 用語\n",
        f"Comida\nFichas\nAprender\nEvaluación\nCombinar\nPalabras de esta unidad (5)\n{LINES}\n© 2026 Quizlet, Inc.\n",
        f"Skip to content\nHome\nYour library\nFood\nFlashcards\nLearn\nTest\nBlocks\nMatch\nGet a hint\nel agua\nClick the card to flip 👆\n1 / 5\nCreated by\nmaria22\n\nOriginal\n{LINES}\nStudents also studied\nFood 2\n20 terms\nAbout us\n",
        f"Food\nFlashcards\nLearn\nTest\nMatch\n1 / 5\n{EACH}\nStudents also studied\nMore\n" % (("Don't know?",) * 5),
        f"Food\nFlashcards\nLearn\nTest\nMatch\nTerms in this set (5)\n{EACH}\nAbout us\n" % (("Star\nAudio",) * 5),
        f"Essen\nKarteikarten\nLernen\nTesten\nZuordnen\nBegriffe in diesem Lernset (5)\n{EACH}\nÜber uns\n" % (("Markieren",) * 5),
    ],
    ids=["Japanese", "a heading nobody knows", "no heading", "asked below each card", "buttons of each card", "buttons in German"],
)
def test_quizlet_s_page_is_read_in_any_language_and_with_its_buttons(text: str) -> None:
    assert pages.recognises(text.encode(), "") >= 0.95
    bundle = pages.read(Source(data=text.encode()), {})
    assert cards(bundle) == FOOD
    assert bundle.declared == 5
    assert not bundle.ambiguous


@pytest.mark.parametrize(
    "text", ["Kapitel 1 (2)\nLernen\nfoo\nbar\nbaz\n", "learn\ntest\nmatch\n1 / 2\nfoo\n", "Notes (3)\na\nb\nc\n", f"Study table\n{LINES}"]
)
def test_notes_that_only_sound_like_a_page_are_none(text: str) -> None:
    assert pages.recognises(text.encode(), "") == 0


def test_studystack_s_table_is_read_below_its_buttons() -> None:
    bundle = sample("studystack.txt")
    assert cards(bundle) == [("la manzana", "the apple"), ("el agua", "the water<br>drunk every day"), ("el pan", "the bread")]
    assert (bundle.decks[0].title, bundle.problems) == ("Spanish food", ())
    text = "StudyStack\nFood\nKnew it? click below\nRemaining cards (2)\n| Question | Answer | Hint |\n|---|---|---|\n| la sal | salt | white |\n| el pan | bread | baker |\n"
    read = pages.read(Source(data=text.encode()), {})
    assert [tuple(note.fields.values()) for note in read.decks[0].notes] == [("la sal", "salt", "white"), ("el pan", "bread", "baker")]
    assert "cut in it, perhaps" in read.problems[0].what


@pytest.mark.parametrize("unit", ["Terms in this set (5)\n", "a\nAbout us\n", "Test\n\n"])
def test_a_page_made_to_be_slow_is_read_soon(unit: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Unreadable):
        pages.read(Source(data=f"Terms in this set (7)\n{unit * (200_000 // len(unit))}".encode()), {"pairing": "lines"})
    assert time.process_time() - started < 3
