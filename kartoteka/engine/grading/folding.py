"""Letters as one: width, case, accents, vowel signs, and what Arabic and Hebrew write onto a word."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ACCIDENTALS = str.maketrans("♯♭", "#b")  # of notes, as one types them
_LATIN_EXTRAS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "’": "'", "ʼ": "'", "‘": "'"})
_SEMITIC = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None, "ک": "ك", "ی": "ي", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "״": None, "׳": None, '"': None,
})  # fmt: skip
ATTACHING = frozenset(("ar", "he"))  # languages that write little words onto the next one
_KEPT = 3  # letters that stay of a word whatever is taken from it
_ENDINGS_HE = ("יות", "ייה", "ימ", "ות", "ינ", "ית", "יה", "ה", "ת", "י")
_ONTO_HE = "והבלכשמ"
_IMPERFECT_AR = "يتن"


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


def unattached(word: str, lang: str, *, joined: bool = False) -> str:
    """A bare word without the article written onto it; ``joined``: and without the "and" before it, as in the last thing of a list."""
    if joined and word[:1] in ("و", "ו") and len(word) > _KEPT:
        word = word[1:]
    if lang == "ar":
        return word[2:] if word.startswith("ال") and len(word) > _KEPT else word
    return word[1:] if lang == "he" and word[:1] == "ה" and len(word) > _KEPT - 1 else word


def light(word: str, lang: str) -> str:
    """A bare word, or what a stemmer left of it, without the endings and beginnings that Hebrew and Arabic write onto it; three letters stay."""
    if lang == "he":
        ending = next((e for e in _ENDINGS_HE if word.endswith(e) and len(word) - len(e) >= _KEPT), "")
        word = word.removesuffix(ending)
        while word[:1] in _ONTO_HE and len(word) > _KEPT:
            word = word[1:]
    elif lang == "ar":
        word = unattached(word, lang, joined=True)
        word = word[1:] if word[:1] in _IMPERFECT_AR and len(word) > _KEPT else word
    return word
