"""Learn without a script: a question, an answer, how it went, the round, the end."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Visibility
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.models import Memory, Review
from kartoteka.web.study.tests.conftest import DAY, MINUTE, NOON, Browser, Clock

pytestmark = pytest.mark.django_db
TOWNS = ["Paris", "Rome", "Madrid", "Warsaw", "Oslo", "Athens", "Berlin", "Vienna", "Prague", "Lisbon"]


@pytest.fixture
def towns(anna: Person) -> Deck:
    deck = library.make_deck(anna, title="Towns", visibility=Visibility.LINK)
    for n, town in enumerate(TOWNS):
        library.add_note(deck, term=f"<p>capital {n}</p>", definition=f"<p>{town}</p>")
    return deck


@pytest.fixture
def her(browse: Callable[[Person | None], Browser], anna: Person) -> Browser:
    return browse(anna)


def at(deck: Deck, query: str = "?start=1") -> str:
    return reverse("sit", args=[deck.id, "learn"]) + query


def say(her: Browser, **said: str) -> Browser:
    fields = {name: her.hidden(name) for name in ("id", "question", "since")}
    return her.send(reverse("answer", args=[her.sitting]), **fields, **said)


def open_question(her: Browser, anna: Person):  # type: ignore[no-untyped-def]
    return queries.next_questions(queries.sitting_of(anna, her.sitting))[0]


def answer(her: Browser, anna: Person, *, right: bool = True) -> Browser:
    """Answers what is open, rightly or by “don't know”; then goes on."""
    question = open_question(her, anna)
    if not right:
        say(her, unknown="1")
    elif question.qtype == "choice":
        say(her, choice=next(choice.id for choice in question.choices if choice.right))
    elif question.qtype == "tf":
        say(her, choice="true" if question.claim.right else "false")
    elif question.qtype in ("typed", "points"):
        say(her, text=" ".join(point.text for point in question.rubric.points) if question.qtype == "points" else question.rubric.accepted[0])
    else:
        say(her, rating="3", flipped="1")
    return her


def visible(her: Browser) -> str:
    return html.unescape(re.sub(r"<template.*?</template>|<script.*?</script>|<k-learn[^>]*>", "", her.html, flags=re.DOTALL))


def test_what_is_enough_is_asked_once_and_then_remembered(her: Browser, towns: Deck) -> None:
    her.open(at(towns, ""))
    assert "What is enough for today?" in her.html
    her.send(reverse("options", args=[towns.id, "learn"]), goal="ten", show="0")
    assert her.position == "1/7"
    her.open(at(towns, ""))
    assert her.position == "1/7", "one is not asked again"


def test_the_answer_never_stands_on_the_page_before_it_was_given(her: Browser, anna: Person, towns: Deck) -> None:
    her.open(at(towns, "?types=typed"))
    question = open_question(her, anna)
    assert question.qtype == "typed"
    assert question.answer.text not in her.html
    assert '"back": {"html": ""' in her.html


def test_a_wrong_choice_is_shown_beside_the_right_one_and_comes_back(her: Browser, anna: Person, towns: Deck) -> None:
    her.open(at(towns))
    question = next(q for q in queries.next_questions(queries.sitting_of(anna, her.sitting)) if q.qtype == "choice")
    wrong = next(choice for choice in question.choices if not choice.right)
    fields = {name: her.hidden(name) for name in ("id", "since")}
    her.send(reverse("answer", args=[her.sitting]), **fields, question=question.id, choice=wrong.id)
    assert "Not this time" in visible(her)
    assert "You chose" in visible(her)
    assert "Right answer" in visible(her)
    assert "Your answer belongs to another card:" in visible(her)
    assert "Comes back after three other cards." in visible(her)
    assert Review.objects.get().mistaken_for is not None
    assert Memory.objects.get().last_ok is False


