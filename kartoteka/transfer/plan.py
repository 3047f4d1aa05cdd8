"""What a Bundle would do to a library: which cards are new, the same, changed, or refused, and why."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.text import normal, plain
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.clean import clean
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person

Fate = Literal["new", "same", "changed", "refused"]
TITLE_SIGNS = 200
SHOWN = ("img", "audio", "video", "math", "[sound:", "\\(", "\\[", "[latex]", "[$")


@dataclass(frozen=True, slots=True)
class Line:
    """One card of the source and what becomes of it. ``key`` names it on the page; ``why`` says why it is refused."""

    key: str
    fate: Fate
    note: BundleNote
    mine: Note | None = None
    why: str = ""

    @property
    def place(self) -> str:
        return _("Line %d") % self.note.line if self.note.line else self.note.where


@dataclass(frozen=True, slots=True)
class DeckPlan:
    """A deck of the source, the set of mine that it would update, and its cards."""

    deck: BundleDeck
    into: Deck | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen. ``problems`` are the reader's and the plan's own, in the order of the source."""

    format: str
    decks: tuple[DeckPlan, ...]
    problems: tuple[Problem, ...] = ()
    ambiguous: bool = False
    counts: Mapping[Fate, int] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[Line]:
        for deck in self.decks:
            yield from deck.lines

    @property
    def acceptable(self) -> bool:
        """Whether something could be kept without guessing."""
        return not self.ambiguous and any(self.counts.get(fate) for fate in ("new", "same", "changed"))

    def of(self, fate: Fate) -> list[Line]:
        return [line for line in self.lines if line.fate == fate]


def compare(
    bundle: Bundle,
    owner: Person | None,
    *,
    title: str = "",
    into: UUID | None = None,
    fresh: bool = False,
    mends: Mapping[str, Mapping[str, str]] | None = None,
) -> Plan:
    """What accepting this Bundle would do to the owner's library. Looks only.

    A deck is the same by its source's id, else by its title; ``into`` names another set of the owner's, ``fresh`` asks for
    a new one. A note is the same by its guid, else by its term (twins in order). What the Bundle lacks stays.
    """
    decks = []
    for number, deck in enumerate(bundle.decks):
        named = titled(deck, title if len(bundle.decks) == 1 else "")
        mine = None if fresh or owner is None else access.deck_to_edit(owner, into) if into else same_deck(named, owner)
        decks.append(DeckPlan(named, mine, tuple(_lines(number, named, mine, mends or {}))))
    counts = Counter(line.fate for deck in decks for line in deck.lines)
    return Plan(bundle.format, tuple(decks), _problems(bundle, decks), bundle.ambiguous, counts)


def titled(deck: BundleDeck, title: str = "") -> BundleDeck:
    """The deck under the title a person gave it, else its own, else its first terms."""
    own = " ".join((title or deck.title).split()) or _from_terms(deck)
    return replace(deck, title=own if len(own) <= TITLE_SIGNS else own[: TITLE_SIGNS - 1].rstrip() + "…")


def _from_terms(deck: BundleDeck) -> str:
    terms = [term for note in deck.notes[:3] if (term := " ".join(plain(clean(note.fields.get("term", ""))).split()))]
    short = [term if len(term) <= 40 else term[:39].rstrip() + "…" for term in terms]
    return ", ".join(short) if len(deck.notes) <= 3 else f"{', '.join(short[:2])} …" if short else str(_("Untitled set"))


def same_deck(deck: BundleDeck, owner: Person) -> Deck | None:
    """The owner's set that this deck is: by its source's id, else by title; the last changed where there are several."""
    mine = access.decks_of(owner)
    if deck.source and (found := mine.filter(source=deck.source).first()):
        return found
    return mine.filter(title=deck.title).first()


