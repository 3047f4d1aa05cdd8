"""The tags every page may use."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from lxml import etree

from kartoteka.look import assets, charts, icons, words

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
OURS = sorted(file.stem for file in icons.DRAWINGS.glob("*.svg"))


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def drawn(source: str, **context: object) -> etree._Element:
    return etree.fromstring(shown(source, **context))


def test_an_icon_stands_in_the_page_and_is_silent() -> None:
    svg = drawn('{% icon "star" %}')
    assert svg.get("aria-hidden") == "true"
    assert svg.get("class") == "i"
    assert svg.get("style") is None
    assert len(svg)


@pytest.mark.parametrize("name", OURS)
def test_our_own_drawings_are_well_made(name: str) -> None:
    box, inside = icons.drawing(name)
    assert re.fullmatch(r"0 0 (16|24|28) \1", box)
    assert len(etree.fromstring(f"<svg>{inside}</svg>"))


def test_our_own_drawings_are_all_there() -> None:
    modes = {"flashcards", "sorting", "learn", "test", "spaced", "match", "play", "call"}
    assert modes | set(words.LEVELS) | {"right", "close", "wrong", "unsure", "mark"} == set(OURS)


def test_an_unknown_icon_is_a_mistake_that_is_said() -> None:
    with pytest.raises(ValueError, match="no-such-drawing"):
        shown('{% icon "no-such-drawing" %}')


def test_a_level_is_a_shape_and_a_word() -> None:
    mark = shown('{% level_mark "fading" %}')
    assert "Fading" in mark
    assert 'class="dot fading"' in mark
    assert "<b>2</b>" in shown('{% level_mark "fading" 2 %}')


def test_a_level_bar_says_its_counts_in_order() -> None:
    counts = {"new": 8, "learning": 9, "fading": 2, "familiar": 8, "mastered": 5}
    bar = drawn("{% level_bar counts %}", counts=counts)
    assert bar.get("role") == "img"
    assert bar.get("aria-label") == "5 mastered, 8 familiar, 2 fading, 9 learning, 8 new"
    assert [rect.get("class") for rect in bar.iter("rect")] == ["mastered", "familiar", "fading", "learning", "new"]
    assert bar.find(".//path[@class='hatch']") is not None


@pytest.mark.parametrize("counts", [{"new": 1}, {"mastered": 1, "new": 19_999}, {"mastered": 1, "familiar": 1, "fading": 1, "learning": 1, "new": 9_000}])
def test_no_level_vanishes_and_no_bar_is_too_long(counts: dict[str, int]) -> None:
    rects = [(float(r.get("x")), float(r.get("width"))) for r in etree.fromstring(charts.level_bar(counts)).iter("rect")]
    assert len(rects) == len(counts)
    assert all(width >= 5 for _x, width in rects)
    assert max(x + width for x, width in rects) <= 600.5
    assert all(a[0] + a[1] <= b[0] + 0.2 for a, b in pairwise(rects))


def test_a_bar_of_nothing_says_so() -> None:
    assert "no cards yet" in shown("{% level_bar counts %}", counts={})


def test_a_curve_is_solid_before_now_and_dashed_after() -> None:
    points = {"past": [(-6, 1.0), (-3, 0.93), (0, 0.88)], "future": [(0, 1.0), (13, 0.9), (18, 0.87)], "next_days": 13, "sentence": "Recall fell to 88 %."}
    svg = drawn("{% curve points %}", points=points)
    assert svg.get("aria-label") == "Recall fell to 88 %."
    kinds = [path.get("class") for path in svg.iter("path")]
    assert kinds.count("curve") == 1
    assert kinds.count("curve next") == 1
    assert kinds.count("goal") == 1
    assert len(list(svg.iter("circle"))) == 3
    texts = ["".join(text.itertext()) for text in svg.iter("text")]
    assert "88 % now" in texts
    assert "next: 13 days" in texts


@pytest.mark.parametrize("past", [[], [(0, 1.0)], [(-400, 1.0), (0, 0.02)]])
def test_a_curve_stays_on_its_paper(past: list[tuple[float, float]]) -> None:
    svg = etree.fromstring(charts.curve(past, [(0, 1.0), (1, 0.9)], next_days=1))
    for circle in svg.iter("circle"):
        assert 49 <= float(circle.get("cx")) <= 309
        assert 13 <= float(circle.get("cy")) <= 163


def test_a_forecast_names_today_and_carries_its_figures() -> None:
    listed = etree.fromstring(charts.forecast([24, 11, 0], date(2026, 3, 10)))
    assert [item.find("span").text for item in listed] == ["24", "11", "0"]
    assert listed[0].get("class") == "today"
    assert [rect.get("height") for rect in listed.iter("rect")] == ["100.0", "45.8", "0.0"]


def test_a_ring_shows_both_piles() -> None:
    ring = drawn("{% ring 27 4 %}")
    assert ring.get("aria-label") == "27 known, 4 still learning"
    assert [circle.get("class") for circle in ring.iter("circle")] == ["ringed r0", "ringed r1", "ringed r2"]
    assert "27/31" in shown("{% ring 27 4 %}")


def test_a_calendar_has_a_square_for_each_day_and_the_busiest_is_the_largest() -> None:
    days = [(date(2026, 11, 1) + timedelta(days=n), float(n % 3)) for n in range(26)]
    drawing = drawn('{% studied days "Often" %}', days=days)
    squares = [float(one.get("width") or 0) for one in drawing.iter() if one.get("class") == "some"]
    assert len(squares) == sum(1 for _day, minutes in days if minutes)
    assert max(squares) == 17
    assert len([one for one in drawing.iter() if one.get("class") == "now"]) == 1
    assert drawing.get("aria-label") == "Often"


def test_a_sparkline_ends_with_a_dot() -> None:
    line = drawn('{% sparkline values "Seven days" %}', values=[1, 4, 2])
    assert line.find("circle") is not None
    assert shown('{% sparkline values "none" %}', values=[]) == ""


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "under 1 min"),
        (0.4, "under 1 min"),
        (0.6, "about 1 min"),
        (7.2, "about 7 min"),
        (59, "about 59 min"),
        (61, "about 1 h"),
        (75, "about 1 h 15 min"),
        (119, "about 2 h"),
    ],
)
def test_minutes_are_said_as_one_plans(amount: float, said: str) -> None:
    assert words.minutes(amount) == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=90), "3 months ago"),
        (timedelta(days=800), "2 years ago"),
        (-timedelta(minutes=5), "in 5 minutes"),
        (-timedelta(days=3), "in 3 days"),
    ],
)
def test_times_are_said_from_now(before: timedelta, said: str) -> None:
    then = NOON - before
    assert words.ago(then, NOON) == said
    assert words.ago(int(then.timestamp() * 1000), NOON) == said


def test_no_time_says_nothing() -> None:
    assert shown("{{ then|ago }}", then=None) == ""


def test_prose_is_shown_as_it_was_cleaned_and_other_text_is_not() -> None:
    html = "<ul><li>one</li></ul>"
    assert shown("{{ html|prose }}{% prose html %}", html=html) == html * 2
    assert shown("{{ html }}", html=html) == "&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;/ul&gt;"


def test_words_of_a_page_are_escaped_in_drawings() -> None:
    assert "<script" not in charts.curve([(0, 1)], [(0, 1), (1, 0.9)], sentence='"><script>')
    assert "<script" not in charts.sparkline([1], '"><script>')


def test_modules_find_each_other_by_bare_names() -> None:
    names = assets.modules()
    assert "look/base.js" in names
    assert all(not name.startswith("/") for name in names)
    request = RequestFactory().get("/")
    request.csp_nonce = "a-nonce"
    script = etree.fromstring(shown("{% import_map %}", request=request))
    assert script.get("nonce") == "a-nonce"
    assert json.loads(script.text or "")["imports"]["look/base.js"].endswith(".js")


def test_an_island_carries_the_nonce_and_its_address() -> None:
    request = RequestFactory().get("/")
    request.csp_nonce = "a-nonce"
    html = shown('{% island "look/base.js" %}', request=request)
    assert 'type="module"' in html
    assert 'nonce="a-nonce"' in html
    assert html.endswith("</script>")


def test_a_curve_takes_days_or_milliseconds() -> None:
    now = 1_770_000_000_000
    in_days = {"past": [(-6, 1.0), (0, 0.9)], "future": [(0, 1.0), (10, 0.9)], "next_days": 10}
    in_ms = {"curve": [(now - 6 * charts.DAY_MS, 1.0), (now, 0.9)], "future": [(now, 1.0), (now + 10 * charts.DAY_MS, 0.9)], "next_days": 10}
    assert charts.curve_of(in_days) == charts.curve_of(in_ms)


def test_scripts_carry_the_nonce_that_is_made_when_it_is_read(rf: RequestFactory) -> None:
    request = rf.get("/")
    CSPMiddleware(lambda request: HttpResponse()).process_request(request)
    page = Template('{% import_map %}{% island "look/base.js" %}').render(Context({"request": request}))
    assert page.count(f'nonce="{request.csp_nonce}"') == 2  # type: ignore[attr-defined]
    assert 'nonce=""' not in page


def test_a_forecast_of_nothing_takes_no_room() -> None:
    assert etree.fromstring(charts.forecast([0, 0], date(2026, 3, 10))).tag == "p"
    assert etree.fromstring(charts.forecast([0, 0], date(2026, 3, 10), off=[1])).get("class") == "fc flat"


def test_a_share_is_not_parted_from_its_sign() -> None:
    assert shown("{{ share|percent }}", share=0.975) == "98\N{NO-BREAK SPACE}%"
    assert shown("{{ share|percent }}", share=None) == "–"
