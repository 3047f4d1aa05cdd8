"""A learner's own study over all sets: minutes, recall against what was expected, what is hard, what is mixed up."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kartoteka.look import words
from kartoteka.study import queries as study


@require_safe
def insights(request: Any) -> HttpResponse:
    now_ms = time.time_ns() // 1_000_000
    found = study.insights(request.learner, now_ms) if request.learner else None
    if found is None or not found.answers:
        return render(request, "web/analytics/insights.html", {"found": None})
    weeks = [(words.day(week.date, "short"), week.share if week.asked else None, week.foretold if week.asked else None) for week in found.weeks]
    said = _("%(right)d of %(asked)d cards asked again on a later day were recalled; %(expected)d were expected.") % {
        "right": found.right,
        "asked": found.asked,
        "expected": round(found.expected),
    }
    context = {
        "found": found,
        "weeks": weeks,
        "said": said,
        "points": [(one.expected, one.share, one.asked) for one in found.bins],
        "minutes_by_week": [round(sum(day.minutes for day in found.days[start : start + 7])) for start in range(0, len(found.days), 7)],
        "days_studied": sum(1 for day in found.days if day.answers),
        "today": study.today_date(request.learner, now_ms),
    }
    return render(request, "web/analytics/insights.html", context)
