"""What a Bundle would do to a library: which cards are new, the same, changed, or refused, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.formulas import in_words
from kartoteka.engine.text import plain
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote, Problem
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.adding import compared
from kartoteka.library.clean import clean
from kartoteka.library.fields import Lazily
from kartoteka.library.models import Deck
from kartoteka.library.pairing import KnownNote, Pairs
from kartoteka.people.models import Person
from kartoteka.transfer.saying import place_in_words

Fate = Literal["new", "same", "changed", "refused"]
TITLE_SIGNS = 200
SEEN = ("<img", "<audio", "<math")


@dataclass(frozen=True, slots=True)
class Line:
    """One card of the source and what becomes of it. ``key`` names it on the page; ``why`` says why it is refused."""

    key: str
    fate: Fate
    note: BundleNote
    mine: KnownNote | None = None
    why: str = ""

    @property
    def place(self) -> str:
        return _place(self.note)


@dataclass(frozen=True, slots=True)
class DeckPlan:
    """A deck of the source, the set of mine that it would update (at which ``state`` it was compared), and its cards."""

    deck: BundleDeck
    into: Deck | None
    lines: tuple[Line, ...]
    fresh: bool = False
    state: tuple[Any, ...] = ()


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

    def stands(self, owner: Person) -> bool:
        """Whether every set it would update is still as it was when this was planned, and none has come into being since."""
        return all(_as_planned(deck, owner) for deck in self.decks)

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
        state, pair = compared(mine) if mine else ((), None)
        decks.append(DeckPlan(named, mine, tuple(_lines(number, named, mine, pair, mends or {})), fresh, state))
    problems = _problems(bundle, decks)
    counts = Counter(line.fate for deck in decks for line in deck.lines)
    counts["refused"] = sum(problem.severity == "refused" for problem in problems)
    return Plan(bundle.format, tuple(decks), problems, bundle.ambiguous, counts)


def _as_planned(deck: DeckPlan, owner: Person) -> bool:
    if deck.into is not None:
        return access.decks_of(owner).filter(id=deck.into.id, changed_at=deck.into.changed_at).exists()
    return deck.fresh or same_deck(deck.deck, owner) is None


def titled(deck: BundleDeck, title: str = "") -> BundleDeck:
    """The deck under the title a person gave it, else its own, else its first terms."""
    own = " ".join((title or deck.title).split()) or _from_terms(deck)
    return replace(deck, title=own if len(own) <= TITLE_SIGNS else own[: TITLE_SIGNS - 1].rstrip() + "…")


def _from_terms(deck: BundleDeck) -> str:
    """A list without a title is known by its first two terms, however long it has grown since: pasted again it finds its set."""
    terms = [term for note in deck.notes[:2] if (term := " ".join(in_words(plain(html := clean(note.fields.get("term", ""))), html).split()))]
    short = [term if len(term) <= 40 else term[:39].rstrip() + "…" for term in terms]
    return f"{short[0]}, {short[1]} …" if len(short) == 2 else short[0] if short else str(_("Untitled set"))


def same_deck(deck: BundleDeck, owner: Person) -> Deck | None:
    """The owner's set that this deck is: by its source's id, else by title; the last changed where there are several."""
    mine = access.decks_of(owner)
    if deck.source and (found := mine.filter(source=deck.source).first()):
        return found
    return mine.filter(title=deck.title).first()


def _lines(number: int, deck: BundleDeck, mine: Deck | None, pair: Pairs | None, mends: Mapping[str, Mapping[str, str]]) -> Iterator[Line]:
    known = library.files_of(mine) if mine else {}
    for position, raw in enumerate(deck.notes):
        key = f"{number}.{position}"
        note = replace(raw, fields={**raw.fields, **mends[key]}) if key in mends else raw
        if why := refusal(note):
            yield Line(key, "refused", note, None, why)
        elif mine is None or pair is None:
            yield Line(key, "new", note)
        else:
            values = Lazily(note.fields, mine.id, known)
            twin = pair(note.guid, values.term_text)
            yield Line(key, "new" if twin is None else "changed" if twin.differs(note, values) else "same", note, twin)


def refusal(note: BundleNote) -> str:
    """Why a card cannot be kept; empty where it can. A note that brings its own cards is kept as it is."""
    if note.cards:
        return ""
    term, definition = (blank(note.fields.get(name, "")) for name in ("term", "definition"))
    if not (term or definition) or (definition and not term and note.kind == "cloze"):
        return ""
    place = {"where": _place(note) or _("A card")}
    if term and definition:
        return _("%(where)s has nothing on either side. It stays out.") % place
    if definition:
        return _("%(where)s has a term and no definition. Write the other side, or leave the card out.") % place
    return _("%(where)s has a definition and no term. Write the other side, or leave the card out.") % place


def _place(note: BundleNote) -> str:
    """Where a card stands in its file, as a sentence begins with it."""
    where = place_in_words(note.where or (f"line {note.line}" if note.line else ""))
    return where[:1].upper() + where[1:]


def blank(raw: str) -> bool:
    """Whether a side shows nothing at all: no word, no picture, no sound, no formula."""
    if "<" not in raw and "&" not in raw:
        return not raw.strip()
    html = clean(raw)
    return not plain(html) and not any(sign in html for sign in SEEN)


def as_mine(line: Line) -> BundleNote:
    """A changed card of the source with my own words on it: it still finds its note, and changes nothing."""
    assert line.mine is not None
    mine = {"term": line.mine.term, "definition": line.mine.definition, **line.mine.fields, **line.mine.original}
    return replace(line.note, fields={name: mine.get(name, "") for name in line.note.fields}, tags=(), original={}, extra={})


def _problems(bundle: Bundle, decks: Iterable[DeckPlan]) -> tuple[Problem, ...]:
    """What the reader said, and each refusal of the plan; of two that name the same line, the plan's."""
    refused = [Problem(line.note.where, line.why, "refused", line.note.line) for deck in decks for line in deck.lines if line.fate == "refused"]
    told = {problem.line or problem.where for problem in refused}
    kept = [problem for problem in bundle.problems if problem.severity != "refused" or (problem.line or problem.where) not in told]
    order: Callable[[Problem], float] = lambda problem: problem.line if problem.line else float("inf")  # noqa: E731
    return tuple(sorted([*kept, *refused], key=order))
