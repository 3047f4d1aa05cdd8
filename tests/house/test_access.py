"""You see only what you may: every route, by every one of the cast, with every method."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from django.core.cache import cache as counters
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from kartoteka import shelf
from kartoteka.formats.base import Bundle, BundleDeck, BundleNote
from kartoteka.library import access, media
from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Media, Note
from kartoteka.people import actions as people
from kartoteka.people.models import Session
from kartoteka.study import actions as study
from kartoteka.study import queries
from kartoteka.study.models import Sitting
from kartoteka.transfer import actions as transfer
from tests.house.access_table import TABLE, Cast, Row, Rule

pytestmark = pytest.mark.django_db
CANARY = "Kanarienvogel"  # stands in every word of Anna's set: no page may show it to someone who may not see the set
PASSWORD = "paper cabinet 1927"
NOW = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
WHO = ("nobody", "anna", "ben", "cleo")
SEEN = ("private", "link", "public", "bin")


def walk(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, path)
        else:
            yield path, pattern


@cache
def routes() -> dict[str, URLPattern]:
    return dict(walk(get_resolver()))


def test_every_route_is_in_the_table() -> None:
    missing = sorted(set(routes()) - set(TABLE))
    assert not missing, "These routes are not in tests/house/access_table.py. Say there who may do what:\n" + "\n".join(
        f'    "{path}": Row(get=…, post=…),  # {routes()[path].name}' for path in missing
    )


def test_the_table_names_no_route_that_is_gone() -> None:
    assert sorted(set(TABLE) - set(routes())) == []


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Made once: every try is rolled back to it."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), quick, transaction.atomic():
        yield made()
        transaction.set_rollback(True)


def made() -> Cast:
    anna, ben, cleo = (people.make_person(name, PASSWORD, now=NOW) for name in ("Anna", "Ben", "Cleo"))
    deck = library.make_deck(anna, title=f"{CANARY} deck", description=f"<p>{CANARY}</p>", tags=[CANARY])
    notes = [library.add_note(deck, term=f"{CANARY} term {n}", definition=f"{CANARY} definition {n}") for n in range(3)]
    library.bin_note(notes[2])
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    picture = media.put_media(deck, "picture.png", io.BytesIO(out.getvalue()))
    sitting = a_sitting(anna, deck)
    device = Client()
    device.force_login(anna)
    mark = Session.objects.get(session_key=device.session.session_key).mark
    return Cast(
        anna=anna,
        ben=ben,
        cleo=cleo,
        deck=deck,
        note=notes[0],
        gone=notes[2],
        card=notes[0].cards.get(),
        sha256=picture.media_id,
        sitting=sitting,
        exam=study.plan_exam(anna, decks=[deck], date=datetime.now(UTC).date() + timedelta(days=30), now_ms=int(datetime.now(UTC).timestamp() * 1000)),
        proposal=None,
        mark=mark,
        token=people.make_link(anna, datetime.now(UTC)),
        own=library.make_deck(ben, title="Ben’s own"),
    )


def with_a_proposal(cast: Cast, row: Row) -> Cast:
    """Made anew for each try: its files lie outside the database, where nothing is rolled back."""
    if "proposal" not in row.args.values():
        return cast
    found = Bundle("text", (BundleDeck("", (BundleNote({"term": f"{CANARY} new", "definition": "new"}),)),))
    return replace(cast, proposal=transfer.propose(cast.anna, name="new.txt", data=b"new", bundle=found))


def a_sitting(learner: Any, deck: Any) -> Any:
    """A sitting in the first mode there is."""
    mode = next(iter(shelf.parts("modes", "rules")))
    return study.sit(learner, deck=deck, mode=mode, options={}, now_ms=NOW_MS, dice=Random(1))


def address(path: str, row: Row, cast: Cast) -> str:
    def value(name: str) -> str:
        wished = row.args.get(name, name)
        found = wished[1:] if wished.startswith("=") else getattr(cast, wished)
        return str(getattr(found, "id", found))

    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: value(found[1]), re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: value(found[1]), path))
    return "/" + filled.replace("^", "").replace("$", "")


def shown(cast: Cast, seen: str) -> None:
    if seen == "bin":
        library.bin_deck(cast.deck)
    else:
        library.share(cast.deck, seen)


def browser(cast: Cast, who: str, **more: Any) -> Client:
    client = Client(raise_request_exception=False, **more)
    if who != "nobody":
        client.force_login(getattr(cast, who))
    return client


def ask(client: Client, method: str, path: str, row: Row, cast: Cast) -> HttpResponseBase:
    counters.clear()
    where = address(path, row, cast)
    if method != "POST":
        return client.generic(method, where)
    data = row.data(cast) if callable(row.data) else row.data
    return client.post(where, json.dumps(data), content_type="application/json") if row.json else client.post(where, data)


def told(response: HttpResponseBase) -> str:
    """What it says. The client has closed it, or does at the end of a stream: closed once more it would let go of the connection that all of this stands on."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode("utf-8", "replace")


