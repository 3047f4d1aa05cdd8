"""Anki packages: equal to the truth, quick beside Anki, unhurt by thousands of broken ones.

Anki itself is only ever a peer in an environment and a process of its own: KARTOTEKA_ANKI names its Python (a venv with the ``anki``
package); without it that part is skipped and says so.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

from kartoteka.formats.anki.container import zstd
from kartoteka.formats.anki.tests import making
from kartoteka.formats.apkg import format as apkg
from kartoteka.formats.base import Source, Unreadable
from kartoteka.formats.colpkg import format as colpkg

SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples") / "formats"
HOUSE = Path(__file__).resolve().parents[1]
PEER = HOUSE / "bench" / "peers" / "anki_import.py"
SMALL_BYTES = 400_000
SLOW_S = 10
MOST_MB = 300
COMPARED = ("notes", "cards", "reviews", "media", "types", "decks", "error")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("mutants", "peer", "speed", "wait"))
    chosen = parser.parse_args()
    if chosen.only in (None, "mutants"):
        mutants(200 if chosen.quick else 5_000)
    if chosen.only in (None, "peer"):
        round_trips()
    if chosen.only in (None, "speed"):
        speed(2_000 if chosen.quick else 100_000, 500 if chosen.quick else 5_000)
    if chosen.only in (None, "wait"):
        wait(2_000 if chosen.quick else 100_000, 20 if chosen.quick else 500)


def _small() -> list[bytes]:
    ours = [making.french(generation) for generation in (1, 2, 3)]
    theirs = [
        file.read_bytes()
        for folder in ("apkg", "peer_made", "hostile")
        for file in sorted((SAMPLES / folder).glob("*.apkg"))
        if file.stat().st_size < SMALL_BYTES and "bomb" not in file.name
    ]
    return ours + theirs


def mutants(number: int) -> None:
    """Broken packages, each read to its end: cards or one sentence, nothing else, nothing outside the folder."""
    dice, whole = random.Random(6), _small()
    ends: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        place, media = Path(folder) / "deck.apkg", Path(folder) / "media"
        for nth in range(number):
            place.write_bytes(_mutant(whole[nth % len(whole)], dice))
            started = time.process_time()
            try:
                bundle = apkg.read(Source(name="deck.apkg", path=place, folder=media), {})
                ends["cards" if bundle.notes else "nothing"] += 1
            except Unreadable:
                ends["a sentence"] += 1
            except Exception as error:
                ends[f"CRASH {type(error).__name__}: {error}"[:120]] += 1
            slowest = max(slowest, time.process_time() - started)
        stray = [one.name for one in Path(folder).iterdir() if one.name not in ("deck.apkg", "media")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    crashes = sum(count for end, count in ends.items() if end.startswith("CRASH"))
    print(f"{number:,} mutants of {len(whole)} packages: {crashes} crashes, {len(stray)} stray files, slowest {slowest:.1f} s, peak {peak} MB")
    for end, count in ends.most_common(12):
        print(f"  {count:>6,}  {end}")


def _mutant(whole: bytes, dice: random.Random) -> bytes:
    """Bytes changed, cut or doubled: of the package, or of what is packed within it."""
    if dice.random() < 0.4:
        return _hurt(whole, dice)
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            names = archive.namelist()
            wanted = dice.choice([name for name in names if name.startswith(("collection", "media", "meta"))] or names)
            for name in names:
                data = archive.read(name)
                if name == wanted:
                    packed = data.startswith(b"\x28\xb5\x2f\xfd") and dice.random() < 0.8
                    data = zstd.compress(_hurt(zstd.decompress(data), dice)) if packed else _hurt(data, dice)
                made.writestr(name, data)
    except (zipfile.BadZipFile, zstd.ZstdError, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return _hurt(whole, dice)
    return out.getvalue()


def _hurt(data: bytes, dice: random.Random) -> bytes:
    hurt = bytearray(data)
    for _time in range(dice.choice((1, 1, 3, 20))):
        if not hurt:
            break
        at = dice.randrange(len(hurt))
        how = dice.randrange(5)
        if how == 0:
            hurt[at] = dice.randrange(256)
        elif how == 1:
            hurt[at : at + dice.randrange(1, 64)] = dice.randbytes(dice.randrange(64))
        elif how == 2:
            del hurt[at : at + dice.randrange(1, 2000)]
        elif how == 3:
            hurt[at:at] = hurt[at : at + dice.randrange(1, 2000)]
        else:
            hurt[at : at + 8] = dice.choice((b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7))
    return bytes(hurt)


def _anki() -> str:
    return os.environ.get("KARTOTEKA_ANKI", "")


def peer(*files: Path) -> list[dict[str, Any]]:
    done = subprocess.run([_anki(), str(PEER), *map(str, files)], capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def round_trips() -> None:
    """Each ordinary package and collection, read, written in both generations and given to Anki: the same as Anki makes of the first."""
    if not _anki():
        print("round trips with Anki: skipped; set KARTOTEKA_ANKI to the Python of an environment with the package anki")
        return
    equal = total = 0
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted([*(SAMPLES / "apkg").glob("*.apkg"), *(SAMPLES / "peer_made").glob("features*.*pkg")]):
            part = colpkg if file.suffix == ".colpkg" else apkg
            bundle = part.read(Source(name=file.name, path=file, folder=Path(folder) / "media"), {})
            written = [Path(folder) / f"{generation}{file.suffix}" for generation in ("latest", "legacy")]
            for place in written:
                with place.open("wb") as out:
                    part.write(bundle, out, {"generation": place.stem})
            first, *others = map(_named_alike, peer(file, *written))
            for place, other in zip(written, others, strict=True):
                differs = [name for name in COMPARED if first.get(name) != other.get(name)]
                total, equal = total + 1, equal + (not differs)
                if differs:
                    print(f"  {file.name} {place.stem}: differs in {', '.join(differs)}")
    print(f"round trips with Anki: {equal} of {total} equal in notes, cards, schedule, review log, media, note types, decks and their options")


def _named_alike(told: dict[str, Any]) -> dict[str, Any]:
    """Anki puts a + or a _ behind the name of a note type that is taken by another, now this and now that."""
    plain = {name: told[name] for name in told if name not in ("notes", "types")}
    if "notes" in told:
        plain["notes"] = [[*note[:3], note[3].rstrip("+_")] for note in told["notes"]]
        plain["types"] = [[one[0].rstrip("+_"), *one[1:]] for one in told["types"]]
    return plain


def speed(notes: int, reviewed: int) -> None:
    """Reading, and the whole import on the terminal, beside Anki's import of the same file: CPU seconds and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        files, changed = _files(notes, reviewed), _files(notes, reviewed, "what is meant by word")
        for words, data in files.items():
            place, other = Path(folder) / "deck.apkg", Path(folder) / "changed.apkg"
            _complete(data, place)
            _complete(changed[words], other)
            started = time.process_time()
            apkg.read(Source(name="deck.apkg", path=place), {})
            read_s = time.process_time() - started
            said = f"{words}: reading {read_s:.1f} s CPU"
            home = Path(folder) / f"data-{len(words)}"
            cpu_s, peak_mb = _imported(place, home)
            said += f", import {cpu_s:.1f} s CPU and {peak_mb} MB"
            said += f" ({_started(Path(folder)):.1f} s of it to start)"
            for how, file in (("again", place), ("every note changed", other)):
                cpu_s, peak_mb = _imported(file, home)
                said += f", {how} {cpu_s:.1f} s and {peak_mb} MB"
            if _anki():
                theirs = peer(place)[0]
                said += f"; Anki {theirs.get('cpu')} s and {theirs.get('peak_mb')} MB"
            print(said)


