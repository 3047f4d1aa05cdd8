"""How much of a reference an answer says, in about thirty numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import mul

from rapidfuzz.distance import OSA, LCSseq

from kartoteka.engine.grading.compounds import COMPOUNDING, kinship, telling
from kartoteka.engine.grading.sense import REACH, Sense, sense_of, sensed
from kartoteka.engine.grading.tables import NO, YES
from kartoteka.engine.grading.typos import allowed, another_word
from kartoteka.engine.grading.word import Word
from kartoteka.engine.grading.words import alike, denials_of, hedges, opposites, words_of

ASKED = 0.3  # what a word of the question is still worth in the answer
MEDIUM, LONG, TEXT = 6, 25, 50  # a reference of more words than this is one
EXPLAINED = 22  # words of an answer that is judged as a text, unless the reference is short
SAME_BEGINNING, FAMILY, SURE = 5, 4, 8  # letters; a shorter word with two others is another word ("owners", "others")
MANY, FEW = 3, 3  # references, words of one: from there on each is one short way to say it
SIDED = 0.8  # a word whose side the other text takes in other words


@dataclass(frozen=True)
class Said:
    """An answer, ready to be looked things up in; what is seldom asked for is made when it is."""

    words: tuple[Word, ...]
    lang: str

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset([w.stem for w in self.words])

    @cached_property
    def bares(self) -> frozenset[str]:
        return frozenset([w.bare for w in self.words])

    @cached_property
    def content(self) -> tuple[Word, ...]:
        return tuple([w for w in self.words if w.kind in ("word", "number")])

    @cached_property
    def distinct(self) -> tuple[Word, ...]:
        """Content words, each once, however often it is written."""
        return tuple({(w.stem, w.bare): w for w in self.content}.values())

    @cached_property
    def run(self) -> tuple[str, ...]:
        """The stems as they follow each other."""
        return tuple([w.stem for w in self.words if w.kind != "sign"])

    @cached_property
    def groups(self) -> frozenset[int]:
        same = alike(self.lang)
        return frozenset([group for w in self.content if w.stem in same for group in same[w.stem]])

    @cached_property
    def beginnings(self) -> frozenset[str]:
        begun = [w.bare[:SAME_BEGINNING] for w in self.content if len(w.bare) > SAME_BEGINNING and w.value is None]
        return frozenset([beginning for beginning in begun if telling(beginning, self.lang)])

    @cached_property
    def compounding(self) -> bool:
        return self.lang in COMPOUNDING

    @cached_property
    def families(self) -> Mapping[str, Sequence[str]]:
        """Stems by their first letters."""
        found: dict[str, list[str]] = {}
        for word in self.distinct:
            if word.value is None and len(word.stem) >= FAMILY:
                found.setdefault(word.stem[:FAMILY], []).append(word.stem)
        return found

    @cached_property
    def initials(self) -> Mapping[str, Sequence[Word]]:
        """Longer words by their first letter."""
        found: dict[str, list[Word]] = {}
        for word in self.distinct:
            if word.kind == "word" and len(word.bare) >= FAMILY:
                found.setdefault(word.bare[0], []).append(word)
        return found

    @cached_property
    def letters(self) -> Counter[str]:
        return Counter([run for w in self.content[:200] for run in threes(w.bare)])

    @cached_property
    def letters_size(self) -> int:
        return self.letters.total()

    @cached_property
    def negations(self) -> int:
        return denials_of(self.words, self.lang)

    @cached_property
    def sense(self) -> Sense:
        return sense_of(self.words, self.lang)

    @cached_property
    def hedged(self) -> bool:
        unsure = hedges(self.lang)
        return any(w.norm in unsure for w in self.words)


@lru_cache(maxsize=32_768)
def threes(word: str) -> tuple[str, ...]:
    """A word in runs of three letters, its borders among them."""
    padded = f" {word} "
    return tuple([padded[i : i + 3] for i in range(len(word))])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reference, its content words weighed; ``back``: itself, ready to be looked things up in."""

    words: tuple[Word, ...]
    content: tuple[Word, ...]
    weights: tuple[float, ...]  # with the question's words discounted
    stems: frozenset[str]
    asked: frozenset[str]  # stems of the question
    lang: str
    back: Said


