"""A guest becomes somebody, and somebody comes back on another device."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import a_set
from tests.services import House

pytestmark = pytest.mark.journey
PASSWORD = "paper cabinet 1927"


def sign_up(page: Page, house: str = "") -> str:
    name = f"anna{uuid.uuid4().hex[:8]}"
    page.goto(f"{house}/account/sign-up/")
    page.get_by_label(re.compile("^Name")).fill(name)
    page.get_by_label(re.compile("^Password")).first.fill(PASSWORD)
    page.locator("main form .go").first.click()
    page.wait_for_url(lambda url: "sign-up" not in url)
    return name


def test_a_guest_who_signs_up_keeps_everything(page: Page) -> None:
    home = a_set(page)
    sign_up(page)
    page.goto(home)
    expect(page.get_by_role("heading", name="5 terms")).to_be_visible()


def test_signing_in_on_a_device_with_guest_progress_brings_both_together(page: Page, browser: Browser, house: House) -> None:
    first = a_set(page)
    name = sign_up(page)
    other = browser.new_context(base_url=house.url, locale="en-GB")
    elsewhere = other.new_page()
    second = a_set(elsewhere)
    elsewhere.goto("/account/sign-in/")
    elsewhere.get_by_label(re.compile("^Name")).fill(name)
    elsewhere.get_by_label(re.compile("^Password")).first.fill(PASSWORD)
    elsewhere.locator("main form .go").first.click()
    elsewhere.wait_for_url(lambda url: "sign-in" not in url)
    for home in (first, second):
        elsewhere.goto(home)
        expect(elsewhere.get_by_role("heading", name="5 terms")).to_be_visible()
    other.close()
