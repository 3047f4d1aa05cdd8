"""What changes a learner's study: sitting down, answering, undoing, marking cards, and moving or forgetting it all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from kartoteka.library.models import Deck
from kartoteka.modes.base import Value
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.absences import NoVacation as NoVacation
from kartoteka.study.absences import come_back as come_back
from kartoteka.study.absences import go_away as go_away
from kartoteka.study.absences import rest_on as rest_on
from kartoteka.study.adopting import adopt as adopt
from kartoteka.study.adopting import begin as begin
from kartoteka.study.adopting import settle as settle
from kartoteka.study.answering import answer as answer
from kartoteka.study.answering import answer_many as answer_many
from kartoteka.study.answering import undo as undo
from kartoteka.study.appeals import accept_from_now_on as accept_from_now_on
from kartoteka.study.appeals import decide as decide
from kartoteka.study.appeals import keep as keep
from kartoteka.study.appeals import overturn as overturn
from kartoteka.study.dealing import FEW as FEW
from kartoteka.study.dealing import HAND as HAND
from kartoteka.study.dealing import back_before as back_before
from kartoteka.study.dealing import deal as deal
from kartoteka.study.dealing import finish as finish
from kartoteka.study.dealing import go_on as go_on
from kartoteka.study.dealing import meet_more as meet_more
from kartoteka.study.dealing import sit as sit
from kartoteka.study.exams import drop_exam as drop_exam
from kartoteka.study.exams import plan_exam as plan_exam
from kartoteka.study.exams import remember as remember
from kartoteka.study.exams import settle_exam as settle_exam
from kartoteka.study.fits import ask_for_fit as ask_for_fit
from kartoteka.study.fits import take_up_model as take_up_model
from kartoteka.study.fitting import fit_now as fit_now
from kartoteka.study.fitting import look_again as look_again
from kartoteka.study.fitting import resume as resume
from kartoteka.study.fitting import use_memory as use_memory
from kartoteka.study.given import Given as Given
from kartoteka.study.given import Told as Told
from kartoteka.study.marks import ALL_SETS
from kartoteka.study.models import Chosen, Mark
from kartoteka.study.moving import forget as forget
from kartoteka.study.moving import merge as merge
from kartoteka.study.replaying import replay as replay
from kartoteka.study.runs import SHOWN, show_as_chosen
from kartoteka.study.runs import show_runs as show_runs
from kartoteka.study.usual import make_usual as make_usual


@action
def mark(
    learner: Person, card_id: UUID, deck_id: UUID, *, starred: bool | None = None, suspended: bool | None = None, buried_until_ms: int | None = None
) -> Mark:
    """Notes what a learner says about a card: starred, suspended, buried until a moment. What is not said stays."""
    said = {"starred": starred, "suspended": suspended, "buried_until_ms": buried_until_ms}
    values = {name: value for name, value in said.items() if value is not None}
    row, _made = Mark.objects.update_or_create(learner=learner, card_id=card_id, defaults=values, create_defaults={**values, "deck_id": deck_id})
    return row


@action
def bring_back(learner: Person, deck: Deck, cards: Collection[UUID] | None = None) -> int:
    """Cards that were set aside or put off are asked again; ``None``: all of a set. How many there were."""
    rows = Mark.objects.filter(learner=learner, deck_id=deck.id).filter(Q(suspended=True) | Q(buried_until_ms__gt=0))
    return (rows if cards is None else rows.filter(card_id__in=cards)).update(suspended=False, buried_until_ms=0)


@action
def choose(learner: Person, deck: Deck | None, mode: str, values: Mapping[str, Value]) -> None:
    """Remembers the options of a mode for a set."""
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    Chosen.objects.update_or_create(learner=learner, deck_id=deck.id if deck else ALL_SETS, mode=mode, defaults={"values": kept})
    if deck and SHOWN in values:
        show_as_chosen(learner, deck.id, mode, shown=bool(values[SHOWN]))
