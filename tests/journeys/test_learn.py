"""Learn in a real browser, by the keyboard alone: choose, write, mark point by point, a hint, no connection, the round, the end."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Quiet
from tests.journeys.pages import keep, paste, settled

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


def edited_elsewhere(page: Page) -> None:
    """The open card is another one when the server is asked again; and then it is as it was."""

    def other(route: Route) -> None:
        sitting = route.fetch().json()
        sitting["questions"][0]["front"]["html"] = "<p>The city that was meant</p>"
        route.fulfill(json=sitting)

    look = "document.dispatchEvent(new CustomEvent('k-look', { detail: { sitting: location.pathname.split('/')[2] } }))"
    before = page.locator("[data-part=prompt]").inner_text()
    page.route("**/api/v1/sittings/*", other)
    page.evaluate(look)
    expect(page.locator("[data-part=prompt]")).to_have_text("The city that was meant")
    expect(page.get_by_text("This question was edited meanwhile; here it is as it is now.")).to_be_visible()
    page.unroute("**/api/v1/sittings/*")
    page.evaluate(look)
    expect(page.locator("[data-part=prompt]")).to_have_text(before)


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
    levels = page.locator("[data-part=levels] svg")
    expect(levels).to_have_attribute("aria-label", "6 new")
    edited_elsewhere(page)
    page.wait_for_timeout(300)
    rightly(page, right=False)
    expect(page.locator("[data-part=told] .verdict")).to_contain_text("Not this time")
    expect(levels).to_have_attribute("aria-label", "1 learning, 5 new")
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
        page.keyboard.press("x")
        page.wait_for_timeout(150)
    expect(page.get_by_text("moved up")).to_be_visible()
    assert kinds >= {"choice", "typed"}
    picture(page, "round")
    page.wait_for_timeout(300)
    page.keyboard.press("x")
    expect(page.locator("[data-part=round]")).to_have_text("Round 2")


LONG = """Lenin's testament\tIt criticised Stalin as too rude for his office. It praised Trotsky as the ablest man of the committee. Zinoviev and Kamenev urged that it should not become known. Trotsky kept silent in the meeting.
Control of the party\tStalin chose the delegates who were sent to the congress. He filled the offices in the provinces with his supporters. The Orgburo carried out what he wanted. Members who doubted were struck off the list."""


def test_a_list_is_marked_point_by_point_and_overturned_by_a_number(page: Page) -> None:
    paste(page, LONG)
    home = keep(page, 2)
    page.goto(f"{home}learn/?types=typed")
    answer = page.get_by_role("textbox", name="Your answer")
    expect(answer).to_be_focused()
    expect(page.locator("[data-part=line]")).to_have_text(re.compile(r"Point \d of 4"))
    picture(page, "point")
    page.wait_for_timeout(300)
    page.keyboard.press("Alt+h")
    expect(page.get_by_text("Hint 1 of 2")).to_be_visible()
    picture(page, "hint")
    for _ in range(12):
        if page.locator("[data-part=line]").inner_text() == "Write what you know: 4 points":
            break
        number = int(page.locator("[data-part=line]").inner_text().split()[1])
        term = page.locator("[data-part=prompt]").inner_text().strip()
        definition = next(line.split("\t")[1] for line in LONG.splitlines() if line.startswith(term))
        answer.fill(definition.split(". ")[number - 1])
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-part=told] .verdict")).to_contain_text("Right")
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)
        if page.get_by_text("moved up").or_(page.get_by_text("slipped")).count():
            page.wait_for_timeout(300)
            page.keyboard.press("x")
            page.wait_for_timeout(300)
    expect(page.locator("[data-part=line]")).to_have_text("Write what you know: 4 points")
    term = page.locator("[data-part=prompt]").inner_text().strip()
    definition = next(line.split("\t")[1] for line in LONG.splitlines() if line.startswith(term))
    first, second, *_rest = definition.split(". ")
    answer.fill(f"{first}. {second}.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-part=told] .verdict")).to_contain_text("of 4 points")
    expect(page.locator(".kp li")).to_have_count(4)
    expect(page.locator(".kp li[data-mark=covered]")).to_have_count(2)
    picture(page, "points")
    page.wait_for_timeout(300)
    page.keyboard.press("3")
    expect(page.locator(".kp li[data-mark=covered]")).to_have_count(3)


def test_without_a_connection_one_goes_on_and_is_marked_later(page: Page, quiet: Quiet) -> None:
    quiet.expected.append("ERR_INTERNET_DISCONNECTED")
    paste(page, CARDS)
    home = keep(page, 6)
    page.goto(f"{home}learn/?start=1")
    expect(page.locator("[data-part=position]")).to_have_text("1/7")
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    rightly(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    picture(page, "offline")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=position]")).to_have_text("2/7")
    page.context.set_offline(False)
    expect(page.get_by_text(re.compile("Marked meanwhile: right"))).to_be_visible(timeout=15_000)
    settled(page)


def test_in_spaced_repetition_an_answer_may_be_written_first(page: Page) -> None:
    paste(page, LONG)
    home = keep(page, 2)
    page.goto(f"{home}spaced/?start=1&write=1")
    answer = page.get_by_role("textbox", name="Your answer")
    expect(answer).to_be_focused()
    term = page.locator(".face [data-front]").first.inner_text().strip()
    definition = next(line.split("\t")[1] for line in LONG.splitlines() if line.startswith(term))
    answer.fill(definition.split(". ")[0])
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("This suggests Forgot. You decide.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(4)
    expect(page.locator("[data-does=rate] .b.go")).to_contain_text("Forgot")
    for box in page.get_by_role("checkbox").all()[1:3]:
        box.press("Space")
    expect(page.get_by_text("This suggests Got it. You decide.")).to_be_visible()
    picture(page, "spaced")
    page.get_by_role("button", name=re.compile("^Got it")).press("Enter")
    settled(page)
    expect(answer).to_be_focused()
