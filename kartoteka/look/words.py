"""How times and levels are said in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

LEVELS = {
    "mastered": gettext_lazy("Mastered"),
    "familiar": gettext_lazy("Familiar"),
    "fading": gettext_lazy("Fading"),
    "learning": gettext_lazy("Learning"),
    "new": gettext_lazy("New"),
}
MINUTE, HOUR, DAY = 60, 3_600, 86_400
# How a language writes a day, in the letters of Django's date filter.
DAYS = {
    "": pgettext_lazy("date", "j F"),
    "short": pgettext_lazy("date", "j M"),
    "weekday": pgettext_lazy("date", "l j F"),
    "row": pgettext_lazy("date", "D j M"),
    "year": pgettext_lazy("date", "j F Y"),
    "time": pgettext_lazy("date", "j M Y, H:i"),
}


def in_figures(count: float) -> str:
    """A number as the language writes it: "20,000", "20.000"."""
    return number_format(count)


def minutes(amount: float) -> str:
    """A length of time as one plans with it: never to the second."""
    whole = round(amount)
    if whole < 1:
        return _("under 1 min")
    if whole < 60:
        return _("about %(n)d min") % {"n": whole}
    hours, rest = divmod(5 * round(whole / 5), 60)
    if not rest:
        return _("about %(n)d h") % {"n": hours}
    return _("about %(h)d h %(n)d min") % {"h": hours, "n": rest}


def ago(then: datetime | date | int | None, now: datetime | None = None) -> str:
    """How long ago, or how soon: "2 days ago", "in 3 days". A number is milliseconds since 1970, as times travel in this house."""
    if then is None:
        return ""
    seconds = int(((now or timezone.now()) - _moment(then)).total_seconds())
    return _past(seconds) if seconds >= 0 else _future(-seconds)


def day(then: datetime | date | int, form: str = "") -> str:
    """A day as the language writes it: "7 December", "7. Dezember"; ``form`` is one of DAYS."""
    moment = then if isinstance(then, date) and not isinstance(then, datetime) else timezone.localtime(_moment(then))
    return date_format(moment, str(DAYS[form]))


def _moment(then: datetime | date | int) -> datetime:
    if isinstance(then, datetime):
        return then if timezone.is_aware(then) else timezone.make_aware(then)
    if isinstance(then, date):
        return timezone.make_aware(datetime(then.year, then.month, then.day))  # noqa: DTZ001
    return datetime.fromtimestamp(then / 1000, UTC)


def _past(seconds: int) -> str:
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return _counted(seconds // MINUTE, ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // MINUTE))
    if seconds < DAY:
        return _counted(seconds // HOUR, ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // HOUR))
    days = seconds // DAY
    if days < 60:
        return _counted(days, ngettext("%(n)d day ago", "%(n)d days ago", days))
    if days < 730:
        return _counted(days // 30, ngettext("%(n)d month ago", "%(n)d months ago", days // 30))
    return _counted(days // 365, ngettext("%(n)d year ago", "%(n)d years ago", days // 365))


def _future(seconds: int) -> str:
    if seconds < HOUR:
        n = max(1, round(seconds / MINUTE))
        return _counted(n, ngettext("in %(n)d minute", "in %(n)d minutes", n))
    if seconds < DAY:
        n = max(1, round(seconds / HOUR))
        return _counted(n, ngettext("in %(n)d hour", "in %(n)d hours", n))
    n = round(seconds / DAY)
    return _counted(n, ngettext("in %(n)d day", "in %(n)d days", n))


def _counted(n: int, words: str) -> str:
    return words % {"n": n}
