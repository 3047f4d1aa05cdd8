"""Learn in a real browser, by the keyboard alone: choose, write, mark point by point, a hint, no connection, the round, the end."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import keep, paste

pytestmark = pytest.mark.journey
CARDS = """Capital of France\tParis
Capital of Italy\tRome
Capital of Spain\tMadrid
Capital of Poland\tWarsaw
Capital of Norway\tOslo
Capital of Greece\tAthens"""


def answers(page: Page) -> dict[str, str]:
    """What the journey knows by heart: either side of each card by the other."""
    pairs = [line.split("\t") for line in CARDS.splitlines()]
    return dict(pairs) | {definition: term for term, definition in pairs}


def picture(page: Page, name: str) -> None:
    """A picture for who looks at the pages; nothing without a place for it."""
    if place := os.environ.get("PICTURES"):
        for scheme, width, height in (("dark", 390, 844), ("light", 1280, 800)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(150)
            page.screenshot(path=f"{place}/{name}-{width}.png")


def rightly(page: Page, *, right: bool = True) -> str:
    """Answers the open question by its keys; gives its type."""
    known = answers(page)
    prompt = page.locator("[data-part=prompt]").inner_text().strip()
    if page.locator("[data-for=choice]:not([hidden]) button.opt").count():
        texts = [text.strip() for text in page.locator("[data-part=choices] .opt .grow").all_inner_texts()]
        page.keyboard.press(str(texts.index(known[prompt]) + 1) if right else "d")
        return "choice"
    if page.locator("form[data-for=tf]:not([hidden])").count():
        held = page.locator("[data-part=claim]").inner_text().strip() == known[prompt]
        page.keyboard.press("t" if held == right else "f")
        return "tf"
    page.keyboard.type(known[prompt] if right else "nothing like it")
    page.keyboard.press("Enter")
    return "typed"


def test_a_set_is_learned_by_keys_alone(page: Page) -> None:
    paste(page, CARDS)
    home = keep(page, 6)
    page.goto(f"{home}learn/")
    expect(page.get_by_role("heading", name="What is enough for today?")).to_be_visible()
    picture(page, "start")
    page.get_by_role("button", name=re.compile("^Start")).press("Enter")
    expect(page.locator("[data-part=position]")).to_have_text("1/7")
    expect(page.get_by_role("group", name="Choose an answer").first).to_be_visible()
    picture(page, "question")
    page.wait_for_timeout(300)
    rightly(page, right=False)
    expect(page.locator("[data-part=told] .verdict")).to_contain_text("Not this time")
    expect(page.get_by_role("link", name=re.compile("^Continue"))).to_be_focused()
    picture(page, "wrong")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    kinds = set()
    for _ in range(60):
        expect(page.locator("[data-for=told]:not([hidden]), [data-part=told]:not([hidden]) .verdict.right")).to_have_count(0)
        page.wait_for_timeout(300)
        if page.get_by_text("moved up").count() or page.get_by_role("heading", name=re.compile("recalled once today")).count():
            break
        kinds.add(rightly(page))
        expect(page.locator("[data-part=told] .verdict.right").or_(page.get_by_text("moved up"))).to_be_visible()
        page.wait_for_timeout(300)
        page.keyboard.press("n")
        page.wait_for_timeout(150)
    expect(page.get_by_text("moved up")).to_be_visible()
    assert kinds >= {"choice", "typed"}
    picture(page, "round")
    page.wait_for_timeout(300)
    page.keyboard.press("n")
    expect(page.locator("[data-part=round]")).to_have_text("Round 2")
