"""Times and days in words, as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation

from kartoteka.look import words


@pytest.mark.parametrize(
    ("language", "form", "said"),
    [
        ("en", "", "3 December"),
        ("de", "", "3. Dezember"),
        ("de", "short", "3. Dez"),
        ("en", "weekday", "Thursday 3 December"),
        ("de", "weekday", "Donnerstag, 3. Dezember"),
        ("de", "year", "3. Dezember 2026"),
        ("en", "year", "3 December 2026"),
    ],
)
def test_a_day_is_written_as_its_language_does(language: str, form: str, said: str) -> None:
    with translation.override(language):
        assert words.day(date(2026, 12, 3), form) == said


def test_a_title_breaks_where_it_is_parted_and_is_no_markup() -> None:
    shown = Template("{{ title|parted }}").render(Context({"title": "Kartoteka::<b>Media"}))
    assert shown == "Kartoteka::<wbr>&lt;b&gt;Media"
