"""The forms in which an answer may be given: equal after normalising, alternatives, optional parts, lists in any order, numbers and dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from kartoteka.engine.grading.folding import ACCIDENTALS, ATTACHING, unattached
from kartoteka.engine.grading.joined import COUNTS
from kartoteka.engine.grading.signs import a_reading, dated
from kartoteka.engine.grading.tables import HARDLY, MEASURES, NO, NOTHING, YES
from kartoteka.engine.grading.word import Word
from kartoteka.engine.grading.words import articles, words_of
from kartoteka.engine.items import Point
from kartoteka.engine.notes import words_in
from kartoteka.engine.rubrics import Strictness
from kartoteka.engine.text import normal, plain

MOST_FORMS = 64
SYMBOL = 3  # signs of an answer that may be a symbol, a code, a note, a letter
SHORT_WORDS = 6
LONGEST_LIST = 400  # characters
LONGEST_PAIR = 12  # signs of a text in which 和 and と are taken for an "and"
LONGEST_SIGNED = 40  # characters of a name that may end in signs
ALTERNATIVES_WORDS = 14  # a longer side with semicolons is a list of points, not of alternatives
ABOUT = 0.05  # how far a number may be off where the card says "about"

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>|&(?:[a-z]{2,8}|#\d{1,6});")
_BRACKETED = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,200})[)）\]]")
_PARTED = re.compile(r"\s*(?:;|；|\||\s/\s|／|\n)\s*")
_MAY_PART = re.compile(r"[;；|/／\n,，、]")
_TIGHT_SLASH = re.compile(r"(?<=[^\W\d_]{3})/(?=[^\W\d_]{3})")
_OR = {
    lang: re.compile(rf"\s+(?:{words})\s+", re.IGNORECASE)
    for lang, words in {"en": "or", "de": "oder", "pl": "lub|albo", "fr": "ou", "es": "o|u", "it": "o|oppure", "pt": "ou", "nl": "of", "ru": "или"}.items()
}
_COMMA = re.compile(r"\s*[,，、]\s*")
_ITEM = re.compile(
    r"\s*(?:[,;،؛，；、・\n|•·]|\s/\s|(?:^|\s)[-–*]\s|(?:^|\s)(?:and|und|oraz|et|e|y|i|en|&|\+)(?:\s|$)|\s(?=[וו]\w\w)|\s(?=و\w\w))\s*", re.IGNORECASE
)
_SIGNS_JOINED = re.compile(r"[和与與及跟](?=.)|(?<=.)[とや](?=.)")
JOINTS = {
    "en": re.compile(r"\s*,?\s+and\s+|\s*&\s*", re.IGNORECASE), "de": re.compile(r"\s+und\s+", re.IGNORECASE), "pl": re.compile(r"\s+(?:i|oraz)\s+"), "fr": re.compile(r"\s+et\s+"),
    "es": re.compile(r"\s+[ye]\s+"), "it": re.compile(r"\s+ed?\s+"), "pt": re.compile(r"\s+e\s+"), "nl": re.compile(r"\s+en\s+"), "ru": re.compile(r"\s+и\s+"),
    "ar": re.compile(r"\s+و\s*(?=\w\w)"), "he": re.compile(r"\s+ו-?(?=\w\w)"), "zh": re.compile(r"[和与與及]|以及"), "ja": re.compile(r"(?<=[^\u3041-\u3096])と(?=.)|および"),
}  # fmt: skip
_ISO = re.compile(r"^\s*(\d{4})[-./](\d{1,2})[-./](\d{1,2})\s*$")
_DOTTED = re.compile(r"^\s*(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})\s*$")
_TOLERANCE = re.compile(r"±\s*(\d+(?:[.,]\d+)?)\s*(%?)")
_ROUGHLY = re.compile(r"\b(?:about|approximately|approx|around|roughly|circa|ca|etwa|ungefähr|rund|około|environ|unos)\b|[~≈]", re.IGNORECASE)
_BEFORE = frozenset("$€£")  # units that stand before their number
_OF_A_DATE = frozenset(("of", "de", "del", "von", "am", "on", "le", "el", "r", "roku", "year", "jahr"))
_YEARS = frozenset(
    ("year", "in", "im", "jahr", "jahre", "roku", "rok", "r", "w", "en", "année", "an", "año", "anno", "عام", "سنة", "בשנת", "שנת", "ב", "年")
)  # what a year may stand beside
_TEX = re.compile(r"\\[a-zA-Z]+|\$[^$]+\$|\\[()\[\]]|[_^]\{")
_TEX_STEPS = (
    (re.compile(r"\\[td]?frac\s*\{([^{}]{0,200})\}\s*\{([^{}]{0,200})\}"), r"(\1)/(\2)"),
    (re.compile(r"\\sqrt\s*\{([^{}]{0,200})\}"), r"√(\1)"),
    (re.compile(r"\\(?:text|mathrm|mathbf|mathit|operatorname|ce|textbf|textit|mbox)\s*\{([^{}]{0,400})\}"), r"\1"),
    (re.compile(r"\\(?:cdot|times)\b"), "·"), (re.compile(r"\\(?:to|rightarrow|longrightarrow)\b"), "→"), (re.compile(r"\\(?:leq|le)\b"), "<="), (re.compile(r"\\(?:geq|ge)\b"), ">="),
    (re.compile(r"\\(?:left|right|displaystyle|,|;|!|quad|qquad)"), " "), (re.compile(r"\\[()\[\]]|\$"), " "),
    (re.compile(r"_\{?([\w+\-]{1,20})\}?"), r"\1"), (re.compile(r"\^\{([^{}]{1,60})\}"), r"^\1"), (re.compile(r"\\([a-zA-Z]+)"), r"\1"), (re.compile(r"[{}]"), ""),
)  # fmt: skip
_FORMULA = re.compile(r"[=^√∫∑≤≥<>·×÷]|\d\s*[*/+\-]\s*[\w(]|[\w)]\s*[*/+]\s*\d|\w\^")
_RAISED = re.compile(r"(?<=[\w)])[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SIGNED = re.compile(r"(?<=[^\W\d_])(?:[+#]+|[⁺⁻])(?![\w^])|(?<=[A-Za-z]\d)[+⁺⁻](?![\w^])|(?:(?<=\b[A-Z])|(?<=\b[A-Z][a-z])|(?<=[A-Z]\d))[-−](?!\w)")
_LEADING_TO = re.compile(r"^(?:to|zu)\s+(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=1_024)
def worded(text: str) -> str:
    """A card's text in plain words, whatever it was written in."""
    if _TAG.search(text):
        text = plain(text)
    return detexed(text)


