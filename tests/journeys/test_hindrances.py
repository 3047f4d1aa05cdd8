"""axe finds nothing on any page, at 390 and 1280 px, by day and by night; nothing scrolls sideways."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import SMALL, a_set, paste
from tests.services import House

pytestmark = pytest.mark.journey

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
PLAIN = [
    "/",
    "/library/",
    "/library/bin/",
    "/search/?q=memory",
    "/add/",
    "/account/sign-in/",
    "/account/sign-up/",
    "/account/",
    "/account/settings/",
    "/account/settings/keys/",
    "/sets/new/",
    "/today/",
    "/analytics/memory/",
    "/nothing-here/",
]
OF_A_SET = [
    "",
    "edit/",
    "analytics/",
    "print/",
    "flashcards/",
    "sorting/",
    "learn/",
    "learn/?start=1",
    "learn/?types=typed",
    "spaced/",
    "match/",
    "test/",
    "star/",
]


LOOKS = [(1280, False), (1280, True), (390, True), (390, False)]
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_hinders(browser: Browser, house: House, axe: str, half: int) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="en-GB",
        reduced_motion="reduce",
        bypass_csp=True,  # only so that axe itself may be put into the page
    )
    page = context.new_page()
    home = a_set(page)
    found = []
    for path in [*PLAIN, *(home + part for part in OF_A_SET)][half::2]:
        page.goto(path)
        found += hindrances(page, axe, path)
    if half:
        page.goto(home + "sorting/")
        page.get_by_role("button", name="Still learning").first.click()
        page.goto(home + "exam/")
        page.get_by_label("Date of the exam").fill((dt.date.today() + dt.timedelta(days=20)).isoformat())
        page.get_by_role("button", name="Make the plan").click()
        page.wait_for_url(re.compile("/exams/"))
        found += hindrances(page, axe, "exam")
        page.goto("/analytics/")
        found += hindrances(page, axe, "analytics")
        paste(page, SMALL.replace("Osmosis", "Turgor").replace("Diffusion", "Xylem") + "No definition\t\n")
        found += hindrances(page, axe, "preview")
    context.close()
    assert not found, "\n".join(found)


def hindrances(page: Page, axe: str, where: str) -> list[str]:
    """Looks at one page four times: on a wide and a small screen, by day and by night. Light only changes colours, so the second look at a width asks about these alone."""
    expect(page.locator("main, [role=main]").first).to_be_visible()
    page.evaluate(axe)
    found = []
    seen: int | None = None
    for width, night in LOOKS:
        page.emulate_media(color_scheme="dark" if night else "light")
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        wide = int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        # As tall as the page: what the bar at the bottom covers on a phone scrolls out from under it, and is no smaller for that.
        page.set_viewport_size({"width": width, "height": min(20_000, 200 + int(page.evaluate("document.documentElement.scrollHeight")))})
        result = page.evaluate(f"axe.run(document, {json.dumps(COLOURS if width == seen else RULES)})")
        seen = width
        look = f"{where} at {width} px{' by night' if night else ''}"
        found += [f"{look}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in result["violations"]]
        if wide > 1:
            found.append(f"{look}: scrolls sideways by {wide} px")
    return [re.sub(r"\s+", " ", line) for line in found]
