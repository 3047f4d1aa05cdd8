"""Notes of a ki repository."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from kartoteka.formats.base import Source
from kartoteka.formats.ki import format as ki

SAMPLE = Path(__file__).parents[1] / "samples" / "vistula.md"


def test_one_file_is_one_note() -> None:
    bundle = ki.read(Source(name=SAMPLE.name, path=SAMPLE), {})
    note = bundle.decks[0].notes[0]
    assert ki.recognises(SAMPLE.read_bytes(), SAMPLE.name) > 0.9
    assert ki.recognises(b"# Notes\n\nSome text", "notes.md") == 0
    assert note.fields == {"term": "Vistula", "definition": "<b>Baltic</b> Sea"}
    assert (note.guid, note.tags) == ("k1,a", ("europe", "long"))


def test_a_zip_brings_note_types_decks_and_media(tmp_path: Path) -> None:
    river = {
        "name": "River",
        "flds": [{"name": "River", "ord": 0}, {"name": "Sea", "ord": 1}],
        "tmpls": [{"name": "Back", "ord": 0, "qfmt": "{{Sea}}", "afmt": "{{River}}"}],
    }
    with zipfile.ZipFile(tmp_path / "repo.zip", "w") as archive:
        archive.writestr("models.json", json.dumps({"1": river}))
        archive.write(SAMPLE, "Water/Rivers/vistula.md")
        archive.writestr("README.md", "Nothing here")
        archive.writestr("_media/a.png", b"1")
    bundle = ki.read(Source(name="repo.zip", path=tmp_path / "repo.zip", folder=tmp_path / "media"), {})
    assert [deck.title for deck in bundle.decks] == ["Water::Rivers"]
    assert bundle.decks[0].notes[0].fields == {"term": "<b>Baltic</b> Sea", "definition": "Vistula"}
    assert [one.name for one in bundle.media] == ["a.png"]
