"""The points of a definition, looked for one by one in what was written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kartoteka.engine.grading.flags import Around, Flag, flags_of, other_year
from kartoteka.engine.grading.forms import worded
from kartoteka.engine.grading.overlap import Said, Wanted, found_in, said_in, said_of, spots_of, wanted_of
from kartoteka.engine.grading.word import Word
from kartoteka.engine.items import Point
from kartoteka.engine.notes import MOST_POINTS, points_of
from kartoteka.engine.rubrics import Mark, PointMark

MUST_HAVE = 2.0  # what a must-have weighs; others 1
COVERED, PARTLY = 0.52, 0.3  # how much of a point has to be found
NOTED_COVERED, NOTED_PARTLY = 0.4, 0.15  # of a point that a mark scheme notes, where one telling word earns a part
UNSURE_BY = 0.09  # this near to a border a mark is not sure
MOST_WINDOWS = 120
SIMPLE = 80  # characters of a text that is one point unless signs part it
OWN = 0.9  # a word that says so much is the point's own, not an ordinary one
SCATTERED = 0.8  # what is left of words that stand in no one clause
_SENTENCE = re.compile(r"[.!?…;\n•。！？；|](?:\s|$)|[\n•。！？；;]|\s[-–—]\s|\(|\)")
_PARTING = re.compile(r"[^\w ,'’-]|_|  |^[-–\d]| -|- ")
_CLAUSE = re.compile(r"[,，、:]|\b(?:and|but|so|because|while|und|aber|weil|oraz|ale|et|mais|y|pero)\b", re.IGNORECASE)


Window = tuple[int, int]  # a clause of the answer, or some that stand together: from this word to before that


@dataclass(frozen=True, slots=True)
class Read:
    """An answer in its clauses. ``windows``: clauses, sentences and neighbours, the shortest first; the whole comes last."""

    text: str
    said: Said
    places: Mapping[str, Sequence[int]]
    windows: tuple[Window, ...]
    clauses: tuple[Window, ...]
    sentences: int

    def clause(self, window: Window) -> Said:
        return said_in(self.said.words[window[0] : window[1]], self.said.lang)


@lru_cache(maxsize=512)
def split(text: str, html: str = "") -> tuple[Point, ...]:
    """The points of a definition: its author's bullets, lines, clauses parted by semicolons, sentences."""
    if not html and len(text) <= SIMPLE and not _PARTING.search(text):
        return (Point(text.strip()),) if any(c.isalnum() for c in text) else ()
    return points_of(html or _as_html(text))


_BULLET = re.compile(r"^\s*(?:[•·‣▪◦*●○–—]|-(?=\s?[^\d\s])|\d{1,2}[.)](?=\s))\s*(.+)$")


def _as_html(text: str) -> str:
    """Lines with bullets as a list, so that plain text parts as it would on a card."""
    lines = []
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        safe = (bullet.group(1) if bullet else line).replace("&", "&amp;").replace("<", "&lt;")
        lines.append(f"<ul><li>{safe}</li></ul>" if bullet else f"<p>{safe}</p>")
    return "".join(lines)


@lru_cache(maxsize=32)
def read(answer: str, lang: str) -> Read:
    """An answer, read clause by clause."""
    said = said_of(answer, lang)
    places: dict[str, list[int]] = {}
    for i, word in enumerate(said.words):
        places.setdefault(word.stem, []).append(i)
        if word.bare != word.stem:
            places.setdefault(word.bare, []).append(i)
    sentences, clauses = _parts(answer, said.words)
    spans = {*sentences, *clauses}
    for parts in (sentences, clauses):
        spans.update((one[0], other[1]) for one, other in pairwise(parts))
    whole = (0, len(said.words))
    shortest = sorted(spans - {whole}, key=lambda s: (s[1] - s[0], s[0]))[:MOST_WINDOWS]
    return Read(answer, said, places, (*shortest, whole), tuple(clauses), len(sentences))


