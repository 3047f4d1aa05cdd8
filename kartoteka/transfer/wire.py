"""A Bundle as lines of JSON: how it comes out of the reading child, and how it waits until it is decided."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Problem


def dump(bundle: Bundle, file: IO[str]) -> None:
    """Writes a Bundle a note a line, so that neither side needs all of it twice in memory."""
    for line in _lines(bundle):
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=_plain))
        file.write("\n")


def load(lines: Iterable[str]) -> Bundle:
    """The Bundle that ``dump`` wrote. Raises ``ValueError`` where the lines are something else."""
    with unswept():
        return _load(lines)


@contextmanager
def unswept() -> Iterator[None]:
    """While many values are made at once, none is in a circle: looking for circles again and again takes longer than making them."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _load(lines: Iterable[str]) -> Bundle:
    head: Mapping[str, Any] = {}
    decks: list[tuple[Mapping[str, Any], list[BundleNote]]] = []
    for line in lines:
        kind, value = json.loads(line)
        if kind == "bundle":
            head = value
        elif kind == "deck":
            decks.append((value, []))
        else:
            decks[-1][1].append(_note(value))
    if not head:
        raise ValueError("no bundle in these lines")
    return Bundle(
        **{
            **head,
            "decks": tuple(_deck(deck, notes) for deck, notes in decks),
            "problems": tuple(Problem(**problem) for problem in head["problems"]),
            "media": tuple(BundleMedia(**{**media, "path": Path(media["path"])}) for media in head["media"]),
            "ignored": tuple(head["ignored"]),
            "offers": {name: tuple((value, words) for value, words in offered) for name, offered in head["offers"].items()},
        }
    )


def _lines(bundle: Bundle) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "bundle", {name: getattr(bundle, name) for name in Bundle.__dataclass_fields__ if name != "decks"}
    for deck in bundle.decks:
        yield "deck", {name: getattr(deck, name) for name in BundleDeck.__dataclass_fields__ if name != "notes"}
        for note in deck.notes:
            yield "note", _bare(note)


def _bare(note: BundleNote) -> Mapping[str, Any]:
    """A note without what is empty: most notes of most files are two fields and a line number."""
    return {name: value for name in BundleNote.__dataclass_fields__ if (value := getattr(note, name)) or name == "fields"}


def _note(value: Mapping[str, Any]) -> BundleNote:
    cards = tuple(_card(card) for card in value.get("cards", ()))
    return BundleNote(**{**value, "tags": tuple(value.get("tags", ())), "cards": cards})


def _deck(value: Mapping[str, Any], notes: Iterable[BundleNote]) -> BundleDeck:
    media = tuple(value["media"]) if value.get("media") is not None else None
    return BundleDeck(**{**value, "notes": tuple(notes), "tags": tuple(value["tags"]), "languages": tuple(value["languages"]), "media": media})


def _card(value: Mapping[str, Any]) -> BundleCard:
    reviews = tuple(BundleReview(at_ms, rating, took_ms, tuple(more)) for at_ms, rating, took_ms, more in value.get("reviews", ()))
    return BundleCard(**{**value, "reviews": reviews, "sides": tuple(value["sides"]) if value.get("sides") else None})


def _plain(value: Any) -> Any:
    if isinstance(value, BundleCard):
        return {name: kept for name in BundleCard.__dataclass_fields__ if (kept := getattr(value, name)) or name == "ordinal"}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return asdict(value)
