"""A Bundle as lines of JSON: how it comes out of the reading child, and how it waits until it is decided."""

from __future__ import annotations

import gc
import json
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import IO, Any

from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote, BundleReview, Problem, Reviews, Said, Sealed, made_note

NOTES_A_LINE = 200


def dump(bundle: Bundle, file: IO[str]) -> None:
    """Writes a Bundle some notes a line, so that neither side needs all of it twice in memory."""
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
        if kind == "notes":
            decks[-1][1].extend(map(_note, value))
        elif kind == "deck":
            decks.append((value, []))
        elif kind == "bundle":
            head = value
        else:
            raise ValueError("a line that is none of a bundle's")
    if not head:
        raise ValueError("no bundle in these lines")
    return Bundle(
        **{
            **head,
            "decks": tuple(_deck(deck, notes) for deck, notes in decks),
            "problems": tuple(Problem(**{**problem, "what": said(problem["what"])}) for problem in head["problems"]),
            "media": tuple(BundleMedia(**{**media, "path": Path(media["path"])}) for media in head["media"]),
            "ignored": tuple(head["ignored"]),
            "offers": {name: tuple((value, words) for value, words in offered) for name, offered in head["offers"].items()},
        }
    )


def _lines(bundle: Bundle) -> Iterator[tuple[str, Any]]:
    yield "bundle", {name: getattr(bundle, name) for name in Bundle.__dataclass_fields__ if name != "decks"}
    for deck in bundle.decks:
        yield "deck", {name: getattr(deck, name) for name in BundleDeck.__dataclass_fields__ if name != "notes"}
        notes = iter(deck.notes)
        while some := [_row(note) for note in islice(notes, NOTES_A_LINE)]:
            yield "notes", some


def _row(note: BundleNote) -> list[Any]:
    """A note as a list, without what is empty at its end: most notes of most files are two fields, a name and a place."""
    fields, extra = note.fields, note.extra
    said = [fields["term"], fields["definition"]] if len(fields) == 2 and "term" in fields and "definition" in fields else fields
    kept = extra.text if isinstance(extra, Sealed) else json.dumps(extra, default=_plain) if extra else ""
    row: list[Any] = [said, note.guid, note.where, note.tags, [_card_row(card) for card in note.cards], kept]
    if note.starred or note.original or note.line is not None:
        row += (note.kind, note.line, note.starred, note.original)
    elif note.kind != "basic":
        row.append(note.kind)
    return row


def _card_row(card: BundleCard) -> Any:
    if not (card.reviews or card.suspended or card.standing or card.sides or card.buried):
        return card.ordinal
    reviews: Any = card.reviews
    if isinstance(reviews, Reviews):
        reviews = [reviews.width, b64encode(reviews.flat.tobytes()).decode("ascii")]
    return [card.ordinal, card.suspended, card.buried, card.standing, card.sides, reviews]


def _note(row: Sequence[Any]) -> BundleNote:
    said, guid, where, tags, cards, extra, *more = row
    fields = {"term": said[0], "definition": said[1]} if said.__class__ is list else said
    return made_note(fields, guid, where, tuple(tags), _cards(cards), Sealed(extra) if extra else {}, *more)


_ONE = (BundleCard(),)


def _cards(rows: Sequence[Any]) -> tuple[BundleCard, ...]:
    if rows == [0]:  # the one card of most notes: the same for all of them
        return _ONE
    return tuple([_card(row) for row in rows]) if rows else ()


def _card(row: Any) -> BundleCard:
    if isinstance(row, int):
        return BundleCard(row)
    ordinal, suspended, buried, standing, sides, said = row
    if len(said) == 2 and isinstance(said[0], int):
        flat = array("q")
        flat.frombytes(b64decode(said[1]))
        reviews: Sequence[BundleReview] = Reviews(flat, said[0])
    else:
        reviews = tuple(BundleReview(at_ms, rating, took_ms, tuple(more)) for at_ms, rating, took_ms, more in said)
    return BundleCard(ordinal, reviews, suspended, standing, tuple(sides) if sides else None, buried)


def _deck(value: Mapping[str, Any], notes: Iterable[BundleNote]) -> BundleDeck:
    media = tuple(value["media"]) if value.get("media") is not None else None
    return BundleDeck(**{**value, "notes": tuple(notes), "tags": tuple(value["tags"]), "languages": tuple(value["languages"]), "media": media})


def parts_of(what: str) -> Any:
    """A sentence as JSON keeps it: with its parts apart, where it has any."""
    return {"text": what.text, "values": {name: parts_of(value) if isinstance(value, str) else value for name, value in what.values.items()}} if isinstance(what, Said) else str(what)  # fmt: skip


def said(parts: Any) -> str:
    """The sentence that ``parts_of`` took apart."""
    if isinstance(parts, str):
        return parts
    return Said(parts["text"], **{name: said(value) if isinstance(value, str | dict) else value for name, value in parts["values"].items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Sealed):
        return value.value
    if isinstance(value, Problem):
        return {"where": value.where, "what": parts_of(value.what), "severity": value.severity, "line": value.line}
    if isinstance(value, Mapping):
        return dict(value)
    return asdict(value)
