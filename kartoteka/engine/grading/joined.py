"""What several words say together: twenty three, 13 billion, 1814–15, March 3, Louis XIV."""

from __future__ import annotations

from collections.abc import Iterator

from kartoteka.engine.grading import tables
from kartoteka.engine.grading.folding import ATTACHING
from kartoteka.engine.grading.numerals import ROMAN
from kartoteka.engine.grading.word import WEIGHTS, Word, number

MONTHS = {word: number for key, words in tables.MONTHS.items() for number, word in enumerate(words.split(), 1)}
AMBIGUOUS_MONTHS = frozenset(("may", "march", "mar", "mars", "mai", "sep", "dec")) & MONTHS.keys()
COUNTS: dict[str, dict[str, float]] = {
    lang: {word: float(number) for number, word in enumerate(words.split())} | {w: 10.0 * n for n, w in enumerate(tables.TENS.get(lang, "").split(), 2)}
    for lang, words in tables.COUNTS.items()
}
_TENS_OF = frozenset((20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0))
_BETWEEN = {"es": ("y",), "fr": ("et",), "pt": ("e",)}


def merged(found: list[Word], text: str, lang: str) -> Iterator[Word]:
    """Numbers of several words by their value, the end of a span of years as a year, and a month beside a number as a month."""
    i = 0
    while i < len(found):
        word = found[i]
        if word.value is not None or COUNTS.get(lang, {}).get(word.norm) == 1:
            summed, i = _summed(found, i, text, lang)
            word = summed or word
        if word.value is not None:
            if len(found) > i + 2 and found[i + 1].norm in ("pour", "por", "per") and found[i + 2].norm in ("100", "cent"):
                found[i + 1 : i + 3] = [Word("%", "%", "%", "word", 0.7, found[i + 1].start, found[i + 2].end)]
            following = found[i + 1] if i + 1 < len(found) else None
            if following is not None and _short_year(word, following, text):
                found[i + 1] = number(word.value // 100 * 100 + (following.value or 0), following.start, following.end, "")
        elif (counted := _roman(word, found[i - 1] if i else None, text)) is not None:
            word = number(counted, word.start, word.end, "")._replace(norm=word.norm, kind="word", says=WEIGHTS["word"])  # a part of the name
        elif not word.month and word.norm in AMBIGUOUS_MONTHS and _beside_number(found, i):
            month = MONTHS[word.norm]
            word = Word(word.norm, word.bare, f"month{month}", "word", WEIGHTS["word"], word.start, word.end, month=month)
        elif word.norm in tables.FIRST and i + 1 < len(found) and found[i + 1].norm in MONTHS:
            word = found[i] = number(1.0, word.start, word.end, "")
        yield word
        i += 1


def _summed(found: list[Word], i: int, text: str, lang: str, steps: int = 2) -> tuple[Word | None, int]:
    """The number that begins at a word and goes on in the next ones, and where it ends: twenty three, cuarenta y dos, one hundred, 13 billion."""
    first = found[i]
    value, end = (COUNTS[lang][first.norm] if first.value is None else first.value), i
    spelled = text[first.start].isalpha()
    while end + 1 < len(found):
        following, after = found[end + 1], end + 1
        if following.norm in _BETWEEN.get(lang, ()) and after + 1 < len(found) and spelled and value in _TENS_OF:
            following, after = found[after + 1], after + 1
        near = text[found[end].end : following.start].strip() in ("", "-", "y", "e", "et") and not text[following.start].isdecimal()
        scale = tables.SCALES.get(following.norm) or (following.value if following.value in (100, 1_000) else None)
        if scale and near and value < scale and (len(following.norm) > 1 or (following.start == first.end and following.norm == "k")):
            value, end = value * scale, after
        elif spelled and near and (more := following.value or COUNTS.get(lang, {}).get(following.norm)) is not None and _adds(value, more, lang):
            value, end = value + more, after
        elif steps and spelled and value >= 100 and value % 100 == 0:
            rest = _rest(found, end, text, lang, steps - 1)
            if rest is None or rest[0] >= (1_000 if value % 1_000 == 0 else 100):
                break
            return number(value + rest[0], first.start, found[rest[1]].end, ""), rest[1]
        else:
            break
    return (number(value, first.start, found[end].end, ""), end) if end > i else (None, i)


def _rest(found: list[Word], end: int, text: str, lang: str, steps: int) -> tuple[float, int] | None:
    """What goes on after hundreds and thousands: (one thousand,) nine hundred (and) five."""
    at = end + 1 + (found[end + 1].norm == "and" and end + 2 < len(found))
    if text[found[end].end : found[at].start].strip() not in ("", ",", "and", ", and") or not text[found[at].start].isalpha():
        return None
    summed, last = _summed(found, at, text, lang, steps) if found[at].value is not None else (None, at)
    more = (summed or found[at]).value
    return None if more is None else (more, last)


def _adds(value: float, more: float, lang: str) -> bool:
    """Whether a number word goes on with another: twenty and three; soixante et quinze; three and ten, where that is how thirteen is said."""
    if value in _TENS_OF:
        return 1 <= more <= (19 if lang == "fr" and value in (60, 80) else 9)
    return lang in ATTACHING and 1 <= value <= 9 and more == 10


def _roman(word: Word, before: Word | None, text: str) -> float | None:
    """The value of a Roman number that follows a name: Louis XIV, World War I."""
    if word.norm not in ROMAN or before is None or before.kind != "word" or word.start != before.end + 1:
        return None
    return ROMAN[word.norm] if text[word.start : word.end].isupper() and text[before.start].isupper() else None


def _short_year(word: Word, following: Word, text: str) -> bool:
    """Whether a number is the end of a span of years: 1814–15."""
    first, last = word.value or 0, following.value or 0
    return 1000 <= first <= 2100 and following.end - following.start == 2 and text[word.end : following.start] in ("-", "–", "/") and first % 100 < last <= 99


def _beside_number(found: list[Word], i: int) -> bool:
    return any(0 <= j < len(found) and found[j].value is not None for j in (i - 1, i + 1))