def _parts(answer: str, found: Sequence[Word]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Sentences and clauses, as runs of words."""
    sentences: list[tuple[int, int]] = []
    clauses: list[tuple[int, int]] = []
    began = clause = 0
    for i, (word, after) in enumerate(pairwise(found), 1):
        between = answer[word.end : after.start]
        ends = bool(_SENTENCE.search(between))
        if ends or _CLAUSE.search(between) or (after.kind == "function" and _CLAUSE.fullmatch(after.norm)):
            clauses.append((clause, i))
            clause = i
        if ends:
            sentences.append((began, i))
            began = i
    return [*sentences, (began, len(found))], [*clauses, (clause, len(found))]


@dataclass(frozen=True, slots=True)
class Sought:
    """A point, ready to be looked for."""

    point: Point
    wanted: Wanted
    weights: tuple[float, ...]

    @property
    def only(self) -> Word | None:
        """The one word that is the point's own, where all others are ordinary or the question's."""
        own = [word for word in self.wanted.content if word.says >= OWN and word.stem not in self.wanted.asked]
        return own[0] if len(own) == 1 else None


@lru_cache(maxsize=512)
def sought(question: str, points: tuple[Point, ...], lang: str) -> tuple[Sought, ...]:
    """Points with their words weighed: what the question or several points say counts little."""
    wanted = [wanted_of(f"{question} {' '.join(p.context)}", worded(p.text), lang) for p in points[:MOST_POINTS]]
    often = Counter(stem for w in wanted for stem in {word.stem for word in w.content})
    return tuple(
        Sought(p, w, tuple(weight / often[word.stem] ** 0.5 for word, weight in zip(w.content, w.weights, strict=True)))
        for p, w in zip(points, wanted, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Met:
    """How a point was met: how much of it, in which window."""

    share: float
    window: Window | None
    flags: tuple[Flag, ...] = ()


def look_for(one: Sought, heard: Read, least: int = 2) -> Met:
    """The clause that says most of a point. Words scattered over the whole answer count less, one alone says nothing of many."""
    total = sum(one.weights) or 1e-9
    spots = []
    looked: dict[str, tuple[list[int], dict[int, float]]] = {}  # a word that a point says often is looked for once
    for word, weight in zip(one.wanted.content, one.weights, strict=True):
        if word.stem not in looked:
            found = spots_of(word, heard.said, heard.places)
            looked[word.stem] = sorted(found), found
        places, found = looked[word.stem]
        if found:
            spots.append((weight, places, found, word is one.only))
    if not spots:
        return Met(0.0, None)
    enough = min(least, len(one.wanted.content))
    best, near, nearest = Met(0.0, None), 0.0, None
    for window in heard.windows:
        share, met = 0.0, 0
        for weight, places, found, only in spots:
            at = bisect_left(places, window[0])
            hit = 0.0
            while at < len(places) and places[at] < window[1] and hit < 1.0:
                hit, at = max(hit, found[places[at]]), at + 1
            share += weight * hit
            met += 2 if hit and only else hit > 0
        share /= total
        if share > near:
            near, nearest = share, window
        if met < enough and share < 0.5:
            continue
        if heard.sentences > 1 and window == heard.windows[-1]:
            share *= SCATTERED
        if share > best.share + 0.02:
            best = Met(share, window)
    return best if best.window is not None else Met(0.0, nearest)


def quoted(one: Sought, heard: Read, window: Window, flags: Sequence[Flag] = ()) -> str:
    """The learner's own words that say the point, cut out of the answer, with what speaks against it."""
    words = heard.said.words[window[0] : window[1]]
    against = {word for flag in flags for word in flag.wrote.split()}
    hits = [
        w
        for w in words
        if (w.kind in ("word", "number", "negation") and found_in(w, one.wanted.back))
        or (flags and (w.kind == "negation" or heard.text[w.start : w.end] in against))
    ] or words
    return heard.text[hits[0].start : hits[-1].end]


def marked(
    question: str, points: tuple[Point, ...], answer: str, lang: str, names: frozenset[str], *, listing: bool = False, noted: bool = False
) -> tuple[list[PointMark], list[Met]]:
    """Every point with its mark. ``listing``: the answer is a heap of words, which proves no more than "partly". ``noted``: the points of a mark scheme."""
    heard = read(answer, lang)
    looked = sought(question, points, lang)
    beside = frozenset((a.stem, b.stem) for a, b in pairwise(heard.said.content))
    around = Around(names, frozenset(stem for one in looked for stem in one.wanted.stems), heard.said.stems, beside)
    marks, mets = [], []
    for one in looked:
        met = look_for(one, heard, 1 if noted else 2)
        if met.window is not None:
            text = worded(one.point.text)
            flags = flags_of(one.wanted, heard.clause(met.window), text, answer, around)
            exchanged = None if flags else other_year(one.wanted, [heard.clause(clause) for clause in heard.clauses], answer, text)
            met = Met(met.share, met.window, (exchanged,) if exchanged else flags)
        marks.append(_marked(heard, one, met, (NOTED_COVERED, NOTED_PARTLY) if noted else (COVERED, PARTLY), listing=listing))
        mets.append(met)
    return marks, mets


def _marked(heard: Read, one: Sought, met: Met, borders: tuple[float, float], *, listing: bool) -> PointMark:
    weight = MUST_HAVE if one.point.must_have else 1.0
    covered, partly = borders
    mark: Mark = "covered" if met.share >= covered else "partly" if met.share >= partly else "missing"
    sure = min(abs(met.share - covered), abs(met.share - partly)) > UNSURE_BY and not met.flags
    if any(flag.strong for flag in met.flags):
        mark = "contradicted"
    elif met.flags and mark == "covered":
        mark = "partly"
    if listing and mark == "covered":
        mark, sure = "partly", False
    quote = quoted(one, heard, met.window, met.flags) if met.window is not None and mark != "missing" else ""
    return PointMark(one.point.alone, mark, weight, quote, sure)
