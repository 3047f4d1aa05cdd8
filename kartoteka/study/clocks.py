"""Clocks lie: when an answer was really given."""

from __future__ import annotations

from kartoteka.people.days import FUTURE_MS

MINUTE_MS = 60_000
TRUSTED_MS = 2 * MINUTE_MS  # a device clock this near to ours is left alone


def corrected(client_ms: int, *, offset_ms: int, now_ms: int) -> int:
    """When an answer was given, by our clock. ``offset_ms``: ours less the device's, measured when it sent.

    What would lie in the future is held at the moment it was received.
    """
    at_ms = client_ms + offset_ms if abs(offset_ms) > TRUSTED_MS else client_ms
    return max(0, at_ms if at_ms <= now_ms + FUTURE_MS else now_ms)
