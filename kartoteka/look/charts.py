"""Small drawings of figures, made on the server: level bars, forgetting curves, forecasts, rings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.formats import date_format, get_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kartoteka.look import words
from kartoteka.look.words import LEVELS, in_figures

WIDTH, GAP, LEAST = 600.0, 4.0, 8.0
Points = Sequence[tuple[float, float]]
DAY_MS = 86_400_000
MOMENT = 1e9  # beyond this a time is milliseconds since 1970; no card is three million years old


def level_bar(counts: Mapping[str, int], extra: str = "") -> SafeString:
    """How many cards stand on each level, mastered first. Fading is hatched and new is hollow, so colour is never alone."""
    shown = [(level, counts[level]) for level in LEVELS if counts.get(level)]
    rects = format_html_join("", "{}", ((_piece(level, x, width),) for level, x, width in _pieces(shown)))
    return format_html(
        '<svg class="{}" viewBox="0 0 600 12" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        f"bar {extra}".strip(),
        level_sentence(counts),
        rects,
    )


def level_sentence(counts: Mapping[str, int]) -> str:
    """ "5 mastered, 8 familiar, 2 fading, 9 learning, 8 new"."""
    words = [f"{in_figures(counts[level])} {str(word).lower()}" for level, word in LEVELS.items() if counts.get(level)]
    return ", ".join(words) or _("no cards yet")


def _pieces(shown: Sequence[tuple[str, int]]) -> list[tuple[str, float, float]]:
    """Where each level's piece begins and how wide it is: none vanishes, however few its cards."""
    total = sum(count for _level, count in shown)
    room = WIDTH - GAP * (len(shown) - 1)
    wide = {level: max(LEAST, room * count / total) for level, count in shown}
    over = sum(wide.values()) - room
    slack = sum(width - LEAST for width in wide.values())
    pieces, x = [], 0.0
    for level, width in wide.items():
        width -= over * (width - LEAST) / slack if slack else 0
        pieces.append((level, round(x, 1), round(width, 1)))
        x += width + GAP
    return pieces


def _piece(level: str, x: float, width: float) -> SafeString:
    if level == "new":
        return format_html('<rect class="new" x="{}" y="1" width="{}" height="10" rx="2"/>', x + 1, max(1, width - 2))
    rect = format_html('<rect class="{}" x="{}" width="{}" height="12" rx="2"/>', level, x, width)
    if level != "fading":
        return rect
    lines = " ".join(f"M{i} 14 L{i + 9} -2" for i in range(-6, int(width) + 6, 9))
    return format_html(
        '{}<svg x="{}" width="{}" height="12" viewBox="0 0 {} 12" preserveAspectRatio="none"><path class="hatch" d="{}"/></svg>', rect, x, width, width, lines
    )


def curve(
    past: Points,
    future: Points,
    *,
    target: float = 0.9,
    next_days: float | None = None,
    next_words: str = "",
    next_on: str = "",
    since: str = "",
    sentence: str = "",
) -> SafeString:
    """A forgetting curve in days from now: solid where it was, dashed where it would go, a dot now and at the next review, a line at the target."""
    frame = _Frame([*past, *future], target)
    dots = [(*past[0],), (*past[-1],)] if past else []
    parts = [frame.grid()]
    if past:
        parts.append(format_html('<path class="curve" d="{}"/>', frame.path(past)))
    if past and future:
        parts.append(format_html('<path class="axis" d="{}"/>', frame.path([past[-1], future[0]])))
    if future:
        parts.append(format_html('<path class="curve next" d="{}"/>', frame.path(future)))
    meets = _at(future, next_days) if future and next_days is not None else None
    parts += [format_html('<circle class="pt" cx="{}" cy="{}" r="4"/>', frame.x(day), frame.y(recall)) for day, recall in dots]
    if past:
        words = _("%(percent)d %% now") % {"percent": round(past[-1][1] * 100)}
        parts.append(frame.words(past[-1], words, below=True))
    if meets is not None and next_days is not None:
        point = (next_days, meets)
        parts.append(format_html('<circle class="pt" cx="{}" cy="{}" r="5"/>', frame.x(next_days), frame.y(meets)))
        crowded = bool(past) and abs(frame.x(next_days) - frame.x(past[-1][0])) < 110
        parts.append(frame.words(point, next_words or _("next: %(days)d days") % {"days": round(next_days)}, below=not crowded))
    parts.append(frame.feet(past, since or _("last"), next_days if meets is not None else None, next_on))
    return format_html(
        '<svg class="chart" viewBox="0 0 320 196" role="img" aria-label="{}">{}</svg>',
        sentence or _("Forgetting curve"),
        format_html_join("", "{}", ((p,) for p in parts)),
    )


