"""Appeals: the learner settles a mark otherwise, has a form of the answer accepted from now on, and the owner hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kartoteka.engine.appealing import To
from kartoteka.engine.items import Direction
from kartoteka.engine.questions import Response
from kartoteka.engine.text import normal
from kartoteka.library import actions as library
from kartoteka.library.models import Card, Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.refusals import NotThere, Refusal
from kartoteka.store.writer import action
from kartoteka.study.answering import answer_many
from kartoteka.study.given import Given, Told
from kartoteka.study.models import Accepted, Review
from kartoteka.study.papers import recount
from kartoteka.study.refusals import NotAsked

Reach = Literal["", "for all", "offered", "mine"]
LONGEST = 400  # signs of a form that is accepted; what is longer is an essay, and judged as one
ACCEPTED = {
    "for all": gettext_noop("Accepted for everyone from now on."),
    "offered": gettext_noop("Accepted for you from now on, and suggested to the owner of the set."),
    "mine": gettext_noop("Accepted for you from now on."),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A form that learners had accepted for themselves, as the owner of the set sees it; of whom is not said."""

    id: UUID
    note: Note
    direction: str
    text: str
    learners: int

    @property
    def asked(self) -> str:
        return self.note.shown_definition if self.direction == "reversed" else self.note.shown_term

    @property
    def known(self) -> str:
        return self.note.shown_term if self.direction == "reversed" else self.note.shown_definition


def answer_given(learner: Person | None, id: UUID) -> Review:
    """A learner's own answer. Raises ``NotThere``."""
    found = Review.objects.filter(learner=learner, id=id, sitting_id__isnull=False).first() if learner else None
    if found is None or not found.question:
        raise NotThere(_("This answer is not there. It may not have been saved yet; try again in a moment."))
    return found


@action
def overturn(
    learner: Person, answer: Review, *, id: UUID, to: To | None = None, ticks: Mapping[str, str] | None = None, now_ms: int, time_zone: str = ""
) -> Told:
    """Settles the mark of an answer: right or wrong as a whole, or by the ticks of its points. The memory moves as if it had been marked so at once.

    A form that was accepted and is found wrong now is accepted no longer.
    """
    given = Given(id, answer.sitting_id or UUID(int=0), "", Response(ticks=dict(ticks or {})), now_ms, overturns=answer.id, to=to)
    told = answer_many(learner, [given], now_ms=now_ms, time_zone=time_zone)[0]
    _follow(learner, answer, told, to)
    return told


@action
def keep(learner: Person, givens: Sequence[Given], *, now_ms: int, sent_ms: int | None = None, time_zone: str = "") -> list[Told]:
    """Keeps a batch of answers with appeals among them, also to answers of the same batch; for each what became of it, as ``answer_many`` says it."""
    settled = [given for given in givens if not (given.overturns and not given.to and not given.response.ticks)]
    told = {one.id: one for one in answer_many(learner, settled, now_ms=now_ms, sent_ms=sent_ms, time_zone=time_zone)}
    return [_settled(learner, given, told.get(given.id), now_ms) if given.overturns else told[given.id] for given in givens]


def _settled(learner: Person, given: Given, told: Told | None, now_ms: int) -> Told:
    """What follows from an appeal; ``told`` is empty where a form is accepted and no mark is settled."""
    told = told or Told(given.id, "stored")
    try:
        answer = answer_given(learner, given.overturns or given.id)
        _follow(learner, answer, told, given.to)
        return replace(told, accepted=_accept(learner, answer, now_ms)) if given.accept and told.status != "refused" else told
    except Refusal as refusal:
        return replace(told, status="refused", why=told.why or str(refusal))


def _follow(learner: Person, answer: Review, told: Told, to: To | None) -> None:
    if told.status == "stored" and to == "wrong" and answer.qtype == "typed":
        _accept_no_longer(learner, answer)
    if told.status == "stored" and answer.sitting_id:
        recount(learner, answer.sitting_id)


def _accept_no_longer(learner: Person, answer: Review) -> None:
    text, direction = str(answer.response.get("text", "")), _direction_of(answer.question)
    card = Card.objects.filter(id=answer.card_id).select_related("note", "deck").first()
    if card is None or not normal(text):
        return
    Accepted.objects.filter(learner=learner, note_id=card.note_id, direction=direction, words=normal(text)[:LONGEST]).delete()
    if card.deck.owner_id == learner.id:
        library.drop_answer(card.note, text, direction=direction)


@action
def accept_from_now_on(learner: Person, answer: Review, *, now_ms: int) -> Reach:
    """Takes what was written as right from now on: for everyone where the learner owns the set, else for themselves, and offered to its owner."""
    return _accept(learner, answer, now_ms)


def _accept(learner: Person, answer: Review, now_ms: int) -> Reach:
    text = " ".join(str(answer.response.get("text", "")).split())
    if answer.qtype != "typed" or not normal(text):
        raise NotAsked(_("Only a written answer can be accepted from now on."))
    if len(text) > LONGEST:
        raise NotAsked(_("That answer is too long to be accepted word for word."))
    card = Card.objects.filter(id=answer.card_id, note__binned_at=None).select_related("note", "deck").first()
    if card is None:
        raise NotThere(_("This card is no longer in the set."))
    direction = _direction_of(answer.question)
    if card.deck.owner_id == learner.id:
        library.accept_answer(card.note, text, direction=direction)
        return "for all"
    row, _made = Accepted.objects.get_or_create(
        learner=learner,
        note_id=card.note_id,
        direction=direction,
        words=normal(text)[:LONGEST],
        defaults={"deck_id": card.deck_id, "text": text, "at_ms": now_ms},
    )
    return "offered" if row.state == Accepted.State.OFFERED else "for all" if row.state == Accepted.State.FOR_ALL else "mine"


def _direction_of(question: str) -> Direction:
    parts = question.split(".")
    return "reversed" if len(parts) == 6 and parts[3] == "r" else "forward"


def suggestions_of(deck: Deck) -> list[Suggestion]:
    """What waits for the owner of a set, the oldest first; the same form of several learners once."""
    offered = list(Accepted.objects.filter(deck_id=deck.id, state=Accepted.State.OFFERED).order_by("at_ms", "id"))
    notes = {note.id: note for note in Note.objects.filter(deck=deck, binned_at=None, id__in={row.note_id for row in offered})}
    grouped: dict[tuple[UUID, str, str], list[Accepted]] = {}
    for row in offered:
        if row.note_id in notes:
            grouped.setdefault((row.note_id, row.direction, row.words), []).append(row)
    return [Suggestion(same[0].id, notes[same[0].note_id], same[0].direction, same[0].text, len(same)) for same in grouped.values()]


@action
def decide(deck: Deck, id: UUID, *, accept: bool) -> bool:
    """Accepts a suggestion for everyone, or declines it, which takes it from nobody who has it; ``False``: it waits no longer."""
    row = Accepted.objects.filter(deck_id=deck.id, id=id, state=Accepted.State.OFFERED).first()
    if row is None:
        return False
    same = Accepted.objects.filter(deck_id=deck.id, note_id=row.note_id, direction=row.direction, words=row.words, state=Accepted.State.OFFERED)
    note = Note.objects.filter(deck=deck, id=row.note_id, binned_at=None).first()
    if accept and note is not None:
        library.accept_answer(note, row.text, direction="reversed" if row.direction == "reversed" else "forward")
    same.update(state=Accepted.State.FOR_ALL if accept else Accepted.State.MINE)
    return True
