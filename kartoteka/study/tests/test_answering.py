"""An answer is kept once, moves the memory as the log says, and can be taken back."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace

import pytest

from kartoteka.engine.memory import MemoryState, outcomes
from kartoteka.library.models import Deck, Note
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.log import STATE
from kartoteka.study.models import Memory, Progress, Review
from kartoteka.study.replaying import remembered
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, Visit, cards_in, make_deck


def state(learner: Person, card: str) -> MemoryState | None:
    row = Memory.objects.filter(learner=learner, card_id=card).values(*STATE).first()
    return MemoryState.of(row) if row else None


def answers(learner: Person) -> int:
    return sum(Progress.objects.filter(learner=learner).values_list("answers", flat=True))


def test_an_answer_is_kept_and_moves_the_memory(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    told = visit.answer(card)
    assert told.status == "stored"
    assert told.before is None
    assert told.after == state(visit.learner, card) is not None
    review = Review.objects.get(id=told.id)
    assert (review.mode, review.qtype, review.verdict, review.outcome, review.took_ms) == ("plain", "self", "right", 1.0, 4000)
    assert review.evidence["kind"] == "rating"
    assert review.evidence["sitting"] == visit.sitting.id.hex
    assert answers(visit.learner) == 1


def test_a_button_shows_the_very_state_that_is_stored(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    calendar = queries.calendar_of(visit.learner)
    for rating in (1, 2, 3, 4):
        other = make_deck(visit.learner, 1)
        there = Visit(visit.learner, other)
        there.answer(cards_in(other)[0], 3)
        before = state(visit.learner, cards_in(other)[0])
        later = Visit(visit.learner, other, now_ms=NOON + 3 * DAY, order="shuffled")
        promised = outcomes(before, later.now_ms, calendar, sitting=later.sitting.id.hex)
        assert later.answer(cards_in(other)[0], rating).after == promised[rating]
    assert card


def test_the_same_answer_twice_counts_once(visit: Visit, deck: Deck) -> None:
    given = visit.given(cards_in(deck)[0])
    first = actions.answer(visit.learner, given, now_ms=NOON)
    second = actions.answer(visit.learner, given, now_ms=NOON + MINUTE)
    both = actions.answer_many(visit.learner, [given, given], now_ms=NOON)
    assert [first.status, second.status, *(told.status for told in both)] == ["stored", "there", "there", "there"]
    assert Review.objects.count() == answers(visit.learner) == 1


def test_two_tabs_answering_the_same_question_count_once(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    first, second = visit.answer(card, 3), visit.answer(card, 1, at_ms=NOON + 500)
    assert (first.status, second.status) == ("stored", "there")
    assert "already" in second.why
    assert state(visit.learner, card) == first.after
    assert answers(visit.learner) == 1
    assert not list(queries.wrong_memories())


def test_of_two_answers_to_one_question_the_earlier_counts_whichever_arrives_first(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    visit.answer(card, 3, at_ms=NOON + HOUR)
    late = visit.answer(card, 1, at_ms=NOON, now_ms=NOON + HOUR)
    assert late.status == "stored"
    after = state(visit.learner, card)
    assert after is not None
    assert after.last_ms == NOON
    assert not after.last_ok
    assert answers(visit.learner) == 1


def test_a_question_that_is_not_asked_is_refused_with_a_sentence(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    visit.answer(card, 3)
    other = cards_in(make_deck(visit.learner))[0]
    for question in (f"0.{other}.self.f..0", f"0.{card}.typed.f..0", f"1.{card}.self.f..0", f"0.{card}.self.r..0", "", "nonsense", "0.0.0.0.0.0", "9" * 120):
        told = actions.answer(visit.learner, replace(visit.given(card), question=question), now_ms=NOON)
        assert told.status == "refused", question
        assert "save" in told.why
    assert Review.objects.count() == 1


def test_an_answer_that_is_none_is_refused(visit: Visit, deck: Deck) -> None:
    for rating in (None, 0, 5, -1):
        assert visit.answer(cards_in(deck)[0], rating).status == "refused"


def test_a_sitting_of_someone_else_or_nowhere_is_refused(visit: Visit, cleo: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    assert actions.answer(cleo, visit.given(card), now_ms=NOON).status == "refused"
    assert actions.answer(visit.learner, replace(visit.given(card), sitting=uuid7()), now_ms=NOON).status == "refused"
    with pytest.raises(NotThere):
        queries.sitting_of(cleo, visit.sitting.id)
    with pytest.raises(NotThere):
        queries.sitting_of(None, visit.sitting.id)


def test_another_learners_id_is_neither_told_nor_taken(visit: Visit, ben: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    told = visit.answer(card)
    mine = Visit(ben, deck)
    again = mine.answer(card, id=told.id)
    assert again.status == "refused"
    assert again.verdict is None
    stolen = actions.Given(uuid7(), mine.sitting.id, client_ms=NOON, takes_back=told.id)
    assert actions.answer(ben, stolen, now_ms=NOON).status == "refused"
    assert Review.objects.filter(learner=ben).count() == 0


def test_one_bad_answer_never_spoils_the_others(visit: Visit, deck: Deck) -> None:
    cards = cards_in(deck)
    batch = [visit.given(cards[0]), replace(visit.given(cards[1]), question="?"), visit.given(cards[2], 9), visit.given(cards[1], 1)]
    told = actions.answer_many(visit.learner, batch, now_ms=NOON)
    assert [one.status for one in told] == ["stored", "refused", "refused", "stored"]
    assert [one.id for one in told] == [given.id for given in batch]


def test_a_miss_is_asked_again_and_a_late_first_turn_finds_its_question(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    second = visit.answer(card, 3, turn=1, at_ms=NOON + 10 * MINUTE)
    first = visit.answer(card, 1, turn=0, at_ms=NOON, now_ms=NOON + 11 * MINUTE)
    assert (first.status, second.status) == ("stored", "stored")
    in_time = Visit(visit.learner, make_deck(visit.learner))
    other = cards_in(Deck.objects.get(id=in_time.sitting.deck_id))[0]
    in_time.answer(other, 1, turn=0, at_ms=NOON)
    in_time.answer(other, 3, turn=1, at_ms=NOON + 10 * MINUTE)
    mine, theirs = state(visit.learner, card), state(visit.learner, other)
    assert mine is not None
    assert theirs is not None
    assert (mine.s6, mine.d7, mine.last_ms) == (theirs.s6, theirs.d7, theirs.last_ms)


def test_undo_takes_back_the_newest_answer_and_the_question_is_asked_again(visit: Visit, deck: Deck) -> None:
    first, second = cards_in(deck)[:2]
    visit.answer(first, 1, at_ms=NOON)
    kept = state(visit.learner, first)
    visit.answer(second, 3, at_ms=NOON + MINUTE)
    told = actions.undo(visit.learner, visit.sitting, id=uuid7(), now_ms=NOON + 2 * MINUTE)
    assert told is not None
    assert told.status == "stored"
    assert state(visit.learner, second) is None
    assert state(visit.learner, first) == kept
    assert Review.objects.count() == 3
    assert answers(visit.learner) == 1
    again = visit.answer(second, 1, at_ms=NOON + 3 * MINUTE)
    assert again.status == "stored"
    assert not list(queries.wrong_memories())


def test_undo_goes_back_for_ever_also_past_the_end_of_a_sitting(visit: Visit, deck: Deck) -> None:
    for card in cards_in(deck):
        visit.answer(card)
    assert not actions.deal(visit.sitting, now_ms=NOON)
    assert visit.sitting.over_ms == NOON
    for left in (2, 1, 0):
        assert actions.undo(visit.learner, visit.sitting, id=uuid7(), now_ms=NOON + DAY) is not None
        assert answers(visit.learner) == left
    visit.sitting.refresh_from_db()
    assert visit.sitting.over_ms is None
    assert actions.undo(visit.learner, visit.sitting, id=uuid7(), now_ms=NOON + DAY) is None
    assert not Memory.objects.exists()


def test_undo_of_a_question_answered_in_two_tabs_leaves_neither_answer(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    visit.answer(card, 3)
    visit.answer(card, 3, at_ms=NOON + 50)
    actions.undo(visit.learner, visit.sitting, id=uuid7(), now_ms=NOON + MINUTE)
    assert state(visit.learner, card) is None
    assert answers(visit.learner) == 0


def test_an_undo_that_arrives_before_its_answer_still_takes_it_back(visit: Visit, deck: Deck) -> None:
    card = cards_in(deck)[0]
    given = visit.given(card)
    back = actions.Given(uuid7(), visit.sitting.id, client_ms=NOON + MINUTE, takes_back=given.id)
    assert actions.answer(visit.learner, back, now_ms=NOON + HOUR).status == "stored"
    assert actions.answer(visit.learner, given, now_ms=NOON + HOUR).status == "stored"
    assert state(visit.learner, card) is None
    assert answers(visit.learner) == 0
    assert len(queries.desk_of(visit.sitting).answered) == 0
    assert visit.answer(card, at_ms=NOON + 2 * MINUTE).status == "stored"
    assert answers(visit.learner) == 1
    assert not list(queries.wrong_memories())


def test_taking_back_twice_takes_back_once(visit: Visit, deck: Deck) -> None:
    told = visit.answer(cards_in(deck)[0])
    backs = [actions.Given(uuid7(), visit.sitting.id, client_ms=NOON, takes_back=told.id) for _ in range(2)]
    assert [one.status for one in actions.answer_many(visit.learner, backs, now_ms=NOON)] == ["stored", "there"]
    undone = actions.Given(uuid7(), visit.sitting.id, client_ms=NOON, takes_back=backs[0].id)
    assert actions.answer(visit.learner, undone, now_ms=NOON).status == "refused"


def test_looking_at_a_card_is_kept_and_proves_nothing(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck, "look")
    told = visit.answer(cards_in(deck)[0], None)
    assert told.status == "stored"
    assert Review.objects.get().evidence == {}
    assert Review.objects.get().outcome is None
    assert not Memory.objects.exists()
    assert answers(anna) == 1


def test_a_look_first_does_not_keep_an_answer_from_counting(anna: Person, deck: Deck) -> None:
    card = cards_in(deck)[0]
    Visit(anna, deck, "look").answer(card, None)
    assert Visit(anna, deck).answer(card).after is not None
    assert not list(queries.wrong_memories())


def test_a_late_answer_is_replayed_at_its_own_time(visit: Visit, deck: Deck, anna: Person) -> None:
    card = cards_in(deck)[0]
    other = Visit(anna, deck, "sort")
    visit.answer(card, 3, at_ms=NOON + 5 * DAY)
    other.answer(card, 1, at_ms=NOON, now_ms=NOON + 6 * DAY)
    assert state(anna, card) == remembered(anna)[uuid.UUID(card)]
    found = state(anna, card)
    assert found is not None
    assert found.first_ms == NOON
    assert not list(queries.wrong_memories())


def test_a_wrong_device_clock_is_corrected_and_both_times_are_kept(visit: Visit, deck: Deck) -> None:
    first, second, third = cards_in(deck)
    day_ahead = NOON + DAY
    actions.answer(visit.learner, visit.given(first, at_ms=day_ahead), now_ms=NOON + 30, sent_ms=day_ahead + 10)
    review = Review.objects.get(card_id=first)
    assert (review.client_ms, review.at_ms, review.offset_ms, review.received_ms) == (day_ahead, NOON + 20, 20 - DAY, NOON + 30)
    actions.answer(visit.learner, visit.given(second, at_ms=NOON - MINUTE), now_ms=NOON, sent_ms=NOON - MINUTE)
    assert Review.objects.get(card_id=second).at_ms == NOON - MINUTE
    actions.answer(visit.learner, visit.given(third, at_ms=NOON + 3 * DAY), now_ms=NOON)
    assert Review.objects.get(card_id=third).at_ms == NOON


def test_the_learner_day_follows_the_learners_zone_and_never_moves_again(visit: Visit, deck: Deck) -> None:
    first, second, _third = cards_in(deck)
    before_four = NOON + 15 * HOUR  # 03:00 UTC on 2 January: 12:00 in Tokyo, 04:00 in Berlin, 22:00 the day before in New York
    actions.answer(visit.learner, visit.given(first, at_ms=before_four), now_ms=before_four, time_zone="Asia/Tokyo")
    day = Review.objects.get(card_id=first).day
    visit.learner.refresh_from_db()
    assert visit.learner.time_zone == "Asia/Tokyo"
    actions.answer(visit.learner, visit.given(second, at_ms=before_four + HOUR), now_ms=before_four + HOUR, time_zone="America/New_York")
    visit.learner.refresh_from_db()
    assert queries.calendar_of(visit.learner).day(before_four) == day
    assert len(visit.learner.calendar) >= 2
    assert not list(queries.wrong_memories())


def test_an_unknown_time_zone_changes_nothing(visit: Visit, deck: Deck) -> None:
    actions.answer(visit.learner, visit.given(cards_in(deck)[0]), now_ms=NOON, time_zone="Mars/Olympus")
    visit.learner.refresh_from_db()
    assert visit.learner.time_zone == ""


def test_more_than_five_hundred_answers_at_once_are_too_many(visit: Visit, deck: Deck) -> None:
    from kartoteka.store.refusals import TooMuch

    with pytest.raises(TooMuch):
        actions.answer_many(visit.learner, [visit.given(cards_in(deck)[0])] * 501, now_ms=NOON)


def test_a_card_that_is_gone_is_refused_and_no_longer_asked(visit: Visit, deck: Deck) -> None:
    from django.utils import timezone

    card = cards_in(deck)[0]
    Note.objects.filter(cards__id=card).update(binned_at=timezone.now())
    assert "no longer" in visit.answer(card).why
    assert [question.item.id for question in queries.next_questions(visit.sitting)] == cards_in(deck)[1:]


def test_replay_builds_the_same_memories_again(visit: Visit, deck: Deck, anna: Person) -> None:
    dice = random.Random(3)
    for n, card in enumerate(cards_in(deck) * 4):
        visit.answer(card, dice.choice((1, 1, 2)) if n < 9 else 3, turn=n // 3, at_ms=NOON + n * DAY)
    kept = list(Memory.objects.order_by("card_id").values(*STATE, "due_ms", "upto_ms"))
    progress = list(Progress.objects.values("answers", "took_ms", "first_ms", "last_ms"))
    assert actions.replay(anna, now_ms=NOON + 20 * DAY) == 3
    assert list(Memory.objects.order_by("card_id").values(*STATE, "due_ms", "upto_ms")) == kept
    assert list(Progress.objects.values("answers", "took_ms", "first_ms", "last_ms")) == progress


def test_a_memory_that_was_tampered_with_is_found(visit: Visit, deck: Deck) -> None:
    visit.answer(cards_in(deck)[0])
    assert not list(queries.wrong_memories())
    Memory.objects.update(s6=99.0)
    assert len(list(queries.wrong_memories())) == 1
    Memory.objects.all().delete()
    assert len(list(queries.wrong_memories())) == 1
