"""How long reading takes: a copied page of 32 cards, and tables and texts of 50,000 rows."""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import time
from pathlib import Path

from kartoteka import shelf
from kartoteka.formats.base import Source

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples")
OWN_PAGE = Path(__file__).resolve().parents[1] / "kartoteka" / "formats" / "knowt" / "samples" / "layout_a.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    rows, rounds = (2_000, 1) if parser.parse_args().quick else (50_000, 5)
    seed = SAMPLES / "formats" / "knowt_seed" / "seed_000.txt"
    page = seed if seed.is_file() else OWN_PAGE
    plain = "term,definition,tags\r\n" + "".join(f"word {n},what word {n} means,unit{n % 9}\r\n" for n in range(rows))
    quoted = '"term","definition"\r\n' + "".join(f'"word {n}","it means ""{n}"",\nor more"\r\n' for n in range(rows))
    old = "".join(f"слово {n};значение слова {n}\r\n" for n in range(rows)).encode("cp1251")
    tabs = "".join(f"word {n}\twhat it means\n• first\n  • second\n" for n in range(rows))
    inputs = {
        f"the copied page, {page.stat().st_size:,} bytes": ("knowt", page.read_bytes()),
        f"CSV, {rows:,} rows": ("csv", plain.encode()),
        f"CSV, {rows:,} rows, all quoted": ("csv", quoted.encode()),
        f"CSV, {rows:,} rows, Windows-1251": ("csv", old),
        f"text, {rows:,} cards with lists": ("text", tabs.encode()),
    }
    parts = shelf.parts("formats", "format")
    for words, (name, data) in inputs.items():
        cards, read = _timed(parts[name], data, rounds)
        print(f"{words:<42} {cards:>7,} cards   read {read * 1000:>8.1f} ms CPU")
    bundle = parts["csv"].read(Source(data=plain.encode()), {})
    for name in ("csv", "text"):
        started = time.process_time()
        parts[name].write(bundle, io.BytesIO(), {})
        print(f"{f'{rows:,} cards as {name}':<42} {'':>13}   write {(time.process_time() - started) * 1000:>7.1f} ms CPU")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _timed(part: object, data: bytes, rounds: int) -> tuple[int, float]:
    times, cards = [], 0
    for _ in range(rounds):
        started = time.process_time()
        cards = part.read(Source(data=data), {}).notes  # type: ignore[attr-defined]
        times.append(time.process_time() - started)
    return cards, statistics.median(times)


if __name__ == "__main__":
    main()
