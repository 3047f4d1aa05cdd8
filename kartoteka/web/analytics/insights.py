"""A learner's own study over all sets: minutes, recall against what was expected, what is hard, what is mixed up; and what of that a set's page shows too."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kartoteka.look import words
from kartoteka.study import queries as study


def shown(found: study.Insights | study.InSet, today: Any) -> dict[str, Any]:
    """What the drawings of either page need: a calendar, the days that come, and whether the figures came true."""
    return {
        "found": found,
        "today": today,
        "calendar": [(day.date, day.minutes) for day in found.days],
        "calendar_said": _calendar_words(found.days),
        "points": [(one.expected, one.share, one.asked) for one in found.bins],
    }


def _calendar_words(days: Sequence[study.Day]) -> str:
    studied = [day for day in days if day.answers]
    if not studied:
        return _("Not studied in these 12 weeks.")
    said = ngettext("Studied on %(n)d day in 12 weeks, %(time)s.", "Studied on %(n)d days in 12 weeks, %(time)s.", len(studied))
    most = max(studied, key=lambda day: day.minutes)
    busiest = _("Most of it on %(day)s: %(time)s.") % {"day": words.day(most.date), "time": words.minutes(most.minutes)}
    said %= {"n": len(studied), "time": words.minutes(sum(day.minutes for day in studied))}
    return f"{said} {busiest}" if len(studied) > 1 else said


@require_safe
def insights(request: Any) -> HttpResponse:
    now_ms = time.time_ns() // 1_000_000
    found = study.insights(request.learner, now_ms) if request.learner else None
    if found is None or not found.answers:
        return render(request, "web/analytics/insights.html", {"found": None})
    weeks = [(words.day(week.date, "short"), week.share if week.asked else None, week.foretold if week.asked else None) for week in found.weeks]
    said = _("%(right)s of %(asked)s cards asked again on a later day were recalled; %(expected)s were expected.") % {
        "right": words.in_figures(found.right),
        "asked": words.in_figures(found.asked),
        "expected": words.in_figures(round(found.expected)),
    }
    context = {
        **shown(found, study.today_date(request.learner, now_ms)),
        "weeks": weeks,
        "said": said,
        "minutes_by_week": [round(sum(day.minutes for day in found.days[start : start + 7])) for start in range(0, len(found.days), 7)],
        "days_studied": sum(1 for day in found.days if day.answers),
    }
    return render(request, "web/analytics/insights.html", context)
