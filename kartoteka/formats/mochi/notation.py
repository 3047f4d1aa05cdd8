"""Clojure's notations as values: EDN as text, Transit as JSON. Nothing in them is ever run; depth is bounded."""

from __future__ import annotations

import json
import re
from typing import Any

from kartoteka.formats.base import Said, Unreadable

DEEPEST = 100
MOST_TOKENS = 5_000_000
_TOKEN = re.compile(
    r'[\s,]+|;[^\n]*|"(?:[^"\\]|\\.)*"|\\(?:newline|space|tab|return|u[0-9a-fA-F]{4}|.)|#\{|#_|#[A-Za-z=][\w./-]*|[(){}\[\]]|[^\s,()\[\]{}"#;]+|#', re.S
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "b": "\b", "f": "\f"}
_CLOSING = {"(": ")", "[": "]", "{": "}", "#{": "}"}
BROKEN = Said("The cards in this Mochi file are cut or damaged. Export the deck from Mochi again.")


def edn(text: str) -> Any:
    """A value written in EDN. Keywords become their name with a colon; sets become lists; a tagged value is its value."""
    stack: list[tuple[str, list[Any]]] = [("", [])]
    skipped: list[int] = []
    for many, found in enumerate(_TOKEN.finditer(text)):
        sign = found[0]
        if many > MOST_TOKENS:
            raise Unreadable(Said("This Mochi file holds more than can be read. Export it in parts."))
        if sign[0] in " \t\r\n,;" or sign.isspace():
            continue
        if sign in _CLOSING:
            if len(stack) > DEEPEST:
                raise Unreadable(Said("The cards in this Mochi file stand deeper within each other than %(most)s. It was not read.", most=DEEPEST))
            stack.append((sign, []))
            continue
        if sign in ")]}":
            opened, items = stack.pop()
            if not stack or _CLOSING.get(opened) != sign:
                raise Unreadable(BROKEN)
            _add(stack[-1][1], _made(opened, items), skipped)
        elif sign == "#_":
            skipped.append(1)
        elif sign.startswith("#"):
            if sign not in ("#inst", "#uuid"):
                raise Unreadable(Said("This Mochi file asks for “%(sign)s”, which no deck does. Nothing of it was run, and nothing was read.", sign=sign[:40]))
        else:
            _add(stack[-1][1], _atom(sign), skipped)
    if len(stack) != 1 or not stack[0][1]:
        raise Unreadable(BROKEN)
    return stack[0][1][0]


def _add(items: list[Any], value: Any, skipped: list[int]) -> None:
    if skipped:
        skipped.pop()
    else:
        items.append(value)


def _made(opened: str, items: list[Any]) -> Any:
    if opened != "{":
        return items
    return {_key(key): value for key, value in zip(items[::2], items[1::2], strict=False)}


def _key(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool) or value is None else repr(value)[:200]


def _atom(sign: str) -> Any:
    if sign[0] == '"':
        return re.sub(
            r"\\(u[0-9a-fA-F]{4}|.)",
            lambda found: chr(int(found[1][1:], 16)) if len(found[1]) == 5 else _ESCAPES.get(found[1], found[1]),
            sign[1:-1],
            flags=re.S,
        )
    if sign in ("true", "false", "nil"):
        return {"true": True, "false": False, "nil": None}[sign]
    if re.fullmatch(r"[+-]?\d{1,18}N?", sign):
        return int(sign.rstrip("N"))
    if re.fullmatch(r"[+-]?\d{1,18}(?:\.\d*)?(?:[eE][+-]?\d{1,3})?M?", sign):
        return float(sign.rstrip("M"))
    return sign


# Transit.


def transit(text: str) -> Any:
    """A value written in Transit's JSON: ``["^ ", …]`` maps, ``~:`` keys, ``~#`` tags, and ``^0`` for what came before."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(BROKEN) from error
    return _Transit().value(raw, 0)


class _Transit:
    _BASE = 44

    def __init__(self) -> None:
        self.known: list[str] = []

    def value(self, raw: Any, depth: int, *, key: bool = False) -> Any:
        if depth > DEEPEST:
            raise Unreadable(Said("The cards in this Mochi file stand deeper within each other than %(most)s. It was not read.", most=DEEPEST))
        if isinstance(raw, str):
            return self._word(self._cached(raw, key=key))
        if isinstance(raw, dict):
            return {_key(self.value(name, depth + 1, key=True)): self.value(value, depth + 1) for name, value in raw.items()}
        if not isinstance(raw, list) or not raw:
            return raw
        if raw[0] == "^ ":
            found: dict[Any, Any] = {}
            for at in range(1, len(raw) - 1, 2):
                name = self.value(raw[at], depth + 1, key=True)
                found[_key(name)] = self.value(raw[at + 1], depth + 1)
            return found
        if isinstance(raw[0], str):
            tag = self._cached(raw[0], key=False)
            if tag.startswith("~#") and len(raw) == 2:
                inner = self.value(raw[1], depth + 1)
                if tag == "~#cmap" and isinstance(inner, list):
                    return {_key(name): value for name, value in zip(inner[::2], inner[1::2], strict=False)}
                return inner
            return [self._word(tag), *(self.value(item, depth + 1) for item in raw[1:])]
        return [self.value(item, depth + 1) for item in raw]

    def _cached(self, word: str, *, key: bool) -> str:
        """A word, or the one that a code such as ``^0`` stands for."""
        if len(word) > 1 and word[0] == "^" and word != "^ ":
            at = ord(word[1]) - 48 if len(word) == 2 else (ord(word[1]) - 48) * self._BASE + ord(word[2]) - 48
            if not 0 <= at < len(self.known):
                raise Unreadable(BROKEN)
            return self.known[at]
        if len(word) > 3 and (key or word.startswith(("~:", "~$", "~#"))):
            if len(self.known) >= self._BASE * self._BASE:
                self.known.clear()
            self.known.append(word)
        return word

    def _word(self, word: str) -> Any:
        if not word.startswith("~") or len(word) < 2:
            return word
        sign, rest = word[1], word[2:]
        if sign in "~^`":
            return word[1:]
        if sign == ":":
            return f":{rest}"
        if sign in "in" and re.fullmatch(r"-?\d{1,18}", rest):
            return int(rest)
        return rest


__all__ = ["BROKEN", "edn", "transit"]
