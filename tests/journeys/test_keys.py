"""A key that was changed does its work, the old one rests, and the list of keys names the new one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import a_set, listening

pytestmark = pytest.mark.journey


def test_a_changed_key_works_in_a_mode(page: Page) -> None:
    home = a_set(page)
    page.goto("/account/settings/keys/")
    field = page.get_by_label("After; Know")
    page.get_by_role("button", name="Change after; Know").click()
    expect(field).to_be_focused()
    page.keyboard.press("j")
    expect(field).to_have_value("J")
    page.get_by_role("button", name="Keep these keys").click()
    expect(page.get_by_text("usually →")).to_be_visible()
    page.goto(home)
    page.get_by_role("link", name=re.compile("^Flashcards")).first.click()
    place = page.get_by_text(re.compile(r"^\s*1/5\s*$")).first
    expect(place).to_be_visible()
    listening(page, "k-flashcards")
    page.keyboard.press("ArrowRight")
    expect(place).to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_text(re.compile(r"^\s*2/5\s*$")).first).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys kbd", has_text="J").first).to_be_visible()
    expect(page.locator("#keys kbd", has_text="→")).to_have_count(0)


def test_enter_starts_learn_and_what_was_refused_has_the_focus(page: Page) -> None:
    home = a_set(page)
    page.goto(home + "learn/")
    listening(page, "k-study-end")
    page.wait_for_timeout(300)  # a key still held from the page before is not meant for this one
    page.keyboard.press("Enter")
    expect(page.get_by_text("What is enough for today?")).to_have_count(0)
    page.goto("/account/sign-up/")
    page.get_by_label("Name", exact=True).fill("Anna")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
