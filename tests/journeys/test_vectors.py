"""Cards that attack, in every place a card is shown: nothing of them runs, and nothing is asked of anyone else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from kartoteka.library.tests.vectors import VECTORS
from tests.journeys.conftest import Quiet
from tests.services import House

pytestmark = pytest.mark.journey

A_SET = 20  # cards a sitting puts on a page at once
GROUPS = [VECTORS[start : start + A_SET] for start in range(0, len(VECTORS), A_SET)]
WRITE = """async ([address, cards]) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  const refused = [];
  for (const [term, definition, hint] of cards) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ rich: "1", term, definition, hint })) form.append(name, value);
    const answer = await fetch(address, { method: "POST", headers, body: form });
    if (!answer.ok) refused.push(`${answer.status}: ${term}`);
  }
  return refused;
}"""

# Many cards in one call: the keys as a page hears them, with time between for what a card would do.
THROUGH = """async ([cards, key]) => {
  for (let n = 0; n < 2 * cards; n += 1) {
    const pressed = n % 2 ? key : " ";
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: pressed, code: pressed === " " ? "Space" : pressed, bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}"""
EACH = """async () => {
  const until = async (is) => { for (let n = 0; n < 250 && !is(); n += 1) await new Promise((resolve) => setTimeout(resolve, 20)); return is(); };
  let opened = 0;
  for (const card of document.querySelectorAll("li[data-card]")) {
    const id = card.dataset.card;
    const now = () => document.querySelector(`li[data-card="${id}"]`);
    now().querySelector("a[data-open][aria-label]").click();
    if (await until(() => now()?.querySelectorAll("[contenteditable=true]").length === 3)) opened += 1;
  }
  return opened;
}"""


class Hits:
    """Counts what ran, in whatever frame."""

    def __init__(self, context: BrowserContext) -> None:
        self.ran: list[str] = []
        context.expose_binding("hit", lambda source: self.ran.append(source["page"].url))
        context.on("dialog", lambda dialog: (self.ran.append("dialog"), dialog.dismiss()))


@pytest.fixture
def hits(visitor: BrowserContext) -> Hits:
    return Hits(visitor)


def test_the_attacks_are_real(browser: Browser, house: House) -> None:
    """The same cards on a page that neither cleans nor forbids: a run in which nothing happens proves nothing."""
    context = browser.new_context()
    hits, away = Hits(context), []
    context.route(re.compile(r"away\.example"), lambda route: (away.append(route.request.url), route.abort()))
    page = context.new_page()
    for vector in VECTORS:
        try:
            page.set_content(f"<!doctype html><body>{vector}", wait_until="domcontentloaded")
            page.wait_for_timeout(10)
        except Error:  # this one led the page away
            page.close()
            page = context.new_page()
    context.close()
    assert len(hits.ran) > 25
    assert len(away) > 25


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_nothing_runs_and_nothing_leaves(page: Page, hits: Hits, quiet: Quiet, house: House, number: int) -> None:
    quiet.expected.append("409 (Conflict)")  # a browser calls it an error that somebody else was first
    home = a_set_of(page, GROUPS[number])
    for place in (places := Places(page, home, len(GROUPS[number]))).all():
        place()
        moved = page.url
        assert moved.startswith(house.url), f"a card led away, to {moved}"
        assert not hits.ran, f"ran at {moved}"
    assert places.seen == 9
    # Found as it was written: what is searched is words
    page.goto(f"/search/?q={quote('attack')}")
    settle(page)
    assert not hits.ran
    quiet.check()


def a_set_of(page: Page, vectors: Sequence[str]) -> str:
    """A set with these as terms, as definitions, as hints, as its title, description and tags; its address."""
    page.goto("/sets/new/")
    page.get_by_label("Title").fill(f"{vectors[0][:100]} attack")
    page.get_by_label("Description").fill(vectors[1][:5000])
    page.get_by_label("Tags").fill(vectors[2][:30])
    page.get_by_role("button", name="Write the first card").click()
    page.wait_for_url(re.compile(r"/sets/[0-9a-f-]{36}/edit/"))
    home = page.url.split("edit/")[0]
    cards = [(f"attack {place} {vector}", f"{vector} on {place}", f"{vector} helps") for place, vector in enumerate(vectors)]
    assert page.evaluate(WRITE, [f"{home}cards/", cards]) == []
    return home


def settle(page: Page) -> None:
    expect(page.locator("main, [role=main]").first).to_be_visible()
    page.wait_for_timeout(60)


class Places:
    """Every page that shows a card."""

    def __init__(self, page: Page, home: str, cards: int) -> None:
        self.page, self.home, self.cards = page, home, cards
        self.seen = 0

    def all(self) -> Iterator[object]:
        for place in (self.set_page, self.paper, self.editor, self.deleted, self.both_windows, self.flashcards, self.sorting, self.spaced, self.preview):
            self.seen += 1
            yield place

    def _shown(self, path: str) -> None:
        for last in (False, False, True):
            try:
                self.page.goto(self.home + path)
                break
            except Error as error:  # a visit that is over goes to its end page by itself, just now
                if last or ("ERR_ABORTED" not in error.message and "interrupted by another navigation" not in error.message):
                    raise
                self.page.wait_for_load_state("networkidle")
        settle(self.page)

    def _through(self, key: str) -> None:
        """Turns every card over and goes on."""
        try:
            self.page.evaluate(THROUGH, [self.cards, key])
        except Error as error:  # after the last card a visit goes to its end page by itself
            if "context was destroyed" not in error.message:
                raise
            settle(self.page)

    def set_page(self) -> None:
        self._shown("")
        expect(self.page.get_by_text(re.compile(r"\battack 0\b")).first).to_be_attached()
        self.page.evaluate("for (const button of document.querySelectorAll('[data-unfolds]')) button.click()")

    def paper(self) -> None:
        self._shown("print/")

    def editor(self) -> None:
        """Each card open in place, as a rich field."""
        self._shown("edit/")
        assert self.page.evaluate(EACH) == self.cards
        self.page.keyboard.press("Escape")
        expect(self.page.locator("li.is-open")).to_have_count(0)

    def both_windows(self) -> None:
        """What another window wrote, beside what this one did."""
        self._shown("edit/")
        card = self.page.locator("li[data-card]").first.get_attribute("data-card")
        say = """async (card) => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const form = new FormData();
          for (const [name, value] of Object.entries({ rich: "1", version: "0", term: "mine", definition: "mine" })) form.append(name, value);
          const answer = await fetch(card, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, body: form });
          const told = await answer.json();
          document.querySelector("main").insertAdjacentHTML("beforeend", told.html);
          return answer.status;
        }"""
        assert self.page.evaluate(say, card) == 409
        self.page.wait_for_timeout(60)

    def deleted(self) -> None:
        """The first card goes, is looked at among the deleted ones, and comes back."""
        self._shown("edit/")
        self.page.locator("li[data-card] a[data-open][aria-label]").first.click()
        self.page.get_by_role("button", name="Delete card 1").click()
        expect(self.page.locator(".toast")).to_be_visible()
        self._shown("cards/deleted/")
        self.page.get_by_role("button", name=re.compile("^Bring back")).first.click()
        settle(self.page)

    def flashcards(self) -> None:
        self._shown("flashcards/")
        self._through("ArrowRight")

    def sorting(self) -> None:
        self._shown("sorting/")
        self._through("ArrowRight")

    def spaced(self) -> None:
        self._shown("spaced/")
        start = self.page.locator(".go").filter(has_text=re.compile(r"^\s*(Review|Meet)"))
        if start.count():
            start.first.click()
        self._through("3")

    def preview(self) -> None:
        """The same as a file: what is proposed is shown before it is kept."""
        self.page.goto("/add/")
        rows = "\n".join(f"attack {place} {' '.join(vector.split())}\t{' '.join(vector.split())}" for place, vector in enumerate(GROUPS[0]))
        self.page.get_by_role("textbox", name="Your terms and definitions").fill(rows)
        self.page.get_by_role("button", name="Show me the cards").click()
        settle(self.page)
