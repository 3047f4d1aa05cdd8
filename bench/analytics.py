"""How long the pages of figures take a learner with a million reviews, beside Anki's statistics of as many.

A library of four sets with 20,000 cards, 50 reviews each in four modes over two years. Every page is rendered whole, in a process of its own.
KARTOTEKA_ANKI names the Python of an environment with the ``anki`` package; without it that part is skipped and says so.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "bench" / "peers" / "anki_statistics.py"
DAY_MS = 86_400_000
SETS, EACH, DAYS = 4, 50, 730
HISTORIES = 400  # different ones; the cards share them
MODES = (("spaced", "rating", "self"), ("spaced", "rating", "self"), ("learn", "typed", "typed"), ("learn", "choice", "mc"), ("sorting", "sorting", "self"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 k instead of 1 M, and every figure compared with the log")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    cards = 800 if chosen.quick else 20_000
    if chosen.measure:
        print(json.dumps(measured(cards, check=chosen.quick)))
        return
    with tempfile.TemporaryDirectory() as folder:
        others = {name: value for name, value in os.environ.items() if name != "KARTOTEKA_ANKI"}
        environment = {**others, "KARTOTEKA_DATA": folder, "DJANGO_SETTINGS_MODULE": "kartoteka.config.settings", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, "--measure", folder, *(["--quick"] if chosen.quick else [])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    report(json.loads(done.stdout.splitlines()[-1]), cards, peer(cards))


def peer(cards: int) -> dict[str, list[float]]:
    anki = os.environ.get("KARTOTEKA_ANKI", "")
    if not anki:
        return {}
    done = subprocess.run([anki, str(PEER), str(cards * EACH), str(cards)], capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(ours: dict[str, Any], cards: int, theirs: dict[str, list[float]]) -> None:
    print(f"{f'{cards * EACH:,} reviews, {cards:,} cards, {SETS} sets':<42}{'first, ms':>10}{'CPU':>7}{'median, ms':>12}{'CPU':>7}")
    for page, (first, first_cpu, median, median_cpu) in ours["pages"].items():
        print(f"{page:<42}{first:>10.0f}{first_cpu:>7.0f}{median:>12.0f}{median_cpu:>7.0f}")
    for span, (median, cpu) in theirs.items():
        print(f"{f'Anki, statistics, {span}':<42}{'':>17}{median:>12.0f}{cpu:>7.0f}")
    if theirs:
        page, (_first, _first_cpu, median, cpu) = next(iter(ours["pages"].items()))
        whole = theirs["whole history"]
        print(f"{page} over Anki's whole history: {median / whole[0]:.2f}, in CPU {cpu / whole[1]:.2f}")
    else:
        print("Anki's statistics: skipped; set KARTOTEKA_ANKI to the Python of an environment with the package anki")
    if "wrong" in ours:
        print(f"figures that are not those of the log: {ours['wrong']}")


def measured(cards: int, *, check: bool) -> dict[str, Any]:
    """Fills the library and opens each page: the first time, and the median of five more."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from kartoteka.study import queries

    call_command("migrate", verbosity=0)
    learner, decks = filled(cards)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["guest"] = str(learner.id)
    session.save()
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    pages = {
        "Study over all sets (/analytics/)": "/analytics/",
        "Analytics of one set": f"/sets/{decks[0].id}/analytics/",
        "Page of one set": f"/sets/{decks[0].id}/",
        "Home": "/",
    }
    took = {}
    for words, path in pages.items():
        times = []
        for _ in range(6):
            began = time.perf_counter(), time.process_time()
            answer = client.get(path)
            times.append(((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000))
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
        took[words] = [*times[0], *(sorted(one)[2] for one in zip(*times[1:], strict=True))]
    return {"pages": took, **({"wrong": len(list(queries.wrong_memories()))} if check else {})}


def filled(cards: int) -> tuple[Any, list[Any]]:
    """A learner, four sets, and the log with what is derived from it, in the order in which it would have grown."""
    from bench.stage import cards_for
    from kartoteka.library.models import Card
    from kartoteka.people import actions as people
    from kartoteka.study.learners import calendar_of

    learner, dice = people.make_guest(), random.Random(8)
    decks = [cards_for(learner, cards // SETS) for _ in range(SETS)]
    places = [(id, deck) for deck in decks for id in Card.objects.filter(deck=deck).values_list("id", flat=True)]
    calendar, now_ms = calendar_of(learner), time.time_ns() // 1_000_000
    learner.calendar = [list(one) for one in calendar.cuts]
    learner.save()
    histories = [history(dice, now_ms) for _ in range(min(HISTORIES, len(places)))]
    keep(learner, calendar, decks, places, histories)
    return learner, decks


def history(dice: random.Random, now_ms: int) -> list[tuple[str, str, int, Any]]:
    """Fifty answers over two years: (mode, type of question, ms, evidence)."""
    from kartoteka.engine.memory import Evidence

    times = sorted(now_ms - int(dice.random() * DAYS * DAY_MS) for _ in range(EACH))
    found = []
    for at_ms in times:
        mode, kind, qtype = dice.choice(MODES)
        right = dice.random() < 0.88
        options = 4 if kind == "choice" else 0
        found.append((mode, qtype, at_ms, Evidence(kind, float(right), mode, 3 if right else 1, options=options, at_ms=at_ms)))  # type: ignore[arg-type]
    return found


def keep(learner: Any, calendar: Any, decks: list[Any], places: list[tuple[Any, Any]], histories: list[list[tuple[str, str, int, Any]]]) -> None:
    from django.db import connection, transaction

    from kartoteka.store.keys import uuid7
    from kartoteka.study import rows, tallies
    from kartoteka.study.log import Entry
    from kartoteka.study.models import Progress
    from kartoteka.study.sums import Sums

    sums, states = Sums(), []
    for n, one in enumerate(histories):
        entries = [
            Entry(uuid7(), uuid7(), None, "0.a.self.f..0", at_ms, 6000, evidence.outcome, {"rating": evidence.grade}, evidence.facts(), None, "", mode)
            for mode, _qtype, at_ms, evidence in one
        ]
        own = Sums()
        states.append(own.walk(entries, decks[0].id, calendar))
        sharing = Counter(deck.id for _card, deck in places[n :: len(histories)])
        for deck_id, many in sharing.items():
            for place, amounts in own.items():
                sums.put(place._replace(deck=deck_id), type(amounts)(*(many * amount for amount in amounts)))
    facts = [[json.dumps(evidence.facts()) for *_rest, evidence in one] for one in histories]
    order = sorted((histories[m % len(histories)][n][2], m, n) for m in range(len(places)) for n in range(EACH))

    def review(at_ms: int, m: int, n: int) -> list[Any]:
        card, deck = places[m]
        mode, qtype, _at_ms, evidence = histories[m % len(histories)][n]
        right = evidence.outcome > 0.5
        values: dict[str, Any] = {
            **dict.fromkeys(rows.REVIEW), "id": rows.key(uuid7()), "learner_id": rows.key(learner.id), "card_id": rows.key(card), "deck_id": rows.key(deck.id),
            "hand": 0, "mode": mode, "question": f"0.{card.hex}.{qtype}.f..0", "qtype": qtype, "at_ms": at_ms, "client_ms": at_ms, "received_ms": at_ms, "offset_ms": 0,
            "time_zone": "", "day": calendar.day(at_ms), "took_ms": 6000, "outcome": evidence.outcome, "verdict": "right" if right else "wrong",
            "judged": "{}", "response": '{"rating": 3, "flipped": true}' if right else '{"rating": 1, "flipped": true}',
            "evidence": facts[m % len(histories)][n],
        }  # fmt: skip
        return [values[name] for name in rows.REVIEW]

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'study_review' AND sql IS NOT NULL")
        indexes = cursor.fetchall()
        for name, _sql in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        with transaction.atomic():
            marks = ", ".join(["%s"] * len(rows.REVIEW))
            for start in range(0, len(order), 20_000):
                cursor.executemany(f"INSERT INTO study_review ({', '.join(rows.REVIEW)}) VALUES ({marks})", [review(*o) for o in order[start : start + 20_000]])
        cursor.execute("PRAGMA cache_size=-200000")
        for _name, sql in indexes:
            cursor.execute(sql)
        cursor.execute("PRAGMA cache_size=-16000")
    with transaction.atomic():
        tallies.add_sums(learner, sums)
        memories(learner, calendar, places, histories, states)
        for deck in decks:
            mine = [histories[m % len(histories)] for m, (_card, other) in enumerate(places) if other is deck]
            first, last = min(one[0][2] for one in mine), max(one[-1][2] for one in mine)
            Progress.objects.create(learner=learner, deck_id=deck.id, answers=len(mine) * EACH, took_ms=len(mine) * EACH * 6000, first_ms=first, last_ms=last)


def memories(learner: Any, calendar: Any, places: list[tuple[Any, Any]], histories: list[Any], states: list[Any]) -> None:
    from kartoteka.engine.state import PLAIN_MODEL
    from kartoteka.study.cards import memory_row, save_memories

    found = []
    for m, (card, deck) in enumerate(places):
        n = m % len(histories)
        found.append(memory_row(learner, card, deck.id, states[n], histories[n][-1][2], calendar, PLAIN_MODEL))
    save_memories(found)


if __name__ == "__main__":
    main()
