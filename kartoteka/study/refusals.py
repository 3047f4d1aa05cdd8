"""Refusals of this room: facts about an answer or a sitting, each with a sentence that may be shown."""

from __future__ import annotations

from collections.abc import Sequence

from kartoteka.store.refusals import Refusal


class NotAsked(Refusal):
    """The sitting does not ask this question."""

    status = 409


class NothingToAsk(Refusal):
    """No card is left under these options. ``skipped``: reason → how many; ``nearest``: a choice of cards that would leave some; ``more``: cards beyond the day."""

    status = 409

    def __init__(self, message: object, *, skipped: dict[str, int], nearest: str = "", more: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.skipped, self.nearest, self.more = skipped, nearest, more
