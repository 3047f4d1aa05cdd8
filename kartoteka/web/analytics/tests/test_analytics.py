"""Study Analytics of a set: every column sorts, every figure opens its answers, a choice leaves the rest out, tests stand there, JSON and CSV say the same."""

from __future__ import annotations

import csv
import json
import random
import re
import time

import pytest
from django.test import Client
from django.urls import reverse

from kartoteka.engine.questions import Response
from kartoteka.library.models import Card, Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, papers, queries
from kartoteka.study.models import Review, Sitting

pytestmark = pytest.mark.django_db
NOW = time.time_ns() // 1_000_000
DAY = 86_400_000
CAPITALS = {"France": "Paris", "Italy": "Rome", "Spain": "Madrid", "Norway": "Oslo"}


@pytest.fixture
def anna() -> Person:
    return Person.objects.create(name="Anna")


@pytest.fixture
def client(anna: Person) -> Client:
    client = Client()
    client.force_login(anna)
    return client


@pytest.fixture
def deck(anna: Person) -> Deck:
    deck = Deck.objects.create(owner=anna, title="Capitals")
    for place, (term, definition) in enumerate(CAPITALS.items()):
        tags = ["north"] if term == "Norway" else ["south"]
        note = Note.objects.create(
            deck=deck, position=place, term=f"<p>{term}</p>", term_text=term, definition=f"<p>{definition}</p>", definition_text=definition, tags=tags
        )
        Card.objects.create(note=note, deck=deck, kind="forward")
    return deck


def rated(anna: Person, deck: Deck, term: str, rating: int, *, days_ago: int = 0) -> None:
    at_ms = NOW - days_ago * DAY
    sitting = actions.sit(anna, deck=deck, mode="sorting", options={}, now_ms=at_ms, dice=random.Random(1), afresh=True)
    card = Card.objects.get(note__term_text=term, deck=deck).id.hex
    question = next(one for one in queries.next_questions(sitting) if one.item.id == card)
    given = actions.Given(uuid7(), sitting.id, question.id, Response(rating=rating, flipped=True), at_ms, took_ms=9000)
    assert actions.answer(anna, given, now_ms=at_ms).status == "stored"


def tested(anna: Person, deck: Deck, *wrong: str) -> Sitting:
    """A test in which the first answer is right, those after it are these, and the others are open."""
    sitting = actions.sit(anna, deck=deck, mode="test", options={"types": ("typed",)}, now_ms=NOW, dice=random.Random(1), afresh=True)
    first, *others = queries.paper_of(sitting)
    said = [(first.id, first.answer.text), *((question.id, text) for question, text in zip(others, wrong, strict=False))]
    papers.save(anna, sitting, [papers.Change(id, NOW, {"text": text}) for id, text in said], now_ms=NOW)
    papers.hand_in(anna, sitting, now_ms=NOW)
    return sitting


def shown(client: Client, deck: Deck, query: str = "") -> str:
    response = client.get(reverse("analytics", args=[deck.id]) + query)
    assert response.status_code == 200
    return response.content.decode()


def terms(page: str) -> list[str]:
    return re.findall(r'<th scope="row" dir="auto">(\w+)</th>', page)


def test_where_nothing_was_studied_two_minutes_of_learn_are_offered(client: Client, deck: Deck) -> None:
    for page in (shown(client, deck), client.get(reverse("set", args=[deck.id])).content.decode()):
        assert "No study sessions yet. Two minutes of Learn fill this in." in page
        assert f'href="{reverse("sit", args=[deck.id, "learn"])}"' in page


def test_every_column_sorts_both_ways_and_what_has_no_figure_stands_last(client: Client, anna: Person, deck: Deck) -> None:
    rated(anna, deck, "Italy", 3, days_ago=2)
    rated(anna, deck, "Spain", 1)
    for column in queries.card_columns():
        assert re.search(rf"sort=-?{column.key}#", shown(client, deck)), column.key
        for sort in (column.key, f"-{column.key}"):
            assert len(terms(shown(client, deck, f"?sort={sort}"))) == 4
    assert terms(shown(client, deck, "?sort=-last"))[:2] == ["Spain", "Italy"]
    assert terms(shown(client, deck, "?sort=last"))[:2] == ["Italy", "Spain"]
    assert terms(shown(client, deck, "?sort=-name")) == ["Spain", "Norway", "Italy", "France"]
    assert terms(shown(client, deck, "?sort=-missed"))[0] == "Spain"
    assert len(terms(shown(client, deck, "?sort=nonsense&page=99&since=x&mode=y&tag=z"))) == 4


