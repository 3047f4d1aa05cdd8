"""What cannot be done to persons, said in a sentence."""

from __future__ import annotations

from kartoteka.store.refusals import Refusal


class NotAName(Refusal):
    """Nobody can be called that, or someone is already."""


class WeakPassword(Refusal):
    """A password that would be guessed."""


class TooOften(Refusal):
    """The same thing was tried too many times in a short while."""

    status = 429


class LinkGone(Refusal):
    """A sign-in link that was used, is too old, or never was."""

    status = 410
