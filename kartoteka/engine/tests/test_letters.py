"""The row of letters: what occurs in the answers and no plain keyboard has, once each; too many signs to choose from are none."""

from __future__ import annotations

import pytest

from kartoteka.engine.letters import MOST, letters


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Zürich", "Straße", "ÜBER"], "ßü"),
        (["cafe\u0301"], "é"),
        (["Paris", "1 + 1 = 2", "“quoted” – 50 %"], ""),
        (["Москва", "мост"], "авкмост"),
        (["東京", "京都"], "京東都"),
        (["שלום"], "וםלש"),
        ([], ""),
    ],
)
def test_letters_are_those_beyond_a_to_z(texts: list[str], expected: str) -> None:
    assert "".join(letters(texts)) == "".join(sorted(expected))


def test_of_very_many_the_commonest_stay_and_of_han_none() -> None:
    many = [chr(0x0561 + n) * (40 - n) for n in range(38)] + [chr(0x10D0 + n) * 50 for n in range(33)]
    found = letters(many)
    assert len(found) == MOST
    assert "ა" in found
    assert letters([chr(0x4E00 + n) for n in range(60)] + ["かな"]) == ["か", "な"]
