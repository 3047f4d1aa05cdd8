"""Anki's packages of a whole collection (.colpkg): every deck, every file, every review."""

from __future__ import annotations

from collections.abc import Mapping

from kartoteka.formats.anki.bundling import read_package
from kartoteka.formats.anki.packages import DROPS as DROPS
from kartoteka.formats.anki.packages import KEEPS as KEEPS
from kartoteka.formats.anki.packages import MIME as MIME
from kartoteka.formats.anki.packages import sure_of
from kartoteka.formats.anki.packages import write as write
from kartoteka.formats.base import Bundle, Said, Source

TITLE = Said("Anki collection package (.colpkg)")
WHOLE = True
EXTENSIONS = (".colpkg",)


def recognises(head: bytes, name: str) -> float:
    return sure_of(head, name, EXTENSIONS, unnamed=0.5)


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    return read_package(source, options, "colpkg")
