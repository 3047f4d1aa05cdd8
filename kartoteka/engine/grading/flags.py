"""Signs that an answer says the contrary: another number or name in the place, a denial, an opposite, two sides exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kartoteka.engine.grading.forms import tolerance
from kartoteka.engine.grading.overlap import Said, Wanted, contraries, found_in
from kartoteka.engine.grading.words import Word, compared

_PASSIVE = frozenset(("by", "von", "przez", "par", "por", "da", "door"))
_NEAR = 4  # words a denial reaches


@dataclass(frozen=True, slots=True)
class Flag:
    """A contradiction: what was written, what the card says. ``strong``: it caps the label; a weak one only asks."""

    kind: str
    wrote: str
    card: str
    strong: bool = True


def flags_of(wanted: Wanted, said: Said, point: str, window: str, names: frozenset[str], card: frozenset[str]) -> list[Flag]:
    """What in this clause contradicts this point. ``names``: names of the deck and the card; ``card``: every stem the card's answer has."""
    found = [*_other_number(wanted, said, point, card), *_opposites(wanted, said, card), *_denials(wanted, said), *_exchanged(wanted, said)]
    return found or _other_name(wanted, said, names)


def _shown(word: Word) -> str:
    return word.norm


def _other_number(wanted: Wanted, said: Said, point: str, card: frozenset[str]) -> list[Flag]:
    ours = [w for w in wanted.words if w.value is not None]
    if not ours:
        return []
    theirs = [w for w in said.words if w.value is not None]
    bound = _bound(wanted.words), _bound(said.words)
    for stem, word in bound[0].items():
        other = bound[1].get(stem)
        if other is not None and other.value != word.value and other.value in {w.value for w in ours}:
            return [Flag("number", f"{other.norm} {stem}", f"{word.norm} {stem}")]
    had = {w.value for w in theirs}
    for word in ours:
        if word.value in had or any(_within(point, word, w) for w in theirs):
            continue
        other = next((w for w in theirs if w.stem not in card and w.stem not in wanted.asked and _comparable(word, w)), None)
        if other is not None:
            return [Flag("number", _shown(other), _shown(word))]
    return []


def _within(point: str, word: Word, other: Word) -> bool:
    value = word.value or 0.0
    return abs((other.value or 0.0) - value) <= tolerance(point, value)


def _comparable(one: Word, other: Word) -> bool:
    years = [1000 <= abs(w.value or 0) <= 2100 and float(w.value or 0).is_integer() for w in (one, other)]
    return years[0] == years[1]


def _bound(words: Sequence[Word]) -> dict[str, Word]:
    """Each number by the word it counts."""
    bound: dict[str, Word] = {}
    for i, word in enumerate(words):
        if word.value is not None:
            counted = next((w for w in words[i + 1 : i + 3] if w.kind == "word"), None)
            if counted is not None:
                bound.setdefault(counted.stem, word)
    return bound


def _opposites(wanted: Wanted, said: Said, card: frozenset[str]) -> list[Flag]:
    return [Flag("opposite", _shown(wrote), _shown(word)) for word, wrote in contraries(wanted, said) if wrote.kind != "function" or word.kind != "function"][
        :1
    ]


def _denied(words: Sequence[Word]) -> tuple[set[str], set[str]]:
    """Stems that stand under a denial, and those that do not."""
    under: set[str] = set()
    free: set[str] = set()
    reach = 0
    for word in words:
        if word.kind == "negation":
            reach = _NEAR
        elif word.kind in ("word", "number"):
            (under if reach > 0 else free).add(word.stem)
            reach -= 2
        else:
            reach -= 1 if reach and word.kind == "function" else 0
    return under, free


def _denials(wanted: Wanted, said: Said) -> list[Flag]:
    ours, theirs = _denied(wanted.words), _denied(said.words)
    turned = (ours[0] & theirs[1] - theirs[0]) | (theirs[0] & ours[1] - ours[0])
    if not turned or (ours[0] and theirs[0]):
        return []
    either = [w for w in (*said.words, *wanted.words) if w.stem in turned]
    wrote = "not " if theirs[0] else ""
    return [Flag("denial", f"{wrote}{either[0].norm}", f"{'' if theirs[0] else 'not '}{either[0].norm}")]


def _exchanged(wanted: Wanted, said: Said) -> list[Flag]:
    """From A to B is not from B to A; A beats B is not B beats A, unless one of the two is a passive."""
    for joint in compared(said.lang) - _PASSIVE:
        ours, theirs = _sides(wanted.words, joint), _sides(said.words, joint)
        if ours is None or theirs is None:
            continue
        (left, right), (their_left, their_right) = ours, theirs
        crossed = (left - right) & their_right, (right - left) & their_left
        straight = ((left - right) & their_left) | ((right - left) & their_right)
        if crossed[0] and crossed[1] and len(crossed[0] | crossed[1]) > len(straight):
            return [
                Flag(
                    "exchange",
                    f"{_first(said.words, their_left & right)} … {joint} … {_first(said.words, their_right & left)}",
                    f"{_first(wanted.words, left & their_right)} … {joint} … {_first(wanted.words, right & their_left)}",
                )
            ]
    return _turned(wanted, said)


def _turned(wanted: Wanted, said: Said) -> list[Flag]:
    """Subject and object exchanged around the same verb."""
    shared = {w.stem for w in wanted.content} & said.stems
    ours = [w for w in wanted.words if w.stem in shared and w.kind == "word"]
    theirs = [w for w in said.words if w.stem in shared and w.kind == "word"]
    if not (3 <= len(ours) <= 4 and len(theirs) == len(ours)) or len({w.stem for w in ours}) < len(ours):
        return []
    if ours[0].stem == theirs[-1].stem and ours[-1].stem == theirs[0].stem and ours[1].stem == theirs[1].stem:
        passive = [any(w.norm in _PASSIVE for w in words) for words in (wanted.words, said.words)]
        if passive[0] == passive[1] and not any(w.norm in ("and", "und", "i", "et", "y") for w in (*wanted.words, *said.words)):
            return [Flag("exchange", " … ".join(w.norm for w in theirs), " … ".join(w.norm for w in ours))]
    return []


def _sides(words: Sequence[Word], joint: str) -> tuple[set[str], set[str]] | None:
    places = [i for i, w in enumerate(words) if w.norm == joint]
    if len(places) != 1:
        return None
    i = places[0]
    left, right = ({w.stem for w in part if w.kind in ("word", "number")} for part in (words[max(0, i - 6) : i], words[i + 1 : i + 7]))
    return (left, right) if left and right else None


def _first(words: Iterable[Word], stems: set[str]) -> str:
    return next((w.norm for w in words if w.stem in stems), "")


def _other_name(wanted: Wanted, said: Said, names: frozenset[str]) -> list[Flag]:
    """A name of the deck in another's place."""
    missing = [w for w in wanted.content if w.stem in names and w.stem not in wanted.asked and found_in(w, said) < 0.5]
    instead = [w for w in said.words if w.stem in names and w.stem not in wanted.stems and w.kind == "word"]
    rest = [w for w in wanted.content if w.stem not in names]
    met = sum(found_in(w, said) * w.says for w in rest)
    if missing and instead and rest and met >= 0.5 * sum(w.says for w in rest):
        return [Flag("name", _shown(instead[0]), _shown(missing[0]), strong=len(missing) == 1)]
    return []
