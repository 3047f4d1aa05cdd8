"""How long the next question takes in a set of 20,000 cards: asked by the mode's rules from the hand on the desk, and through HTTP with all that a page shows of it."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.pages import rows
from bench.visitor import Visitor
from kartoteka.engine.items import Item
from kartoteka.engine.notes import side_of
from kartoteka.modes.base import Answered, Desk
from kartoteka.shelf import parts
from tests.services import House

HAND = 100  # cards on a desk at once, however large the set is
MODES = ("learn", "spaced", "flashcards", "sorting")


def desk(mode: str, answers: int) -> Desk:
    """A hand of a large set, with so many answers given."""
    rules, dice = parts("modes", "rules")[mode], random.Random(4)
    items = {}
    for n in range(HAND):
        front, back = (
            side_of(f"<p>{text}</p>", text) for text in (f"Term number {n}", f"What the term number {n} means, said in a sentence of about a dozen words")
        )
        items[f"{n:032x}"] = Item(f"{n:032x}", f"{n + HAND:032x}", "d" * 32, front, back, position=n)
    options = {option.name: option.default for option in rules.OPTIONS}
    found = Desk(items, tuple(items), {}, (), 7, options, dealt_ms=1_767_268_800_000)
    for n in range(answers):
        question = rules.ask(found)[0]
        given = Answered(question.id, question.item.id, float(dice.random() < 0.8), 3, True, found.dealt_ms + n * 9000, question.turn, 9000, "right")
        found = Desk(items, found.hand, {}, (*found.answered, given), 7, options, dealt_ms=found.dealt_ms)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    many = 1_000 if quick else 20_000
    print(f"{'asked by the rules, from a hand of 100':<52} {'median':>8} {'p95':>8}")
    for mode in MODES:
        laid, ask, took = desk(mode, 50), parts("modes", "rules")[mode].ask, []
        for _ in range(30 if quick else 200):
            began = time.process_time_ns()
            ask(laid)[0]
            took.append((time.process_time_ns() - began) / 1e6)
        print(f"{mode + ', 50 answers given':<52} {statistics.median(took):>8.2f} {sorted(took)[int(len(took) * 0.95)]:>8.2f} ms of CPU", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data")
        house.start()
        try:
            through_http(house, Path(folder), many, 5 if quick else 30)
        finally:
            house.stop()


def through_http(house: House, folder: Path, many: int, times: int) -> None:
    file = folder / "set.csv"
    file.write_text(rows(many))
    deck = json.loads(house.command("import", str(file), "--title", f"Set of {many}", "--json").stdout)["decks"][0]["id"]
    visitor = Visitor(house.url)
    path = "/" + house.command("user", "link").stdout.decode().strip().split()[-1].split("/", 3)[3]
    visitor.get(path)
    visitor.post(path, {})
    print(f"{f'through HTTP, a set of {many:,} cards':<52} {'median':>8} {'worst':>8}")
    for mode in ("learn", "spaced"):
        began = time.perf_counter()
        _status, _body, headers = visitor.ask("GET", f"/sets/{deck}/{mode}/?start=1")
        print(f"{mode + ', sitting down':<52} {(time.perf_counter() - began) * 1000:>8.0f} {'':>8} ms")
        sitting = headers["location"].strip("/").split("/")[-1]
        median, worst, _size = visitor.median_ms(f"/api/v1/sittings/{sitting}?many=1", times)
        print(f"{mode + ', the next question':<52} {median:>8.1f} {worst:>8.1f} ms", flush=True)


if __name__ == "__main__":
    main()
