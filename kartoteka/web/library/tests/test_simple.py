"""Cards in a plain text field."""

from __future__ import annotations

import pytest

from kartoteka.library.clean import clean
from kartoteka.web.library.simple import to_html, to_text

TABLE = [
    ("Osmosis", "Osmosis"),
    ("a < b & c", "a &lt; b &amp; c"),
    ("one\ntwo", "one<br>two"),
    ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
    ("- one\n  - two\n  - three\n- four", "<ul><li>one<ul><li>two</li><li>three</li></ul></li><li>four</li></ul>"),
    ("- one\n  - two\n    - three\n- four", "<ul><li>one<ul><li>two<ul><li>three</li></ul></li></ul></li><li>four</li></ul>"),
    ("Head:\n- one\n- two", "Head:<ul><li>one</li><li>two</li></ul>"),
    ("<b>bold</b>", "<b>bold</b>"),
    ("x\\(a<b\\)", "x\\(a&lt;b\\)"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "html"), TABLE)
def test_what_is_typed_becomes_html_and_comes_back(text: str, html: str) -> None:
    assert to_html(text) == html
    assert to_text(clean(html)) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("• one\n• two", "<ul><li>one</li><li>two</li></ul>"),
        ("\tone", "one"),
        ("    - one\n  - two", "<ul><li>one</li><li>two</li></ul>"),
        ("- one\r\n- two\r\n", "<ul><li>one</li><li>two</li></ul>"),
        ("- one\nafter", "<ul><li>one</li></ul>after"),
        ("5 - 3 = 2", "5 - 3 = 2"),
        ("-5", "-5"),
    ],
)
def test_ways_of_typing(text: str, html: str) -> None:
    assert to_html(text) == html


def test_what_a_text_field_cannot_hold_stays_html() -> None:
    for html in ("<b>x</b>", '<img data-name="a.png" alt="x">', "&lt;b&gt;x&lt;/b&gt;", "<ol><li>x</li></ol>"):
        assert to_text(html) == html
        assert clean(to_html(to_text(html))) == html
