"""What a reader says, in the language of who reads it: readers themselves know only English."""

from __future__ import annotations

from django.utils.translation import gettext

from kartoteka.formats.base import Said, Unreadable


def in_words(what: str | Unreadable) -> str:
    """A sentence of a reader, translated where its parts came along."""
    text = what.what if isinstance(what, Unreadable) else what
    return text.again(gettext) if isinstance(text, Said) else str(text)
