"""What changes a card: its sides, its place in the set, its points, the answers it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.engine.items import HINT, Direction
from kartoteka.engine.notes import cards_of as kinds_of
from kartoteka.engine.text import normal
from kartoteka.library import files, limits, queries
from kartoteka.library.fields import written
from kartoteka.library.media import take_in_media
from kartoteka.library.models import Card, Deck, Note
from kartoteka.store.refusals import Changed, Refusal
from kartoteka.store.writer import action

MOST_TAGS, TAG_SIGNS = 30, 40
MOST_ACCEPTED, ACCEPTED_SIGNS = 50, 400  # further forms of one card's answer
GAP = 1e-6  # positions closer than this are spread out again


class ChangedNote(Changed):
    """A card that was changed in another window meanwhile. ``now`` is the card as it stands."""

    def __init__(self, now: Note) -> None:
        super().__init__(_("This card was changed in another window meanwhile. Both texts are shown; keep the one you want."))
        self.now = now


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Tags without doubles, in the order they were given."""
    found: dict[str, str] = {}
    for tag in tags:
        if word := " ".join(tag.split()).strip("#,")[:TAG_SIGNS]:
            found.setdefault(normal(word), word)
    return list(found.values())[:MOST_TAGS]


@action
def add_note(deck: Deck, *, term: str = "", definition: str = "", hint: str = "", after: Note | None = None, tags: Iterable[str] = ()) -> Note:
    """A new card with these sides, after another or at the end. A side may still be empty, and so may its hint."""
    limits.room_for_cards(deck.owner, 1)
    take_in_media(deck, term + definition + hint)
    position = _place_after(deck, after)
    note = Note(deck=deck, position=position, tags=tidy_tags(tags), **_written_here(deck, term, definition, hint))
    note.save(force_insert=True)
    _give_cards(note)
    _touch(deck)
    return note


def _written_here(deck: Deck, term: str, definition: str, hint: str) -> dict[str, Any]:
    """The fields of a card written here: what leaves in exports is what is shown, with names instead of addresses."""
    values = written({"term": term, "definition": definition, HINT: hint}, deck.id, queries.files_of(deck)).values()
    values["fields"] = {name: html for name, html in values["fields"].items() if html}
    sides = {"term": values["term"], "definition": values["definition"], **values["fields"]}
    values["original"] = {side: files.portable(html) for side, html in sides.items() if files.portable(html) != html}
    return values


def _give_cards(note: Note) -> None:
    """The cards that a note gives rise to and that are not there yet. One that is there stays, with its history."""
    kinds = kinds_of(note.kind, {"term": note.term, "definition": note.definition, **note.fields}, directions=("forward",))
    there = set(Card.objects.filter(note=note).values_list("kind", flat=True))
    Card.objects.bulk_create(Card(note=note, deck_id=note.deck_id, kind=kind) for kind in kinds if kind not in there)


@action
def edit_note(note: Note, *, version: int | None = None, term: str, definition: str, hint: str | None = None, tags: Iterable[str] | None = None) -> Note:
    """Changes what stands on a card; its history stays. Without a ``hint`` the one that is there stays.

    Raises ``ChangedNote`` where it is no longer at ``version`` and would be overwritten; the same text twice is no conflict.
    """
    now = Note.objects.select_for_update().select_related("deck", "deck__owner").get(id=note.id)
    take_in_media(now.deck, term + definition + (hint or ""))
    values = _written_here(now.deck, term, definition, hint or "")
    values["fields"] = {**{name: html for name, html in now.fields.items() if name != HINT or hint is None}, **values["fields"]}
    kept_tags = now.tags if tags is None else tidy_tags(tags)
    if (values["term"], values["definition"], values["fields"], kept_tags) == (now.term, now.definition, now.fields, now.tags):
        return now
    if version is not None and version != now.version:
        raise ChangedNote(now)
    before, after = queries.fields_of(now), {"term": values["term"], "definition": values["definition"], **values["fields"]}
    untouched = {name: html for name, html in now.original.items() if name in after and after[name] == before.get(name)}
    values["original"] = {**values["original"], **untouched}
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


def _touch(deck: Deck) -> None:
    Deck.objects.filter(id=deck.id).update(changed_at=timezone.now())
