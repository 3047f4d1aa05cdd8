"""Download my data: how much there is of it."""

from __future__ import annotations

from dataclasses import dataclass

from kartoteka.people import privacy
from kartoteka.people.models import Person


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much there is of a person."""

    sets: int
    cards: int
    answers: int
    files: int
    file_bytes: int
    stars: int

    def __bool__(self) -> bool:
        return bool(self.sets or self.answers or self.stars)


def amounts(person: Person) -> Amounts:
    found = privacy.counts(person)
    return Amounts(
        sets=privacy.rows_of(person, "library.deck").filter(binned_at=None).count(),
        cards=found["library.card"],
        answers=found["study.logged"],
        files=found["library.media"],
        file_bytes=sum(privacy.rows_of(person, "library.media").values_list("size", flat=True)),
        stars=privacy.rows_of(person, "study.mark").filter(starred=True).count(),
    )
