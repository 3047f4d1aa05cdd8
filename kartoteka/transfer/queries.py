"""What waits to be decided, and what came of it."""

from __future__ import annotations

from types import ModuleType
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka import shelf
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library import access
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere
from kartoteka.transfer import proposals
from kartoteka.transfer.models import Proposal
from kartoteka.transfer.plan import Plan, compare

FIRST = "kartoteka:how-memory-works"  # the ready set's source id


def proposal_of(person: Person | None, id: UUID) -> Proposal:
    """A person's own proposal. Raises ``NotThere`` for anyone else."""
    found = Proposal.objects.filter(id=id, owner=person).first() if person else None
    if found is None:
        raise NotThere(_("This preview is not there any more. Nothing was changed; paste or choose the file again."))
    return found


def undecided(person: Person | None) -> list[Proposal]:
    """What a person has brought and neither kept nor thrown away, the latest first."""
    return list(Proposal.objects.filter(owner=person, accepted_at=None).order_by("-made_at")) if person else []


def bundle_of(proposal: Proposal) -> Bundle:
    """What a proposal would bring. Raises ``NotThere`` where its bytes were cleared away."""
    found = proposals.bundle_of(proposal.id)
    if found is None:
        raise NotThere(_("This preview has been cleared away. Nothing was changed; paste or choose the file again."))
    return found


def plan_of(proposal: Proposal, bundle: Bundle) -> Plan:
    """What accepting a proposal would do now, with what was decided so far."""
    return compare(bundle, proposal.owner, title=proposal.title, into=proposal.into, fresh=proposal.fresh, mends=proposal.decided.get("mends", {}))


def first_set() -> Deck | None:
    """The ready set that a first visit may study, or ``None`` where it was taken away."""
    return access.public_decks().filter(source=FIRST).first()


def writers() -> list[tuple[str, str]]:
    """The formats a set can be written to: name and title."""
    return [(name, part.TITLE) for name, part in shelf.parts("formats", "format").items() if hasattr(part, "write")]


def writer(name: str) -> ModuleType:
    """The format with this name, where it can be written. Raises ``NotThere``."""
    part = shelf.parts("formats", "format").get(name)
    if part is None or not hasattr(part, "write"):
        raise NotThere(_("There is no format “%(name)s” to write.") % {"name": name})
    return part


def bundle_from(deck: Deck) -> Bundle:
    """A set as a Bundle, to be written to a file: the originals where there are such, else what is shown."""
    notes = tuple(
        BundleNote(
            fields={"term": note.term, "definition": note.definition, **note.fields, **note.original},
            guid=note.guid or str(note.id),
            kind=note.kind,
            tags=tuple(note.tags),
            extra=note.extra,
        )
        for note in library.notes_of(deck)
    )
    languages = (deck.term_lang, deck.definition_lang)
    return Bundle(
        "kartoteka",
        (BundleDeck(deck.title, notes, deck.description_original or deck.description, tuple(deck.tags), deck.source or str(deck.id), languages, deck.extra),),
    )