def detexed(text: str) -> str:
    """Formulae as one would type them: ``H_{2}O`` is H2O, ``\\frac{1}{2}`` is (1)/(2)."""
    if not _TEX.search(text):
        return text
    for _ in range(3):
        for pattern, plainly in _TEX_STEPS:
            text = pattern.sub(plainly, text)
    return text


@lru_cache(maxsize=2_048)
def key(text: str, lang: str) -> tuple[str, ...]:
    """What makes two short answers one: words without articles, case, accents and punctuation; numbers by value."""
    found = [w for w in words_of(_LEADING_TO.sub("", text.strip()), lang) if w.kind != "sign" or w.norm in ("%", "$", "€", "£")]
    kept = [w for w in found if w.norm not in articles(lang)] or found
    if len(kept) == 1 and COUNTS.get(lang, {}).get(kept[0].norm) == 1:
        return ("1",)  # "one" is a number where nothing else is said
    return _dated(kept) or (*(unattached(w.bare, lang) for w in kept), *signed(text))


def signed(text: str) -> tuple[str, ...]:
    """Signs that belong to a name: C++ and C# are not C, Na+ is not Na."""
    if text.isalnum() or len(text) > LONGEST_SIGNED:
        return ()
    return tuple(unicodedata.normalize("NFKC", sign).replace("−", "-") for sign in _SIGNED.findall(text.translate(ACCIDENTALS)))


def _dated(found: Iterable[Word]) -> tuple[str, ...]:
    """A date whatever its order: 12 June 1944, June 12, 1944."""
    listed = [w for w in found if w.norm not in _OF_A_DATE]
    if not (2 <= len(listed) <= 3) or sum(bool(w.month) for w in listed) != 1 or any(not w.month and w.value is None for w in listed):
        return ()
    return ("date", *sorted(w.bare if not w.month else f"month{w.month}" for w in listed if w.month or w.value is not None))


