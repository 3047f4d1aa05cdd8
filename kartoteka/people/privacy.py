"""What is kept about a person: every field of every table, with the class of its privacy.

*exported* leaves in "Download my data" and goes with the account · *secret* never leaves, and goes with the account ·
*derived* can be made again from what is exported, or only serves the machine; it goes with the account too.
A model or field that is not named here fails a test: decide its class, and write it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from kartoteka.people.models import Person


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: ``whose`` leads from a row to its person; ``file`` is its name in the download."""

    whose: str
    file: str = ""
    exported: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return self.exported + self.secret + self.derived


def _of(words: str) -> tuple[str, ...]:
    return tuple(words.split())


TABLES: dict[str, Kept] = {
    "people.person": Kept(
        "id",
        "person",
        exported=_of(
            "id name email is_guest is_owner made_at seen_at last_login password_at language theme reading_size time_zone day_start_min calendar"
            " minutes_a_day new_a_day retention retentions days_off vacations motion keys fit_id"
        ),
        secret=_of("password"),
        derived=_of("key is_active"),
    ),
    "people.session": Kept("person", "browsers", exported=_of("browser seen_at expire_date"), secret=_of("session_key session_data"), derived=_of("person")),
    "people.signinlink": Kept("person", "sign-in-links", exported=_of("made_at expires_at used_at"), secret=_of("digest"), derived=_of("person")),
    "account.emailaddress": Kept("user", "e-mail", exported=_of("email verified primary"), derived=_of("id user")),
    "account.emailconfirmation": Kept("email_address__user", secret=_of("key"), derived=_of("id email_address created sent")),
    "mfa.authenticator": Kept("user", "second-factors", exported=_of("type created_at last_used_at"), secret=_of("data"), derived=_of("id user")),
    "library.deck": Kept(
        "owner",
        "decks",
        exported=_of(
            "id title description description_original tags term_lang definition_lang visibility licence source source_format copied_from extra"
            " made_at changed_at binned_at"
        ),
        derived=_of("owner version words"),
    ),
    "library.note": Kept(
        "deck__owner",
        "notes",
        exported=_of("id deck guid kind position term definition fields original sides points tags extra made_at changed_at binned_at"),
        derived=_of("term_text definition_text cleaner version"),
    ),
    "library.card": Kept("deck__owner", "cards", exported=_of("id note deck kind made_at")),
    "library.deckmedia": Kept("deck__owner", "media", exported=_of("id deck media name alt")),
    "library.media": Kept("deckmedia__deck__owner", "media-files", exported=_of("sha256 size mime width height made_at")),
    "library.rating": Kept("person", "ratings", exported=_of("id deck stars at"), derived=_of("person")),
    "study.sitting": Kept(
        "learner", "sittings", exported=_of("id deck_id mode seed options total skipped hand began_ms last_ms over_ms extra"), derived=_of("learner")
    ),
    "study.hand": Kept("learner", "hands", exported=_of("id sitting number cards decks memories tally dealt_ms fit_id"), derived=_of("learner")),
    "study.logged": Kept(  # every answer of both tables below, as a row
        "learner",
        "reviews",
        exported=_of(
            "id card_id deck_id sitting_id hand mode question qtype at_ms client_ms received_ms offset_ms time_zone day took_ms outcome verdict judged"
            " mistaken_for response evidence takes_back"
        ),
        derived=_of("learner"),
    ),
    "study.review": Kept(
        "learner",
        derived=_of(
            "id learner card_id deck_id sitting_id hand mode question qtype at_ms client_ms received_ms offset_ms time_zone day took_ms outcome verdict judged"
            " mistaken_for response evidence takes_back"
        ),
    ),
    "study.past": Kept("learner", derived=_of("id learner card_id deck_id base answers first_ms last_ms missed_day numbers")),
    "study.memory": Kept(
        "learner", derived=_of("id learner card_id deck_id s6 d6 s7 d7 first_ms last_ms days_ok ok_day last_ok lapses surprise n more upto_ms due_ms")
    ),
    "study.fit": Kept(
        "learner",
        "memory-models",
        exported=_of("id number state at_ms answers scored again_at before after weights6 weights7 beliefs modes"),
        derived=_of("learner"),
    ),
    "study.mark": Kept("learner", "marks", exported=_of("id card_id deck_id starred suspended buried_until_ms flag foreign"), derived=_of("learner")),
    "study.progress": Kept("learner", derived=_of("id learner deck_id answers took_ms first_ms last_ms")),
    "study.daysum": Kept("learner", derived=_of("id learner deck_id day mode bin answers took_ms again kept foretold")),
    "study.sheet": Kept("learner", derived=_of("id learner deck_id upto_ms cards")),
    "study.chosen": Kept("learner", "options", exported=_of("id deck_id mode values"), derived=_of("learner")),
    "study.accepted": Kept("learner", "accepted-answers", exported=_of("id note_id deck_id direction text words state at_ms"), derived=_of("learner")),
    "study.run": Kept(
        "learner",
        "runs",
        exported=_of("id deck_id sitting_id mode kind size direction elapsed_ms wrong time_ms ranked at_ms"),
        derived=_of("learner fair shown"),  # whether others may see it is for the house to say that watched it
    ),
    "study.paper": Kept(
        "learner",
        "papers",
        exported=_of(
            "id deck_id sitting_id title questions ids possible earned undecided began_ms last_ms limit_ms pauses paused_ms stopped_ms left handed_ms ran_out"
        ),
        derived=_of("learner"),
    ),
    "study.exam": Kept(
        "learner", "exams", exported=_of("id decks tag day target minutes days_off off settled made_ms"), derived=_of("learner plan planned_day")
    ),
    "study.draft": Kept("learner", "drafts", exported=_of("id paper question response flagged at_ms took_ms"), derived=_of("learner")),
    "transfer.proposal": Kept(
        "owner",
        "imports",
        exported=_of("id name size format title options into fresh decided report work wrong made_at accepted_at"),
        derived=_of("owner"),
    ),
}

# Tables that say nothing about anyone, and why.
NOBODY: dict[str, str] = {
    "auth.permission": "Django's own list of what could be permitted; we give no permissions",
    "auth.group": "unused",
    "auth.group_permissions": "unused",
    "contenttypes.contenttype": "the names of the tables",
    "django_tasks_database.dbtaskresult": "what the house did by itself; no task is given anything personal",
}


def rows_of(person: Person, label: str) -> QuerySet[Any]:
    """This person's rows of one table, oldest first."""
    model = apps.get_model(label)
    found: QuerySet[Any] = model._default_manager.filter(**{TABLES[label].whose: person.pk}).order_by("pk")
    return found.distinct() if TABLES[label].whose.startswith("deckmedia") else found


def counts(person: Person) -> dict[str, int]:
    """How many rows each table keeps about a person, for those that are exported."""
    return {label: rows_of(person, label).count() for label, kept in TABLES.items() if kept.file}


def exported(person: Person) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """File by file what is exported of a person: its name, and its rows one by one."""
    for label, kept in TABLES.items():
        if kept.file:
            yield kept.file, rows_of(person, label).values(*kept.exported).iterator(chunk_size=1000)
