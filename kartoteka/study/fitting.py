"""A learner's memory is fitted and replayed in the background: in a child process, seen as it goes, taken up again after a restart."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db import connection

from kartoteka.people.models import Person
from kartoteka.store.background import Background
from kartoteka.store.columns import key
from kartoteka.store.sql import fetch
from kartoteka.study import fits
from kartoteka.study.fits import Basis, ask_for_fit, basis_of, fail_fit, is_due, put_in_use, settle_fit
from kartoteka.study.fitter import COLUMNS, Job, Made, main, make
from kartoteka.study.models import Fit
from kartoteka.study.own import model_of, model_with

log = logging.getLogger("kartoteka.study")
HOUSE = Path(__file__).resolve().parents[2]
SMALL = 3000  # rows of a log that are replayed at once, while somebody waits for it
AT_ONCE = 2000  # rows read at a time
TRIES = 5
CHILD = f"from {main.__module__} import {main.__name__}; {main.__name__}()"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a learner's memory is."""

    step: str = "waiting"
    done: int = 0
    of: int = 0

    @property
    def percent(self) -> int:
        """Over all steps; honest about order, not about time."""
        begins, length = STEPS.get(self.step, (0, 0))
        return begins + (length * self.done // self.of if self.of else 0)


_work = Background[Progress]("fits", 1, log, "A learner's memory could not be worked on to its end.")
STEPS = {"waiting": (0, 0), "reading": (0, 15), "fitting": (15, 35), "checking": (40, 30), "learning": (70, 10), "replaying": (80, 20)}


def progress_of(learner: Person) -> Progress | None:
    """How far the work on this learner's memory is; ``None``: nothing is worked on here."""
    return _work.at(learner.id)


def look_again(learner: Person, *, now_ms: int) -> bool:
    """Begins a fit in the background where there is enough new for one; whether it did."""
    if not is_due(learner, now_ms=now_ms):
        return False
    fit_now(learner, now_ms=now_ms)
    return True


def fit_now(learner: Person, *, now_ms: int) -> None:
    """Begins a fit in the background, because somebody asked for it."""
    ask_for_fit(learner, now_ms=now_ms)
    _start(learner.id, partial(fit, learner.id))


def resume() -> int:
    """Takes up what was being fitted when the server stopped; gives how many there were."""
    waiting = list(Fit.objects.filter(state=Fit.State.WAITING).values_list("learner_id", flat=True))
    for learner_id in waiting:
        _start(learner_id, partial(fit, learner_id))
    return len(waiting)


def use_memory(learner: Person, number: int, *, now_ms: int) -> bool:
    """Goes over to another of a learner's models, 0: the published one. ``False``: the log is long, and it is done in the background."""
    chosen = fits.fit_of(learner, number) if number else None
    work = partial(_use, learner.id, chosen)
    if sum(fits.counts_of(learner).values()) <= SMALL:
        work()
        learner.refresh_from_db(fields=["fit_id"])
        return True
    _start(learner.id, work)
    return False


def _start(learner_id: UUID, work: Any) -> None:
    if not connection.in_atomic_block:  # what it would work on may not come to be; what waits is taken up by the next look, or the next start
        _work.begin(learner_id, Progress(), work)


def fit(learner_id: UUID) -> None:
    """Takes the look that waits. What the learner does meanwhile counts; where their days or goal change, it begins anew."""
    for _attempt in range(TRIES):
        waiting = Fit.objects.filter(learner_id=learner_id, state=Fit.State.WAITING).select_related("learner").first()
        if waiting is None:
            return
        learner = waiting.learner
        basis = basis_of(learner)
        try:
            made = _made(learner, basis, Job(basis.calendar, basis.target, basis.targets, model_of(learner), fit=True))
        except Exception:
            fail_fit(waiting, now_ms=_now_ms())
            raise
        if settle_fit(waiting, made, basis, now_ms=_now_ms()):
            return


def _use(learner_id: UUID, chosen: Fit | None) -> None:
    for _attempt in range(TRIES):
        learner = Person.objects.get(id=learner_id)
        basis = basis_of(learner)
        job = Job(basis.calendar, basis.target, basis.targets, model_with(chosen.id if chosen else None), fit=False)
        if put_in_use(learner, chosen, _made(learner, basis, job), basis, now_ms=_now_ms()):
            return


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _made(learner: Person, basis: Basis, job: Job) -> Made:
    """The work itself: here where it is small, else in a child, so that it never takes its time from those who answer."""
    total = sum(basis.counts.values())
    if not job.fit and total <= SMALL:
        return make(job, (row for part in _parts(learner, basis) for row in part), lambda _step, _done, _of: None)
    with tempfile.TemporaryDirectory(prefix="kartoteka-fit-") as folder:
        environment = {"PYTHONPATH": str(HOUSE), "PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        child = subprocess.Popen(  # noqa: S603  (our own interpreter, our own module)
            [sys.executable, "-c", CHILD], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            return _talked(child, learner, basis, job, total)
        finally:
            child.kill()
            child.communicate()


def _talked(child: subprocess.Popen[bytes], learner: Person, basis: Basis, job: Job, total: int) -> Made:
    assert child.stdin is not None
    assert child.stdout is not None
    done = 0
    pickle.dump(job, child.stdin)
    for part in _parts(learner, basis):
        pickle.dump(part, child.stdin)
        done += len(part)
        _tell(learner.id, "reading", done, total)
    pickle.dump([], child.stdin)
    child.stdin.flush()
    for said in _said(child.stdout):
        if isinstance(said, Made):
            return said
        _tell(learner.id, *said)
    raise RuntimeError("The fit ended without a result.")


def _said(out: IO[bytes]) -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(out)  # noqa: S301  (our own child, which read nothing but our own log)
        except EOFError:
            return


def _tell(learner_id: UUID, step: str, done: int, of: int) -> None:
    _work.now_at(learner_id, Progress(step, done, of))


def _parts(learner: Person, basis: Basis) -> Iterator[list[Sequence[Any]]]:
    """The log in parts, some cards at a time, as the database gives it."""
    some: list[UUID] = []
    rows = 0
    for card, count in basis.counts.items():
        some.append(card)
        rows += count
        if rows >= AT_ONCE:
            yield _part(learner, some)
            some, rows = [], 0
    if some:
        yield _part(learner, some)


def _part(learner: Person, cards: Sequence[UUID]) -> list[Sequence[Any]]:
    columns = ", ".join("evidence::text" if name == "evidence" and connection.vendor == "postgresql" else name for name in COLUMNS)
    wanted = ", ".join(["%s"] * len(cards))
    return list(fetch(f"SELECT {columns} FROM study_log WHERE learner_id = %s AND card_id IN ({wanted})", [key(learner.id), *map(key, cards)]))  # noqa: S608
