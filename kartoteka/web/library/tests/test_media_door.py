"""Pictures and sounds through the door."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from kartoteka.library import actions, files, queries
from kartoteka.library.models import Deck, DeckMedia, Media, Visibility


def looked_at(who: Client, address: str, **headers: str) -> Any:
    """The answer, read to its end, which closes it; what came is its ``came``."""
    response: Any = who.get(address, headers=headers)
    response.came = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, format="PNG")
    return SimpleUploadedFile("cat.png", out.getvalue(), "text/html")


@pytest.fixture
def address(her: Client, deck: Deck) -> str:
    said = her.post(reverse("put_media", args=[deck.id]), {"file": picture(), "alt": "a cat"}, headers={"Accept": "application/json"}).json()
    assert said["name"] == "cat.png"
    assert 'alt="a cat"' in said["html"]
    assert f'src="{said["address"]}"' in said["html"]
    return str(said["address"])


def test_a_file_can_do_nothing_but_be_looked_at(her: Client, address: str) -> None:
    response = looked_at(her, address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert "immutable" in response.headers["Cache-Control"]
    assert response.came.startswith(b"\x89PNG")
    assert looked_at(her, address, **{"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_a_file_we_do_not_show_is_only_handed_out(her: Client, deck: Deck) -> None:
    kept = files.keep(b"<script>alert(1)</script>", "application/octet-stream")
    DeckMedia.objects.create(deck=deck, media=Media.objects.create(sha256=kept.sha256, size=kept.size, mime="text/html"), name="x.html")
    response = looked_at(her, files.address(deck.id, kept.sha256))
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == "attachment"


def test_a_drawing_is_shown_as_a_picture_and_never_as_a_page(her: Client, deck: Deck) -> None:
    made = actions.put_media(deck, "square.svg", io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='1' height='1'/></svg>"))
    response = looked_at(her, files.address(deck.id, made.media_id))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Disposition"] == "attachment"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "script-src" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("asked", "part"), [("bytes=0-3", b"\x89PNG"), ("bytes=1-3", b"PNG"), ("bytes=-2", None), ("bytes=4-", None)])
def test_a_player_may_ask_for_a_part(her: Client, address: str, asked: str, part: bytes | None) -> None:
    whole = looked_at(her, address).came
    response = looked_at(her, address, Range=asked)
    assert response.status_code == 206
    assert response.came == (part if part is not None else whole[-2:] if asked == "bytes=-2" else whole[4:])
    assert response.headers["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=-", "pages=1-2", "bytes=0-1,3-4"])
def test_an_odd_part_is_the_whole(her: Client, address: str, asked: str) -> None:
    assert looked_at(her, address, Range=asked).status_code == 200


def test_who_may_see_the_set_sees_its_files(address: str, deck: Deck, her: Client, ben: Client, cleo: Client, client: Client) -> None:
    for who in (her, ben, client):
        assert looked_at(who, address).status_code == 200
    actions.share(deck, Visibility.PRIVATE)
    assert looked_at(her, address).status_code == 200
    for who in (ben, cleo, client):
        assert looked_at(who, address).status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(her: Client, deck: Deck) -> None:
    for name, data, status in (("x.svg", b"<svg onload=alert(1)></svg>", 415), ("x.exe", b"MZ", 415)):
        file = SimpleUploadedFile(name, data, "image/png")
        response = her.post(reverse("put_media", args=[deck.id]), {"file": file}, headers={"Accept": "application/json"})
        assert response.status_code == status
        assert name in response.json()["sentence"]


def test_a_plain_form_takes_a_file_beside_the_text(her: Client, deck: Deck) -> None:
    one = queries.notes_of(deck)[0]
    form: dict[str, Any] = {"version": 1, "term": "Osmosis", "definition": "see", "definition_file": picture(), "definition_alt": "Water that moves"}
    her.post(reverse("card", args=[deck.id, one.id]), form)
    one.refresh_from_db()
    assert 'alt="Water that moves"' in one.definition
    assert f'src="/media/{deck.id}/' in one.definition
