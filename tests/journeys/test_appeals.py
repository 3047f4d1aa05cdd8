"""Appeals in a real browser: a mark overturned by one key, an answer accepted from now on, points ticked one by one, and the owner's tray."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import keep, paste, settled
from tests.services import House

pytestmark = pytest.mark.journey

CAPITALS = "Capital of France\tParis\nCapital of Austria\tVienna\nCapital of Norway\tOslo\nCapital of Portugal\tLisbon\n"


def a_set(page: Page) -> str:
    paste(page, CAPITALS)
    return keep(page, 4)


def learn(page: Page, home: str) -> None:
    page.goto(f"{home}learn/?types=typed&start=1&afresh=1")
    expect(page.get_by_role("textbox", name="Your answer")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your answer").fill(text)
    page.wait_for_timeout(350)
    page.get_by_role("button", name=re.compile("^Check")).click()
    expect(page.get_by_role("button", name=re.compile("Overturn|Count it|I was right")).first).to_be_visible()
    page.wait_for_timeout(350)  # a key still held from the answer is no appeal


def test_a_mark_is_overturned_by_one_key_also_without_a_connection_and_the_answer_accepted(page: Page, quiet: Quiet) -> None:
    home = a_set(page)
    learn(page, home)
    first = page.locator("[data-part=prompt]").inner_text()
    write(page, "The city of lights and towers")
    expect(page.locator("section.verdict")).to_contain_text("Not this time")
    page.keyboard.press("o")
    expect(page.locator("section.verdict")).to_contain_text("Right")
    expect(page.locator("[data-part=appeal-said]")).to_have_text("Overturned: counts as right.")
    page.get_by_role("button", name="Accept this answer from now on").click()
    expect(page.locator("[data-part=appeal-said]")).to_have_text("Accepted for everyone from now on.")
    page.get_by_role("link", name=re.compile("^Continue")).click()
    expect(page.locator("[data-part=prompt]")).not_to_have_text(first)
    write(page, "nothing of the kind")
    page.keyboard.press("o")
    expect(page.locator("section.verdict")).to_contain_text("Right")
    page.wait_for_timeout(350)
    page.keyboard.press("o")
    expect(page.locator("section.verdict")).to_contain_text("Not this time")
    quiet.expected.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.wait_for_timeout(350)
    page.keyboard.press("o")
    expect(page.locator("section.verdict")).to_contain_text("Right")
    expect(page.get_by_text("1 answer not saved yet.")).to_be_visible()
    page.context.set_offline(False)
    settled(page)
    expect(page.locator("[data-part=appeal-said]")).to_have_text("Overturned: counts as right.")


def test_what_a_learner_has_accepted_waits_for_the_owner(browser: Browser, house: House, page: Page) -> None:
    home = a_set(page)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("radio", name="Anyone with the link").check()
    page.get_by_role("button", name="Save").click()
    context = browser.new_context(base_url=house.url, locale="en-GB", viewport={"width": 390, "height": 844})
    ben = context.new_page()
    learn(ben, home)
    write(ben, "la grande ville")
    ben.keyboard.press("o")
    ben.get_by_role("button", name="Accept this answer from now on").click()
    expect(ben.locator("[data-part=appeal-said]")).to_contain_text("suggested to the owner")
    context.close()
    page.goto(home)
    tray = page.get_by_role("region", name="1 suggested answer")
    expect(tray).to_contain_text("la grande ville")
    tray.get_by_role("button", name="Accept for everyone: la grande ville").click()
    expect(page.get_by_text("Accepted for everyone from now on.")).to_be_visible()
    expect(page.get_by_role("region", name="1 suggested answer")).to_have_count(0)
