"""A card as the engine sees it: two sides, what class each is, and the points of a long one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kartoteka.engine.formulas import in_words

SideClass = Literal["short", "medium", "long", "quote", "media", "cloze"]
Direction = Literal["forward", "reversed"]
HINT = "hint"  # what a note calls its further field with the author's own hint


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a long side says: a leaf bullet, a sentence or a clause.

    ``text`` is the point alone, ``context`` the headings above it, outermost first
    (``("Planets", "Saturn")``); a parent bullet is context, never a point of its own.
    """

    text: str
    context: tuple[str, ...] = ()
    must_have: bool = False

    @property
    def alone(self) -> str:
        """The point as it is shown without its list: ``Planets › Saturn: its rings are mostly ice``."""
        return f"{' › '.join(self.context)}: {self.text}" if self.context else self.text


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a card. ``html`` is the clean form, ``text`` the same in plain words."""

    html: str
    text: str
    kind: SideClass = "short"
    lang: str = ""
    points: tuple[Point, ...] = ()

    @property
    def said(self) -> str:
        """The plain words as a list shows them: formulas as one reads them, not their source."""
        return in_words(self.text, self.html)

    @property
    def empty(self) -> bool:
        return self.kind != "media" and not self.text.strip()


@dataclass(frozen=True, slots=True)
class Item:
    """A card ready to be asked. ``id``, ``note`` and ``deck`` are UUIDs as 32 hex digits.

    ``accepted``: further accepted answers for the side this card asks for; ``distractors``: the author's own wrong answers; ``confused``: cards this learner took it for;
    ``siblings``: how many other cards its note has, where that was asked.
    """

    id: str
    note: str
    deck: str
    front: Side
    back: Side
    direction: Direction = "forward"
    position: int = 0
    tags: tuple[str, ...] = ()
    starred: bool = False
    accepted: tuple[str, ...] = ()
    distractors: tuple[str, ...] = ()
    confused: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    siblings: int = 0

    @property
    def hint(self) -> str:
        """The author's own hint, as clean HTML; empty: there is none."""
        return self.extra.get(HINT, "")

    @property
    def askable(self) -> bool:
        """Both sides hold something to show."""
        return not (self.front.empty or self.back.empty)
