"""What waits to be decided, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka import shelf
from kartoteka.formats.base import Bundle, BundleCard, BundleDeck, BundleMedia, BundleNote
from kartoteka.library import access, files
from kartoteka.library import queries as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, TooMuch
from kartoteka.study import queries as study
from kartoteka.transfer import keeping, proposals
from kartoteka.transfer.models import Proposal
from kartoteka.transfer.plan import Plan, compare
from kartoteka.transfer.ready import READY


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


def too_much(proposal: Proposal, bundle: Bundle, plan: Plan) -> str:
    """Why a proposal is more than its owner may store; empty where there is room, as far as that can be said before its cards are made."""
    try:
        if not bundle.extra.get("archive"):  # of which much may be there already
            keeping.room_for(proposal.owner, plan, set(proposal.decided.get("leave_out", ())))
    except TooMuch as fact:
        return str(fact)
    return ""


def first_sets() -> list[Deck]:
    """The ready sets that are there, in the order in which they came."""
    found = {deck.source: deck for deck in access.public_decks().filter(source__in=[one.source for one in READY])}
    return [found[one.source] for one in READY if one.source in found]


def first_set(language: str) -> Deck | None:
    """The ready set that a first visit may study: in the language of the pages, else the first there is; ``None`` where all were taken away."""
    there = {deck.source: deck for deck in first_sets()}
    return next((there[one.source] for one in sorted(READY, key=lambda one: one.language != language) if one.source in there), None)


def writers() -> list[tuple[str, str]]:
    """The formats a set can be written to: name and title."""
    return [(name, _(part.TITLE)) for name, part in shelf.parts("formats", "format").items() if hasattr(part, "write")]


def writer(name: str) -> ModuleType:
    """The format with this name, where it can be written. Raises ``NotThere``."""
    part = shelf.parts("formats", "format").get(name)
    if part is None or not hasattr(part, "write"):
        raise NotThere(_("There is no format “%(name)s” to write.") % {"name": name})
    return part


def whole_writer(name: str) -> ModuleType:
    """The format with this name, where it holds many sets with their cards, answers and media. Raises ``NotThere``."""
    part = writer(name)
    if not getattr(part, "WHOLE", False):
        raise NotThere(_("A file of the format “%(name)s” cannot hold a whole library.") % {"name": name})
    return part


def bundle_from(deck: Deck, learner: Person | None = None, *, whole: bool = False, now_ms: int = 0) -> Bundle:
    """A set as a Bundle, to be written to a file: the originals where there are such, else what is shown.

    ``whole``: with its cards, this learner's answers and marks, and its media.
    """
    cards = _cards_from(deck, learner, now_ms) if whole else {}
    notes = tuple(
        BundleNote(
            fields={"term": note.term, "definition": note.definition, **note.fields, **note.original},
            guid=note.guid or str(note.id),
            kind=note.kind,
            tags=tuple(note.tags),
            cards=tuple(cards.get(note.id, ())),
            extra=note.extra,
        )
        for note in library.notes_of(deck)
    )
    languages = (deck.term_lang, deck.definition_lang)
    media = (
        tuple(BundleMedia(one.name, files.path_of(one.media_id), one.media_id, one.media.size, one.media.mime) for one in library.media_of(deck))
        if whole
        else ()
    )
    return Bundle(
        "kartoteka",
        (BundleDeck(deck.title, notes, deck.description_original or deck.description, tuple(deck.tags), deck.source or str(deck.id), languages, deck.extra),),
        media=media,
    )


def _cards_from(deck: Deck, learner: Person | None, now_ms: int) -> dict[UUID, list[BundleCard]]:
    """The cards of each note, as they go out."""
    rows = library.cards_of(deck)
    luggage = study.luggage_of(learner, deck, (UUID(row.id) for row in rows), now_ms=now_ms)
    nothing = BundleCard()
    found: dict[UUID, list[BundleCard]] = {}
    for row in rows:
        kept = luggage.get(UUID(row.id), nothing)
        found.setdefault(UUID(row.note), []).append(replace(kept, ordinal=_ordinal(row.kind)))
    return {note: sorted(cards, key=lambda card: card.ordinal) for note, cards in found.items()}


def _ordinal(kind: str) -> int:
    name, _dash, number = kind.partition("-")
    return int(number) - (name == "cloze") if number.isdecimal() else int(kind == "reversed")
