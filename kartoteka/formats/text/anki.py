"""Anki's text export: lines of ``#separator:`` and the like above rows with quotes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_LINE = re.compile(r"#(separator|html|columns|notetype|deck|tags|(?:notetype|deck|tags|guid) column|if matches|match scope):(.*)$", re.I)
_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
PLACES = ("notetype column", "deck column", "tags column", "guid column")


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines say, and how many they are."""

    said: Mapping[str, str]
    lines: int
    columns: Sequence[str] = field(default=())

    @property
    def sign(self) -> str:
        named = self.said.get("separator", "tab")
        return _SIGNS.get(named.strip().lower(), named[:1] or "\t")

    @property
    def html(self) -> bool:
        return self.said.get("html", "").strip().lower() == "true"

    def places(self, width: int) -> dict[str, int]:
        """The special columns that there are, counted from 0. Where they would leave no two sides, none of them is believed."""
        found = {name.removesuffix(" column"): int(said) - 1 for name in PLACES if (said := self.said.get(name, "").strip()).isdecimal() and len(said) < 6}
        found = {name: at for name, at in found.items() if 0 <= at < width}
        return found if width - len(set(found.values())) >= 2 or not found else {}


def header_of(text: str) -> Header | None:
    """The header of Anki's text export; ``None`` where the text is another."""
    if not text.startswith("#"):
        return None
    said: dict[str, str] = {}
    lines = 0
    for line in text.split("\n", 40)[:40]:
        found = _LINE.match(line)
        if not found:
            break
        said[found[1].lower()] = found[2]
        lines += 1
    if not lines:
        return None
    header = Header(said, lines)
    named = said.get("columns", "")
    return Header(said, lines, tuple(named.split(header.sign if header.sign in named else "\t"))) if named else header
