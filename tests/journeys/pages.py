"""What a person does on the pages, said once for every journey."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

SMALL = """Osmosis\tWater moves through a membrane to where more is dissolved
Diffusion\tParticles spread from where there are many to where there are few
Enzyme\tA protein that makes a reaction faster and is not used up
Mitochondrion\tWhere a cell makes most of its ATP
Ribosome\tWhere a cell builds proteins
"""


def paste(page: Page, text: str) -> None:
    """Pastes a text on the home page and looks at the preview."""
    page.goto("/")
    page.get_by_role("textbox", name="Your terms and definitions").fill(text)
    page.get_by_role("button", name="Show me the cards").click()
    expect(page.get_by_role("button", name=re.compile(r"^Keep \d+ card"))).to_be_visible()


def keep(page: Page, cards: int) -> str:
    """Keeps the cards of the preview; the set page's address."""
    page.get_by_role("button", name=f"Keep {cards} cards").click()
    page.wait_for_url(re.compile(r"/sets/[0-9a-f-]{36}/"))
    return page.url.split("?")[0]


def a_set(page: Page) -> str:
    """A set of five cards, pasted and kept; its address."""
    paste(page, SMALL)
    return keep(page, 5)


def seed(samples: Path) -> str:
    return (samples / "formats" / "knowt_seed" / "seed_000.txt").read_text()


def door(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(f"^{name}")).first.click()


def settled(page: Page) -> None:
    """Waits until every answer is acknowledged, also those too young for a word about them."""
    expect(page.locator("k-outbox[data-waits]")).to_have_count(0, timeout=15_000)
    expect(page.get_by_text(re.compile(r"answers? not saved yet"))).to_have_count(0)


def listening(page: Page, island: str) -> None:
    """Waits until a page's island is there: before, its keys are pressed for nothing."""
    page.evaluate("name => customElements.whenDefined(name).then(() => true)", island)
