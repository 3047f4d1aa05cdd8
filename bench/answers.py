"""Answers a second through HTTP at 1, 8 and 32 clients, one by one and in batches of 20; also where fsync takes 4 ms more.

A slow disk is played by a shim (bench/fsync.c, compiled here, LD_PRELOAD): it sleeps before every fsync and fdatasync of the server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass
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


class Device:
    """A device that answers as quickly as it is told that the last answers are kept.

    A plain socket and requests made beforehand: on two cores a dear client would be measured instead of the server.
    """

    def __init__(self, port: int, one: dict[str, Any], batch: int) -> None:
        self.requests = iter(requests(one, batch))
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.times_ms: list[float] = []
        self.kept = self.sent = 0
        self.odd: Counter[str] = Counter()
        self._come, self._length, self._began = b"", 0, 0.0

    def send(self) -> bool:
        """Sends the next request; ``False``: there is none left."""
        request, self.sent = next(self.requests, (b"", 0))
        self._come, self._length, self._began = b"", 0, time.perf_counter()
        if request:
            self.socket.sendall(request)
        return bool(request)

    def read(self) -> bool:
        """Takes what has come; whether the answer is whole."""
        self._come += self.socket.recv(65_536)
        if not self._length and (end := self._come.find(b"\r\n\r\n")) >= 0:
            found = re.search(rb"\r\ncontent-length: (\d+)", self._come[:end], re.IGNORECASE)
            self._length = end + 4 + int(found[1]) if found else end + 4
        if not self._length or len(self._come) < self._length:
            return False
        self.times_ms.append((time.perf_counter() - self._began) * 1000)
        self._count()
        return True

    def _count(self) -> None:
        status, stored = self._come[9:12].decode(), self._come.count(b'"stored"')
        self.kept += stored
        if status != "200":
            self.odd[status] += 1
        elif stored != self.sent:
            self.odd["not stored"] += self.sent - stored


def requests(one: dict[str, Any], batch: int) -> list[tuple[bytes, int]]:
    """What a device sends, byte by byte, and how many answers are in it."""
    head = (
        "POST /api/v1/reviews HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Cookie: sessionid={one['session']}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\nContent-Length: "
    ).encode()
    return [(head + str(len(body)).encode() + b"\r\n\r\n" + body, many) for body, many in bodies(one, batch)]


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


@dataclass(frozen=True, slots=True)
class Measured:
    """A row of the table. ``cpu_ms``: what an answer costs the server, whatever else the machine does."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    odd: Counter[str]


def measure(house: House, clients: int, batch: int, seconds: float) -> Measured:
    """So many devices at once, each with one request in flight, until the time is over."""
    sittings = int(seconds * (1500 if batch == 1 else 10_000) / clients / CARDS / TURNS) + 1
    staged = stage(house, "set", str(clients), str(CARDS), "sorting", str(sittings))
    for one in staged:
        look(house, one)
    devices = [Device(house.port, one, batch) for one in staged]
    used, began = cpu_ms(house), time.perf_counter()
    drive(devices, began + seconds)
    took, used = time.perf_counter() - began, cpu_ms(house) - used
    times = sorted(ms for device in devices for ms in device.times_ms)
    kept = sum(device.kept for device in devices)
    odd = sum((device.odd for device in devices), Counter[str]())
    return Measured(kept / took, times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))], used / max(1, kept), odd)


def look(house: House, one: dict[str, Any]) -> None:
    """Opens the sitting, as a browser has done before anything is answered."""
    asked = urllib.request.Request(f"{house.url}/api/v1/sittings/{one['sitting']}?many=20", headers={"Cookie": f"sessionid={one['session']}"})
    with urllib.request.urlopen(asked) as answer:
        answer.read()


def drive(devices: list[Device], until: float) -> None:
    """One process for all devices; what was sent is waited for."""
    with selectors.DefaultSelector() as waiting:
        for device in devices:
            waiting.register(device.socket, selectors.EVENT_READ, device)
            device.send()
        while waiting.get_map():
            for ready, _events in waiting.select():
                device = ready.data
                if device.read() and (time.perf_counter() > until or not device.send()):
                    waiting.unregister(device.socket)
                    device.socket.close()


def cpu_ms(house: House) -> float:
    """What the server has used of the cores so far."""
    assert house.process is not None
    fields = Path(f"/proc/{house.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--only", choices=("disk", "shim"), help="only this disk")
    parser.add_argument("--clients", type=int, nargs="*", default=(1, 8, 32))
    parser.add_argument("--batch", type=int, nargs="*", default=(1, 20))
    chosen = parser.parse_args()
    seconds = 2.0 if chosen.quick else chosen.seconds
    with tempfile.TemporaryDirectory() as folder:
        slow = shim(Path(folder))
        disks: list[tuple[str, dict[str, str]]] = [("this disk", {})] if chosen.only != "shim" else []
        disks += [(f"fsync + {FSYNC_MS} ms (shim)", slow)] if slow and chosen.only != "disk" else []
        if slow is None:
            print("no C compiler here: the slow disk is left out", file=sys.stderr)
        print(f"{'disk':<22} {'clients':>7} {'a POST':>7} {'answers/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'server CPU ms':>14}")
        for n, (name, environment) in enumerate(disks):
            house = House(Path(folder) / f"data{n}", environment=environment)
            house.start()
            try:
                for batch in chosen.batch:
                    for clients in chosen.clients:
                        row(name, house, clients, batch, seconds)
            finally:
                house.stop()


def row(name: str, house: House, clients: int, batch: int, seconds: float) -> None:
    seen = measure(house, clients, batch, seconds)
    figures = f"{seen.rate:>10,.0f} {seen.p50_ms:>8.1f} {seen.p99_ms:>8.1f} {seen.cpu_ms:>14.2f}"
    print(f"{name:<22} {clients:>7} {batch:>7} {figures} {dict(seen.odd) or ''}", flush=True)


if __name__ == "__main__":
    main()
