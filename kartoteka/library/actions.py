"""What changes a library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.engine.items import Direction
from kartoteka.engine.notes import cards_of as kinds_of
from kartoteka.engine.text import normal, plain
from kartoteka.library import files, limits, queries
from kartoteka.library.adding import Added, add
from kartoteka.library.clean import clean
from kartoteka.library.fields import written
from kartoteka.library.making import make_ready
from kartoteka.library.media import drop_lost_files, put_media, take_in_media
from kartoteka.library.models import Card, Deck, DeckMedia, Note, Rating, Visibility
from kartoteka.people.models import Person
from kartoteka.store.refusals import Changed, Refusal
from kartoteka.store.writer import action

MOST_TAGS, TAG_SIGNS, TITLE_SIGNS, LICENCE_SIGNS = 30, 40, 200, 60
MOST_ACCEPTED, ACCEPTED_SIGNS = 50, 400  # further forms of one card's answer
GAP = 1e-6  # positions closer than this are spread out again


class ChangedNote(Changed):
    """A card that was changed in another window meanwhile. ``now`` is the card as it stands."""

    def __init__(self, now: Note) -> None:
        super().__init__(_("This card was changed in another window meanwhile. Both texts are shown; keep the one you want."))
        self.now = now


class ChangedDeck(Changed):
    """A set whose title or description was changed in another window meanwhile."""

    def __init__(self, now: Deck) -> None:
        super().__init__(_("This set's title or description was changed in another window meanwhile. Both are shown; keep the one you want."))
        self.now = now


@action
def make_deck(
    owner: Person,
    *,
    title: str,
    description: str = "",
    tags: Iterable[str] = (),
    term_lang: str = "",
    definition_lang: str = "",
    visibility: str = Visibility.PRIVATE,
    licence: str = "",
) -> Deck:
    """A new, empty set."""
    deck = Deck(owner=owner, title=_title(title), tags=tidy_tags(tags), term_lang=term_lang[:12], definition_lang=definition_lang[:12])
    deck.visibility, deck.licence = Visibility(visibility), licence.strip()[:LICENCE_SIGNS]
    _describe(deck, description)
    deck.save(force_insert=True)
    return deck


def _title(title: str) -> str:
    words = " ".join(title.split())
    if not words:
        raise Refusal(_("A set needs a title. Write one, and save again."))
    return words[:TITLE_SIGNS]


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Tags without doubles, in the order they were given."""
    found: dict[str, str] = {}
    for tag in tags:
        if word := " ".join(tag.split()).strip("#,")[:TAG_SIGNS]:
            found.setdefault(normal(word), word)
    return list(found.values())[:MOST_TAGS]


def _describe(deck: Deck, description: str) -> None:
    deck.description = clean(description)
    deck.description_original = description if description != deck.description else ""
    deck.words = words_of(deck)


def words_of(deck: Deck) -> str:
    """What a search finds a set by."""
    return normal(" ".join((deck.title, *deck.tags, plain(deck.description))))[:4000]


@action
def edit_deck(
    deck: Deck,
    *,
    version: int | None = None,
    title: str | None = None,
    description: str | None = None,
    tags: Iterable[str] | None = None,
    term_lang: str | None = None,
    definition_lang: str | None = None,
    licence: str | None = None,
) -> Deck:
    """Changes what is said of a set; what is ``None`` stays. Raises ``ChangedDeck`` where it is no longer at ``version``."""
    now = Deck.objects.select_for_update().get(id=deck.id)
    before = _said(now)
    if title is not None:
        now.title = _title(title)
    if tags is not None:
        now.tags = tidy_tags(tags)
    if description is not None:
        _describe(now, description)
    now.term_lang = now.term_lang if term_lang is None else term_lang.strip()[:12]
    now.definition_lang = now.definition_lang if definition_lang is None else definition_lang.strip()[:12]
    now.licence = now.licence if licence is None else licence.strip()[:LICENCE_SIGNS]
    now.words = words_of(now)
    if _said(now) == before:
        return now
    if version is not None and version != now.version:
        raise ChangedDeck(Deck.objects.get(id=deck.id))
    now.version += 1
    now.changed_at = timezone.now()
    now.save()
    return now


