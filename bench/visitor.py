"""A browser without a screen: keeps cookies, fills in forms, measures how long a page takes."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit


@dataclass
class Visitor:
    """One person over one kept-alive connection."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        """One request; (status, body, headers). Follows nothing."""
        if self.connection is None:
            parts = urlsplit(self.url)
            self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "X-CSRFToken": self.cookies.get("csrftoken", ""), **(headers or {})}
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        text = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, kept = value.split(";", 1)[0].partition("=")
                self.cookies[cookie] = kept
        return answer.status, text, {name.lower(): value for name, value in answer.getheaders()}

    def get(self, path: str) -> bytes:
        status, body, headers = self.ask("GET", path)
        if status in (301, 302, 303):
            return self.get(headers["location"])
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return body

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Posts a form; the address it leads to."""
        page = self.cookies.get("csrftoken") or self._token()
        body = urlencode({"csrfmiddlewaretoken": page, **fields}).encode()
        status, text, headers = self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        if status not in (302, 303):
            raise RuntimeError(f"{path} answered {status}: {text[:300]!r}")
        return headers["location"]

    def _token(self) -> str:
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/"))
        return found[1].decode() if found else ""

    def median_ms(self, path: str, times: int) -> tuple[float, float, int]:
        """(median ms, worst ms, kB) of a page; the first visit is not counted."""
        size = len(self.get(path))
        took = []
        for _ in range(times):
            began = time.perf_counter()
            self.get(path)
            took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took), max(took), size // 1000


def paste(visitor: Visitor, text: str, title: str) -> str:
    """Pastes a text and keeps its cards; the new set's address."""
    visitor.get("/")
    proposal = visitor.post("/add/", {"text": text})
    return visitor.post(f"{proposal.split('?')[0]}accept/", {"title": title})
