"""The time of a run: what counts, what is impossible, and what may stand beside others' times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kartoteka.modes.base import Move, Run
from kartoteka.modes.match import rules, timing
from kartoteka.modes.tests.table import NOON

PACE_MS = 3000


def moves(count: int = 6, *, wrong: Sequence[int] = (), took_ms: int = PACE_MS) -> list[Move]:
    """A run made at an even pace, each move heard of at once; the moves numbered in ``wrong`` missed."""
    made, at_ms = [], NOON + 900
    for n in range(count + len(wrong)):
        at_ms += took_ms
        made.append(Move(n not in wrong, at_ms, at_ms + 40, took_ms))
    return made


def run(made: Sequence[Move], *, pairs: int = 6, **options: Any) -> Run:
    return rules.run(made, pairs=pairs, dealt_ms=NOON, options=options)


def test_a_wrong_pair_costs_a_second() -> None:
    found = run(moves(wrong=[1, 3]))
    assert (found.elapsed_ms, found.wrong, found.time_ms) == (8 * PACE_MS, 2, 8 * PACE_MS + 2000)
    assert (found.kept, found.ranked, found.fair, found.why) == (True, True, True, "")


@pytest.mark.parametrize("options", [{"cards": "starred"}, {"cards": "only"}, {"tag": "x"}, {"range": "1-9"}, {"way": "survival"}, {"answer": "term"}], ids=str)
def test_only_all_cards_in_the_usual_way_stand_beside_others(options: dict[str, str]) -> None:
    found = run(moves(), **options)
    assert (found.ranked, found.fair) == (True, False)


def test_a_smaller_board_is_a_record_of_its_own_size() -> None:
    found = run(moves(4), pairs=4)
    assert (found.size, found.ranked, found.fair) == (4, True, False)


def test_zen_has_no_time_to_rank_and_nothing_to_doubt() -> None:
    found = run(moves(took_ms=1), way="zen")
    assert (found.kept, found.ranked, found.fair, found.why) == (True, False, False, "")


def test_quicker_than_anyone_is_not_kept() -> None:
    found = run(moves(took_ms=340))
    assert (found.kept, found.ranked, found.why) == (False, False, timing.TOO_QUICK)
    assert run(moves(took_ms=360)).kept


def test_a_move_before_the_deal_is_not_kept() -> None:
    made = [replace(move, at_ms=move.at_ms - 20_000, received_ms=move.received_ms) for move in moves()]
    assert run(made).why == timing.BEFORE_DEAL


def test_more_pairs_than_the_board_has_are_not_kept() -> None:
    assert run(moves(7)).why == timing.TOO_MANY


def test_a_move_heard_of_before_it_was_made_is_not_kept() -> None:
    made = [replace(move, received_ms=move.at_ms - 2000) for move in moves()]
    assert run(made).why == timing.NOT_TRUE


def test_less_play_than_time_that_passed_is_not_kept() -> None:
    made = [replace(move, took_ms=move.took_ms // 3) for move in moves()]
    assert run(made).why == timing.NOT_TRUE


def test_a_stopped_clock_explains_the_gap_but_is_shown_to_nobody() -> None:
    made = moves()
    late = [*made[:3], *(replace(move, at_ms=move.at_ms + 60_000, received_ms=move.received_ms + 60_000) for move in made[3:])]
    assert not run(late).kept
    stopped = [*late[:3], replace(late[3], note=timing.PAUSED), *late[4:]]
    assert (run(stopped).ranked, run(stopped).fair) == (True, False)


def test_a_page_out_of_sight_is_no_record() -> None:
    made = moves()
    made[2] = replace(made[2], note=timing.AWAY)
    found = run(made)
    assert (found.kept, found.ranked, found.why) == (True, False, timing.OUT_OF_SIGHT)


def test_without_scripts_there_is_no_clock() -> None:
    found = run([replace(move, note=timing.PLAIN, took_ms=5) for move in moves()])
    assert (found.kept, found.ranked, found.why) == (True, False, timing.NO_CLOCK)


def test_what_was_heard_of_late_is_a_record_of_ones_own_only() -> None:
    made = [replace(move, received_ms=NOON + 90_000) for move in moves()]
    found = run(made)
    assert (found.ranked, found.fair) == (True, False)


def test_a_board_that_was_left_lying_before_the_clock_ran_is_a_record_of_ones_own_only() -> None:
    made = [replace(move, at_ms=move.at_ms + 20_000, received_ms=move.received_ms + 20_000) for move in moves()]
    found = run(made)
    assert (found.ranked, found.fair) == (True, False)
