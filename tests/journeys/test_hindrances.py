"""axe finds nothing on any page, at 390 and 1280 px, by day and by night; nothing scrolls sideways."""

from __future__ import annotations

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
    "/sets/new/",
    "/today/",
    "/nothing-here/",
]
OF_A_SET = ["", "edit/", "analytics/", "print/", "flashcards/", "sorting/", "learn/", "learn/?start=1", "learn/?types=typed", "spaced/"]


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_hinders(browser: Browser, house: House, axe: str, width: int, night: bool) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="en-GB",
        viewport={"width": width, "height": 844 if width < 500 else 900},
        color_scheme="dark" if night else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # only so that axe itself may be put into the page
    )
    page = context.new_page()
    home = a_set(page)
    found = []
    for path in [*PLAIN, *(home + part for part in OF_A_SET)]:
        page.goto(path)
        found += hindrances(page, axe, path)
    paste(page, SMALL.replace("Osmosis", "Turgor").replace("Diffusion", "Xylem") + "No definition\t\n")
    found += hindrances(page, axe, "preview")
    context.close()
    assert not found, "\n".join(found)


def hindrances(page: Page, axe: str, where: str) -> list[str]:
    expect(page.locator("main, [role=main]").first).to_be_visible()
    # As tall as the page: what the bar at the bottom covers on a phone scrolls out from under it, and is no smaller for that.
    size = page.viewport_size or {"width": 390, "height": 844}
    page.set_viewport_size({"width": size["width"], "height": min(20_000, 200 + int(page.evaluate("document.documentElement.scrollHeight")))})
    page.evaluate(axe)
    result = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    found = [f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in result["violations"]]
    page.set_viewport_size(size)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 1:
        found.append(f"{where}: scrolls sideways by {wide} px")
    return [re.sub(r"\s+", " ", line) for line in found]
