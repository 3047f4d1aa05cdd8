"""The time of a run of Match, and whether it can be true: the browser tells when each move was made, the server knows when it heard of it."""

from __future__ import annotations

from collections.abc import Sequence

from kartoteka.modes.base import Move, Run, gettext_noop

PENALTY_MS = 1000
QUICKEST_MS = 350  # a pair: nobody reads, moves and presses twice in less
SLACK_MS = 1500  # clocks are read a little apart, and timers late
HEARD_MS = 4000  # a move is sent at once; one that was heard of later was not checked
BEGUN_MS = 15_000  # the clock runs when the page is there; who lets the board lie longer may have read it

AWAY, PAUSED, PLAIN = "away", "paused", "plain"  # what may have happened since the move before
OUT_OF_SIGHT = gettext_noop("The page was out of sight for a while, so this time is no record.")
NO_CLOCK = gettext_noop("Without scripts there is no clock, so this time is no record.")
TOO_QUICK = gettext_noop("That is quicker than anyone can read and press, so this run is not kept.")
BEFORE_DEAL = gettext_noop("A move of this run was made before the tiles were dealt, so it is not kept.")
NOT_TRUE = gettext_noop("The times of this run do not agree with the server's clock, so it is not kept.")
TOO_MANY = gettext_noop("This run has more moves than the board allows, so it is not kept.")


def timed(moves: Sequence[Move], *, pairs: int, dealt_ms: int, kind: str, direction: str, usual: bool) -> Run:
    """``kept`` unless impossible; ``ranked``: may be a record; ``fair``: checked well enough to be shown beside others' times."""
    elapsed = sum(move.took_ms for move in moves)
    wrong = sum(1 for move in moves if not move.right)
    notes = {move.note for move in moves if move.note}
    clock = kind != "zen" and PLAIN not in notes
    why = _impossible(moves, pairs, dealt_ms, elapsed, paused=bool(notes)) if clock else ""
    sentence = why or (OUT_OF_SIGHT if AWAY in notes else NO_CLOCK if PLAIN in notes else "")
    ranked = clock and not why and AWAY not in notes and len(moves) > 0
    return Run(
        kind=kind,
        size=pairs,
        direction=direction,
        elapsed_ms=elapsed,
        wrong=wrong,
        time_ms=elapsed + PENALTY_MS * wrong,
        kept=not why,
        ranked=ranked,
        fair=ranked and usual and not notes and _watched(moves, dealt_ms),
        why=sentence if kind != "zen" else "",
    )


def _impossible(moves: Sequence[Move], pairs: int, dealt_ms: int, elapsed: int, *, paused: bool) -> str:
    """Why the times cannot be true; empty: they can."""
    right = [move for move in moves if move.right]
    if len(right) > pairs:
        return TOO_MANY
    if elapsed < QUICKEST_MS * len(right):
        return TOO_QUICK
    ordered = sorted(moves, key=lambda move: move.at_ms)
    if ordered and ordered[0].at_ms - ordered[0].took_ms < dealt_ms - SLACK_MS:
        return BEFORE_DEAL
    if any(move.at_ms > move.received_ms + SLACK_MS for move in moves):
        return NOT_TRUE
    if ordered and not paused:  # where the clock was stopped, less was played than passed
        passed = ordered[-1].at_ms - ordered[0].at_ms
        if abs(passed - (elapsed - ordered[0].took_ms)) > SLACK_MS:
            return NOT_TRUE
    return ""


def _watched(moves: Sequence[Move], dealt_ms: int) -> bool:
    """Begun soon after the deal, and each move heard of at once."""
    first = min(moves, key=lambda move: move.at_ms)
    return first.at_ms - first.took_ms - dealt_ms <= BEGUN_MS and all(move.received_ms - move.at_ms <= HEARD_MS for move in moves)
