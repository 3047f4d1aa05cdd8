"""A learner's study goes over to an account, or goes altogether."""

from __future__ import annotations

from django.db.models import Max

from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study.cards import decks_of, rebuild
from kartoteka.study.learners import at_the_desk, calendar_of
from kartoteka.study.models import Accepted, Chosen, DaySum, Draft, Exam, Fit, Hand, Mark, Memory, Paper, Past, Progress, Review, Run, Sheet, Sitting
from kartoteka.study.summing import Sums
from kartoteka.study.sums import summed
from kartoteka.study.tallies import add_progress, add_sums


@action
def merge(guest: Person, into: Person, *, now_ms: int) -> None:
    """All a guest did becomes this account's; cards that both studied remember what both logs add up to."""
    if guest.id == into.id:
        return
    first, second = sorted((guest, into), key=lambda person: person.id)  # always in this order: two merges never wait for each other
    at_the_desk(first, now_ms=now_ms)
    at_the_desk(second, now_ms=now_ms)
    learners = [guest, into] if _merge_fits(guest, into) else [guest]
    cards = dict(Memory.objects.filter(learner__in=learners).values_list("card_id", "deck_id"))
    touched = decks_of(learners)
    sums = Sums()
    if into not in learners:
        sums.merge(summed(into, touched), -1)
    Memory.objects.filter(learner=guest).delete()
    DaySum.objects.filter(learner__in=learners).delete()
    Sheet.objects.filter(learner__in=(guest, into)).delete()
    for model in (Review, Past, Sitting, Hand, Run, Paper, Draft, Exam):
        model.objects.filter(learner=guest).update(learner=into)
    sums.merge(summed(into, touched))
    add_sums(into, sums.moved())
    if guest.retentions:
        into.retentions = {**guest.retentions, **into.retentions}
        into.save(update_fields=["retentions"])
    rebuild(into, cards, calendar_of(into))
    for row in Progress.objects.filter(learner=guest):
        add_progress(into, row.deck_id, answers=row.answers, took_ms=row.took_ms, first_ms=row.first_ms, last_ms=row.last_ms)
    _merge_marks(guest, into)
    _merge_accepted(guest, into)
    kept = {(row.deck_id, row.mode) for row in Chosen.objects.filter(learner=into)}
    for choice in Chosen.objects.filter(learner=guest):
        if (choice.deck_id, choice.mode) not in kept:
            Chosen.objects.filter(id=choice.id).update(learner=into)
    Progress.objects.filter(learner=guest).delete()
    Mark.objects.filter(learner=guest).delete()
    Chosen.objects.filter(learner=guest).delete()


def _merge_fits(guest: Person, into: Person) -> bool:
    """All models stay to go back to. The account's own stays in use, where it has one; else the guest's comes into use, which this says."""
    most = Fit.objects.filter(learner=into).aggregate(most=Max("number"))["most"] or 0
    for fit in Fit.objects.filter(learner=guest).order_by("number"):
        Fit.objects.filter(id=fit.id).update(learner=into, number=most + fit.number)
    if most or guest.fit_id is None:
        return False
    Person.objects.filter(id=into.id).update(fit_id=guest.fit_id)
    into.fit_id = guest.fit_id
    return True


def _merge_marks(guest: Person, into: Person) -> None:
    """A star of either stays; what else was said, the account has said last."""
    mine = {mark.card_id: mark for mark in Mark.objects.filter(learner=into)}
    for mark in Mark.objects.filter(learner=guest):
        own = mine.get(mark.card_id)
        if own is None:
            Mark.objects.filter(id=mark.id).update(learner=into)
        elif mark.starred and not own.starred:
            Mark.objects.filter(id=own.id).update(starred=True)


def _merge_accepted(guest: Person, into: Person) -> None:
    mine = {(row.note_id, row.direction, row.words) for row in Accepted.objects.filter(learner=into)}
    for row in Accepted.objects.filter(learner=guest):
        if (row.note_id, row.direction, row.words) in mine:
            row.delete()
        else:
            Accepted.objects.filter(id=row.id).update(learner=into)


@action
def forget(learner: Person) -> None:
    """Everything a learner ever studied goes."""
    for model in (Review, Past, Memory, Mark, Hand, Sitting, Progress, DaySum, Sheet, Chosen, Run, Accepted, Draft, Paper, Exam, Fit):
        model.objects.filter(learner=learner).delete()
    Person.objects.filter(id=learner.id).update(fit_id=None)
    learner.fit_id = None
