"""A first visit: paste a real page, keep it, study it in each mode, kill the server, find everything again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.pages import SMALL, a_set, door, keep, paste, seed, settled
from tests.services import House

pytestmark = pytest.mark.journey


def test_the_real_page_comes_in_and_is_studied_and_survives_a_kill(page: Page, house: House, samples: Path) -> None:
    paste(page, seed(samples))
    home = keep(page, 32)
    expect(page.get_by_role("heading", name="Stalin rise to power")).to_be_visible()
    expect(page.get_by_role("heading", name="32 terms")).to_be_visible()
    expect(page.get_by_role("table", name="Study Analytics")).to_be_visible()
    assert page.locator("li li").count() > 10, "nested bullets are nested lists"

    door(page, "Flashcards")
    for _ in range(3):
        page.keyboard.press("Space")
        page.wait_for_timeout(100)
        page.keyboard.press("ArrowRight")
    settled(page)

    page.goto(home)
    door(page, "Card Sorting")
    for name in ("Know", "Still learning", "Know"):
        page.keyboard.press("Space")
        page.get_by_role("button", name=re.compile(name)).first.click()
    settled(page)

    page.goto(home)
    door(page, "Spaced Repetition")
    page.locator(".go").filter(has_text=re.compile(r"^\s*(Review|Meet)")).first.click()
    for name in ("Forgot", "Got it", "Got it"):
        page.get_by_role("button", name=re.compile("^Show answer")).click()
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
    settled(page)

    page.goto(home)
    house.kill()
    house.start()
    page.goto(home)
    expect(page.get_by_role("heading", name="32 terms")).to_be_visible()
    doctor = house.command("doctor", "--json")
    assert json.loads(doctor.stdout)["ok"], doctor.stdout
    expect(page.get_by_role("table", name="Study Analytics").get_by_role("row")).to_have_count(2)


def test_a_first_visit_studies_the_ready_set_within_three_clicks(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile(r"^Look through \d+ cards")).click()
    page.get_by_role("button", name=re.compile("^(Turn over|Show|Next)")).first.click()
    expect(page.locator("article.face").first).to_be_visible()


def test_importing_again_updates_instead_of_doubling(page: Page) -> None:
    home = a_set(page)
    paste(page, SMALL.replace("Where a cell builds proteins", "Where proteins are built"))
    expect(page.get_by_text(re.compile(r"1 changed|changed 1", re.I)).first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Keep")).click()
    expect(page.get_by_text("Where proteins are built").first).to_be_visible()
    page.goto(home)
    expect(page.get_by_role("heading", name="5 terms")).to_be_visible()


def test_a_stranger_with_the_address_of_a_private_set_is_told_nothing(page: Page, browser: object, house: House) -> None:
    home = a_set(page)
    stranger: BrowserContext = browser.new_context()  # type: ignore[attr-defined]
    try:
        answer = stranger.new_page().goto(home)
        assert answer
        assert answer.status == 404
    finally:
        stranger.close()
