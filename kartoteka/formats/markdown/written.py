"""A card as it stands in a note program's file, before its Markdown is made HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
HASHTAG = re.compile(r"(?:(?<=\s)|\A)#([^\s#,.;:!?()\[\]{}\"'`<>]{1,100})")


@dataclass(slots=True)
class Written:
    """A card in Markdown. ``both``: asked in both directions; ``standing``: what is known of its schedules, a card each."""

    term: str
    definition: str = ""
    line: int = 1
    kind: str = "basic"
    both: bool = False
    tags: tuple[str, ...] = ()
    deck: str = ""
    guid: str = ""
    standing: tuple[Mapping[str, Any], ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    html: bool = False


def front_matter(text: str) -> tuple[dict[str, list[str]], int]:
    """What stands between the first two lines of ``---``, and how many lines that is; lists as lists."""
    lines = text.split("\n", 400)
    if not lines or lines[0].strip() not in ("---", "+++"):
        return {}, 0
    end = next((at for at, line in enumerate(lines[1:400], start=1) if line.strip() == lines[0].strip()), 0)
    said: dict[str, list[str]] = {}
    last = ""
    for line in lines[1:end]:
        if found := re.match(r"([\w-]{1,60})\s*[:=]\s*(.*)$", line):
            last = found[1].lower()
            said[last] = [part for raw in found[2].strip().strip("[]").split(",") if (part := raw.strip().strip("\"'#"))]
        elif last and (found := re.match(r"\s*-\s+(.*)$", line)):
            said[last].append(found[1].strip().strip("\"'#"))
    return (said, end + 1) if end and said else ({}, 0)


def blocks_of(lines: list[str], begin: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines without a blank one, each with the number of its first line (from 0); a fence is never parted."""
    own: list[str] = []
    start, fence = begin, ""
    for at in range(begin, len(lines)):
        line = lines[at]
        if found := FENCE.match(line):
            if not fence:
                fence = found[1]
            elif found[1].startswith(fence[0]) and len(found[1]) >= len(fence):
                fence = ""
        if not line.strip() and not fence:
            if own:
                yield start, own
            own = []
            continue
        if not own:
            start = at
        own.append(line)
    if own:
        yield start, own
