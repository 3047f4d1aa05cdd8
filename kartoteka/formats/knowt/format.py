"""A set page copied from Knowt, in the layouts it has had since 2024: cards numbered after "N Terms", lists by their bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem, Source, Unreadable

TITLE = "Knowt page"
EXTENSIONS = (".txt",)
KEEPS = ("terms", "definitions", "nested lists", "title", "description", "tags")

STATUSES = ("New cards", "Still learning", "Almost done", "Mastered")
MOST_LINES = 400_000
_TERMS = re.compile(r"^(\d{1,6})\s+Terms?$")
_PLACE = re.compile(r"^1\s?/\s?(\d{1,6})$")
_BULLET = re.compile(r"^([ \t\xa0]*)[•◦▪●‣]\s+(.*)$")
_FURNITURE = re.compile(
    r"^(?:\d\.\d\s?\(\d+\)|[Ss]tudied by.*|full-width.*|learn(?:Learn)?.*|exam.*|spaced repetition.*|heart puzzle.*|flashcards?.*|Game.*|Card Sorting|Call.*|"
    r"encourage image|There's no tags or description|Looks like no tags are added yet\.?|Study Analytics|Name|Mastery|Learn.*|Test|Matching.*|Spaced.*|"
    r"No study sessions yet\.?|No analytics yet\.?|Last updated.*|Earn XP|Description and Tags|Practice Test.*|Flashcards.*|Send a link.*|flashcard set|"
    r"Name \|.*|[-|\s]+)$"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page cut in two: what stands above the cards, and the lines of the cards; ``first``: number of their first line."""

    head: Sequence[str]
    body: Sequence[str]
    first: int
    declared: int | None


def recognises(head: bytes, name: str) -> float:
    text = head.decode("utf-8", "replace").replace("\r\n", "\n")
    if "\0" in text:
        return 0.0
    statuses = sum(text.count(f"\n{status}\n") for status in STATUSES)
    if re.search(r"^\d{1,6}\s+Terms?\s*$", text, re.M) and statuses:
        return 0.98
    if "Mastery | Learn | Test" in text and _has_place(text):
        return 0.95
    return 0.6 if statuses > 2 else 0.0


def _has_place(text: str) -> bool:
    return any(_PLACE.match(line.strip()) for line in text.split("\n")[:40])


def read(source: Source, options: Mapping[str, str]) -> Bundle:
    text = _decoded(source.bytes())
    lines = [line.replace("\xa0", " ").rstrip() for line in text.split("\n")]
    if len(lines) > MOST_LINES:
        raise Unreadable(f"This page has {len(lines):,} lines; {MOST_LINES:,} are the most that can be read. Copy it in parts.")
    page = _page(lines)
    if page is None:
        return _reader_mode(lines, options)
    numbered = list(_blocks(page))
    notes, problems = [], []
    for number, line, block in numbered:
        term, definition = _sides(block)
        if not (term or definition):
            problems.append(Problem(f"line {line}", f"Card {number} is empty.", "refused", line))
            continue
        notes.append(BundleNote({"term": _html(term), "definition": _html(definition)}, where=f"line {line}", line=line))
    if page.declared is not None and len(numbered) < page.declared:
        last = numbered[-1][0] if numbered else 0
        problems.append(
            Problem(
                f"line {len(lines)}",
                f"The page says {page.declared} terms, and {len(numbered)} are here: it was cut after card {last}. Scroll to its end before copying, or keep these.",
                "warning",
                len(lines),
            )
        )
    if not numbered:
        raise Unreadable("This looks like a Knowt page, but no cards follow its list of terms. Scroll to the end of the page, copy all of it, and paste again.")
    title, description, tags, ignored = _about(page.head)
    deck = BundleDeck(title, tuple(notes), description=f"<p>{escape(description)}</p>" if description else "", tags=tags)
    return Bundle("knowt", (deck,), tuple(problems), declared=page.declared, ignored=ignored)


def _decoded(data: bytes) -> str:
    text = data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _page(lines: Sequence[str]) -> _Page | None:
    for number, line in enumerate(lines):
        found = _TERMS.match(line.strip())
        if found and _begins(lines, number + 1):
            return _Page(lines[:number], lines[number + 1 :], number + 2, int(found[1]))
    for number in range(len(lines)):
        if lines[number].strip() == "1" and _is_start(lines, number, 1) and lines[number + 1 : number + 2]:
            return _Page(lines[:number], lines[number:], number + 1, None)
    return None


def _begins(lines: Sequence[str], at: int) -> bool:
    first = next((line.strip() for line in lines[at : at + 6] if line.strip()), "")
    return first in ("1", "")


def _is_start(lines: Sequence[str], at: int, number: int) -> bool:
    """Whether a card begins here: the next number, and a status right beside it."""
    if lines[at].strip() != str(number):
        return False
    after = lines[at + 1].strip() if at + 1 < len(lines) else ""
    before = lines[at - 1].strip() if at else ""
    return after in STATUSES or before in STATUSES


