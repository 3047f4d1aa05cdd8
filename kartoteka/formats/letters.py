"""Letters that were read in the wrong encoding once (“FranÃ§ais”, “Ïðèâåò”): found, and repaired where somebody says so.

A side is only touched where the way back is exact: written in the wrong encoding again it gives bytes that the right one reads, and these read
wrongly again give the very same side.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

from kartoteka.formats import codepages
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleNote, Problem, Said

SWITCH, KEEP, REPAIR = "letters", "keep", "repair"
LOOKED_AT, SHOWN, LONGEST, DEEPEST = 2_000, 4, 20_000, 3
_WRONG = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp437", "cp850", "cp866", "koi8-r", "latin-1")  # what UTF-8 is taken for
_LATIN_WORD = re.compile(r"[^\W\d_]{3,}")
_MANY = 3  # so many words beyond doubt make an old code page
_UNSEEN = "\n\t\u00a0\u200b\u200d\u00ad\u2028"
_STRANGE = re.compile("[\ue000-\uf8ff\U00010000-\U0001efff\U00020000-\U0010ffff]")  # what no list of words holds; of the letters beyond, pictographs may be
_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Way:
    """Text in ``right`` was read as ``wrong``."""

    right: str
    wrong: str

    def back(self, text: str) -> str:
        """The text as it was meant; the same where the way back is not exact."""
        for _nth in range(DEEPEST if self.right == "utf-8" else 1):
            mended = self._once(text)
            if mended == text:
                break
            text = mended
        return text

    def _once(self, text: str) -> str:
        if text.isascii() or len(text) > LONGEST:
            return text
        try:
            raw = _bytes(text, self.wrong)
            mended = raw.decode(codepages.codec_of(self.right))
            exact = _text(mended.encode(codepages.codec_of(self.right)), self.wrong) == text
        except (UnicodeError, LookupError):
            return text
        return mended if exact and all(sign.isprintable() or sign in _UNSEEN for sign in mended) and not _STRANGE.search(mended) else text


def offer(bundle: Bundle, options: Mapping[str, str]) -> Bundle:
    """The Bundle with a switch where its letters look broken; with them repaired where the switch says so. Else as it is."""
    found = list(islice(_sides(bundle), LOOKED_AT))
    way = likeliest(found) if found else None
    if way is None:
        return bundle
    pairs = [(_shown(side), _shown(mended)) for side in found if (mended := way.back(side)) != side]
    pairs = sorted(dict.fromkeys(pairs), key=lambda pair: len(pair[0]) > 60)[:SHOWN]
    on = options.get(SWITCH) == REPAIR
    before, after = pairs[0]
    what = Said(
        "Some letters seem to have been read in the wrong encoding once: “%(before)s” may be “%(after)s”. The switch “letters” repairs them.",
        before=before,
        after=after,
    )
    return replace(
        _repaired(bundle, way) if on else bundle,
        choices={**bundle.choices, SWITCH: REPAIR if on else KEEP},
        offers={**bundle.offers, SWITCH: ((KEEP, before), (REPAIR, after))},
        problems=bundle.problems if on else (Problem("the file", what, "info"), *bundle.problems),
        extra={**bundle.extra, SWITCH: pairs},
    )


def about(problem: Problem) -> bool:
    """Whether this is what ``offer`` says where nobody has decided yet."""
    return isinstance(problem.what, Said) and "after" in problem.what.values


def likeliest(sides: Iterable[str]) -> Way | None:
    """How these sides were broken, where enough of them were; else ``None``."""
    broken = [side for side in sides if not side.isascii() and len(side) <= LONGEST]
    if not broken:
        return None
    together = "\n".join(broken)
    possible = (Way("utf-8", wrong) for wrong in _WRONG if _pairs(wrong).search(together))
    ways = {way: sum(way.back(side) != side for side in broken) for way in possible}
    best = max(ways, key=lambda way: ways[way], default=None)
    if (best is None or ways[best] * 2 < len(broken)) and (page := _old_page(broken)):
        return page
    return best if best and ways[best] * 10 >= len(broken) and (ways[best] > 1 or _sure(broken, best)) else None


@cache
def _pairs(wrong: str) -> re.Pattern[str]:
    """What the first two bytes of a letter in UTF-8 look like, taken for this encoding."""
    first, next_ = (re.escape("".join(bytes((byte,)).decode(wrong, "ignore") or chr(byte) for byte in range(*span))) for span in ((0xC2, 0xF5), (0x80, 0xC0)))
    return re.compile(f"[{first}][{next_}]")


def _sure(broken: Iterable[str], way: Way) -> bool:
    """Whether the only side that could be repaired speaks for itself: what two letters may be by chance, six are not."""
    return any(len(side) - len(mended) >= 3 or way.wrong == "cp1252" for side in broken if (mended := way.back(side)) != side)


def _old_page(broken: list[str]) -> Way | None:
    """An old code page that was read as Latin letters: whole words of nothing but accents, as no language has them."""
    words = [word for side in broken for word in _LATIN_WORD.findall(_MARKUP.sub(" ", side))]
    foreign = [word for word in words if not word.isascii()]
    odd = [word for word in foreign if all("\u0080" <= sign <= "\u00ff" for sign in word)]
    if len(odd) < _MANY or len(odd) * 5 < len(foreign) * 3:
        return None
    try:
        right = codepages.guess(" ".join(odd).encode("cp1252"))
    except UnicodeError:
        return None
    return Way(right, "cp1252") if right not in ("cp1252", "cp1250", "cp1254", "mac_roman", "cp850", "iso8859_2") else None


def _bytes(text: str, wrong: str) -> bytes:
    if wrong != "cp1252":
        return text.encode(wrong)
    return b"".join(bytes((ord(sign),)) if "\x80" <= sign <= "\x9f" else sign.encode("cp1252") for sign in text) if _C1.search(text) else text.encode("cp1252")


def _text(raw: bytes, wrong: str) -> str:
    return raw.decode(wrong, "surrogateescape" if wrong != "cp1252" else "kartoteka-holes")


_C1 = re.compile("[\x80-\x9f]")
codecs.register_error("kartoteka-holes", lambda error: (chr(error.object[error.start]), error.start + 1) if isinstance(error, UnicodeDecodeError) else ("", error.end))  # type: ignore[attr-defined]  # fmt: skip


def _sides(bundle: Bundle) -> Iterator[str]:
    for deck in bundle.decks:
        if not deck.title.isascii():
            yield deck.title
        for note in deck.notes:
            for html in note.fields.values():
                if not html.isascii():
                    yield html


def _shown(side: str) -> str:
    words = " ".join(_MARKUP.sub(" ", side).split())
    return words if len(words) <= 60 else words[:59] + "…"


def _repaired(bundle: Bundle, way: Way) -> Bundle:
    return replace(bundle, decks=tuple(_deck(deck, way) for deck in bundle.decks))


def _deck(deck: BundleDeck, way: Way) -> BundleDeck:
    return replace(
        deck,
        title=way.back(deck.title),
        description=way.back(deck.description),
        tags=tuple(map(way.back, deck.tags)),
        notes=tuple(note if _plain(note) else _note(note, way) for note in deck.notes),
    )


def _plain(note: BundleNote) -> bool:
    return not note.extra and not note.cards and all(html.isascii() for html in note.fields.values()) and all(tag.isascii() for tag in note.tags)


def _note(note: BundleNote, way: Way) -> BundleNote:
    return replace(
        note,
        fields={name: way.back(html) for name, html in note.fields.items()},
        original={name: way.back(html) for name, html in note.original.items()},
        tags=tuple(map(way.back, note.tags)),
        extra=_inside(note.extra, way),
        cards=tuple(_card(card, way) for card in note.cards),
    )


def _card(card: BundleCard, way: Way) -> BundleCard:
    return replace(card, sides=(way.back(card.sides[0]), way.back(card.sides[1]))) if card.sides else card


def _inside(value: Any, way: Way) -> Any:
    if isinstance(value, str):
        return "\x1f".join(map(way.back, value.split("\x1f")))
    if isinstance(value, Mapping):
        return {name: _inside(one, way) for name, one in value.items()}
    return [_inside(one, way) for one in value] if isinstance(value, list | tuple) else value


__all__ = ["SWITCH", "about", "offer"]
