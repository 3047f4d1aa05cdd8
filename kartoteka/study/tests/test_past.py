"""What a card brought from another program is one row, and is read as if each of its answers were one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from kartoteka.formats.base import BundleReview
from kartoteka.library.models import Deck
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.study import actions, adopting, learners, queries
from kartoteka.study.answers import answers
from kartoteka.study.cards import decks_of
from kartoteka.study.fits import counts_of
from kartoteka.study.log import IMPORTED, OUTCOMES
from kartoteka.study.models import DaySum, Logged, Memory, Past, Progress, Review, Sheet
from kartoteka.study.rows import REVIEW, add_reviews
from kartoteka.study.sheets import card_sums
from kartoteka.study.tallies import answered_since, missed_since
from kartoteka.study.tests.conftest import DAY, NOON, Visit, cards_in, person

BROUGHT = [
    BundleReview(NOON - 40 * DAY, 3, 5000, (3, -600, 2)),
    BundleReview(NOON - 30 * DAY, 1, 9000),
    BundleReview(NOON - 30 * DAY, 1, 9000, (7,)),
    BundleReview(NOON - 20 * DAY, 0, 0, (0, 4, 2500)),
    BundleReview(NOON - 10 * DAY, 4, 90_000_000),
]


def as_one_by_one(learner: Person, card: UUID, deck: Deck, reviews: Sequence[BundleReview] = BROUGHT) -> list[dict[str, Any]]:
    """The rows that were written of such answers before there were pasts, and that still stand in old logs."""
    calendar, ends = queries.calendar_of(learner), hashlib.sha256(f"{learner.id} {card}".encode()).digest()[:8]
    base = 0b10 << 62 | int.from_bytes(ends, "big") & ((1 << 62) - 1)
    seen: dict[int, int] = {}
    rows = []
    for one in reviews:
        nth = seen[one.at_ms] = seen.get(one.at_ms, -1) + 1
        evidence = {"kind": "rating", "outcome": OUTCOMES[one.rating], "mode": IMPORTED, "grade": one.rating, "at_ms": one.at_ms} if one.rating else {}
        rows.append({
            **adopting.EMPTY,
            "id": UUID(int=one.at_ms << 80 | 0x7 << 76 | nth << 64 | base ^ one.rating),
            "learner_id": learner.id,
            "card_id": card,
            "deck_id": deck.id,
            **dict.fromkeys(("at_ms", "client_ms", "received_ms"), one.at_ms),
            "day": calendar.day(one.at_ms),
            "took_ms": min(one.took_ms, adopting.LONGEST_MS),
            "outcome": OUTCOMES[one.rating],
            "verdict": ("", "wrong", "right", "right", "right")[one.rating],
            "response": {"rating": one.rating, **({"more": list(one.more)} if one.more else {})},
            "evidence": evidence,
        })  # fmt: skip
    return rows


def logged(learner: Person) -> list[dict[str, Any]]:
    return list(Logged.objects.filter(learner=learner).order_by("id").values(*REVIEW))


@pytest.fixture
def card(deck: Deck) -> UUID:
    return UUID(cards_in(deck)[0])


def test_every_answer_of_a_past_is_read_as_a_row_of_its_own(anna: Person, deck: Deck, card: UUID) -> None:
    assert actions.adopt(anna, {card: BROUGHT}, deck) == len(BROUGHT)
    assert not Review.objects.exists()
    assert (Past.objects.get().answers, Past.objects.get().missed_day) == (len(BROUGHT), queries.calendar_of(anna).day(NOON - 30 * DAY))
    assert logged(anna) == sorted(as_one_by_one(anna, card, deck), key=lambda row: row["id"])
    Visit(anna, deck).answer(card.hex, 3)
    assert len(logged(anna)) == len(BROUGHT) + 1
    assert not list(queries.wrong_memories())


def test_only_new_answers_make_another_past_also_beside_an_old_log(anna: Person, ben: Person, deck: Deck, card: UUID) -> None:
    actions.adopt(anna, {card: BROUGHT[:2]}, deck)
    actions.begin(ben, {}, deck, now_ms=NOON)
    add_reviews(as_one_by_one(ben, card, deck, BROUGHT[:2]))
    actions.replay(ben, now_ms=NOON)
    for learner in (anna, ben):
        assert actions.adopt(learner, {card: BROUGHT}, deck) == len(BROUGHT) - 2
        assert actions.adopt(learner, {card: BROUGHT}, deck) == 0
        assert Progress.objects.get(learner=learner).answers == len(BROUGHT)
        assert logged(learner) == sorted(as_one_by_one(learner, card, deck), key=lambda row: row["id"])
    assert Memory.objects.get(learner=anna).s7 == Memory.objects.get(learner=ben).s7
    assert not list(queries.wrong_memories())


def test_every_figure_is_that_of_answers_one_by_one(anna: Person, ben: Person, deck: Deck) -> None:
    first, second, third = (UUID(card) for card in cards_in(deck))
    late = [BundleReview(NOON - 5 * DAY + n, 1 + n % 4, 3000 + n) for n in range(9)]
    actions.adopt(anna, {first: BROUGHT, second: late}, deck)
    actions.begin(ben, {}, deck, now_ms=NOON)
    add_reviews([*as_one_by_one(ben, first, deck), *as_one_by_one(ben, second, deck, late)])
    actions.replay(ben, now_ms=NOON)
    for learner in (anna, ben):
        Visit(learner, deck).answer(third.hex, 1)

    def figures(learner: Person) -> list[Any]:
        since = queries.calendar_of(learner).day(NOON - 30 * DAY)
        return [
            sorted(counts_of(learner).items()),
            sorted(missed_since(learner, since)),
            sorted(missed_since(learner, since + 1)),
            sorted(answered_since(learner, deck.id, NOON - 5 * DAY)),
            sorted(card_sums(learner, deck.id, NOON).items()),
            [(one.card, one.at_ms, one.rating, one.label, one.proves) for one in answers(learner, deck)],
            decks_of([learner]),
            learners.pace_of(learner),
            sorted(DaySum.objects.filter(learner=learner).values_list("day", "mode", "bin", "answers", "took_ms", "again", "kept", "foretold")),
            queries.luggage_of(learner, deck, (first, second, third), now_ms=NOON),
        ]

    for hers, his in zip(figures(anna), figures(ben), strict=True):
        assert hers == his
    assert Sheet.objects.count() == 2
    assert not list(queries.wrong_memories())


def test_how_quick_a_learner_is_is_read_from_the_latest_of_both(anna: Person, deck: Deck, card: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learners, "LOOKED_AT", 3)
    actions.adopt(anna, {card: [BundleReview(NOON - n * DAY, 3, 1000 * n) for n in range(1, 9)]}, deck)
    actions.adopt(anna, {UUID(cards_in(deck)[1]): [BundleReview(NOON - 2 * DAY - 1, 3, 50_000), BundleReview(NOON - 9 * DAY, 3, 60_000)]}, deck)
    usual = learners.Seconds.learned({})
    assert learners.pace_of(anna) == learners.Seconds.learned({"recall": [1000, 2000, 50_000]}) != usual
    for n in range(3):
        Visit(anna, deck).answer(cards_in(deck)[2], 3, at_ms=NOON + n, turn=n)
    assert learners.pace_of(anna).recall == learners.Seconds.learned({"recall": [4000] * 3}).recall


def test_what_was_answered_elsewhere_is_not_taken_back_here(anna: Person, deck: Deck, card: UUID) -> None:
    actions.adopt(anna, {card: BROUGHT}, deck)
    visit = Visit(anna, deck)
    actions.answer(anna, actions.Given(uuid7(), visit.sitting.id, client_ms=NOON, takes_back=logged(anna)[0]["id"]), now_ms=NOON)
    assert Progress.objects.get().answers == len(answers(anna, deck, graded=False)) == len(BROUGHT)
    assert not list(queries.wrong_memories())


def test_a_past_goes_along_with_its_learner_and_goes_when_all_is_forgotten(anna: Person, deck: Deck, card: UUID) -> None:
    guest = person("guest")
    actions.adopt(guest, {card: BROUGHT}, deck)
    Visit(anna, deck).answer(card.hex, 3)
    before = {row["id"] for row in logged(guest)}
    actions.merge(guest, anna, now_ms=NOON)
    assert before < {row["id"] for row in logged(anna)}
    assert Memory.objects.get().first_ms == BROUGHT[0].at_ms
    assert not list(queries.wrong_memories())
    assert actions.adopt(anna, {card: BROUGHT}, deck) == 0
    actions.forget(anna)
    assert not Logged.objects.exists()
