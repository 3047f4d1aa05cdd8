"""Files broken on purpose, given to every reader: each must end in cards or in one sentence, soon, with little memory.

A worker reads them one after another under the limits of the reading child; if it dies, that is a crash, and another goes on.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from types import FrameType

from kartoteka import shelf
from kartoteka.formats.base import Source, Unreadable
from kartoteka.transfer.child import MEMORY_BYTES

ROOM = Path(__file__).resolve().parents[1] / "kartoteka" / "formats"
SAMPLES = Path(os.environ.get("KARTOTEKA_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples") / "formats"
MOST_BYTES = 300_000  # of a file to break: larger ones only cost time
SECONDS = 10  # of its own CPU, so that a busy machine fails nothing


class TooSlow(BaseException):
    """No ``Exception``: a reader that catches everything may not catch this."""


def sources() -> list[tuple[str, Path]]:
    """What is broken: each format's own samples, and the real files that lie beside the repository, by the format that knows them."""
    parts = shelf.parts("formats", "format")
    found = [(name, file) for name in parts for file in sorted((ROOM / name / "samples").glob("*")) if file.is_file()]
    for file in sorted(SAMPLES.rglob("*")) if SAMPLES.is_dir() else ():
        if file.is_file() and file.stat().st_size <= MOST_BYTES and file.suffix not in (".json", ".jsonl") and "hostile" not in file.parts:
            head = file.read_bytes()[:65536]
            found.append((max(parts, key=lambda name: parts[name].recognises(head, file.name)), file))
    return [(name, file) for name, file in found if 0 < file.stat().st_size <= MOST_BYTES]


def broken(data: bytes, dice: random.Random) -> bytes:
    """One way or several in which a file goes wrong on its way; of a packed one a member, half of the time."""
    if data.startswith(b"PK") and dice.random() < 0.5 and (inside := _inside(data, dice)) is not None:
        return inside
    for _ in range(dice.choice((1, 1, 2, 5))):
        data = _hurt(data, dice)
    return data


def _inside(data: bytes, dice: random.Random) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            files = {name: box.read(name) for name in box.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    name = dice.choice(list(files) or [""])
    if not name:
        return None
    files[name] = _hurt(files[name], dice)
    if dice.random() < 0.2:
        files.pop(dice.choice(list(files)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for member, content in files.items():
            box.writestr(member, content)
    return out.getvalue()


def _hurt(data: bytes, dice: random.Random) -> bytes:
    size = max(len(data), 1)
    at, many = dice.randrange(size), min(size, dice.choice((1, 4, 40, 400)))
    way = dice.randrange(8)
    if way == 0:
        return data[:at]
    if way == 1:
        return data[:at] + data[at + many :]
    if way == 2:
        return data[:at] + data[at : at + many] * dice.choice((2, 9, 90)) + data[at + many :]
    if way == 3:
        return data[:at] + dice.randbytes(many) + data[at + many :]
    if way == 4:
        return data[:at] + bytes(many) + data[at:]
    if way == 5:
        return (
            data[:at]
            + dice.choice((b"<", b'"', b"{{", b"\xff\xfe", b"[[", b"]]>", b"\r", b"&amp;", b"\x00\x00", b"-1", b"99999999999999999999")) * many
            + data[at:]
        )
    if way == 6:
        other = dice.randrange(size)
        return data[:at] + data[other : other + many] + data[at + many :]
    flipped = bytearray(data or b"\0")
    for _ in range(many):
        flipped[dice.randrange(len(flipped))] = dice.randrange(256)
    return bytes(flipped)


def work(first: int, last: int, seed: int) -> None:
    """Reads the mutants of these numbers, and says of each what came of it."""
    parts, all_of_them = shelf.parts("formats", "format"), sources()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGPROF, _too_slow)
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder) / "media"
        media.mkdir()
        for number in range(first, last):
            dice = random.Random(f"{seed}:{number}")
            name, file = all_of_them[number % len(all_of_them)]
            path = Path(folder) / "source"
            path.write_bytes(broken(file.read_bytes(), dice))
            print(json.dumps(["begin", number, name, file.name]), flush=True)
            started = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            try:
                parts[name].recognises(path.read_bytes()[:65536], file.name)
                bundle = parts[name].read(Source(name=file.name, path=path, folder=media), {})
                came = "cards" if bundle.notes else "told"  # of no card and no word the librarian makes a sentence
            except Unreadable as fact:
                came = "refused" if str(fact).endswith((".", "?", ")")) else "no sentence"
            except TooSlow:
                came = "slow"
            except MemoryError:
                came = "refused"  # the child says so in a sentence of its own
            except Exception as error:
                came = f"crash: {type(error).__name__}: {str(error)[:80]}"
            signal.setitimer(signal.ITIMER_PROF, 0)
            stray = [lying.name for lying in Path(folder).iterdir() if lying.name not in ("source", "media")]
            came = f"stray files: {stray}" if stray else came
            print(json.dumps(["end", came, time.process_time() - started]), flush=True)
    print(json.dumps(["done", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]), flush=True)


def _too_slow(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow


def run(many: int, seed: int) -> int:
    """All mutants; prints what came of them, and returns how many ended badly."""
    came: Counter[str] = Counter()
    bad: list[str] = []
    longest, peak, at = (0.0, ""), 0.0, 0
    while at < many:
        command = [sys.executable, __file__, "--worker", str(at), str(many), "--seed", str(seed)]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONPATH": str(ROOM.parents[1])})
        begun: list[object] | None = None
        for line in worker.stdout or ():
            kind, *said = json.loads(line)
            if kind == "begin":
                begun = said
            elif kind == "end" and begun is not None:
                what, took = said
                came[what.split(":")[0]] += 1
                longest = max(longest, (took, f"{begun[1]} {begun[2]}"))
                if what not in ("cards", "told", "refused"):
                    bad.append(f"{begun[1]} {begun[2]} (mutant {begun[0]}): {what}")
                at, begun = int(str(begun[0])) + 1, None
            elif kind == "done":
                peak = max(peak, said[0])
        worker.wait()
        if begun is not None:
            came["died"] += 1
            bad.append(f"{begun[1]} {begun[2]} (mutant {begun[0]}): the process ended with {worker.returncode}")
            at = int(str(begun[0])) + 1
        elif worker.returncode:
            raise SystemExit(f"the worker ended with {worker.returncode} before it read anything")
    print(f"{many:,} mutants of {len(sources()):,} files (seed {seed}): " + ", ".join(f"{number:,} {what}" for what, number in came.most_common()))
    print(f"ended badly: {len(bad)}; longest {longest[0]:.2f} s CPU ({longest[1]}); peak memory {peak:.0f} MB")
    for line in bad[:40]:
        print(f"  {line}")
    return len(bad)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=5000)
    parser.add_argument("--quick", action="store_true", help="300 mutants")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--worker", nargs=2, type=int, metavar=("FIRST", "LAST"))
    chosen = parser.parse_args()
    if chosen.worker:
        work(*chosen.worker, chosen.seed)
        return 0
    return 1 if run(300 if chosen.quick else chosen.many, chosen.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
