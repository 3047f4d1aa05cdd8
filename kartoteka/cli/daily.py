"""What the house does by itself: background tasks, and once a day the bin, undecided previews, and guests nobody has seen for a year."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from kartoteka.library import actions as library
from kartoteka.people import actions as people
from kartoteka.study import actions as study
from kartoteka.transfer import actions as transfer

log = logging.getLogger("kartoteka.daily")
HOUR_S = 3600


def keep_house(stopping: threading.Event) -> None:
    """Runs until ``stopping`` is set; a failing chore is logged and tried again the next hour."""
    last_day = ""
    _done(_take_up_imports)
    _done(_take_up_fits)
    while not stopping.wait(5 if not last_day else HOUR_S):
        today = time.strftime("%Y-%m-%d")
        if today == last_day:
            continue
        done = [_done(chore) for chore in (_empty_bins, _end_previews, _end_guests)]
        if all(done):
            last_day = today
        close_old_connections()


def _take_up_imports() -> None:
    transfer.resume()


def _take_up_fits() -> None:
    study.resume()


def _empty_bins() -> None:
    library.empty_bin(timezone.now())


def _end_previews() -> None:
    transfer.prune(now_s=time.time())


def _end_guests() -> None:
    people.end_old_guests(timezone.now())


def _done(chore: Callable[[], None]) -> bool:
    try:
        chore()
    except Exception:
        log.exception("The daily chore %s failed; it is tried again in an hour.", chore.__name__)
        return False
    return True
