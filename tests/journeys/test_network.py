"""Two tabs at once, and a network that dies: no answer is lost, none counts twice."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

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
    page.keyboard.press("Escape")  # there is nowhere to go now
    expect(page.get_by_text("No connection. Try that again when it is back.")).to_be_visible()
    visitor.set_offline(False)
    settled(page)
    page.goto(home)
    expect(page.get_by_role("link", name=re.compile(r"^Card Sorting"))).to_contain_text("3/5")
    door(page, "Card Sorting")
    visitor.set_offline(True)
    known(page)
    page.wait_for_timeout(300)
    page.close()  # what waits is sent by the next page that is opened, and its figures count it
    visitor.set_offline(False)
    page = visitor.new_page()
    page.goto(home)
    expect(page.get_by_role("link", name=re.compile(r"^Card Sorting"))).to_contain_text("4/5")
    assert json.loads(house.command("doctor", "--json").stdout)["ok"]


def test_replies_that_are_lost_after_the_commit_and_answers_that_never_arrive_count_once(page: Page, house: House, quiet: Quiet) -> None:
    quiet.expected += ["net::ERR_FAILED"]
    home = a_set(page)
    door(page, "Card Sorting")
    fates = itertools.cycle(("reply lost", "never arrives", "as it should", "reply lost"))
    met: list[str] = []

    def hindered(route: Route) -> None:
        met.append(next(fates))
        if met[-1] == "as it should":
            route.continue_()
            return
        if met[-1] == "reply lost":
            route.fetch()  # kept there, and nobody here hears of it
        route.abort()

    page.route("**/api/v1/reviews", hindered)
    for _ in range(3):
        known(page)
        page.wait_for_timeout(200)
    settled(page)
    assert "reply lost" in met
    page.unroute("**/api/v1/reviews")
    page.goto(home)
    expect(page.get_by_role("link", name=re.compile(r"^Card Sorting"))).to_contain_text("3/5")
    page.goto(home + "analytics/answers/")
    expect(page.get_by_text("3 answers, the newest first.")).to_be_visible()
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


def test_an_answer_that_another_tab_sends_while_it_is_taken_back_stays_taken_back(page: Page, visitor: BrowserContext, house: House) -> None:
    home = a_set(page)
    page.goto(f"{home}sorting/")
    page.route("**/api/v1/reviews", lambda route: None)  # this tab's own sending never arrives
    known(page)
    expect(page.get_by_text("1 answer not saved yet")).to_be_visible()
    sent: list[str] = []
    other = visitor.new_page()
    other.on("request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/api/v1/reviews") else None)
    page.close()  # its last word is lost too; what it had kept, the other tab sends
    other.goto(f"{home}sorting/")
    settled(other)
    assert len(sent) == 1
    other.keyboard.press("u")
    settled(other)
    other.reload()
    expect(other.locator("[data-part=position]")).to_have_text("1/5")
    assert json.loads(house.command("doctor", "--json").stdout)["ok"]


def test_an_undo_holds_though_the_answer_is_on_its_way_in_another_tab(page: Page, visitor: BrowserContext, house: House, quiet: Quiet) -> None:
    quiet.expected += ["net::ERR_FAILED"]
    home = a_set(page)
    page.goto(f"{home}sorting/")
    other = visitor.new_page()
    other.goto(f"{home}sorting/")
    held: list[Route] = []
    page.evaluate("() => new Promise((held) => void navigator.locks.request('kartoteka-outbox', () => new Promise((free) => { window.free = free; held(); })))")
    page.route("**/api/v1/reviews", lambda route: route.abort())
    other.route("**/api/v1/reviews", lambda route: held.append(route))
    known(page)  # waits for the lock; the other tab sends it as soon as it has it
    page.evaluate("""() => { const open = indexedDB.open('kartoteka', 1); return new Promise((done) => { open.onsuccess = () => {
        const count = () => { const asked = open.result.transaction('outbox').objectStore('outbox').count();
          asked.onsuccess = () => (asked.result ? done(asked.result) : setTimeout(count, 20)); }; count(); }; }); }""")
    other.evaluate("document.dispatchEvent(new CustomEvent('k-flush'))")
    page.evaluate("() => window.free()")
    for _ in range(100):
        if held:
            break
        other.wait_for_timeout(50)
    page.keyboard.press("u")  # at this very moment
    expect(page.locator("[data-part=position]")).to_have_text("1/5")
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/reviews")
    other.unroute("**/api/v1/reviews")
    settled(page)
    settled(other)
    page.reload()
    expect(page.locator("[data-part=position]")).to_have_text("1/5")
    assert json.loads(house.command("doctor", "--json").stdout)["ok"]
