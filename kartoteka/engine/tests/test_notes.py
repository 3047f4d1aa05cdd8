"""The class of a side, the points it makes, and the cards of a note."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from kartoteka.engine.items import Point, Side
from kartoteka.engine.notes import cards_of, clipped, excerpt, sentences, side_of, words_in
from kartoteka.engine.text import plain

NESTED = "<p>Stalin’s rise:</p><ul><li>Rivals<ul><li>Trotsky: removed as Commissar for War, 1925</li><li>Kamenev</li></ul></li><li>Luck</li></ul>"


def side(html: str, **more: object) -> Side:
    return side_of(html, plain(html), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("Paris", "short"),
        ("", "short"),
        ("one two three four five six", "short"),
        ("one two three four five six seven", "medium"),
        ("Donaudampfschifffahrtsgesellschaftskapitänsmütze ist ein langes Wort", "medium"),
        (" ".join(["word"] * 25), "medium"),
        (" ".join(["word"] * 26), "long"),
        ("<ul><li>one</li></ul>", "medium"),
        ("<ul><li>one</li><li>two</li></ul>", "long"),
        ("“The key to Stalin’s growing power was his control of the Party apparatus”", "quote"),
        ("„Die Würde des Menschen ist unantastbar.“", "quote"),
        ("«Je pense, donc je suis»", "quote"),
        ('"I came, I saw, I conquered" (Caesar)', "quote"),
        ("The so-called “Great Oath” speech", "short"),
        ("“Pravda”", "short"),
        ('<img src="a.png" alt="A map of France">', "media"),
        ("[sound:dog.mp3]", "media"),
        ("<math><mi>x</mi></math>", "media"),
        ('<img src="a.png"> the capital', "short"),
        ("{{c1::Paris}} is the capital of France", "cloze"),
        ("日本の首都", "short"),
        ("日本の首都は東京で、人口は千四百万人です", "medium"),
    ],
)
def test_a_side_has_a_class(html: str, kind: str) -> None:
    assert side(html).kind == kind


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("He changes his theories according to whom he needs to get rid of next.", "quote"),
        ("I have nothing to offer but blood toil tears and sweat", "quote"),
        ("What did Lenin’s testament say about Stalin and about Trotsky?", "medium"),
        ("44 votes to 10", "short"),
        ("1000+ senior party officials including 42 provincial Party bosses were appointed by the Orgburo", "medium"),
    ],
)
def test_a_whole_sentence_used_as_a_term_is_a_quote(term: str, kind: str) -> None:
    assert side(term, term=True).kind == kind
    assert side(term).kind != "quote"


def test_points_are_leaf_bullets_with_the_bullets_above_them() -> None:
    points = side(NESTED).points
    assert [p.alone for p in points] == [
        "Stalin’s rise › Rivals: Trotsky: removed as Commissar for War, 1925",
        "Stalin’s rise › Rivals: Kamenev",
        "Stalin’s rise: Luck",
    ]


def test_a_paragraph_before_a_list_is_a_point_of_its_own_unless_it_ends_in_a_colon() -> None:
    assert [p.alone for p in side("<p>It was close.</p><ul><li>a vote</li><li>a speech</li></ul>").points] == ["It was close.", "a vote", "a speech"]


def test_a_list_item_of_two_paragraphs_is_one_point() -> None:
    assert [p.text for p in side("<ul><li><p>one</p><p>more</p></li><li>two</li></ul>").points] == ["one more", "two"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Müller met J. Stalin on 1. Mai in Gori. He left.", ["Dr. Müller met J. Stalin on 1. Mai in Gori.", "He left."]),
        ("It cost 3.5 million, i.e. everything. Then nothing.", ["It cost 3.5 million, i.e. everything.", "Then nothing."]),
        ("It began in 1917. It ended in 1924.", ["It began in 1917.", "It ended in 1924."]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("東京です。京都ではない。", ["東京です。", "京都ではない。"]),
        ("no end", ["no end"]),
    ],
)
def test_a_paragraph_is_parted_at_its_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_a_long_run_on_is_parted_at_semicolons_and_dashes_and_loses_no_word() -> None:
    text = (
        "Chief body in the whole country, Stalin’s job was running day-to-day party business- only permanent link between Politburo and Orgburo"
        " (in charge of party personnel); which nobody else wanted to do - yes"
    )
    parts = sentences(text)
    assert parts == [
        "Chief body in the whole country, Stalin’s job was running day-to-day party business",
        "only permanent link between Politburo and Orgburo (in charge of party personnel)",
        "which nobody else wanted to do - yes",
    ]


def test_the_authors_own_points_stand_in_place_of_those_found() -> None:
    own = [{"text": "Trotsky", "must_have": True}, "Luck", Point("Kamenev", ("Rivals",))]
    assert side(NESTED, own_points=own).points == (Point("Trotsky", must_have=True), Point("Luck"), Point("Kamenev", ("Rivals",)))


def test_blanks_are_the_points_of_a_cloze_side() -> None:
    assert [p.text for p in side("{{c2::Paris::city}} lies in {{c1::<b>France</b>}}").points] == ["France", "Paris"]


def test_pictures_make_no_points() -> None:
    assert side('<img src="a.png" alt="a map">').points == ()
    assert not side('<img src="a.png">').empty
    assert side("<p> </p>").empty


def test_an_excerpt_keeps_the_nearest_parent_and_ends_between_words() -> None:
    point = Point("word " * 30 + "end", ("outermost " * 8, "Rivals"))
    shown = excerpt(point)
    assert shown.startswith("Rivals: word")
    assert shown.endswith("word…")
    assert len(shown) <= 160
    assert excerpt(Point("short", ("Rivals",))) == "Rivals: short"


@pytest.mark.parametrize("signs", [10, 40, 160])
@pytest.mark.parametrize("text", ["x" * 500, "two words " * 40, "漢字" * 200])
def test_nothing_is_clipped_longer_than_it_may_be(text: str, signs: int) -> None:
    assert len(clipped(text, signs)) <= signs


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a b", 2), ("don’t stop", 2), ("3.5 %", 1), ("day-to-day", 1), ("日本の首都", 3), ("한국의 수도", 2)])
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert words_in(text) == count


def test_a_note_gives_rise_to_its_cards() -> None:
    fields = {"term": "a", "definition": "b"}
    assert cards_of("basic", fields, directions=["forward"]) == ["forward"]
    assert cards_of("basic", fields, directions=["reversed", "forward"]) == ["forward", "reversed"]
    assert cards_of("basic", fields, directions=[]) == ["forward"]
    cloze = {"text": "{{c2::a}} {{c1::b {{c3::c}}}} {{c1,4::d}} {{c501::e}} {{c0::f}}"}
    assert cards_of("cloze", cloze, directions=["forward"]) == ["cloze-1", "cloze-2", "cloze-3", "cloze-4", "cloze-500"]
    assert cards_of("cloze", {"text": "no blanks"}, directions=["forward"]) == ["forward"]


def test_a_side_is_read_once() -> None:
    assert side(NESTED) is side(NESTED)


def test_every_side_of_a_real_set_has_a_class_and_its_words_are_in_its_points(samples: Path) -> None:
    cards = json.loads((samples / "formats/knowt_seed/seed_000.txt.expected.json").read_text())["cards"]
    quotes = [term for term, _ in cards if side(term, term=True).kind == "quote"]
    assert quotes == [term for term, _ in cards if term.startswith("“")]
    for _, definition in cards:
        html = "".join(f"<p>{line}</p>" for line in definition.split("\n\n"))
        found = side(html)
        assert found.points
        assert sum(words_in(p.text) for p in found.points) == words_in(found.text)


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>a" * 2400,
        "<b>" * 4000 + "</i>" * 1000,
        "{{c1::" * 5000,
        "{{c1::a::" * 5000 + "}}" * 5000,
        "“" * 30_000,
        "a. " * 20_000,
        "a- " * 20_000,
        "[sound:" * 9000,
        "<sup>1" * 5000,
        "<ruby>a<rt>b" * 3000,
    ],
)
def test_the_oddest_side_is_read_in_a_moment(html: str) -> None:
    """Anything that grew with the square of its length would take many times this."""
    began = time.process_time()
    side(html)
    assert time.process_time() - began < 1.5
