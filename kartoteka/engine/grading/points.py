"""The points of a definition, looked for one by one in what was written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from kartoteka.engine.grading.flags import Around, Flag, flags_of
from kartoteka.engine.grading.forms import worded
from kartoteka.engine.grading.overlap import Said, Wanted, found_in, said_in, wanted_of
from kartoteka.engine.grading.words import Word, words_of
from kartoteka.engine.items import Point
from kartoteka.engine.notes import MOST_POINTS, side_of
from kartoteka.engine.rubrics import Mark, PointMark

MUST_HAVE = 2.0  # what a must-have weighs; others 1
COVERED, PARTLY = 0.52, 0.3  # how much of a point has to be found
UNSURE_BY = 0.09  # this near to a border a mark is not sure
SCATTERED = 0.8  # what is left of words that stand in no one clause
_SENTENCE = re.compile(r"[.!?…;\n•。！？；|](?:\s|$)|[\n•。！？；;]|\s[-–—]\s|\(|\)")
_CLAUSE = re.compile(r"[,，、:]|\b(?:and|but|so|because|while|und|aber|weil|oraz|ale|et|mais|y|pero)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """A clause of the answer, or some that stand together."""

    said: Said
    start: int
    end: int
    whole: bool = False


def split(text: str, html: str = "") -> tuple[Point, ...]:
    """The points of a definition: its author's bullets, lines, clauses parted by semicolons, sentences."""
    return side_of(html, text).points if html or "\n" not in text else side_of(_as_html(text), text).points


_BULLET = re.compile(r"^\s*(?:[•·‣▪◦*●○–—]|-(?=\s?[^\d\s])|\d{1,2}[.)](?=\s))\s*(.+)$")


def _as_html(text: str) -> str:
    """Lines with bullets as a list, so that plain text parts as it would on a card."""
    lines = []
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        safe = (bullet.group(1) if bullet else line).replace("&", "&amp;").replace("<", "&lt;")
        lines.append(f"<ul><li>{safe}</li></ul>" if bullet else f"<p>{safe}</p>")
    return "".join(lines)


@lru_cache(maxsize=1_024)
def windows_of(answer: str, lang: str) -> tuple[Window, ...]:
    """The clauses of an answer, its sentences, each two neighbours, and the whole."""
    found = words_of(answer, lang)
    if not found:
        return ()
    sentences, clauses = _parts(answer, found)
    spans = {*sentences, *clauses}
    spans.update((one[0], other[1]) for one, other in pairwise(sentences))
    spans.update((one[0], other[1]) for one, other in pairwise(clauses))
    out = [_window(found, i, j, lang) for i, j in sorted(spans, key=lambda s: (s[1] - s[0], s[0]))[:200] if (i, j) != (0, len(found))]
    out.append(_window(found, 0, len(found), lang, whole=len(sentences) > 1))
    return tuple(out)


def _window(found: Sequence[Word], i: int, j: int, lang: str, *, whole: bool = False) -> Window:
    return Window(said_in(found[i:j], lang), found[i].start, found[j - 1].end, whole)


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


@lru_cache(maxsize=2_048)
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
    first: int = 0
    last: int = 0
    flags: tuple[Flag, ...] = ()


def look_for(one: Sought, windows: Sequence[Window]) -> Met:
    """The clause that says most of a point. Words scattered over the whole answer count less, one alone says nothing of many."""
    total = sum(one.weights) or 1e-9
    known = {w.stem: found_in(w, windows[-1].said) for w in one.wanted.content} if windows else {}
    if not any(known.values()):
        return Met(0.0, None)
    best = Met(0.0, None)
    near, nearest = 0.0, None
    for window in windows:
        hits = [found_in(w, window.said) if known[w.stem] else 0.0 for w in one.wanted.content]
        share = sum(h * w for h, w in zip(hits, one.weights, strict=True)) / total
        if share > near:
            near, nearest = share, window
        if sum(h > 0 for h in hits) < min(2, len(hits)) and share < 0.5:
            continue
        share *= SCATTERED if window.whole else 1.0
        if share > best.share + 0.02:
            best = Met(share, window)
    return best if best.window is not None else Met(0.0, nearest)


def quoted(answer: str, one: Sought, window: Window) -> str:
    """The learner's own words that say the point, cut out of the answer."""
    back = said_in(one.wanted.words, one.wanted.lang)
    hits = [w for w in window.said.words if w.kind in ("word", "number", "negation") and found_in(w, back)]
    return answer[hits[0].start : hits[-1].end] if hits else answer[window.start : window.end]


def marked(
    question: str, points: tuple[Point, ...], answer: str, lang: str, names: frozenset[str], *, listing: bool = False
) -> tuple[list[PointMark], list[Met]]:
    """Every point with its mark. ``listing``: the answer is a heap of words, which proves no more than "partly"."""
    windows = windows_of(answer, lang)
    looked = sought(question, points, lang)
    card = frozenset(stem for one in looked for stem in one.wanted.stems)
    around = Around(names, card, windows[-1].said.stems if windows else frozenset())
    marks, mets = [], []
    for one in looked:
        met = look_for(one, windows)
        flags: tuple[Flag, ...] = ()
        if met.window is not None:
            flags = flags_of(one.wanted, met.window.said, worded(one.point.text), answer, around)
        met = Met(met.share, met.window, flags=flags)
        marks.append(_marked(answer, one, met, listing))
        mets.append(met)
    return marks, mets


def _marked(answer: str, one: Sought, met: Met, listing: bool) -> PointMark:
    weight = MUST_HAVE if one.point.must_have else 1.0
    mark: Mark = "covered" if met.share >= COVERED else "partly" if met.share >= PARTLY else "missing"
    sure = min(abs(met.share - COVERED), abs(met.share - PARTLY)) > UNSURE_BY and not met.flags
    if any(flag.strong for flag in met.flags):
        mark = "contradicted"
    elif met.flags and mark == "covered":
        mark = "partly"
    if listing and mark == "covered":
        mark, sure = "partly", False
    quote = quoted(answer, one, met.window) if met.window is not None and mark != "missing" else ""
    return PointMark(one.point.alone, mark, weight, quote, sure)
