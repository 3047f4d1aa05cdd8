"""A set is made by hand: written, mended, moved, deleted and brought back, from two windows, and with the keyboard alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import a_set
from tests.services import House

pytestmark = pytest.mark.journey
SAVED = re.compile(r"^Saved, \d\d:\d\d$")


def saved(page: Page) -> None:
    """What was written is on the server: the page says so, and nothing is kept aside any more."""
    until = time.monotonic() + 15
    while page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('kartoteka-draft:'))"):
        assert time.monotonic() < until, page.locator("[data-status]").inner_text()
        page.wait_for_timeout(100)
    expect(page.locator("[data-status]")).to_have_text(SAVED)


def open_card(page: Page, number: int) -> None:
    page.get_by_role("link", name=re.compile(f"^Edit card {number}:")).click()
    expect(page.get_by_role("textbox", name="Definition")).to_be_focused()


def terms(page: Page) -> list[str]:
    return page.locator(".ecards .t").all_inner_texts()


def test_a_set_is_written_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/sets/new/")
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.type("Cells")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Term")).to_be_focused()
    page.keyboard.type("Osmosis")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Definition")).to_be_focused()
    page.keyboard.type("It is \\(a<b\\) when ")
    page.keyboard.press("Control+b")
    page.keyboard.type("water")
    page.keyboard.press("Control+b")
    page.keyboard.type(" moves")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Enzyme")  # at once: the next card does not wait for the server
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator("li.is-open").last.get_by_role("button", name="Bulleted list")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("li.is-open").last.get_by_role("textbox", name="Definition")).to_be_focused()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("two")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="2 cards")).to_be_visible()
    saved(page)
    page.goto(page.url.split("edit/")[0])
    expect(page.locator("math").first).to_be_attached()
    expect(page.locator("strong, b").filter(has_text="water").first).to_be_attached()
    expect(page.locator("li > ul > li, li > ol > li").filter(has_text="two").first).to_be_attached()


def test_what_is_written_is_saved_and_says_so_and_survives(page: Page, house: House) -> None:
    home = a_set(page)
    page.goto(f"{home}edit/")
    open_card(page, 1)
    page.keyboard.press("Control+End")
    page.keyboard.type(" by itself")
    saved(page)
    page.get_by_label("Title").fill("Cells, and what they do")
    expect(page.locator("[data-title]")).to_have_text("Cells, and what they do")
    house.kill()
    house.start()
    page.goto(home)
    expect(page.get_by_role("heading", name="Cells, and what they do")).to_be_visible()
    expect(page.get_by_text("more is dissolved by itself").first).to_be_attached()


def test_a_dead_network_loses_nothing(page: Page, visitor: BrowserContext, quiet: Quiet) -> None:
    quiet.expected.append("Failed to load resource")
    home = a_set(page)
    page.goto(f"{home}edit/")
    open_card(page, 2)
    visitor.set_offline(True)
    page.keyboard.press("Control+End")
    page.keyboard.type(" while the line is dead")
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    visitor.set_offline(False)
    saved(page)
    open_draft = "while the line is dead, and the page is closed"
    visitor.set_offline(True)
    page.keyboard.type(", and the page is closed")
    expect(page.locator("[data-status]")).to_contain_text("Not saved yet")
    page.on("dialog", lambda dialog: dialog.accept())
    page.close()
    visitor.set_offline(False)
    again = visitor.new_page()
    again.goto(f"{home}edit/")
    open_card(again, 2)
    expect(again.get_by_role("textbox", name="Definition")).to_contain_text(open_draft)
    saved(again)


def test_of_two_windows_the_second_is_told_and_nothing_is_lost(page: Page, visitor: BrowserContext, quiet: Quiet) -> None:
    quiet.expected.append("409 (Conflict)")
    home = a_set(page)
    other = visitor.new_page()
    for each in (page, other):
        each.goto(f"{home}edit/")
        open_card(each, 1)
    other.keyboard.press("Control+End")
    other.keyboard.type(" SAYS THE OTHER")
    saved(other)
    page.bring_to_front()
    page.keyboard.press("Control+End")
    page.keyboard.type(" SAYS THIS ONE")
    expect(page.get_by_role("alert")).to_contain_text("changed in another window")
    expect(page.get_by_role("alert")).to_contain_text("SAYS THE OTHER")
    expect(page.get_by_role("textbox", name="Definition")).to_contain_text("SAYS THIS ONE")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    other.reload()
    expect(other.get_by_text("SAYS THIS ONE").first).to_be_visible()


def test_cards_move_by_keys_and_by_hand(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}edit/")
    page.get_by_role("button", name=re.compile("^Move card 1:")).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text("Card 2 is now card 3.")).to_be_attached()
    assert terms(page)[:3] == ["Diffusion", "Enzyme", "Osmosis"]
    expect(page.get_by_role("button", name=re.compile("^Move card 3:"))).to_be_focused()
    grip, last = page.locator("[data-grip]").nth(0).bounding_box(), page.locator(".ecards > li").nth(4).bounding_box()
    assert grip
    assert last
    page.mouse.move(grip["x"] + 9, grip["y"] + 9)
    page.mouse.down()
    page.mouse.move(grip["x"] + 9, grip["y"] + 40, steps=3)
    page.mouse.move(grip["x"] + 9, last["y"] + last["height"] - 4, steps=5)
    page.mouse.up()
    expect(page.locator(".ecards .t").last).to_have_text("Diffusion")
    page.reload()
    assert terms(page) == ["Enzyme", "Osmosis", "Mitochondrion", "Ribosome", "Diffusion"]


def test_what_is_deleted_comes_back(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}edit/")
    open_card(page, 3)
    page.get_by_role("button", name="Delete card 3").click()
    expect(page.get_by_role("heading", name="4 cards")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="5 cards")).to_be_visible()
    assert terms(page)[2] == "Enzyme"
    page.get_by_role("button", name="Delete this set").click()
    page.wait_for_url(re.compile("/library/$"))
    page.goto("/library/bin/")
    page.get_by_role("button", name=re.compile("^Bring back")).click()
    expect(page.get_by_role("heading", name="5 terms")).to_be_visible()


def test_a_picture_is_shown_and_asked_for_its_words(page: Page, tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "leaf.png")
    home = a_set(page)
    page.goto(f"{home}edit/")
    open_card(page, 1)
    page.keyboard.press("Control+End")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("toolbar", name="Format the definition").get_by_role("button", name="Picture").click()
    chooser.value.set_files(tmp_path / "leaf.png")
    expect(page.get_by_label("What the picture shows")).to_be_focused()
    page.keyboard.type("A leaf")
    saved(page)
    page.goto(home)
    picture = page.get_by_role("img", name="A leaf").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 60)


def test_without_a_script_every_form_works(browser: object, house: House) -> None:
    context: BrowserContext = browser.new_context(base_url=house.url, java_script_enabled=False, locale="en-GB")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/sets/new/")
    page.get_by_label("Title").fill("Cells")
    page.get_by_role("button", name="Write the first card").click()
    page.get_by_role("textbox", name="Term", exact=True).fill("Osmosis")
    page.get_by_role("textbox", name="Definition", exact=True).fill("- water\n  - moves")
    page.get_by_role("button", name="Add the card").click()
    page.get_by_role("textbox", name="Term", exact=True).fill("Enzyme")
    page.get_by_role("textbox", name="Definition", exact=True).fill("a protein")
    page.get_by_role("button", name="Add the card").click()
    expect(page.get_by_role("heading", name="2 cards")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Edit card 2")).click()
    page.get_by_role("button", name="Move card 2 up").click()
    assert terms(page)[0] == "Enzyme"
    page.get_by_role("link", name=re.compile("^Edit card 2")).click()
    page.get_by_role("textbox", name="Definition", exact=True).fill("- water\n  - moves\n  - slowly")
    page.get_by_role("button", name="Save").nth(1).click()
    expect(page.locator("li li li").filter(has_text="slowly")).to_have_count(1)
    page.get_by_role("link", name=re.compile("^Edit card 1")).click()
    page.get_by_role("button", name="Delete card 1").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="2 cards")).to_be_visible()
    page.get_by_text("By link", exact=True).click()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Whoever has the link can study and copy it.")).to_be_visible()
    context.close()


def test_a_hint_is_written_and_shows_when_asked_for(page: Page) -> None:
    home = a_set(page)
    page.goto(f"{home}edit/")
    open_card(page, 1)
    page.get_by_role("textbox", name="Hint").click()
    page.keyboard.type("a tea bag")
    saved(page)
    page.goto(f"{home}flashcards/?start=1")
    hint = page.get_by_text("a tea bag")
    expect(page.get_by_text("Osmosis").first).to_be_visible()
    expect(hint).to_be_hidden()
    page.keyboard.press("h")
    expect(hint).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Diffusion").first).to_be_visible()
    expect(hint).to_be_hidden()
