"""Which cards now, and how full the coming days are."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, MemoryState, observe
from kartoteka.engine.queue import Backlog, Seconds, Waiting, backlog, forecast, minutes_for, order
from kartoteka.engine.state import DaysOff, Span

CALENDAR = Calendar()
DAY = 20_000
NOON = CALENDAR.begins(DAY) + 8 * 3_600_000
MINUTE = 60_000


def state(S: float = 10.0, days_ago: float = 10.0) -> MemoryState:
    last = NOON - round(days_ago * DAY_MS)
    return MemoryState(S, 5.0, S, 5.0, last, last, days_ok=2, last_ok=True)


def due(card: str, S: float = 10.0, days_ago: float = 10.0, *, note: str = "", late: int = 0) -> Waiting:
    return Waiting(card, note or card, state(S, days_ago), due_ms=NOON - late * DAY_MS)


def new(card: str, position: float = 0, *, note: str = "") -> Waiting:
    return Waiting(card, note or card, None, position)


def put(*waiting: Waiting, minutes: float = 60, new_cap: int = 20, **more: object) -> list[str]:
    return order(waiting, now_ms=NOON, calendar=CALENDAR, minutes=minutes, new_cap=new_cap, **more)  # type: ignore[arg-type]


def test_what_would_be_lost_soonest_comes_first() -> None:
    assert put(due("safe", 300, 60), due("fading", 3, 3), due("gone", 0.01, 400), due("slow", 40, 40)) == ["fading", "slow", "safe", "gone"]


def test_of_two_that_lose_the_same_the_quicker_one_comes_first_and_ties_go_by_id() -> None:
    assert put(replace(due("a"), seconds=30), replace(due("b"), seconds=5)) == ["b", "a"]
    assert put(due("c"), due("a"), due("b")) == ["a", "b", "c"]


def test_what_is_not_due_is_not_asked() -> None:
    assert put(replace(due("a"), due_ms=NOON + 1), due("b")) == ["b"]


def test_steps_come_first_and_those_that_will_be_due_within_the_sitting_last() -> None:
    def missed(card: str, minutes_ago: int, due_in: int) -> Waiting:
        at = NOON - minutes_ago * MINUTE
        return Waiting(card, card, observe(state(), Evidence("rating", 0, "spaced", 1, at_ms=at), CALENDAR), due_ms=NOON + due_in * MINUTE)

    waiting = [due("a"), missed("later", 1, 5), missed("now", 5, -4), new("n"), replace(due("much-later"), due_ms=NOON + 90 * MINUTE)]
    assert put(*waiting, minutes=30) == ["now", "a", "n", "later"]


def test_one_new_card_for_about_four_due_ones() -> None:
    cards = [due(f"d{i:02}") for i in range(12)] + [new(f"n{i}", i) for i in range(9)]
    found = put(*cards)
    assert [card[0] for card in found] == list("ddddnddddnddddnnnnnnn")
    assert [card for card in found if card[0] == "n"] == [f"n{i}" for i in range(9)]


def test_new_cards_come_in_the_order_of_the_set_or_shuffled_by_the_dice() -> None:
    cards = [new(f"n{i}", -i) for i in range(8)]
    assert put(*cards) == [f"n{i}" for i in range(7, -1, -1)]
    shuffled = put(*cards, dice=random.Random(3), shuffled=True)
    assert shuffled == put(*cards, dice=random.Random(3), shuffled=True)
    assert shuffled != put(*cards)
    assert sorted(shuffled) == sorted(put(*cards))


def test_new_cards_stop_at_their_cap() -> None:
    assert put(*[new(f"n{i}", i) for i in range(8)], new_cap=3) == ["n0", "n1", "n2"]
    assert put(due("a"), new("n"), new_cap=0) == ["a"]
    assert put(due("a"), new("n"), new_cap=-1) == ["a"]


def test_the_minutes_cut_the_queue_but_one_card_is_always_put() -> None:
    cards = [due(f"d{i:02}") for i in range(50)]
    found = put(*cards, minutes=2)
    assert 8 <= len(found) <= 10
    assert minutes_for(cards[: len(found)], now_ms=NOON, calendar=CALENDAR) <= 2
    assert len(put(*cards, minutes=0.01)) == 1
    assert put(*cards, minutes=0) == []


def test_a_backlog_leaves_no_room_for_new_cards() -> None:
    cards = [due(f"d{i:03}", late=5) for i in range(300)] + [new(f"n{i}", i) for i in range(9)]
    assert not [card for card in put(*cards, minutes=10) if card[0] == "n"]


def test_new_cards_are_admitted_only_while_the_coming_week_has_room() -> None:
    full = [replace(due(f"d{i:03}", 10, 8), due_ms=CALENDAR.begins(DAY + 2)) for i in range(40)]
    fresh = [new(f"n{i:02}", i) for i in range(30)]
    assert put(*full, *fresh, minutes=8, new_cap=99) == []
    roomy = put(*full[:20], *fresh, minutes=8, new_cap=99)
    assert 10 < len(roomy) < 30


def test_of_a_notes_cards_only_one_is_asked_on_a_day() -> None:
    assert put(due("a1", 3, 3, note="a"), due("a2", note="a"), due("b"), new("a3", note="a")) == ["a1", "b"]
    asked_today = Waiting("c1", "c", state(10, 0.1), due_ms=NOON + 9 * DAY_MS)
    assert put(asked_today, due("c2", note="c"), new("c3", note="c"), new("d")) == ["d"]


def test_a_card_asked_today_may_be_due_again_today() -> None:
    again = Waiting("a1", "a", state(0.01, 0.1), due_ms=NOON - MINUTE)
    assert put(again, due("a2", note="a"), due("b")) == ["b", "a1"]


def test_siblings_in_relearning_lie_ten_cards_apart() -> None:
    missed = observe(state(), Evidence("rating", 0, "spaced", 1, at_ms=NOON - 5 * MINUTE), CALENDAR)
    siblings = [Waiting(f"s{i}", "s", missed, due_ms=NOON - i) for i in range(2)]
    found = put(*siblings, *[due(f"d{i:02}") for i in range(30)])
    assert abs(found.index("s0") - found.index("s1")) == 11
    assert sorted(put(*siblings, due("d"))) == ["d", "s0", "s1"]


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 9), st.floats(0.01, 300), st.integers(0, 60), st.integers(-5, 5)), max_size=60, unique_by=lambda t: t[0]
    ),
    st.floats(0, 30),
    st.integers(0, 9),
)
def test_a_queue_holds_no_card_twice_keeps_its_budget_and_knows_no_chance(rows: list[tuple[int, int, float, int, int]], minutes: float, cap: int) -> None:
    waiting = [
        new(f"{card:02}", card, note=str(note)) if ago > 50 else replace(due(f"{card:02}", S, ago, note=str(note)), due_ms=NOON + late * DAY_MS)
        for card, note, S, ago, late in rows
    ]
    found = put(*waiting, minutes=minutes, new_cap=cap)
    assert len(found) == len(set(found))
    by_card = {one.card: one for one in waiting}
    assert len({by_card[card].note for card in found}) == len(found)
    assert sum(by_card[card].state is None for card in found) <= cap
    assert len(found) <= 1 or minutes_for([by_card[card] for card in found], now_ms=NOON, calendar=CALENDAR) <= minutes + 1e-9
    assert found == put(*reversed(waiting), minutes=minutes, new_cap=cap)


def test_minutes_are_those_of_recall_misses_and_first_meetings() -> None:
    assert minutes_for([], now_ms=NOON, calendar=CALENDAR) == 0
    assert minutes_for([new("a"), new("b")], now_ms=NOON, calendar=CALENDAR) == pytest.approx(50 / 60)
    assert minutes_for([due("a")], now_ms=NOON, calendar=CALENDAR) == pytest.approx((0.9 * 12 + 0.1 * 20) / 60)
    assert minutes_for([due("a")], now_ms=NOON, calendar=CALENDAR, seconds=Seconds(recall=6, miss=6)) == pytest.approx(0.1)


def test_a_learners_own_seconds_are_believed_the_more_there_are() -> None:
    assert Seconds.learned({}) == Seconds()
    assert Seconds.learned({"recall": [4000] * 10}).recall == pytest.approx(8.0)
    assert Seconds.learned({"recall": [4000] * 990}).recall == pytest.approx(4.08)
    assert Seconds.learned({"miss": [999_000] * 10}).miss == pytest.approx(70.0)


def test_the_forecast_counts_what_is_overdue_today_and_each_card_when_it_is_due() -> None:
    cards = [due("a", 300, 300, late=3), due("b", 300, 300), *(replace(due(f"c{i}", 300, 298), due_ms=CALENDAR.begins(DAY + 2)) for i in range(5))]
    found = forecast([*cards, new("n")], now_ms=NOON, calendar=CALENDAR, days=4)
    assert found == [2, 0, 5, 0]  # the tenth part that is missed rounds away
    assert len(forecast(cards, now_ms=NOON, calendar=CALENDAR)) == 14
    assert forecast([], now_ms=NOON, calendar=CALENDAR, days=2) == [0, 0]


def test_the_forecast_knows_that_cards_come_back() -> None:
    young = [due(f"y{i}", 1.0, 1) for i in range(100)]
    found = forecast(young, now_ms=NOON, calendar=CALENDAR)
    assert found[0] == 100
    assert found[1] == 10
    assert sum(found[2:]) >= 90


def test_a_backlog_says_what_today_covers_and_when_it_is_over() -> None:
    cards = [due(f"d{i:03}", 30, 40, late=9) for i in range(100)]
    found = backlog(cards, now_ms=NOON, calendar=CALENDAR, minutes=10)
    assert found.overdue == 100
    assert 40 <= found.today <= 50
    assert found.days is not None
    assert 2 <= found.days <= 4
    assert backlog([], now_ms=NOON, calendar=CALENDAR, minutes=10) == Backlog(0, 0, 0)
    assert backlog(cards, now_ms=NOON, calendar=CALENDAR, minutes=0).days is None


def off(*days: int) -> Calendar:
    return Calendar(off=DaysOff(spans=tuple(Span(DAY + day, DAY + day) for day in days)))


def test_days_off_hold_nothing_and_what_is_overdue_waits_for_the_next_day() -> None:
    waiting = [due(f"d{i}", late=1) for i in range(10)]
    found = forecast(waiting, now_ms=NOON, calendar=off(0, 1, 3), days=8)
    assert found[:2] == [0, 0]
    assert found[2] == 10
    assert found[3] == 0
    assert found[4] >= 1, "what was missed comes back on the next day that is not off"


def test_no_new_card_is_begun_before_a_long_absence_but_one_before_a_day_off() -> None:
    def begun(calendar: Calendar) -> int:
        return len(order([new(f"n{i}", i) for i in range(9)], now_ms=NOON, calendar=calendar, minutes=10, new_cap=20))

    assert begun(off(*range(1, 8))) == 0
    assert begun(off(1)) == begun(CALENDAR) > 0


def test_caught_up_counts_days_off_as_days_without_work() -> None:
    waiting = [due(f"d{i}", 300, 300, late=2) for i in range(30)]
    usual = backlog(waiting, now_ms=NOON, calendar=CALENDAR, minutes=3).days
    away = backlog(waiting, now_ms=NOON, calendar=off(1, 2, 3), minutes=3).days
    assert usual is not None
    assert away is not None
    assert away > usual
