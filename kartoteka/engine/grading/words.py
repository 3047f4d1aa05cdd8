"""A text as words: each with its place, its stem, its value if it is a number, and how much it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import snowballstemmer

from kartoteka.engine.grading import tables
from kartoteka.engine.grading.compounds import PARTICLES, infinitive, infinitives, verb_forms
from kartoteka.engine.grading.folding import ACCIDENTALS, bare, folded, light
from kartoteka.engine.grading.joined import AMBIGUOUS_MONTHS, COUNTS, MONTHS, merged
from kartoteka.engine.grading.numerals import number_of
from kartoteka.engine.grading.signs import UNIT, UNITS, numerals, simplified
from kartoteka.engine.grading.word import WEIGHTS, Word, number

MOST_SIGNS = 2_000  # an answer is judged by so many signs

_LETTER = r"[^\W\d_]"
_MARK = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0955-\u0963\u0980-\u0983\u09bc-\u09cd\u0a00-\u0dff\u0e31-\u0e4e\u200c\u200d"
_CJK = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f\U00020000-\U0003ffff"
_TOKEN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)"
    r"|(?P<number>(?<![\w.,])[-−–]?\d+(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?|(?:(?<![\w)\]–-])[-−])?\d+(?:[.,]\d+)*)(?:(?P<ordinal>st|nd|rd|th|ten|te|ter|tes|er|ère|e|s)(?![^\W\d_]))?"
    rf"|(?P<word>{_LETTER}(?:[^\W_]|[{_MARK}]|['’ʼ‘](?={_LETTER})|(?<=n)\"(?=t\b)|(?<=[א-ת])[\"״](?=[א-ת](?![א-ת])))*)"
    r"|(?P<plain>\d+)"
    r"|(?P<sign>->|=>|<-|<=|>=|[<>≤≥=+%$€£°→←↔&±×])"
)
_SPOKEN_SIGNS = {"&": "and", "+": "+", "%": "%", "$": "$", "€": "€", "£": "£", "→": "->", "=>": "->", "≥": ">=", "≤": "<="}
_SIGN_WORDS = {">": "greater", "<": "less", "=": "equal", "+": "and"}
_CONTRACTED = re.compile(r"^(do|does|did|is|are|was|were|has|have|had|wo|would|could|should|ca|must|ai|need)n['’\"]?t$")
_CLITIC = re.compile(r"^(?:l|d|j|qu|n|s|t|m|c|dell|all|dall|nell|sull|un)['’](?=\w\w)", re.IGNORECASE)
# "fuer" is "für"; "neue", "Quelle", "aktuell", "zuerst", "Poet", "Israel", "aerob" stay.
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n–—]")
_TYPED_UMLAUT = re.compile(r"(?<![aeiouäöüqy])(?:ae(?!ro|ls?\b)|oe(?!t|ffi|xis|ben)|(?!(?<=z)ue(?:rst|nde|rk))ue(?!ll))")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}
_TWENTY_THREE = re.compile(r"^(ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)$")


def _pairs(groups: str) -> list[list[str]]:
    return [group.split() for group in groups.replace("\n", " ").split("|") if group.strip()]


def _table(name: str) -> dict[str, frozenset[str]]:
    return {lang: frozenset(words.split()) for lang, words in getattr(tables, name).items()}


_FUNCTION, _ARTICLES, _NEGATIONS, _HEDGES, _COMPARED = (_table(name) for name in ("FUNCTION", "ARTICLES", "NEGATIONS", "HEDGES", "COMPARED"))
_ORDINARY = frozenset(tables.ORDINARY.split())
_ORDINARY_DE = frozenset(tables.ORDINARY_DE.split())


_STEMMERS: dict[str, snowballstemmer.stemmer] = {}
_IRREGULAR = {form: entry.partition(":")[0] for entry in tables.IRREGULAR.split("|") for form in entry.partition(":")[2].split()}


@lru_cache(maxsize=65_536)
def stemmed(word: str, lang: str) -> str:
    """The stem of a folded word, bare; a language without a stemmer leaves the word whole."""
    algorithm = tables.STEMMERS.get(lang)
    if algorithm is None or not word[:1].isalpha():
        return light(bare(word), lang)
    if lang == "en":
        word = _IRREGULAR.get(word, word)
    elif lang == "de":
        word = infinitive(word)
    stemmer = _STEMMERS.get(algorithm)
    if stemmer is None:
        stemmer = _STEMMERS[algorithm] = snowballstemmer.stemmer(algorithm)
    return light(bare(stemmer.stemWord(word)) or bare(word), lang)


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
        ("\uac00", "\ud7af", "ko"),
        ("\u0e00", "\u0e7f", "th"),
        ("\u3040", "\u9fff", "ja" if any("\u3040" <= c <= "\u30ff" for c in text) else "zh"),
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
    found = merged(list(_words(text[: MOST_SIGNS * 2], lang)), text, lang)
    return tuple(_rejoined(list(found), text)) if lang == "de" else tuple(found)


def _words(text: str, lang: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(text.translate(ACCIDENTALS)):
        start, end = match.span()
        group = match.lastgroup if match.lastgroup != "ordinal" else "number"
        if group == "cjk":
            yield from _signs(match.group(), start, lang, text[start - 1 : start].isdecimal())
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
        yield number(number_of(digits, lang), start, end, digits)
        return
    for piece in pieces:
        yield number(number_of(piece, lang), start, start + len(piece), piece)
        start += len(piece) + 1


def _signs(run: str, start: int, lang: str, counting: bool) -> Iterator[Word]:
    """A run of Chinese or Japanese: its numbers by value, a unit after a number, the rest in pairs of signs. ``counting``: a number stands before it."""
    done = 0
    for begins, ends, value, unit in [*numerals(run), (len(run), len(run), 0.0, "")]:
        rest = run[done:begins].removeprefix("百分之") if unit else run[done:begins]
        measure = UNIT.match(rest) if counting or done else None
        if measure:
            spelled = UNITS[measure.group()]
            yield Word(spelled, spelled, spelled, "word", 0.7, start + done, start + done + measure.end())
        rested = rest[measure.end() :] if measure else rest
        if rested:
            yield from _bigrams(rested, start + done + len(rest) - len(rested), lang)
        if begins < len(run):
            yield number(value, start + begins, start + ends, "")
            if unit:
                yield Word(unit, unit, unit, "sign", WEIGHTS["sign"], start + begins, start + ends)
        done = ends


def _bigrams(run: str, start: int, lang: str) -> Iterator[Word]:
    run = simplified(run) if lang == "zh" else run
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
        return number(counted, start, end, norm)
    if norm in tables.UNITS:
        unit = tables.UNITS[norm]
        return Word(unit, unit, unit, "word", 0.7, start, end)
    if norm in _NEGATIONS.get(lang, ()):
        hindered = norm in tables.HINDERING
        return Word(norm, plain, stemmed(norm, lang) if hindered else "not", "negation", WEIGHTS["ordinary" if hindered else "negation"], start, end)
    if len(shown) == 1 and shown.isupper() and (shown != "I" or lang != "en") and (start > 0 or shown not in "AIO"):
        return Word(norm, plain, norm, "word", WEIGHTS["word"], start, end)  # point A, bulb C
    month = MONTHS.get(norm, 0) if norm not in AMBIGUOUS_MONTHS else 0
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
    value = COUNTS.get(lang, {}).get(norm)
    if value is None and lang == "de":
        match = _TWENTY_THREE.match(norm)
        if match:
            units = {"ein": 1.0} | COUNTS["de"]
            return units[match.group(1)] + COUNTS["de"][match.group(2)]
    return tables.HUNDREDS.get(lang, {}).get(norm) if value is None else None if value == 1 else value


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


def _may_be_verb(word: Word) -> bool:
    return word.kind == "word" or (word.kind == "function" and infinitive(word.norm) != word.norm)


@lru_cache(maxsize=8_192)
def _separable(particle: str, finite: str) -> str:
    """The stem of a separable verb that the tables know, or nothing."""
    known = (alike("de"), opposites("de"))
    stems = (stemmed(verb, "de") for verb in infinitives(particle, finite))
    return next((stem for stem in stems if any(stem in table for table in known)), "")


def denials_of(words: Iterable[Word], lang: str) -> int:
    """How often words deny; where a language denies twice to deny once, once."""
    count = sum([w.kind == "negation" for w in words])
    return min(count, 1) if lang in tables.CONCORD else count


@lru_cache(maxsize=64)
def joining(lang: str) -> frozenset[str]:
    return frozenset(tables.AND.get(lang, tables.AND["en"]).split())


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
    for nth, group in enumerate(_pairs(tables.ALIKE.get(lang, ""))):
        for word in group:
            for stem in stems_of(word, lang):
                found.setdefault(stem, set()).add(nth)
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
