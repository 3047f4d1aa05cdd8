"""Answers that say the card's very words but for one: another word in its place, or a denial more or less. Such a one is not right without being looked at."""

from __future__ import annotations

from collections.abc import Sequence

from kartoteka.engine.grading.flags import Flag, as_written, told
from kartoteka.engine.grading.folding import ATTACHING
from kartoteka.engine.grading.overlap import Said, Wanted, found_in, said_in
from kartoteka.engine.grading.signs import denials, exchanged
from kartoteka.engine.grading.tables import MEASURES
from kartoteka.engine.grading.word import Word
from kartoteka.engine.grading.words import denials_of

MOST_WORDS = 12  # content words of a statement that is compared word by word
SHARED = 0.5  # how much of a text of signs another one says that contradicts it
_SAME = 0.7  # how surely a word has to be found to be the same
SIGN = 2  # letters of a word that may name a thing, as in type AB


def tight_flags(wanted: Wanted, said: Said, reference: str, answer: str, elsewhere: frozenset[str]) -> tuple[Flag, ...]:
    """What differs between two statements that are otherwise the same, in the same order. ``elsewhere``: stems of the card's other accepted answers."""
    if said.lang in ("zh", "ja"):
        return _signs_flags(wanted, said, reference, answer)
    ours, theirs = told(wanted.words), told(said.words)
    if said.lang in ATTACHING and max(len(ours), len(theirs)) <= MOST_WORDS and _turned_over(wanted, said) and _shared(wanted, said):
        return _denied(wanted, said, ours or theirs)  # their verbs change too much to be told by their stems
    if not 2 <= len(ours) <= MOST_WORDS or len(ours) != len(theirs):
        return ()
    differ = [(a, b) for a, b in zip(ours, theirs, strict=True) if not _same(a, b, said.lang)]
    if not differ:
        return _denied(wanted, said, ours)
    if len(differ) > 1 or len(ours) - len(differ) < 1:
        return ()
    word, wrote = differ[0]
    if word.stem in wanted.asked or wrote.stem in wanted.stems | elsewhere or found_in(word, said) or _turned_over(wanted, said):
        return ()
    if not _of_a_kind(word, wrote) or not wanted.back.sense.taken.get(word.stem, frozenset()).isdisjoint(said.sense.sides):
        return ()
    return (Flag("instead", as_written(wrote.norm, said.words, answer), as_written(word.norm, wanted.words, reference)),)


def _signs_flags(wanted: Wanted, said: Said, reference: str, answer: str) -> tuple[Flag, ...]:
    """The same for texts of signs: a denial more or less, or two things that change their particles."""
    if not _shared(wanted, said):
        return ()
    if denials(reference, said.lang) % 2 != denials(answer, said.lang) % 2:
        return (Flag("denial", answer, reference),)
    swapped = exchanged(reference, answer) if said.lang == "ja" else None
    return (Flag("exchange", *swapped),) if swapped else ()


def _shared(wanted: Wanted, said: Said) -> bool:
    """Whether one of the two says a good part of the other."""
    return any(sum([found_in(w, there) for w in one]) >= SHARED * len(one) for one, there in ((wanted.content, said), (said.content, wanted.back)) if one)


def _same(one: Word, other: Word, lang: str) -> bool:
    return one.stem == other.stem or found_in(one, said_in((other,), lang)) >= _SAME


def _turned_over(wanted: Wanted, said: Said) -> bool:
    """One denies what the other says in another word: "is damaged" and "does not work"."""
    return denials_of(wanted.words, said.lang) % 2 != denials_of(said.words, said.lang) % 2


def _of_a_kind(word: Word, wrote: Word) -> bool:
    """Two numbers, two units, two signs that name things (type A, type AB), or two words."""
    if word.norm in MEASURES and wrote.norm in MEASURES:
        return True
    return (word.value is None, len(word.norm) <= SIGN) == (wrote.value is None, len(wrote.norm) <= SIGN)


def _denied(wanted: Wanted, said: Said, ours: Sequence[Word]) -> tuple[Flag, ...]:
    mine, theirs = (denials_of(words, said.lang) for words in (wanted.words, said.words))
    if mine % 2 == theirs % 2:
        return ()
    word = ours[-1].norm
    wrote, card = (f"not … {word}", word) if theirs > mine else (word, f"not … {word}")
    return (Flag("denial", wrote, card),)
