"""What one answer costs with 1 k and with 1 M reviews in the log of its learner: two data folders, measured in turn, every answer committed with FULL."""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CARDS, EACH = 100, 10  # the set that is studied: a log of 1 k
AT_ONCE = 20_000
DAY_MS = 86_400_000
WHAT = {
    "answer": "one answer, kept",
    "next": "the questions after it",
    "batch": "20 answers in one batch",
    "undo": "one answer taken back",
    "sit": "sitting down (spaced)",
}
MOST = 1.5  # how many times as much it may cost: noise, and one more level of the indexes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="41 k instead of 1 M, fewer rounds")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.serve)
        return 0
    sizes = (CARDS * EACH, CARDS * EACH + AT_ONCE * (2 if chosen.quick else 50))
    rounds = 3 if chosen.quick else 6
    with tempfile.TemporaryDirectory() as folder:
        logs = {size: Log(size, Path(folder) / str(size)) for size in sizes}
        took: dict[int, dict[str, list[float]]] = {size: {what: [] for what in WHAT} for size in sizes}
        for _ in range(rounds):
            for size, log in logs.items():
                for what, times in log.round().items():
                    took[size][what] += times
        for log in logs.values():
            log.close()
    return report(sizes, took)


def report(sizes: tuple[int, int], took: dict[int, dict[str, list[float]]]) -> int:
    small, large = sizes
    print(f"{'reviews in the log':<26}{small:>14,}{large:>14,}{'ratio':>9}   (median ms, p99 in brackets)")
    grown = []
    for what, words in WHAT.items():
        medians = [statistics.median(took[size][what]) for size in sizes]
        shown = [f"{median:.2f} ({p99(took[size][what]):.0f})" for size, median in zip(sizes, medians, strict=True)]
        ratio = medians[1] / medians[0]
        print(f"{words:<26}{shown[0]:>14}{shown[1]:>14}{ratio:>9.2f}")
        if ratio > MOST:
            grown.append(words)
    if grown:
        print(f"grows with the log: {', '.join(grown)}")
    return 1 if "one answer, kept" in grown else 0