def _said(deck: Deck) -> tuple[Any, ...]:
    return deck.title, deck.description, tuple(deck.tags), deck.term_lang, deck.definition_lang, deck.licence


@action
def share(deck: Deck, visibility: str) -> Deck:
    """Says who may see a set: its owner alone, anyone with the link, or everyone."""
    deck.visibility = Visibility(visibility)
    Deck.objects.filter(id=deck.id).update(visibility=deck.visibility)
    return deck


@action
def bin_deck(deck: Deck) -> None:
    """Lays a set into the bin; it waits there for some days (KARTOTEKA_BIN_DAYS)."""
    Deck.objects.filter(id=deck.id, binned_at=None).update(binned_at=timezone.now())


@action
def restore_deck(deck: Deck) -> None:
    """Takes a set out of the bin, as it was."""
    Deck.objects.filter(id=deck.id).update(binned_at=None)


@action
def delete_deck(deck: Deck) -> None:
    """Takes a set away for ever."""
    Deck.objects.filter(id=deck.id).delete()


def empty_bin(now: datetime) -> int:
    """Deletes for ever what has waited long enough: sets, single cards, and files that no set shows. Returns how many sets."""
    gone = _empty_bin(now - timedelta(days=settings.ENVIRONMENT["BIN_DAYS"]))
    drop_lost_files(now)
    return gone


@action
def _empty_bin(before: datetime) -> int:
    decks = list(Deck.objects.filter(binned_at__lt=before).values_list("id", flat=True))
    Deck.objects.filter(id__in=decks).delete()
    Note.objects.filter(binned_at__lt=before).delete()
    return len(decks)


@action
def copy_deck(person: Person, deck: Deck) -> Deck:
    """A person's own copy of a set, with its cards and files; nobody's answers come along."""
    notes = list(queries.notes_of(deck))
    cards = list(Card.objects.filter(deck=deck, note__binned_at=None).exclude(kind="reversed"))
    limits.room_for_cards(person, len(cards))
    own = deck.owner_id == person.id
    copy = Deck(
        owner=person,
        title=(_("Copy of %(title)s") % {"title": deck.title})[:TITLE_SIGNS] if own else deck.title,
        description_original=deck.description_original,
        tags=deck.tags,
        term_lang=deck.term_lang,
        definition_lang=deck.definition_lang,
        licence=deck.licence,
        copied_from=deck.id,
        extra=deck.extra,
    )
    there, here = f"/media/{deck.id}/", f"/media/{copy.id}/"
    copy.description = deck.description.replace(there, here)
    copy.words = words_of(copy)
    copy.save(force_insert=True)
    DeckMedia.objects.bulk_create(DeckMedia(deck=copy, media_id=one.media_id, name=one.name, alt=one.alt) for one in DeckMedia.objects.filter(deck=deck))
    twins = {note.id: _copied(note, copy, there, here) for note in notes}
    Note.objects.bulk_create(twins.values(), batch_size=1000)
    Card.objects.bulk_create((Card(deck=copy, note=twins[card.note_id], kind=card.kind) for card in cards), batch_size=2000)
    return copy


def _copied(note: Note, deck: Deck, there: str, here: str) -> Note:
    same = ("kind", "position", "term_text", "definition_text", "original", "cleaner", "points", "tags", "extra")
    return Note(
        deck=deck,
        term=note.term.replace(there, here),
        definition=note.definition.replace(there, here),
        fields={name: html.replace(there, here) for name, html in note.fields.items()},
        sides={kind: [html.replace(there, here) for html in pair] for kind, pair in note.sides.items()},
        **{name: getattr(note, name) for name in same},
    )


@action
def add_note(deck: Deck, *, term: str = "", definition: str = "", after: Note | None = None, tags: Iterable[str] = ()) -> Note:
    """A new card with these sides, after another or at the end. A side may still be empty."""
    limits.room_for_cards(deck.owner, 1)
    take_in_media(deck, term + definition)
    position = _place_after(deck, after)
    note = Note(deck=deck, position=position, tags=tidy_tags(tags), **_written_here(deck, term, definition))
    note.save(force_insert=True)
    _give_cards(note)
    _touch(deck)
    return note