class _Frame:
    """The paper a curve is drawn on: days to the right, recall upwards."""

    LEFT, RIGHT, TOP, BOTTOM = 50.0, 308.0, 14.0, 162.0

    def __init__(self, points: Points, target: float) -> None:
        days = [day for day, _recall in points] or [0.0]
        least = min([recall for _day, recall in points] + [target])
        self.first, self.last = min(days), max(max(days), min(days) + 1e-6)
        self.low = next((low for low in (0.6, 0.4, 0.2) if least >= low), 0.0)
        self.target = target

    def x(self, day: float) -> float:
        return round(self.LEFT + (self.RIGHT - self.LEFT) * (day - self.first) / (self.last - self.first), 1)

    def y(self, recall: float) -> float:
        return round(self.TOP + (self.BOTTOM - self.TOP) * (1 - recall) / (1 - self.low), 1)

    def path(self, points: Points) -> str:
        return "M" + " L".join(f"{self.x(day)} {self.y(recall)}" for day, recall in points)

    def grid(self) -> SafeString:
        lines = [1.0 - 0.2 * i for i in range(6) if 1.0 - 0.2 * i >= self.low - 1e-9]
        drawn = format_html_join("", "{}", ((self._line(recall, "axis", ""),) for recall in lines if abs(recall - self.target) > 0.04))
        return format_html("{}{}", drawn, self._line(self.target, "goal", "strong"))

    def _line(self, recall: float, kind: str, words: str) -> SafeString:
        y = self.y(recall)
        return format_html(
            '<path class="{}" d="M{} {}H{}"/><text class="{}" x="44" y="{}" text-anchor="end">{} %</text>',
            kind, self.LEFT, y, self.RIGHT, words, round(y + 4.5, 1), round(recall * 100),
        )  # fmt: skip

    def words(self, point: tuple[float, float], words: str, *, below: bool) -> SafeString:
        """Words beside a point: below or above it, and on its free side where it stands at the edge of the paper."""
        x, y = self.x(point[0]), self.y(point[1])
        half = 3.6 * len(words)
        if x - self.LEFT < half:
            x, y, anchor = x + 9, y - 8, "start"
        else:
            x, y, anchor = min(x, self.RIGHT + 8 - half), y + (21 if below else -12), "middle"
        return format_html('<text class="strong" x="{}" y="{}" text-anchor="{}">{}</text>', round(x, 1), round(min(y, self.BOTTOM - 4), 1), anchor, words)

    def feet(self, past: Points, since: str, next_days: float | None, next_on: str) -> SafeString:
        today = self.x(past[-1][0] if past else 0)
        words = [(today, _("today"), "middle" if today > self.LEFT + 24 else "start")]
        if past and today - self.x(past[0][0]) > 62:
            words.append((self.x(past[0][0]) - 4, since, "start"))
        if next_on and next_days is not None and self.x(next_days) - today > 76:
            words.append((min(self.x(next_days), self.RIGHT - 14), next_on, "middle"))
        return format_html_join("", '<text x="{}" y="186" text-anchor="{}">{}</text>', ((x, anchor, word) for x, word, anchor in words))


def _at(points: Points, day: float) -> float:
    """The curve's height on a day, straight between two of its points."""
    for (d0, r0), (d1, r1) in pairwise(points):
        if d0 <= day <= d1:
            return r0 + (r1 - r0) * (day - d0) / ((d1 - d0) or 1)
    return points[-1][1] if points else 0.0


def forecast(loads: Sequence[int], first: date, sentence: str = "", off: Collection[int] = ()) -> SafeString:
    """How many cards come on each of the next days; ``off``: the places of days off. Columns are HTML, so their figures never shrink."""
    if not any(loads) and not off:
        return format_html('<p class="muted">{}</p>', _("Nothing is due on these days yet."))
    most = max([*loads, 1])
    columns = format_html_join(
        "",
        '<li{}><svg viewBox="0 0 40 100" preserveAspectRatio="none" aria-hidden="true"><rect y="{}" width="40" height="{}"/></svg><span>{}</span><span class="d">{}</span></li>',
        (
            (
                SafeString(' class="today"') if i == 0 else SafeString(' class="off"') if i in off else "",
                round(100 - 100 * load / most, 1),
                round(100 * load / most, 1),
                format_html('<span aria-hidden="true">–</span><span class="vh">{}</span>', _("day off")) if i in off and not load else in_figures(load),
                _day_word(i, first),
            )
            for i, load in enumerate(loads)
        ),
    )
    return format_html(
        '<ol class="{}" aria-label="{}">{}</ol>', "fc" if any(loads) else "fc flat", sentence or _("Cards due on each of the next days"), columns
    )


def _day_word(i: int, first: date) -> SafeString:
    if i == 0:
        return format_html("{}", _("today"))
    name = date_format(first + timedelta(days=i), "D")
    return format_html("{}", name) if i % 2 == 0 else format_html('<span class="vh">{}</span>', name)


