"""Practice Test in a real browser: saved at every change, through a kill and without a connection, by keys alone, on two devices, with nothing in the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import a_set, keep, listening, paste
from tests.journeys.test_hindrances import hindrances
from tests.services import House

pytestmark = pytest.mark.journey

MANY = "".join(f"word {n} of the list\tthe meaning of the entry with the number {n} in this list\n" for n in range(1, 501))


def awake(page: Page) -> None:
    """Waits until the page's keys are there."""
    expect(page.locator(".qi a[aria-current]").first).to_be_attached(timeout=20_000)


def begin(page: Page, home: str, query: str = "") -> None:
    page.goto(f"{home}test/{query}")
    page.get_by_role("button", name="Start the test").click()
    awake(page)


def test_by_keys_alone_through_a_kill_without_a_connection_and_on_two_devices(
    page: Page, house: House, visitor: BrowserContext, browser: Browser, quiet: Quiet
) -> None:
    quiet.expected.append("Failed to load resource")
    home = a_set(page)
    page.goto(f"{home}test/?types=mc&types=tf&n=5")
    expect(page.locator("[data-part=preview]")).to_contain_text("5 questions")
    page.get_by_role("checkbox", name="True or false").uncheck(force=True)
    expect(page.locator("[data-part=preview]")).to_contain_text("5 multiple choice.")
    page.keyboard.press("Enter")
    saved, count = page.locator("[data-part=saved]"), page.locator("[data-part=count]")
    awake(page)
    expect(count).to_have_text("0 of 5")
    page.keyboard.press("1")
    page.keyboard.press("g")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    expect(count).to_have_text("2 of 5")
    expect(saved).to_have_text("answered, saved")
    house.kill()
    house.start()
    page.reload()
    expect(count).to_have_text("2 of 5")
    expect(page.locator("[data-part=rest]")).to_have_text("3 still open, 1 flagged")

    other = browser.new_context(base_url=house.url, storage_state=visitor.storage_state(), viewport={"width": 390, "height": 844}, locale="en-GB")
    phone = other.new_page()
    phone.goto(page.url)
    awake(phone)
    expect(phone.locator("[data-part=count]")).to_have_text("2 of 5")
    expect(phone.locator("[data-part=question]:visible")).to_have_count(1)
    phone.get_by_role("button", name="Next question").click()
    phone.get_by_role("button", name="Next question").click()
    phone.locator("[data-part=question]:visible label.opt").first.click()
    expect(phone.locator("[data-part=count]")).to_have_text("3 of 5")
    expect(phone.locator("[data-part=saved]")).to_have_text("answered, saved")
    page.reload()
    awake(page)
    expect(count).to_have_text("3 of 5")

    visitor.set_offline(True)
    page.locator("#q4 label.opt").first.click()
    expect(page.get_by_text("1 answer waits on this device.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your test is kept on this device")).to_be_visible()
    visitor.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of 5 points", timeout=20_000)
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("link", name=re.compile("^All")).click()
    page.wait_for_load_state("load")
    listening(page, "k-test-result")
    before = page.get_by_role("heading", level=1).inner_text()
    page.locator(".part:has-text('Not this time'), .part:has-text('Right')").first.focus()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("of 5 points")
    other.close()


PRESSES = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const took = async (work) => { const began = performance.now(); work(); await frame(); return performance.now() - began; };
  const one = (selector) => document.querySelector(selector);
  const part = (number) => one(`.qi a[data-number="${number}"]`).click();
  const presses = [
    () => part(400), () => part(250), () => one("#q250 [data-does=flag]").click(), () => part(251),
    () => { const field = one("[data-part=question] input[type=text]"); field.value = "the meaning"; field.dispatchEvent(new Event("input", { bubbles: true })); },
  ];
  let slowest = 0;
  for (const press of presses) slowest = Math.max(slowest, await took(press));
  return slowest;
}"""


def test_five_hundred_questions_stay_usable(page: Page) -> None:
    paste(page, MANY)
    home = keep(page, 500)
    begin(page, home, "?n=0&types=mc&types=tf&types=typed")
    expect(page.locator("[data-part=count]")).to_have_text("0 of 500")
    slowest = min(page.evaluate(PRESSES) for _ in range(3))
    expect(page.locator("[data-part=count]")).to_have_text("1 of 500")
    expect(page.locator("[data-part=rest]")).to_contain_text("499 still open, 1 flagged")
    assert slowest < 200, f"a press holds the page for {slowest} ms"


@pytest.mark.parametrize(("width", "night"), [(390, True), (1280, False)])
def test_nothing_hinders_on_a_test(browser: Browser, house: House, axe: str, width: int, night: bool) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="en-GB",
        viewport={"width": width, "height": 900},
        color_scheme="dark" if night else "light",
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    home = a_set(page)
    page.goto(f"{home}test/")
    found = hindrances(page, axe, "the sheet")
    begin(page, home, "?minutes=30&pause=1")
    page.locator("[data-does=flag]:visible").first.click()
    found += hindrances(page, axe, "the paper")
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#result")).to_be_visible()
    found += hindrances(page, axe, "the marks")
    page.get_by_role("link", name="Print").first.click()
    expect(page.locator(".testsheet").first).to_be_visible()
    found += hindrances(page, axe, "the print")
    context.close()
    assert not found, "\n".join(found)
