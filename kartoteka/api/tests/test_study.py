"""Answers through the door for programs: kept, told, and refused one by one."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotKept
from kartoteka.study import actions, queries
from kartoteka.study.models import Mark, Memory, Review
from kartoteka.study.tests.conftest import Visit, cards_in

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def at_door(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def door(anna: Person) -> Client:
    return at_door(anna)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def post(client: Client, path: str, body: Any, **how: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", **how)


def item(visit: Visit, card: str, rating: int = 3, **more: Any) -> dict[str, Any]:
    said = {"rating": rating, "flipped": True}
    return {
        "id": str(uuid7()),
        "sitting": str(visit.sitting.id),
        "question": f"0.{card}.self.f..0",
        "response": said,
        "at_ms": now_ms(),
        "took_ms": 900,
        **more,
    }


def test_answers_are_kept_and_the_next_questions_come_back(door: Client, visit: Visit, deck: Deck) -> None:
    first, second, third = cards_in(deck)
    sent = [item(visit, first), item(visit, second, 1)]
    answer = post(door, "reviews", {"sent_ms": now_ms(), "time_zone": "Europe/Berlin", "reviews": sent})
    assert answer.status_code == 200
    body = answer.json()
    assert [(one["id"], one["status"]) for one in body["reviews"]] == [(one["id"], "stored") for one in sent]
    shown = body["sittings"][str(visit.sitting.id)]
    assert [question["card"] for question in shown["questions"]] == [third, second]
    assert shown["questions"][0]["front"]["text"] == "term 2"
    assert set(shown["questions"][0]["buttons"]) == {"1", "2", "3", "4"}
    assert "min" in shown["questions"][0]["buttons"]["1"]["words"]
    assert (shown["counts"]["n"], shown["counts"]["done"], shown["counts"]["left"], shown["over"]) == (3, 1, 2, False)
    assert Review.objects.count() == 2
    visit.learner.refresh_from_db()
    assert visit.learner.time_zone == "Europe/Berlin"


def test_sending_again_is_safe(door: Client, visit: Visit, deck: Deck) -> None:
    batch = {"reviews": [item(visit, card) for card in cards_in(deck)]}
    post(door, "reviews", batch)
    again = post(door, "reviews", batch).json()
    assert [one["status"] for one in again["reviews"]] == ["there"] * 3
    assert again["sittings"][str(visit.sitting.id)]["over"]
    assert Review.objects.count() == 3


def test_a_bad_item_never_spoils_the_others(door: Client, visit: Visit, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    bad: list[Any] = [
        item(visit, second, 7),
        item(visit, second, id="no-uuid"),
        item(visit, second, at_ms="soon"),
        item(visit, second, at_ms=-1),
        item(visit, second, question="0.x"),
        item(visit, second, sitting=str(uuid7())),
        {},
        None,
        "review",
        [1],
        item(visit, second, response=None),
        item(visit, second, response={"rating": True, "text": "x" * 30_000}),
    ]
    told = post(door, "reviews", {"reviews": [*bad, item(visit, first)]}).json()["reviews"]
    assert [one["status"] for one in told] == ["refused"] * len(bad) + ["stored"]
    assert all(one["why"] for one in told[:-1])
    assert Review.objects.count() == 1


def test_an_answer_that_is_too_long_is_refused_in_plain_words(door: Client, visit: Visit, deck: Deck) -> None:
    told = post(door, "reviews", {"reviews": [item(visit, cards_in(deck)[0], response={"rating": 3, "text": "x" * 100_000})]}).json()["reviews"]
    assert (told[0]["status"], told[0]["why"]) == ("refused", "That answer is longer than 20,000 characters. Write what matters of it.")
    assert not Review.objects.exists()


def test_an_answer_is_taken_back_through_the_door(door: Client, visit: Visit, deck: Deck) -> None:
    sent = item(visit, cards_in(deck)[0])
    back = {"id": str(uuid7()), "sitting": sent["sitting"], "takes_back": sent["id"], "at_ms": now_ms()}
    assert [one["status"] for one in post(door, "reviews", {"reviews": [sent, back]}).json()["reviews"]] == ["stored", "stored"]
    assert not Memory.objects.exists()


def test_a_batch_that_is_none_is_refused_whole(door: Client, visit: Visit, deck: Deck) -> None:
    for body in ({}, {"reviews": "all"}, {"reviews": [], "sent_ms": "x"}, {"reviews": [], "time_zone": "x" * 200}, [], None):
        answer = post(door, "reviews", body)
        assert answer.status_code == 422, body
        assert answer.json()["detail"]
    assert door.post("/api/v1/reviews", "{", content_type="application/json").status_code in (400, 422)
    too_many = post(door, "reviews", {"reviews": [item(visit, cards_in(deck)[0])] * 501})
    assert too_many.status_code == 413
    assert "501" in too_many.json()["detail"] or "500" in too_many.json()["detail"]


def test_strangers_and_other_learners_reach_nothing(visit: Visit, deck: Deck, cleo: Person) -> None:
    card = cards_in(deck)[0]
    assert post(Client(), "reviews", {"reviews": [item(visit, card)]}).status_code == 401
    assert Client().get(f"/api/v1/sittings/{visit.sitting.id}").status_code == 401
    assert post(Client(), "marks", {"card": card, "starred": True}).status_code == 401
    other = at_door(cleo)
    told = post(other, "reviews", {"reviews": [item(visit, card)]}).json()
    assert told["reviews"][0]["status"] == "refused"
    assert told["sittings"] == {}
    assert other.get(f"/api/v1/sittings/{visit.sitting.id}").status_code == 404
    Deck.objects.update(visibility=Visibility.PRIVATE)
    assert post(other, "marks", {"card": card, "starred": True}).status_code == 404
    assert not Review.objects.exists()
    assert not Mark.objects.exists()


def test_a_set_that_became_private_keeps_answers_and_shows_nothing(deck: Deck, ben: Person) -> None:
    visit = Visit(ben, deck)
    Deck.objects.update(visibility=Visibility.PRIVATE)
    told = post(at_door(ben), "reviews", {"reviews": [item(visit, cards_in(deck)[0])]}).json()
    assert told["reviews"][0]["status"] == "stored"
    assert told["sittings"] == {}


def test_a_post_without_the_csrf_token_is_refused(anna: Person, visit: Visit, deck: Deck) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna, backend=BACKEND)
    body = {"reviews": [item(visit, cards_in(deck)[0])]}
    assert post(client, "reviews", body).status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    assert post(client, "reviews", body, headers={"X-CSRFToken": "a" * 32}).status_code == 200
    assert client.get(f"/api/v1/sittings/{visit.sitting.id}").status_code == 200


def test_what_cannot_be_kept_now_says_when_to_try_again(door: Client, visit: Visit, deck: Deck, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"reviews": [item(visit, cards_in(deck)[0])]}
    for trouble in (NotKept("Not saved just now."), OperationalError("disk I/O error")):

        def fails(*_args: Any, trouble: Exception = trouble, **_how: Any) -> None:
            raise trouble

        monkeypatch.setattr(actions, "answer_many", fails)
        answer = post(door, "reviews", body)
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        assert "disk" not in answer.json()["detail"]


def test_a_sitting_shows_what_comes_next(door: Client, visit: Visit, deck: Deck) -> None:
    shown = door.get(f"/api/v1/sittings/{visit.sitting.id}?many=2").json()
    assert [question["card"] for question in shown["questions"]] == cards_in(deck)[:2]
    assert door.get(f"/api/v1/sittings/{visit.sitting.id}?many=1000").status_code == 422
    assert door.get("/api/v1/sittings/nonsense").status_code == 404
    missing = door.get(f"/api/v1/sittings/{uuid7()}")
    assert missing.status_code == 404
    assert missing.json()["detail"]


def test_marks_are_kept(door: Client, deck: Deck, anna: Person) -> None:
    card = cards_in(deck)[0]
    assert post(door, "marks", {"card": card, "starred": True}).json()["starred"]
    assert post(door, "marks", {"card": card, "suspended": True}).json() == {
        "card": str(Mark.objects.get().card_id),
        "starred": True,
        "suspended": True,
        "buried_until_ms": 0,
    }
    buried = post(door, "marks", {"card": card, "buried": True}).json()
    assert buried["buried_until_ms"] == queries.tomorrow_of(anna, now_ms())
    assert post(door, "marks", {"card": card, "buried": False}).json()["buried_until_ms"] == 0
    assert post(door, "marks", {"card": str(uuid7()), "starred": True}).status_code == 404
    assert post(door, "marks", {"card": "x"}).status_code == 422


def test_health_asks_no_database(client: Client) -> None:
    assert client.get("/api/v1/health").json() == {"ok": True}


@pytest.mark.django_db
def test_the_door_describes_itself(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/reviews", "/api/v1/sittings/{id}", "/api/v1/marks", "/api/v1/health"} <= set(described["paths"])
    assert described["components"]["schemas"]["BatchIn"]["properties"]["reviews"]["items"]["title"] == "ReviewIn"


def test_signs_that_no_database_writes_cost_no_answer(door: Client, visit: Visit, deck: Deck) -> None:
    first = cards_in(deck)[0]
    said = {"rating": 3, "flipped": True, "text": "a\0b", "choice": "\0"}
    told = post(door, "reviews", {"time_zone": "\0", "reviews": [item(visit, first, response=said)]})
    assert told.json()["reviews"][0]["status"] == "stored"
    assert Review.objects.get().response["text"] == "ab"


def test_odd_texts_are_judged_or_refused_in_plain_words(door: Client, visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    question = item(visit, card)["question"]
    sitting = item(visit, card)["sitting"]
    for text in ("", "   ", "\x00\x07\u202e", "<script>alert(1)</script>", r"\frac{1}{2} $x^2$", "\ud83d\ude00" * 5_000, "a " * 10_000):
        answer = post(door, f"sittings/{sitting}/judge", {"question": question, "text": text})
        assert answer.status_code == 200, text[:20]
    too_long = post(door, f"sittings/{sitting}/judge", {"question": question, "text": "x" * 100_000})
    assert (too_long.status_code, too_long.json()["detail"]) == (409, "That answer is longer than 20,000 characters. Write what matters of it.")
    forged = post(door, f"sittings/{sitting}/judge", {"question": "another:self::0", "text": "x"})
    assert forged.status_code in (404, 409, 422)
    assert forged.json()["detail"]