def _complete(data: bytes, place: Path) -> None:
    """A package as complete as Anki wants it."""
    place.write_bytes(data)
    bundle = apkg.read(Source(name="deck.apkg", path=place), {})
    with place.open("wb") as out:
        apkg.write(bundle, out, {})


def _files(notes: int, reviewed: int, what: str = "what word") -> dict[str, bytes]:
    many = [making.note(n, f"word {n}", f"{what} {n} means", tags=f"t{n % 50}") for n in range(1, notes + 1)]
    cards = [making.card(n, n, due=n) for n in range(1, notes + 1)]
    learned = [making.card(n, n, type=2, queue=2, ivl=9, reps=100) for n in range(1, reviewed + 1)]
    reviews = [(1_600_000_000_000 + n * 1000 + r * 86_400_000, n, 0, 1 + (n + r) % 4, 3, 1, 2500, 5000, 1) for n in range(1, reviewed + 1) for r in range(100)]
    return {
        f"{notes:,} notes": making.package(making.collection(many, cards), generation=3),
        f"{reviewed:,} notes, {len(reviews):,} reviews": making.package(making.collection(many[:reviewed], learned, reviews), generation=3),
    }


def wait(notes: int, reviewed: int) -> None:
    """How long a small change of somebody else waits while so many notes, or reviews, are kept in the same process: the longest, and the median."""
    from bench.importing import house

    os.environ["KARTOTEKA_ACCOUNT_CARDS"] = "1000000"
    owner = house()
    from bench.stage import cards_for
    from kartoteka.library.models import Card
    from kartoteka.people import actions as people
    from kartoteka.study import actions as study
    from kartoteka.transfer import actions

    other = people.make_guest()
    deck = cards_for(other, 100)
    cards = list(Card.objects.filter(deck=deck).values_list("id", flat=True))
    held: list[float] = []
    keep = actions.keep

    def timed(*args: Any, **more: Any) -> Any:
        began = time.thread_time()
        try:
            return keep(*args, **more)
        finally:
            held.append(time.thread_time() - began)

    actions.keep = timed

    def kept(words: str, proposal: Any) -> Any:
        waits: list[float] = []
        over = threading.Event()

        def change() -> None:
            dice = random.Random(1)
            while not over.is_set():
                began = time.perf_counter()
                study.mark(other, dice.choice(cards), deck.id, starred=bool(dice.randrange(2)))
                waits.append(1000 * (time.perf_counter() - began))
                over.wait(0.01)

        waiting = threading.Thread(target=change)
        waiting.start()
        began, used = time.perf_counter(), time.process_time()
        report = actions.accept(proposal, now_ms=time.time_ns() // 1_000_000)
        took_s, used_s = time.perf_counter() - began, time.process_time() - used
        over.set()
        waiting.join()
        print(
            f"{words} kept in {took_s:.1f} s ({used_s:.1f} s CPU, {held[-1]:.1f} of them while others wait); {len(waits)} changes meanwhile waited {statistics.median(waits):.0f} ms (median), {max(waits):,.0f} ms at most"
        )
        return report

    changed = _files(notes, reviewed, "what is meant by word")
    for words, data in _files(notes, reviewed).items():
        report = kept(words, actions.decide(actions.propose(owner, name="deck.apkg", data=data), title=words, fresh=True))
        again = actions.propose(owner, name="deck.apkg", data=data)
        kept(f"{words}, again", actions.decide(again, into=UUID(report.decks[0].id)))
        newer = actions.propose(owner, name="deck.apkg", data=changed[words])
        kept(f"{words}, every note changed", actions.decide(newer, into=UUID(report.decks[0].id)))


def _started(folder: Path) -> float:
    """What the same command costs for a single card."""
    place = folder / "one.apkg"
    place.write_bytes(making.package(making.collection([making.note(1, "a", "b")], [making.card(1, 1)]), generation=3))
    return _imported(place, folder / "data-one")[0]


# A small process in between: what is forked off a large one is counted as large.
LAUNCH = """
import os, subprocess, sys
process = subprocess.Popen([sys.executable, "-m", "kartoteka", "import", sys.argv[1], "--json"], stdout=subprocess.DEVNULL)
_id, code, used = os.wait4(process.pid, 0)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


def _imported(file: Path, data: Path) -> tuple[float, int]:
    """CPU seconds and peak MB of the command, with the child that reads; into a library of its own where there is none yet."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEKA_") and name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**plain, "KARTOTEKA_DATA": str(data), "KARTOTEKA_ACCOUNT_CARDS": "1000000"}
    if not data.is_dir():
        subprocess.run([sys.executable, "-m", "kartoteka", "user", "create", "bench", "--owner"], env=environment, capture_output=True, check=True, cwd=HOUSE)
    told = subprocess.run([sys.executable, "-c", LAUNCH, str(file)], env=environment, capture_output=True, text=True, check=True, cwd=HOUSE)
    code, cpu_s, peak_mb = told.stdout.split()
    if int(code):
        raise RuntimeError(told.stderr[-2000:])
    return float(cpu_s), int(peak_mb)


if __name__ == "__main__":
    main()
