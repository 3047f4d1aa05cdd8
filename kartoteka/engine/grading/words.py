"""A text as words: each with its place, its stem, its value if it is a number, and how much it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from kartoteka.engine.grading import tables
from kartoteka.engine.grading.compounds import PARTICLES, infinitive, infinitives, verb_forms
from kartoteka.engine.grading.numerals import ROMAN, number_of

MOST_SIGNS = 2_000  # an answer is judged by so many signs
WEIGHTS = {"function": 0.08, "negation": 0.25, "ordinary": 0.75, "word": 1.0, "number": 1.1, "sign": 0.3}

_LETTER = r"[^\W\d_]"
_MARK = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0955-\u0963\u0980-\u0983\u09bc-\u09cd\u0a00-\u0dff\u0e31-\u0e4e\u200c\u200d"
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)"
    r"|(?P<number>(?<![\w.,])[-−–]?\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|(?:(?<![\w)\]–-])[-−])?\d+(?:[.,]\d+)*)(?:(?P<ordinal>st|nd|rd|th|ten|te|ter|tes|er|ère|e|s)(?![^\W\d_]))?"
    rf"|(?P<word>{_LETTER}(?:[^\W_]|[{_MARK}]|['’ʼ‘](?={_LETTER})|(?<=n)\"(?=t\b))*)"
    r"|(?P<plain>\d+)"
    r"|(?P<sign>->|=>|<-|<=|>=|[<>≤≥=+%$€£°→←↔&±×])"
)
_SPOKEN_SIGNS = {"&": "and", "+": "+", "%": "%", "$": "$", "€": "€", "£": "£", "→": "->", "=>": "->", "≥": ">=", "≤": "<="}
_SIGN_WORDS = {">": "greater", "<": "less", "=": "equal", "+": "and"}
ACCIDENTALS = str.maketrans("♯♭", "#b")  # of notes, as one types them
_LATIN_EXTRAS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "’": "'", "ʼ": "'", "‘": "'"})
_SEMITIC = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None, "ک": "ك", "ی": "ي", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "״": None, "׳": None,
})  # fmt: skip
_CONTRACTED = re.compile(r"^(do|does|did|is|are|was|were|has|have|had|wo|would|could|should|ca|must|ai|need)n['’\"]?t$")
_CLITIC = re.compile(r"^(?:l|d|j|qu|n|s|t|m|c|dell|all|dall|nell|sull|un)['’](?=\w\w)", re.IGNORECASE)
# "fuer" is "für"; "neue", "Quelle", "aktuell", "zuerst", "Poet", "Israel", "aerob" stay.
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n–—]")
_TYPED_UMLAUT = re.compile(r"(?<![aeiouäöüqy])(?:ae(?!ro|ls?\b)|oe(?!t|ffi|xis|ben)|(?!(?<=z)ue(?:rst|nde|rk))ue(?!ll))")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_TWENTY_THREE = re.compile(r"^(ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)$")


class Word(NamedTuple):
    """One word of a text. ``norm`` folded, ``bare`` without accents too; ``value`` of a number, ``month`` 1–12; ``says``: its weight."""

    norm: str
    bare: str
    stem: str
    kind: str
    says: float
    start: int
    end: int
    value: float | None = None
    month: int = 0


def _pairs(groups: str) -> list[list[str]]:
    return [group.split() for group in groups.replace("\n", " ").split("|") if group.strip()]


def _table(name: str) -> dict[str, frozenset[str]]:
    return {lang: frozenset(words.split()) for lang, words in getattr(tables, name).items()}


_FUNCTION, _ARTICLES, _NEGATIONS, _HEDGES, _COMPARED = (_table(name) for name in ("FUNCTION", "ARTICLES", "NEGATIONS", "HEDGES", "COMPARED"))
_ORDINARY = frozenset(tables.ORDINARY.split())
_ORDINARY_DE = frozenset(tables.ORDINARY_DE.split())
_MONTHS = {word: number for key, words in tables.MONTHS.items() for number, word in enumerate(words.split(), 1)}
_AMBIGUOUS_MONTHS = frozenset(("may", "march", "mar", "mars", "mai", "sep", "dec")) & _MONTHS.keys()
_COUNTS: dict[str, dict[str, float]] = {
    lang: {word: float(number) for number, word in enumerate(words.split())} | {w: 10.0 * n for n, w in enumerate(tables.TENS.get(lang, "").split(), 2)}
    for lang, words in tables.COUNTS.items()
}
_ORDINALS: dict[str, dict[str, float]] = {lang: {w: float(n) for n, w in enumerate(words.split(), 1)} for lang, words in tables.ORDINALS.items()}


def folded(word: str) -> str:
    """Width, case and apostrophes as one."""
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'").replace("ʼ", "'").replace("‘", "'")


@lru_cache(maxsize=32_768)
def bare(word: str) -> str:
    """A folded word without accents, vowel signs and the letters of a script that are one."""
    if word.isascii():
        return word
    parted = unicodedata.normalize("NFD", word.translate(_LATIN_EXTRAS))
    kept = "".join(c for c in parted if unicodedata.category(c) != "Mn" or "\u0900" <= c <= "\u0dff" or "\u0e00" <= c <= "\u0e7f" or c in "\u3099\u309a")
    return unicodedata.normalize("NFC", kept).translate(_SEMITIC).translate(_LATIN_EXTRAS)


_STEMMERS: dict[str, snowballstemmer.stemmer] = {}
_IRREGULAR = {form: entry.partition(":")[0] for entry in tables.IRREGULAR.split("|") for form in entry.partition(":")[2].split()}


@lru_cache(maxsize=65_536)
def stemmed(word: str, lang: str) -> str:
    """The stem of a folded word, bare; a language without a stemmer leaves the word whole."""
    algorithm = tables.STEMMERS.get(lang)
    if algorithm is None or not word[:1].isalpha():
        return bare(word)
    if lang == "en":
        word = _IRREGULAR.get(word, word)
    elif lang == "de":
        word = infinitive(word)
    stemmer = _STEMMERS.get(algorithm)
    if stemmer is None:
        stemmer = _STEMMERS[algorithm] = snowballstemmer.stemmer(algorithm)
    return bare(stemmer.stemWord(word)) or bare(word)


@lru_cache(maxsize=2_048)
def language_of(text: str, said: str = "") -> str:
    """The language a text is judged in: as the card says, else a guess by its script and little words."""
    said = said.replace("_", "-").split("-")[0].casefold()
    if said:
        return said
    for low, high, lang in (
        ("\u0600", "\u06ff", "ar"),
        ("\u0590", "\u05ff", "he"),
        ("\u0400", "\u04ff", "ru"),
        ("\u0370", "\u03ff", "el"),
        ("\u0900", "\u097f", "hi"),
    ):
        if sum(low <= c <= high for c in text) * 2 > sum(c.isalpha() for c in text):
            return lang
    found = [folded(w) for w in re.findall(r"[^\W\d_]+", text[:MOST_SIGNS])]
    return max(
        ("en", "de", "pl", "fr", "es", "it", "pt", "nl", "cs", "sv", "da"), key=lambda lang: sum(w in _FUNCTION[lang] for w in found) + 0.5 * (lang == "en")
    )


@lru_cache(maxsize=512)
def words_of(text: str, lang: str) -> tuple[Word, ...]:
    """The words of a text in the order they stand."""
    found = _merged(list(_words(text[: MOST_SIGNS * 2], lang)), text)
    return tuple(_rejoined(list(found), text)) if lang == "de" else tuple(found)


def _words(text: str, lang: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(text.translate(ACCIDENTALS)):
        start, end = match.span()
        group = match.lastgroup if match.lastgroup != "ordinal" else "number"
        if group == "cjk":
            yield from _bigrams(match.group(), start)
        elif group in ("number", "plain"):
            yield from _numbers(match.group("number") or match.group("plain"), start, end, lang)
        elif group == "word":
            for norm, plain, stem, kind, says, begins, ends, value, month in _known(match.group(), lang, start == 0):
                yield Word(norm, plain, stem, kind, says, begins + start, ends + start, value, month)
        else:
            sign = _SPOKEN_SIGNS.get(match.group(), match.group())
            spoken = _SIGN_WORDS.get(sign, sign)
            if spoken == "and":
                yield Word("and", "and", "and", "function", WEIGHTS["function"], start, end)
            else:
                yield Word(
                    spoken,
                    spoken,
                    stemmed(spoken, "en"),
                    "word" if sign in _SIGN_WORDS else "sign",
                    WEIGHTS["ordinary" if sign in _SIGN_WORDS else "sign"],
                    start,
                    end,
                )


def _numbers(digits: str, start: int, end: int, lang: str) -> Iterator[Word]:
    """One number, or several where commas part them: 1,2 is a list in English, 1,000 is not."""
    pieces = digits.split(",")
    if lang != "en" or len(pieces) < 2 or "." in digits or all(len(piece) == 3 for piece in pieces[1:]):
        yield _number(number_of(digits), start, end, digits)
        return
    for piece in pieces:
        yield _number(number_of(piece), start, start + len(piece), piece)
        start += len(piece) + 1


def _number(value: float, start: int, end: int, digits: str) -> Word:
    shown = f"{value:g}" if abs(value) < 1e6 and value == round(value, 4) else repr(value)
    return Word(shown, shown, f"#{shown}", "number", WEIGHTS["number"], start, end, value)


def _bigrams(run: str, start: int) -> Iterator[Word]:
    signs = [bare("".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded(sign))) for sign in run]
    if len(signs) == 1:
        yield Word(signs[0], signs[0], signs[0], "word", 1.0, start, start + 1)
    for i in range(len(signs) - 1):
        both = signs[i] + signs[i + 1]
        yield Word(both, both, both, "word", 1.0, start + i, start + i + 2)


@lru_cache(maxsize=65_536)
def _known(shown: str, lang: str, opens: bool) -> tuple[Word, ...]:
    """A word as it stands, told apart: where it would begin a text, or anywhere in it."""
    if opens:
        return tuple(_plain_words(shown, 0, lang))
    return tuple(Word(*w[:5], w.start - 1, w.end - 1, w.value, w.month) for w in _plain_words(shown, 1, lang))


def _plain_words(shown: str, start: int, lang: str) -> Iterator[Word]:
    norm = folded(shown)
    end = start + len(shown)
    clitic = _CLITIC.match(norm) if lang in ("fr", "it", "ca") and len(norm) == len(shown) else None
    if clitic:
        denies = clitic.group() == "n'"
        yield Word(
            clitic.group()[:-1],
            clitic.group()[:-1],
            clitic.group()[:-1],
            "negation" if denies else "function",
            WEIGHTS["function"],
            start,
            start + clitic.end(),
        )
        norm, start = norm[clitic.end() :], start + clitic.end()
    if lang == "en":
        contracted = _CONTRACTED.match(norm)
        if contracted or norm == "cannot":
            yield Word("not", "not", "not", "negation", WEIGHTS["negation"], start, end)
            return
        norm = norm.removesuffix("'s") if len(norm) > 3 else norm
    if lang == "de":
        norm = _TYPED_UMLAUT.sub(lambda m: _UMLAUTS[m.group()], norm)
    yield _word(norm, shown, start, end, lang)


def _word(norm: str, shown: str, start: int, end: int, lang: str) -> Word:
    plain = bare(norm)
    counted = _counted(norm, lang)
    if counted is not None:
        return _number(counted, start, end, norm)
    if norm in tables.UNITS:
        unit = tables.UNITS[norm]
        return Word(unit, unit, unit, "word", 0.7, start, end)
    if norm in _NEGATIONS.get(lang, ()):
        hindered = norm in tables.HINDERING
        return Word(norm, plain, stemmed(norm, lang) if hindered else "not", "negation", WEIGHTS["ordinary" if hindered else "negation"], start, end)
    if len(shown) == 1 and shown.isupper() and (shown != "I" or lang != "en") and (start > 0 or shown not in "AIO"):
        return Word(norm, plain, norm, "word", WEIGHTS["word"], start, end)  # point A, bulb C
    month = _MONTHS.get(norm, 0) if norm not in _AMBIGUOUS_MONTHS else 0
    if norm in _FUNCTION.get(lang, ()) or (lang not in _FUNCTION and len(plain) < 3):
        return Word(norm, plain, stemmed(norm, lang), "function", WEIGHTS["function"], start, end, month=month)
    ordinary = (
        (norm in _ORDINARY or stemmed(norm, lang) in _ORDINARY)
        if lang == "en"
        else lang == "de" and (norm in _ORDINARY_DE or stemmed(norm, lang) in _ordinary_stems())
    )
    stem = f"month{month}" if month else stemmed(norm, lang)
    return Word(norm, plain, stem, "word", WEIGHTS["ordinary" if ordinary else "word"], start, end, month=month)


@lru_cache(maxsize=1)
def _ordinary_stems() -> frozenset[str]:
    return frozenset(stemmed(word, "de") for word in _ORDINARY_DE)


def _counted(norm: str, lang: str) -> float | None:
    """The value of a number word ("one" and its like may be articles, so they stay words)."""
    value = _COUNTS.get(lang, {}).get(norm)
    if value is None and lang == "de":
        match = _TWENTY_THREE.match(norm)
        if match:
            units = {"ein": 1.0} | _COUNTS["de"]
            return units[match.group(1)] + _COUNTS["de"][match.group(2)]
    return None if value == 1 else value


def _merged(found: list[Word], text: str) -> Iterator[Word]:
    """Twenty three is 23, 13 billion 13e9, 1814–15 ends in 1815, and a month beside a number is a month ("March 3")."""
    i = 0
    while i < len(found):
        word = found[i]
        following = found[i + 1] if i + 1 < len(found) else None
        if word.value is not None and following is not None:
            if (
                following.value is not None
                and word.value in (20, 30, 40, 50, 60, 70, 80, 90)
                and 1 <= following.value <= 9
                and not word.norm.isspace()
                and following.start - word.end <= 1
            ):
                tens_in_words = word.end - word.start > 3
                if tens_in_words:
                    word, i = _number(word.value + following.value, word.start, following.end, ""), i + 1
                    following = found[i + 1] if i + 1 < len(found) else None
            if following is not None and _short_year(word, following, text):
                century = (word.value or 0) // 100 * 100
                found[i + 1] = _number(century + (following.value or 0), following.start, following.end, "")
            if following is not None:
                scale = tables.SCALES.get(following.norm)
                if scale and (len(following.norm) > 1 or (following.start == word.end and following.norm == "k")):
                    word, i = _number((word.value or 0) * scale, word.start, following.end, ""), i + 1
        elif (counted := _roman(word, found[i - 1] if i else None, text)) is not None:
            word = _number(counted, word.start, word.end, "")._replace(norm=word.norm, kind="word", says=WEIGHTS["word"])  # a part of the name
        elif not word.month and word.norm in _AMBIGUOUS_MONTHS and _beside_number(found, i):
            month = _MONTHS[word.norm]
            word = Word(word.norm, word.bare, f"month{month}", "word", WEIGHTS["word"], word.start, word.end, month=month)
        yield word
        i += 1


def _rejoined(found: list[Word], text: str) -> Iterator[Word]:
    """German verbs whose parts stand apart: in "nimmt stark zu" the verb is zunehmen; where it is not known, its particle counts as a word."""
    parted: dict[int, Word] = {}
    clause = 0
    for i, word in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        between = text[word.end : after.start] if after else "."
        ends = bool(_CLAUSE_ENDS.search(between)) or (after is not None and after.norm in ("und", "oder", "aber", "sowie", "sondern"))
        if ends and word.norm in PARTICLES and i > clause:
            verb = next((j for j in range(clause, i) if _may_be_verb(found[j]) and _separable(word.norm, found[j].norm)), None)
            if verb is not None:
                stem = _separable(word.norm, found[verb].norm)
                parted[verb] = found[verb]._replace(stem=stem, kind="word", says=max(found[verb].says, WEIGHTS["ordinary"]))
                parted[i] = word._replace(kind="function", says=WEIGHTS["function"])
            else:
                parted[i] = word._replace(stem=f"{word.norm}-", kind="word", says=WEIGHTS["sign"])
        if ends:
            clause = i + 1
    yield from (parted.get(i, word) for i, word in enumerate(found))


def _roman(word: Word, before: Word | None, text: str) -> float | None:
    """The value of a Roman number that follows a name: Louis XIV, World War I."""
    if word.norm not in ROMAN or before is None or before.kind != "word" or word.start != before.end + 1:
        return None
    return ROMAN[word.norm] if text[word.start : word.end].isupper() and text[before.start].isupper() else None


def _short_year(word: Word, following: Word, text: str) -> bool:
    """Whether a number is the end of a span of years: 1814–15."""
    first, last = word.value or 0, following.value or 0
    return 1000 <= first <= 2100 and following.end - following.start == 2 and text[word.end : following.start] in ("-", "–", "/") and first % 100 < last <= 99


def _may_be_verb(word: Word) -> bool:
    return word.kind == "word" or (word.kind == "function" and infinitive(word.norm) != word.norm)


@lru_cache(maxsize=8_192)
def _separable(particle: str, finite: str) -> str:
    """The stem of a separable verb that the tables know, or nothing."""
    known = (alike("de"), opposites("de"))
    stems = (stemmed(verb, "de") for verb in infinitives(particle, finite))
    return next((stem for stem in stems if any(stem in table for table in known)), "")


def _beside_number(found: list[Word], i: int) -> bool:
    return any(0 <= j < len(found) and found[j].value is not None for j in (i - 1, i + 1))


def articles(lang: str) -> frozenset[str]:
    return _ARTICLES.get(lang, frozenset())


def hedges(lang: str) -> frozenset[str]:
    return _HEDGES.get(lang, _HEDGES["en"])


def compared(lang: str) -> frozenset[str]:
    """Words that tell one side from the other: from, to, than."""
    return _COMPARED.get(lang, frozenset())


def ordinary(word: str) -> bool:
    return word in _ORDINARY


def stems_of(word: str, lang: str) -> set[str]:
    """The stems a word of a table has in its forms: no stemmer takes the t from "senkt"."""
    forms = verb_forms(word) if lang == "de" and word.endswith("en") and word.islower() else ()
    return {stemmed(form, lang) for form in (word, *forms)}


@lru_cache(maxsize=64)
def alike(lang: str) -> dict[str, frozenset[int]]:
    """Stem → the groups of near synonyms it is in."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(_pairs(tables.ALIKE.get(lang, ""))):
        for word in group:
            for stem in stems_of(word, lang):
                found.setdefault(stem, set()).add(number)
    return {stem: frozenset(groups) for stem, groups in found.items()}


@lru_cache(maxsize=64)
def opposites(lang: str) -> dict[str, frozenset[str]]:
    """Form → the forms that say the contrary. By whole word, and by stem where the stem is unlike its opposite's."""
    found: dict[str, set[str]] = {}
    for pair in _pairs(tables.OPPOSITES.get(lang, "")):
        for one, other in ((pair[0], pair[1]), (pair[1], pair[0])):
            for stem in stems_of(one, lang):
                found.setdefault(stem, set()).update(stems_of(other, lang))
    return {form: frozenset(others) for form, others in found.items()}
