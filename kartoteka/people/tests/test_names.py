"""What a person may be called."""

from __future__ import annotations

import pytest

from kartoteka.people.names import is_name, key_of, tidy


@pytest.mark.parametrize("name", ["Anna", "Ben-K", "Łukasz", "李雷", "O’Neill", "Anna Maria 2", "مريم"])
def test_names_of_any_script_are_names(name: str) -> None:
    assert is_name(tidy(name))


@pytest.mark.parametrize("name", ["", "A", "anna@example.org", "<b>", "a\nb\x00", "-Anna", "x" * 61, "​​​", "a/b"])
def test_what_is_no_name(name: str) -> None:
    assert not is_name(tidy(name).replace("a b", "a\nb"))


@pytest.mark.parametrize(("one", "other"), [("Anna", "anna"), ("Ünal", "ünal"), ("Anna", "Ａｎｎａ"), ("Straße", "STRASSE"), ("Anna  B", "anna b")])
def test_case_and_width_do_not_tell_people_apart(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)
