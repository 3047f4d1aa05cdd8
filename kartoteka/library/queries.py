"""What a library holds: decks as cards to study, as lists to look at, and what people say of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext as _

from kartoteka.engine.formulas import in_words
from kartoteka.engine.items import Direction, Item, Point
from kartoteka.engine.notes import side_of
from kartoteka.engine.text import blanks_of, normal, plain
from kartoteka.library import access, cloze, files
from kartoteka.library.models import Card, Deck, DeckMedia, Media, Note, Rating
from kartoteka.people.models import Person
from kartoteka.store.sql import fetch, native

VOTES_TO_SHOW = 3  # a rating of one or two votes says who voted, not how good a set is
MOST_FOUND = 50
MOST_DOUBLED = 200  # terms that several notes of a set have
FIRST_WORDS = 4
MOST_OWN = 50  # accepted answers, and wrong ones, of one card


class CardRow(NamedTuple):
    """A card, light: enough to deal it. Ids as 32 hex digits; ``askable``: both its sides hold something."""

    id: str
    note: str
    kind: str
    position: float
    askable: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingShown:
    """``stars``: the mean, ``None`` until there are three votes."""

    stars: float | None
    votes: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: cards in one's own decks, one's own decks, and public ones."""

    cards: Sequence[Note] = ()
    mine: Sequence[Deck] = ()
    public: Sequence[Deck] = ()

    def __bool__(self) -> bool:
        return bool(self.cards or self.mine or self.public)


def notes_of(deck: Deck) -> QuerySet[Note]:
    """The notes of a deck in their order, without those that were deleted."""
    return Note.objects.filter(deck=deck, binned_at=None).order_by("position", "id")


def fields_of(note: Note) -> dict[str, str]:
    """All that stands on a note, by name, as it is shown."""
    return {"term": note.term, "definition": note.definition, **note.fields}


def binned_notes(deck: Deck) -> QuerySet[Note]:
    """Notes that were deleted and can be brought back, the last first."""
    return Note.objects.filter(deck=deck, binned_at__isnull=False).order_by("-binned_at")


def cards_of(deck: Deck) -> list[CardRow]:
    """Every card of a deck in the order of its notes, without what stands on it; quick also for 50,000 cards."""
    rows = fetch(
        "SELECT c.id, c.note_id, c.kind, n.position, n.term <> '' AND (n.definition <> '' OR SUBSTR(c.kind, 1, 5) = 'cloze'), n.tags"
        " FROM library_card c JOIN library_note n ON n.id = c.note_id WHERE c.deck_id = %s AND n.binned_at IS NULL"
        " ORDER BY n.position, c.note_id, c.kind",
        [deck.id if native() else deck.id.hex],
    )
    return [CardRow(_hex(id), _hex(note), kind, position, bool(askable), _tags(tags)) for id, note, kind, position, askable, tags in rows]


def askable_in(deck: Deck) -> set[str]:
    """The cards of a deck (ids in hex) that ask something, without those of the other direction."""
    rows = fetch(
        "SELECT c.id FROM library_card c JOIN library_note n ON n.id = c.note_id WHERE c.deck_id = %s AND n.binned_at IS NULL"
        " AND c.kind <> 'reversed' AND n.term <> '' AND (n.definition <> '' OR SUBSTR(c.kind, 1, 5) = 'cloze')",
        [deck.id if native() else deck.id.hex],
    )
    return {_hex(id) for (id,) in rows}


def _tags(kept: Any) -> tuple[str, ...]:
    if kept in ("[]", []):
        return ()
    return tuple(json.loads(kept) if isinstance(kept, str) else kept)


def note_ids_of(deck: Deck) -> list[str]:
    """The ids (in hex) of a deck's notes in their order."""
    rows = fetch(
        "SELECT id FROM library_note WHERE deck_id = %s AND binned_at IS NULL ORDER BY position, id",
        [deck.id if native() else deck.id.hex],
    )
    return [_hex(id) for (id,) in rows]


def cards_per_note(deck: Deck) -> dict[UUID, int]:
    """How many cards each note of a deck gives rise to."""
    return dict(Card.objects.filter(deck=deck, note__binned_at=None).values_list("note_id").annotate(Count("id")))


def tags_in(deck: Deck) -> set[str]:
    """The tags that the cards of a deck have."""
    return {tag for tags in Note.objects.filter(deck=deck, binned_at=None).exclude(tags=[]).values_list("tags", flat=True) for tag in tags}


def terms_of(deck: Deck, cards: Iterable[str]) -> dict[str, str]:
    """The terms in words behind these cards (ids in hex), also of notes that were deleted since."""
    rows = Card.objects.filter(deck=deck, id__in=[UUID(card) for card in set(cards)]).values_list("id", "note__term_text", "note__term")
    return {id.hex: in_words(text, term) for id, text, term in rows}


