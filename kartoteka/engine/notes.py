"""Which cards a note gives rise to, what class each side is, and the points a long one makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Any

from kartoteka.engine.items import Point, Side, SideClass
from kartoteka.engine.text import CLOZE, Line, blanks_of, lines_of, plain

SHORT_WORDS, SHORT_SIGNS, MEDIUM_WORDS, QUOTE_WORDS = 6, 60, 25, 8  # modes.md 0.1
EXCERPT_SIGNS = 160
MOST_POINTS = 60  # a definition of more is graded by its first sixty
MOST_CLOZE = 500
FRAGMENT_WORDS = 3  # a piece shorter than this is glued to its neighbour, unless semicolons part it
RUN_ON_WORDS = 12  # a sentence of more words than this may be several points

_WORD = re.compile(r"[^\W_]+(?:['’.,\-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])[」』）]?")
_RUN_ON = re.compile(r";\s+|\s[-–—]\s+|(?<=\w)[-–—]\s+")
_CLAUSE = re.compile(r",\s+(?:and\s+|but\s+|und\s+|aber\s+)?(?=(?:he|she|it|they|er|sie|es)\s)")
_NOT_AN_END = re.compile(
    r"(?:^|[\s(\[“\"'])(?:[A-Z]|[a-z]\.\s?[a-z]|\d{1,2}|dr|mr|mrs|ms|prof|st|vs|cf|ca|approx|nr|vol|fig|pp|jr|sr|gen|col|bzw|evtl|ggf|vgl|inkl|sog|bspw|tzn)\.$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«|「[^」]*」|『[^』]*』|\"[^\"]*\"|‘(?:[^’]|’(?=\w))*’(?!\w)")
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I've|my|we|our|ich|wir|mein|meine|unser|je|j'|nous|mon|yo|mi|nosotros|ja|mój|my)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!…。！][\"'”’»」』)\]]*$")
_QUESTION_END = re.compile(r"[?？¿][\"'”’»」』)\]]*$")


def words_in(text: str) -> int:
    """How many words a text has; in scripts without spaces two signs count as one."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = len(_WORD.findall(_UNSPACED.sub(" ", text))) if unspaced else len(_WORD.findall(text))
    return spaced + (unspaced + 1) // 2


def side_of(html: str, text: str, lang: str = "", *, own_points: Sequence[Any] = (), term: bool = False) -> Side:
    """A side with its class and its points. ``term``: it is what is asked about, where a whole sentence is a quote.

    ``own_points`` are the author's (words, mappings with ``text``, ``context``, ``must_have``, or points) and stand in place of those found.
    """
    return _side(html or escape(text), text, lang, tuple(_own(p) for p in own_points), term)


@lru_cache(maxsize=65_536)
def _side(html: str, text: str, lang: str, own: tuple[Point, ...], term: bool) -> Side:
    lines = lines_of(html)
    kind = _kind(html, text or plain(html), lines, term)
    points = own or ((_blanks(html) if kind == "cloze" else _points(lines)) if kind != "media" else ())
    return Side(html=html, text=text or plain(html), kind=kind, lang=lang, points=points[:MOST_POINTS])


def points_of(html: str) -> tuple[Point, ...]:
    """The points of a text that is on no card, and so is not worth remembering."""
    return _points(lines_of(html))[:MOST_POINTS]


def _own(point: Any) -> Point:
    if isinstance(point, Point):
        return point
    if isinstance(point, Mapping):
        return Point(str(point.get("text", "")), tuple(str(c) for c in point.get("context") or ()), bool(point.get("must_have", False)))
    return Point(str(point))


def _kind(html: str, text: str, lines: Sequence[Line], term: bool) -> SideClass:
    if CLOZE.search(html):
        return "cloze"
    if not any(line.words for line in lines):
        return "media" if any(line.pictured for line in lines) else "short"
    bullets = len({line.bullet for line in lines if line.bullet})
    if bullets >= 2:
        return "long"
    words = words_in(text)
    if not bullets and is_quote(text, term=term):
        return "quote"
    if words > MEDIUM_WORDS:
        return "long"
    return "short" if words <= SHORT_WORDS and len(text) <= SHORT_SIGNS and not bullets else "medium"


def is_quote(text: str, *, term: bool) -> bool:
    """Text in quotation marks, or a whole sentence of eight words used as a term; a question is no quote."""
    words = words_in(text)
    if words > 2 and text[:1] in '“„«»「『"‘' and sum(words_in(q) for q in _QUOTED.findall(text)) * 2 > words:
        return True
    if not term or words < QUOTE_WORDS or _QUESTION_END.search(text):
        return False
    return bool(_SENTENCE_END.search(text) or _FIRST_PERSON.search(text))


