"""Match in a real browser: by letters, by arrows, by mouse and by drag; a wrong pair, a hidden tab, a stopped clock, the record; nothing hinders."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import a_set
from tests.journeys.test_hindrances import hindrances
from tests.services import House

pytestmark = pytest.mark.journey

PAIRS = """() => {
  const mixed = (text) => [...text].reduce((n, sign) => Math.imul(n ^ sign.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5);
  const board = JSON.parse(document.getElementById("sitting").textContent).board;
  return board.terms.map((term) => [term.letter, board.definitions.find((each) => term.fits.includes(mixed(`${term.card}:${each.token}`))).letter]);
}"""


def dealt(page: Page) -> list[list[str]]:
    """The letters that belong together, once the tiles can be chosen."""
    expect(page.locator("[data-part=clock]")).not_to_have_text("0.0 s")
    pairs: list[list[str]] = page.evaluate(PAIRS)
    return pairs


def finish(page: Page, pairs: list[list[str]]) -> None:
    for term, definition in pairs:
        page.keyboard.press(term.lower())
        page.wait_for_timeout(400)  # quicker than anyone is no run
        page.keyboard.press(definition.lower())
    page.wait_for_load_state()
    expect(page.locator(".bigtime")).to_be_visible()


def test_pairs_are_found_by_letters_arrows_mouse_and_drag_and_make_a_record(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}match/")
    pairs = dealt(page)
    assert len(pairs) == 5
    first, second, third, *rest = pairs
    expect(page.get_by_role("button", name=re.compile(f"^{first[0]} "))).to_be_visible()
    page.keyboard.press(first[0])
    page.keyboard.press(second[1])
    expect(page.locator("[data-part=wrong]")).to_have_text("1 wrong, +1 s")
    expect(page.locator("[data-part=told]")).to_have_text("These two do not belong together.")
    page.wait_for_timeout(400)
    tile = page.get_by_role("button", name=re.compile(f"^{first[0]} "))
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=re.compile(f"^{first[1]} ")).click()
    expect(page.locator("[data-part=told]")).to_have_text("matched, 4 left")
    expect(page.get_by_text("matched", exact=True)).to_have_count(2)
    page.wait_for_timeout(400)
    page.get_by_role("button", name=re.compile(f"^{second[0]} ")).drag_to(page.get_by_role("button", name=re.compile(f"^{second[1]} ")))
    expect(page.locator("[data-part=told]")).to_have_text("matched, 3 left")
    page.wait_for_timeout(400)
    page.get_by_role("button", name=re.compile(f"^{third[0]} ")).focus()
    page.keyboard.press("Enter")
    for way in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):  # the board is another each time: at its edge a way leads nowhere
        page.keyboard.press(way)
        if page.locator("button.mt:focus").get_attribute("aria-pressed") != "true":
            break
    expect(page.locator("button.mt:focus")).not_to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=re.compile(f"^{third[1]} ")).focus()
    page.keyboard.press("Enter")
    finish(page, rest)
    expect(page.get_by_role("heading", name="Your first time on this set")).to_be_visible()
    expect(page.get_by_role("heading", name="Mixed up")).to_be_visible()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sittings/"))
    finish(page, dealt(page))
    expect(page.get_by_text(re.compile("faster than|slower than your best"))).to_be_visible()
    page.goto(home)
    expect(page.get_by_role("link", name=re.compile("^Match"))).to_contain_text(re.compile(r"\d+\.\d s"))
    expect(page.get_by_text(re.compile(r"\d+\.\d s \(5\) · 2 runs"))).to_be_visible()


def test_options_stop_the_clock_and_cover_the_tiles_and_a_hidden_tab_is_no_record(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}match/")
    pairs = dealt(page)
    page.get_by_role("link", name="Options, stops the clock").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    stood = page.locator("[data-part=clock]").inner_text()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="The clock stands still")).to_be_visible()
    expect(page.get_by_role("group", name=re.compile("pairs of tiles"))).not_to_be_visible()
    assert page.locator("[data-part=clock]").inner_text() == stood
    page.keyboard.press("Enter")
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.get_by_role("button", name=re.compile("^Go on")).click()
    finish(page, pairs)
    expect(page.get_by_text("The page was out of sight for a while, so this time is no record.")).to_be_visible()


def test_nothing_hinders_on_a_board(browser: Browser, house: House, axe: str) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="en-GB",
        viewport={"width": 390, "height": 844},
        color_scheme="dark",
        reduced_motion="reduce",
        bypass_csp=True,  # only so that axe itself may be put into the page
    )
    page = context.new_page()
    home = a_set(page)
    page.goto(f"{home}match/")
    pairs = dealt(page)
    page.keyboard.press(pairs[0][0])
    found = list(hindrances(page, axe, "a board, one tile chosen"))
    page.keyboard.press(pairs[0][1])
    page.wait_for_timeout(300)
    found += hindrances(page, axe, "a board, one pair found")
    finish(page, pairs[1:])
    found += hindrances(page, axe, "the end of a run")
    assert not found, "\n".join(found)
    context.close()
