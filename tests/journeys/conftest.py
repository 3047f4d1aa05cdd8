"""A running Kartoteka and a real browser that notices every error and every request off the origin."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services import House, Missing, chromium

# Playwright's own event loop makes Django refuse its ORM; journeys speak to a server over HTTP and need none.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


LONGEST = ("test_vectors.py", "test_modes.py", "test_hindrances.py", "test_learn.py", "test_papers.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that two workers end at about the same time."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = chromium()
    except Missing as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--disable-dev-shm-usage",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield running
        running.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One Kartoteka for a module's journeys; each test comes as a new visitor."""
    running = House(tmp_path_factory.mktemp("house") / "data")
    running.start()
    yield running
    running.stop()


class Quiet:
    """Collects what a page must not do: errors on the console, requests off the origin."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.expected: list[str] = []  # parts of messages that a journey provokes itself

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((self.origin, "data:", "blob:")) else self.strangers.append(request.url))

    def check(self) -> None:
        assert not self.strangers, f"requests off the origin: {self.strangers}"
        left = [error for error in self.errors if not any(part in error for part in self.expected)]
        assert not left, f"the console spoke: {left}"


@pytest.fixture
def quiet(house: House) -> Iterator[Quiet]:
    watcher = Quiet(house.url)
    yield watcher
    watcher.check()


@pytest.fixture
def visitor(browser: Browser, house: House, quiet: Quiet) -> Iterator[BrowserContext]:
    """A new person's browser: no cookies, English, a desk in Berlin."""
    context = browser.new_context(base_url=house.url, locale="en-GB", timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 900})
    context.on("page", quiet.watch)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which tells what hinders people; a development tool from `npm ci`."""
    path = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed; with Node.js there, run: npm ci")
    return path.read_text()