def _whole(lines: Sequence[Line]) -> list[Line]:
    """Lines with those of one list item put together."""
    whole: list[Line] = []
    for line in lines:
        if whole and line.bullet and not line.marker and whole[-1].bullet == line.bullet:
            last = whole[-1]
            whole[-1] = Line(last.depth, last.marker, last.bullet, last.words or line.words, text=f"{last.text} {line.text}".strip())
        else:
            whole.append(line)
    return whole


def _points(lines: Sequence[Line]) -> tuple[Point, ...]:
    """Leaf bullets with the bullets above them; sentences of paragraphs; a paragraph that ends in a colon is what the list below it is about."""
    found: list[Point] = []
    above: list[tuple[int, str]] = []
    read = [line for line in _whole(lines) if line.words]
    for line, after in pairwise([*read, Line()]):
        if line.depth == 0:
            above = [(0, line.text.rstrip(" :："))] if after.depth and line.text.endswith((":", "：")) else []
            if not above:
                found.extend(Point(s) for s in sentences(line.text))
            continue
        while above and above[-1][0] >= line.depth:
            above.pop()
        if after.depth > line.depth:
            above.append((line.depth, line.text.rstrip(" :：")))
        else:
            found.append(Point(line.text, tuple(words for _, words in above)))
    return tuple(found)


def sentences(text: str) -> list[str]:
    """A paragraph in sentences; one long run-on is parted at semicolons and dashes, and fragments are glued back."""
    pieces: list[str] = []
    since = 0
    for end in _END.finditer(text):
        if not _NOT_AN_END.search(text[max(since, end.start() - 14) : end.start()]) and not text[end.end() : end.end() + 1].islower():
            pieces.append(text[since : end.end()].strip())
            since = end.end()
    pieces.append(text[since:].strip())
    return [part for piece in pieces if piece for part in _run_on(piece)]


def _run_on(sentence: str) -> list[str]:
    if words_in(sentence) <= RUN_ON_WORDS or is_quote(sentence, term=False):
        return [sentence]
    parts: list[str] = []
    since = 0
    for cut in (*_RUN_ON.finditer(sentence),) or (_CLAUSE.finditer(sentence) if words_in(sentence) > MEDIUM_WORDS else ()):
        piece, rest = sentence[since : cut.start()].strip(), sentence[cut.end() : cut.end() + 100]
        if piece.count("(") > piece.count(")"):
            continue  # a formula, or an aside
        if min(words_in(piece), words_in(rest)) >= (1 if ";" in cut.group() else FRAGMENT_WORDS):
            parts.append(piece)
            since = cut.end()
    return [*parts, sentence[since:].strip()]


def _blanks(html: str) -> tuple[Point, ...]:
    """The blanks of a cloze side, in the order of their numbers."""
    return tuple(Point(plain(filling)) for _, filling in sorted(blanks_of(html)[1], key=lambda blank: blank[0])[:MOST_POINTS])


def excerpt(point: Point, signs: int = EXCERPT_SIGNS) -> str:
    """One point with its nearest parents, clipped on a word boundary."""
    context = point.context
    while context and len(Point(point.text, context).alone) > signs:
        context = context[1:]
    return clipped(Point(point.text, context or point.context[-1:]).alone, signs)


def clipped(text: str, signs: int = EXCERPT_SIGNS) -> str:
    """A text of at most so many signs, cut between words."""
    if len(text) <= signs:
        return text
    head = text[: signs - 1]
    if not text[signs - 1].isspace() and not _UNSPACED.match(text[signs - 1]):
        head = head[: head.rfind(" ")] if " " in head[signs // 2 :] else head
    return head.rstrip(" ,;:–-") + "…"


def cards_of(kind: str, fields: Mapping[str, str], *, directions: Sequence[str]) -> list[str]:
    """The kinds of card a note gives rise to: forward, reversed, cloze-1 …"""
    if kind == "cloze":
        numbers = {min(int(n), MOST_CLOZE) for html in fields.values() for found in CLOZE.findall(html) for n in found.split(",")}
        if numbers - {0}:
            return [f"cloze-{n}" for n in sorted(numbers - {0})]
    return [direction for direction in ("forward", "reversed") if direction in directions] or ["forward"]
