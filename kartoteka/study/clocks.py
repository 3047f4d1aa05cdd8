"""Clocks lie: when an answer was really given."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from threading import Lock

from kartoteka.people.days import FUTURE_MS

MINUTE_MS = 60_000
LOOKED_BACK = 5  # measurements of a device's clock
MOST_DEVICES = 20_000
TRUSTED_MS = 2 * MINUTE_MS  # a device clock this near to ours is left alone


class Clocks:
    """How far each device's clock is off, from its last five measurements: one that took long on its way, or was made while a clock was set, is outvoted.

    Kept in this process alone: what an answer was corrected by stands beside it in the log, and after a restart it is measured anew.
    """

    def __init__(self, most: int = MOST_DEVICES) -> None:
        self._most = most
        self._measured: OrderedDict[Hashable, deque[int]] = OrderedDict()
        self._lock = Lock()

    def sent_ms(self, device: Hashable, sent_ms: int | None, *, now_ms: int) -> int | None:
        """When a device sent something, by a clock that is off as much as this device's usually is; ``None`` where it did not say."""
        if sent_ms is None:
            return None
        with self._lock:
            measured = self._measured.setdefault(device, deque(maxlen=LOOKED_BACK))
            self._measured.move_to_end(device)
            measured.append(now_ms - sent_ms)
            if len(self._measured) > self._most:
                self._measured.popitem(last=False)
            return now_ms - sorted(measured)[(len(measured) - 1) // 2]


clocks = Clocks()


def corrected(client_ms: int, *, offset_ms: int, now_ms: int) -> int:
    """When an answer was given, by our clock. ``offset_ms``: ours less the device's, the middle one of its last five measurements.

    What would lie in the future is held at the moment it was received.
    """
    at_ms = client_ms + offset_ms if abs(offset_ms) > TRUSTED_MS else client_ms
    return max(0, at_ms if at_ms <= now_ms + FUTURE_MS else now_ms)
