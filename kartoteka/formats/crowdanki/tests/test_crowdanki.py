"""CrowdAnki's decks come in as their tree, and leave as one that CrowdAnki reads."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.crowdanki import format as crowdanki

SAMPLE = Path(__file__).parents[1] / "samples" / "rivers.json"


def test_a_tree_of_decks_with_the_cards_their_templates_make() -> None:
    bundle = crowdanki.read(Source(name=SAMPLE.name, path=SAMPLE), {})
    assert crowdanki.recognises(SAMPLE.read_bytes(), SAMPLE.name) > 0.9
    assert [(deck.title, len(deck.notes)) for deck in bundle.decks] == [("Rivers", 1), ("Rivers::Asia", 1)]
    vistula, indus = bundle.decks[0].notes[0], bundle.decks[1].notes[0]
    assert vistula.fields == {"term": "Where does the Vistula end?", "definition": "Baltic Sea"}
    assert [card.sides for card in vistula.cards] == [None, ("Where does the Vistula rise?", "Barania Góra")]
    assert [card.ordinal for card in indus.cards] == [0]
    assert [(problem.severity, problem.where) for problem in bundle.problems] == [("refused", "note 2")]


def test_media_come_along_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "deck.zip", "w") as archive:
        archive.write(SAMPLE, "Rivers/deck.json")
        archive.writestr("Rivers/media/map.png", b"\x89PNG")
        archive.writestr("Rivers/media/../../evil.png", b"x")
    bundle = crowdanki.read(Source(name="deck.zip", path=tmp_path / "deck.zip", folder=tmp_path / "media"), {})
    assert {one.name for one in bundle.media} == {"map.png", "evil.png"}
    assert all(one.path.parent == tmp_path / "media" for one in bundle.media)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    bundle = crowdanki.read(Source(path=SAMPLE), {})
    out = io.BytesIO()
    crowdanki.write(bundle, out, {})
    (tmp_path / "out.zip").write_bytes(out.getvalue())
    again = crowdanki.read(Source(path=tmp_path / "out.zip"), {})
    told = [[{note.guid: (note.fields, note.tags, note.cards) for note in deck.notes} for deck in one.decks] for one in (bundle, again)]
    assert told[0] == told[1]
    assert json.loads(zipfile.ZipFile(tmp_path / "out.zip").read("deck.json"))["__type__"] == "Deck"


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"__type__": "Deck"}', b"PK\x03\x04", b'{"notes":' + b"[" * 100_000])
def test_what_is_no_deck_ends_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        crowdanki.read(Source(data=data), {})


def test_a_note_type_with_half_its_parts_is_no_crash(tmp_path: Path) -> None:
    tree = json.loads(SAMPLE.read_text())
    for part in (tree, *tree["children"]):
        for model in part.get("note_models", ()):
            model.pop("name", None)
            model["flds"] = [{"ord": one["ord"]} for one in model["flds"]]
            model["tmpls"][0].pop("name", None)
    bundle = crowdanki.read(Source(name="deck.json", data=json.dumps(tree).encode()), {})
    assert bundle.notes == 2
