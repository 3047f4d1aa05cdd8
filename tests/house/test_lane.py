"""The short way of answers guards what the long one guards, and says the same."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.client import ClientHandler

from kartoteka.config import lane
from kartoteka.people import actions as people
from kartoteka.people.models import Person
from kartoteka.store import writer
from kartoteka.store.tests.holding import writer_held

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
TOKEN = "k" * 32
EMPTY = json.dumps({"reviews": []})


class ShortHandler(lane.Lane, ClientHandler):
    """The lane, driven as Django's test client drives the pages."""


class ShortWay(Client):
    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.handler = ShortHandler(True)


def both() -> tuple[Client, Client]:
    return Client(enforce_csrf_checks=True), ShortWay()


def post(client: Client, body: str = EMPTY, *, token: str = TOKEN, **how: Any) -> Any:
    client.cookies["csrftoken"] = TOKEN
    return client.post("/api/v1/reviews", body, content_type="application/json", headers={"X-CSRFToken": token}, **how)


def said(response: Any) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers; a header's values in any order."""
    return response.status_code, response.content, {name: ", ".join(sorted(value.split(", "))) for name, value in response.items()}


def guest_in(client: Client, person: Person) -> None:
    session = client.session
    session["guest"] = str(person.id)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)


@pytest.mark.django_db
def test_a_learner_is_known_by_both_ways() -> None:
    anna, guest = Person.objects.create(name="Anna"), people.make_guest()
    answers = []
    for client in both():
        client.force_login(anna, backend=BACKEND)
        answers.append(said(post(client)))
        assert answers[-1][0] == 200
        client.logout()
        assert post(client).status_code == 401
        guest_in(client, guest)
        assert post(client).status_code == 200
    assert answers[0] == answers[1]
    assert answers[0][2]["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answers[0][2]["Content-Security-Policy"]


@pytest.mark.django_db
def test_strangers_forgers_and_those_who_are_gone_are_refused_by_both_ways() -> None:
    anna = Person.objects.create(name="Anna")
    for client in both():
        assert post(client).status_code == 401
        client.force_login(anna, backend=BACKEND)
        assert post(client, token="").status_code == 403
        assert post(client, token="x" * 32).status_code == 403
        assert post(client, secure=True, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
        anna.set_password("another password")
        anna.save()
        assert post(client).status_code == 401, "a changed password signs other browsers out"
        client.force_login(anna, backend=BACKEND)
        Person.objects.filter(id=anna.id).update(is_active=False)
        assert post(client).status_code == 401
        Person.objects.filter(id=anna.id).update(is_active=True)


@pytest.mark.django_db
def test_where_the_database_is_away_already_for_who_is_asking_both_ways_say_when_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any) -> None:
        raise OperationalError("the database system is starting up")

    store = import_module(settings.SESSION_ENGINE).SessionStore
    for client in both():
        client.raise_request_exception = False
        guest_in(client, people.make_guest())
        with monkeypatch.context() as patched:
            patched.setattr(store, "load", away)
            response = post(client)
        assert response.status_code == 503
        assert response["Retry-After"] == "2"
        assert "try again" in response.json()["detail"]
    with monkeypatch.context() as patched:
        patched.setattr(store, "load", away)
        page = client.get("/library/")
    assert page.status_code == 503
    assert "The database cannot be reached just now" in page.content.decode()


@pytest.mark.django_db
def test_a_foreign_host_is_refused_by_both_ways(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["kartoteka.example"]
    for client in both():
        assert client.get("/api/v1/health", headers={"host": "evil.example"}).status_code == 400
        assert client.get("/api/v1/health", headers={"host": "kartoteka.example"}).status_code == 200


@pytest.mark.django_db
def test_cookies_are_secure_where_the_page_is() -> None:
    anna = Person.objects.create(name="Anna")
    for client in both():
        client.force_login(anna, backend=BACKEND)
        response = post(client, secure=True, HTTP_ORIGIN="https://testserver")
        assert response.status_code == 200
        assert response.cookies[settings.SESSION_COOKIE_NAME]["secure"]  # the first visit of a day writes the session


@pytest.mark.django_db
def test_what_is_too_large_is_refused_before_it_is_read() -> None:
    for client in both():
        response = post(client, CONTENT_LENGTH=str(10**12))
        assert response.status_code == 413


def test_only_what_pages_need_is_left_out() -> None:
    assert set(settings.MIDDLEWARE) - set(settings.API_MIDDLEWARE) == {
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "kartoteka.web.middleware.Refusals",
    }


def talk(method: str, path: str, pieces: list[bytes], length: int | None = None, *, cookies: str = "") -> list[dict[str, Any]]:
    """One request through the event loop, its body in pieces; what was sent back."""
    headers = [(b"host", b"testserver"), (b"content-type", b"application/json"), (b"cookie", cookies.encode()), (b"x-csrftoken", TOKEN.encode())]
    headers += [(b"content-length", str(sum(map(len, pieces)) if length is None else length).encode())]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "http_version": "1.1", "headers": headers, "scheme": "http"}
    coming = [{"type": "http.request", "body": piece, "more_body": n < len(pieces)} for n, piece in enumerate(pieces, 1)]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return coming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(lane.serve(scope, receive, send))
    return sent


def test_an_answer_goes_out_whole() -> None:
    start, body = talk("GET", "/api/v1/health", [b""])
    assert start["status"] == 200
    assert (b"content-length", str(len(body["body"])).encode()) in start["headers"]
    assert json.loads(body["body"]) == {"ok": True}
    _start, nothing = talk("HEAD", "/api/v1/health", [b""])
    assert nothing["body"] == b""


def test_only_what_is_small_both_ways_goes_the_short_way() -> None:
    assert lane.takes({"path": "/api/v1/reviews"})
    assert lane.takes({"path": "/api/v1/sittings/0190"})
    for path in ("/library/", "/api/v1/imports", "/api/v1/decks/0190/export/csv", "/api/v1/archive", "/api/v1/openapi.json"):
        assert not lane.takes({"path": path}), path


@pytest.fixture
def thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread of its own for the lane; it and the writer's close their connections, so that the database can go."""
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(lane, "_threads", pool)
        yield
        pool.submit(connections.close_all).result()
    if writer._writer._thread is not None:
        with contextlib.suppress(Exception):  # its transaction goes with its connection
            writer._writer.keep(connections.close_all)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps each answer by itself")
@pytest.mark.django_db(transaction=True)
def test_answers_that_could_not_be_kept_together_are_tried_alone_and_refused_in_words(thread: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    guest_in(client, people.make_guest())
    cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={TOKEN}"
    commit, fails = BaseDatabaseWrapper._commit, iter((True,))

    def full(self: BaseDatabaseWrapper) -> None:
        if next(fails, False):
            raise OperationalError("database or disk is full")
        commit(self)

    def posted() -> tuple[dict[str, Any], dict[str, Any]]:
        start, body = talk("POST", "/api/v1/reviews", [EMPTY.encode()], cookies=cookies)
        return start, body

    assert posted()[0]["status"] == 200  # the first visit of a day notes that
    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", full)
    with ThreadPoolExecutor(2) as devices:
        with writer_held():
            both = [devices.submit(posted) for _ in range(2)]
            while writer._writer._waiting.qsize() < 2:
                time.sleep(0.005)
        assert [one.result()[0]["status"] for one in both] == [200, 200]
    fails = iter(lambda: True, False)
    start, body = posted()
    assert start["status"] == 503
    assert (b"retry-after", b"2") in start["headers"]
    assert "try again" in json.loads(body["body"])["detail"]