def test_a_choice_leaves_other_answers_and_cards_out(client: Client, anna: Person, deck: Deck) -> None:
    rated(anna, deck, "Italy", 3, days_ago=20)
    rated(anna, deck, "Norway", 1)
    assert terms(shown(client, deck, "?since=7")) == ["Norway"]
    assert sorted(terms(shown(client, deck, "?since=30"))) == ["Italy", "Norway"]
    assert terms(shown(client, deck, "?since=30&tag=south")) == ["Italy"]
    assert len(terms(shown(client, deck, "?tag=south"))) == 3
    assert "No answer to any card falls under this choice." in shown(client, deck, "?mode=learn")
    answers = client.get(reverse("answers", args=[deck.id]) + "?since=7").content.decode()
    assert "1 answer, the newest first" in answers
    assert "No answer falls under this choice." in client.get(reverse("answers", args=[deck.id]) + "?mode=test").content.decode()
    assert "1 answer, the newest first" in client.get(reverse("answers", args=[deck.id]) + "?tag=south").content.decode()


def test_tests_are_listed_and_the_cell_of_the_set_page_leads_to_them(client: Client, anna: Person, deck: Deck) -> None:
    rated(anna, deck, "Italy", 3)
    assert "Your tests of this set" not in shown(client, deck)
    sitting = tested(anna, deck)
    page = shown(client, deck)
    assert "Your tests of this set" in page
    assert reverse("sitting", args=[sitting.id]) in page
    assert f'href="{reverse("analytics", args=[deck.id])}#tests"' in client.get(reverse("set", args=[deck.id])).content.decode()
    right = [row for row in queries.cards_with_figures(anna, deck, NOW) if "test" in row.by_mode]
    assert [row.by_mode["test"] for row in right] == [(1, 1, True)]
    assert f"?card={right[0].card}&amp;mode=test" in page


def test_a_figure_says_how_the_last_answer_in_its_way_went(client: Client, anna: Person, deck: Deck) -> None:
    rated(anna, deck, "Italy", 3, days_ago=1)
    rated(anna, deck, "Italy", 1)
    (row,) = [row for row in queries.cards_with_figures(anna, deck, NOW) if row.asked]
    assert row.by_mode["sorting"] == (1, 2, False)


@pytest.mark.parametrize("name", ["cards", "answers"])
def test_json_says_what_csv_says(client: Client, anna: Person, deck: Deck, name: str) -> None:
    def body(form: str) -> str:
        response = client.get(reverse(f"analytics_{form}", args=[deck.id, name]))
        assert f"capitals-{name}.{form}" in response["Content-Disposition"]
        return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]

    assert len(json.loads(body("json"))) == (0 if name == "answers" else 4)
    rated(anna, deck, "Italy", 3)
    rated(anna, deck, "Spain", 1)
    kept, rows = json.loads(body("json")), list(csv.DictReader(body("csv").splitlines()))
    assert len(kept) == len(rows) == (4 if name == "cards" else 2)
    for one, row in zip(kept, rows, strict=True):
        if name == "cards":
            assert one.pop("recall_now") == pytest.approx(float(row.pop("recall_now") or "nan"), abs=0.01) or one["level"] == "new"
        assert {key: "" if value is None else str(value) for key, value in one.items()} == row
    assert client.get(reverse("analytics_json", args=[deck.id, "people"])).status_code == 404


def test_a_set_has_its_own_calendar_forecast_and_pairs_mixed_up(client: Client, anna: Person, deck: Deck) -> None:
    rated(anna, deck, "Italy", 3, days_ago=2)
    rated(anna, deck, "Spain", 1)
    card = {note.term_text: Card.objects.get(note=note).id for note in Note.objects.filter(deck=deck)}
    Review.objects.filter(card_id=card["Spain"]).update(mistaken_for=card["Italy"])
    page = shown(client, deck)
    assert "Studied on 2 days in 12 weeks" in page
    assert page.count('<rect class="some"') == 2
    assert "Next 14 days" in page
    assert "Mixed up" in page
    assert "Italy</bdi> ↔" in page or "Spain</bdi> ↔" in page
    assert "What you said of yourself" not in page


def test_what_was_sorted_to_know_is_held_against_what_was_recalled(client: Client, anna: Person, deck: Deck) -> None:
    for term in CAPITALS:
        rated(anna, deck, term, 3, days_ago=1)
    tested(anna, deck, "Brasilia")
    page = shown(client, deck)
    assert "You said Know of 2 cards that were asked elsewhere too; you recalled 1." in page
    assert "Sorted Know, missed since" in page
