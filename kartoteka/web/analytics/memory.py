"""What was learned of one's memory: by which model one studies, since when, how much better it foretells, and the way back."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kartoteka.store.refusals import NotThere
from kartoteka.study import actions
from kartoteka.study import queries as study


@never_cache
@require_safe
def memory(request: Any) -> HttpResponse:
    own = study.own_memory(request.learner) if request.learner else None
    busy = own is not None and own.progress is not None and own.progress.step != "waiting"
    return render(request, "web/analytics/memory.html", {"own": own, "busy": busy})


@require_POST
def fit(request: Any) -> HttpResponse:
    """Looks now whether weights of one's own would foretell better."""
    if request.learner:
        actions.fit_now(request.learner, now_ms=_now_ms())
    return redirect("memory")


@require_POST
def use(request: Any) -> HttpResponse:
    """Goes over to another version, 0: the published weights."""
    number = request.POST.get("version", "")
    if request.learner is None or not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotThere(_("There is no such version of your memory."))
    if actions.use_memory(request.learner, int(number), now_ms=_now_ms()):
        messages.success(request, _("Cards come back by the usual schedule now.") if number == "0" else _("Cards come back by this version now."))
    return redirect("memory")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