CASES = [(path, method) for path in TABLE for method in ("GET", "POST")]


def deviations(cast: Cast, path: str, method: str) -> Generator[str]:
    """Where somebody is told something else than the table says."""
    row = TABLE[path]
    rule: Rule | None = row.get if method == "GET" else row.post
    everything = rule is not None and not path.startswith("account/")
    for seen in SEEN if everything else SEEN[:1]:
        for who in WHO if rule is not None else WHO[:2]:
            expected = 405 if rule is None else rule(who, seen)
            with transaction.atomic():
                shown(cast, seen)
                response = ask(browser(cast, who), method, path, row, with_a_proposal(cast, row))
                words = told(response)
                if response.status_code != expected:
                    yield f"{who}, set {seen}: {response.status_code}, the table says {expected}"
                hidden = who != "anna" and seen in ("private", "bin") and "token" not in path
                if CANARY in words and hidden:
                    yield f"{who}, set {seen}: is shown what stands in the set"
                transaction.set_rollback(True)


@pytest.mark.parametrize(("path", "method"), CASES, ids=[f"{method} {path}" for path, method in CASES])
def test_everyone_is_told_what_the_table_says(cast: Cast, path: str, method: str) -> None:
    wrong = list(deviations(cast, path, method))
    assert not wrong, f"{method} /{path}\n" + "\n".join(wrong)


def any_deck(_person: Any, id: Any) -> Deck:
    return Deck.objects.select_related("owner").get(id=id)


def any_note(_person: Any, deck_id: Any, id: Any, *, binned: bool = False) -> Note:
    return Note.objects.select_related("deck").get(id=id, deck_id=deck_id)


# A check that somebody took away, and an address where it must be missed.
GONE: list[tuple[Any, str, Any, str, str]] = [
    (access, "deck_to_see", any_deck, "GET", "sets/<uuid:deck>/"),
    (access, "deck_to_study", any_deck, "GET", "sets/<uuid:deck>/analytics/"),
    (access, "deck_to_export", any_deck, "GET", "sets/<uuid:deck>/export/<slug:name>/"),
    (access, "deck_to_copy", any_deck, "POST", "sets/<uuid:deck>/copy/"),
    (access, "deck_to_edit", access.deck_to_see, "POST", "sets/<uuid:deck>/share/"),
    (access, "deck_to_rate", access.deck_to_see, "POST", "sets/<uuid:deck>/rate/"),
    (access, "deck_in_bin", any_deck, "POST", "sets/<uuid:deck>/erase/"),
    (access, "owns", lambda _person, _deck: True, "GET", "sets/<uuid:deck>/edit/"),
    (access, "decks_of", lambda _person: Deck.objects.all(), "GET", "library/"),
    (access, "public_decks", lambda _words="": Deck.objects.select_related("owner"), "GET", "library/public/"),
    (access, "binned_of", lambda _person: Deck.objects.filter(binned_at__isnull=False), "GET", "library/bin/"),
    (access, "note_to_edit", any_note, "POST", "sets/<uuid:deck>/cards/<uuid:note>/delete/"),
    (access, "media_to_see", lambda _person, _deck, sha256: Media.objects.get(sha256=sha256), "GET", "media/<uuid:deck>/<sha256:sha256>/"),
    (queries, "sitting_of", lambda _learner, id: Sitting.objects.select_related("learner").get(id=id), "GET", "sittings/<uuid:id>/"),
]


