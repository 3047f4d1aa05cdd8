"""Why this card now: facts that agree with what is stored and shown."""

from __future__ import annotations

import pytest

from kartoteka.engine.memory import DAY_MS, Calendar, Evidence, due_ms, outcomes, recall, replay
from kartoteka.engine.why import Facts, why

CALENDAR = Calendar()
NOON = CALENDAR.begins(20_000) + 8 * 3_600_000
HISTORY = [Evidence("rating", float(g > 1), "spaced", g, at_ms=NOON + d * DAY_MS) for d, g in ((0, 3), (2, 3), (9, 1), (10, 3))]


def facts(now: int, history: list[Evidence] = HISTORY) -> Facts:
    return why(history, now_ms=now, calendar=CALENDAR, target=0.9, seed="card")


def test_a_new_card_says_only_what_each_rating_would_do() -> None:
    found = facts(NOON, [])
    assert (found.reason, found.seen, found.recall_now, found.curve) == ("new", 0, None, ())
    assert [outcome.rating for outcome in found.outcomes] == [1, 2, 3, 4]
    assert found.outcomes[0].days == pytest.approx(1 / 1440)
    assert facts(NOON, [Evidence("exposure", 1.0, "flashcards", at_ms=NOON)]).reason == "new"


def test_the_numbers_are_those_of_the_memory_itself() -> None:
    now = NOON + 20 * DAY_MS
    found, state = facts(now), replay(HISTORY, CALENDAR)
    assert state is not None
    assert (found.seen, found.lapses, found.last_days) == (4, 1, 10.0)
    assert found.recall_now == recall(state, now, CALENDAR)
    assert found.recall_tomorrow == recall(state, now + DAY_MS, CALENDAR)
    for outcome in found.outcomes:
        after = outcomes(state, now, CALENDAR)[outcome.rating]
        assert outcome.due_ms == due_ms(after, target=0.9, calendar=CALENDAR, seed="card")
    good = found.outcomes[2]
    assert good.days == CALENDAR.day(good.due_ms) - CALENDAR.day(now)
    assert good.recall_then == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize(("days", "reason"), [(10.0001, "ahead"), (20, "due")])
def test_the_reason_is_the_state_of_the_card(days: float, reason: str) -> None:
    assert facts(NOON + round(days * DAY_MS)).reason == reason
    missed = [*HISTORY, Evidence("typed", 0.0, "learn", at_ms=NOON + round(days * DAY_MS), certain=True)]
    assert facts(NOON + round(days * DAY_MS) + 1, missed).reason == "step"


def test_the_curve_runs_from_the_first_answer_to_now_and_the_future_only_falls() -> None:
    now = NOON + 20 * DAY_MS
    found = facts(now)
    times = [at for at, _ in found.curve]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (NOON, now)
    assert all(0 < p <= 1 for _, p in (*found.curve, *found.future))
    ahead = [p for _, p in found.future]
    assert found.future[0][0] == now
    assert ahead == sorted(ahead, reverse=True)
    assert len(found.curve) < 150


def test_recall_never_rises_by_waiting() -> None:
    """The curve of one day and that of whole days do not meet; shown together they must not climb."""
    missed = [Evidence("rating", 0.0, "spaced", grade=1, at_ms=NOON)]
    found = facts(NOON + 3 * 3_600_000, missed)
    assert found.recall_now is not None
    assert found.recall_tomorrow is not None
    assert found.recall_tomorrow <= found.recall_now
    shown = [share for _at, share in found.future]
    assert shown == sorted(shown, reverse=True)
