"""The ready sets of our own writing that an instance begins with: one and the same in each language of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kartoteka.formats.base import Bundle, BundleDeck, Source
from kartoteka.transfer import reader

FOLDER = Path(__file__).with_name("first")


@dataclass(frozen=True, slots=True)
class Ready:
    """``source``: by what the set is known for ever."""

    language: str
    source: str
    file: str
    title: str
    about: str
    tags: tuple[str, ...]

    def bundle(self) -> Bundle:
        read = reader.read(Source(name=self.file, data=(FOLDER / self.file).read_bytes()), {"between": "tab", "rows": "newline"}, format="text")
        deck = BundleDeck(self.title, read.decks[0].notes, self.about, self.tags, self.source, (self.language, self.language))
        return Bundle("text", (deck,))


READY = (
    Ready(
        "en",
        "kartoteka:how-memory-works",
        "how-memory-works.txt",
        "How memory works",
        "<p>Forgetting, spacing, recalling: what is known about learning for good, in 24 cards.</p>",
        ("memory", "learning"),
    ),
    Ready(
        "de",
        "kartoteka:wie-das-gedaechtnis-arbeitet",
        "wie-das-gedaechtnis-arbeitet.txt",
        "Wie das Gedächtnis arbeitet",
        "<p>Vergessen, verteilen, abrufen: was man darüber weiß, wie man auf Dauer lernt, in 24 Karten.</p>",
        ("Gedächtnis", "Lernen"),
    ),
)
