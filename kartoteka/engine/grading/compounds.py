"""Languages that build words of words: "Schreiben" is in "Informationsschreiben", "zeige … vor" is "vorzeigen", "geöffnet" comes of "öffnen"."""

from __future__ import annotations

import re
from functools import lru_cache

from kartoteka.engine.grading import tables

PARTICLES = frozenset(tables.PARTICLES_DE.split())
_LONGEST_FIRST = sorted(PARTICLES, key=len, reverse=True)
_VOWELS = {form: entry.partition(":")[0] for entry in tables.IRREGULAR_DE.split("|") for form in entry.partition(":")[2].split()}
_BEGINNING = re.compile(rf"^(?P<prefix>{'|'.join(_LONGEST_FIRST)}|be|ver|ent|er|zer|miss)(?:zu)?(?P<rest>\w{{2,}})$")
COMPOUNDING = frozenset(("de", "nl", "sv", "da", "nb", "nn", "no"))
HEAD, PART, CORE = 0.8, 0.7, 0.8  # the last part of a compound says what it is; the first, or the whole for a part, says less
_HEAD, _FRONT, _REST = 5, 4, 3  # letters of a last and a first part, and of what is left beside either
_PREFIXES = "|".join(_LONGEST_FIRST).translate(str.maketrans("äöü", "aou"))
_PARTED = re.compile(rf"^(?P<prefix>(?:{_PREFIXES})(?=(?:ge|zu)?\w{{4}}))?(?P<joint>(?:ge|zu)(?=\w{{4}}))?(?P<core>\w{{4,}})$")
# Beginnings that many words share, which say nothing of what those have in common.
_COMMON_BEGINNINGS = ("unter", "zusammen", "gegen", "zuruck", "durch", "hinter", "wieder", "uberein", "auseinander")


@lru_cache(maxsize=65_536)
def kinship(one: str, other: str, lang: str) -> float:
    """How surely two words (bare, or their stems) are about one thing: one is a part of the other, or they come of one verb."""
    if lang not in COMPOUNDING or one[-1:].isdecimal():
        return 0.0
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    if len(longer) - len(shorter) >= _REST:
        if len(shorter) >= _HEAD and longer.endswith(shorter):
            return HEAD if longer is other else PART
        if len(shorter) >= _FRONT and longer.startswith(shorter):
            return PART
    if lang == "de":
        (prefix, core), (their_prefix, their_core) = cored(one), cored(other)
        if core == their_core and (not prefix or not their_prefix or prefix == their_prefix):
            return CORE
        if min(len(core), len(their_core)) >= _FRONT and not (prefix and their_prefix) and (core.startswith(their_core) or their_core.startswith(core)):
            return PART
    return 0.0


def infinitive(word: str) -> str:
    """A German verb of another vowel as its infinitive, whatever stands before it: zugenommen, zunimmt → zunehmen. Any other word as it is."""
    if word in _VOWELS:
        return _VOWELS[word]
    match = _BEGINNING.match(word)
    if match:
        verb = _VOWELS.get(match["rest"]) or _VOWELS.get(f"ge{match['rest']}")
        return match["prefix"] + verb if verb else word
    return word


def infinitives(particle: str, finite: str) -> tuple[str, ...]:
    """What a separable verb may be called whose parts stand apart: "nimmt … zu", "setzt … frei"."""
    verb = infinitive(finite)
    cut = [finite.removesuffix(ending) for ending in ("t", "et", "st", "te", "ten", "e") if finite.endswith(ending)]
    return tuple(particle + found for found in (verb, *(f"{begun}en" for begun in cut)))


def verb_forms(verb: str) -> tuple[str, ...]:
    """Third person and participle of a regular German verb: senken → senkt, gesenkt; aufbauen → aufbaut, aufgebaut."""
    match = _BEGINNING.match(verb)
    prefix = match["prefix"] if match and match["prefix"] in PARTICLES else ""
    root = verb.removeprefix(prefix).removesuffix("en")
    return f"{prefix}{root}t", f"{prefix}ge{root}t"


@lru_cache(maxsize=32_768)
def cored(stem: str) -> tuple[str, str]:
    """A German stem parted into its separable beginning and its core, without the marks of a participle: vor-ge-zeig-t is (vor, zeig)."""
    match = _PARTED.match(stem)
    if match is None or not (match["prefix"] or match["joint"]):
        return "", stem.removesuffix("t") if stem.endswith("iert") else stem
    core: str = match["core"]
    return match["prefix"] or "", core.removesuffix("t") if match["joint"] and len(core) > _FRONT else core


def telling(beginning: str, lang: str) -> bool:
    """Whether a beginning that two words share says anything."""
    return lang not in COMPOUNDING or not beginning.startswith(_COMMON_BEGINNINGS)
