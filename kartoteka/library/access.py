"""Who may see what: the only way to a deck."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kartoteka.engine.text import normal
from kartoteka.library.models import Deck, DeckMedia, Media, Note, Visibility
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotAllowed, NotThere

SHARED = (Visibility.LINK, Visibility.PUBLIC)


def _not_there() -> NotThere:
    return NotThere(_("There is no such set here, or its owner keeps it to themselves. Ask them for the link."))


def deck_to_see(person: Person | None, id: UUID) -> Deck:
    """A deck this person may see: their own, or one that is shared. Raises ``NotThere``, also for one in the bin."""
    deck = Deck.objects.select_related("owner").filter(id=id, binned_at=None).first()
    if deck is None or not (owns(person, deck) or deck.visibility in SHARED):
        raise _not_there()
    return deck


def owns(person: Person | None, deck: Deck) -> bool:
    return person is not None and deck.owner_id == person.id


def deck_to_study(person: Person | None, id: UUID) -> Deck:
    return deck_to_see(person, id)


def deck_to_export(person: Person | None, id: UUID) -> Deck:
    return deck_to_see(person, id)


def deck_to_copy(person: Person | None, id: UUID) -> Deck:
    return deck_to_see(person, id)


def deck_to_edit(person: Person | None, id: UUID) -> Deck:
    """A deck of one's own. Raises ``NotAllowed`` where it may only be seen."""
    deck = deck_to_see(person, id)
    if not owns(person, deck):
        raise NotAllowed(_("Only its owner can change this set. Make a copy, and change that."))
    return deck


def deck_to_rate(person: Person | None, id: UUID) -> Deck:
    """A deck of somebody else's, for a person who is signed in."""
    deck = deck_to_see(person, id)
    if person is None or person.is_guest:
        raise NotAllowed(_("Sign in to rate a set, so that everyone has one vote."))
    if owns(person, deck):
        raise NotAllowed(_("This is your own set. Its rating comes from others."))
    return deck


def deck_in_bin(person: Person | None, id: UUID) -> Deck:
    """A deck of one's own that waits in the bin."""
    deck = Deck.objects.filter(id=id, owner=person, binned_at__isnull=False).first() if person else None
    if deck is None:
        raise NotThere(_("This set is not in your bin. It may have been brought back, or its days there are over."))
    return deck


def decks_of(person: Person | None) -> QuerySet[Deck]:
    """One's own decks, the last changed first."""
    return Deck.objects.filter(owner=person, binned_at=None).order_by("-changed_at", "-id") if person else Deck.objects.none()


def binned_of(person: Person | None) -> QuerySet[Deck]:
    """One's own decks in the bin, the last thrown away first."""
    return Deck.objects.filter(owner=person, binned_at__isnull=False).order_by("-binned_at") if person else Deck.objects.none()


def public_decks(words: str = "") -> QuerySet[Deck]:
    """Decks that everyone may find, in which every one of these words occurs; the last changed first."""
    found = Deck.objects.select_related("owner").filter(visibility=Visibility.PUBLIC, binned_at=None)
    for word in normal(words).split()[:10]:
        found = found.filter(words__contains=word)
    return found.order_by("-changed_at", "-id")


def decks_seen(person: Person | None, ids: Iterable[UUID]) -> QuerySet[Deck]:
    """Those of these decks that this person may see."""
    may = Q(visibility__in=SHARED)
    if person is not None:
        may |= Q(owner=person)
    return Deck.objects.select_related("owner").filter(may, id__in=list(ids), binned_at=None)


def note_to_edit(person: Person | None, deck_id: UUID, id: UUID, *, binned: bool = False) -> Note:
    """A note in a deck of one's own; ``binned``: one that was deleted and can be brought back."""
    deck = deck_to_edit(person, deck_id)
    note = Note.objects.filter(deck=deck, id=id, binned_at__isnull=not binned).first()
    if note is None:
        raise NotThere(_("This card is not there any more. It may have been deleted in another window."))
    note.deck = deck
    return note


def media_to_see(person: Person | None, deck_id: UUID, sha256: str) -> Media:
    """A picture or a sound of a deck this person may see; its owner sees it also while the deck is in the bin."""
    deck = Deck.objects.filter(id=deck_id).first()
    if deck is None or not (owns(person, deck) or (deck.binned_at is None and deck.visibility in SHARED)):
        raise NotThere(_("There is no such file here."))
    found = DeckMedia.objects.select_related("media").filter(deck=deck, media_id=sha256).first()
    if found is None:
        raise NotThere(_("There is no such file here."))
    return found.media