def _blocks(page: _Page) -> Iterator[tuple[int, int, list[str]]]:
    """Each card: its number, its line, and its own lines without number and status."""
    body = page.body
    number, began = 0, -1
    for at in range(len(body)):
        first = number == 0 and body[at].strip() == "1" and not any(line.strip() for line in body[:at])
        if not (first or (number and _is_start(body, at, number + 1))):
            continue
        if number:
            yield number, page.first + began, _own(body[began + 1 : at])
        number, began = number + 1, at
    if number:
        yield number, page.first + began, _own(body[began + 1 :])


def _own(lines: Sequence[str]) -> list[str]:
    """A card's lines without its status, which stands first or last."""
    own = list(lines)
    if own and own[0].strip() in STATUSES:
        own = own[1:]
    else:
        while own and not own[-1].strip():
            own.pop()
        if own and own[-1].strip() in STATUSES:
            own.pop()
    return own


def _sides(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The first block of lines is the term, the rest the definition; an empty term shows as two blank lines."""
    at = 0
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at >= 3:  # blank, the empty term, blank
        return [], list(lines[at:])
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return list(lines[at:end]), list(lines[end:])


def _html(lines: Sequence[str]) -> str:
    """Lines as paragraphs and nested lists; a lone short line stays a line."""
    parts: list[str] = []
    open_at: list[int] = []
    shown = [line for line in lines if line.strip()]
    if len(shown) == 1 and not _BULLET.match(shown[0]):
        return escape(shown[0].strip())
    for line in shown:
        bullet = _BULLET.match(line)
        if not bullet:
            parts.append(_closed(open_at, -1))
            parts.append(f"<p>{escape(line.strip())}</p>")
            continue
        depth = len(bullet[1].expandtabs(4))
        parts.append(_closed(open_at, depth))
        if open_at and open_at[-1] == depth:
            parts.append("</li>")
        else:
            open_at.append(depth)
            parts.append("<ul>")
        parts.append(f"<li>{escape(bullet[2].strip())}")
    parts.append(_closed(open_at, -1))
    return "".join(parts)


def _closed(open_at: list[int], depth: int) -> str:
    """Closes the lists that are deeper than ``depth``."""
    closed = ""
    while open_at and open_at[-1] > depth and (depth < 0 or len(open_at) > 1 or open_at[-1] > depth):
        if depth >= 0 and len(open_at) == 1:
            open_at[-1] = depth
            break
        open_at.pop()
        closed += "</li></ul>"
    return closed


def _about(head: Sequence[str]) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Title, description, tags, and the page's own furniture."""
    filled = [line.strip() for line in head if line.strip()]
    title = filled[0] if filled and not _FURNITURE.match(filled[0]) and not _PLACE.match(filled[0]) else ""
    rest = filled[1:] if title else filled
    own = [line for line in rest if not _FURNITURE.match(line) and not _PLACE.match(line)]
    place = next((at for at, line in enumerate(rest) if _PLACE.match(line)), len(rest))
    after = [line for line in rest[place:] if line in own]
    return title, after[0] if after else "", tuple(after[1:6]), tuple(line for line in rest if line not in after)


def _reader_mode(lines: Sequence[str], options: Mapping[str, str]) -> Bundle:
    """A page without numbers: exactly twice the count of lines pairs off; otherwise nothing is guessed."""
    filled = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip()]
    place = next((int(found[1]) for _, line in filled if (found := _PLACE.match(line))), None)
    if place is None:
        raise Unreadable("This is not a page copied from Knowt: it has neither a list of terms nor a place such as 1/31. Paste it as text instead.")
    own = [(number, line) for number, line in filled if not _FURNITURE.match(line) and not _PLACE.match(line)]
    declared = place + 1
    ignored = tuple(line for _, line in filled if _FURNITURE.match(line))
    pairing = options.get("pairing", "")
    if len(own) != 2 * declared and pairing != "lines":
        what = (
            f"This page came without numbers: {declared} cards would be {2 * declared} lines, and {len(own)} are here, so a definition has several lines. "
            "Which belong together cannot be told. Copy the page itself, not its reader view, or pair the lines as they come."
        )
        deck = BundleDeck("", ())
        return Bundle(
            "knowt", (deck,), (Problem("the page", what, "refused"),), declared=declared, ignored=ignored, choices={"pairing": "none"}, ambiguous=True
        )
    notes = tuple(
        BundleNote({"term": escape(own[at][1]), "definition": escape(own[at + 1][1])}, where=f"line {own[at][0]}", line=own[at][0])
        for at in range(0, len(own) - 1, 2)
    )
    problem = Problem("the page", "This page came without numbers; its lines were paired as they stand. Look whether the pairs are right.", "warning")
    return Bundle("knowt", (BundleDeck("", notes),), (problem,), declared=declared, ignored=ignored, choices={"pairing": "lines"})