def gauge(expected: float, low: float, high: float, *, goal: float, without: float, sentence: str = "") -> SafeString:
    """What to expect on a day, on a line from none to all: the expected share with its band, the goal, and what is left where nothing more is done."""

    def x(share: float) -> float:
        return round(14 + 292 * min(max(share, 0.0), 1.0), 1)

    said = sentence or _("Expected %(expected)d %%, between %(low)d and %(high)d. Goal %(goal)d %%. Without more study %(without)d %%.") % {
        name: round(100 * value) for name, value in (("expected", expected), ("low", low), ("high", high), ("goal", goal), ("without", without))
    }
    ends = [min(max(x(share), 46.0), 262.0) for share in (expected, goal, without)]
    return format_html(
        '<svg class="chart" viewBox="0 0 320 112" role="img" aria-label="{}"><path class="axis" d="M14 56H306"/><path class="axis" d="M14 50V62M160 50V62M306 50V62"/>'
        '<rect class="band" x="{}" y="46" width="{}" height="20" rx="4"/><path class="goal" d="M{} 26V86"/><circle class="hole" cx="{}" cy="56" r="5"/><circle class="pt" cx="{}" cy="56" r="6"/>'
        '<text class="strong" x="{}" y="16" text-anchor="middle">{}</text><text x="{}" y="84" text-anchor="middle" dy="14">{}</text><text x="{}" y="34" text-anchor="middle">{}</text></svg>',
        said,
        x(low), max(4.0, round(x(high) - x(low), 1)), x(goal), x(without), x(expected),
        ends[0], _("expected %(percent)d %%") % {"percent": round(100 * expected)},
        ends[1], _("goal %(percent)d %%") % {"percent": round(100 * goal)},
        ends[2], _("if you stop %(percent)d %%") % {"percent": round(100 * without)},
    )  # fmt: skip


def weekly(shares: Sequence[tuple[str, float | None, float | None]], goal: float, sentence: str = "") -> SafeString:
    """Week by week what was recalled (a column) and what was expected (a line across it); the goal as a dotted line. Shares 0…1, ``None``: nothing was asked."""
    wide = 300 / max(1, len(shares))

    def y(share: float) -> float:
        return round(12 + 120 * (1 - min(max(share, 0.0), 1.0)), 1)

    columns = format_html_join(
        "",
        '<rect class="col" x="{}" y="{}" width="{}" height="{}" rx="2"/>{}',
        (
            (
                round(40 + i * wide + 3, 1), y(kept), round(wide - 6, 1), round(132 - y(kept), 1),
                "" if expected is None else format_html('<path class="mark" d="M{} {}H{}"/>', round(40 + i * wide + 1, 1), y(expected), round(40 + (i + 1) * wide - 1, 1)),
            )
            for i, (_words, kept, expected) in enumerate(shares) if kept is not None
        ),
    )  # fmt: skip
    feet = format_html_join(
        "", '<text x="{}" y="152" text-anchor="middle">{}</text>',
        ((round(40 + (i + 0.5) * wide, 1), words) for i, (words, _kept, _expected) in enumerate(shares) if i % 4 == 0),
    )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 344 160" role="img" aria-label="{}"><path class="axis" d="M40 12H340M40 72H340M40 132H340"/>'
        '<text x="34" y="16" text-anchor="end">100 %</text><text x="34" y="76" text-anchor="end">50 %</text><text x="34" y="136" text-anchor="end">0 %</text>{}<path class="goal" d="M40 {}H340"/>{}</svg>',
        sentence or _("Recalled week by week, and what was expected"), columns, y(goal), feet,
    )  # fmt: skip