def notes_with(deck: Deck, words: str) -> QuerySet[Note]:
    """A deck's notes in which all these words occur, in their order."""
    found = notes_of(deck)
    for word in normal(words).split()[:10]:
        pattern = re.escape(word)  # a regular expression, for SQLite's LIKE knows no case beyond ASCII
        found = found.filter(Q(term_text__iregex=pattern) | Q(definition_text__iregex=pattern))
    return found


def items_of(deck: Deck, cards: Iterable[UUID] | None = None, *, starred: Collection[str] = ()) -> dict[str, Item]:
    """A deck's cards as the engine sees them, by id in hex; only these ``cards`` where they are named.

    The sides are the note's own, whatever is asked: ``direction`` says which of them is the question.
    """
    rows = Card.objects.filter(deck=deck, note__binned_at=None).select_related("note").order_by("note__position", "note_id", "kind")
    if cards is not None:
        rows = rows.filter(id__in=list(cards))
    found = {}
    for card in rows:
        item = _item(deck, card, starred)
        found[item.id] = item
    return found


def _item(deck: Deck, card: Card, starred: Collection[str]) -> Item:
    note, number = card.note, cloze.number_of(card.kind)
    if number is not None:
        term, definition = note.sides.get(card.kind, (note.term, note.definition))
        asked, answered = cloze.dressed(term, number)
        more = f"{answered}<hr>{definition}" if definition else answered
        blanks = tuple(Point(plain(filling)) for n, filling in blanks_of(term)[1] if n == number)
        front = side_of(asked, plain(asked), deck.term_lang, term=True)
        back = replace(side_of(more, plain(more), deck.term_lang), kind="cloze", points=blanks)
    elif card.kind in note.sides:
        asked, answered = note.sides[card.kind]
        front = side_of(asked, plain(asked), deck.term_lang, term=True)
        back = side_of(answered, plain(answered), deck.definition_lang)
    else:
        front = side_of(note.term, note.term_text, deck.term_lang, term=True)
        back = side_of(note.definition, note.definition_text, deck.definition_lang, own_points=note.points)
    direction: Direction = "reversed" if card.kind == "reversed" else "forward"
    return Item(
        id=card.id.hex,
        note=note.id.hex,
        deck=deck.id.hex,
        front=front,
        back=back,
        direction=direction,
        position=int(note.position),
        tags=tuple(note.tags),
        starred=card.id.hex in starred,
        accepted=_texts(note.extra.get("accepted_terms" if direction == "reversed" else "accepted")),
        distractors=_texts(note.extra.get("distractors")),
        extra=note.fields,
    )


def _texts(listed: Any) -> tuple[str, ...]:
    """The author's further answers as a note keeps them: a list of texts, whatever else came in."""
    return tuple(text for text in listed[:MOST_OWN] if isinstance(text, str) and text.strip()) if isinstance(listed, list) else ()


MOST_KNOWN = 20_000  # items kept in memory; more than a school studies at a time
_known: dict[tuple[Any, ...], Item] = {}


def items_known(cards: Collection[UUID]) -> dict[str, Item]:
    """The items of these cards, of whichever decks, without stars; made anew only where a note or its deck has changed since."""
    if not cards:
        return {}
    wanted = ", ".join(["%s"] * len(cards))
    stamps = fetch(
        "SELECT c.id, c.deck_id, n.version, CAST(n.changed_at AS TEXT), d.version, CAST(d.changed_at AS TEXT),"  # noqa: S608
        " (SELECT COUNT(*) FROM library_card s WHERE s.note_id = c.note_id) FROM library_card c JOIN library_note n ON n.id = c.note_id"
        f" JOIN library_deck d ON d.id = c.deck_id WHERE c.id IN ({wanted}) AND n.binned_at IS NULL",
        list(cards) if native() else [card.hex for card in cards],
    )
    missing: dict[Any, list[tuple[Any, ...]]] = {}
    for stamp in stamps:
        if stamp not in _known:
            missing.setdefault(stamp[1], []).append(stamp)
    if missing:
        if len(_known) > MOST_KNOWN:
            _known.clear()
        decks = {deck.id.hex: deck for deck in Deck.objects.filter(id__in=list(missing))}
        for deck_id, lacking in missing.items():
            deck = decks[_hex(deck_id)]
            made = items_of(deck, [stamp[0] for stamp in lacking])
            _known.update({stamp: replace(made[_hex(stamp[0])], siblings=stamp[-1] - 1) for stamp in lacking if _hex(stamp[0]) in made})
    return {_hex(stamp[0]): _known[stamp] for stamp in stamps if stamp in _known}


def siblings_of(card: UUID) -> list[UUID]:
    """The other cards of a card's note."""
    return list(Card.objects.filter(note__cards=card).exclude(id=card).order_by("id").values_list("id", flat=True))


def _hex(id: UUID | str) -> str:
    return id if isinstance(id, str) else id.hex


def rating_of(deck: Deck) -> RatingShown:
    """What people think of a deck; no stars before three votes."""
    votes = Rating.objects.filter(deck=deck).aggregate(n=Count("id"), mean=Avg("stars"))
    return RatingShown(round(votes["mean"], 1) if votes["n"] >= VOTES_TO_SHOW else None, votes["n"])


