"""Finds the folders on a shelf: a part is a folder, and the folder is its registration."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType


@functools.cache
def parts(shelf: str, module: str) -> dict[str, ModuleType]:
    """The parts of a shelf by name, in their own order: ``parts("modes", "rules")["flashcards"].ask``.

    A folder without that module is no part: tests, or what several parts stand on. A part may also come from elsewhere, through an entry point of the group ``kartoteka.<shelf>``.
    """
    room = importlib.import_module(f"kartoteka.{shelf}")
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(room.__path__):
        if info.ispkg and importlib.util.find_spec(f"kartoteka.{shelf}.{info.name}.{module}"):
            found[info.name] = importlib.import_module(f"kartoteka.{shelf}.{info.name}.{module}")
    for point in entry_points(group=f"kartoteka.{shelf}"):
        found.setdefault(point.name, point.load())
    return dict(sorted(found.items(), key=lambda part: (getattr(part[1], "ORDER", 100), part[0])))


def part(shelf: str, name: str, module: str) -> ModuleType:
    """One part by its name, without loading the others. Raises ``KeyError`` where there is none."""
    try:
        return importlib.import_module(f"kartoteka.{shelf}.{name}.{module}")
    except ModuleNotFoundError:  # it comes from elsewhere, or is none
        return parts(shelf, module)[name]
