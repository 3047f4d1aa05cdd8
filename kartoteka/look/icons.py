"""Drawings put into the page: our own first, then those of Lucide."""

from __future__ import annotations

import functools
import re
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

from django.utils.html import format_html
from django.utils.safestring import SafeString

DRAWINGS = Path(__file__).resolve().parent / "drawings"
SVG = re.compile(r"<svg\b[^>]*?viewBox=\"(?P<box>[^\"]+)\"[^>]*>(?P<inside>.*)</svg>", re.DOTALL)
SIZES = {"": "i", "s": "i i-s", "l": "i i-l"}


@functools.cache
def drawing(name: str) -> tuple[str, SafeString]:
    """A drawing's view box and what stands inside it; an unknown name is a mistake in the page and is said at once."""
    own = DRAWINGS / f"{name}.svg"
    text = own.read_text("utf-8") if own.is_file() else _lucide(name)
    found = SVG.search(text)
    if found is None:
        raise ValueError(f"The drawing {name!r} has no view box")
    inside = re.sub(r">\s+<", "><", found["inside"].strip())
    return found["box"], SafeString(inside)


def icon(name: str, size: str = "", extra: str = "") -> SafeString:
    box, inside = drawing(name)
    return format_html('<svg class="{}" viewBox="{}" aria-hidden="true">{}</svg>', f"{SIZES[size]} {extra}".strip(), box, inside)


def dot(level: str) -> SafeString:
    """The shape of a level, without its word."""
    box, inside = drawing(level)
    return format_html('<svg class="dot {}" viewBox="{}" aria-hidden="true">{}</svg>', level, box, inside)


def mark() -> SafeString:
    box, inside = drawing("mark")
    return format_html('<svg viewBox="{}" aria-hidden="true">{}</svg>', box, inside)


@functools.cache
def _lucide(name: str) -> str:
    with (files("lucide") / "lucide.zip").open("rb") as file, ZipFile(file) as drawings:
        try:
            return drawings.read(f"{name}.svg").decode()
        except KeyError:
            raise ValueError(f"There is no drawing named {name!r}, neither ours nor Lucide's") from None
