"""A note's fields as they are kept, and the short way of those that are only words."""

from __future__ import annotations

from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kartoteka.engine.text import plain
from kartoteka.library.fields import is_words, shown_form, written

DECK = UUID(int=7)
SIGNS = st.text(st.sampled_from("aß日 é\u00a0\u3000\u200b\u00ad\t\n\r<>&;[]{}$\\\x00\ue000"), max_size=12) | st.text(max_size=20)


@settings(max_examples=400, deadline=None)
@given(SIGNS)
@example("")
@example("two  spaces")
@example(" at the edge")
@example("[sound:a.mp3]")
@example("{{c1::a}}")
def test_what_is_only_words_is_shown_and_read_as_it_is_written(html: str) -> None:
    if is_words(html):
        assert shown_form(html, DECK, {}) == html
        assert plain(html) == html
    kept = written({"term": html, "definition": "x", "more": html}, DECK, {})
    shown = shown_form(html, DECK, {})
    assert (kept.term, kept.fields, kept.term_text) == (shown, {"more": shown}, plain(shown))
    assert kept.original == ({} if shown == html else {"term": html, "more": html})


def test_ordinary_words_are_such() -> None:
    assert all(map(is_words, ("", "Osmose", "das Haus, -\u0308er (n.) – 日本語: it's 5 %")))
    assert not any(map(is_words, (" a", "a ", "a  b", "a\u00a0b", "a\tb", "1 < 2", "a & b", "[a]", "{{c1::a}}", "$x$")))
