"""A sitting begins, is dealt hand by hand, is left and resumed, and ends."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kartoteka.library.models import Card, Deck, Note, Visibility
from kartoteka.people.models import Person
from kartoteka.store.keys import uuid7
from kartoteka.store.refusals import NotThere
from kartoteka.study import actions, queries
from kartoteka.study.models import Hand
from kartoteka.study.options import options_from
from kartoteka.study.refusals import NothingToAsk
from kartoteka.study.tests.conftest import DAY, HOUR, MINUTE, NOON, OPTIONS, Visit, cards_in, make_deck


def sit(learner: Person, deck: Deck | None, mode: str = "plain", *, now_ms: int = NOON, seed: int = 7, **how: Any) -> Any:
    options = {name: how.pop(name) for name in list(how) if name not in ("afresh", "only")}
    return actions.sit(learner, deck=deck, mode=mode, options=options, now_ms=now_ms, dice=random.Random(seed), **how)


def hand_of(sitting: Any) -> list[str]:
    return list(queries.desk_of(sitting).hand)


def test_cards_are_dealt_in_the_order_of_the_set(anna: Person, deck: Deck) -> None:
    assert hand_of(sit(anna, deck)) == cards_in(deck)


def test_a_shuffle_is_the_seeds(anna: Person) -> None:
    deck = make_deck(anna, 30)
    one, same, other = (sit(anna, deck, order="shuffled", seed=seed, afresh=True) for seed in (1, 1, 2))
    assert hand_of(one) == hand_of(same) != hand_of(other)
    assert sorted(hand_of(one)) == sorted(cards_in(deck))


def test_a_sitting_is_resumed_where_it_was_left(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck)
    visit.answer(cards_in(deck)[0])
    again = sit(anna, deck, now_ms=NOON + 9 * DAY)
    assert again.id == visit.sitting.id
    assert queries.counts(again) | {} == queries.counts(visit.sitting)
    assert [question.item.id for question in queries.next_questions(again)] == cards_in(deck)[1:]
    assert sit(anna, deck, afresh=True).id != again.id


def test_other_options_or_another_choice_of_cards_begin_anew(anna: Person, deck: Deck) -> None:
    first = sit(anna, deck)
    assert sit(anna, deck, order="shuffled").id != first.id
    only = cards_in(deck)[1:]
    few = sit(anna, deck, only=only)
    assert hand_of(few) == only
    assert few.total == 2
    assert sit(anna, deck, only=only).id == few.id


def test_what_memory_asks_for_is_asked_anew_each_day(anna: Person, deck: Deck) -> None:
    first = sit(anna, deck, "due")
    assert sit(anna, deck, "due", now_ms=NOON + HOUR).id == first.id
    assert sit(anna, deck, "due", now_ms=NOON + DAY).id != first.id


def test_a_large_set_is_dealt_in_hands_of_a_hundred(anna: Person) -> None:
    deck = make_deck(anna, 230)
    visit = Visit(anna, deck)
    cards = cards_in(deck)
    assert hand_of(visit.sitting) == cards[:100]
    assert actions.deal(visit.sitting, now_ms=NOON)
    assert visit.sitting.hand == 0
    for number, start in enumerate((0, 100, 200)):
        assert actions.deal(visit.sitting, now_ms=NOON + number)
        givens = [visit.given(card, hand=number) for card in cards[start : start + 100]]
        assert {told.status for told in actions.answer_many(anna, givens, now_ms=NOON + MINUTE)} == {"stored"}
        assert queries.counts(visit.sitting)["done"] == min(start + 100, 230)
    assert not actions.deal(visit.sitting, now_ms=NOON + HOUR)
    assert visit.sitting.over_ms == NOON + HOUR
    assert not actions.deal(visit.sitting, now_ms=NOON + 2 * HOUR)
    late = actions.answer(anna, visit.given(cards[5], turn=1), now_ms=NOON + HOUR)
    assert late.status == "stored"
    back = actions.undo(anna, visit.sitting, id=uuid7(), now_ms=NOON + 3 * HOUR)
    assert back is not None
    visit.sitting.refresh_from_db()
    assert (visit.sitting.over_ms, visit.sitting.hand) == (None, 2)


def test_an_undone_answer_of_an_earlier_hand_brings_that_hand_back(anna: Person) -> None:
    deck = make_deck(anna, 130)
    visit = Visit(anna, deck)
    cards = cards_in(deck)
    told = actions.answer_many(anna, [visit.given(card) for card in cards[:100]], now_ms=NOON)
    assert actions.deal(visit.sitting, now_ms=NOON)
    assert visit.sitting.hand == 1
    actions.answer(anna, actions.Given(uuid7(), visit.sitting.id, client_ms=NOON, takes_back=told[3].id), now_ms=NOON)
    visit.sitting.refresh_from_db()
    assert visit.sitting.hand == 0
    assert [question.item.id for question in queries.next_questions(visit.sitting)] == [cards[3]]
    visit.answer(cards[3])
    assert actions.deal(visit.sitting, now_ms=NOON)
    assert visit.sitting.hand == 1
    assert Hand.objects.filter(sitting=visit.sitting).count() == 2


def test_counters_always_add_up(anna: Person, deck: Deck) -> None:
    Note.objects.filter(id=Note.objects.filter(deck=deck).order_by("position").first().id).update(term="", term_text="")  # type: ignore[union-attr]
    visit = Visit(anna, deck)
    for n, card in enumerate(cards_in(deck)[1:]):
        counts = queries.counts(visit.sitting)
        assert (counts["n"], counts["done"], counts["left"], counts["position"]) == (2, n, 2 - n, n + 1)
        assert counts["skipped"] == {"empty": 1}
        visit.answer(card)
    visit.answer(cards_in(deck)[1], turn=1, at_ms=NOON + MINUTE)
    assert queries.counts(visit.sitting)["done"] == 2


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [("all", [0, 1, 3]), ("starred", [1]), ("missed", [1]), ("due", [1]), ("new", [3]), ("unmastered", [0, 1, 3])],
)
def test_a_learner_chooses_which_cards(anna: Person, chosen: str, expected: list[int]) -> None:
    deck = make_deck(anna, 5)
    cards = cards_in(deck)
    visit = Visit(anna, deck)
    visit.answer(cards[0], 4)
    visit.answer(cards[1], 1)
    actions.mark(anna, Card.objects.get(id=cards[1]).id, deck.id, starred=True)
    actions.mark(anna, Card.objects.get(id=cards[2]).id, deck.id, suspended=True)
    actions.mark(anna, Card.objects.get(id=cards[4]).id, deck.id, buried_until_ms=NOON + DAY)
    sitting = sit(anna, deck, cards=chosen, now_ms=NOON + HOUR, afresh=True)
    assert hand_of(sitting) == [cards[n] for n in expected]
    assert sitting.total == len(expected)
    assert sitting.skipped["suspended"] == sitting.skipped["buried"] == 1
    assert sum(sitting.skipped.values()) == 5 - len(expected)


def test_cards_by_tag_and_by_range(anna: Person) -> None:
    deck = make_deck(anna, 6)
    notes = list(Note.objects.filter(deck=deck).order_by("position"))
    Note.objects.filter(id=notes[2].id).update(tags=["owl"])
    cards = cards_in(deck)
    assert hand_of(sit(anna, deck, cards="tag", tag="owl")) == [cards[2]]
    assert hand_of(sit(anna, deck, cards="range", range="2-3")) == cards[1:3]
    assert hand_of(sit(anna, deck, cards="range", range="5")) == cards[4:]


def test_where_nothing_is_left_it_says_why_and_what_would_leave_some(anna: Person, deck: Deck) -> None:
    with pytest.raises(NothingToAsk) as nothing:
        sit(anna, deck, cards="starred")
    assert "3 not starred" in str(nothing.value)
    assert nothing.value.skipped == {"starred": 3}
    assert nothing.value.nearest == "unmastered"
    with pytest.raises(NothingToAsk) as empty:
        sit(anna, make_deck(anna, 0))
    assert "Add one" in str(empty.value)


def test_memory_deals_due_cards_and_a_few_new_ones(anna: Person) -> None:
    deck = make_deck(anna, 40)
    cards = cards_in(deck)
    visit = Visit(anna, deck, "sort")
    for card in cards[:5]:
        visit.answer(card, 3)
    later = sit(anna, deck, "due", now_ms=NOON + 30 * DAY)
    dealt = hand_of(later)
    assert set(cards[:5]) <= set(dealt)
    assert 5 < len(dealt) < 40
    assert later.skipped == {"due": 40 - len(dealt)}


def test_a_sitting_over_all_sets_asks_each_card_of_its_own_set(anna: Person, ben: Person) -> None:
    mine, shared, hidden = make_deck(anna, 2), make_deck(ben, 2), make_deck(ben, 2, visibility=Visibility.LINK)
    Visit(anna, shared).answer(cards_in(shared)[0], 1)
    Visit(anna, hidden).answer(cards_in(hidden)[0], 1)
    Deck.objects.filter(id=hidden.id).update(visibility=Visibility.PRIVATE)
    sitting = sit(anna, None, "due", now_ms=NOON + HOUR)
    dealt = hand_of(sitting)
    assert set(cards_in(mine)) <= set(dealt)
    assert cards_in(shared)[0] in dealt
    assert not set(cards_in(hidden)) & set(dealt)
    given = actions.Given(uuid7(), sitting.id, f"0.{cards_in(shared)[0]}.self.f..0", Visit(anna, mine).given(dealt[0]).response, NOON + HOUR)
    assert actions.answer(anna, given, now_ms=NOON + HOUR).status == "stored"
    assert queries.studied_by(shared) == 1


def test_a_way_to_study_that_does_not_exist(anna: Person, deck: Deck) -> None:
    with pytest.raises(NotThere):
        sit(anna, deck, "juggling")


def test_options_are_read_from_a_link_over_what_was_chosen_before(anna: Person, deck: Deck, modes: dict[str, Any]) -> None:
    rules = modes["plain"]
    actions.choose(anna, deck, "plain", {"order": "shuffled", "minutes": 20})
    chosen = queries.chosen_by(anna, deck, "plain")
    values = options_from(rules, {"cards": "starred", "minutes": "9999", "nonsense": "1", "answer": "sideways"}, chosen)
    assert values == {"cards": "starred", "order": "shuffled", "answer": "auto", "tag": "", "range": "", "minutes": 240}
    assert set(values) == {option.name for option in OPTIONS}
    assert options_from(rules, {"minutes": "ten"}) == options_from(rules, {})
    assert queries.chosen_by(anna, None, "plain") == {}


def test_marks_change_only_what_is_said(anna: Person, deck: Deck) -> None:
    card = Card.objects.filter(deck=deck).first()
    assert card is not None
    actions.mark(anna, card.id, deck.id, starred=True)
    row = actions.mark(anna, card.id, deck.id, suspended=True)
    assert (row.starred, row.suspended) == (True, True)
    row = actions.mark(anna, card.id, deck.id, starred=False)
    assert (row.starred, row.suspended, row.buried_until_ms) == (False, True, 0)


def test_what_is_put_shows_both_sides_and_what_each_button_does(anna: Person, deck: Deck) -> None:
    visit = Visit(anna, deck)
    first = queries.put(visit.sitting, now_ms=NOON)[0]
    assert (first["card"], first["qtype"], first["turn"], first["level"]) == (cards_in(deck)[0], "self", 0, "new")
    assert (first["front"]["text"], first["back"]["text"]) == ("term 0", "definition 0")
    assert first["buttons"]["4"]["days"] > 1
    assert "day" in first["buttons"]["4"]["words"]
    assert first["buttons"]["1"] == {"days": 0, "words": "again in ~1 min"}
    assert len(queries.put(visit.sitting, now_ms=NOON, many=2)) == 2