def numeric_dates(text: str) -> frozenset[tuple[str, ...]]:
    """The dates that 1944-06-12, 12.6.1944 or 6/12/1944 may mean, as keys."""
    iso = _ISO.match(text)
    if iso:
        return frozenset(_date(int(iso[1]), int(iso[2]), int(iso[3])))
    signs = dated(text)
    if signs:
        return frozenset(_date(*signs))
    dotted = _DOTTED.match(text)
    if not dotted:
        return frozenset()
    one, other, year = int(dotted[1]), int(dotted[3]), int(dotted[4])
    either = (*_date(year, other, one), *(_date(year, one, other) if dotted[2] == "/" else ()))
    return frozenset(either)


def _date(year: int, month: int, day: int) -> tuple[tuple[str, ...], ...]:
    return (("date", *sorted((f"month{month}", str(day), str(year)))),) if 1 <= month <= 12 and 1 <= day <= 31 else ()


def nothing(text: str, forms: Iterable[Form], lang: str) -> bool:
    """No answer at all: empty, or "I don't know" in so many words. What a card may ask for is one: "na" for Na+, "no" for yes, "none" for none at all."""
    said = normal(text)
    if said in HARDLY:
        return not any(_may_be(said, key(text, lang), form) for form in forms)
    return not said or (said in NOTHING and not any(form.key == key(text, lang) for form in forms))


def _may_be(said: str, keyed: tuple[str, ...], form: Form) -> bool:
    """Whether a card with this form asks for such a word: it begins with it, is as short as a symbol, or is a yes or a no."""
    yes_or_no = said in YES | NO and not (YES | NO).isdisjoint(form.key[:1])
    return yes_or_no or form.key[:1] == keyed or (len(form.key) == 1 and len(form.text) <= SYMBOL)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to put the answer. ``whole``: the card's text as it stands, not a part of it."""

    text: str
    key: tuple[str, ...]
    whole: bool


@lru_cache(maxsize=1_024)
def forms_of(accepted: tuple[str, ...], lang: str, split: bool) -> tuple[Form, ...]:
    """Every form the accepted answers allow; ``split``: one of several alternatives is enough."""
    found: dict[str, bool] = {}
    for answer in accepted:
        text = worded(answer)
        found.setdefault(text, True)
        for unbracketed in _optional(text):
            found.setdefault(unbracketed, True)
        if split:
            for piece in _alternatives(text, lang):
                for form in (piece, *_optional(piece)):
                    found.setdefault(form, False)
        if len(found) >= MOST_FORMS:
            break
    return tuple(Form(text, key(text, lang), whole) for text, whole in list(found.items())[:MOST_FORMS] if text.strip())


def _optional(text: str) -> list[str]:
    if not _BRACKETED.search(text):
        return []
    without, within = _BRACKETED.sub("", text).strip(), re.sub(r"[()（）\[\]]", "", text).strip()
    spelled = [b for b in _BRACKETED.findall(text) if a_reading(without, b) or (len(without.split()) == 1 and _like(without, b))]
    return [form for form in (without, within, *spelled) if any(c.isalnum() for c in form)]


def _like(one: str, other: str) -> bool:
    """Two spellings of a word: color, colour."""
    return min(len(one), len(other)) > SYMBOL and OSA.distance(one.casefold(), other.casefold(), score_cutoff=2) <= 2


def _alternatives(text: str, lang: str) -> list[str]:
    either = _OR.get(lang, _OR["en"])
    if not (_MAY_PART.search(text) or either.search(text)) or words_in(text) > ALTERNATIVES_WORDS:
        return []
    outside = _BRACKETED.sub(lambda m: m.group().replace(",", "‚").replace("/", "∕").replace(";", "⁏"), text)
    pieces = [p for p in _PARTED.split(outside) if p]
    pieces = [p for piece in pieces for p in _TIGHT_SLASH.split(piece)]
    if words_in(text) <= 2 * SHORT_WORDS and not any(w.kind == "negation" for w in words_of(text, lang)):
        pieces = [p for piece in pieces for p in either.split(piece)]
    if words_in(text) <= SHORT_WORDS:
        pieces = [p for piece in pieces for p in (_COMMA.split(piece) if _commas_part(piece, lang) else [piece])]
    clean = [p.strip().replace("‚", ",").replace("∕", "/").replace("⁏", ";") for p in pieces]
    return [p for p in clean if any(c.isalnum() for c in p)] if len(clean) > 1 else []