def vote_of(person: Person | None, deck: Deck) -> int | None:
    """A person's own vote, if they voted."""
    return Rating.objects.filter(deck=deck, person=person).values_list("stars", flat=True).first() if person else None


def find(person: Person | None, words: str) -> Found:
    """Where all these words occur: in one's own cards and sets, and in public sets."""
    wanted = normal(words).split()[:10]
    if not wanted:
        return Found()
    mine, cards = access.decks_of(person), Note.objects.filter(deck__owner=person, deck__binned_at=None, binned_at=None) if person else Note.objects.none()
    for word in wanted:
        pattern = re.escape(word)  # a regular expression, for SQLite's LIKE knows no case beyond ASCII
        mine = mine.filter(words__contains=word)
        cards = cards.filter(Q(term_text__iregex=pattern) | Q(definition_text__iregex=pattern))
    others = access.public_decks(words)
    if person is not None:
        others = others.exclude(owner=person)
    ordered = cards.select_related("deck").order_by("-deck__changed_at", "position")
    return Found(list(ordered[:MOST_FOUND]), list(mine[:MOST_FOUND]), list(others[:MOST_FOUND]))


def twins_of(deck: Deck) -> dict[UUID, list[UUID]]:
    """Notes whose term or definition says the same as another's: by note, its twins in order."""
    by_words: dict[tuple[str, str], list[UUID]] = {}
    for id, term, definition in notes_of(deck).values_list("id", "term_text", "definition_text"):
        for side, words in (("term", normal(term)), ("definition", normal(definition))):
            if words:
                by_words.setdefault((side, words), []).append(id)
    twins: dict[UUID, list[UUID]] = {}
    for ids in by_words.values():
        for id in ids if len(ids) > 1 else ():
            known = twins.setdefault(id, [])
            known += [other for other in ids if other != id and other not in known]
    return twins


def told_apart(decks: Sequence[Deck], cards: Collection[str] = ()) -> dict[str, str]:
    """For each note (hex) whose term stands on another note of these decks too: what tells it apart. ``cards``: only for the terms of these (ids in hex).

    In one deck that is a tag that no other of these has, else how its definition begins; of several decks the deck's title, and that too where it takes both.
    """
    notes = Note.objects.filter(deck__in=decks, binned_at=None).exclude(term_text="")
    if cards:
        notes = notes.filter(term_text__in=set(Card.objects.filter(id__in=[UUID(card) for card in cards]).values_list("note__term_text", flat=True)))
    doubled = notes.order_by().values("term_text").annotate(many=Count("id")).filter(many__gt=1)
    alike: dict[str, list[Note]] = {}
    for note in notes.filter(term_text__in=list(doubled.values_list("term_text", flat=True)[:MOST_DOUBLED])).order_by("position", "id"):
        alike.setdefault(note.term_text, []).append(note)
    titles = {deck.id: deck.title for deck in decks}
    found = {}
    for some in alike.values():
        for note in some:
            here = [other for other in some if other.deck_id == note.deck_id]
            title = titles[note.deck_id] if len(here) < len(some) else ""
            own = _apart_from(note, here) if len(here) > 1 else ""
            found[note.id.hex] = f"{title}: {own}" if title and own else title or own
    return found


def _apart_from(note: Note, alike: Sequence[Note]) -> str:
    others = {tag for other in alike if other.id != note.id for tag in other.tags}
    begins = " ".join(note.definition_text.split()[:FIRST_WORDS])
    return next((tag for tag in note.tags if tag not in others), "") or (f"{begins} …" if begins else "")


def files_of(deck: Deck) -> Mapping[str, str]:
    """The media a deck can show, as name → sha256."""
    return dict(DeckMedia.objects.filter(deck=deck, media__mime__regex=files.SHOWN).values_list("name", "media_id"))


def media_of(deck: Deck) -> QuerySet[DeckMedia]:
    return DeckMedia.objects.filter(deck=deck).select_related("media").order_by("name")


def cards_stored(person: Person) -> int:
    """How many cards a person stores, with those that wait in the bin."""
    return Card.objects.filter(deck__owner=person).count()


def megabytes_stored(person: Person) -> float:
    """How much media a person stores; a file that two decks show counts once."""
    sizes = Media.objects.filter(deckmedia__deck__owner=person).distinct().values_list("size", flat=True)
    return sum(sizes) / 1_000_000


def broken_media() -> Iterator[str]:
    """Media whose file is gone or is not what its hash says: a sentence for each."""
    for sha256, size in Media.objects.order_by("sha256").values_list("sha256", "size").iterator():
        path = files.path_of(sha256)
        if not path.is_file():
            yield _("The media file %(name)s is missing.") % {"name": sha256}
        elif path.stat().st_size != size or files.hash_of(path) != sha256:
            yield _("The media file %(name)s is damaged: its bytes are not what its name says.") % {"name": sha256}
