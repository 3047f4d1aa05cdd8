"""The modes in a real browser: the keyboard alone, undo, a dead network, a reload in the middle, and pages without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import SMALL, a_set, keep, listening, paste, seed, settled
from tests.journeys.test_hindrances import hindrances
from tests.services import House

pytestmark = pytest.mark.journey


def position(page: Page, words: str) -> None:
    expect(page.locator("[data-part=position]")).to_have_text(words)


def waiting(page: Page, words: str) -> None:
    expect(page.get_by_role("region", name="Not saved yet")).to_contain_text(words)


def test_flashcards_by_keys_alone(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}flashcards/")
    position(page, "1/5")
    expect(page.locator("article.face")).to_contain_text("Osmosis")
    expect(page.locator("article.face")).not_to_contain_text("membrane")
    page.keyboard.press("Space")
    expect(page.locator("article.face")).to_contain_text("membrane")
    page.keyboard.press("Shift+Space")
    expect(page.locator("article.face")).not_to_contain_text("membrane")
    for place in ("2/5", "3/5"):
        page.keyboard.press("ArrowRight")
        position(page, place)
    page.keyboard.press("ArrowLeft")
    position(page, "2/5")
    settled(page)
    page.reload()
    position(page, "2/5")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile("You looked at 5 cards"))).to_be_visible()


def test_a_link_to_a_card_opens_it(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}flashcards/")
    card = page.evaluate("JSON.parse(document.getElementById('sitting').textContent).hand[3].card")
    page.goto(f"{home}flashcards/#card-{card}")
    position(page, "4/5")


def test_sorting_by_keys_alone_and_back_again(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}sorting/")
    for key in ("ArrowRight", "ArrowLeft", "2", "1", "ArrowRight"):
        page.keyboard.press("Space")
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="3 known on the first pass")).to_be_visible()
    page.wait_for_load_state()  # its keys are there with its modules
    page.keyboard.press("u")
    position(page, "5/5")
    expect(page.get_by_role("button", name=re.compile("2.*Know"))).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name=re.compile("Keep going with 2"))).to_be_visible()
    page.wait_for_load_state()
    page.wait_for_timeout(300)  # a key still held from the last card is not meant for this page
    page.keyboard.press("Enter")
    position(page, "1/2")
    page.wait_for_load_state()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="All 5 cards sorted to Know")).to_be_visible()


def test_undo_takes_back_what_was_sent_and_what_was_not(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}sorting/")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    position(page, "2/5")
    settled(page)
    page.keyboard.press("u")
    position(page, "1/5")
    settled(page)
    page.reload()
    position(page, "1/5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+z")
    position(page, "1/5")
    settled(page)
    page.reload()
    position(page, "1/5")


def test_a_review_by_keys_alone_why_included(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}spaced/")
    expect(page.get_by_role("button", name=re.compile("^Meet 5 new cards"))).to_be_visible()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Show answer"))).to_be_visible()
    expect(page.locator("aside.why")).to_contain_text("New: nothing is known about it yet.")
    for key in ("1", "Space", "3", "3", "3"):
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name=re.compile("^Got it"))).to_be_visible()
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name=re.compile("5 cards come back"))).to_be_visible()
    settled(page)
    page.keyboard.press("Space")
    expect(page.locator("article.face")).to_contain_text("Again, missed")
    page.keyboard.press("Space")
    page.keyboard.press("3")
    page.keyboard.press("u")
    expect(page.locator("article.face")).to_contain_text("Again, missed")
    settled(page)


def test_pages_that_turn_by_themselves_wait_while_one_points_at_the_card(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}flashcards/")
    listening(page, "k-flashcards")
    page.clock.install()
    page.keyboard.press("p")
    page.clock.run_for(15_000)
    position(page, "2/5")
    page.goto(f"{home}flashcards/?afresh=1")
    listening(page, "k-flashcards")
    page.keyboard.press("p")
    page.locator("article.face").hover()
    page.clock.run_for(60_000)
    position(page, "1/5")
    expect(page.get_by_role("button", name=re.compile("^Turn over"))).to_be_visible()
    page.mouse.move(2, 2)
    page.clock.run_for(15_000)
    position(page, "2/5")


def test_a_choice_that_leaves_no_card_is_said_on_the_button_with_the_nearest_that_does(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}flashcards/")
    listening(page, "k-flashcards")
    page.get_by_role("link", name="Options").click()
    page.get_by_text("Starred 0").click()
    page.get_by_role("button", name="Starred 0. Take instead: Not mastered 5").click()
    position(page, "1/5")
    page.get_by_role("link", name="Options").click()
    expect(page.get_by_role("radio", name="Not mastered 5")).to_be_checked()
    page.get_by_text("All 5").click()
    expect(page.get_by_role("button", name="Start with these")).to_be_visible()


def test_while_all_wait_more_cards_are_met(page: Page) -> None:
    paste(page, "".join(f"term {n}\tdefinition {n}\n" for n in range(12)))
    home = keep(page, 12)
    page.goto(f"{home}spaced/?minutes=1&start=1")
    position(page, "1/2")
    for _ in range(2):
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name=re.compile("^Got it"))).to_be_visible()
        page.keyboard.press("Space")
    expect(page.get_by_role("heading", name=re.compile("2 cards come back"))).to_be_visible()
    page.keyboard.press("m")
    position(page, "3/7")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    position(page, "4/7")
    settled(page)
    page.reload()
    position(page, "4/7")
    page.keyboard.press("u")
    position(page, "3/7")


def test_a_card_put_off_comes_back_by_undo(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}spaced/")
    page.get_by_role("button", name=re.compile("^Meet")).click()
    expect(page.locator("article.face")).to_contain_text("Osmosis")
    page.wait_for_timeout(300)  # a key that comes with the card is not meant for it
    page.keyboard.press("b")
    expect(page.locator("article.face")).to_contain_text("Diffusion")
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.locator("article.face")).to_contain_text("Osmosis")
    page.keyboard.press("x")
    expect(page.locator("article.face")).to_contain_text("Diffusion")
    page.keyboard.press("u")
    expect(page.locator("article.face")).to_contain_text("Osmosis")
    expect(page.get_by_text("Card set aside")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator("article.face")).to_contain_text("Diffusion")
    page.keyboard.press("Space")
    page.keyboard.press("3")
    position(page, "2/4")  # it counts without the card that was put off
    page.keyboard.press("u")
    expect(page.locator("article.face")).to_contain_text("Diffusion")
    page.keyboard.press("u")
    expect(page.locator("article.face")).to_contain_text("Osmosis")
    position(page, "1/5")
    page.get_by_role("button", name=re.compile("^Show answer")).click()
    expect(page.locator("article.face")).to_be_focused()  # the button that was pressed is gone


def test_bullets_open_step_by_step(page: Page, samples: Path) -> None:
    paste(page, seed(samples))
    home = keep(page, 32)
    page.goto(f"{home}flashcards/")
    hidden = page.locator("article.face li.hid")
    for _ in range(32):
        page.keyboard.press("Space")
        if hidden.count() > 1:
            break
        page.keyboard.press("ArrowRight")
    left = hidden.count()
    assert left > 1, "the page has cards with nested bullets"
    expect(page.locator("article.face footer")).to_contain_text(re.compile(r"Point \d+ of \d+"))
    page.keyboard.press("Space")
    expect(hidden).to_have_count(left - 1)
    page.keyboard.press("Shift+Enter")
    expect(hidden).to_have_count(0)
    where = page.locator("[data-part=position]").inner_text()
    page.keyboard.press("Space")
    expect(page.locator("[data-part=position]")).not_to_have_text(where)


def test_a_page_that_is_open_goes_on_without_a_connection_over_the_end_of_a_round(page: Page, visitor: BrowserContext, quiet: Quiet) -> None:
    quiet.expected += ["Failed to load resource", "net::ERR"]
    home = a_set(page)
    page.goto(f"{home}sorting/")
    position(page, "1/5")
    visitor.set_offline(True)
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowLeft", "ArrowRight"):
        page.keyboard.press("Space")
        page.keyboard.press(key)
    waiting(page, "5 answers not saved yet.")
    expect(page.get_by_role("heading", name="3 known, 2 still learning")).to_be_visible()
    page.get_by_role("button", name="Keep going with 2").click()
    position(page, "1/2")
    page.keyboard.press("ArrowRight")
    waiting(page, "6 answers not saved yet.")
    visitor.set_offline(False)
    settled(page)
    page.reload()
    position(page, "2/2")
    expect(page.get_by_role("button", name=re.compile("4.*Know"))).to_be_visible()


def test_answers_survive_the_tab_and_are_sent_by_the_next_page(page: Page, visitor: BrowserContext, quiet: Quiet) -> None:
    quiet.expected += ["Failed to load resource", "net::ERR"]
    home = a_set(page)
    page.goto(f"{home}sorting/")
    page.route("**/api/v1/reviews", lambda route: route.abort())
    for _ in range(2):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    waiting(page, "2 answers not saved yet.")
    page.close()
    other = visitor.new_page()
    other.goto(f"{home}sorting/")
    settled(other)
    other.reload()
    position(other, "3/5")


def test_an_answer_that_arrived_although_its_reply_was_lost_counts_once(page: Page, quiet: Quiet) -> None:
    quiet.expected += ["Failed to load resource", "net::ERR"]
    home = a_set(page)
    page.goto(f"{home}sorting/")
    lost = []

    def swallow(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        lost.append(route.fetch())  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/api/v1/reviews", swallow)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    position(page, "2/5")
    page.wait_for_timeout(1000)  # the answer has left, and its reply is lost
    assert lost
    settled(page)
    page.reload()
    position(page, "2/5")


def test_every_mode_works_without_scripts(browser: Browser, house: House) -> None:
    context = browser.new_context(base_url=house.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    paste(page, SMALL)
    home = keep(page, 5)
    page.goto(f"{home}flashcards/")
    page.get_by_role("button", name="Turn over").click()
    expect(page.locator("article.face")).to_contain_text("membrane")
    page.get_by_role("button", name="Next card").first.click()
    position(page, "2/5")
    page.goto(f"{home}sorting/")
    page.get_by_role("button", name="Turn over").click()
    page.get_by_role("button", name=re.compile("Know")).click()
    position(page, "2/5")
    page.get_by_role("button", name="Undo").click()
    position(page, "1/5")
    page.goto(f"{home}spaced/")
    page.locator(".go").first.click()
    page.get_by_role("button", name=re.compile("^Show answer")).click()
    page.get_by_role("button", name=re.compile("^Got it")).click()
    position(page, "2/5")
    context.close()


def test_options_are_a_sheet_and_are_kept(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}sorting/")
    page.get_by_role("link", name="Options").click()
    sheet = page.get_by_role("dialog", name="Options of Card Sorting")
    sheet.get_by_role("switch", name=re.compile("Turn each card over first")).check()
    sheet.get_by_role("button", name="Start with these").click()
    expect(page.get_by_role("button", name=re.compile("Know"))).to_be_disabled()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name=re.compile("Know"))).to_be_enabled()


def test_the_list_of_keys_names_those_of_the_mode(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}flashcards/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("turn pages by themselves")


@pytest.mark.parametrize(("width", "night"), [(390, True), (1280, False)], ids=["phone by night", "desk by day"])
def test_nothing_hinders_in_any_state_of_a_mode(browser: Browser, house: House, axe: str, width: int, night: bool) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="en-GB",
        viewport={"width": width, "height": 844},
        color_scheme="dark" if night else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # only so that axe itself may be put into the page
    )
    page = context.new_page()
    home = a_set(page)
    found = []

    def look(where: str) -> None:
        found.extend(hindrances(page, axe, where))

    page.goto(f"{home}flashcards/")
    page.keyboard.press("Space")
    look("flashcards, turned")
    page.get_by_role("link", name="Options").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("options as a sheet")
    page.keyboard.press("Escape")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=re.compile("You looked at"))).to_be_visible()
    look("flashcards, end")
    page.goto(f"{home}flashcards/?cards=starred")
    look("no card left")
    page.goto(f"{home}sorting/")
    page.keyboard.press("Space")
    look("sorting, turned")
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name=re.compile("^Keep going"))).to_be_visible()
    look("sorting, between rounds")
    page.get_by_role("button", name="Stop here").click()
    look("sorting, end")
    page.goto(f"{home}spaced/options/")
    look("options as a page")
    page.goto(f"{home}spaced/")
    page.locator(".go").first.click()
    expect(page.get_by_role("button", name=re.compile("^Show answer"))).to_be_visible()
    look("review, front")
    while not page.get_by_role("button", name=re.compile("^Ask them now")).is_visible():
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name=re.compile("^Got it"))).to_be_visible()
        look("review, turned")
        page.keyboard.press("1")
    settled(page)
    look("review, waiting")
    page.keyboard.press("Space")
    look("review, again")
    page.reload()
    page.get_by_role("button", name=re.compile("^Finish now")).click()
    look("review, end")
    context.close()
    assert not found, "\n".join(found)
