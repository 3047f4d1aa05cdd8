"""What changes a library: its sets here, their cards in ``writing``, cards by the thousand in ``adding``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.engine.items import Direction
from kartoteka.engine.text import normal, plain
from kartoteka.library import limits, queries
from kartoteka.library.adding import Added, add, make_out
from kartoteka.library.clean import clean
from kartoteka.library.making import make_ready
from kartoteka.library.media import drop_lost_files, put_media
from kartoteka.library.models import Card, Deck, DeckMedia, Note, Rating, Visibility
from kartoteka.library.writing import (
    ChangedNote,
    accept_answer,
    add_note,
    bin_note,
    drop_answer,
    edit_note,
    move_note,
    restore_note,
    set_points,
    step_note,
    tidy_tags,
)
from kartoteka.people.models import Person
from kartoteka.store.refusals import Changed, Refusal
from kartoteka.store.writer import action

TITLE_SIGNS, LICENCE_SIGNS = 200, 60


class ChangedDeck(Changed):
    """A set whose title or description was changed in another window meanwhile."""

    def __init__(self, now: Deck) -> None:
        super().__init__(_("This set's title or description was changed in another window meanwhile. Both are shown; keep the one you want."))
        self.now = now


@action
def keep_extra(deck: Deck, name: str, value: Any) -> None:
    """Keeps something beside a set under a name; nothing: it goes."""
    now = Deck.objects.select_for_update().get(id=deck.id)
    deck.extra = {key: kept for key, kept in now.extra.items() if key != name} | ({name: value} if value else {})
    Deck.objects.filter(id=deck.id).update(extra=deck.extra)


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


__all__ = [
    "Added",
    "ChangedDeck",
    "ChangedNote",
    "accept_answer",
    "add",
    "add_note",
    "bin_deck",
    "bin_note",
    "copy_deck",
    "delete_deck",
    "drop_answer",
    "edit_deck",
    "edit_note",
    "empty_bin",
    "ensure_cards",
    "give_decks",
    "make_deck",
    "make_out",
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
