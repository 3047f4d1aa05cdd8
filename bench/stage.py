"""Sets a stage in a house's own data: learners with a browser, a set and an open sitting; and says afterwards what was kept.

Run as a program of its own, so that no test touches another database: ``python -m bench.stage set 4 3000 sorting`` or ``… kept``.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from importlib import import_module
from typing import Any


def cards_for(person: Any, many: int) -> Any:
    """A set of a person's own with so many cards."""
    from kartoteka.library import actions as library
    from kartoteka.library.models import Card, Note

    deck = library.make_deck(person, title="Stage")
    notes = [
        Note(deck=deck, position=n, term=f"<p>term {n}</p>", definition=f"<p>what {n} means</p>", term_text=f"term {n}", definition_text=f"what {n} means")
        for n in range(many)
    ]
    Note.objects.bulk_create(notes, batch_size=500)
    Card.objects.bulk_create((Card(note=note, deck=deck, kind="forward") for note in notes), batch_size=500)
    return deck


def set_stage(learners: int, cards: int, mode: str, sittings: int = 1) -> list[dict[str, Any]]:
    """Learners as guests: each with a session cookie, a set of so many cards, and one or more sittings over it."""
    from django.conf import settings

    from kartoteka.people import actions as people
    from kartoteka.study import actions, queries

    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for _ in range(learners):
        person = people.make_guest()
        deck = cards_for(person, cards)
        options = queries.options_from(queries.rules_of(mode), {"minutes": "240", "new": "500"})
        sat = [
            actions.sit(person, deck=deck, mode=mode, options=options, now_ms=time.time_ns() // 1_000_000, dice=random.Random(1), afresh=True)
            for _ in range(sittings)
        ]
        session = store()
        session["guest"] = str(person.id)
        session.save()
        found.append(
            {
                "session": session.session_key,
                "sitting": str(sat[0].id),
                "sittings": [str(one.id) for one in sat],
                "deck": str(deck.id),
                "learner": str(person.id),
                "cards": queries.hand_of(sat[0]),
            }
        )
    return found


def kept() -> dict[str, Any]:
    """Every answer in the log by id, how many count, and every memory that is not what the log adds up to."""
    from kartoteka.study import queries
    from kartoteka.study.models import Progress, Review

    answers = list(Review.objects.filter(takes_back=None).values_list("id", "sitting_id", "question"))
    gone = set(Review.objects.exclude(takes_back=None).values_list("takes_back", flat=True))
    standing = [(sitting, question) for id, sitting, question in answers if id not in gone]
    return {
        "answers": [str(id) for id, _sitting, _question in answers],
        "undone": [str(id) for id in gone],
        "standing": len(standing),
        "questions": len(set(standing)),
        "counted": sum(Progress.objects.values_list("answers", flat=True)),
        "wrong": list(queries.wrong_memories()),
    }


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")
    import django

    django.setup()
    what, *more = sys.argv[1:]
    print(json.dumps(set_stage(int(more[0]), int(more[1]), more[2], *map(int, more[3:])) if what == "set" else kept()))


if __name__ == "__main__":
    main()
