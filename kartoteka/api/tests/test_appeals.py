"""Appeals through the door for programs: overturned either way, accepted, told again with what comes next; and refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kartoteka.api.tests.test_study import at_door, post
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
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