def test_a_round_ends_with_what_moved_and_the_next_one_waits_for_a_press(her: Browser, anna: Person, towns: Deck, clock: Clock) -> None:
    her.open(at(towns))
    for _ in range(7):
        clock.forward(MINUTE)
        answer(her, anna)
        assert "Right" in visible(her)
        her.open(reverse("sitting", args=[her.sitting]))
    assert "moved up" in visible(her)
    assert "before" in visible(her)
    assert "Round 2" in visible(her)
    her.open(reverse("sitting", args=[her.sitting]) + "?go=1")
    assert her.position == "1/7"
    her.send(reverse("finish", args=[her.sitting]))
    assert "recalled today" in visible(her)
    assert "Without review about" in visible(her) or "Next check:" in visible(her)


def test_a_visit_is_gone_on_with_on_the_same_day_and_begun_anew_on_the_next(her: Browser, anna: Person, towns: Deck, clock: Clock) -> None:
    her.open(at(towns))
    first = her.sitting
    answer(her, anna)
    assert her.open(at(towns)).sitting == first
    clock.forward(DAY)
    assert her.open(at(towns)).sitting != first


def test_when_all_was_recalled_today_there_is_nothing_new(her: Browser, anna: Person, towns: Deck, clock: Clock) -> None:
    her.open(at(towns, "?types=typed"))
    for _ in range(20):
        if queries.next_questions(queries.sitting_of(anna, her.sitting)):
            her.open(reverse("sitting", args=[her.sitting]) + "?go=1")
            clock.forward(MINUTE)
            answer(her, anna)
    her.open(reverse("sitting", args=[her.sitting]))
    assert "All 10 recalled once today" in visible(her)
    her.open(at(towns, "?types=typed"))
    assert "Nothing new today" in visible(her)
    assert "Recall only, which is harder" in visible(her)


def test_hints_are_given_rung_by_rung_and_counted(her: Browser, anna: Person, towns: Deck) -> None:
    her.open(at(towns, "?types=typed"))
    question = open_question(her, anna)
    her.open(reverse("sitting", args=[her.sitting]) + "?hint=1")
    assert "Hint 1 of 2" in visible(her)
    assert question.answer.text[0] + "·" in her.html
    say(her, text=question.answer.text, hints=her.hidden("hints"))
    assert Review.objects.get().evidence["hint_rungs"] == 1
    her.open(reverse("sitting", args=[her.sitting]))
    assert her.open(reverse("sitting", args=[her.sitting]) + "?hint=9").status == 200


@pytest.mark.parametrize("response", [{}, {"text": ""}, {"text": " \t\n"}, {"hints": 2}])
def test_nothing_written_is_no_answer_for_programs_either(her: Browser, anna: Person, towns: Deck, response: dict[str, Any]) -> None:
    question = open_question(her.open(at(towns, "?types=typed")), anna)

    def sent(**response: Any) -> dict[str, Any]:
        item = {"id": str(uuid7()), "sitting": str(her.sitting), "question": question.id, "response": response, "at_ms": NOON, "took_ms": 900}
        answer = her.client.post("/api/v1/reviews", json.dumps({"reviews": [item]}), content_type="application/json")
        return dict(answer.json()["reviews"][0])

    told = sent(**response)
    assert (told["status"], told["why"]) == ("refused", "Write something first, or say that you don’t know.")
    assert not Review.objects.exists()
    assert sent(unknown=True)["status"] == "stored", "“don’t know” is said"
    assert Review.objects.get().outcome == 0


def test_nonsense_has_its_sentence_and_loses_nothing(her: Browser, anna: Person, towns: Deck) -> None:
    her.open(at(towns, "?types=typed"))
    for empty in ("", "  \t "):
        say(her, text=empty)
        assert "Write something first" in visible(her)
    say(her, text="x" * 100_000)
    assert "longer than 20000 characters" in visible(her) or "longer than 20,000 characters" in visible(her)
    fields = {name: her.hidden(name) for name in ("id", "since")}
    her.send(reverse("answer", args=[her.sitting]), **fields, question="0.00.choice.f..0", choice="zz")
    assert "does not ask that question" in visible(her)
    assert not Review.objects.exists()
    say(her, text="<script>alert(1)</script> \x00 $x^2$")
    assert "<script>alert" not in her.html
    assert Review.objects.count() == 1


