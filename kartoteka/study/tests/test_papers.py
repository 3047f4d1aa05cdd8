"""A test is frozen, saved at every change, handed in once, and its marks can be overturned."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.library import actions as library
from kartoteka.library.models import Deck, Note
from kartoteka.modes.test import rules
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, appeals, attempts, desks, papers, queries
from kartoteka.study.log import SHOWN
from kartoteka.study.models import Memory, Paper, Review, Sitting
from kartoteka.study.refusals import NotAsked
from kartoteka.study.tests.conftest import HOUR, MINUTE, NOON, make_deck

WORDS = ("heron", "stork", "crane", "gull", "tern", "wren", "robin", "finch", "swift", "crow", "raven", "kite")


@pytest.fixture(autouse=True)
def the_test(modes: dict[str, Any]) -> None:
    modes["test"] = rules


@pytest.fixture
def birds(anna: Person) -> Deck:
    deck = make_deck(anna, len(WORDS))
    for note, word in zip(Note.objects.filter(deck=deck).order_by("position"), WORDS, strict=True):
        text = f"the bird that is called {word} in the north and sings at {ord(word[0])} o'clock"
        Note.objects.filter(id=note.id).update(term=f"<p>{word}</p>", term_text=word, definition=f"<p>{text}</p>", definition_text=text)
    return deck


def sat(learner: Person, deck: Deck, **options: Any) -> Sitting:
    return actions.sit(learner, deck=deck, mode="test", options={"n": 10, **options}, now_ms=NOON, dice=random.Random(3), afresh=True)


def right(question: Any) -> dict[str, str]:
    if question.qtype == "tf":
        return {"choice": "true" if question.claim.right else "false"}
    if question.choices:
        return {"choice": next(choice.id for choice in question.choices if choice.right)}
    return {"text": question.answer.text}


def wrong(question: Any) -> dict[str, str]:
    if question.qtype == "tf":
        return {"choice": "false" if question.claim.right else "true"}
    if question.choices:
        return {"choice": next(choice.id for choice in question.choices if not choice.right)}
    return {"text": "nothing of the kind at all"}


def write(learner: Person, sitting: Sitting, answers: dict[str, dict[str, str]], *, at_ms: int = NOON + MINUTE) -> papers.Saved:
    changes = [papers.Change(id, at_ms + place, response) for place, (id, response) in enumerate(answers.items())]
    return papers.save(learner, sitting, changes, now_ms=at_ms + len(answers))


def test_every_answer_becomes_one_review_when_it_is_handed_in_and_none_before(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds)
    questions = desks.paper_of(sitting)
    assert len(questions) == 10
    told = write(anna, sitting, {question.id: right(question) for question in questions[:8]})
    assert (told.kept, told.answered, told.handed) == (8, 8, False)
    assert queries.mode_lines(anna, birds, NOON + MINUTE)["test"] == "Resume 8/10"
    assert queries.recommended(anna, birds, NOON + MINUTE).words == "Continue Practice Test 8/10"
    assert Review.objects.count() == 0
    paper = papers.hand_in(anna, sitting, now_ms=NOON + 2 * MINUTE)
    assert paper.earned == 8
    assert paper.possible == 10
    assert Review.objects.count() == 8
    assert papers.hand_in(anna, sitting, now_ms=NOON + 3 * MINUTE).earned == 8
    assert Review.objects.count() == 8, "handing in twice is once"
    assert attempts.tests_words(anna, birds.id) == ("last 80 % · best 80 % · 1×", 80.0)
    (row,) = queries.people_of(birds, anna, NOON + HOUR)
    assert next(cell for cell in row.cells if cell.key == "test").words == "last 80 % · best 80 % · 1×"
    assert queries.mode_lines(anna, birds, NOON + HOUR)["test"] == "best 80 %"


def test_a_miss_in_a_test_is_due_today(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds, types=("typed",), answer="term")
    (first, *_others) = desks.paper_of(sitting)
    write(anna, sitting, {first.id: {"text": "I do not know"}})
    papers.hand_in(anna, sitting, now_ms=NOON + HOUR)
    memory = Memory.objects.get(learner=anna)
    assert memory.card_id.hex == first.item.id
    assert memory.due_ms < NOON + 2 * HOUR


def test_what_is_edited_or_deleted_later_changes_no_paper(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds)
    questions = desks.paper_of(sitting)
    gone, edited = questions[0].item, questions[1].item
    library.bin_note(Note.objects.get(id=gone.note))
    Note.objects.filter(id=edited.note).update(definition="<p>other</p>", definition_text="other", version=9)
    again = desks.paper_of(Sitting.objects.get(id=sitting.id))
    assert again == questions
    assert papers.changed_since(again)[gone.id] == "deleted"
    assert papers.changed_since(again)[edited.id] == "edited"
    write(anna, sitting, {question.id: right(question) for question in again})
    assert papers.hand_in(anna, sitting, now_ms=NOON + HOUR).earned == 10


def test_the_latest_change_wins_whichever_device_is_heard_last(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds)
    question = desks.paper_of(sitting)[0]
    papers.save(anna, sitting, [papers.Change(question.id, NOON + 5000, right(question), flagged=True)], now_ms=NOON + 6000)
    papers.save(anna, sitting, [papers.Change(question.id, NOON + 4000, wrong(question))], now_ms=NOON + 7000)
    draft = papers.drafts_on(papers.paper_on(sitting))[question.id]
    assert draft.response == right(question)
    assert draft.flagged


def test_a_change_from_a_device_with_a_wrong_clock_is_put_right(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds, minutes=5)
    question = desks.paper_of(sitting)[0]
    there = NOON + HOUR  # this device is an hour ahead
    told = papers.save(anna, sitting, [papers.Change(question.id, there + 1000, right(question))], now_ms=NOON + 2000, sent_ms=there + 2000)
    assert told.kept == 1
    assert told.left_ms == 5 * MINUTE - 2000


def test_at_zero_what_is_there_is_handed_in_and_what_came_later_does_not_count(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds, minutes=5)
    one, two, three, *_rest = desks.paper_of(sitting)
    write(anna, sitting, {one.id: right(one)})
    changes = [papers.Change(two.id, NOON + 4 * MINUTE, right(two)), papers.Change(three.id, NOON + 6 * MINUTE, right(three))]
    told = papers.save(anna, sitting, changes, now_ms=NOON + 7 * MINUTE)
    assert (told.kept, told.late, told.handed) == (1, 1, True)
    paper = papers.paper_on(sitting)
    assert paper.earned == 2
    assert paper.ran_out
    assert paper.handed_ms == NOON + 5 * MINUTE


def test_the_clock_stops_only_where_the_paper_allows_it(anna: Person, birds: Deck) -> None:
    strict, kind = sat(anna, birds, minutes=5), sat(anna, birds, minutes=5, pause=True)
    for sitting in (strict, kind):
        papers.stop_clock(anna, sitting, now_ms=NOON + MINUTE, stop=True)
        papers.stop_clock(anna, sitting, now_ms=NOON + 11 * MINUTE, stop=False)
    assert papers.left_ms(papers.paper_on(strict), NOON + 11 * MINUTE) == 0
    assert papers.left_ms(papers.paper_on(kind), NOON + 11 * MINUTE) == 4 * MINUTE


def test_marks_after_each_question_are_final_and_only_where_they_were_chosen(anna: Person, birds: Deck) -> None:
    silent, told = sat(anna, birds), sat(anna, birds, each=True)
    for sitting in (silent, told):
        question = desks.paper_of(sitting)[0]
        write(anna, sitting, {question.id: right(question)})
    with pytest.raises(NotAsked):
        papers.check(anna, silent, desks.paper_of(silent)[0].id, now_ms=NOON + HOUR)
    question = desks.paper_of(told)[0]
    assert papers.check(anna, told, question.id, now_ms=NOON + HOUR).verdict.label == "right"  # type: ignore[union-attr]
    write(anna, told, {question.id: wrong(question)}, at_ms=NOON + HOUR)
    assert papers.hand_in(anna, told, now_ms=NOON + 2 * HOUR).earned == 1


def test_an_overturned_mark_changes_score_and_memory_and_both_answers_stay_in_the_log(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds, types=("typed",), answer="term")
    question = desks.paper_of(sitting)[0]
    write(anna, sitting, {question.id: wrong(question)})
    papers.hand_in(anna, sitting, now_ms=NOON + HOUR)
    missed = Memory.objects.get(learner=anna).due_ms
    (entry,) = papers.marks_on(sitting)
    review = appeals.answer_given(anna, entry.id)
    told = appeals.overturn(anna, review, id=uuid7(), to="right", now_ms=NOON + 2 * HOUR)
    assert told.status == "stored"
    assert papers.paper_on(sitting).earned == 1
    assert Memory.objects.get(learner=anna).due_ms > missed
    assert Review.objects.exclude(question=SHOWN).count() == 2
    assert Review.objects.get(id=told.id).judged["overturned"]["label"] == "wrong"
    assert Sitting.objects.get(id=sitting.id).over_ms is not None, "the test stays handed in"
    assert list(queries.wrong_memories()) == []
    appeals.overturn(anna, review, id=uuid7(), to="wrong", now_ms=NOON + 3 * HOUR)
    assert papers.paper_on(sitting).earned == 0


def test_leaving_is_noted_and_never_punished(anna: Person, birds: Deck) -> None:
    sitting = sat(anna, birds, exam=True)
    question = desks.paper_of(sitting)[0]
    papers.save(anna, sitting, [papers.Change(question.id, NOON, right(question))], now_ms=NOON, left=2)
    papers.save(anna, sitting, [], now_ms=NOON + MINUTE, left=1)
    paper = papers.hand_in(anna, sitting, now_ms=NOON + HOUR)
    assert (paper.left, paper.earned) == (3, 1)


def test_a_forged_question_and_foreign_hands_change_nothing(anna: Person, cleo: Person, birds: Deck) -> None:
    sitting = sat(anna, birds)
    told = papers.save(anna, sitting, [papers.Change("0.ffff.choice.f..0", NOON, {"choice": "1"}), papers.Change("", NOON, {})], now_ms=NOON)
    assert told.kept == 0
    with pytest.raises(NotThere):
        queries.sitting_of(cleo, sitting.id)
    question = desks.paper_of(sitting)[0]
    papers.save(anna, sitting, [papers.Change(question.id, NOON, {"choice": "nonsense", "text": "   ", "rating": 7})], now_ms=NOON)
    assert papers.hand_in(anna, sitting, now_ms=NOON + 1).earned == 0


def test_a_guest_keeps_the_tests_when_an_account_is_made_and_all_goes_when_it_is_forgotten(anna: Person, ben: Person, birds: Deck) -> None:
    sitting = sat(ben, birds)
    question = desks.paper_of(sitting)[0]
    write(ben, sitting, {question.id: right(question)})
    actions.merge(ben, anna, now_ms=NOON + HOUR)
    moved = queries.sitting_of(anna, sitting.id)
    assert papers.hand_in(anna, moved, now_ms=NOON + HOUR).earned == 1
    actions.forget(anna)
    assert Paper.objects.count() == 0


def test_cards_of_a_preview_and_of_the_paper_are_the_same(anna: Person, birds: Deck) -> None:
    values = queries.options_from(rules, {"n": "10"})
    mix, _choice = papers.preview(anna, birds, "test", values, now_ms=NOON, seed=11)
    sitting = actions.sit(anna, deck=birds, mode="test", options=values, now_ms=NOON, dice=random.Random(1), seed=11)
    assert desks.paper_of(sitting)
    assert mix.n == len(desks.paper_of(sitting))
    assert set(mix.asked) == {question.item.id for question in desks.paper_of(sitting)}
