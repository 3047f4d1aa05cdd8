"""Where what was written differs from what is right: words that stand, words too many, words that are lacking."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

MOST_SIGNS = 400  # longer answers are told apart word by word
LIKE = 0.6  # words as like as this differ by letters; others are another word
SHARED = 0.3  # texts that share less than this of their signs are altogether different, and what they share is chance

Is = Literal["same", "gone", "new"]


class Piece(NamedTuple):
    """A piece of both texts: in both, only in what was written ("gone"), only in what is right ("new")."""

    text: str
    is_: Is


def differing(written: str, right: str) -> list[Piece]:
    """The way from what was written to what is right. Nothing to tell where one is empty or little is alike."""
    written, right = " ".join(written.split()), " ".join(right.split())
    if not written or not right or written == right:
        return []
    by_signs = len(written) + len(right) <= MOST_SIGNS and SequenceMatcher(None, written.casefold(), right.casefold(), autojunk=False).ratio() >= LIKE
    first, second = (list(written), list(right)) if by_signs else (_words(written), _words(right))
    matcher = SequenceMatcher(None, [one.casefold() for one in first], [one.casefold() for one in second], autojunk=False)
    pieces: list[Piece] = []
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            _add(pieces, "".join(second[k:m]), "same")
            continue
        _add(pieces, "".join(first[i:j]), "gone")
        _add(pieces, "".join(second[k:m]), "new")
    shared = sum(len(piece.text) for piece in pieces if piece.is_ == "same" and piece.text.strip())
    return pieces if shared >= SHARED * max(len(written), len(right)) else []


def _words(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")]


def _add(pieces: list[Piece], text: str, is_: Is) -> None:
    if text:
        pieces.append(Piece(text, is_))
