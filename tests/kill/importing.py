"""Imports killed at random moments: each must have come in whole, or not at all.

``python -m tests.kill.importing KILLS SEED`` on the house that ``KARTOTEKA_DATA`` names. It loads everything once and forks for every
import, so that the kills hit reading, cleaning, writing and committing instead of a Python that starts. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from kartoteka.formats.anki.tests import making
from tests.services import ROOT, House

NOTES, REVIEWED, REVIEWS_A_CARD = 1_500, 100, 20
WHOLE = (NOTES, NOTES, REVIEWED * REVIEWS_A_CARD, REVIEWED, REVIEWED * REVIEWS_A_CARD, 1)
MOMENTS = (0.2, 1.0), (0.7, 1.1)  # any time, or when it is about to be kept: parts of the time it takes undisturbed
OF_A_DECK = (
    "SELECT (SELECT count(*) FROM library_note WHERE deck_id = d.id), (SELECT count(*) FROM library_card WHERE deck_id = d.id),"
    " (SELECT count(*) FROM study_log WHERE deck_id = d.id), (SELECT count(*) FROM study_memory WHERE deck_id = d.id),"
    " (SELECT coalesce(sum(answers), 0) FROM study_progress WHERE deck_id = d.id), (SELECT count(*) FROM library_deckmedia WHERE deck_id = d.id)"
    " FROM library_deck d"
)
STRAY = (
    "SELECT (SELECT count(*) FROM library_note WHERE deck_id NOT IN (SELECT id FROM library_deck))"
    " + (SELECT count(*) FROM study_log WHERE deck_id NOT IN (SELECT id FROM library_deck))"
    " + (SELECT count(*) FROM study_memory WHERE deck_id NOT IN (SELECT id FROM library_deck))"
)


def package(number: int) -> bytes:
    """A deck that is not like the others: new notes, some learned, a picture."""
    first = number * 1_000_000
    notes = [making.note(first + n, f"word {number} {n}", f"<b>what</b> word {n} means" if n % 7 else '<img src="a.png">') for n in range(1, NOTES + 1)]
    deck = 1_000 + number
    cards = [making.card(first + n, first + n, deck=deck, **({"type": 2, "queue": 2, "ivl": 9} if n <= REVIEWED else {})) for n in range(1, NOTES + 1)]
    log = [
        (1_600_000_000_000 + first + n + r * 86_400_000, first + n, 0, 1 + (n + r) % 4, 3, 1, 2500, 5000, 1)
        for n in range(1, REVIEWED + 1)
        for r in range(REVIEWS_A_CARD)
    ]
    collection = making.collection(notes, cards, log, decks={deck: f"Deck {number}"})
    return making.package(collection, media={"a.png": b"\x89PNG\r\n\x1a\n" + bytes(100)}, generation=3)


def bring(file: Path) -> None:
    """As the command brings a file in."""
    from kartoteka.people import queries as people
    from kartoteka.transfer import actions

    owner = people.owner()
    assert owner is not None
    proposal, bundle = actions.proposed(owner, name=file.name, path=file)
    actions.accept(proposal, now_ms=time.time_ns() // 1_000_000, bundle=bundle)


def bring_by_page(file: Path) -> None:
    """As the server does it behind its page: read in the background, looked at, kept in the background."""
    from kartoteka.people import queries as people
    from kartoteka.transfer import actions, working

    owner = people.owner()
    assert owner is not None
    proposal = actions.take(owner, name=file.name, pieces=[file.read_bytes()])
    working.settled(proposal.id, patience_s=60)
    proposal.refresh_from_db()
    actions.accept_later(proposal)
    working.settled(proposal.id, patience_s=60)


def start_again(_file: Path) -> None:
    """What a server does about unfinished imports when it starts."""
    from kartoteka.transfer import actions, working
    from kartoteka.transfer.models import Proposal

    open_work = list(Proposal.objects.filter(accepted_at=None).exclude(work="").values_list("id", flat=True))
    actions.resume()
    for id in open_work:
        working.settled(id, patience_s=60)


def forked(work: Callable[[Path], None], file: Path, kill_after_s: float | None = None) -> tuple[bool, float]:
    """Runs this in a process of its own; whether it ended by itself, and after how long."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        code = 1
        try:
            work(file)
            code = 0
        finally:
            os._exit(code)
    if kill_after_s is not None:
        until = began + kill_after_s
        while time.monotonic() < until:
            if os.waitpid(child, os.WNOHANG) != (0, 0):
                return True, time.monotonic() - began
            time.sleep(0.002)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _id, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0, time.monotonic() - began


def looked_at(place: Path) -> tuple[int, list[str]]:
    """How many decks are there, and what is wrong with them."""
    with closing(sqlite3.connect(place)) as db:
        found = db.execute(OF_A_DECK).fetchall()
        stray = db.execute(STRAY).fetchone()[0]
    wrong = [f"a deck has {row}, not {WHOLE}" for row in found if row != WHOLE]
    return len(found), wrong + ([f"{stray} rows belong to no deck"] if stray else [])


def kill_imports(house: House, *, kills: int, seed: int = 6) -> dict[str, Any]:
    """Runs this program on a house that has an owner; what it prints."""
    done = subprocess.run([sys.executable, "-m", __name__, str(kills), str(seed)], env=house.environ(), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(kills: int, seed: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kartoteka.config.settings")
    import django

    django.setup()
    from kartoteka.transfer import actions  # noqa: F401  (loaded before the first fork)

    dice, place = random.Random(seed), Path(os.environ["KARTOTEKA_DATA"]) / "kartoteka.sqlite3"
    wrong: list[str] = []
    killed = whole = nothing = resumed = 0
    there, number = looked_at(place)[0], 0
    with tempfile.TemporaryDirectory() as folder:
        ways: list[Callable[[Path], None]] = [bring, bring_by_page]
        takes_s = []
        for way in ways:  # how long each takes undisturbed
            number += 1
            file = Path(folder) / f"deck-{number}.apkg"
            file.write_bytes(package(number))
            ended, took_s = forked(way, file)
            if not ended:
                wrong.append(f"{way.__name__} failed undisturbed")
            takes_s.append(took_s)
        there = looked_at(place)[0]
        while killed < kills and number < 4 * kills + 10:
            number += 1
            way, took_s = ways[number % 2], takes_s[number % 2]
            file = Path(folder) / f"deck-{number}.apkg"
            file.write_bytes(package(number))
            ended, _took = forked(way, file, took_s * dice.uniform(*dice.choice(MOMENTS)))
            killed += not ended
            now, faults = looked_at(place)
            wrong += [f"after kill {killed} ({way.__name__}): {fault}" for fault in faults]
            if way is bring_by_page and not ended:
                forked(start_again, file)
                later, faults = looked_at(place)
                resumed += later > now
                wrong += [f"started again after kill {killed}: {fault}" for fault in faults]
                now = later
            whole, nothing = whole + (not ended and now > there), nothing + (not ended and now == there)
            there = now
    return {"kills": killed, "whole": whole, "nothing": nothing, "resumed": resumed, "wrong": wrong}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))) + "\n")