def _lines(number: int, deck: BundleDeck, mine: Deck | None, mends: Mapping[str, Mapping[str, str]]) -> Iterator[Line]:
    pair = _Pairs(library.notes_of(mine) if mine else ())
    for position, note in enumerate(deck.notes):
        key = f"{number}.{position}"
        mended = replace(note, fields={**note.fields, **mends[key]}) if key in mends else note
        if why := refusal(mended):
            yield Line(key, "refused", mended, None, why)
            continue
        twin = pair(mended)
        yield Line(key, "new" if twin is None else "same" if _same(mended, twin) else "changed", mended, twin)


def refusal(note: BundleNote) -> str:
    """Why a card cannot be kept; empty where it can."""
    term, definition = (blank(note.fields.get(name, "")) for name in ("term", "definition"))
    place = {"where": _("Line %d") % note.line if note.line else (note.where[:1].upper() + note.where[1:]) or _("A card")}
    if term and definition:
        return _("%(where)s has nothing on either side. It stays out.") % place
    if note.kind == "cloze":
        return ""
    if definition:
        return _("%(where)s has a term and no definition. Write the other side, or leave the card out.") % place
    if term:
        return _("%(where)s has a definition and no term. Write the other side, or leave the card out.") % place
    return ""


def blank(html: str) -> bool:
    """Whether a side shows nothing at all: no word, no picture, no sound, no formula."""
    if html.strip() and not any(sign in html for sign in "<&"):
        return False
    return not plain(html).strip() and not any(sign in html for sign in SHOWN)


class _Pairs:
    """Finds the note of mine that a note of the source is; each of mine is found once.

    Deques, not a search: a file of a million equal rows must not take a million times a million steps.
    """

    def __init__(self, notes: Iterable[Note]) -> None:
        self.by_guid: dict[str, Note] = {}
        self.by_term: dict[bool, defaultdict[str, deque[tuple[int, Note]]]] = {True: defaultdict(deque), False: defaultdict(deque)}
        self.taken: set[UUID] = set()
        for number, note in enumerate(notes):
            if note.guid:
                self.by_guid.setdefault(note.guid, note)
            self.by_term[bool(note.guid)][normal(note.term_text)].append((number, note))

    def __call__(self, note: BundleNote) -> Note | None:
        found = self.by_guid.get(note.guid) if note.guid else None
        if found is None or found.id in self.taken:
            found = self._by_term(normal(plain(clean(note.fields.get("term", "")))), guided=not note.guid)
        if found is not None:
            self.taken.add(found.id)
        return found

    def _by_term(self, term: str, *, guided: bool) -> Note | None:
        """The first of mine with this term that is left; one with a guid of its own only for a note that has none."""
        waiting = [twins for has_guid in ((True, False) if guided else (False,)) if (twins := self.by_term[has_guid].get(term))]
        for twins in waiting:
            while twins and twins[0][1].id in self.taken:
                twins.popleft()
        firsts = [twins for twins in waiting if twins]
        return min(firsts, key=lambda twins: twins[0][0]).popleft()[1] if firsts else None


def _same(note: BundleNote, mine: Note) -> bool:
    """Whether accepting the note would change nothing of mine."""
    shown = {"term": mine.term, "definition": mine.definition, **mine.fields}
    for name, raw in note.fields.items():
        if raw == mine.original.get(name, shown.get(name, "")):
            continue
        if clean(raw) != shown.get(name, ""):
            return False
    return set(note.tags) <= set(mine.tags)


def _problems(bundle: Bundle, decks: Iterable[DeckPlan]) -> tuple[Problem, ...]:
    """What the reader said, and each refusal of the plan; of two that name the same line, the plan's."""
    refused = [Problem(line.note.where, line.why, "refused", line.note.line) for deck in decks for line in deck.lines if line.fate == "refused"]
    told = {problem.line for problem in refused if problem.line} | {problem.where for problem in refused if not problem.line}
    kept = [problem for problem in bundle.problems if not (problem.severity == "refused" and (problem.line or problem.where) in told)]
    order: Callable[[Problem], float] = lambda problem: problem.line if problem.line else float("inf")  # noqa: E731
    return tuple(sorted([*kept, *refused], key=order))
