"""Pictures and sounds: looked at, made harmless, counted, and gone when nobody shows them."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from kartoteka.library import access, actions, files, media, queries
from kartoteka.library.models import Deck, Media, Visibility
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, TooMuch

OGG, MP3, WAV = b"OggS" + b"\x00" * 60, b"ID3\x04" + b"\x00" * 60, b"RIFF\x00\x00\x00\x00WAVEfmt " + b"\x00" * 40


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), **how: Any) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format=kind, **how)
    return io.BytesIO(out.getvalue())


def from_a_phone() -> io.BytesIO:
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return picture("JPEG", (40, 20), exif=exif)


@pytest.mark.parametrize(("kind", "mime"), list(files.PICTURES.items()))
def test_every_kind_of_picture_is_kept(deck: Deck, kind: str, mime: str) -> None:
    made = actions.put_media(deck, "a/b\\cat photo.weird", picture(kind))
    assert (made.media.mime, made.media.width, made.media.height) == (mime, 8, 6)
    assert made.name == f"cat photo{files.ENDINGS[mime]}"
    assert files.hash_of(files.path_of(made.media_id)) == made.media_id
    assert queries.files_of(deck) == {made.name: made.media_id}


@pytest.mark.parametrize(
    ("data", "mime"), [(OGG, "audio/ogg"), (MP3, "audio/mpeg"), (WAV, "audio/wav"), (b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 40, "audio/mp4")]
)
def test_every_kind_of_sound_is_kept(deck: Deck, data: bytes, mime: str) -> None:
    assert actions.put_media(deck, "sound", io.BytesIO(data)).media.mime == mime


def test_where_a_picture_was_taken_is_not_kept(deck: Deck) -> None:
    made = actions.put_media(deck, "photo.jpg", from_a_phone())
    with Image.open(files.path_of(made.media_id)) as kept:
        assert not kept.getexif()
        assert kept.size == (20, 40)  # and it stands upright
    assert b"A phone" not in files.path_of(made.media_id).read_bytes()


def test_a_moving_picture_goes_on_moving_and_a_clear_one_stays_clear(deck: Deck) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:])
    made = actions.put_media(deck, "x.gif", io.BytesIO(out.getvalue()))
    with Image.open(files.path_of(made.media_id)) as kept:
        assert kept.n_frames == 3  # type: ignore[attr-defined]
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, format="PNG")
    made = actions.put_media(deck, "x.png", io.BytesIO(out.getvalue()))
    with Image.open(files.path_of(made.media_id)) as kept:
        assert kept.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_huge_picture_is_made_smaller(deck: Deck) -> None:
    assert actions.put_media(deck, "x.png", picture(size=(4000, 1000))).media.width == files.LONGEST_SIDE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg onload=alert(1)></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script></svg>",
        b"<svg><foreignObject><p>x</p></foreignObject></svg>",
        b"<svg><a href='javascript:alert(1)'><text>x</text></a></svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'aaaa'>]><svg>&a;</svg>",
        b"<html><svg></svg></html>",
        b"<html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\nrubbish",
        picture().getvalue()[:40],
        b"%PDF-1.7",
        b"MZ\x90",
        b"II*\x00" + b"\x00" * 60,
        b"GIF89a<script>alert(1)</script>",
        b"BM" + b"\x00" * 60,
    ],
)
def test_what_is_no_picture_and_no_sound_is_refused(deck: Deck, data: bytes) -> None:
    with pytest.raises(files.NoMedia) as refused:
        actions.put_media(deck, "cat.png", io.BytesIO(data))
    assert "cat.png" in str(refused.value)
    assert not Media.objects.exists()


def test_a_drawing_that_is_nothing_more_is_kept_byte_for_byte(deck: Deck) -> None:
    drawing = b"<?xml version='1.0' encoding='UTF-8'?>\n<!-- drawn by hand -->\n<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><style>rect{fill:red}</style><rect width='1' height='1'/></svg>"
    made = actions.put_media(deck, "square.svg", io.BytesIO(drawing))
    assert made.media.mime == files.SVG
    assert files.path_of(made.media_id).read_bytes() == drawing


def test_a_picture_of_too_many_pixels_is_refused_unseen(deck: Deck) -> None:
    small = picture().getvalue()
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + small[24:29]
    with pytest.raises((TooMuch, files.NoMedia)):
        actions.put_media(deck, "bomb.png", io.BytesIO(small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]))


def test_a_file_too_large_is_refused(deck: Deck, settings: Any) -> None:
    settings.ENVIRONMENT = {"UPLOAD_MB": 1}
    with pytest.raises(TooMuch, match="1 MB"):
        actions.put_media(deck, "long.ogg", io.BytesIO(OGG + b"\x00" * 1_000_001))


def test_more_than_a_person_may_store_is_refused(deck: Deck, settings: Any) -> None:
    settings.ENVIRONMENT = {"UPLOAD_MB": 1, "ACCOUNT_MB": 0}
    with pytest.raises(TooMuch, match="pictures and sounds"):
        actions.put_media(deck, "x.ogg", io.BytesIO(OGG))
    assert not Media.objects.exists()


def test_the_same_file_is_kept_once_and_another_of_its_name_beside_it(deck: Deck) -> None:
    first = actions.put_media(deck, "cat.png", picture())
    assert actions.put_media(deck, "other.png", picture()) == first
    assert actions.put_media(deck, "cat.png", picture(size=(9, 9))).name == "cat-2.png"


def test_a_picture_that_comes_later_finds_its_card(deck: Deck) -> None:
    note = actions.add_note(deck, term="A cat", definition='<img src="cat.png" alt="a cat">')
    assert "src=" not in note.definition
    made = actions.put_media(deck, "cat.png", picture())
    note.refresh_from_db()
    assert f'src="/media/{deck.id}/{made.media_id}/"' in note.definition


def test_a_picture_pasted_from_another_set_comes_along_where_it_may(anna: Person, ben: Person) -> None:
    theirs = actions.make_deck(ben, title="Theirs", visibility=Visibility.LINK)
    made = actions.put_media(theirs, "cat.png", picture())
    html = actions.add_note(theirs, term="x", definition='<img src="cat.png">').definition
    mine = actions.make_deck(anna, title="Mine")
    assert f"/media/{mine.id}/{made.media_id}/" in actions.add_note(mine, term="x", definition=html).definition
    actions.share(theirs, Visibility.PRIVATE)
    other = actions.make_deck(anna, title="Other")
    assert "src=" not in actions.add_note(other, term="x", definition=html).definition


def test_a_copy_shows_its_own_files(deck: Deck, ben: Person) -> None:
    made = actions.put_media(deck, "cat.png", picture())
    actions.add_note(deck, term="x", definition='<img src="cat.png">')
    copy = actions.copy_deck(ben, deck)
    assert f"/media/{copy.id}/{made.media_id}/" in queries.notes_of(copy).get(term="x").definition
    actions.share(deck, Visibility.PRIVATE)
    assert access.media_to_see(ben, copy.id, made.media_id)


def test_who_may_see_the_set_sees_its_files(deck: Deck, anna: Person, ben: Person, cleo: Person) -> None:
    made = actions.put_media(deck, "cat.png", picture())
    assert access.media_to_see(ben, deck.id, made.media_id) == access.media_to_see(None, deck.id, made.media_id) == made.media
    actions.share(deck, Visibility.PRIVATE)
    assert access.media_to_see(anna, deck.id, made.media_id)
    other = actions.make_deck(cleo, title="Cleo's")
    for person, id in ((cleo, deck.id), (None, deck.id), (cleo, other.id)):
        with pytest.raises(NotThere):
            access.media_to_see(person, id, made.media_id)


def test_a_file_nobody_shows_is_taken_away(deck: Deck) -> None:
    made = actions.put_media(deck, "cat.png", picture())
    path = files.path_of(made.media_id)
    now = timezone.now()
    actions.empty_bin(now + timedelta(days=60))
    assert path.is_file()
    actions.delete_deck(deck)
    actions.empty_bin(now)
    assert path.is_file()
    actions.empty_bin(now + timedelta(days=3))
    assert not path.exists()
    assert not Media.objects.exists()


def test_a_lost_file_that_is_laid_in_again_meanwhile_stays(deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    data, now = picture().getvalue(), timezone.now()
    sha256 = files.keep(data, "image/png").sha256
    os.utime(files.path_of(sha256), (0, 0))
    monkeypatch.setattr(media, "_drop_rows", lambda before: [files.keep(data, "image/png").sha256])
    media.drop_lost_files(now)
    assert files.path_of(sha256).is_file()
    monkeypatch.setattr(media, "_drop_rows", lambda before: [sha256])
    media.drop_lost_files(now + timedelta(days=60))
    assert not files.path_of(sha256).is_file()


def test_the_doctor_sees_a_missing_and_a_damaged_file(deck: Deck) -> None:
    one, two = actions.put_media(deck, "a.png", picture()), actions.put_media(deck, "b.png", picture(size=(9, 9)))
    assert list(queries.broken_media()) == []
    files.path_of(one.media_id).unlink()
    path = files.path_of(two.media_id)
    path.write_bytes(b"x" * path.stat().st_size)
    said = list(queries.broken_media())
    assert len(said) == 2
    assert any("missing" in sentence for sentence in said)
    assert any("damaged" in sentence for sentence in said)


def test_no_unfinished_file_stays(deck: Deck, data: Path) -> None:
    actions.put_media(deck, "a.png", picture())
    assert not [path for path in (data / "media").rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize("unit", [b"<!---->", b"<!-- a -->\n", b"<!DOCTYPE svg>", b" ", b"<!doctype "])
def test_a_drawing_made_to_be_slow_is_looked_at_in_no_time(unit: bytes) -> None:
    started = time.process_time()
    assert not files.safe_svg(unit * 20_000)
    assert not files.safe_svg(b"<svg>" + unit * 20_000 + b"<script>")
    assert time.process_time() - started < 2
    assert files.safe_svg(b"<?xml version='1.0'?><!-- a --><!DOCTYPE svg><!-- b --><svg></svg>")
