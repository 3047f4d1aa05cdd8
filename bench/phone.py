"""A test of 500 questions on a phone: the longest tasks of the browser's main thread at a quarter of the CPU's speed, step by step.

A task is what keeps the page from answering a finger. Needs a Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services import House, chromium

SLOWER = 4
MANY = 500


def text(many: int) -> str:
    """Short answers, sentences and lists, a third each."""
    short = "".join(f"Word {n} of the list\tmeaning number {n}\n" for n in range(0, many, 3))
    middle = "".join(
        f"Idea {n} of the chapter\tWhat the idea with the number {n} means, said in a sentence of about a dozen words\n" for n in range(1, many, 3)
    )
    lists = (
        f"Event {n}\tIt began in the year {1200 + n} with {n} people. It was led by the house of {n} lords. It ended in peace after {n} days.\n"
        for n in range(2, many, 3)
    )
    return short + middle + "".join(lists)


class Phone:
    """A page whose tasks are traced, one step after the other: the longest on the clock, and the longest of CPU, which a busy machine does not stretch."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self.browser, self.page = browser, page
        self.worst = 0.0

    def step(self, name: str, does: Callable[[], object]) -> None:
        self.browser.start_tracing(page=self.page, categories=["toplevel"])
        does()
        self.page.wait_for_timeout(1200)
        clock, cpu = longest(json.loads(self.browser.stop_tracing()))
        self.worst = max(self.worst, cpu)
        print(f"{name:<44} {clock:>8.0f} {cpu:>8.0f}", flush=True)


def longest(trace: dict[str, Any]) -> tuple[float, float]:
    """(by the clock, of CPU) ms of the longest task on the page's main thread."""
    events = trace["traceEvents"]
    main = {(one["pid"], one["tid"]) for one in events if one["name"] == "thread_name" and one["args"]["name"] == "CrRendererMain"}
    tasks = [one for one in events if one["ph"] == "X" and one["name"].endswith("RunTask") and (one["pid"], one["tid"]) in main]
    return max((one["dur"] for one in tasks), default=0) / 1000, max((one.get("tdur", 0) for one in tasks), default=0) / 1000


def sat_down(page: Page, many: int) -> str:
    """The address of a test with so many questions of all kinds."""
    page.goto("/")
    page.get_by_role("textbox", name="Your terms and definitions").fill(text(many))
    page.get_by_role("button", name="Show me the cards").click()
    page.get_by_role("button", name=re.compile(r"^Keep \d+ cards")).click(timeout=60_000)
    page.wait_for_url(re.compile(r"/sets/[0-9a-f-]{36}/"), timeout=60_000)
    page.goto(f"{page.url.split('?')[0]}test/?n={many}&types=mc&types=tf&types=matching&types=typed&types=points")
    page.get_by_role("button", name="Start the test").click(timeout=60_000)
    page.wait_for_url(re.compile(r"/sittings/"), timeout=60_000)
    return page.url


def awake(page: Page) -> None:
    expect(page.locator(".qi a[aria-current]").first).to_be_attached(timeout=60_000)


def measure(browser: Browser, page: Page, address: str) -> float:
    phone = Phone(browser, page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    first = page.locator("[data-part=question].is-here")

    def opened() -> None:
        page.goto(address)
        awake(page)

    def chosen() -> None:
        for _ in range(10):
            page.keyboard.press("1")
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(50)

    def typed() -> None:
        field = page.locator("textarea[name^=a-]").first
        field.evaluate("(one) => document.querySelector(`.qi a[data-number='${one.name.slice(2)}']`).click()")
        field.press_sequentially("It began in the year 1302 with 102 people, led by lords.", delay=20)

    def scrolled() -> None:
        for _ in range(40):
            page.mouse.wheel(0, 1700)
            page.wait_for_timeout(60)

    def handed_in() -> None:
        page.locator("[data-does=hand-in]").click()
        page.wait_for_selector("#result", timeout=120_000)

    print(f"{'step':<44} {'ms':>8} {'CPU ms':>8}")
    phone.step("the page opens", opened)
    phone.step("ten choices, each to the next", chosen)
    phone.step("an answer is written", typed)
    phone.step("a flag", lambda: first.locator("[data-does=flag]").click())
    phone.step("the index opens", lambda: page.locator("[data-opens=index]").first.click())
    phone.step("to the last question by the index", lambda: page.locator("dialog[open] .qi a").last.click())
    phone.step("all questions on one page", lambda: page.locator("[data-does=view]").first.click())
    phone.step("80 screens scrolled, two at a time", scrolled)
    phone.step("back to one at a time", lambda: page.locator("[data-does=view]").first.click())
    phone.step("opened again, with what was answered", opened)
    phone.step("handed in, marked and shown", handed_in)
    return phone.worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    many = 60 if parser.parse_args().quick else MANY
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder) / "data")
        house.start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--disable-dev-shm-usage"])
            context = browser.new_context(
                base_url=house.url, locale="en-GB", viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True
            )
            page = context.new_page()
            worst = measure(browser, page, sat_down(page, many))
            print(f"{many} questions, CPU {SLOWER}x slower: the longest task {worst:.0f} ms of CPU; the aim is 200")
            browser.close()
        finally:
            house.stop()


if __name__ == "__main__":
    main()
