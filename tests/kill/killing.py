"""A server killed again and again while learners answer; what they were told is kept must be kept, once."""

from __future__ import annotations

import http.client
import json
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kartoteka.store.keys import uuid7
from tests.services import ROOT, House

TOKEN = "k" * 32
BATCH = 5


def stage(house: House, *words: str) -> Any:
    done = subprocess.run([sys.executable, "-m", "bench.stage", *words], env=house.environ(), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


@dataclass
class Learner:
    """A device with an outbox: it sends what was answered until it is told that it is kept."""

    house: House
    session: str
    sitting: str
    dice: random.Random
    told: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    resent: int = 0
    wrong: list[str] = field(default_factory=list)
    waits_ms: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Answers until stopped: one card, or a few at once; now and then takes one back."""
        try:
            self.go_on()
        finally:
            self.hang_up()

    def go_on(self) -> None:
        while not self.stop.is_set():
            shown = self.ask("GET", f"/api/v1/sittings/{self.sitting}?many=20")
            if shown is None or shown["over"]:
                return
            questions = shown["questions"]
            while questions and not self.stop.is_set():
                some, questions = questions[: (size := self.dice.choice((1, 1, BATCH)))], questions[size:]
                items = [self.answer(question["id"]) for question in some]
                if self.dice.random() < 0.05:
                    items.append({"id": str(uuid7()), "sitting": self.sitting, "takes_back": items[-1]["id"], "at_ms": now_ms()})
                self.send(items)

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def answer(self, question: str) -> dict[str, Any]:
        rating = self.dice.choice((1, 3, 3, 3))
        said = {"rating": rating, "flipped": True}
        return {"id": str(uuid7()), "sitting": self.sitting, "question": question, "response": said, "at_ms": now_ms(), "took_ms": 700}

    def send(self, items: list[dict[str, Any]]) -> None:
        told = self.ask("POST", "/api/v1/reviews", {"reviews": items, "sent_ms": now_ms(), "time_zone": "Europe/Berlin", "many": 0})
        if told is None:
            return
        for item, one in zip(items, told["reviews"], strict=True):
            if one["status"] == "refused":
                self.wrong.append(f"refused: {one['why']}")
            elif "takes_back" in item:
                self.undone.add(item["takes_back"])
            else:
                self.told.add(one["id"])

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request, sent again until it is answered with 200; ``None``: stopped meanwhile."""
        sent = json.dumps(body).encode() if body is not None else None
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "Content-Type": "application/json"}
        began, tries = time.perf_counter(), 0
        while not self.stop.is_set():
            tries += 1
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=20)
                self.connection.request(method, path, sent, headers)
                answer = self.connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                self.hang_up()
                time.sleep(0.02)
                continue
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            if answer.status == 200:
                self.resent += tries > 1 and method == "POST"
                if tries > 1:
                    self.waits_ms.append((time.perf_counter() - began) * 1000)
                return json.loads(text)
            if answer.status != 503:
                self.wrong.append(f"{method} {path} answered {answer.status}: {text[:200]!r}")
                return None
            time.sleep(0.05)
        return None


@dataclass
class Outcome:
    """What a run of kills came to."""

    kills: int
    told: int
    resent: int
    lost: int
    doubled: int
    undone_lost: int
    wrong: list[str]
    recovery_p99_ms: float
    recovery_median_ms: float


@dataclass
class Compared:
    """What learners were told, held against what is there."""

    lost: int
    doubled: int
    undone_lost: int
    wrong: list[str]


def compare(told: set[str], undone: set[str], there: Mapping[str, Any]) -> Compared:
    """``there``: what ``bench.stage kept`` says. An answer counts once: what the sets have counted is what stands in the log."""
    answers, counted, questions = set(there["answers"]), there["counted"], there["questions"]
    wrong = list(there["wrong"])
    if counted < questions:
        wrong.append(f"{questions} answers stand in the log, only {counted} are counted")
    return Compared(
        lost=len(told - answers),
        doubled=max(0, counted - questions) + there["standing"] - questions + len(there["answers"]) - len(answers),
        undone_lost=len(undone - set(there["undone"])),
        wrong=wrong,
    )


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def wait_a_little(devices: list[Learner], dice: random.Random) -> None:
    """A moment that cannot be foreseen: after some more answers, and a fraction of the next one."""
    enough = sum(len(device.told) for device in devices) + dice.randrange(1, 30)
    until = time.monotonic() + 10
    while sum(len(device.told) for device in devices) < enough and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(dice.uniform(0, 0.03))


def killed(house: House) -> None:
    house.kill()
    house.start()


def kill_again_and_again(house: House, *, kills: int, learners: int = 4, cards: int = 3000, seed: int = 1, hinder: Callable[[House], None] = killed) -> Outcome:
    """Starts the house, lets learners answer, kills it ``kills`` times at random moments (or hinders it otherwise), and compares what they were told with what is there."""
    dice = random.Random(seed)
    house.start()
    devices = [
        Learner(house, one["session"], one["sitting"], random.Random(n)) for n, one in enumerate(stage(house, "set", str(learners), str(cards), "sorting"))
    ]
    threads = [threading.Thread(target=device.run, daemon=True) for device in devices]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        wait_a_little(devices, dice)
        hinder(house)
    time.sleep(1)
    for device in devices:
        device.stop.set()
    for thread in threads:
        thread.join(30)
    house.kill()
    told = set().union(*(device.told for device in devices))
    undone = set().union(*(device.undone for device in devices))
    waits = sorted(wait for device in devices for wait in device.waits_ms)
    compared = compare(told, undone, stage(house, "kept"))
    return Outcome(
        kills=kills,
        told=len(told),
        resent=sum(device.resent for device in devices),
        lost=compared.lost,
        doubled=compared.doubled,
        undone_lost=compared.undone_lost,
        wrong=[line for device in devices for line in device.wrong] + compared.wrong,
        recovery_p99_ms=waits[min(len(waits) - 1, int(len(waits) * 0.99))] if waits else 0.0,
        recovery_median_ms=statistics.median(waits) if waits else 0.0,
    )
