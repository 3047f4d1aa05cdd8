"""Reads one strange file in a process of its own, with little memory, little time and no way out.

``python -m kartoteka.transfer.child FORMAT FILE OUT``: a JSON object of name and options on standard input, the Bundle as
lines of JSON to OUT. It never opens our database and knows no Django.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from kartoteka import shelf
from kartoteka.formats import letters
from kartoteka.formats.base import Source, Unreadable
from kartoteka.transfer import wire

MEMORY_BYTES = 400 * 1024 * 1024
LEAST_SECONDS, MOST_SECONDS = 8, 120  # of CPU
QUICK_BYTES, BYTES_A_SECOND = 2 * 1024 * 1024, 512 * 1024  # only what is honestly large may take longer: some ten times what it takes
FILE_BYTES = 1024 * 1024 * 1024
UNREADABLE, TOO_LARGE = 3, 4
# What code that a bad file has taken over would try first. A hook, not a wall: the wall is that nothing of ours lies here.
FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
)


def main(arguments: list[str]) -> int:
    name, file, out = arguments
    asked = json.loads(sys.stdin.read())
    part = shelf.part("formats", name, "format")
    gc.disable()  # this process ends when the file is read; looking through a million values for circles takes longer than reading them
    _lock_up(seconds_for(Path(file).stat().st_size))
    try:
        bundle = part.read(Source(name=asked["name"], path=Path(file), folder=Path(asked["folder"]) if asked["folder"] else None), asked["options"])
        if getattr(part, "LETTERS", True):
            bundle = letters.offer(bundle, asked["options"])
        with Path(out).open("w", encoding="utf-8", errors="surrogatepass") as lines:
            wire.dump(bundle, lines)
    except Unreadable as fact:
        sys.stdout.write(json.dumps(wire.parts_of(fact.what)))
        return UNREADABLE
    except MemoryError:
        return TOO_LARGE
    return 0


def seconds_for(size: int) -> int:
    """How long a file of this size may be read."""
    return min(MOST_SECONDS, LEAST_SECONDS + max(0, size - QUICK_BYTES) // BYTES_A_SECOND)


def _lock_up(seconds: int) -> None:
    """Gives away what reading does not need."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: Any) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"a reader may not use {event}")


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # what was read need not be taken apart first