def _written_here(deck: Deck, term: str, definition: str) -> dict[str, Any]:
    """The fields of a card written here: what leaves in exports is what is shown, with names instead of addresses."""
    values = written({"term": term, "definition": definition}, deck.id, queries.files_of(deck)).values()
    sides = {side: values[side] for side in ("term", "definition")}
    values["original"] = {side: files.portable(html) for side, html in sides.items() if files.portable(html) != html}
    return values


def _give_cards(note: Note) -> None:
    """The cards that a note gives rise to and that are not there yet. One that is there stays, with its history."""
    kinds = kinds_of(note.kind, {"term": note.term, "definition": note.definition, **note.fields}, directions=("forward",))
    there = set(Card.objects.filter(note=note).values_list("kind", flat=True))
    Card.objects.bulk_create(Card(note=note, deck_id=note.deck_id, kind=kind) for kind in kinds if kind not in there)


@action
def edit_note(note: Note, *, version: int | None = None, term: str, definition: str, tags: Iterable[str] | None = None) -> Note:
    """Changes what stands on a card; its history stays.

    Raises ``ChangedNote`` where it is no longer at ``version`` and would be overwritten; the same text twice is no conflict.
    """
    now = Note.objects.select_for_update().select_related("deck", "deck__owner").get(id=note.id)
    take_in_media(now.deck, term + definition)
    values = _written_here(now.deck, term, definition)
    kept_tags = now.tags if tags is None else tidy_tags(tags)
    if (values["term"], values["definition"], kept_tags) == (now.term, now.definition, now.tags):
        return now
    if version is not None and version != now.version:
        raise ChangedNote(now)
    untouched = {side: now.original[side] for side in ("term", "definition") if side in now.original and values[side] == getattr(now, side)}
    values["original"] = {**{name: html for name, html in now.original.items() if name in now.fields}, **values["original"], **untouched}
    values["fields"] = now.fields
    for name, value in values.items():
        setattr(now, name, value)
    now.tags, now.version, now.changed_at = kept_tags, now.version + 1, timezone.now()
    now.save()
    _give_cards(now)
    _touch(now.deck)
    return now


@action
def move_note(note: Note, *, after: Note | None = None) -> Note:
    """Puts a card after another, or first of all."""
    deck = note.deck
    note.position = _place_after(deck, after, moving=note, first=after is None)
    Note.objects.filter(id=note.id).update(position=note.position)
    _touch(deck)
    return note


@action
def step_note(note: Note, steps: int) -> Note:
    """Moves a card up (−1) or down (1) by so many places; at the end it stays."""
    others = list(queries.notes_of(note.deck).values_list("id", flat=True))
    if note.id not in others:
        return note
    place = others.index(note.id)
    others.pop(place)
    target = min(max(place + steps, 0), len(others))
    after = Note.objects.get(id=others[target - 1]) if target else None
    return move_note(note, after=after)


def _place_after(deck: Deck, after: Note | None, *, moving: Note | None = None, first: bool = False) -> float:
    """A position after a note (without one: at the end, or before all). Where there is no room left, all are spread out anew."""
    others = queries.notes_of(deck).exclude(id=moving.id) if moving else queries.notes_of(deck)
    if after is None:
        ends = others.aggregate(least=Min("position"), most=Max("position"))
        return (ends["least"] or 0.0) - 1 if first else (ends["most"] or 0.0) + 1
    here = Note.objects.values_list("position", flat=True).get(id=after.id)
    following = others.filter(position__gt=here).aggregate(least=Min("position"))["least"]
    same = others.filter(position=here).exclude(id=after.id).exists()
    if not same and (following is None or following - here > GAP):
        return here + 1 if following is None else (here + following) / 2
    _spread(deck)
    return _place_after(deck, after, moving=moving)


def _spread(deck: Deck) -> None:
    notes = list(queries.notes_of(deck).only("id", "position"))
    for number, note in enumerate(notes, 1):
        note.position = float(number)
    Note.objects.bulk_update(notes, ["position"], batch_size=500)


@action
def bin_note(note: Note) -> None:
    """Deletes a card so that it can be brought back, with all its answers."""
    Note.objects.filter(id=note.id, binned_at=None).update(binned_at=timezone.now())
    _touch(note.deck)


@action
def restore_note(note: Note) -> None:
    """Brings a deleted card back to its place."""
    Note.objects.filter(id=note.id).update(binned_at=None)
    _touch(note.deck)


