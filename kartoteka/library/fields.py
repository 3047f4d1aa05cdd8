"""A note's fields as they are kept: clean, in plain words, and as they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kartoteka.engine.text import plain
from kartoteka.library.clean import CLEANER, bare, clean
from kartoteka.library.files import placed

SIDES = ("term", "definition")
_SEEN = ("<img", "<audio", "<math")


@dataclass(frozen=True, slots=True)
class Written:
    """Everything of a note that follows from what was written on it."""

    term: str
    definition: str
    term_text: str
    definition_text: str
    fields: dict[str, str]
    original: dict[str, str]
    cleaner: int = CLEANER

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def changes(self, note: Any) -> bool:
        """Whether a learner would see a difference."""
        return (self.term, self.definition) != (note.term, note.definition) or any(note.fields.get(name) != html for name, html in self.fields.items())


def written(raw: Mapping[str, str], deck_id: UUID, known: Mapping[str, str]) -> Written:
    """What is kept of raw HTML fields. The original only where it is not what is shown."""
    if all(map(is_words, raw.values())):
        more = {name: html for name, html in raw.items() if name not in SIDES}
        term, definition = raw.get("term", ""), raw.get("definition", "")
        return Written(term, definition, term, definition, more, {})
    shown = {name: shown_form(html, deck_id, known) for name, html in raw.items()}
    term, definition = (shown.pop(side, "") for side in SIDES)
    original = {name: html for name, html in raw.items() if html != {"term": term, "definition": definition, **shown}[name]}
    return Written(term, definition, plain(term), plain(definition), shown, original)


class Lazily:
    """What is kept of raw HTML fields, made only where somebody asks: most notes that come in again are as they were."""

    __slots__ = ("deck_id", "found", "known", "raw")

    def __init__(self, raw: Mapping[str, str], deck_id: UUID, known: Mapping[str, str]) -> None:
        self.raw, self.deck_id, self.known = raw, deck_id, known
        self.found: Written | None = None

    def __call__(self) -> Written:
        if self.found is None:
            self.found = written(self.raw, self.deck_id, self.known)
        return self.found

    def term_text(self) -> str:
        return self().term_text


def is_words(html: str) -> bool:
    """Whether a field is shown and read as it is written: words and single spaces, nothing else."""
    # Printable: no space but the plain one, so there are no spaces to make one of.
    return html.isprintable() and "  " not in html and bare(html) and html[:1] != " " and html[-1:] != " "


def shown_form(raw: str, deck_id: UUID, known: Mapping[str, str]) -> str:
    """The clean form, placed; empty where nothing of it can be seen or heard."""
    html = placed(clean(raw), known, deck_id)
    return html if plain(html) or any(sign in html for sign in _SEEN) else ""
