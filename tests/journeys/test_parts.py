"""Every part in a real browser: nothing hinders anybody, nothing scrolls sideways, nothing breaks the policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import gallery

pytestmark = pytest.mark.journey
WIDE = "() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_axe_finds_nothing_on_the_parts(browser: Browser, axe: str, name: str, width: int, theme: str) -> None:
    page = gallery.show(browser, name, width=width, theme=theme)
    found: Any = _axe(page, axe)
    said = [f"{v['id']}: {node['html'][:160]} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]
    page.close()
    assert not said, "\n".join(said)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_nothing_scrolls_sideways(browser: Browser, name: str, width: int) -> None:
    page = gallery.show(browser, name, width=width, theme="light")
    over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = page.evaluate(WIDE)
    page.close()
    assert over <= 0, wide


def test_nothing_breaks_the_policy_and_the_console_stays_quiet(browser: Browser) -> None:
    for name in gallery.PAGES:
        spoken: list[str] = []
        page = gallery.show(browser, name, width=1280, theme="light", listen=spoken)
        page.close()
        assert not spoken, name


def _axe(page: Page, axe: str) -> Any:
    page.evaluate(axe)
    return page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