def studied(days: Sequence[tuple[date, float]], sentence: str) -> SafeString:
    """A calendar, week beside week, of minutes a day: the more, the larger a square; a day without is a dot, and the last one has a ring."""
    opens = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7  # Monday is 0
    shift, most = (days[0][0].weekday() - opens) % 7, max(*(minutes for _day, minutes in days), 1e-9)

    def square(i: int, day: date, minutes: float) -> SafeString:
        x, y = 52 + 22 * ((i + shift) // 7), 14 + 20 * ((i + shift) % 7)
        side = round(6 + 11 * (minutes / most) ** 0.5, 1) if minutes else 3
        said = format_html("<title>{}: {}</title>", date_format(day, "MONTH_DAY_FORMAT"), words.minutes(minutes)) if minutes else ""
        ring = format_html('<rect class="now" x="{}" y="{}" width="20" height="20" rx="4"/>', x - 10, y - 10) if i == len(days) - 1 else ""
        month = format_html('<text x="{}" y="164">{}</text>', x - 8, date_format(day, "M")) if day.day <= 7 and (i + shift) % 7 == 0 else ""
        kind = "some" if minutes else "none"
        rect = '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2">{}</rect>{}{}'
        return format_html(rect, kind, round(x - side / 2, 1), round(y - side / 2, 1), side, side, said, ring, month)

    names = format_html_join(
        "", '<text x="34" y="{}" text-anchor="end">{}</text>', ((18 + 20 * row, date_format(days[(row - shift) % 7][0], "D")) for row in range(0, 7, 2))
    )
    drawn = format_html_join("", "{}", ((square(i, day, minutes),) for i, (day, minutes) in enumerate(days)))
    return format_html('<svg class="chart" viewBox="0 0 344 170" role="img" aria-label="{}">{}{}</svg>', sentence, names, drawn)


def calibration(points: Sequence[tuple[float, float, int]], sentence: str = "") -> SafeString:
    """What was expected (to the right) against what came true (upwards), 0…1: on the slanting line both are the same. A larger dot speaks of more answers."""

    def place(expected: float, true: float) -> tuple[float, float]:
        return round(44 + 232 * expected, 1), round(14 + 232 * (1 - true), 1)

    most = max([many for _p, _q, many in points] + [1])
    dots = format_html_join(
        "", '<circle class="pt" cx="{}" cy="{}" r="{}"/>', ((*place(expected, true), round(3 + 6 * (many / most) ** 0.5, 1)) for expected, true, many in points)
    )
    return format_html(
        '<svg class="chart square" viewBox="0 0 290 280" role="img" aria-label="{}"><path class="axis" d="M44 14V246H276"/><path class="goal" d="M44 246L276 14"/>'
        '<text x="38" y="18" text-anchor="end">100 %</text><text x="38" y="134" text-anchor="end">50 %</text><text x="44" y="266">0 %</text><text x="160" y="266" text-anchor="middle">{}</text>'
        '<text x="276" y="266" text-anchor="end">100 %</text>{}</svg>',
        sentence or _("Expected against what came true"), _("expected"), dots,
    )  # fmt: skip


def ring(know: int, learning: int, total: int | None = None, sentence: str = "") -> SafeString:
    """Sorting's end: how many went to each pile."""
    of = max(total if total is not None else know + learning, 1)
    around = 2 * 3.14159265 * 54
    arcs, turned = [], 0.0
    for kind, count in (("r1", know), ("r2", learning)):
        length = around * count / of
        if count:
            gap = 3.0 if 0 < count < of else 0.0
            arcs.append((kind, round(max(length - gap, 0.1), 1), round(around, 1), round(-turned, 1)))
        turned += length
    drawn = format_html_join(
        "",
        '<circle class="ringed {}" cx="70" cy="70" r="54" stroke-dasharray="{} {}" stroke-dashoffset="{}" transform="rotate(-90 70 70)"/>',
        arcs,
    )
    said = sentence or _("%(know)s known, %(learning)s still learning") % {"know": in_figures(know), "learning": in_figures(learning)}
    return format_html(
        '<svg class="chart ring" viewBox="0 0 140 140" role="img" aria-label="{}"><circle class="ringed r0" cx="70" cy="70" r="54"/>{}'
        '<text class="big" x="70" y="79" text-anchor="middle">{}/{}</text></svg>',
        said, drawn, in_figures(know), in_figures(of if (know or learning or total) else 0),
    )  # fmt: skip


def sparkline(values: Sequence[float], sentence: str) -> SafeString:
    """A line as high as its highest figure, with a dot on the newest. Without a ``sentence`` its figures are read out."""
    if not values:
        return SafeString("")
    most, step = max([*values, 1e-9]), 96 / max(len(values) - 1, 1)
    points = [(round(2 + i * step, 1), round(22 - 20 * value / most, 1)) for i, value in enumerate(values)]
    return format_html(
        '<svg class="spark" viewBox="0 0 100 24" role="img" aria-label="{}"><polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        sentence or ", ".join(str(round(value)) for value in values),
        " ".join(f"{x},{y}" for x, y in points),
        *points[-1],
    )


def curve_of(points: Any) -> SafeString:
    """A curve from whatever carries ``past`` and ``future`` and perhaps what ``curve`` takes besides: a mapping or an object.

    Times are days from now, or milliseconds since 1970 (then the past ends now, or the future begins now).
    """
    read = points.get if isinstance(points, Mapping) else lambda name, default=None: getattr(points, name, default)
    past, future = list(read("past", None) or read("curve", None) or ()), list(read("future", None) or ())
    now = past[-1][0] if past else future[0][0] if future else 0
    if abs(now) > MOMENT:
        past, future = ([((at - now) / DAY_MS, recall) for at, recall in part] for part in (past, future))
    more = {name: value for name in ("target", "next_days", "next_words", "next_on", "since", "sentence") if (value := read(name, None)) is not None}
    return curve(past, future, **more)
