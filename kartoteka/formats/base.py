"""The promise of a format: ``read`` a file to a Bundle, ``write`` a Bundle to a file.

A format is a folder with ``format.py``::

    TITLE = "Knowt page"          EXTENSIONS = (".txt",)
    KEEPS = ("terms", "lists")    what survives, for the docs and the preview
    DROPS = ("pictures",)         what does not, and why
    def recognises(head: bytes, name: str) -> float       0 (no) … 1 (certainly)
    def read(source: Source, options: Mapping[str, str]) -> Bundle     raises Unreadable
    def write(bundle: Bundle, file: BinaryIO, options: Mapping[str, str]) -> None    (optional)
    WHOLE = True                  ``write`` takes cards, answers and media too (optional)
    MIME = "application/…"        of what it writes, where it is no text (optional)
    LETTERS = False               its letters are never offered to be repaired (optional)

``read`` never touches a database or a network; whatever it could not use it says in ``Bundle.problems``.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

Severity = Literal["info", "warning", "refused"]


class Said(str):
    """A sentence with its parts apart, so that a door can say it in another language: it *is* the English one.

    ``Said("This note has %(found)s fields.", found=3)``; the text is collected for translation, and ``values`` that are ``Said`` are said anew as well.
    """

    text: str
    values: Mapping[str, Any]

    def __new__(cls, text: str, **values: Any) -> Said:
        made = super().__new__(cls, text % values if values else text)
        made.text, made.values = text, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.text,), dict(self.values)

    def again(self, translated: Callable[[str], str]) -> str:
        """The sentence in the words that ``translated`` gives for its parts."""
        values = {name: value.again(translated) if isinstance(value, Said) else value for name, value in self.values.items()}
        return translated(self.text) % values if values else translated(self.text)


class Unreadable(Exception):
    """A file that cannot be read at all. The text may be shown: what, where, what to do."""

    @property
    def what(self) -> str:
        """The sentence, with its parts where it has any."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader must say: ``where`` ("line 297", "row 12"), ``what`` (one sentence), how bad.

    ``refused`` is what did not become a note. A note with an empty side is given as it is, and needs no problem: who keeps
    it says so, and lets it be mended.
    """

    where: str
    what: str
    severity: Severity = "warning"
    line: int | None = None


class Findings:
    """Problems as they are met. Of one kind only the first are told one by one: a million bad rows are one sentence more."""

    MOST_OF_A_KIND = 100

    def __init__(self) -> None:
        self._said: list[Problem] = []
        self._kinds: Counter[tuple[str, Severity]] = Counter()
        self._first: dict[tuple[str, Severity], str] = {}

    def say(self, kind: str, what: str, line: int | None = None, severity: Severity = "warning", *, where: str = "") -> None:
        self._kinds[kind, severity] += 1
        self._first.setdefault((kind, severity), what)
        if self._kinds[kind, severity] <= self.MOST_OF_A_KIND:
            self._said.append(Problem(where or (f"line {line}" if line else "the file"), what, severity, line))

    def told(self) -> tuple[Problem, ...]:
        """All of them, in the order of the source."""
        more = [
            Problem(
                "the file",
                Said("… and %(number)s more like this one: %(first)s", number=f"{number - self.MOST_OF_A_KIND:,}", first=self._first[kind, severity]),
                severity,
            )
            for (kind, severity), number in self._kinds.items()
            if number > self.MOST_OF_A_KIND
        ]
        return (*sorted(self._said, key=lambda problem: problem.line or 0), *more)


class BundleReview(NamedTuple):
    """A review that was given elsewhere. ``at_ms`` ms since 1970 UTC; ``rating`` 1–4; ``took_ms`` 0 if unknown.

    ``rating`` 0: something was done to the card that is no answer. ``more``: what its source says besides, to be written back as it was.
    """

    at_ms: int
    rating: int
    took_ms: int = 0
    more: tuple[int, ...] = ()


class Sealed(Mapping[str, Any]):
    """A JSON object as text, opened only where somebody looks into it: most of what is kept for an export is never looked at here."""

    __slots__ = ("_open", "text")

    def __init__(self, text: str) -> None:
        if not text.startswith("{"):
            raise ValueError("this text is no JSON object")
        self.text = text
        self._open: dict[str, Any] | None = None

    @property
    def value(self) -> dict[str, Any]:
        if self._open is None:
            self._open = json.loads(self.text)
        return self._open

    def __getitem__(self, name: str) -> Any:
        return self.value[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return len(self.text) > 2


class Reviews(Sequence[BundleReview]):
    """Reviews kept as numbers in a row, ``width`` of them each (its three, then ``more``): half a million weigh 32 MB, and each is made when it is asked for."""

    __slots__ = ("flat", "width")

    def __init__(self, flat: array[int], width: int) -> None:
        if width < 3 or len(flat) % width:
            raise ValueError("these numbers are no whole reviews")
        self.flat, self.width = flat, width

    def __len__(self) -> int:
        return len(self.flat) // self.width

    def __iter__(self) -> Iterator[BundleReview]:
        flat, width = self.flat.tolist(), self.width
        for at in range(0, len(flat), width):
            yield BundleReview(flat[at], flat[at + 1], flat[at + 2], tuple(flat[at + 3 : at + width]))

    @overload
    def __getitem__(self, at: int) -> BundleReview: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[BundleReview, ...]: ...
    def __getitem__(self, at: int | slice) -> BundleReview | tuple[BundleReview, ...]:
        return tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True, slots=True)
class BundleCard:
    """A card's own luggage: which ordinal of its note, its reviews and its standing (suspended, flags, schedule).

    ``sides``: raw HTML of its front and back, where they are neither the note's term and definition nor these turned round.
    ``buried``: set aside until the learner's next day. ``standing`` speaks the words of ``formats/schedules.py``, so that a schedule without reviews
    can begin a memory; what else it says is kept for exports.
    """

    ordinal: int = 0
    reviews: Sequence[BundleReview] = ()
    suspended: bool = False
    standing: Mapping[str, Any] = field(default_factory=dict)
    sides: tuple[str, str] | None = None
    buried: bool = False


@dataclass(frozen=True, slots=True)
class BundleNote:
    """A note outside a database. ``fields`` hold raw HTML (never cleaned here): "term", "definition", and more by name.

    ``original`` holds other HTML that a field had in its source, where a reader had to change it; plain text that a reader
    turned into HTML is not an original. ``where`` names the place ("line 38").
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


