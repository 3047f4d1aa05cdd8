"""A person goes, with everything that is theirs: rows, files, and every browser they are signed in with."""

from __future__ import annotations

from kartoteka.library import media as library
from kartoteka.people import actions as people
from kartoteka.people import privacy
from kartoteka.people.models import Person
from kartoteka.transfer import proposals


def leave(person: Person) -> None:
    """Deletes a person's account, or a guest. First the rows, in one transaction; then the files that nobody else uses."""
    undecided = list(privacy.rows_of(person, "transfer.proposal").values_list("id", flat=True))
    files = list(privacy.rows_of(person, "library.media").values_list("sha256", flat=True))
    people.delete_account(person)
    for id in undecided:
        proposals.forget(id)
    library.drop_files(files)
