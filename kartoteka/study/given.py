"""An answer as it comes in, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from kartoteka.engine.appealing import To
from kartoteka.engine.grading import Verdict
from kartoteka.engine.items import Item
from kartoteka.engine.memory import MemoryState
from kartoteka.engine.questions import Question, Response
from kartoteka.look.words import in_figures
from kartoteka.study.refusals import NotAsked

MOST_AT_ONCE = 500
LONGEST_MS = 86_400_000  # an answer that took longer than a day was left lying
LONGEST_TEXT = 20_000
Status = Literal["stored", "there", "refused"]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given: which question of which sitting, and what the learner did; or which answer it takes back.

    ``overturns``: the answer whose mark the learner settles otherwise: ``to`` right or wrong, else by the ticks of the response; ``accept``: what was written
    is right from now on.
    """

    id: UUID
    sitting: UUID
    question: str = ""
    response: Response = field(default_factory=Response)
    client_ms: int = 0
    took_ms: int = 0
    takes_back: UUID | None = None
    overturns: UUID | None = None
    to: To | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an answer. ``before`` and ``after``: the card's memory; ``why``: a sentence where it was not stored.

    ``question``: what was asked; ``instead``: the card whose answer was given instead; ``accepted``: for whom what was written is right from now on.
    """

    id: UUID
    status: Status
    why: str = ""
    verdict: Verdict | None = None
    before: MemoryState | None = None
    after: MemoryState | None = None
    question: Question | None = None
    instead: Item | None = None
    response: Response | None = None
    accepted: str = ""


def not_too_long(text: str) -> str:
    """A written answer as it came, if somebody could still want to read it."""
    if len(text) > LONGEST_TEXT:
        raise NotAsked(_("That answer is longer than %(most)s characters. Write what matters of it.") % {"most": in_figures(LONGEST_TEXT)})
    return text
