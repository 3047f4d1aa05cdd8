"""Takes the README's picture, docs/set.png: the page of the ready set after a few minutes of study, as a browser shows it today."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import House, chromium

WIDTH, HEIGHT = 1280, 1130
KNOWN = (True, True, False, True, True, True, False, True, True)


def study(page: Page) -> str:
    """Opens the ready set as a guest, sorts some of its cards and looks at one by Spaced Repetition; the address of the set."""
    page.goto("/")
    page.get_by_role("button", name=re.compile("^Look through")).or_(page.get_by_role("link", name=re.compile("^Look through"))).first.click()
    page.wait_for_url(re.compile(r"/sittings/"))
    page.goto("/library/public/")
    page.get_by_role("link", name="How memory works").click()
    page.wait_for_url(re.compile(r"/sets/[0-9a-f-]{36}/"))
    address = page.url
    page.get_by_role("link", name=re.compile("^Card Sorting")).click()
    for known in KNOWN:
        page.wait_for_timeout(400)
        page.keyboard.press("Space")
        page.wait_for_timeout(400)
        page.keyboard.press("ArrowRight" if known else "ArrowLeft")
    expect(page.locator("k-outbox[data-waits]")).to_have_count(0, timeout=15_000)
    return address


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder) / "data")
        house.start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--disable-dev-shm-usage", "--hide-scrollbars"])
        try:
            page = browser.new_page(
                base_url=house.url, locale="en-GB", color_scheme="light", reduced_motion="reduce", viewport={"width": WIDTH, "height": HEIGHT}
            )
            page.goto(study(page))
            page.wait_for_load_state("networkidle")
            page.screenshot(path=ROOT / "docs" / "set.png")
        finally:
            browser.close()
            house.stop()


if __name__ == "__main__":
    main()
