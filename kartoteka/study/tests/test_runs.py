"""Runs of Match on a real database: a board, its moves in the log, the record they make, and who may see it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.engine.questions import Response
from kartoteka.library.models import Card, Deck, Note
from kartoteka.modes.match import rules, timing
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, queries
from kartoteka.study.analytics import cards_with_figures, people_of
from kartoteka.study.confusing import confusions
from kartoteka.study.models import Memory, Review, Run, Sitting
from kartoteka.study.refusals import NothingToAsk
from kartoteka.study.runs import places
from kartoteka.study.tests.conftest import DAY, NOON, make_deck

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def match(modes: dict[str, Any]) -> None:
    modes["match"] = rules


@pytest.fixture
def deck(anna: Person) -> Deck:
    return make_deck(anna, 12)


class Board:
    """A learner at a board: finds pairs, or mistakes one for another, at an even pace."""

    def __init__(self, learner: Person, deck: Deck, *, now_ms: int = NOON, seed: int = 7, **options: Any) -> None:
        self.learner, self.now_ms = learner, now_ms
        self.sitting: Sitting = actions.sit(learner, deck=deck, mode="match", options=options, now_ms=now_ms, dice=random.Random(seed))
        self.now_ms += 600

    def move(self, place: int, other: int | None = None, *, took_ms: int = 2000, note: str = "") -> actions.Told:
        """Presses the first tile of the pair at this place, and its partner or that of another place."""
        cards = list(queries.desk_of(self.sitting).hand)
        question = next(one for one in queries.next_questions(self.sitting) if one.item.id == cards[place])
        wanted = cards[place if other is None else other]
        token = next(choice.id for choice in question.choices if choice.card == wanted)
        self.now_ms += took_ms
        given = actions.Given(uuid7(), self.sitting.id, question.id, Response(choice=token, text=note), self.now_ms, took_ms)
        return actions.answer(self.learner, given, now_ms=self.now_ms + 30, sent_ms=self.now_ms + 30)

    def play(self, *, pace_ms: int = 2000, wrong: int = 0) -> Board:
        for _ in range(wrong):
            self.move(0, 1, took_ms=pace_ms)
        for place in range(len(queries.desk_of(self.sitting).hand)):
            self.move(place, took_ms=pace_ms)
        actions.go_on(self.sitting, now_ms=self.now_ms + 100)
        self.sitting.refresh_from_db()
        return self


def test_a_run_is_one_sitting_and_its_moves_are_answers_that_prove_nothing(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck).play(wrong=1)
    assert board.sitting.over_ms is not None
    assert board.sitting.total == 6
    assert list(Review.objects.values_list("qtype", "mode").distinct()) == [("match", "match")]
    assert Review.objects.count() == 7
    assert not Memory.objects.exists()
    run = Run.objects.get()
    assert (run.size, run.kind, run.wrong, run.elapsed_ms, run.time_ms, run.ranked, run.fair) == (6, "timed", 1, 14_000, 15_000, True, True)
    assert not list(queries.wrong_memories())


def test_each_visit_is_dealt_afresh(anna: Person, deck: Deck) -> None:
    one, two = Board(anna, deck), Board(anna, deck, seed=8)
    assert one.sitting.id != two.sitting.id
    assert queries.desk_of(one.sitting).hand != queries.desk_of(two.sitting).hand


@pytest.mark.parametrize("cards", [0, 1])
def test_without_two_pairs_there_is_no_board(anna: Person, cards: int) -> None:
    with pytest.raises(NothingToAsk) as refused:
        Board(anna, make_deck(anna, cards))
    assert cards == 0 or str(refused.value) == rules.TOO_FEW


def test_twins_are_no_two_pairs(anna: Person) -> None:
    deck = make_deck(anna, 2)
    Note.objects.filter(deck=deck).update(term="<p>same</p>", term_text="same", version=2)
    with pytest.raises(NothingToAsk):
        Board(anna, deck)


@pytest.mark.parametrize("cards", [2, 3, 5])
def test_a_small_set_is_a_small_board_beside_nobody_s(anna: Person, cards: int) -> None:
    Board(anna, make_deck(anna, cards)).play()
    run = Run.objects.get()
    assert (run.size, run.ranked, run.fair) == (cards, True, False)


def test_a_large_set_is_dealt_from_without_reading_it_whole(anna: Person, django_assert_max_num_queries: Any) -> None:
    deck = make_deck(anna, 900)
    with django_assert_max_num_queries(30):
        board = Board(anna, deck, way="survival")
    assert board.sitting.total == 20


def test_the_record_is_the_quickest_of_its_kind_and_size(anna: Person, deck: Deck) -> None:
    Board(anna, deck).play(pace_ms=3000)
    Board(anna, deck, now_ms=NOON + DAY, pairs="3").play(pace_ms=1000)
    last = Board(anna, deck, now_ms=NOON + 2 * DAY).play(pace_ms=2000)
    result = queries.result_of(last.sitting)
    assert result.record
    assert result.faster_ms == 6000
    assert [point.time_ms for point in result.points] == [18_000, 12_000]
    worse = Board(anna, deck, now_ms=NOON + 3 * DAY).play(pace_ms=2500)
    assert (queries.result_of(worse.sitting).record, queries.result_of(worse.sitting).faster_ms) == (False, -3000)
    assert queries.mode_lines(anna, deck, NOON)["match"] == "12.0 s"
    (row,) = people_of(deck, anna, NOON + 3 * DAY)
    assert next(cell.words for cell in row.cells if cell.key == "match") == "12.0 s (6) · 4 runs"


def test_the_time_to_beat_is_that_of_boards_like_this_one(anna: Person, deck: Deck) -> None:
    Board(anna, deck, pairs="3").play(pace_ms=1000)
    assert queries.best_like(Board(anna, deck, now_ms=NOON + DAY).sitting) is None
    Board(anna, deck, now_ms=NOON + 2 * DAY).play(pace_ms=2000)
    best = queries.best_like(Board(anna, deck, now_ms=NOON + 3 * DAY).sitting)
    assert best is not None
    assert (best.size, best.time_ms) == (6, 12_000)


def test_an_impossible_run_is_not_kept_and_says_why(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck).play(pace_ms=300)
    assert not Run.objects.exists()
    assert queries.result_of(board.sitting).run.why == timing.TOO_QUICK


def test_a_run_with_the_page_out_of_sight_is_no_record(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck)
    board.move(0, note=timing.AWAY)
    for place in range(1, 6):
        board.move(place)
    actions.go_on(board.sitting, now_ms=board.now_ms)
    assert not Run.objects.get().ranked
    assert queries.mode_lines(anna, deck, NOON)["match"] == "1 run"


def test_a_run_that_was_broken_off_is_none(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck)
    board.move(0)
    actions.finish(board.sitting, now_ms=board.now_ms)
    assert not Run.objects.exists()


def test_a_pair_found_twice_counts_once(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck)
    question = queries.next_questions(board.sitting)[0]
    token = next(choice.id for choice in question.choices if choice.right)
    for status in ("stored", "there"):
        given = actions.Given(uuid7(), board.sitting.id, question.id, Response(choice=token), NOON + 3000, 2000)
        assert actions.answer(anna, given, now_ms=NOON + 3000).status == status
    assert queries.counts(board.sitting)["matched"] == 1


def test_a_forged_partner_is_refused(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck)
    question = queries.next_questions(board.sitting)[0]
    given = actions.Given(uuid7(), board.sitting.id, question.id, Response(choice=question.item.id), NOON + 3000, 2000)
    assert actions.answer(anna, given, now_ms=NOON + 3000).status == "refused"


def test_a_pair_mistaken_twice_is_a_confusion_once_is_haste(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck)
    first, second = queries.desk_of(board.sitting).hand[:2]
    board.move(0, 1)
    assert confusions(anna, deck.id, {first, second}) == {}
    board.move(0, 1)
    assert confusions(anna, deck.id, {first, second}) == {first: [second], second: [first]}
    row = next(row for row in cards_with_figures(anna, deck, NOON) if row.card == first)
    other = Card.objects.get(id=second)
    assert row.confused == (other.note.term_text,)
    assert (row.asked, row.missed) == (0, 0), "a move on a board asks nothing"


def test_missed_pairs_are_shown_with_both_sides(anna: Person, deck: Deck) -> None:
    board = Board(anna, deck).play(wrong=2)
    (missed,) = queries.result_of(board.sitting).missed
    number = missed.prompt.text.removeprefix("term ")
    assert (missed.answer.text, missed.times) == (f"definition {number}", 2)


def test_others_see_only_what_is_shown_to_them_and_no_guest(anna: Person, ben: Person, cleo: Person, deck: Deck) -> None:
    for person, pace_ms in ((anna, 3000), (ben, 2000)):
        Board(person, deck).play(pace_ms=pace_ms)
    assert places(deck.id, "match", anna) == []
    actions.show_runs(ben, deck, "match", shown=True)
    (place,) = places(deck.id, "match", cleo)
    assert (place.number, place.name, place.time_ms, place.mine) == (1, "Ben", 12_000, False)
    actions.choose(anna, deck, "match", {"shown": True})
    assert [(one.name, one.mine) for one in places(deck.id, "match", anna)] == [("Ben", False), ("Anna", True)]
    Board(anna, deck, now_ms=NOON + DAY).play(pace_ms=1000)
    assert [(one.name, one.time_ms) for one in places(deck.id, "match", anna)] == [("Anna", 6000), ("Ben", 12_000)]
    actions.show_runs(ben, deck, "match", shown=False)
    assert [one.name for one in places(deck.id, "match", cleo)] == ["Anna"]
    guest = Person.objects.create(name="", is_guest=True)
    Board(guest, deck).play(pace_ms=900)
    actions.show_runs(guest, deck, "match", shown=True)
    assert [one.name for one in places(deck.id, "match", cleo)] == ["Anna"]


def test_runs_go_over_to_an_account_and_go_when_all_is_forgotten(anna: Person, ben: Person, deck: Deck) -> None:
    Board(ben, deck).play()
    actions.merge(ben, anna, now_ms=NOON)
    assert Run.objects.get().learner_id == anna.id
    actions.forget(anna)
    assert not Run.objects.exists()