@action
def set_points(note: Note, points: Sequence[Mapping[str, Any]]) -> Note:
    """The author's own points of a definition: merged, pinned, must have. None: those that are found."""
    note.points = [
        {"text": str(one.get("text", ""))[:500], "context": [str(c)[:200] for c in one.get("context", ())][:6], "must_have": bool(one.get("must_have"))}
        for one in points[:60]
        if str(one.get("text", "")).strip()
    ]
    Note.objects.filter(id=note.id).update(points=note.points, changed_at=timezone.now())
    return note


@action
def accept_answer(note: Note, text: str, *, direction: Direction = "forward") -> bool:
    """Takes a form of the answer as right for everyone from now on; ``False``: it was taken already.

    Forms of the definition stand in ``extra["accepted"]``, those of the term (asked the other way round) in ``extra["accepted_terms"]``.
    """
    name, known = _accepted(note, direction)
    text = " ".join(text.split())[:ACCEPTED_SIGNS]
    own = note.term_text if direction == "reversed" else note.definition_text
    if not normal(text) or normal(text) in {normal(one) for one in (*known, own)}:
        return False
    if len(known) >= MOST_ACCEPTED:
        raise Refusal(_("A card takes at most %(most)d further answers.") % {"most": MOST_ACCEPTED})
    _keep_accepted(note, name, [*known, text])
    return True


@action
def drop_answer(note: Note, text: str, *, direction: Direction = "forward") -> bool:
    """Takes such a form as right no longer; ``False``: it was none."""
    name, known = _accepted(note, direction)
    left = [one for one in known if normal(one) != normal(text)]
    if len(left) == len(known):
        return False
    _keep_accepted(note, name, left)
    return True


def _accepted(note: Note, direction: str) -> tuple[str, list[str]]:
    name = "accepted_terms" if direction == "reversed" else "accepted"
    known = note.extra.get(name)
    return name, [one for one in known if isinstance(one, str)] if isinstance(known, list) else []


def _keep_accepted(note: Note, name: str, forms: Sequence[str]) -> None:
    """What stands on the card is as it was, so its version is too: an editor that is open elsewhere has nothing to settle."""
    note.extra = {key: value for key, value in note.extra.items() if key != name} | ({name: list(forms)} if forms else {})
    Note.objects.filter(id=note.id).update(extra=note.extra, changed_at=timezone.now())


@action
def ensure_cards(deck: Deck, direction: Direction) -> int:
    """Makes the cards of a direction for the notes that have none yet; returns how many."""
    lacking = list(queries.notes_of(deck).filter(kind="basic").exclude(cards__kind=direction).values_list("id", flat=True))
    Card.objects.bulk_create((Card(deck=deck, note_id=id, kind=direction) for id in lacking), batch_size=2000, ignore_conflicts=True)
    return len(lacking)


@action
def rate(person: Person, deck: Deck, stars: int) -> None:
    """One vote of 1 to 5 stars; a second one takes the place of the first."""
    if not 1 <= stars <= 5:
        raise Refusal(_("A rating is from 1 to 5 stars."))
    Rating.objects.update_or_create(deck=deck, person=person, defaults={"stars": stars})


@action
def give_decks(of: Person, to: Person, ids: Collection[UUID] | None = None) -> int:
    """Hands a guest's sets and votes over to the account they signed in to; returns how many sets."""
    Rating.objects.filter(person=of).delete()
    mine = Deck.objects.filter(owner=of) if ids is None else Deck.objects.filter(owner=of, id__in=ids)
    return mine.update(owner=to)


def _touch(deck: Deck) -> None:
    Deck.objects.filter(id=deck.id).update(changed_at=timezone.now())


__all__ = [
    "Added",
    "ChangedDeck",
    "ChangedNote",
    "add",
    "add_note",
    "bin_deck",
    "bin_note",
    "copy_deck",
    "delete_deck",
    "edit_deck",
    "edit_note",
    "empty_bin",
    "ensure_cards",
    "give_decks",
    "make_deck",
    "make_ready",
    "move_note",
    "put_media",
    "rate",
    "restore_deck",
    "restore_note",
    "set_points",
    "share",
    "step_note",
    "tidy_tags",
    "words_of",
]