def test_one_card_is_shown_and_then_written_and_no_card_leads_to_the_editor(her: Browser, anna: Person, clock: Clock) -> None:
    deck = library.make_deck(anna, title="One", visibility=Visibility.LINK)
    assert "Add a card first" in her.open(at(deck)).html
    library.add_note(deck, term="<p>land</p>", definition="<p>Paris</p>")
    her.open(at(deck))
    assert "Paris" in visible(her)
    say(her)
    assert "Keep it in mind for a moment" in visible(her)
    clock.forward(21_000)
    her.open(reverse("sitting", args=[her.sitting]))
    assert 'name="text"' in her.html
    answer(her, anna)
    assert "Right" in visible(her)


def test_what_she_learns_stays_hers(browse: Callable[[Person | None], Browser], her: Browser, towns: Deck) -> None:
    her.open(at(towns))
    cleo = browse(Person.objects.create(name="Cleo"))
    assert cleo.open(reverse("sitting", args=[her.sitting])).status == 404


def test_programs_are_told_the_verdict_and_never_before(her: Browser, browse: Callable[[Person | None], Browser], anna: Person, towns: Deck) -> None:
    her.open(at(towns, "?types=typed"))
    question = open_question(her, anna)
    place = f"/api/v1/sittings/{her.sitting}"
    (shown, *_more) = her.client.get(place).json()["questions"]
    assert (shown["back"]["text"], shown["hints"]) == ("", 2)
    hint = her.client.get(f"{place}/hint", {"question": question.id, "rung": 2}).json()
    assert (hint["kind"], hint["of"]) == ("half", 2)
    assert her.client.get(f"{place}/hint", {"question": question.id, "rung": 3}).status_code == 404
    assert browse(Person.objects.create(name="Cleo")).client.get(f"{place}/hint", {"question": question.id}).status_code == 404
    said = {"id": str(uuid7()), "sitting": str(her.sitting), "question": question.id, "at_ms": NOON, "response": {"text": "nothing like it"}}
    (told,) = her.client.post("/api/v1/reviews", {"reviews": [said]}, content_type="application/json").json()["reviews"]
    assert told["status"] == "stored"
    assert (told["verdict"]["label"], told["verdict"]["answer"]["text"]) == ("wrong", question.answer.text)
    (again,) = her.client.post("/api/v1/reviews", {"reviews": [said]}, content_type="application/json").json()["reviews"]
    assert again["status"] == "there"


def test_the_day_of_the_exam_is_taken_from_the_plan_of_the_set(her: Browser, anna: Person, towns: Deck, clock: Clock) -> None:
    actions.plan_exam(anna, decks=[towns], date=dt.date(2026, 2, 14), now_ms=clock.at_ms)
    assert 'value="2026-02-14"' in her.open(at(towns, "")).html
    her.open(at(towns, "?goal=exam"))
    assert queries.sitting_of(anna, her.sitting).options["exam"] == "2026-02-14"


def test_a_day_is_started_over_and_the_way_back_is_open_until_the_first_answer(her: Browser, anna: Person, towns: Deck) -> None:
    her.open(at(towns))
    for _ in range(4):
        answer(her, anna)
        her.open(at(towns))
    first, kept = her.sitting, Review.objects.count()
    memories = {row["card_id"]: row["s6"] for row in Memory.objects.values("card_id", "s6")}
    sheet = Browser(her.client).open(reverse("options", args=[towns.id, "learn"]) + "?sheet=1").html
    assert "Start over now" in sheet
    her.send(at(towns, ""), over="1")
    assert her.sitting != first
    assert her.position == "1/7"
    assert "Started over. What you remember stays." in her.html
    assert (Review.objects.count(), {row["card_id"]: row["s6"] for row in Memory.objects.values("card_id", "s6")}) == (kept, memories)
    her.undo()
    assert her.sitting == first
    assert Browser(her.client).open(at(towns)).sitting == first, "the earlier one is gone on with"


