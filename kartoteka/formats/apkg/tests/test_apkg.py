"""Anki's packages: of every generation the same notes, cards, media, schedule and reviews; and what is bad costs only itself."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kartoteka.formats.anki.tests import making
from kartoteka.formats.anki.tests.making import card, collection, note, package
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Bundle, BundleNote, Source, Unreadable


def read(data: bytes, tmp_path: Path) -> Bundle:
    place = tmp_path / "deck.apkg"
    place.write_bytes(data)
    return apkg.read(Source(name="deck.apkg", path=place, folder=tmp_path / "media"), {})


def notes(bundle: Bundle) -> list[BundleNote]:
    return [one for deck in bundle.decks for one in deck.notes]


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_every_generation_gives_the_same(generation: int, tmp_path: Path) -> None:
    bundle = read(making.french(generation), tmp_path)
    found = {one.guid: one for one in notes(bundle)}
    assert {deck.title: len(deck.notes) for deck in bundle.decks} == {"French": 3, "French::Verbs": 1}
    assert found["guid101"].fields == {"term": "le chat <img src='cat.png'>", "definition": "the cat"}
    assert found["guid101"].tags == ("animals", "pets")
    assert [one.ordinal for one in found["guid102"].cards] == [0, 1]
    assert all(one.sides is None for one in found["guid102"].cards)
    assert found["guid102"].cards[0].suspended
    assert found["guid103"].kind == "cloze"
    assert found["guid103"].fields == {"term": "Paris is the {{c1::capital}} of {{c2::France::country}}.", "definition": "Since 987"}
    assert found["guid103"].cards[1].buried
    assert found["guid101"].extra["anki"]["fields"] == "le chat <img src='cat.png'>\x1fthe cat"
    reviews = found["guid101"].cards[0].reviews
    assert [(one.at_ms, one.rating, one.took_ms) for one in reviews] == [(1_699_000_000_000, 3, 4000), (1_699_090_000_000, 4, 3000)]
    assert [one.rating for one in found["guid103"].cards[1].reviews] == [1, 0]
    assert found["guid101"].cards[0].standing["flag"] == 3
    assert {one.name: one.path.read_bytes() for one in bundle.media}["alone.txt"] == b"kept"
    assert bundle.problems == ()


def test_the_notice_to_update_is_never_taken_for_the_deck(tmp_path: Path) -> None:
    assert len(notes(read(making.french(3), tmp_path))) == 4
    with pytest.raises(Unreadable, match="notice to update"):
        read(package(making.DUMMY), tmp_path)


def test_one_bad_row_costs_only_itself(tmp_path: Path) -> None:
    rows: list[Any] = [note(1, "a", "b"), note(2, "only one"), note(3, "a", "b", "c"), note(4, "x", "y", type=77), note(5, "p", "q")]
    rows[4] = (*rows[4][:6], b"\xff\xfe\x1fq", *rows[4][7:])
    cards = [card(number, number) for number in range(1, 6)]
    cards[0] = card(1, 1, due="soon")
    bundle = read(package(collection(rows, [*cards, card(9, 99)])), tmp_path)
    assert len(notes(bundle)) == 5
    assert {problem.where for problem in bundle.problems} == {"card 1", "note 2", "note 3", "note 4", "note 5", "cards"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("DROP TABLE notes; CREATE VIEW notes AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT * FROM n;", "no Anki collection"),
        ("DROP TABLE cards;", "no Anki collection"),
        ("UPDATE col SET ver = 250;", "another Anki"),
        ("UPDATE col SET ver = NULL;", "does not say"),
    ],
)
def test_a_hostile_schema_ends_in_a_sentence(more: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read(package(collection([note(1, "a", "b")], [card(1, 1)], more=more)), tmp_path)


def test_a_file_is_kept_under_its_hash_whatever_it_is_called(tmp_path: Path) -> None:
    bundle = read(
        package(making.DUMMY.replace(b"Please", b"Pleass").replace(b"version", b"verslon"), media={"../../evil.txt": b"1", "/etc/evil": b"2", "a\\b": b"3"}),
        tmp_path,
    )
    assert sorted(one.name for one in bundle.media) == ["b", "evil", "evil.txt"]
    assert sorted(one.name for one in (tmp_path / "media").iterdir()) == sorted(hashlib.sha256(data).hexdigest() for data in (b"1", b"2", b"3"))
    assert not list(tmp_path.parent.glob("evil*"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>sign in</html>", b"SQLite format 3\0" + b"\0" * 100, b"\0" * 1000])
def test_what_is_no_package_ends_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        read(data, tmp_path)


def _ordinary(samples: Path) -> list[tuple[Path, dict[str, Any]]]:
    room = samples / "formats"
    with (room / "index.csv").open(encoding="utf-8") as file:
        wanted = {
            row["file"]
            for row in csv.DictReader(file)
            if row["format"] in ("apkg", "colpkg") and row["peer_ok"] == "yes" and not row["file"].startswith("hostile")
        }
    truth = [json.loads(line) for line in (room / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(room / said["file"], said) for said in truth if said["file"] in wanted]


def test_ordinary_packages_are_equal_to_what_anki_makes_of_them(samples: Path, tmp_path: Path) -> None:
    files = _ordinary(samples)
    assert len(files) >= 26
    for file, said in files:
        bundle = apkg.read(Source(name=file.name, path=file, folder=tmp_path / file.name), {})
        assert differences(bundle, said) == {}, file.name


def differences(bundle: Bundle, said: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs from the truth: our figure and Anki's."""
    rows = [one.extra["anki"] for one in notes(bundle)]
    cards = [one for found in notes(bundle) for one in found.cards]
    standing = [one.standing.get("anki") for one in cards]
    reviews = [one for found in cards for one in found.reviews]
    flags = Counter(str(one.standing["flag"]) for one in cards if one.standing.get("flag"))
    ours = {
        "notes": len(rows),
        "cards": len(cards),
        "revlog": len(reviews),
        "revlog_sum_ease": sum(one.more[0] for one in reviews),
        "revlog_sum_time": sum(one.took_ms for one in reviews),
        "media": len(bundle.media),
        "media_bytes": sum(one.size for one in bundle.media),
        "flags": dict(flags),
        "sum_reps": sum(one[7] for one in standing if one),
        "sum_lapses": sum(one[8] for one in standing if one),
        "sum_ivl": sum(one[5] for one in standing if one),
        "sum_factor": sum(one[6] for one in standing if one),
        "fsrs_state_cards": sum('"s":' in one[13] for one in standing if one),
        "suspended": sum(one.suspended for one in cards),
        "tags_n": len({tag.lower() for found in notes(bundle) for tag in found.tags}),
        "decks": dict(Counter(_deck(bundle, found, number) for deck in bundle.decks for found in deck.notes for number in range(len(found.cards)))),
    }
    theirs = {**said, "suspended": said.get("card_queues", {}).get("-1", 0), "decks": {name: count for name, count in said["decks"].items() if count}}
    return {name: (value, theirs.get(name)) for name, value in ours.items() if value != theirs.get(name)}


def _deck(bundle: Bundle, found: BundleNote, number: int) -> str:
    """The name of the deck that a card lies in, also for a while."""
    standing = found.cards[number].standing.get("anki")
    id = str(standing[1] if standing else found.extra["anki"]["cards"][number][2])
    return next((str(deck.extra["anki"]["decks"][id]["name"]) for deck in bundle.decks if id in deck.extra["anki"]["decks"]), id)
