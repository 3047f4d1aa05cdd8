"""Copied pages: cards as they stand, counts that do not fit, and nothing guessed."""

from __future__ import annotations

from pathlib import Path

from kartoteka.formats.base import Bundle, Source
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