@lru_cache(maxsize=256)
def said_of(text: str, lang: str) -> Said:
    return said_in(words_of(text, lang), lang)


def said_in(found: Sequence[Word], lang: str) -> Said:
    return Said(tuple(found), lang)


@lru_cache(maxsize=1_024)
def wanted_of(question: str, reference: str, lang: str) -> Wanted:
    found = words_of(reference, lang)
    asked = frozenset(w.stem for w in words_of(question, lang) if w.kind != "function")
    content = tuple(w for w in found if w.kind in ("word", "number")) or tuple(w for w in found if w.kind != "sign") or found
    seen: Counter[str] = Counter()
    weights = []
    for word in content:
        seen[word.stem] += 1
        weights.append(word.says * (ASKED if word.stem in asked else 1.0) / seen[word.stem])
    return Wanted(found, content, tuple(weights), frozenset(w.stem for w in found), asked, lang, said_in(found, lang))


def found_in(word: Word, said: Said) -> float:
    """How surely a word of the reference is in the answer: itself, a near synonym, its family, a slip of it."""
    if word.stem in said.stems:
        return 1.0
    if word.value is not None:
        return 0.0
    if word.bare in said.bares:
        return 1.0
    groups = alike(said.lang).get(word.stem)
    if groups and groups & said.groups:
        return 0.85
    if len(word.bare) > SAME_BEGINNING and word.bare[:SAME_BEGINNING] in said.beginnings:
        return 0.7
    if any(
        other.startswith(word.stem) or word.stem.startswith(other)
        for other in said.families.get(word.stem[:FAMILY], ())
        if abs(len(other) - len(word.stem)) <= 5
    ):
        return 0.8
    if said.compounding and (akin := max([_kin(word, other, said.lang) for other in said.distinct], default=0.0)):
        return akin
    if word.kind == "negation" and any(w.kind == "negation" for w in said.words):
        return 0.85
    return 0.9 if word.kind == "word" and any(slipped(word, other, said.lang) for other in said.initials.get(word.bare[0], ())) else 0.0


def _kin(word: Word, other: Word, lang: str) -> float:
    return kinship(word.stem, other.stem, lang) or kinship(word.bare, other.bare, lang) if other.value is None else 0.0


def slipped(word: Word, other: Word, lang: str) -> bool:
    """Whether one is the other with a slip."""
    most = allowed(len(word.bare)) if len(word.bare) > FAMILY else 0
    most = min(most, 1) if len(word.bare) < SURE else most
    if not most or abs(len(other.bare) - len(word.bare)) > most or OSA.distance(other.bare, word.bare, score_cutoff=most) > most:
        return False
    return not another_word(other.norm, word.norm, lang, frozenset())


def spots_of(word: Word, said: Said, places: Mapping[str, Sequence[int]]) -> dict[int, float]:
    """Where in the answer a word of the reference is, and how surely. ``places``: the answer's stems and where they stand."""
    sure = places.get(word.stem)
    spots = dict.fromkeys(sure, 1.0) if sure else {}
    if word.value is not None:
        return spots
    groups = alike(said.lang).get(word.stem)
    if groups and groups & said.groups:
        for other, at in places.items():
            if groups & alike(said.lang).get(other, frozenset()):
                spots.update((i, 0.85) for i in at if i not in spots)
    for other in said.families.get(word.stem[:FAMILY], ()):
        if other != word.stem and (_akin(word.stem, other) or (other[:SAME_BEGINNING] == word.stem[:SAME_BEGINNING] and telling(other, said.lang))):
            spots.update((i, 0.75) for i in places[other] if i not in spots)
    if said.compounding:
        for near in said.distinct:
            akin = _kin(word, near, said.lang)
            if akin:
                spots.update((i, akin) for i in places[near.stem] if i not in spots)
    if word.kind == "negation" and not spots:
        spots.update((i, 0.85) for i, w in enumerate(said.words) if w.kind == "negation")
    if not spots and word.kind == "word":
        for near in said.initials.get(word.bare[0], ()):
            if slipped(word, near, said.lang):
                spots.update((i, 0.9) for i in places[near.stem])
    return spots


