"""Letters read in the wrong encoding once: offered to be repaired, repaired where asked, and else left alone."""

from __future__ import annotations

import codecs
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.formats import letters
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote
from kartoteka.formats.letters import Way, likeliest

WORDS = [
    "Français, déjà vu",
    "Größe, Übermut, Straße",
    "Привет, мир",
    "Ωμέγα",
    "日本語 学校",
    "Żółć, gęślą jaźń",
    "“quoted” it’s",
    "año, mañana",
    "école",
    "plain",
]


def wrongly(words: str, wrong: str, right: str = "utf-8") -> str:
    """The words as a program shows them that takes them for another encoding; signs it has no letter for stay numbers."""
    return "".join(bytes((byte,)).decode(wrong, "ignore") or chr(byte) for byte in words.encode(right))


def bundle(*sides: str) -> Bundle:
    return Bundle("text", (BundleDeck("Cells", tuple(BundleNote({"term": side, "definition": "x"}) for side in sides)),))


@pytest.mark.parametrize("wrong", ["cp1252", "cp1250", "cp1251", "mac_roman", "cp437", "cp850", "cp866", "koi8-r", "latin-1"])
def test_utf_8_taken_for_something_else_is_found_and_goes_back(wrong: str) -> None:
    broken = [wrongly(words, wrong) for words in WORDS]
    way = likeliest(broken)
    assert way == Way("utf-8", wrong)
    back = [way.back(side) for side in broken]
    assert sum(one == words for one, words in zip(back, WORDS, strict=True)) >= len(WORDS) - 1
    assert all(one in (words, side) for one, words, side in zip(back, WORDS, broken, strict=True))


@pytest.mark.parametrize(("right", "words"), [("cp1251", ["Привет, мир", "молоко — milk", "хлеб"]), ("koi8-r", ["Привет", "молоко", "хлеб"]), ("cp1253", ["Ωμέγα", "λόγος", "άνθρωπος"])])  # fmt: skip
def test_an_old_code_page_taken_for_latin_letters_is_found(right: str, words: list[str]) -> None:
    broken = [wrongly(side, "cp1252", right) for side in words]
    way = likeliest(broken)
    assert way == Way(right, "cp1252")
    assert [way.back(side) for side in broken] == words


def test_what_is_right_is_never_offered_to_be_repaired() -> None:
    assert likeliest(WORDS) is None
    assert all(likeliest([words]) is None for words in WORDS)
    assert likeliest(["Ñandú", "Été", "Àéîõü çà", "© 2024", "± 5 °C", "Рёбра", "Ёжик", "Ã", "Â", "x²·y³"]) is None
    right = bundle(*WORDS)
    assert letters.offer(right, {}) is right
    assert letters.offer(right, {"letters": "repair"}) is right


def test_what_was_broken_twice_goes_back_twice() -> None:
    assert Way("utf-8", "cp1252").back(wrongly(wrongly("Français", "cp1252"), "cp1252")) == "Français"


def test_the_switch_is_off_until_somebody_turns_it() -> None:
    broken = bundle(*(wrongly(words, "cp1252") for words in WORDS))
    offered = letters.offer(broken, {})
    assert offered.decks == broken.decks
    assert offered.choices == {"letters": "keep"}
    assert dict(offered.offers["letters"]) == {"keep": "FranÃ§ais, dÃ©jÃ\xa0 vu".replace("\xa0 ", " "), "repair": "Français, déjà vu"}
    assert letters.about(offered.problems[0])
    repaired = letters.offer(broken, {"letters": "repair"})
    assert [note.fields["term"] for note in repaired.decks[0].notes] == WORDS
    assert repaired.choices == {"letters": "repair"}
    assert not repaired.problems
    assert letters.offer(broken, {"letters": "nonsense"}).decks == broken.decks


def test_everything_a_note_brings_is_repaired_with_it() -> None:
    bad = wrongly("Größe", "cp1252")
    note = BundleNote({"term": bad, "definition": f"<b>{bad}</b>"}, tags=(bad,), original={"term": bad}, extra={"anki": {"fields": f"{bad}\x1f{bad}", "id": 7}}, cards=(BundleCard(1, sides=(bad, "x")),))  # fmt: skip
    broken = replace(bundle(), decks=(BundleDeck(bad, (note, note), tags=(bad,), description=bad),))
    (deck,) = letters.offer(broken, {"letters": "repair"}).decks
    assert (deck.title, deck.tags, deck.description) == ("Größe", ("Größe",), "Größe")
    found = deck.notes[0]
    assert (dict(found.fields), found.tags, dict(found.original)) == ({"term": "Größe", "definition": "<b>Größe</b>"}, ("Größe",), {"term": "Größe"})
    assert json.loads(json.dumps(found.extra)) == {"anki": {"fields": "Größe\x1fGröße", "id": 7}}
    assert found.cards[0].sides == ("Größe", "x")


@given(st.text(max_size=60), st.sampled_from(["cp1252", "cp1250", "cp1251", "mac_roman", "koi8-r", "latin-1"]))
def test_the_way_back_is_exact_or_not_gone(text: str, wrong: str) -> None:
    mended = Way("utf-8", wrong)._once(text)
    if mended != text:
        assert wrongly(mended, wrong) == text
        assert codecs.encode(mended, "utf-8")
