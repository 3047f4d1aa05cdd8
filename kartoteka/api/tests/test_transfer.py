"""Files come in and go out through the door for programs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kartoteka.api.tests.test_study import at_door
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Source
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person

CELLS = b"Osmosis\tWater moves\nDiffusion\tParticles spread\n"


def sent(client: Client, data: bytes = CELLS, name: str = "cells.tsv", **how: Any) -> Any:
    return client.post("/api/v1/imports", {"file": SimpleUploadedFile(name, data), **how})


def test_a_file_comes_in_as_on_the_terminal(anna: Person) -> None:
    looked = sent(at_door(anna), dry_run="true", title="Cells").json()
    assert (looked["accepted"], looked["decks"][0]["id"], looked["counts"]["new"]) == (False, None, 2)
    assert not Note.objects.filter(deck__title="Cells").exists()
    kept = sent(at_door(anna), title="Cells").json()
    assert (kept["accepted"], kept["decks"][0]["notes"]) == (True, 2)
    assert kept["decks"][0]["id"] == str(Deck.objects.get(title="Cells").id)
    assert sent(at_door(anna), title="Cells").json()["counts"] == {"new": 0, "same": 2, "changed": 0, "refused": 0}


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(anna: Person) -> None:
    told = sent(at_door(anna), b"\0\1\2" * 100, "x.bin").json()
    assert not told["accepted"]
    assert told["problems"][0]["severity"] == "refused"
    assert sent(Client()).status_code == 401


def test_a_set_and_a_whole_library_go_out(anna: Person, cleo: Person) -> None:
    id = sent(at_door(anna), title="Cells").json()["decks"][0]["id"]
    response = at_door(anna).get(f"/api/v1/decks/{id}/export?format=csv")
    assert b"Osmosis,Water moves" in response.content
    assert response["Content-Disposition"] == 'attachment; filename="cells.csv"'
    assert at_door(cleo).get(f"/api/v1/decks/{id}/export").status_code == 404
    assert at_door(anna).get(f"/api/v1/decks/{id}/export?format=nonsense").status_code == 404
    packed = b"".join(at_door(anna).get("/api/v1/archive").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert b"Osmosis" in found.read("notes.jsonl")
    home = sent(at_door(cleo), packed, "library.zip").json()
    assert (home["accepted"], home["format"], home["counts"]["new"]) == (True, "kartoteka", 2)


def test_an_anki_deck_goes_out_with_the_answers_and_files_it_brought(anna: Person, tmp_path: Path) -> None:
    sample = Path(apkg.__file__).parent / "samples" / "latest.apkg"
    brought = sent(at_door(anna), sample.read_bytes(), "latest.apkg").json()["decks"]
    assert sum(deck["reviews"] for deck in brought) > 0
    found = {"media": 0, "reviews": 0}
    for deck in brought:
        content = at_door(anna).get(f"/api/v1/decks/{deck['id']}/export?format=apkg").content
        bundle = apkg.read(Source(name="out.apkg", data=content, folder=tmp_path), {})
        assert bundle.notes == deck["notes"]
        found["media"] += len(bundle.media)
        found["reviews"] += sum(len(card.reviews) for one in bundle.decks for note in one.notes for card in note.cards)
    assert found["reviews"] == sum(deck["reviews"] for deck in brought)
    assert found["media"] >= max(deck["media"] for deck in brought) > 0
