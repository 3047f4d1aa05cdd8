"""What a person may be called, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata

LEAST, MOST = 2, 60
_WRONG = re.compile(r"[^\w .'’·-]")
_SPACES = re.compile(r"\s+")


def tidy(name: str) -> str:
    """The name as it is kept and shown: composed letters, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip()


def key_of(name: str) -> str:
    """Two names with the same key are one name: case, width and spaces do not tell people apart."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())).strip()


def is_name(name: str) -> bool:
    """Letters of any script, figures, spaces and a few marks; it begins with a letter or figure and is no e-mail address."""
    return LEAST <= len(name) <= MOST and name[0].isalnum() and not _WRONG.search(name)
