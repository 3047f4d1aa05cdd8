"""Appeals through the door for programs: overturned either way, accepted, told again with what comes next; and refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.api.tests.test_study import at_door, now_ms, post
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import queries
from kartoteka.study.models import Review
from kartoteka.study.tests.test_appeals import Writer
from kartoteka.study.tests.test_appeals import deck as deck
from kartoteka.study.tests.test_appeals import write as write

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(anna: Person) -> Client:
    return at_door(anna)


def appeal(client: Client, answer: Any, **more: Any) -> Any:
    return post(client, "appeals", {"id": str(uuid7()), "answer": str(answer), **more})


def test_a_mark_is_overturned_and_told_again_with_what_comes_next(anna: Person, door: Client, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    answer = appeal(door, told.id, to="right", many=5)
    assert answer.status_code == 200
    out = answer.json()
    assert (out["status"], out["verdict"]["label"], out["verdict"]["overturned"], out["accepted"]) == ("stored", "right", "right", "")
    assert len(out["sitting"]["questions"]) == 2, "what is right now is not asked again"
    back = appeal(door, told.id, to="wrong").json()
    assert (back["verdict"]["label"], back["sitting"]) == ("wrong", None)


def test_an_appeal_sent_twice_counts_once(anna: Person, door: Client, deck: Deck) -> None:
    told, id = Writer(anna, deck).write(0, "nothing like it"), str(uuid7())
    for status in ("stored", "there"):
        assert post(door, "appeals", {"id": id, "answer": str(told.id), "to": "right"}).json()["status"] == status
    assert Review.objects.count() == 2


def test_what_was_written_is_accepted_for_everyone_or_for_oneself(anna: Person, ben: Person, door: Client, deck: Deck) -> None:
    hers, his = Writer(anna, deck).write(0, "Kraftwerk der Zelle"), Writer(ben, deck).write(1, "Ribosom")
    out = appeal(door, hers.id, to="right", accept=True).json()
    assert (out["accepted"], out["sentence"]) == ("for all", "Accepted for everyone from now on.")
    out = appeal(at_door(ben), his.id, accept=True).json()
    assert (out["accepted"], out["verdict"]["overturned"]) == ("offered", "")
    assert Note.objects.filter(deck=deck).order_by("position")[0].extra["accepted"] == ["Kraftwerk der Zelle"]


@pytest.mark.parametrize(
    "more", [{"to": "maybe"}, {"ticks": {"0": "everything"}}, {"ticks": {"x" * 9: "covered"}}, {"many": 1000}, {"answer": "no id"}], ids=str
)
def test_what_is_no_appeal_is_refused(anna: Person, door: Client, deck: Deck, more: dict[str, Any]) -> None:
    told = Writer(anna, deck).write(0, "nothing like it")
    assert post(door, "appeals", {"id": str(uuid7()), "answer": str(told.id), **more}).status_code == 422


def test_anothers_answer_and_one_that_is_none_are_not_there(anna: Person, cleo: Person, door: Client, deck: Deck) -> None:
    told = Writer(anna, deck).write(0, "nothing like it")
    assert appeal(at_door(cleo), told.id, to="right").status_code == 404
    assert appeal(door, uuid7(), to="right").status_code == 404
    assert appeal(Client(), told.id, to="right").status_code == 401
    assert Review.objects.count() == 1


def test_an_essay_cannot_be_accepted_word_for_word(anna: Person, door: Client, deck: Deck) -> None:
    told = Writer(anna, deck).write(0, "x " * 300)
    answer = appeal(door, told.id, accept=True)
    assert answer.status_code == 409
    assert "too long" in str(answer.json())


def from_outbox(door: Client, *items: dict[str, Any]) -> Any:
    return post(door, "reviews", {"reviews": list(items)}).json()


def settled(hers: Writer, answer: Any, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), "sitting": str(hers.sitting.id), "overturns": str(answer), "at_ms": now_ms(), **more}


def test_an_appeal_comes_out_of_the_outbox_and_counts_once_however_often_it_is_sent(anna: Person, door: Client, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    appeal = settled(hers, told.id, to="right")
    for status in ("stored", "there"):
        out = from_outbox(door, appeal)
        one = out["reviews"][0]
        assert (one["status"], one["verdict"]["label"], one["verdict"]["overturned"], one["accepted"]) == (status, "right", "right", "")
        assert len(out["sittings"][str(hers.sitting.id)]["questions"]) == 2, "and what comes next, as after an answer"
    assert one["levels"] == []
    assert Review.objects.count() == 2


def test_an_answer_and_its_appeal_come_in_one_batch_also_in_the_wrong_order(anna: Person, door: Client, deck: Deck) -> None:
    hers = Writer(anna, deck)
    question = queries.next_questions(hers.sitting)[0]
    answer = {"id": str(uuid7()), "sitting": str(hers.sitting.id), "question": question.id, "response": {"text": "no idea"}, "at_ms": now_ms() - 9}
    appeal = settled(hers, answer["id"], to="right", at_ms=now_ms() - 8)
    accepts = settled(hers, answer["id"], accept=True, at_ms=now_ms() - 7)
    out = from_outbox(door, accepts, appeal, answer)["reviews"]
    assert [one["status"] for one in out] == ["stored"] * 3
    assert out[1]["levels"] == ["learning", "familiar"]
    assert (out[0]["accepted"], out[0]["sentence"]) == ("for all", "Accepted for everyone from now on.")
    assert out[0]["verdict"]["overturned"] == "right"
    again = from_outbox(door, accepts, appeal, answer)["reviews"]
    assert [one["status"] for one in again] == ["stored", "there", "there"]
    assert Review.objects.count() == 2


def test_appeals_that_are_none_are_refused_and_the_others_kept(anna: Person, cleo: Person, door: Client, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    out = from_outbox(
        door, settled(hers, uuid7(), to="right"), settled(hers, uuid7(), accept=True), settled(hers, told.id, to="maybe"), settled(hers, told.id, to="right")
    )
    assert [one["status"] for one in out["reviews"]] == ["refused", "refused", "refused", "stored"]
    assert all(one["why"] for one in out["reviews"][:3])
    strangers = from_outbox(at_door(cleo), settled(hers, told.id, to="wrong"))["reviews"][0]
    assert (strangers["status"], strangers["verdict"]) == ("refused", None)