@pytest.mark.parametrize(("room", "name", "instead", "method", "path"), GONE, ids=[each[1] for each in GONE])
def test_a_check_that_is_gone_is_missed(cast: Cast, monkeypatch: pytest.MonkeyPatch, room: Any, name: str, instead: Any, method: str, path: str) -> None:
    monkeypatch.setattr(room, name, instead)
    with closing(deviations(cast, path, method)) as found:
        assert next(found, None)


def test_who_asks_for_the_head_alone_is_told_what_who_asks_for_the_page_is_told(cast: Cast) -> None:
    wrong = []
    for path, row in TABLE.items():
        if row.get is None or row.any_method or path.startswith(("account/", "api/v1/sittings", "api/v1/decks", "api/v1/archive")):
            continue
        with transaction.atomic():
            response = ask(browser(cast, "anna"), "HEAD", path, row, with_a_proposal(cast, row))
            told(response)  # reads it to its end, as a server does
            status = response.status_code
            sat = type(cast.sitting).objects.exclude(id=cast.sitting.id).exists()
            transaction.set_rollback(True)
        if status != row.get("anna", "private") and not (status == 200 and row.get("anna", "private") == 302):
            wrong.append(f"HEAD /{path}: {status}, the table says {row.get('anna', 'private')}")
        if sat:
            wrong.append(f"HEAD /{path}: somebody sat down")
    assert not wrong, "\n".join(wrong)


def test_no_other_method_does_anything(cast: Cast) -> None:
    wrong = []
    for path, row in TABLE.items():
        for method in () if row.any_method else ("PUT", "PATCH", "DELETE"):
            with transaction.atomic():
                status = ask(browser(cast, "anna"), method, path, row, with_a_proposal(cast, row)).status_code
                transaction.set_rollback(True)
            if not 400 <= status < 500:
                wrong.append(f"{method} /{path}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_form_of_another_site_does_nothing(cast: Cast) -> None:
    wrong = []
    for path, row in TABLE.items():
        if row.post and not row.any_method:
            with transaction.atomic():
                status = ask(browser(cast, "anna", enforce_csrf_checks=True), "POST", path, row, with_a_proposal(cast, row)).status_code
                transaction.set_rollback(True)
            if status not in (401, 403, 404, 405):
                wrong.append(f"POST /{path} without our token: {status}")
    assert not wrong, "\n".join(wrong)


NO_ID = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("nothing", [NO_ID, "-" * 36])
def test_an_id_that_is_nothing_is_not_there(cast: Cast, nothing: str) -> None:
    wrong = []
    for path, row in TABLE.items():
        where = re.sub(r"<uuid\w*:\w+>", nothing, path)
        for method, rule in (("GET", row.get), ("POST", row.post)):
            if where != path and rule is not None:
                with transaction.atomic():
                    client, at = browser(cast, "anna"), address(where, row, cast)
                    said = row.data(cast) if callable(row.data) else row.data
                    post = client.post(at, json.dumps(said), content_type="application/json") if row.json and method == "POST" else client.post(at, {})
                    status = (client.get(at) if method == "GET" else post).status_code
                    transaction.set_rollback(True)
                if status != 404:
                    wrong.append(f"{method} {at}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_thing_of_anna_s_is_not_reached_through_a_set_of_one_s_own(cast: Cast) -> None:
    """Ben may do everything with his own set; the ids of Anna's cards and files do nothing there."""
    wrong = []
    mixed = replace(cast, deck=cast.own)
    for path, row in TABLE.items():
        for method, rule in (("GET", row.get), ("POST", row.post)):
            if "<uuid:deck>" in path and re.search(r":note>|:sha256>", path) and rule is not None:
                with transaction.atomic():
                    response = ask(browser(cast, "ben"), method, path, row, mixed)
                    told(response)
                    transaction.set_rollback(True)
                if response.status_code != 404:
                    wrong.append(f"{method} /{path}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
