"""The shelf of a learner's memory models: when another look is worth it, what came of each, and which of them is in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from kartoteka.engine.fitting import within_bounds
from kartoteka.engine.memory import Calendar
from kartoteka.engine.state import PLAIN
from kartoteka.people.models import Person
from kartoteka.store.columns import key, uuid_of
from kartoteka.store.refusals import NotThere
from kartoteka.store.sql import change_many, fetch
from kartoteka.store.writer import action
from kartoteka.study.cards import decks_of, rebuild
from kartoteka.study.fitter import Made
from kartoteka.study.learners import at_the_desk, calendar_of, retention_of
from kartoteka.study.log import NOBODY_KNOWS_YET
from kartoteka.study.models import DaySum, Exam, Fit, Memory, Progress
from kartoteka.study.own import kept_of, model_in, unknown
from kartoteka.study.summing import Sums
from kartoteka.study.tallies import add_sums

FIRST, MORE, LEAST_MORE = 100, 500, 100  # answers before the first look, before another one, and before another one after a month
A_MONTH_MS = 30 * 86_400_000
NEEDED = 64  # answers on a later day; below that there is nothing to fit
UPDATE = f"UPDATE study_memory SET {', '.join(f'{name} = %s' for name in (*PLAIN, 'more', 'upto_ms', 'due_ms'))} WHERE learner_id = %s AND card_id = %s"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Basis:
    """What a piece of work was made from: if any of it is another when it is done, that part is made again. ``counts``: rows of the log by card; ``targets``: of the sets that have one of their own."""

    calendar: Calendar
    target: float
    targets: Mapping[UUID, float]
    fit_id: UUID | None
    counts: Mapping[UUID, int]


def answers_of(learner: Person) -> int:
    """How many answers count, over all sets."""
    return int(Progress.objects.filter(learner=learner).aggregate(n=Sum("answers"))["n"] or 0)


def is_due(learner: Person, *, now_ms: int) -> bool:
    """Whether there is enough new to look again: two small statements, before a sitting and after an import."""
    last = Fit.objects.filter(learner=learner).order_by("-number").values("state", "again_at", "answers", "at_ms").first()
    answers = answers_of(learner)
    if last is None:
        return answers >= FIRST
    if last["state"] == Fit.State.WAITING:
        return False
    return answers >= last["again_at"] or (now_ms - last["at_ms"] >= A_MONTH_MS and answers >= last["answers"] + LEAST_MORE)


@action
def ask_for_fit(learner: Person, *, now_ms: int) -> Fit:
    """Notes that a look is to be taken; the one that waits already, where there is one. It is done in the background, also after a restart."""
    at_the_desk(learner, now_ms=now_ms, here=False)
    waiting = Fit.objects.filter(learner=learner, state=Fit.State.WAITING).first()
    if waiting:
        return waiting
    most = Fit.objects.filter(learner=learner).aggregate(most=Max("number"))["most"] or 0
    return Fit.objects.create(learner=learner, number=most + 1, at_ms=now_ms, answers=answers_of(learner))


def basis_of(learner: Person) -> Basis:
    """How things stand before the log is read."""
    return Basis(calendar_of(learner), learner.retention, targets_of(learner), learner.fit_id, counts_of(learner))


def targets_of(learner: Person) -> dict[UUID, float]:
    """How much is to be remembered of the sets of which that was said."""
    return {UUID(deck): retention_of(learner, deck) for deck in learner.retentions}


def counts_of(learner: Person) -> dict[UUID, int]:
    """How many rows of the log each card has: it only ever grows, so the same number is the same history."""
    sql = (
        "SELECT card_id, COUNT(*) FROM study_review WHERE learner_id = %s GROUP BY card_id"
        " UNION ALL SELECT card_id, SUM(answers) FROM study_past WHERE learner_id = %s GROUP BY card_id"
    )
    counts = Counter[UUID]()
    for card, count in fetch(sql, [key(learner.id)] * 2):
        counts[uuid_of(card)] += int(count)
    return counts


@action
def settle_fit(fit: Fit, made: Made, basis: Basis, *, now_ms: int) -> bool:
    """Notes what came of a look, and where the model is kept puts it in use, with every memory; ``False``: days, goal or model changed meanwhile."""
    row = Fit.objects.filter(id=fit.id, state=Fit.State.WAITING).select_related("learner").first()
    found = made.own
    if row is None or found is None:  # forgotten meanwhile, or settled by another process
        return True
    learner = at_the_desk(row.learner, now_ms=now_ms, here=False)
    if not _still(learner, basis):
        return False
    unknown(row.id)
    kept = found.outcome == "kept" and found.model is not None
    row.state = Fit.State.KEPT if kept else Fit.State.FEW if found.outcome == "few" else Fit.State.REFUSED
    row.at_ms, row.scored, row.before, row.after = now_ms, found.scored, found.before, found.after
    row.answers = answers_of(learner)
    row.again_at = row.answers + (max(NEEDED - found.scored, LEAST_MORE // 2) if found.outcome == "few" else _more(row))
    if found.model is not None and kept:
        for name, value in kept_of(found.model).items():
            setattr(row, name, value)
    row.save()
    if kept:
        _put_in_use(learner, row.id, made, basis)
    return True


def _more(row: Fit) -> int:
    """So many answers as will hold about 500 that say something about forgetting."""
    return min(4 * MORE, max(MORE, MORE * row.answers // max(1, row.scored)))


@action
def fail_fit(fit: Fit, *, now_ms: int) -> None:
    """Notes that a look could not be taken to its end; what was stays."""
    row = Fit.objects.filter(id=fit.id, state=Fit.State.WAITING).select_related("learner").first()
    if row:
        row.state, row.at_ms, row.again_at = Fit.State.FAILED, now_ms, answers_of(row.learner) + MORE
        row.save()


@action
def put_in_use(learner: Person, fit: Fit | None, made: Made, basis: Basis, *, now_ms: int) -> bool:
    """Changes the model a learner studies by, with every memory, all of it or nothing; ``False``: days or goal changed meanwhile."""
    learner = at_the_desk(learner, now_ms=now_ms, here=False)
    if not _still(learner, basis):
        return False
    _put_in_use(learner, fit.id if fit else None, made, basis)
    return True


def _still(learner: Person, basis: Basis) -> bool:
    return (calendar_of(learner), learner.retention, targets_of(learner), learner.fit_id) == (basis.calendar, basis.target, basis.targets, basis.fit_id)


def _put_in_use(learner: Person, fit_id: UUID | None, made: Made, basis: Basis) -> None:
    """Writes what was made; cards that were answered meanwhile are replayed here and now, and so nothing is lost."""
    Person.objects.filter(id=learner.id).update(fit_id=fit_id)
    learner.fit_id = fit_id
    now = counts_of(learner)
    now.pop(NOBODY_KNOWS_YET, None)
    decks = dict(Memory.objects.filter(learner=learner).values_list("card_id", "deck_id"))
    moved = {card for card, count in now.items() if count != basis.counts.get(card)} | (decks.keys() ^ made.memories.keys())
    owner = key(learner.id)
    change_many(UPDATE, [(*columns, owner, key(card)) for card, columns in made.memories.items() if card not in moved])
    sums = Sums(made.total)
    for card in moved & made.sums.keys():
        sums.merge(made.sums[card], -1)
    if moved:
        rebuild(learner, {**{card: decks[card] for card in moved if card in decks}, **decks_of([learner], moved)}, calendar_of(learner), sums)
    DaySum.objects.filter(learner=learner).delete()
    add_sums(learner, sums.moved())
    Exam.objects.filter(learner=learner).update(planned_day=-1)


def fit_of(learner: Person, number: int) -> Fit:
    """A model of this learner's to go back to. Raises ``NotThere``."""
    found = Fit.objects.filter(learner=learner, number=number, state=Fit.State.KEPT).first()
    if found is None:
        raise NotThere(_("There is no such version of your memory."))
    return found


@action
def take_up_model(learner: Person, fit_id: UUID) -> None:
    """Goes on with a model that came along with an archive, where it is this learner's; whoever calls it replays everything."""
    if Fit.objects.filter(learner=learner, id=fit_id, state=Fit.State.KEPT).exists():
        Person.objects.filter(id=learner.id).update(fit_id=fit_id)
        learner.fit_id = fit_id


def check_model(values: Mapping[str, Any]) -> None:
    """Raises ``ValueError`` where the numbers of a model are none that can be reckoned with."""
    model = model_in(Fit(**{name: values[name] for name in ("weights6", "weights7", "beliefs", "modes")}))
    numbers = [*model.six.w, *model.seven.w, *(model.beliefs.b if model.beliefs else ()), *(n for _kind, noise in model.kinds for n in noise), model.known]
    if not all(isfinite(float(one)) for one in numbers) or not within_bounds(model.six.w, model.seven.w):
        raise ValueError("a memory model is not as it is written")
