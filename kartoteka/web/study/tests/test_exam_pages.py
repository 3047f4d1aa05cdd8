"""An exam is planned, looked at, settled and removed through the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.library import actions as library
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.study.models import Exam

pytestmark = pytest.mark.django_db


@pytest.fixture
def deck() -> Deck:
    made = library.make_deck(Person.objects.create(name="Anna"), title="Cells")
    for n in range(30):
        library.add_note(made, term=f"term {n}", definition=f"definition {n}")
    return made


@pytest.fixture
def anna(deck: Deck) -> Client:
    client = Client()
    client.force_login(deck.owner)
    return client


def in_days(days: int) -> str:
    """From the learner-day that is now: it begins at four in the morning."""
    return ((dt.datetime.now(dt.UTC) - dt.timedelta(hours=4)).date() + dt.timedelta(days=days)).isoformat()


def planned(client: Client, of: Deck, **values: Any) -> Any:
    return client.post(reverse("new_exam", args=[of.id]), {"date": in_days(9), "minutes": "1", "target": "95", **values})


def test_an_exam_is_planned_in_one_form_and_says_what_to_expect(anna: Client, deck: Deck) -> None:
    assert "Plan for an exam" in anna.get(reverse("new_exam", args=[deck.id])).content.decode()
    page = anna.get(planned(anna, deck)["Location"]).content.decode()
    assert "At 1 minute a day expect about" in page
    assert "Your goal is 95" in page
    assert "is fine" in page
    assert "Study 1 minute a day" not in page
    home = anna.get(reverse("sit", args=[deck.id, "spaced"])).content.decode()
    assert "See the plan" in home
    assert anna.get(reverse("new_exam", args=[deck.id]))["Location"] == reverse("exam", args=[Exam.objects.get().id])


@pytest.mark.parametrize(
    ("values", "sentence"), [({"date": "soon"}, "year, month and day"), ({"date": in_days(0)}, "after today"), ({"minutes": ""}, "minutes a day")]
)
def test_what_cannot_be_meant_is_said_beside_what_was_written(anna: Client, deck: Deck, values: dict[str, str], sentence: str) -> None:
    response = planned(anna, deck, **values)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Exam.objects.exists()


def test_a_goal_out_of_reach_is_settled_and_the_exam_removed(anna: Client, deck: Deck) -> None:
    planned(anna, deck)
    exam = Exam.objects.get()
    anna.post(reverse("settle_exam", args=[exam.id]), {"what": "minutes"})
    exam.refresh_from_db()
    assert exam.minutes > 1
    anna.post(reverse("exam", args=[exam.id]), {"date": in_days(20), "minutes": "5", "target": "80", "off": ["5", "6"]})
    exam.refresh_from_db()
    assert (exam.minutes, exam.target, exam.days_off) == (5, 0.8, [5, 6])
    assert anna.post(reverse("settle_exam", args=[exam.id]), {"what": "nonsense"}).status_code in (400, 409)
    anna.post(reverse("drop_exam", args=[exam.id]))
    assert not Exam.objects.exists()


def test_a_set_of_somebody_else_is_not_smuggled_in(anna: Client, deck: Deck) -> None:
    hidden = library.make_deck(Person.objects.create(name="Cleo"), title="Hidden")
    assert planned(anna, deck, deck=[str(hidden.id)]).status_code == 404
    assert not Exam.objects.exists()


def test_who_meets_the_exam_as_a_guest_keeps_it(deck: Deck) -> None:
    library.share(deck, "link")
    guest = Client()
    assert planned(guest, deck).status_code == 302
    assert "until the exam" in guest.get(reverse("exam", args=[Exam.objects.get().id])).content.decode()
