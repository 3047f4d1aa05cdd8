"""Whatever comes to the door for programs, it answers in a way that it declared, and never breaks.

At the promised size: `pytest --hypothesis-profile=promise tests/house/test_api.py`.
"""

from __future__ import annotations

import json
import random
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from kartoteka.api.urls import api
from kartoteka.library import actions as library
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries

MANY = max(15, trying.default.max_examples) if trying.default and trying.default.max_examples >= 1000 else 15
MODES = ("learn", "match", "spaced", "test", "sorting")
ALWAYS = {400, 401, 404, 405, 413, 415, 422}  # what frames say before a route is asked: no such address or method, too large, not understood
OPERATIONS = [(path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods]
HUGE = ["9" * 400, "a" * 5000, "\0", "\ud800", "=1+1", "<script>", "../../x", "1e999", "-0", "İ", "２", "0." + "0" * 40]
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20) | st.sampled_from(HUGE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """A learner with a set and a sitting in each mode, and what of it may be named."""
    anna = Person.objects.create(name="Anna")
    deck = library.make_deck(anna, title="Birds")
    for n in range(8):
        library.add_note(deck, term=f"<p>term {n}</p>", definition=f"<ul><li>definition {n}</li><li>more {n}</li></ul>" if n % 2 else f"<p>word {n}</p>")
    client = Client(raise_request_exception=False)
    client.force_login(anna, backend=settings.AUTHENTICATION_BACKENDS[0])
    now_ms = time.time_ns() // 1_000_000
    sat = [actions.sit(anna, deck=deck, mode=mode, options={}, now_ms=now_ms, dice=random.Random(mode)) for mode in MODES]
    asked = {str(one.id): [question.id for question in queries.next_questions(one)] for one in sat}
    return {"client": client, "deck": str(deck.id), "asked": asked, "now_ms": now_ms}


def good(world: dict[str, Any], path: str, draw: Any) -> Any:
    """What would be taken."""
    sitting = draw(st.sampled_from(sorted(world["asked"])))
    question = draw(st.sampled_from(world["asked"][sitting] or ["0.x.self.f..0"]))
    said = {"rating": 3, "flipped": True, "text": "word 1", "choice": "1", "ticks": {"0": "covered"}, "pairs": {}}
    review = {"id": str(uuid7()), "sitting": sitting, "question": question, "response": said, "at_ms": world["now_ms"], "took_ms": 900}
    bodies = {
        "reviews": {"reviews": [review], "sent_ms": world["now_ms"], "time_zone": "Europe/Berlin", "many": 3},
        "judge": {"question": question, "text": "word 1"},
        "marks": {"card": question.split(".")[1], "starred": True},
        "appeals": {"id": str(uuid7()), "answer": str(uuid7()), "to": "right"},
    }
    return bodies[path.rstrip("/").rpartition("/")[2]]


def spoilt(value: Any, draw: Any) -> Any:
    """The same with something in it that nobody meant: a part exchanged, gone, or added."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(value)))
        return draw(st.sampled_from([{**value, name: spoilt(value[name], draw)}, {key: kept for key, kept in value.items() if key != name}]))
    if isinstance(value, list) and value and draw(st.booleans()):
        return [spoilt(value[0], draw), *value[1:], *value]
    return draw(junk)


def words(value: Any) -> str:
    return json.dumps(value, default=str).encode("utf-8", "surrogatepass").decode("utf-8", "replace")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_request_breaks_the_door(world: dict[str, Any], path: str, method: str) -> None:
    declared = {int(status) for status in api.get_openapi_schema()["paths"][path][method]["responses"]} | ALWAYS

    @trying(deadline=None, max_examples=MANY, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def asked(data: Any) -> None:
        id = data.draw(st.sampled_from([*world["asked"], world["deck"], str(uuid7()), "x", "%00", "1" * 300]))
        query = data.draw(
            st.dictionaries(
                st.sampled_from(["many", "question", "rung", "format", "card"]), st.one_of(st.text(max_size=9), st.sampled_from(HUGE[:2])), max_size=3
            )
        )
        address = path.replace("{id}", id) + "?" + urlencode({name: value.encode("utf-8", "replace") for name, value in query.items()})
        if method != "post":
            response = world["client"].generic(method.upper(), address)
        elif path.endswith("imports"):
            response = world["client"].post(
                address, {name: words(data.draw(junk)) for name in data.draw(st.lists(st.sampled_from(["file", "dry_run", "title", "format"])))}
            )
        else:
            body = data.draw(st.one_of(st.binary(max_size=30), st.builds(lambda: words(spoilt(good(world, path, data.draw), data.draw)))))
            response = world["client"].generic("POST", address, body, content_type="application/json")
        assert response.status_code in declared, (response.status_code, address)

    asked()
