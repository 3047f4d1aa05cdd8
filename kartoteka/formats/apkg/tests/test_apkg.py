"""Anki's packages: of every generation the same notes, cards, media, schedule and reviews; and what is bad costs only itself."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kartoteka.formats.anki.tests import making
from kartoteka.formats.anki.tests.making import card, collection, note, package
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote, Source, Unreadable


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


def said(bundle: Bundle) -> dict[str, Any]:
    """Everything of a Bundle that must not be lost."""
    return {
        "notes": {
            one.guid: (
                one.fields,
                one.kind,
                one.tags,
                one.extra["anki"]["fields"],
                [(c.ordinal, c.reviews, c.suspended, c.buried, c.standing) for c in one.cards],
            )
            for one in notes(bundle)
        },
        "decks": {deck.title: (deck.description, len(deck.notes)) for deck in bundle.decks},
        "media": {one.name: one.sha256 for one in bundle.media},
    }


@pytest.mark.parametrize("generation", ["latest", "legacy"])
@pytest.mark.parametrize("sample", sorted((Path(__file__).parents[1] / "samples").iterdir()), ids=lambda path: path.name)
def test_what_is_written_is_read_again_as_it_was(sample: Path, generation: str, tmp_path: Path) -> None:
    bundle = apkg.read(Source(name=sample.name, path=sample, folder=tmp_path / "media"), {})
    out = io.BytesIO()
    apkg.write(bundle, out, {"generation": generation})
    again = read(out.getvalue(), tmp_path)
    assert again.extra["generation"] == (3 if generation == "latest" else 2)
    assert said(again) == said(bundle)
    types = [{name: deck.extra["anki"]["types"][str(making.BASIC)][name] for name in ("name", "type", "css")} for deck in (bundle.decks[0], again.decks[0])]
    assert types[0] == types[1]


def test_cards_made_here_leave_as_simple_note_types(tmp_path: Path) -> None:
    made = (
        BundleNote({"term": "ein <b>Wort</b>", "definition": "a word"}, guid="one", tags=("a b",)),
        BundleNote({"term": "there", "definition": "and back"}, guid="two", cards=(BundleCard(0), BundleCard(1))),
        BundleNote({"term": "{{c1::a}} and {{c2::b}}", "definition": ""}, guid="three", kind="cloze"),
    )
    out = io.BytesIO()
    apkg.write(Bundle("kartoteka", (BundleDeck("Mine", made, "About it"),)), out, {})
    found = {one.guid: one for one in notes(read(out.getvalue(), tmp_path))}
    assert found["one"].fields == made[0].fields
    assert found["one"].tags == ("a_b",)
    assert [len(found[guid].cards) for guid in ("one", "two", "three")] == [1, 2, 2]
    assert found["three"].kind == "cloze"


def test_what_was_changed_here_is_changed_in_its_field(tmp_path: Path) -> None:
    bundle = read(making.french(3), tmp_path)
    edited = [replace(one, fields={**one.fields, "definition": "a cat"}) if one.guid == "guid101" else one for one in bundle.decks[0].notes]
    out = io.BytesIO()
    apkg.write(replace(bundle, decks=(replace(bundle.decks[0], notes=tuple(edited)),)), out, {})
    found = {one.guid: one for one in notes(read(out.getvalue(), tmp_path))}
    assert found["guid101"].extra["anki"]["fields"] == "le chat <img src='cat.png'>\x1fa cat"
    assert found["guid103"].extra["anki"]["fields"] == bundle.decks[0].notes[2].extra["anki"]["fields"]


@pytest.mark.parametrize("generation", ["latest", "legacy"])
def test_hints_of_cards_made_here_leave_and_come_back(generation: str, tmp_path: Path) -> None:
    made = (
        BundleNote({"term": "Osmosis", "definition": "Water moves", "hint": "a <b>tea</b> bag"}, guid="one"),
        BundleNote({"term": "there", "definition": "and back", "hint": "a road"}, guid="two", cards=(BundleCard(0), BundleCard(1))),
        BundleNote({"term": "{{c1::a}} and {{c2::b}}", "definition": "", "hint": "the first two"}, guid="three", kind="cloze"),
        BundleNote({"term": "Enzyme", "definition": "A protein"}, guid="four"),
    )
    out = io.BytesIO()
    apkg.write(Bundle("kartoteka", (BundleDeck("Mine", made),)), out, {"generation": generation})
    bundle = read(out.getvalue(), tmp_path)
    found = {one.guid: one for one in notes(bundle)}
    assert {guid: one.fields for guid, one in found.items()} == {one.guid: one.fields for one in made}
    assert [one.sides for one in found["two"].cards] == [None, None], "the other way round, and nothing else"
    types = bundle.decks[0].extra["anki"]["types"]
    assert sorted(one["name"] for one in types.values()) == [
        "Kartoteka",
        "Kartoteka (blanks) (with hint)",
        "Kartoteka (both ways) (with hint)",
        "Kartoteka (with hint)",
    ]
    assert all("{{hint:Hint}}" in template["qfmt"] for one in types.values() if "hint" in one["name"] for template in one["tmpls"])


def test_a_hint_for_a_card_of_anki_leaves_in_a_copy_of_its_note_type(tmp_path: Path) -> None:
    bundle = read(making.french(3), tmp_path)

    def written(bundle: Bundle, **hints: str) -> Bundle:
        hinted = [replace(one, fields={**one.fields, **({"hint": hints[one.guid]} if one.guid in hints else {})}) for one in bundle.decks[0].notes]
        out = io.BytesIO()
        apkg.write(replace(bundle, decks=(replace(bundle.decks[0], notes=tuple(hinted)), *bundle.decks[1:])), out, {})
        return read(out.getvalue(), tmp_path)

    once = written(bundle, guid101="he purrs")
    before, after = ({one.guid: one for one in notes(found)} for found in (bundle, once))
    assert after["guid101"].fields == {**before["guid101"].fields, "hint": "he purrs"}
    assert after["guid101"].extra["anki"]["fields"] == before["guid101"].extra["anki"]["fields"] + "\x1fhe purrs"
    assert after["guid103"].fields == before["guid103"].fields
    assert after["guid103"].extra["anki"]["type"] == before["guid103"].extra["anki"]["type"], "no other note is touched"
    assert after["guid101"].cards[0].reviews == before["guid101"].cards[0].reviews
    again = {one.guid: one for one in notes(written(once, guid101="it purrs"))}["guid101"]
    assert again.fields["hint"] == "it purrs"
    assert again.extra["anki"]["type"] == after["guid101"].extra["anki"]["type"]
    assert {one.guid: one for one in notes(written(once, guid101=""))}["guid101"].fields["hint"] == ""


def test_a_field_that_is_called_like_something_of_ankis_is_the_notes_own(tmp_path: Path) -> None:
    said = making.note_type(5, ("Letter", "Type"), [("What is this {{Type}} of {{Deck}}? {{Letter}}", "{{FrontSide}}<hr id=answer>{{Tags}}")])
    found = read(making.package(making.collection([making.note(1, "g", "consonant", type=5, tags="easy")], [making.card(1, 1)], types=[said])), tmp_path)
    assert notes(found)[0].fields == {"term": "What is this consonant of French? g", "definition": "easy"}
    for generation in ("latest", "legacy"):
        out = io.BytesIO()
        apkg.write(found, out, {"generation": generation})
        assert notes(read(out.getvalue(), tmp_path))[0].extra["anki"]["fields"] == "g\x1fconsonant"


def test_a_formula_of_ankis_editor_is_one_here_and_leaves_as_anki_knows_it(tmp_path: Path) -> None:
    data = making.package(
        making.collection([making.note(1, "<anki-mathjax>x^2</anki-mathjax>", 'so <anki-mathjax block="true">y</anki-mathjax>')], [making.card(1, 1)])
    )
    bundle = read(data, tmp_path)
    (found,) = notes(bundle)
    assert found.fields == {"term": "\\(x^2\\)", "definition": "so \\[y\\]"}
    edited = replace(found, fields={**found.fields, "definition": "so \\[z\\]"})
    for one, fields in ((found, found.extra["anki"]["fields"]), (edited, "<anki-mathjax>x^2</anki-mathjax>\x1fso \\[z\\]")):
        out = io.BytesIO()
        apkg.write(replace(bundle, decks=(replace(bundle.decks[0], notes=(one,)),)), out, {})
        assert notes(read(out.getvalue(), tmp_path))[0].extra["anki"]["fields"] == fields


def test_each_blank_of_overlapping_fields_has_sides_of_its_own(tmp_path: Path) -> None:
    said = making.note_type(5, ("Text1", "Text2", "Full"), [("{{cloze:Text1}}{{cloze:Text2}}", "{{cloze:Text1}}{{cloze:Text2}}<hr>{{Full}}")], cloze=True)
    row = making.note(1, "{{c1::one}} two", "one {{c2::two}}", "one two", type=5)
    found = notes(read(making.package(making.collection([row], [making.card(1, 1), making.card(2, 1, ord=1)], types=[said])), tmp_path))[0]
    assert found.kind == "cloze"
    assert [card.sides for card in found.cards] == [("{{c1::one}} two", "one two"), ("one {{c2::two}}", "one two")]


@pytest.mark.parametrize("models", ['{"1001": {"flds": 5, "tmpls": "x"}}', '{"1001": {"flds": {"a": 1}, "tmpls": null, "name": 7}}', '{"1001": 3, "x": {}}'])
def test_a_note_type_that_makes_no_sense_costs_no_note(models: str, tmp_path: Path) -> None:
    data = making.package(making.collection([making.note(1, "le chat", "the cat")], [making.card(1, 1)], more=f"UPDATE col SET models = '{models}'"))
    assert notes(read(data, tmp_path))[0].fields == {"term": "le chat", "definition": "the cat"}