def p99(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


class Log:
    """A learner's log in a process and a data folder of its own."""

    def __init__(self, size: int, data: Path) -> None:
        environment = {**os.environ, "KARTOTEKA_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kartoteka.config.settings", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, "--serve", str(size)]
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def round(self) -> dict[str, list[float]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the log could not be filled or answered")
        found: dict[str, list[float]] = json.loads(line)
        return found

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def serve(size: int) -> None:
    """Fills a log of this size, then answers one round for every line that is read."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    learner, deck = filled(size)
    for number, _line in enumerate(sys.stdin):
        print(json.dumps(one_round(learner, deck, random.Random(number))), flush=True)


def filled(size: int) -> tuple[Any, Any]:
    """A learner, their set of 100 cards, and a log: 10 reviews of each card; what is more lies in other sets."""
    from kartoteka.library import actions as library
    from kartoteka.library.models import Card, Note
    from kartoteka.people import actions as people
    from kartoteka.store.keys import uuid7

    learner = people.make_guest()
    deck = library.make_deck(learner, title="Birds")
    notes = [
        Note(deck=deck, position=n, term=f"<p>bird {n}</p>", definition=f"<p>what bird {n} sings</p>", term_text=f"bird {n}", definition_text=f"sings {n}")
        for n in range(CARDS)
    ]
    Note.objects.bulk_create(notes)
    cards = [Card(note=note, deck=deck, kind="forward") for note in notes]
    Card.objects.bulk_create(cards)
    fill(learner, [(card.id, deck.id) for card in cards])
    more = size - CARDS * EACH
    if more > 0:
        elsewhere = uuid7()
        fill(learner, [(uuid7(), elsewhere) for _ in range(AT_ONCE // EACH)])
        multiply(elsewhere, more // AT_ONCE - 1)
    return learner, deck


def multiply(deck: Any, times: int) -> None:
    """The rows of a set again and again under other ids, inside the database: a million through the models would take minutes."""
    from django.db import connection, transaction

    from kartoteka.study.models import Memory, Review

    def other(column: str) -> str:
        return f"substr({column}, 1, 12) || 'c' || substr({column}, 14, 4) || printf('%03x', ?) || substr({column}, 21)"

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-400000")
        for model in (Review, Memory):
            table, columns = model._meta.db_table, [field.column for field in model._meta.local_fields]
            chosen = ", ".join(other(f'"{column}"') if column in ("id", "card_id", "deck_id") else f'"{column}"' for column in columns)
            names = ", ".join(f'"{column}"' for column in columns)
            sql = f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} WHERE deck_id = ?".replace("?", "%s").replace("'%03x'", "'%%03x'")
            with transaction.atomic():
                for number in range(1, times + 1):
                    cursor.execute(sql, [number, number, number, deck.hex])
        cursor.execute("PRAGMA cache_size=-16000")


def fill(learner: Any, cards: list[tuple[Any, Any]]) -> None:
    """Ten reviews of each card, and the memory they add up to: the same history for all, so that it is folded once."""
    from django.db import transaction

    from kartoteka.engine.memory import Evidence, replay
    from kartoteka.engine.state import PLAIN_MODEL
    from kartoteka.store.keys import uuid7
    from kartoteka.study.cards import memory_row
    from kartoteka.study.learners import calendar_of
    from kartoteka.study.models import Memory, Review

    calendar, now_ms = calendar_of(learner), time.time_ns() // 1_000_000
    times = [now_ms - 300 * DAY_MS + n * n * 3 * DAY_MS for n in range(EACH)]
    facts = [Evidence("sorting", 1.0, "sorting", at_ms=at_ms).facts() for at_ms in times]
    state = replay([Evidence(**one) for one in facts], calendar)
    assert state is not None
    common = {
        "learner": learner,
        "mode": "sorting",
        "qtype": "self",
        "outcome": 1.0,
        "verdict": "right",
        "response": {"rating": 3, "flipped": True},
        "took_ms": 4000,
    }
    for start in range(0, len(cards), AT_ONCE // EACH):
        some = cards[start : start + AT_ONCE // EACH]
        reviews = (
            Review(
                id=uuid7(), card_id=card, deck_id=deck, sitting_id=deck, hand=n, question=f"0.{card.hex}.self.f..0", at_ms=at_ms, client_ms=at_ms, received_ms=at_ms,
                day=calendar.day(at_ms), evidence=fact, **common,
            )
            for card, deck in some
            for n, (at_ms, fact) in enumerate(zip(times, facts, strict=True))
        )  # fmt: skip
        with transaction.atomic():
            Review.objects.bulk_create(reviews)
            Memory.objects.bulk_create(memory_row(learner, card, deck, state, times[-1], calendar, PLAIN_MODEL) for card, deck in some)


def one_round(learner: Any, deck: Any, dice: random.Random) -> dict[str, list[float]]:
    """A visit to the set: sixty cards one by one with what comes next, one taken back, two batches of twenty."""
    from kartoteka.engine.questions import Response
    from kartoteka.store.keys import uuid7
    from kartoteka.study import actions, queries
    from kartoteka.study.actions import Given

    took: dict[str, list[float]] = {what: [] for what in WHAT}

    def now_ms() -> int:
        return time.time_ns() // 1_000_000

    def timed(what: str, run: Any) -> Any:
        began = time.perf_counter()
        found = run()
        took[what].append((time.perf_counter() - began) * 1000)
        return found

    def sit(mode: str) -> Any:
        options = queries.options_from(queries.rules_of(mode), {"minutes": "240"})
        return actions.sit(learner, deck=deck, mode=mode, options=options, now_ms=now_ms(), dice=dice, afresh=True)

    def given(question: Any) -> Given:
        return Given(uuid7(), sitting.id, question.id, Response(rating=3, flipped=True), now_ms(), 4000)

    sitting = sit("sorting")
    questions = list(queries.next_questions(sitting))
    for question in questions[:60]:
        timed("answer", lambda q=question: actions.answer(learner, given(q), now_ms=now_ms()))
        timed("next", lambda: actions.go_on(queries.sitting_of(learner, sitting.id), now_ms=now_ms()))
    timed("undo", lambda: actions.undo(learner, sitting, id=uuid7(), now_ms=now_ms()))
    for some in (questions[60:80], questions[80:100]):
        timed("batch", lambda s=some: actions.answer_many(learner, [given(q) for q in s], now_ms=now_ms()))
    timed("sit", lambda: sit("spaced"))
    return took


if __name__ == "__main__":
    sys.exit(main())
