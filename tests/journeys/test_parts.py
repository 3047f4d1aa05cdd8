"""Every part in a real browser: nothing hinders anybody, nothing scrolls sideways, nothing breaks the policy."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import gallery

pytestmark = pytest.mark.journey
WIDE = "() => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"


@pytest.mark.parametrize("name", gallery.PAGES)
def test_axe_finds_nothing_on_the_parts(browser: Browser, axe: str, name: str) -> None:
    page = gallery.show(browser, name, width=1280, theme="")
    page.evaluate(axe)
    said = []
    for width, night in [(1280, False), (1280, True), (390, True), (390, False)]:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if night else "light", reduced_motion="reduce")
        found: Any = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        where = f"{width} px{' by night' if night else ''}"
        said += [f"{where}: {v['id']}: {node['html'][:160]} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]
    page.close()
    assert not said, "\n".join(said)


@pytest.mark.parametrize("name", gallery.PAGES)
def test_nothing_scrolls_sideways(browser: Browser, name: str) -> None:
    page = gallery.show(browser, name, width=320, theme="light")
    for width in (320, 390, 768, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{width} px: {page.evaluate(WIDE)}"
    page.close()


def test_nothing_breaks_the_policy_and_the_console_stays_quiet(browser: Browser) -> None:
    for name in gallery.PAGES:
        spoken: list[str] = []
        page = gallery.show(browser, name, width=1280, theme="light", listen=spoken)
        page.close()
        assert not spoken, name


def test_a_sheet_opens_closes_and_gives_the_focus_back(browser: Browser) -> None:
    page = gallery.show(browser, "parts", width=1280, theme="light")
    page.get_by_role("button", name="Options").click()
    sheet = page.get_by_role("dialog", name="Options")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("button", name="Options")).to_be_focused()
    page.close()


def test_the_question_mark_lists_the_keys_but_not_where_one_writes(browser: Browser) -> None:
    page = gallery.show(browser, "parts", width=1280, theme="light")
    page.get_by_label("Exam date").press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.get_by_role("heading", name="Parts").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    ("how", "times"),
    [
        ("{key: 's', bubbles: true}", 1),
        ("{key: 'S', shiftKey: true, bubbles: true}", 1),
        ("{key: 's', repeat: true, bubbles: true}", 0),
        ("{key: 's', isComposing: true, bubbles: true}", 0),
        ("{key: 's', keyCode: 229, bubbles: true}", 0),
        ("{key: 's', ctrlKey: true, bubbles: true}", 0),
    ],
)
def test_a_letter_key_counts_once_and_never_while_composing(browser: Browser, how: str, times: int) -> None:
    page = gallery.show(browser, "flashcards", width=390, theme="light")
    pressed = page.evaluate(
        f"""async () => {{
        const {{ onKeys }} = await import('look/base.js');
        let n = 0;
        onKeys({{ s: () => {{ n += 1; }} }});
        document.body.dispatchEvent(new KeyboardEvent('keydown', {how}));
        return n;
    }}"""
    )
    page.close()
    assert pressed == times


def test_a_toast_takes_back_and_goes(browser: Browser) -> None:
    page = gallery.show(browser, "flashcards", width=390, theme="light")
    page.evaluate("async () => { const { toast } = await import('look/base.js'); toast('Card set aside', () => { window.back = true; }); }")
    status = page.get_by_role("status").filter(has_text="Card set aside")
    expect(status).to_be_visible()
    status.get_by_role("button", name="Undo").click()
    expect(status).to_have_count(0)
    assert page.evaluate("() => window.back") is True
    page.close()


def test_a_long_side_unfolds_and_a_short_one_has_no_button(browser: Browser) -> None:
    page = gallery.show(browser, "parts", width=1280, theme="light")
    page.locator("#card-13").scroll_into_view_if_needed()
    expect(page.locator("#card-13 [data-unfolds]")).to_be_hidden()
    more = page.locator("#card-12 [data-unfolds]")
    more.click()
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(more).to_have_text("Show less")
    page.close()


def test_what_is_focused_in_a_bar_moves_nothing_and_what_is_focused_between_is_seen(browser: Browser) -> None:
    page = gallery.show(browser, "spaced", width=390, theme="light")
    page.evaluate(
        "() => document.querySelector('.face .body').insertAdjacentHTML('beforeend', '<p>' + 'long '.repeat(900) + '</p><p><a href=\"#a\" id=\"last\">last</a></p>')"
    )
    page.get_by_role("button", name="Got it").focus()
    assert page.evaluate("() => scrollY") == 0
    page.locator("#last").focus()
    below = page.evaluate("() => document.querySelector('.act').getBoundingClientRect().top - document.getElementById('last').getBoundingClientRect().bottom")
    page.close()
    assert below >= 0
