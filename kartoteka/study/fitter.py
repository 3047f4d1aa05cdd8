"""Fits and replays one learner's log apart from everything else: pure arithmetic, in a process of its own where there is much of it.

``main`` is that process: it takes a pickled ``Job`` from standard input and then parts of the log, the last of them empty; on standard output it puts
steps, and at the end what was ``Made``. It opens no database and knows no Django.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import resource
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kartoteka.engine.evidence import Evidence
from kartoteka.engine.memory import due_ms
from kartoteka.engine.mixed import Answer
from kartoteka.engine.own import Own, own
from kartoteka.engine.state import PLAIN, Calendar, Model
from kartoteka.study.log import NOBODY_KNOWS_YET, Entry, standing
from kartoteka.study.summing import Sums

COLUMNS = ("id", "card_id", "sitting_id", "question", "at_ms", "took_ms", "outcome", "evidence", "takes_back", "mode", "deck_id", "received_ms")
MEMORY_BYTES, CPU_SECONDS = 3 * 1024**3, 1800
Step = tuple[str, int, int]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """Whose days, and which goal: ``targets`` of sets that have one of their own. ``model``: the one in use; ``fit``: whether to look for a better one, else memories are replayed by this."""

    calendar: Calendar
    target: float
    targets: Mapping[UUID, float]
    model: Model
    fit: bool


@dataclass(frozen=True, slots=True)
class Made:
    """``memories``: card → its columns from ``s6`` to ``due_ms``, as they are written; ``sums``: card → what it adds to the days; ``total``: all of that; by
    the model that is to be in use. None where nothing changes."""

    own: Own | None
    memories: dict[UUID, tuple[Any, ...]] = field(default_factory=dict)
    sums: dict[UUID, Sums] = field(default_factory=dict)
    total: Sums = field(default_factory=Sums)


def make(job: Job, rows: Iterable[Sequence[Any]], tell: Tell) -> Made:
    """The whole work, on the rows of the log in any order."""
    counted, decks = _counted(rows)
    found: Own | None = None
    model = job.model
    if job.fit:
        proved = sorted((entry for history in counted.values() for entry in history if entry.evidence), key=lambda entry: entry.key)
        found = own([Answer(entry.card_id.hex, Evidence(**entry.evidence)) for entry in proved], job.calendar, job.model, tell)
        if found.model is None:
            return Made(found)
        model = found.model
    made = Made(found)
    for number, (card, history) in enumerate(counted.items()):
        if number % 500 == 0:
            tell("replaying", number, len(counted))
        own_sums = made.sums[card] = Sums()
        state = own_sums.walk(history, decks[card], job.calendar, model)
        if state is not None:
            due = due_ms(state, target=job.targets.get(decks[card], job.target), calendar=job.calendar, seed=card.hex, model=model)
            upto_ms = max(entry.at_ms for entry in history if entry.evidence)
            made.memories[card] = (*(getattr(state, name) for name in PLAIN), json.dumps(dict(state.more)), upto_ms, due)
        made.total.merge(own_sums)
    return made


def _counted(rows: Iterable[Sequence[Any]]) -> tuple[dict[UUID, list[Entry]], dict[UUID, UUID]]:
    """The answers that count, card by card in time order, and which set each card is from, as its latest answer says."""
    histories: dict[UUID, list[Entry]] = {}
    latest: dict[UUID, tuple[int, UUID, UUID]] = {}
    card_of: dict[UUID, UUID] = {}
    early: list[Entry] = []
    for row in rows:
        entry, deck, received_ms = _entry(row)
        if entry.card_id == NOBODY_KNOWS_YET:
            early.append(entry)
        else:
            histories.setdefault(entry.card_id, []).append(entry)
            card_of[entry.id] = entry.card_id
            latest[entry.card_id] = max(latest.get(entry.card_id, (-1, entry.id, deck)), (received_ms, entry.id, deck))
    for entry in early:
        if entry.takes_back in card_of:
            histories[card_of[entry.takes_back]].append(entry)
    return {card: standing(history) for card, history in histories.items()}, {card: deck for card, (_at, _id, deck) in latest.items()}


def _entry(row: Sequence[Any]) -> tuple[Entry, UUID, int]:
    id, card, sitting, question, at_ms, took_ms, outcome, evidence, back, mode, deck, received_ms = row
    facts = json.loads(evidence) if isinstance(evidence, str) else evidence
    sitting, back = _uuid(sitting) if sitting else None, _uuid(back) if back else None
    return Entry(_uuid(id), _uuid(card), sitting, question, at_ms, took_ms, outcome, {}, facts, back, mode=mode), _uuid(deck), received_ms


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def main() -> None:
    """Reads a job, works on it, and says how far it is."""
    os.nice(10)
    gc.disable()
    for what, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (limit, limit))
    source, out = sys.stdin.buffer, sys.stdout.buffer
    job: Job = pickle.load(source)  # noqa: S301  (from our own server, which started this process)

    def rows() -> Iterable[Sequence[Any]]:
        while part := pickle.load(source):  # noqa: S301
            yield from part

    def tell(step: str, done: int, of: int) -> None:
        pickle.dump((step, done, of), out)
        out.flush()

    pickle.dump(make(job, rows(), tell), out)
    out.flush()