def _commas_part(text: str, lang: str) -> bool:
    """Whether commas part alternatives ("sofa, couch"), not one name, date, number or list ("Paris, France", "a, b and c")."""
    pieces = _COMMA.split(text)
    if len(pieces) < 2 or any(c.isdigit() for c in text) or any(words_in(p) > 3 or not p.strip() for p in pieces):
        return False
    if any(w.norm in ("and", "und", "oraz", "et", "y", "en", "of", "i") for w in words_of(text, lang)):
        return False
    return lang == "de" or not all(p.strip()[:1].isupper() for p in pieces[:2])


@lru_cache(maxsize=1_024)
def ordered(text: str, lang: str) -> tuple[tuple[str, ...], ...]:
    """The things a list names, as they stand; none where it names fewer than two."""
    if len(text) > LONGEST_LIST:
        return ()
    pieces = [piece for piece in _ITEM.split(text) if piece and any(c.isalnum() for c in piece)]
    if lang in ("zh", "ja") and (len(pieces) > 1 or len(text) <= LONGEST_PAIR):
        pieces = [piece for joined in pieces for piece in _SIGNS_JOINED.split(joined) if piece]
    keys = [key(piece, lang) for piece in pieces]
    if lang in ATTACHING:
        keys = [(unattached(k[0], lang, joined=True), *k[1:]) for k in keys if k]
    found = tuple(k for k in keys if k)
    return found if len(found) > 1 else ()


def listed(text: str, lang: str) -> frozenset[tuple[str, ...]]:
    """The things a list names, in no order; empty where it names fewer than two."""
    return frozenset(ordered(text, lang))


def items_of(text: str) -> tuple[Point, ...]:
    """The things a list names, as points, where every one of them is wanted."""
    found = [piece.strip() for piece in (*_PARTED.split(text),) if any(c.isalnum() for c in piece)]
    if len(found) < 2:
        found = [piece for piece in _ITEM.split(text) if piece and any(c.isalnum() for c in piece)]
    return tuple(Point(piece) for piece in found) if len(found) > 1 else ()


def formula(text: str) -> str:
    """A formula without spaces and needless signs, or nothing where the text is words."""
    typed = unicodedata.normalize("NFKC", _RAISED.sub(lambda m: "^" + m.group(), detexed(text)).replace("−", "-")).strip()
    if not _FORMULA.search(typed) or re.search(r"[^\W\d_]{4,}\s+[^\W\d_]{2,}", typed):
        return ""
    tight = re.sub(r"[\s·*×]+", "", typed)
    return re.sub(r"\((\w+)\)", r"\1", tight).rstrip(".")


@lru_cache(maxsize=1_024)
def numbers_in(text: str, lang: str) -> tuple[tuple[float, str], ...]:
    """The numbers of a text with the unit that stands beside each."""
    found = words_of(_TOLERANCE.sub(" ", text), lang)
    out = []
    for i, word in enumerate(found):
        if word.value is None:
            continue
        beside = [w.norm for w in found[i + 1 : i + 2] if w.norm in MEASURES] or [w.norm for w in found[max(0, i - 1) : i] if w.norm in _BEFORE]
        out.append((word.value, beside[0] if beside else ""))
    return tuple(dict.fromkeys(out))


@lru_cache(maxsize=1_024)
def only_number(text: str, lang: str) -> bool:
    """A number, a date or a measure, and nothing else that says anything."""
    found = words_of(text, lang)
    counted = [w for w in found if w.value is not None]
    allowed = MEASURES | _YEARS if all(1000 <= (w.value or 0) <= 2100 for w in counted) else MEASURES
    others = [w for w in found if w.value is None and not w.month and w.kind == "word" and w.norm not in allowed and not _ROUGHLY.fullmatch(w.norm)]
    return bool(counted) and not others


def tolerance(text: str, value: float) -> float:
    """How far a number may be off: as the card says."""
    said = _TOLERANCE.search(text)
    if said:
        off = float(said[1].replace(",", "."))
        return abs(value) * off / 100 if said[2] else off
    return abs(value) * ABOUT if _ROUGHLY.search(text) else 0.0


def strictly(text: str, strictness: Strictness) -> str:
    """A text as strict cards compare it: letters, case, accents and inner punctuation count."""
    even = (
        unicodedata.normalize("NFKC", re.sub(r"\s+", " ", text))
        .strip()
        .replace("’", "'")
        .replace("“", '"')
        .replace("”", '"')
        .replace("–", "-")
        .replace("−", "-")
    )
    return (even.rstrip(" .!?;:") or even) if strictness != "relaxed" else normal(even)
