"""Does what a plan says: new sets are made ready before anybody waits, then everything is kept in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext as _

from kartoteka.formats.base import Bundle, BundleMedia, BundleNote
from kartoteka.formats.schedules import schedule_of
from kartoteka.library import actions as library
from kartoteka.library import limits
from kartoteka.library.adding import Added, Coming
from kartoteka.library.making import Ready
from kartoteka.library.models import Deck
from kartoteka.library.pairing import Twins
from kartoteka.people.models import Person
from kartoteka.store.refusals import Refusal
from kartoteka.store.writer import action
from kartoteka.study import actions as study
from kartoteka.transfer import working
from kartoteka.transfer.plan import DeckPlan, Line, Plan, as_mine
from kartoteka.transfer.reports import DeckReport, Report
from kartoteka.transfer.saying import in_words

Prepared = Ready | Coming


class NothingToKeep(Refusal):
    """Every card was refused, or left out."""


@action
def keep(
    owner: Person,
    bundle: Bundle,
    plan: Plan,
    *,
    now_ms: int,
    leave_out: Collection[str] = (),
    mine: Collection[str] = (),
    ready: Mapping[int, Prepared] | None = None,
) -> Report:
    """Does what a plan says: adds what is new, changes what changed (but ``mine``), brings the foreign reviews home.

    ``ready``: its decks as they were prepared beforehand, by their place.
    """
    _something(plan, leave_out)
    decks, counts = [], {"new": 0, "same": 0, "changed": 0, "refused": plan.counts.get("refused", 0)}
    total, before = sum(len(deck.lines) for deck in plan.decks), 0
    for place, deck in enumerate(plan.decks):
        taken, prepared = _taken(deck, leave_out), (ready or {}).get(place)
        notes = () if isinstance(prepared, Ready) else _notes(taken, mine)
        notes = working.Watched.over(notes, partial(_at_note, before, total))
        before += len(deck.lines)
        files = _files(bundle, deck)
        added = library.add(owner, replace(deck.deck, notes=notes), into=deck.into, media=files, now_ms=now_ms, ready=prepared)
        reviews = _adopt(owner, taken, added, now_ms, fresh=deck.into is None)
        for name in ("new", "same", "changed"):
            counts[name] += getattr(added, name)
        decks.append(_deck_report(deck, added.deck, len(taken), added.cards, len(files), reviews))
    return Report(True, plan.format, tuple(decks), counts, plan.problems)


def make_ready(owner: Person, bundle: Bundle, plan: Plan, *, now_ms: int, leave_out: Collection[str], mine: Collection[str]) -> dict[int, Prepared]:
    """The sets of a plan, prepared outside the transaction, so that others wait only for what is written."""
    _something(plan, leave_out)
    room_for(owner, plan, leave_out)
    total, before = sum(len(deck.lines) for deck in plan.decks), 0
    ready: dict[int, Prepared] = {}
    for place, deck in enumerate(plan.decks):
        taken = _taken(deck, leave_out)
        notes = working.Watched.over(_notes(taken, mine), partial(_at_note, before, total))
        coming, files = replace(deck.deck, notes=notes), _files(bundle, deck)
        if deck.into is None:
            ready[place] = library.make_ready(owner, coming, files)
        else:
            twins = Twins(deck.state, [line.mine for line in taken])
            ready[place] = library.make_out(coming, deck.into, files, now_ms=now_ms, twins=twins)
        before += len(deck.lines)
    return ready


def room_for(owner: Person, plan: Plan, leave_out: Collection[str] = ()) -> None:
    """Raises ``TooMuch`` where the new cards of a plan are more than this person may store: said at once, not after 50,000 of them were made ready."""
    limits.room_for_cards(owner, sum(_cards_at_least(line.note) for line in plan.lines if line.fate == "new" and line.key not in leave_out))


def _cards_at_least(note: BundleNote) -> int:
    """How many cards a note has; of blanks nobody has counted yet, none."""
    return len({card.ordinal for card in note.cards}) if len(note.cards) > 1 else 1 if note.cards else int(note.kind != "cloze")


def _notes(taken: Iterable[Line], mine: Collection[str]) -> tuple[BundleNote, ...]:
    """The notes of these lines; with my own words where I said so."""
    return tuple(as_mine(line) if line.fate == "changed" and line.key in mine else line.note for line in taken)


def _something(plan: Plan, leave_out: Collection[str]) -> None:
    if not plan.acceptable or all(line.fate == "refused" or line.key in leave_out for line in plan.lines):
        raise NothingToKeep(_nothing(plan))


def _taken(deck: DeckPlan, leave_out: Collection[str]) -> list[Line]:
    return [line for line in deck.lines if line.fate != "refused" and line.key not in leave_out]


def _files(bundle: Bundle, deck: DeckPlan) -> dict[str, BundleMedia]:
    """The files of the bundle that are this deck's."""
    media = {file.name: file for file in bundle.media}
    return media if deck.deck.media is None else {name: media[name] for name in deck.deck.media if name in media}


def _at_note(before: int, total: int, number: int) -> None:
    working.go_on()
    working.tell("keeping", before + number, total)


def _nothing(plan: Plan) -> str:
    first = next((line.why for line in plan.of("refused")), "")
    if plan.ambiguous:
        first = next((in_words(problem.what) for problem in plan.problems if problem.severity != "info"), "")
    return _("No card could be kept. Nothing was changed. %(first)s") % {"first": first}


def _adopt(owner: Person, lines: Collection[Line], added: Added, now_ms: int, *, fresh: bool) -> int:
    """Foreign reviews become the owner's own, replayed on the cards they belong to; so does how the cards stand."""
    brought = [
        ((line.note.guid or line.note.where, card.ordinal), card)
        for line in lines
        for card in line.note.cards
        if card.reviews or card.standing or card.suspended or card.buried
    ]
    if not brought:
        return 0
    ids = added.card_ids
    found = {ids[name]: card for name, card in brought if name in ids}
    study.adopt(owner, {id: card.reviews for id, card in found.items() if card.reviews}, added.deck, fresh=fresh)
    study.settle(owner, found, added.deck, now_ms=now_ms, fresh=fresh)
    begun_s = added.deck.extra.get("created_s") or added.deck.extra.get("anki", {}).get("created_s")
    begun = {id: schedule_of(card.standing, begun_s=begun_s) for id, card in found.items() if card.standing and not card.reviews}
    study.begin(owner, {id: schedule for id, schedule in begun.items() if schedule}, added.deck, now_ms=now_ms)
    return sum(len(card.reviews) for card in found.values())


def _deck_report(plan: DeckPlan, deck: Deck, notes: int, cards: int, media: int, reviews: int) -> DeckReport:
    return DeckReport(str(deck.id), deck.title, deck.description, list(deck.tags), notes, cards, media, reviews)
