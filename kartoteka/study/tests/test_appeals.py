"""Appeals: a mark settled otherwise moves the memory as if it had been so at once, nothing is lost, and what is accepted is known from then on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.cards import entries
from kartoteka.study.log import standing
from kartoteka.study.models import Accepted, Memory, Progress, Review
from kartoteka.study.refusals import NotAsked
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in, make_deck
from kartoteka.study.tests.writing import WRITE, Writer

pytestmark = pytest.mark.django_db
ANSWERS = ("the powerhouse of a cell", "where proteins are built", "water moving through a membrane")


@pytest.fixture(autouse=True)
def write(modes: dict[str, Any]) -> None:
    modes["write"] = WRITE


@pytest.fixture
def deck(anna: Person) -> Deck:
    deck = make_deck(anna, len(ANSWERS))
    for note, text in zip(Note.objects.filter(deck=deck).order_by("position"), ANSWERS, strict=True):
        note.definition, note.definition_text, note.version = f"<p>{text}</p>", text, 2
        note.save()
    return deck


def state_of(learner: Person) -> dict[str, Any]:
    return {row.card_id.hex: (row.s6, row.s7, row.d6, row.lapses, row.last_ok, row.last_ms, row.due_ms) for row in Memory.objects.filter(learner=learner)}


def test_an_overturned_mark_moves_the_memory_as_if_it_had_been_right_at_once(anna: Person, ben: Person, deck: Deck) -> None:
    hers, his = Writer(anna, deck), Writer(ben, deck)
    told = hers.write(0, "something else entirely")
    assert (told.status, told.verdict and told.verdict.label) == ("stored", "wrong")
    before = state_of(anna)
    overturned = hers.appeal(told.id)
    assert overturned.status == "stored"
    assert overturned.verdict is not None
    assert (overturned.verdict.label, overturned.verdict.score) == ("right", 1.0)
    assert overturned.before is not None
    assert overturned.after is not None
    assert overturned.after.s6 > overturned.before.s6
    his.write(0, ANSWERS[0])
    assert state_of(anna) == state_of(ben) != before
    assert not list(queries.wrong_memories())
    assert not any(one.item.id == cards_in(deck)[0] for one in queries.next_questions(hers.sitting)), "it is right now, so it is not asked again"


def test_a_mark_that_was_too_generous_is_overturned_too(anna: Person, ben: Person, deck: Deck) -> None:
    hers, his = Writer(anna, deck), Writer(ben, deck)
    told = hers.write(0, ANSWERS[0])
    hers.appeal(told.id, "wrong")
    his.write(0, "nothing like it at all")
    assert state_of(anna) == state_of(ben)
    assert queries.next_questions(hers.sitting)[0].turn == 1


def test_nothing_is_changed_in_the_log_and_the_verdict_that_was_is_kept_with_its_features(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "the powerhouse of a planet somewhere")
    was = Review.objects.values().get(id=told.id)
    over = hers.appeal(told.id)
    assert Review.objects.values().get(id=told.id) == was
    row = Review.objects.get(id=over.id)
    assert (row.takes_back, row.question, row.at_ms, row.verdict, row.outcome) == (told.id, was["question"], was["at_ms"], "right", 1.0)
    kept = row.judged["overturned"]
    assert (kept["id"], kept["label"]) == (str(told.id), was["verdict"])
    assert kept["layer"]
    assert isinstance(kept["features"], dict)
    assert Progress.objects.get(learner=anna).answers == 1
    (answer,) = queries.answers(anna, deck)
    assert (answer.id, answer.verdict) == (over.id, "right")


def test_a_mark_goes_back_and_forth_by_the_first_answers_id(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    first = state_of(anna)
    for to, label in (("right", "right"), ("wrong", "wrong"), ("right", "right"), ("wrong", "wrong")):
        found = hers.appeal(told.id, to)
        assert found.verdict is not None
        assert found.verdict.label == label
        shown = queries.answer_of(hers.sitting, told.id)
        assert shown is not None
        assert shown.verdict.label == label
    assert state_of(anna) == first
    assert not list(queries.wrong_memories())
    assert Review.objects.count() == 5


def test_undo_takes_back_what_stands_and_asks_again(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    hers.appeal(told.id)
    assert actions.undo(anna, hers.sitting, id=uuid7(), now_ms=NOON + DAY) is not None
    assert state_of(anna) == {}
    assert queries.next_questions(hers.sitting)[0].id == Review.objects.get(id=told.id).question
    again = hers.appeal(told.id)
    assert (again.status, again.why) == ("refused", "There is no such answer to overturn. It may have been taken back.")


def test_an_undo_that_names_the_first_answer_takes_back_what_stands_in_its_place(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    hers.appeal(told.id)
    back = actions.Given(uuid7(), hers.sitting.id, client_ms=NOON + DAY, takes_back=told.id)
    assert actions.answer(anna, back, now_ms=NOON + DAY).status == "stored"
    assert state_of(anna) == {}
    assert not list(queries.wrong_memories())


def test_the_same_appeal_sent_twice_counts_once(anna: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told, id = hers.write(0, "nothing like it"), uuid7()
    assert [hers.appeal(told.id, id=id).status for _ in range(2)] == ["stored", "there"]
    assert Review.objects.count() == 2


def test_points_are_overturned_one_by_one(anna: Person) -> None:
    deck = make_deck(anna, 1)
    note = Note.objects.get(deck=deck)
    note.definition = "<ul><li>it moves water</li><li>it needs a membrane</li><li>it costs no energy</li></ul>"
    note.definition_text = "• it moves water\n• it needs a membrane\n• it costs no energy"
    note.save()
    hers = Writer(anna, deck)
    told = hers.write(0, "it moves water")
    assert told.verdict is not None
    marks = [point.mark for point in told.verdict.points]
    assert marks[0] == "covered"
    assert set(marks[1:]) == {"missing"}
    one = hers.appeal(told.id, None, ticks={"1": "covered"})
    assert one.verdict is not None
    assert [point.mark for point in one.verdict.points] == ["covered", "covered", "missing"]
    assert one.verdict.score == pytest.approx(2 / 3)
    two = hers.appeal(told.id, None, ticks={"2": "covered"})
    assert two.verdict is not None
    assert (two.verdict.label, two.verdict.score) == ("right", 1.0)
    assert not list(queries.wrong_memories())


def test_what_it_left_on_another_card_goes_with_it(anna: Person, ben: Person, deck: Deck) -> None:
    hers, his = Writer(anna, deck), Writer(ben, deck)
    for each in (hers, his):
        each.write(1, ANSWERS[1])
    told = hers.write(0, ANSWERS[1])
    assert told.instead is not None
    assert Review.objects.filter(qtype="intrusion").count() == 1
    hers.appeal(told.id)
    his.write(0, ANSWERS[0])
    assert state_of(anna) == state_of(ben)
    assert not list(queries.wrong_memories())


def test_ones_own_judgement_is_undone_not_overturned(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck)
    told = visit.answer(cards_in(deck)[0], 1)
    refused = actions.overturn(anna, queries.answer_given(anna, told.id), id=uuid7(), to="right", now_ms=NOON)
    assert (refused.status, "judged this yourself" in refused.why) == ("refused", True)


def test_nobody_overturns_anothers_answer(anna: Person, cleo: Person, deck: Deck) -> None:
    told = Writer(anna, deck).write(0, "nothing like it")
    for stranger in (cleo, None):
        with pytest.raises(NotThere):
            queries.answer_given(stranger, told.id)


def test_the_owner_accepts_for_everyone(anna: Person, ben: Person, deck: Deck) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "Kraftwerk der Zelle")
    assert actions.accept_from_now_on(anna, queries.answer_given(anna, told.id), now_ms=NOON) == "for all"
    assert Note.objects.filter(deck=deck).order_by("position")[0].extra["accepted"] == ["Kraftwerk der Zelle"]
    his = Writer(ben, deck).write(0, "kraftwerk der zelle")
    assert his.verdict is not None
    assert his.verdict.label == "right"
    assert not Accepted.objects.exists()


def test_others_accept_for_themselves_and_the_owner_decides_for_all(anna: Person, ben: Person, cleo: Person, deck: Deck) -> None:
    for person in (ben, cleo):
        told = Writer(person, deck).write(0, "Kraftwerk der Zelle")
        assert actions.accept_from_now_on(person, queries.answer_given(person, told.id), now_ms=NOON) == "offered"
        assert actions.accept_from_now_on(person, queries.answer_given(person, told.id), now_ms=NOON) == "offered"
    again = Writer(ben, deck, now_ms=NOON + DAY).write(0, "Kraftwerk der Zelle!")
    assert again.verdict is not None
    assert again.verdict.label == "right"
    hers = Writer(anna, deck).write(0, "Kraftwerk der Zelle")
    assert hers.verdict is not None
    assert hers.verdict.label != "right", "what others accept for themselves is theirs"
    (waiting,) = queries.suggestions_of(deck)
    assert (waiting.text, waiting.learners, waiting.known) == ("Kraftwerk der Zelle", 2, ANSWERS[0])
    assert actions.decide(deck, waiting.id, accept=True)
    assert not actions.decide(deck, waiting.id, accept=True)
    assert queries.suggestions_of(deck) == []
    after = Writer(anna, deck, now_ms=NOON + DAY).write(0, "Kraftwerk der Zelle")
    assert after.verdict is not None
    assert after.verdict.label == "right"


def test_what_the_owner_declines_stays_the_learners_own(anna: Person, ben: Person, deck: Deck) -> None:
    told = Writer(ben, deck).write(0, "Kraftwerk der Zelle")
    actions.accept_from_now_on(ben, queries.answer_given(ben, told.id), now_ms=NOON)
    actions.decide(deck, queries.suggestions_of(deck)[0].id, accept=False)
    assert queries.suggestions_of(deck) == []
    assert actions.accept_from_now_on(ben, queries.answer_given(ben, told.id), now_ms=NOON) == "mine"
    again = Writer(ben, deck, now_ms=NOON + DAY).write(0, "Kraftwerk der Zelle")
    assert again.verdict is not None
    assert again.verdict.label == "right"
    assert "accepted" not in Note.objects.filter(deck=deck).order_by("position")[0].extra


def test_what_was_accepted_and_is_found_too_generous_is_accepted_no_longer(anna: Person, ben: Person, deck: Deck) -> None:
    for person in (anna, ben):
        told = Writer(person, deck).write(0, "Kraftwerk der Zelle")
        actions.accept_from_now_on(person, queries.answer_given(person, told.id), now_ms=NOON)
        hers = Writer(person, deck, now_ms=NOON + DAY)
        again = hers.write(0, "kraftwerk der Zelle")
        assert again.verdict is not None
        assert again.verdict.label == "right"
        hers.appeal(again.id, "wrong")
        last = Writer(person, deck, now_ms=NOON + 2 * DAY).write(0, "Kraftwerk der Zelle")
        assert last.verdict is not None
        assert last.verdict.label != "right"
    assert not Accepted.objects.exists()
    assert queries.suggestions_of(deck) == []


@pytest.mark.parametrize(("text", "unknown"), [("", True), ("   ", True), ("x" * 500, False)], ids=["don't know", "spaces", "an essay"])
def test_what_cannot_be_accepted_is_said(anna: Person, deck: Deck, text: str, unknown: bool) -> None:
    told = Writer(anna, deck).write(0, text, unknown=unknown)
    with pytest.raises(NotAsked):
        actions.accept_from_now_on(anna, queries.answer_given(anna, told.id), now_ms=NOON)


def test_accepted_forms_go_over_to_an_account_and_go_when_all_is_forgotten(anna: Person, ben: Person, cleo: Person, deck: Deck) -> None:
    for person in (ben, cleo):
        told = Writer(person, deck).write(0, "Kraftwerk")
        actions.accept_from_now_on(person, queries.answer_given(person, told.id), now_ms=NOON)
    actions.merge(ben, cleo, now_ms=NOON)
    assert Accepted.objects.get().learner_id == cleo.id
    actions.forget(cleo)
    assert not Accepted.objects.exists()


@pytest.mark.parametrize("seed", range(8))
def test_what_counts_does_not_depend_on_the_order_of_the_rows(anna: Person, deck: Deck, seed: int) -> None:
    hers = Writer(anna, deck)
    told = hers.write(0, "nothing like it")
    hers.write(1, ANSWERS[1])
    for to in ("right", "wrong", "right"):
        hers.appeal(told.id, to)
    rows = entries(Review.objects.all())
    random.Random(seed).shuffle(rows)
    assert [(entry.card_id.hex, entry.verdict) for entry in standing(rows)] == [(card, "right") for card in cards_in(deck)[:2]]
    assert len([entry for entry in rows if entry.overturns]) == 3
