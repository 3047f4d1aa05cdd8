"""Pictures of the old add-on whose covers are drawings."""

from __future__ import annotations

from pathlib import Path

import pytest

from kartoteka.formats.anki import occlusion
from kartoteka.formats.anki.tests import making
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import BundleNote, Source

FIELDS = ("ID (hidden)", "Header", "Image", "Question Mask", "Footer", "Answer Mask", "Original Mask")
FRONT = '<div id="io-overlay">{{Question Mask}}</div><div id="io-original">{{Image}}</div>'
BACK = '<div id="io-overlay">{{Answer Mask}}</div><div id="io-original">{{Image}}</div>{{Footer}}'
ONE, OTHER = '<rect class="qshape" x="10" y="20" width="50" height="40"/>', '<ellipse cx="100" cy="100" rx="20" ry="10"/>'


def svg(*forms: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><g>{"".join(forms)}<rect width="0" height="0"/></g></svg>'.encode()


def read(tmp_path: Path, asked: bytes, answered: bytes) -> BundleNote:
    types = [making.note_type(7, FIELDS, [(FRONT, BACK)], name="Image Occlusion Enhanced")]
    note = making.note(1, "x-1", "The eye", '<img src="eye.png">', '<img src="x-1-Q.svg">', "from the front", '<img src="x-1-A.svg">', "", type=7)
    media = {"eye.png": b"\x89PNG\r\n\x1a\n", "x-1-Q.svg": asked, "x-1-A.svg": answered}
    data = making.package(making.collection([note], [making.card(1, 1)], types=types), generation=2, media=media)
    (read,) = apkg.read(Source(name="io.apkg", data=data, folder=tmp_path), {}).decks[0].notes
    return read


def test_what_is_asked_is_covered_and_its_answer_is_not(tmp_path: Path) -> None:
    note = read(tmp_path, svg(ONE, OTHER), svg(OTHER))
    assert note.fields["term"] == 'The eye<br><img data-masks="ra,5,10,25,20;ei,50,50,10,5" src="eye.png">'
    assert note.fields["definition"] == '<img data-masks="ei,50,50,10,5" src="eye.png"><br>from the front'
    assert '<img src="x-1-Q.svg">' in note.extra["anki"]["fields"]


@pytest.mark.parametrize(
    "strange", ["<path d='M0 0'/>", '<rect x="1" y="1" width="5" height="5" transform="rotate(3)"/>', '<rect x="9000" width="5" height="5"/>']
)
def test_a_drawing_that_is_more_than_covers_stays_beside_its_picture(tmp_path: Path, strange: str) -> None:
    assert "x-1-Q.svg" in read(tmp_path, svg(ONE, strange), svg()).fields["term"]


def test_a_drawing_without_a_size_covers_nothing() -> None:
    assert occlusion.drawn("<svg><rect x='1' width='2' height='3'/></svg>") is None
    assert occlusion.drawn("") is None
