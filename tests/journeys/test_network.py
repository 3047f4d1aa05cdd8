"""Two tabs at once, and a network that dies: no answer is lost, none counts twice."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import a_set, door, settled
from tests.services import House

pytestmark = pytest.mark.journey


def known(page: Page) -> None:
    page.keyboard.press("Space")
    page.get_by_role("button", name=re.compile("Know")).first.click()


def test_a_dead_network_loses_nothing(page: Page, visitor: BrowserContext, house: House, quiet: Quiet) -> None:
    quiet.expected += ["Failed to load resource", "net::ERR", "ERR_INTERNET_DISCONNECTED"]
    home = a_set(page)
    door(page, "Card Sorting")
    known(page)
    settled(page)
    visitor.set_offline(True)
    known(page)
    known(page)
    expect(page.get_by_text(re.compile(r"2 answers not saved yet"))).to_be_visible()
    visitor.set_offline(False)
    settled(page)
    page.goto(home)
    expect(page.get_by_role("link", name=re.compile(r"^Card Sorting"))).to_contain_text("3")
    assert json.loads(house.command("doctor", "--json").stdout)["ok"]


def test_two_tabs_on_one_sitting_count_each_answer_once(page: Page, visitor: BrowserContext, house: House) -> None:
    home = a_set(page)
    door(page, "Card Sorting")
    other = visitor.new_page()
    other.goto(page.url)
    known(page)
    known(other)
    settled(page)
    settled(other)
    other.goto(home)
    expect(other.get_by_role("heading", name="5 terms")).to_be_visible()
    assert json.loads(house.command("doctor", "--json").stdout)["ok"]