def _akin(one: str, other: str) -> bool:
    return (one.startswith(other) or other.startswith(one)) and abs(len(one) - len(other)) <= 5


def measured(wanted: Wanted, said: Said, references: int = 1) -> dict[str, float]:
    """The numbers the model looks at. ``references``: among how many this one was chosen, for of many one is met by chance."""
    ours_said, theirs_said = wanted.back.sense, said.sense
    hits = [found_in(word, said) or _sided(word, ours_said, theirs_said) for word in wanted.content]
    weights, plain_weights = wanted.weights, [w.says for w in wanted.content]
    total, asked_total = sum(weights) or 1e-9, sum(plain_weights) or 1e-9
    recall = sum(map(mul, hits, weights)) / total
    recall_all = sum(map(mul, hits, plain_weights)) / asked_total
    content, back = said.content, wanted.back
    own = [w for w in content if w.stem not in wanted.asked]
    own_hits = [found_in(w, back) or _sided(w, theirs_said, ours_said) for w in own]
    own_total = sum([w.says for w in own])
    precision = sum([h * w.says for h, w in zip(own_hits, own, strict=True)]) / own_total if own_total else 0.0
    both = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    ours, theirs = back.run, said.run
    length = math.log((len(theirs) + 1) / (len(ours) + 1))
    missed = [w for h, w in zip(hits, weights, strict=True) if h < 0.5]
    numbers = _numbers(wanted, said)
    asked_missed = sum([(1 - h) * w for h, w, word in zip(hits, plain_weights, wanted.content, strict=True) if word.stem in wanted.asked])
    clash = denial_clash(wanted.words, said.words) if back.negations or said.negations else ()
    size = len(ours)
    return {
        "recall": recall, "recall_all": recall_all, "precision": precision, "f1": both, "recall²": recall * recall,
        "pairs": _pairs(ours, theirs), "order": _order(ours, theirs), "letters": _letters(back, said),
        "shorter": max(0.0, -length), "longer": max(0.0, length), "negation": float(back.negations % 2 != said.negations % 2), "negations": float(abs(back.negations - said.negations)),
        "opposite": float(len(contraries(wanted, said))), "number_missing": numbers[0], "number_other": numbers[1],
        "yes_no": float(_yes_no(wanted, said)), "echo": 1 - len(own) / len(content) if content else 1.0, "nothing_own": float(not own),
        "missed_most": max(missed, default=0.0), "missed": math.log1p(len(missed)), "own": math.log1p(len(own)), "hedged": float(said.hedged and not back.hedged),
        "strange": math.log1p(sum([w.says for h, w in zip(own_hits, own, strict=True) if h < 0.5])), "complete": float(recall > 0.92), "none": float(recall < 0.08), "size": math.log1p(size),
        "references": math.log(references),
        "many": float(references >= MANY and size > FEW),
        "asked": 1 - total / asked_total, "asked_missed": asked_missed / asked_total,
        "denied": float(bool(clash)), "bound": float(bool(bound_clash(wanted.words, said.words))), "skips": _skips(wanted.content, content), "medium": float(MEDIUM < size <= LONG), "long": float(LONG < size <= TEXT), "text": float(size > TEXT or (len(theirs) > EXPLAINED and size > MEDIUM)),
        **sensed(ours_said, theirs_said),
    }  # fmt: skip


def _sided(word: Word, one: Sense, other: Sense) -> float:
    """ "Apart" is found in "not together"."""
    sides = one.taken.get(word.stem)
    return SIDED if sides and not sides.isdisjoint(other.sides) else 0.0


def _pairs(ours: Sequence[str], theirs: Sequence[str]) -> float:
    if not set(ours).intersection(theirs) or len(ours) < 2:
        return 0.0
    had = Counter(pairwise(theirs))
    met = 0
    for pair in pairwise(ours):
        if had.get(pair, 0):
            had[pair] -= 1
            met += 1
    return met / (len(ours) - 1)


