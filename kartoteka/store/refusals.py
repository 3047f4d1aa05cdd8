"""Refusals: facts with a name, whose text may be shown to a person. Each door translates them once."""

from __future__ import annotations


class Refusal(Exception):
    """Something that cannot be done, said in a sentence: what, where, what to do."""

    status = 400

    def __init__(self, message: object = "") -> None:
        super().__init__(str(message))
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotThere(Refusal):
    """It does not exist, or this person may not know that it does."""

    status = 404


class NotAllowed(Refusal):
    """It exists and this person may know it, but may not do that."""

    status = 403


class Changed(Refusal):
    """Someone else changed it first."""

    status = 409


class TooMuch(Refusal):
    """More than this instance lets this person store."""

    status = 413


class NotKept(Refusal):
    """The database could not keep it now (full, locked, read-only); nothing was changed. Trying again is right."""

    status = 503
