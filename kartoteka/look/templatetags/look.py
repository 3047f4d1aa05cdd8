"""Tags for every page; no ``{% load %}`` is needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kartoteka.look import assets, charts, icons, words

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", *, extra: str = "") -> SafeString:
    """``{% icon "star" %}``; size "s" or "l"; ``extra="turns"`` for arrows that turn round where one reads from the right."""
    return icons.icon(name, size, extra)


@register.simple_tag
def mark() -> SafeString:
    """The mark of the house."""
    return icons.mark()


@register.simple_tag
def level_dot(level: str) -> SafeString:
    return icons.dot(str(level))


@register.simple_tag
def level_mark(level: str, count: int | str = "") -> SafeString:
    """A level as shape and word, perhaps with how many: ``{% level_mark "fading" 2 %}``."""
    number = format_html(" <b>{}</b>", words.in_figures(count) if isinstance(count, int) else count) if count != "" else ""
    return format_html('<span class="lv">{} <span>{}{}</span></span>', icons.dot(str(level)), words.LEVELS[str(level)], number)


@register.simple_tag
def level_bar(counts: Mapping[str, int], extra: str = "") -> SafeString:
    """The bar of the five levels; ``extra="thin"`` for a thin one."""
    return charts.level_bar({str(level): count for level, count in counts.items()}, extra)


@register.simple_tag
def level_legend(counts: Mapping[str, int]) -> SafeString:
    """Every level that has cards, with its number."""
    known = {str(level): count for level, count in counts.items()}
    marks = format_html_join(" ", "{}", ((level_mark(level, known[level]),) for level in words.LEVELS if known.get(level)))
    return format_html('<div class="legend">{}</div>', marks)


@register.simple_tag
def gauge(expected: float, low: float, high: float, goal: float, without: float) -> SafeString:
    """``{% gauge exam.recall exam.low exam.high exam.exam.target exam.if_stop %}``: shares 0…1."""
    return charts.gauge(expected, low, high, goal=goal, without=without)


@register.simple_tag
def curve(points: Any) -> SafeString:
    return charts.curve_of(points)


@register.simple_tag
def forecast(loads: Sequence[int], first: date, sentence: str = "", off: Collection[int] = ()) -> SafeString:
    """``{% forecast loads today %}``: a column for each day, the first of them named; ``off=places`` says which are days off."""
    return charts.forecast(loads, first, sentence, off)


@register.simple_tag
def weekly(shares: Sequence[tuple[str, float | None, float | None]], goal: float, sentence: str = "") -> SafeString:
    return charts.weekly(shares, goal, sentence)


@register.simple_tag
def studied(days: Sequence[tuple[date, float]], sentence: str) -> SafeString:
    """``{% studied days sentence %}``: (day, minutes), one after the other up to today."""
    return charts.studied(days, sentence)


@register.simple_tag
def calibration(points: Sequence[tuple[float, float, int]], sentence: str = "") -> SafeString:
    return charts.calibration(points, sentence)


@register.simple_tag
def ring(know: int, learning: int, total: int | None = None) -> SafeString:
    return charts.ring(know, learning, total)


@register.simple_tag
def sparkline(values: Sequence[float], sentence: str) -> SafeString:
    return charts.sparkline(values, sentence)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file; unlike ``static`` it never fails where files were not collected yet."""
    return assets.address(path)


@register.simple_tag
def styles() -> SafeString:
    return assets.styles()


@register.simple_tag
def style(path: str) -> SafeString:
    """A stylesheet of one page, such as ``modes/match/island.css``."""
    return assets.link(path)


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    return assets.import_map(_nonce(context))


@register.simple_tag(takes_context=True)
def island(context: template.Context, path: str) -> SafeString:
    """``{% island "modes/flashcards/island.js" %}``: the module of one page."""
    return assets.island(path, _nonce(context))


@register.filter
def prose(html: str) -> SafeString:
    """Clean HTML of a card, to be shown as it is. The only place that trusts it: ``library.clean`` made it on the way in."""
    return mark_safe(html or "")  # noqa: S308


@register.simple_tag(name="prose")
def prose_tag(html: str) -> SafeString:
    return prose(html)


@register.filter
def minutes(amount: float | str | None) -> str:
    """ "about 7 min"."""
    return words.minutes(float(amount or 0))


@register.filter
def ago(then: datetime | date | int | None, now: datetime | None = None) -> str:
    """ "2 days ago"; "in 3 days" for what is to come."""
    return words.ago(then, now)


@register.filter
def day(then: datetime | date | int | None, form: str = "") -> str:
    """ "7 December"; with ``"short"``, ``"weekday"``, ``"row"``, ``"year"`` or ``"time"`` in another length."""
    return words.day(then, form) if then is not None else ""


@register.filter
def percent(share: float | None) -> str:
    """ "88 %", with a space that does not break."""
    return "–" if share is None else f"{round(share * 100)}\N{NO-BREAK SPACE}%"


@register.filter
def parted(title: str) -> SafeString:
    """A title that may break where it is parted, "Kartoteka::Media", and not in the middle of a word."""
    return format_html_join(SafeString("::<wbr>"), "{}", ((part,) for part in title.split("::")))


@register.filter
def level_word(level: str) -> str:
    return str(words.LEVELS[str(level)])


def _nonce(context: template.Context) -> str:
    return str(getattr(context.get("request"), "csp_nonce", ""))  # no "or": it is lazy, and false until somebody reads it
