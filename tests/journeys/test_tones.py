"""Tones: only for who wants them, the right one for what happened, and nothing is fetched for them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.pages import a_set, listening, settled

pytestmark = pytest.mark.journey
HEARS = """
  const own = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    const made = own.call(this);
    const start = made.start.bind(made);
    made.start = (at) => {
      sessionStorage.setItem("heard", (sessionStorage.getItem("heard") ?? "") + " " + Math.round(made.frequency.value));
      start(at);
    };
    return made;
  };
"""
RIGHT, WRONG, END = "659 880", "220", "523 659 784"


def heard(page: Page) -> str:
    """What sounded since one last asked."""
    return str(page.evaluate("() => { const all = sessionStorage.getItem('heard') ?? ''; sessionStorage.setItem('heard', ''); return all.trim(); }"))


def sorted_through(page: Page, home: str, query: str) -> list[str]:
    page.goto(f"{home}sorting/?start=1&afresh=1&{query}")
    listening(page, "k-sorting")
    found = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight", "ArrowRight"):
        page.keyboard.press("Space")
        page.wait_for_timeout(300)
        page.keyboard.press(key)
        found.append(heard(page))
    return found


def test_who_does_not_ask_for_tones_hears_none(page: Page) -> None:
    page.add_init_script(HEARS)
    assert sorted_through(page, a_set(page), "") == [""] * 4


def test_right_and_not_this_time_sound_different(page: Page) -> None:
    page.add_init_script(HEARS)
    assert sorted_through(page, a_set(page), "sounds=1") == [RIGHT, WRONG, RIGHT, RIGHT]


def test_learn_rings_when_the_mark_is_there(page: Page) -> None:
    page.add_init_script(HEARS)
    home = a_set(page)
    page.goto(f"{home}learn/?start=1&types=typed&sounds=1&wait=1")
    listening(page, "k-learn")
    page.get_by_label("Your answer").fill("Water moves through a membrane to where more is dissolved")
    page.wait_for_timeout(300)  # a key that comes at once may be meant for the page before
    page.keyboard.press("Enter")
    expect(page.locator(".v.right").first).to_be_visible()
    assert heard(page) == RIGHT
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="Diffusion", exact=True)).to_be_visible()
    page.wait_for_timeout(300)
    page.get_by_role("button", name="I don’t know").click()
    expect(page.locator(".v.wrong").first).to_be_visible()
    assert heard(page) == WRONG


def test_the_last_tone_is_heard_before_the_page_goes(page: Page) -> None:
    page.add_init_script(HEARS)
    home = a_set(page)
    page.goto(f"{home}flashcards/?start=1&sounds=1")
    listening(page, "k-flashcards")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert heard(page) == ""
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="You looked at 5 cards")).to_be_visible()
    assert heard(page) == END


def test_a_test_rings_at_each_mark_and_when_it_is_handed_in(page: Page) -> None:
    page.add_init_script(HEARS)
    home = a_set(page)
    page.goto(f"{home}test/?start=1&types=typed&each=1&sounds=1&answer=term&n=3")
    page.get_by_role("textbox").first.fill("nothing of the kind")
    page.get_by_role("button", name="Check").first.click()
    expect(page.locator(".marked").first).to_be_visible()
    assert heard(page) == WRONG
    page.reload()
    expect(page.locator(".marked").first).to_be_visible()
    assert heard(page) == "", "a page that is only loaded again says nothing new"
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="points")).to_be_visible()
    assert heard(page) == END


def test_tones_are_remembered_like_the_other_options(page: Page) -> None:
    page.add_init_script(HEARS)
    home = a_set(page)
    page.goto(f"{home}sorting/options/")
    page.get_by_role("switch", name="Sounds").check()
    page.get_by_role("button", name="Start with these").click()
    listening(page, "k-sorting")
    page.keyboard.press("Space")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    assert heard(page) == RIGHT
    settled(page)
