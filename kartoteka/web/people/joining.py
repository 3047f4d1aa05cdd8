"""What a guest did comes to an account."""

from __future__ import annotations

from kartoteka.library import actions as library
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.store.writer import action
from kartoteka.study import actions as study
from kartoteka.transfer import actions as transfer


@action
def join(guest: Person, into: Person, *, now_ms: int) -> None:
    """All of a guest's sets, answers, stars and half-done sittings become the account's, in one transaction; then the guest is gone."""
    library.give_decks(guest, into)
    transfer.give_proposals(guest, into)
    study.merge(guest, into, now_ms=now_ms)
    people.end_guest(guest)