def test_what_is_done_today_is_asked_again_after_a_start_over_and_only_then(her: Browser, anna: Person) -> None:
    deck = library.make_deck(anna, title="Two", visibility=Visibility.LINK)
    for town in ("Paris", "Rome"):
        library.add_note(deck, term=f"<p>capital with {town[0]}</p>", definition=f"<p>{town}</p>")
    her.open(at(deck, "?types=typed&start=1"))
    for _ in range(2):
        answer(her, anna)
        her.open(reverse("sitting", args=[her.sitting]))
    her.open(at(deck, "?types=typed&start=1&afresh=1"))
    assert "recalled today already" in visible(her)
    her.send(at(deck, ""), over="1", types="typed")
    assert len(queries.next_questions(queries.sitting_of(anna, her.sitting))) == 2
    over = her.sitting
    assert Browser(her.client).open(at(deck, "?types=typed&start=1")).sitting == over, "one goes on with it"
    answer(her, anna)
    her.undo()
    assert her.sitting == over, "what was answered is taken back, not the start over"


def test_a_start_over_needs_a_press_and_a_day(her: Browser, anna: Person, towns: Deck, clock: Clock) -> None:
    her.open(at(towns))
    first = her.sitting
    assert her.open(at(towns, "?over=1&start=1")).sitting == first, "an address alone starts nothing over"
    clock.forward(DAY)
    sheet = Browser(her.client).open(reverse("options", args=[towns.id, "learn"]) + "?sheet=1").html
    assert "Start over" not in sheet, "on another day it begins afresh by itself"


def test_a_point_that_was_missed_alone_is_shown_and_one_that_a_list_lacked_is_promised(her: Browser, anna: Person) -> None:
    deck = library.make_deck(anna, title="Party", visibility=Visibility.LINK)
    points = ["he chose the delegates of the congress", "he filled the offices in the provinces", "the bureau did what he wanted", "who doubted was struck off"]
    library.add_note(deck, term="<p>Control</p>", definition="<ul>" + "".join(f"<li>{one}</li>" for one in points) + "</ul>")
    library.add_note(deck, term="<p>Capital</p>", definition="<p>Moscow</p>")
    her.open(at(deck, "?types=typed&range=1-1&start=1"))
    question, lacks = open_question(her, anna), '<p class="small muted">What was missing is asked again on its own.</p>'
    assert question.point is not None
    say(her, text="nothing like it")
    assert "Not this time" in her.html
    assert html.escape(points[question.point]) in her.html
    assert lacks not in her.html
    for _ in range(12):
        her.open(reverse("sitting", args=[her.sitting]) + "?go=1")
        question = open_question(her, anna)
        if question.point is None:
            break
        say(her, text=points[question.point])
    say(her, text=". ".join(points[:3]))
    assert lacks in her.html
    her.open(reverse("sitting", args=[her.sitting]) + "?go=1")
    assert open_question(her, anna).point == 3
    assert "Point 4 of 4, which was missing" in her.html


def test_the_day_of_an_exam_is_a_date_and_a_bad_one_is_said(her: Browser, towns: Deck) -> None:
    page = reverse("options", args=[towns.id, "learn"])
    field = re.search(r'<input[^>]*name="exam"[^>]*>', her.open(page).html)
    assert field
    assert 'type="date"' in field[0]
    assert 'min="2026-01-02"' in field[0]
    for day, sentence in (("soon", "Write the date as year, month and day, such as 2027-06-12."), ("2025-12-24", "Day of the exam: choose a date after today")):
        her.send(page, goal="exam", exam=day)
        assert (her.status, sentence in her.html) == (422, True)
    her.send(page, goal="exam", exam="2026-02-14")
    assert her.status == 200
    assert 'value="2026-02-14"' in her.open(page).html
    her.open(at(towns, "?goal=exam&exam=nonsense&start=1"))
    assert her.status == 200
