"""Where a learner stands: levels, what is due, what to do next, why, and every figure from the log."""

from __future__ import annotations

import csv
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kartoteka.engine.memory import level
from kartoteka.library.models import Card, Deck, Note
from kartoteka.people.models import Person
from kartoteka.study import actions, candidates, queries
from kartoteka.study.models import Memory
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit, cards_in, make_deck


@pytest.fixture(autouse=True)
def shelf(modes: dict[str, Any]) -> None:
    for name in set(modes) - {"look", "plain", "due"}:
        del modes[name]
    modes["look"].TITLE, modes["due"].TITLE = "Flashcards", "Spaced Repetition"
    modes["look"].ORDER = 0


def test_everything_is_new_at_first(deck: Deck, anna: Person) -> None:
    for learner in (None, anna):
        standing = queries.standing_of(learner, deck, NOON)
        assert standing.levels == {"mastered": 0, "familiar": 0, "fading": 0, "learning": 0, "new": 3}
        assert (standing.due, standing.new, standing.mastery.percent, standing.mastery.of) == (0, 3, 0, 3)


def test_levels_move_with_each_answer(visit: Visit, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    visit.answer(first, 4)
    visit.answer(second, 1)
    standing = queries.standing_of(visit.learner, deck, NOON + HOUR)
    assert standing.levels == {"mastered": 0, "familiar": 1, "fading": 0, "learning": 1, "new": 1}
    assert (standing.due, standing.new) == (1, 1)
    assert 0 < standing.mastery.percent < 100
    notes = [note.hex for note in Note.objects.filter(deck=deck).order_by("position").values_list("id", flat=True)]
    assert [standing.of_note[note] for note in notes] == ["familiar", "learning", "new"]
    assert set(standing.recall_of_note) == set(notes[:2])
    late = queries.standing_of(visit.learner, deck, NOON + 4000 * DAY)
    assert late.levels["fading"] == 1


def test_a_note_is_as_well_known_as_its_weakest_card(visit: Visit, deck: Deck) -> None:
    forward = cards_in(deck)[0]
    visit.answer(forward, 4)
    note = Card.objects.get(id=forward).note
    Card.objects.create(note=note, deck=deck, kind="reversed")
    assert queries.standing_of(visit.learner, deck, NOON).of_note[note.id.hex] == "familiar"
    both = Visit(visit.learner, deck, answer="term")
    reverse = Card.objects.get(note=note, kind="reversed").id.hex
    both.answer(reverse, 1)
    assert queries.standing_of(visit.learner, deck, NOON).of_note[note.id.hex] == "learning"


def test_suspended_cards_are_set_aside_and_stars_are_the_notes(visit: Visit, deck: Deck) -> None:
    first, second, _third = (Card.objects.get(id=card) for card in cards_in(deck))
    visit.answer(first.id.hex, 1)
    actions.mark(visit.learner, first.id, deck.id, suspended=True)
    actions.mark(visit.learner, second.id, deck.id, starred=True)
    standing = queries.standing_of(visit.learner, deck, NOON + DAY)
    assert (standing.due, standing.suspended, standing.mastery.of) == (0, 1, 2)
    assert standing.starred == {second.note_id.hex}


def test_the_arrays_say_what_one_card_alone_says(anna: Person) -> None:
    deck = make_deck(anna, 60)
    dice, visit = random.Random(1), Visit(anna, deck)
    for card in cards_in(deck):
        for turn in range(dice.randrange(4)):
            visit.answer(card, dice.choice((1, 1, 2, 3, 4)), turn=turn, at_ms=NOON + dice.randrange(90) * DAY)
    now = NOON + 95 * DAY
    calendar = queries.calendar_of(anna)
    standing = queries.standing_of(anna, deck, now)
    states, _due, levels = candidates.memories_of(anna, deck.id, now)
    assert all(levels[card] == level(state, now, calendar) for card, state in states.items())
    note_of = {card.id.hex: card.note_id.hex for card in Card.objects.filter(deck=deck)}
    assert all(standing.of_note[note] == levels.get(card, "new") for card, note in note_of.items())


def test_a_standing_takes_a_few_queries_however_large_the_set(anna: Person) -> None:
    deck = make_deck(anna, 300)
    visit = Visit(anna, deck)
    actions.answer_many(anna, [visit.given(card) for card in cards_in(deck)[:100]], now_ms=NOON)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        queries.standing_of(anna, deck, NOON)
    assert len(seen) <= 4


def test_today_counts_what_is_due_over_all_sets(anna: Person, deck: Deck) -> None:
    other = make_deck(anna, 2)
    Visit(anna, deck).answer(cards_in(deck)[0], 1)
    there = Visit(anna, other)
    there.answer(cards_in(other)[0], 1)
    there.answer(cards_in(other)[1], 4)
    today = queries.today_of(anna, NOON + HOUR)
    assert (today.due, sorted(count for _deck, count in today.decks)) == (2, [1, 1])
    assert today.new == 2
    assert today.minutes > 0.5
    assert len(today.forecast) == 14
    assert today.forecast[0] >= 2
    assert queries.today_in(anna, deck, NOON + HOUR).due == 1
    assert queries.today_of(Person.objects.create(name="Dora"), NOON).cards == []


def test_new_cards_have_a_cap_for_the_day(anna: Person) -> None:
    anna.new_a_day, anna.minutes_a_day = 5, 240
    anna.save()
    deck = make_deck(anna, 30)
    assert queries.today_of(anna, NOON).new == 5
    visit = Visit(anna, deck)
    for card in cards_in(deck)[:3]:
        visit.answer(card, 4)
    assert queries.today_of(anna, NOON + HOUR).new == 2
    assert queries.today_of(anna, NOON + DAY).new == 5


def test_one_thing_is_recommended(anna: Person, deck: Deck) -> None:
    first, second, third = cards_in(deck)
    assert queries.recommended(None, make_deck(anna, 0), NOON).mode == ""
    start = queries.recommended(anna, deck, NOON)
    assert (start.words, start.mode) == ("Start: look through 3 cards", "look")
    looked = Visit(anna, deck, "look")
    looked.answer(first, None)
    begun = queries.recommended(anna, deck, NOON)
    assert (begun.words, begun.mode) == ("Continue Flashcards 1/3", "look")
    Visit(anna, deck, "due").answer(second, 1)
    review = queries.recommended(anna, deck, NOON + HOUR)
    assert (review.words, review.mode) == ("Review 1 due", "due")
    assert review.small.endswith("min")
    actions.finish(looked.sitting, now_ms=NOON)
    Visit(anna, deck, "due").answer(second, 4, turn=1, at_ms=NOON + 2 * HOUR)
    meet = queries.recommended(anna, deck, NOON + 3 * HOUR)
    assert (meet.words, meet.mode) == ("Meet 2 new cards", "due")
    assert third


def test_each_way_to_study_has_its_own_line(anna: Person, deck: Deck) -> None:
    assert set(queries.mode_lines(None, deck, NOON).values()) == {""}
    looked = Visit(anna, deck, "look")
    looked.answer(cards_in(deck)[0], None)
    Visit(anna, deck).answer(cards_in(deck)[1], 1)
    lines = queries.mode_lines(anna, deck, NOON + HOUR)
    assert lines == {"look": "Resume 1/3", "plain": "", "due": "1 due"} | {"plain": lines["plain"]}
    actions.finish(looked.sitting, now_ms=NOON)
    assert queries.mode_lines(anna, deck, NOON + DAY)["look"] == "done yesterday"


def test_why_says_it_in_words_with_numbers_from_the_state(anna: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    new = queries.why(anna, card, NOON)
    assert new.sentence.startswith("New")
    assert [one.rating for one in new.outcomes] == [1, 2, 3, 4]
    visit = Visit(anna, deck)
    visit.answer(card, 1)
    step = queries.why(anna, card, NOON + 4 * MINUTE)
    assert "Missed 4 minutes ago." in step.sentence
    visit.answer(card, 3, turn=1, at_ms=NOON + HOUR)
    due = queries.why(anna, card, NOON + 6 * DAY)
    assert "Seen 2×, last Got it 6 days ago." in due.sentence
    assert f"{round(100 * (due.recall_now or 0))} %" in due.sentence
    assert "Pressing Got it → in " in due.sentence
    assert [one.passed for one in due.evidence] == [True, False]
    assert due.curve[0][0] == NOON
    assert due.future[0][0] == NOON + 6 * DAY
    memory = Memory.objects.get()
    assert due.due_ms == memory.due_ms


def test_the_answers_behind_a_figure(anna: Person, ben: Person, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    Visit(anna, deck, "look").answer(first, None)
    visit = Visit(anna, deck)
    visit.answer(first, 1)
    visit.answer(first, 3, turn=1, at_ms=NOON + DAY)
    visit.answer(second, 4, at_ms=NOON + DAY + MINUTE)
    Visit(ben, deck).answer(first, 1)
    assert [one.card for one in queries.answers(anna, deck)] == [second, first, first]
    assert [one.label for one in queries.answers(anna, deck, first)] == ["Got it", "Forgot"]
    assert len(queries.answers(anna, deck, graded=False)) == 4
    assert [one.label for one in queries.answers(anna, deck, mode="look", graded=False)] == ["looked at"]
    assert len(queries.answers(anna, since_ms=NOON + DAY)) == 2
    rows = {row.card: row for row in queries.cards_with_figures(anna, deck, NOON + DAY)}
    assert (rows[first].asked, rows[first].right, rows[first].missed, rows[first].last_passed) == (2, 1, 1, True)
    assert rows[first].by_mode == {"plain": (1, 2, True)}
    assert queries.hardest(list(rows.values()))[0].card == first


def test_people_see_their_own_row_and_no_strangers(anna: Person, ben: Person, cleo: Person, deck: Deck) -> None:
    assert queries.people_of(deck, anna, NOON) == []
    Visit(ben, deck, "due").answer(cards_in(deck)[0], 3)
    (row,) = queries.people_of(deck, ben, NOON + HOUR)
    assert row.name == "You"
    assert [column.key for column in queries.columns()] == ["name", "mastery", "due", "minutes", "last"]
    assert [cell.key for cell in row.cells] == ["due", "minutes", "last"]
    assert row.cells[0].words == "1 due"
    assert row.cells[2].words == "today"
    assert queries.people_of(deck, cleo, NOON) == queries.people_of(deck, None, NOON) == []


def test_studied_by_counts_everyone_but_the_owner(anna: Person, ben: Person, cleo: Person, deck: Deck) -> None:
    Visit(anna, deck).answer(cards_in(deck)[0])
    assert queries.studied_by(deck) == 0
    Visit(ben, deck).answer(cards_in(deck)[0])
    Visit(cleo, deck, "look").answer(cards_in(deck)[0], None)
    assert queries.studied_by(deck) == 2
    from kartoteka.store.keys import uuid7

    actions.undo(ben, Visit(ben, deck).sitting, id=uuid7(), now_ms=NOON)
    assert queries.studied_by(deck) == 1


def test_true_retention_counts_cards_asked_again_on_a_later_day(anna: Person, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    visit = Visit(anna, deck)
    visit.answer(first, 1)
    visit.answer(first, 2, turn=1, at_ms=NOON + MINUTE)
    one, two = Visit(anna, deck, "due", now_ms=NOON + 9 * DAY), Visit(anna, deck, "due", now_ms=NOON + 50 * DAY, order="shuffled")
    one.answer(first, 1)
    visit.answer(second, 3)
    assert queries.true_retention(anna, deck, NOON + 10 * DAY) == (0, 1)
    two.answer(first, 3)
    assert queries.true_retention(anna, deck, NOON + 51 * DAY) == (1, 1)


def test_csv_is_safe_in_a_spreadsheet_and_complete(anna: Person, deck: Deck) -> None:
    Note.objects.filter(deck=deck, position=0).update(term_text="=SUM(A1)")
    Visit(anna, deck).answer(cards_in(deck)[0], 1)
    rows = list(csv.DictReader("".join(queries.analytics_csv(anna, deck, NOON)).splitlines()))
    assert len(rows) == 3
    assert rows[0]["term"] == "'=SUM(A1)"
    assert (rows[0]["asked"], rows[0]["missed"], rows[1]["asked"], rows[1]["recall_now"]) == ("1", "1", "0", "")
    log = list(csv.DictReader("".join(queries.answers_csv(anna, deck)).splitlines()))
    assert (log[0]["at_ms"], log[0]["rating"], log[0]["outcome"]) == (str(NOON), "1", "0.0")