def _skips(ours: Sequence[Word], theirs: Sequence[Word]) -> float:
    """Content words that stand side by side in both, whichever first."""
    shared = {w.stem for w in ours}.intersection([w.stem for w in theirs])
    wanted = {frozenset((a.stem, b.stem)) for a, b in pairwise(ours)}
    if len(shared) < 2 and not any(len(pair) == 1 and pair <= shared for pair in wanted):
        return 0.0
    had = {frozenset((a.stem, b.stem)) for a, b in pairwise(theirs)} | {frozenset((a.stem, b.stem)) for a, b in zip(theirs, theirs[2:], strict=False)}
    return len(wanted & had) / len(wanted) if wanted else 0.0


def _order(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """The longest run of words in the same order, gaps allowed, as a share of the reference."""
    return float(LCSseq.similarity(ours, theirs)) / len(ours) if ours else 0.0


def _letters(ours: Said, theirs: Said) -> float:
    """Likeness by runs of three letters."""
    one, other = ours.letters, theirs.letters
    shared = sum([min(n, other[run]) for run, n in one.items() if run in other])
    return shared / math.sqrt(ours.letters_size * theirs.letters_size) if shared else 0.0


def _numbers(wanted: Wanted, said: Said) -> tuple[float, float]:
    ours = {w.value for w in wanted.words if w.value is not None}
    if not ours:
        return 0.0, 0.0
    theirs = {w.value for w in said.words if w.value is not None}
    missing = len(ours - theirs) / len(ours) if ours else 0.0
    strange = any(w.value is not None and w.value not in ours and w.stem not in wanted.asked for w in said.words)
    return missing, float(bool(ours) and strange)


def contraries(wanted: Wanted, said: Said) -> list[tuple[Word, Word]]:
    """Words of the reference in whose place the answer has the contrary."""
    against = opposites(said.lang)
    found = []
    for word in wanted.words:
        contrary = against.get(word.stem)
        if contrary and word.stem not in said.stems:
            met = next((w for w in said.words if w.stem in contrary and w.stem not in wanted.stems), None)
            if met:
                found.append((word, met))
    return found


def denied(words: Sequence[Word]) -> tuple[set[str], set[str]]:
    """Stems that are denied (the first content word after a denial), and those that are said; what follows a denied word is neither."""
    under: set[str] = set()
    free: set[str] = set()
    reach = 0
    for word in words:
        if word.kind == "negation":
            reach = REACH
        elif word.kind in ("word", "number"):
            if reach == 0:
                free.add(word.stem)
            elif reach > 1:
                under.add(word.stem)
            reach = 1 if reach > 1 else 0
        elif reach > 1:
            reach = reach - 1 or 1
    return under, free


def denial_clash(ours: Sequence[Word], theirs: Sequence[Word]) -> set[str]:
    """Stems that one of the two denies and the other says."""
    mine, other = denied(ours), denied(theirs)
    if mine[0] and other[0]:
        return set()
    return (mine[0] & other[1] - other[0]) | (other[0] & mine[1] - mine[0])


def bound(words: Sequence[Word]) -> dict[str, set[float]]:
    """The numbers that stand beside each word: 3 protons, terminal 1."""
    found: dict[str, set[float]] = {}
    for i, word in enumerate(words):
        if word.value is not None:
            after = next((w for w in words[i + 1 : i + 3] if w.kind == "word"), None)
            for beside in (words[i - 1] if i and words[i - 1].kind == "word" else None, after):
                if beside is not None:
                    found.setdefault(beside.stem, set()).add(word.value)
    return found


def bound_clash(ours: Sequence[Word], theirs: Sequence[Word]) -> str:
    """The word beside which the two have different numbers."""
    mine, other = bound(ours), bound(theirs)
    return next((stem for stem, values in mine.items() if stem in other and not values & other[stem]), "") if mine and other else ""


def _yes_no(wanted: Wanted, said: Said) -> bool:
    if not wanted.words or not said.words:
        return False
    ours, theirs = wanted.words[0].norm, said.words[0].norm
    return (ours in YES and theirs in NO) or (ours in NO and theirs in YES)
