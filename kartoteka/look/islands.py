"""Finds every island of the house: ``modes/flashcards/island.js`` is served as it lies there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

HOUSE = Path(__file__).resolve().parent.parent
PATTERNS = ("island*.js", "island*.css", "service-worker.js")
ROOMS = ("modes", "games", "web")
Problems: TypeAlias = list[Any]


class IslandFinder(BaseFinder):
    """A file beside its page is served under its path in the house; nothing else of the house is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=HOUSE)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(HOUSE / name) for name in self._names() if name == path]
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in self._names():
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage

    def check(self, **kwargs: Any) -> Problems:
        return []

    def _names(self) -> Iterator[str]:
        for room in ROOMS:
            for pattern in PATTERNS:
                for file in sorted((HOUSE / room).rglob(pattern)):
                    yield file.relative_to(HOUSE).as_posix()
