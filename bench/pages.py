"""How long a set's page takes with 32, 1,000 and 20,000 cards."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from bench.visitor import Visitor
from tests.services import House


def rows(many: int) -> str:
    return "".join(f"Term number {n}\tWhat the term number {n} means, said in a sentence of about a dozen words\n" for n in range(many))


def main() -> None:
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "data")
        house.start()
        try:
            print(f"{'cards':>7} {'page':>12} {'median ms':>10} {'worst ms':>9} {'kB':>6}")
            for many in (32, 1_000) if quick else (32, 1_000, 20_000):
                file = Path(folder) / f"{many}.csv"
                file.write_text(rows(many))
                visitor = Visitor(house.url)
                visitor.get("/")
                measure(visitor, house, file, many, 3 if quick else 15)
        finally:
            house.stop()


def measure(visitor: Visitor, house: House, file: Path, many: int, times: int) -> None:
    done = house.command("import", str(file), "--title", f"Set of {many}", "--json")
    deck = json.loads(done.stdout)["decks"][0]["id"]
    link = house.command("user", "link").stdout.decode().strip().split()[-1]
    path = "/" + link.split("/", 3)[3]
    visitor.get(path)
    visitor.post(path, {})
    for name, page in (("set", f"/sets/{deck}/"), ("Flashcards", f"/sets/{deck}/flashcards/"), ("Spaced home", f"/sets/{deck}/spaced/")):
        median, worst, size = visitor.median_ms(page, times)
        print(f"{many:>7,} {name:>12} {median:>10.1f} {worst:>9.1f} {size:>6,}")


if __name__ == "__main__":
    main()
