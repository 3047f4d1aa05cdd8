"""A log grows for years: what an answer reads is found by an index, never by walking through all that its learner ever answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kartoteka.library.models import Deck
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, learners, queries
from kartoteka.study.models import Memory, Review
from kartoteka.study.tests.conftest import NOON, Visit, cards_in, person
from kartoteka.study.weak import weak_of

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite")
TABLES = ("study_review", "study_past", "study_memory")
READ = (*TABLES, "study_log")
WALKS = ("SCAN", "(learner_id=?)")


def walks(run: Callable[[], object]) -> list[str]:
    """The queries that read all of a learner's answers or memories, or everybody's. The latest few by day are no walk: they stop."""
    with CaptureQueriesContext(connection) as caught:
        run()
    found = []
    for query in caught.captured_queries:
        sql = query["sql"]
        if not any(table in sql for table in READ) or not sql.startswith(("SELECT", "UPDATE", "DELETE")) or "LIMIT" in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            plans = [row[3] for row in cursor.fetchall()]
        if any(any(table in plan for table in TABLES) and any(walk in plan for walk in WALKS) for plan in plans):
            found.append(f"{sql} {plans}")
    return found


def test_an_answer_a_batch_and_an_undo_read_only_what_they_speak_of(visit: Visit, deck: Deck) -> None:
    first, second, third = cards_in(deck)
    assert walks(lambda: visit.answer(first)) == []
    assert walks(lambda: visit.answer(first, turn=1, at_ms=NOON - 1000)) == []  # late: its card is replayed
    assert walks(lambda: actions.undo(visit.learner, visit.sitting, id=uuid7(), now_ms=NOON)) == []
    assert walks(lambda: actions.answer_many(visit.learner, [visit.given(second), visit.given(third)], now_ms=NOON)) == []


def test_what_a_sitting_knows_of_a_card_is_found_however_often_it_was_answered_before(visit: Visit, deck: Deck) -> None:
    with CaptureQueriesContext(connection) as caught:
        visit.answer(cards_in(deck)[0])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + next(query["sql"] for query in caught.captured_queries if "AND sitting_id IN" in query["sql"]))
        assert "review_of_card (learner_id=? AND card_id=? AND sitting_id=?)" in cursor.fetchall()[0][3]


def test_what_comes_next_is_found_by_the_sitting(visit: Visit, deck: Deck) -> None:
    visit.answer(cards_in(deck)[0])
    assert walks(lambda: actions.go_on(queries.sitting_of(visit.learner, visit.sitting.id), now_ms=NOON)) == []


def test_sitting_down_reads_the_set_and_what_was_new_today(visit: Visit, deck: Deck) -> None:
    visit.answer(cards_in(deck)[0])
    assert walks(lambda: Visit(visit.learner, deck, "due")) == []


def test_points_that_were_missed_are_found_by_their_cards(visit: Visit, deck: Deck) -> None:
    cards = cards_in(deck)
    visit.answer(cards[0])
    for some in (cards[:1], cards):
        assert walks(lambda some=some: weak_of(visit.learner, some, NOON)) == []  # type: ignore[misc]


def test_a_walk_is_seen(visit: Visit) -> None:
    assert walks(lambda: list(Review.objects.filter(learner=visit.learner, took_ms=7)))
    assert walks(lambda: list(Memory.objects.filter(learner=visit.learner, lapses=7)))


def test_how_quick_a_learner_is_is_read_from_the_sets_last_studied(visit: Visit, deck: Deck) -> None:
    for place, card in enumerate(cards_in(deck)):
        visit.answer(card, at_ms=NOON + place)
    assert learners.pace_of(visit.learner).recall < learners.pace_of(person("nobody")).recall
    assert walks(lambda: learners.pace_of(visit.learner)) == []
    with CaptureQueriesContext(connection) as caught:
        learners.pace_of(visit.learner)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + next(query["sql"] for query in caught.captured_queries if "study_review" in query["sql"]))
        assert "review_deck" in cursor.fetchall()[0][3]
