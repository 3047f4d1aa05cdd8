"""What a reader says, in the language of who reads it: readers themselves know only English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as later

from kartoteka.formats.base import Problem, Said, Unreadable

# Places come with a hundred thousand notes, so they stay plain words until one is shown.
_PLACES: Mapping[str, str] = {
    "line": later("line %(number)s"),
    "row": later("row %(number)s"),
    "page": later("page %(number)s"),
    "slide": later("slide %(number)s"),
    "notes of slide": later("notes of slide %(number)s"),
    "card": later("card %(number)s"),
    "note": later("note %(number)s"),
    "pair": later("pair %(number)s"),
    "paragraph": later("paragraph %(number)s"),
    "table at paragraph": later("table at paragraph %(number)s"),
}
_PLACE = re.compile(rf"({'|'.join(_PLACES)}) (\d{{1,20}})")
_NOWHERE = ("", "the file")


def in_words(what: str | Unreadable) -> str:
    """A sentence of a reader, translated where its parts came along."""
    text = what.what if isinstance(what, Unreadable) else what
    return text.again(gettext) if isinstance(text, Said) else str(text)


def place_in_words(where: str) -> str:
    """A place as a reader names it ("line 12", "Sheet 1, row 3"), translated; empty where it names none."""
    if where in _NOWHERE:
        return ""
    parts = where.split(", ")
    return ", ".join(gettext(_PLACES[found[1]]) % {"number": found[2]} if (found := _PLACE.fullmatch(part)) else part for part in parts)


def told(problem: Problem) -> str:
    """A problem with its place before it, where its sentence does not begin with it."""
    place, what = place_in_words(problem.where), in_words(problem.what)
    if not place or what.casefold().startswith(place.casefold()):
        return what
    return f"{place[:1].upper()}{place[1:]}: {what}" if "." not in place else f"{place}: {what}"  # a file is called as it is
