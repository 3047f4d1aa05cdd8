"""Slips of the finger: which difference in letters is one, and which makes another word."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA

from kartoteka.engine.grading.folding import bare
from kartoteka.engine.grading.words import opposites, ordinary, stemmed, words_of

_DENYING = ("un", "in", "im", "il", "ir", "non", "dis", "de", "anti", "counter", "mis", "nie", "a", "an")
_TWINS = [
    frozenset(pair)
    for group in (
        "hyper hypo", "inter intra", "endo exo", "endo ecto", "im em", "in de", "ab ad", "pre pro", "macro micro", "over under", "af ef", "ana cata", "mono poly", "mono di", "di tri", "mono bi", "bi tri", "super sub", "ante anti", "pro anti", "ex in",
        "ex im", "as de", "iso aniso", "homo hetero", "auto hetero", "con dis", "up down", "fore back", "pro eu", "lati longi", "anti pro", "ante post", "pre post", "meio mito", "mi mei",
    )
    for pair in combinations(group.split(), 2)
]  # fmt: skip
_ENDINGS = ("ane", "ene", "yne", "ate", "ite", "ide", "ase", "ose", "ol", "al", "ic", "ous", "ine", "one", "oma", "itis", "blast", "clast", "opsony", "opoly")


@dataclass(frozen=True, slots=True)
class Slip:
    """``edits`` letters differ; ``ending``: only the ending does."""

    edits: int
    likeness: float
    ending: bool = False


def allowed(letters: int) -> int:
    """How many letters may be wrong in a word of this length."""
    return 0 if letters <= 3 else 1 if letters <= 5 else 2 if letters <= 11 else 3


def slip(answer: str, form: str, lang: str, vocabulary: frozenset[str]) -> Slip | None:
    """The slip that turns ``form`` into ``answer``, or None: too far, or another word. ``vocabulary``: words of the deck's other answers."""
    given, wanted = [w for w in words_of(answer, lang) if w.kind != "sign"], [w for w in words_of(form, lang) if w.kind != "sign"]
    said, meant = " ".join(w.bare for w in given), " ".join(w.bare for w in wanted)
    if said.replace(" ", "") == meant.replace(" ", ""):
        return Slip(0, 1.0)
    if len(given) != len(wanted):
        return _respaced(said, meant, lang)
    edits, ending = 0, True
    for one, other in zip(given, wanted, strict=True):
        if one.bare == other.bare:
            continue
        if one.value is not None or other.value is not None or one.kind == "negation" or other.kind == "negation" or unspaced(one.bare + other.bare):
            return None
        only_ending = one.stem == other.stem and len(one.stem) > 2
        distance = OSA.distance(one.bare, other.bare, score_cutoff=3)
        if another_word(one.norm, other.norm, lang, vocabulary) or distance > (3 if only_ending else allowed(len(other.bare))):
            return None
        edits, ending = edits + distance, ending and only_ending
    if edits > max(1, allowed(len(meant))):
        return None
    return Slip(edits, 1 - edits / max(1, len(meant)), ending)


def another_word(answer: str, wanted: str, lang: str, vocabulary: frozenset[str]) -> bool:
    """Whether what was written is a word of its own: another answer's, an ordinary short word, the contrary, its scientific twin, or one with digits."""
    one, other = bare(answer), bare(wanted)
    if one == other:
        return False
    if any(c.isdigit() for c in one + other) or (one in vocabulary and other not in one):
        return True
    if one in vocabulary and stemmed(answer, lang) != stemmed(wanted, lang):
        return True
    if lang == "en" and len(one) <= 6 and ordinary(answer) and stemmed(answer, lang) != stemmed(wanted, lang):
        return True
    if stemmed(other, lang) in opposites(lang).get(stemmed(one, lang), ()):
        return True
    return _denied(one, other) or _twin_beginning(one, other) or _twin_ending(one, other)


def _denied(one: str, other: str) -> bool:
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer == prefix + shorter for prefix in _DENYING) and len(longer) - len(shorter) > 1 and len(shorter) > 3


def _twin_beginning(one: str, other: str) -> bool:
    return any(
        (one.startswith(a) and other.startswith(b) and one[len(a) :] == other[len(b) :])
        or (one.startswith(b) and other.startswith(a) and one[len(b) :] == other[len(a) :])
        for a, b in map(tuple, _TWINS)
    )


def _twin_ending(one: str, other: str) -> bool:
    if not (one.endswith(_ENDINGS) and other.endswith(_ENDINGS)):
        return False
    return any(
        one.endswith(a) and any(b != a and other.endswith(b) and one[: -len(a)] == other[: -len(b)] for b in _ENDINGS)
        for a in _ENDINGS
        if len(one) > len(a) + 1
    )


def _respaced(said: str, meant: str, lang: str) -> Slip | None:
    """A space too many or too few, maybe with one more slip."""
    tight, wanted = said.replace(" ", ""), meant.replace(" ", "")
    if any(c.isdigit() for c in tight + wanted) or unspaced(wanted) or abs(len(said.split()) - len(meant.split())) > 1 or len(wanted) < 6:
        return None
    edits = OSA.distance(tight, wanted, score_cutoff=1)
    return Slip(edits + 1, 1 - (edits + 1) / len(wanted)) if edits <= 1 else None


def unspaced(text: str) -> bool:
    """Written without spaces, where signs are compared and slips are not told."""
    return any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" or "\u0e00" <= c <= "\u0e7f" for c in text)
