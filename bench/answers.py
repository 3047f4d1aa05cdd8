"""Answers a second through HTTP at 1, 8 and 32 clients, one by one and in batches of 20; also where fsync takes 4 ms more.

A slow disk is played by a shim (bench/fsync.c, compiled here, LD_PRELOAD): it sleeps before every fsync and fdatasync of the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from kartoteka.store.keys import uuid7
from tests.kill.killing import TOKEN, stage
from tests.services import ROOT, House

FSYNC_MS = 4
CARDS, TURNS = 100, 3


def shim(folder: Path) -> dict[str, str] | None:
    """The environment that makes fsync slow; ``None``: there is no C compiler here."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "fsync.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(ROOT / "bench" / "fsync.c"), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library), "FSYNC_MS": str(FSYNC_MS)}


class Client:
    """A device that answers as quickly as it is told that the last answers are kept. Everything it sends is made beforehand."""

    def __init__(self, port: int, one: dict[str, Any], batch: int) -> None:
        self.port, self.session, self.sitting = port, one["session"], one["sitting"]
        self.bodies = bodies(one, batch)
        self.times_ms: list[float] = []
        self.kept = 0
        self.odd: dict[str, int] = {}

    def run(self, until: float, begun: threading.Barrier) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        begun.wait()
        for body, batch in self.bodies:
            if time.perf_counter() > until:
                break
            began = time.perf_counter()
            connection.request("POST", "/api/v1/reviews", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            self.times_ms.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                self.odd[str(answer.status)] = self.odd.get(str(answer.status), 0) + 1
                continue
            stored = text.count(b'"stored"')
            self.kept += stored
            if stored != batch:
                self.odd["not stored"] = self.odd.get("not stored", 0) + batch - stored


def bodies(one: dict[str, Any], batch: int) -> list[tuple[bytes, int]]:
    """Requests for every card of every sitting, three turns each, as a device would send them."""
    dice, made, made_at = random.Random(one["session"]), [], time.time_ns() // 1_000_000
    for place, sitting in enumerate(one["sittings"]):
        for turn in range(TURNS):
            at_ms = made_at + (place * TURNS + turn) * 100
            for start in range(0, CARDS, batch):
                items = [
                    {
                        "id": str(uuid7()),
                        "sitting": sitting,
                        "question": f"0.{card}.self.f..{turn}",
                        "response": {"rating": dice.choice((1, 1, 3)), "flipped": True},
                        "at_ms": at_ms,
                        "took_ms": 900,
                    }
                    for card in one["cards"][start : start + batch]
                ]
                made.append((json.dumps({"reviews": items, "sent_ms": made_at, "many": 0}).encode(), len(items)))
    return made


def measure(house: House, clients: int, batch: int, seconds: float) -> tuple[float, float, float, dict[str, int]]:
    """(answers a second, p50 ms, p99 ms of a request, what went otherwise)."""
    sittings = int(seconds * (1500 if batch == 1 else 10_000) / clients / CARDS / TURNS) + 1
    staged = stage(house, "set", str(clients), str(CARDS), "sorting", str(sittings))
    devices = [Client(house.port, one, batch) for one in staged]
    begun = threading.Barrier(clients + 1)
    until = time.perf_counter() + seconds + 0.5
    threads = [threading.Thread(target=device.run, args=(until, begun)) for device in devices]
    for thread in threads:
        thread.start()
    begun.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    times = sorted(ms for device in devices for ms in device.times_ms)
    odd: dict[str, int] = {}
    for device in devices:
        for name, count in device.odd.items():
            odd[name] = odd.get(name, 0) + count
    return sum(device.kept for device in devices) / took, times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))], odd


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=8)
    chosen = parser.parse_args()
    seconds = 2.0 if chosen.quick else chosen.seconds
    with tempfile.TemporaryDirectory() as folder:
        slow = shim(Path(folder))
        disks: list[tuple[str, dict[str, str]]] = [("this disk", {})]
        disks += [(f"fsync + {FSYNC_MS} ms (shim)", slow)] if slow else []
        if slow is None:
            print("no C compiler here: the slow disk is left out", file=sys.stderr)
        print(f"{'disk':<22} {'clients':>7} {'a POST':>7} {'answers/s':>10} {'p50 ms':>8} {'p99 ms':>8}")
        for n, (name, environment) in enumerate(disks):
            house = House(Path(folder) / f"data{n}", environment=environment)
            house.start()
            try:
                for batch in (1, 20):
                    for clients in (1, 8, 32):
                        row(name, house, clients, batch, seconds)
            finally:
                house.stop()


def row(name: str, house: House, clients: int, batch: int, seconds: float) -> None:
    rate, p50, p99, odd = measure(house, clients, batch, seconds)
    print(f"{name:<22} {clients:>7} {batch:>7} {rate:>10,.0f} {p50:>8.1f} {p99:>8.1f} {odd or ''}", flush=True)


if __name__ == "__main__":
    main()
