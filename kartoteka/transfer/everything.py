"""A person's whole library as one Bundle: every set with its cards, their answers and schedule, and every picture and sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kartoteka.formats.base import Bundle, BundleDeck, BundleMedia, BundleNote
from kartoteka.library import access
from kartoteka.people.models import Person
from kartoteka.transfer import queries


def library_of(person: Person, *, now_ms: int) -> Bundle:
    """All sets of a person that do not lie in the bin. Two files of the same name are told apart: the second goes by another, on its cards too."""
    decks: list[BundleDeck] = []
    media: dict[str, BundleMedia] = {}
    for deck in access.decks_of(person).order_by("title", "id"):
        bundle = queries.bundle_from(deck, person, whole=True, now_ms=now_ms)
        renamed = _take(media, bundle.media)
        own = bundle.decks[0]
        names = tuple(renamed.get(file.name, file.name) for file in bundle.media)
        decks.append(replace(own, notes=tuple(_with(note, renamed) for note in own.notes) if renamed else own.notes, media=names))
    return Bundle("kartoteka", tuple(decks), media=tuple(media.values()))


def _take(media: dict[str, BundleMedia], files: tuple[BundleMedia, ...]) -> dict[str, str]:
    """Adds files; gives the new names of those whose own another file has."""
    renamed: dict[str, str] = {}
    for file in files:
        name, number = file.name, 2
        stem, dot, ending = file.name.rpartition(".")
        while name in media and media[name].sha256 != file.sha256:
            name, number = f"{stem or ending}-{number}{dot if stem else ''}{ending if stem else ''}", number + 1
        media[name] = replace(file, name=name)
        if name != file.name:
            renamed[file.name] = name
    return renamed


def _with(note: BundleNote, renamed: Mapping[str, str]) -> BundleNote:
    """A note that calls these files by their new names."""

    def said(value: Any) -> Any:
        if isinstance(value, str):
            for old, new in renamed.items():
                value = value.replace(old, new)
        elif isinstance(value, Mapping):
            value = {name: said(one) for name, one in value.items()}
        return value

    cards = tuple(replace(card, sides=(said(card.sides[0]), said(card.sides[1]))) if card.sides else card for card in note.cards)
    kept: dict[str, Any] = dict(note.extra)
    return replace(note, fields=said(note.fields), original=said(note.original), extra={name: said(value) for name, value in kept.items()}, cards=cards)
