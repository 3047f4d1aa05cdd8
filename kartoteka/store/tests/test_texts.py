"""What no database writes is left out, and nothing else."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from kartoteka.store.texts import writable


def test_zero_bytes_and_halves_of_signs_go() -> None:
    assert writable("a\0b") == "ab"
    assert writable("a\ud83d") == "a?"
    assert writable("naïve 😀 漢字") == "naïve 😀 漢字"


@given(st.text(st.characters(codec=None)))
def test_whatever_comes_out_can_be_written(text: str) -> None:
    found = writable(text)
    assert "\\u0000" not in json.dumps(found)
    assert found.encode().decode() == found
    assert writable(found) == found
