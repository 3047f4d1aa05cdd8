"""The letters of a set's answers that a reader's keyboard may lack, for the row of letters under a field."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

MOST = 40
MOST_HAN = 24  # of more than these nobody looks for the right one in a row; who learns them has an input method


def letters(texts: Iterable[str], *, most: int = MOST) -> list[str]:
    """Letters beyond a to z, small, each once, in the order of their scripts; of many the commonest. They are those of all answers, so they give none away."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(sign for sign in unicodedata.normalize("NFC", text).lower() if not sign.isascii() and unicodedata.category(sign)[0] == "L")
    han = [sign for sign in found if _han(sign)]
    if len(han) > MOST_HAN:
        for sign in han:
            del found[sign]
    return sorted(sign for sign, _times in found.most_common(most))


def _han(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK")
