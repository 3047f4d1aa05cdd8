"""The promise of a format: ``read`` a file to a Bundle, ``write`` a Bundle to a file.

A format is a folder with ``format.py``::

    TITLE = "Knowt page"          EXTENSIONS = (".txt",)
    KEEPS = ("terms", "lists")    what survives, for the docs and the preview
    def recognises(head: bytes, name: str) -> float       0 (no) … 1 (certainly)
    def read(source: Source, options: Mapping[str, str]) -> Bundle     raises Unreadable
    def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None    (optional)

``read`` never touches a database or a network; whatever it could not use it says in ``Bundle.problems``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Severity = Literal["info", "warning", "refused"]


class Unreadable(Exception):
    """A file that cannot be read at all. The text may be shown: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader must say: ``where`` ("line 297", "row 12"), ``what`` (one sentence), how bad."""

    where: str
    what: str
    severity: Severity = "warning"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BundleReview:
    """A review that was given elsewhere. ``at_ms`` ms since 1970 UTC; ``rating`` 1–4; ``took_ms`` 0 if unknown."""

    at_ms: int
    rating: int
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class BundleCard:
    """A card's own luggage: which ordinal of its note, its reviews and its standing (suspended, flags, schedule)."""

    ordinal: int = 0
    reviews: tuple[BundleReview, ...] = ()
    suspended: bool = False
    standing: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BundleNote:
    """A note outside a database. ``fields`` hold raw HTML (never cleaned here): "term", "definition", and more by name.

    ``original`` holds the same as it stood in the file where that differs. ``where`` names the place ("line 38").
    """

    fields: Mapping[str, str]
    guid: str = ""
    kind: str = "basic"
    tags: tuple[str, ...] = ()
    where: str = ""
    line: int | None = None
    starred: bool = False
    cards: tuple[BundleCard, ...] = ()
    original: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BundleMedia:
    """A file that cards show. ``path``: where its bytes lie now; ``sha256`` of them."""

    name: str
    path: Path
    sha256: str
    size: int
    mime: str = ""


@dataclass(frozen=True, slots=True)
class BundleDeck:
    """A deck outside a database. ``source`` is the id its origin gave it (so that a second import finds it), or empty."""

    title: str
    notes: tuple[BundleNote, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    languages: tuple[str, str] = ("", "")
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Decks outside a database, with their media, and with what was seen on the way.

    ``format``: the folder's name. ``declared``: how many cards the source said it holds. ``ignored``: lines of the page's
    own furniture. ``choices``: what the reader decided and a person may decide otherwise (separator, encoding, header,
    direction …) as option name → value; each is an option that ``read`` takes.
    """

    format: str
    decks: tuple[BundleDeck, ...]
    problems: tuple[Problem, ...] = ()
    media: tuple[BundleMedia, ...] = ()
    declared: int | None = None
    ignored: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    ambiguous: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notes(self) -> int:
        return sum(len(deck.notes) for deck in self.decks)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its bytes, or a path where it is large; ``name`` as its owner called it."""

    name: str = ""
    data: bytes | None = None
    path: Path | None = None

    def head(self, size: int = 65536) -> bytes:
        if self.data is not None:
            return self.data[:size]
        if self.path is None:
            return b""
        with self.path.open("rb") as file:
            return file.read(size)

    def bytes(self) -> bytes:
        if self.data is not None:
            return self.data
        return self.path.read_bytes() if self.path else b""