_put_fields, _put_guid, _put_kind, _put_tags, _put_where, _put_line, _put_starred, _put_cards, _put_original, _put_extra = (
    getattr(BundleNote, name).__set__ for name in BundleNote.__slots__
)
_NONE: Mapping[str, Any] = {}


def made_note(
    fields: Mapping[str, str],
    guid: str,
    where: str,
    tags: tuple[str, ...],
    cards: tuple[BundleCard, ...],
    extra: Mapping[str, Any],
    kind: str = "basic",
    line: int | None = None,
    starred: bool = False,
    original: Mapping[str, str] = _NONE,
) -> BundleNote:
    """A ``BundleNote``, made past its ``__init__``: of 100,000 notes that is a third of the time."""
    note = BundleNote.__new__(BundleNote)
    _put_fields(note, fields)
    _put_guid(note, guid)
    _put_kind(note, kind)
    _put_tags(note, tags)
    _put_where(note, where)
    _put_line(note, line)
    _put_starred(note, starred)
    _put_cards(note, cards)
    _put_original(note, original)
    _put_extra(note, extra)
    return note


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
    """A deck outside a database. ``source`` is the id its origin gave it (so that a second import finds it), or empty.

    ``media``: the names of those files of the Bundle that are this deck's; ``None``: all of them.
    """

    title: str
    notes: tuple[BundleNote, ...]
    description: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    languages: tuple[str, str] = ("", "")
    extra: Mapping[str, Any] = field(default_factory=dict)
    media: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Decks outside a database, with their media, and with what was seen on the way.

    ``format``: the folder's name. ``declared``: how many cards the source said it holds. ``ignored``: lines of the page's
    own furniture. ``choices``: what the reader decided and a person may decide otherwise (separator, encoding, header,
    direction …) as option name → value; each is an option that ``read`` takes. ``offers``: for a choice, the values it may
    have with a word for each. ``ambiguous``: nothing may be kept before a person has chosen.
    """

    format: str
    decks: tuple[BundleDeck, ...]
    problems: tuple[Problem, ...] = ()
    media: tuple[BundleMedia, ...] = ()
    declared: int | None = None
    ignored: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    ambiguous: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def notes(self) -> int:
        return sum(len(deck.notes) for deck in self.decks)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its bytes, or a path where it is large; ``name`` as its owner called it.

    ``folder``: where a reader lays the media it finds, so that they are there when it is done; ``None``: it only looks at them.
    """

    name: str = ""
    data: bytes | None = None
    path: Path | None = None
    folder: Path | None = None

    @property
    def size(self) -> int:
        if self.data is not None:
            return len(self.data)
        return self.path.stat().st_size if self.path else 0

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
