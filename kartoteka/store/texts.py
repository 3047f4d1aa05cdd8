"""Texts as every database writes them."""

from __future__ import annotations


def writable(text: str) -> str:
    """The same text without zero bytes and halves of signs, which PostgreSQL refuses and no keyboard types."""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        return text.replace("\0", "").encode("utf-8", "replace").decode()
    return text
