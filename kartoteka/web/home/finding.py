"""What a search found, as the page shows it: cards by set, the words marked, and what is known of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kartoteka.library.models import Deck, Note
from kartoteka.library.queries import Found
from kartoteka.people.models import Person
from kartoteka.study import queries as study

AROUND_SIGNS, MOST_SIGNS = 60, 200
Marked = Sequence[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A card that holds the words. The sides are in pieces: whether it is one of the words, and the text."""

    note: Note
    term: Marked
    definition: Marked
    level: str


@dataclass(frozen=True, slots=True)
class Hits:
    deck: Deck
    cards: Sequence[Hit]


def hits(found: Found, words: str, learner: Person, now_ms: int) -> Iterator[Hits]:
    """The cards found, by set."""
    for deck, notes in groupby(found.cards, key=lambda note: note.deck):
        levels = study.standing_of(learner, deck, now_ms).of_note
        yield Hits(deck, [Hit(note, marked(note.shown_term, words), marked(note.shown_definition, words), levels.get(note.id.hex, "new")) for note in notes])


def marked(text: str, words: str) -> Marked:
    """A side in one line, cut around the first of the words, in pieces."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words.split(), key=len, reverse=True)) or r"(?!)", re.IGNORECASE)
    first = pattern.search(line)
    start = max(0, first.start() - AROUND_SIGNS) if first and first.start() > MOST_SIGNS - AROUND_SIGNS else 0
    start = line.find(" ", start) + 1 if start else 0
    cut = ("… " if start else "") + line[start : start + MOST_SIGNS].strip() + (" …" if start + MOST_SIGNS < len(line) else "")
    pieces, at = [], 0
    for word in pattern.finditer(cut):
        pieces += [(False, cut[at : word.start()]), (True, word[0])]
        at = word.end()
    return [piece for piece in [*pieces, (False, cut[at:])] if piece[1]]
